"""What the editor of a project sends."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from projects.models import Conformity


def form_data(**further: Any) -> dict[str, Any]:
    """All fields that have to be sent, of a project that can be published; `further` are the others."""
    return nested_form_data(
        {
            "title": "Ampel",
            "slug": "",
            "phase": "P3",
            "conformity": Conformity.UNKNOWN,
            "body": streamfield([]),
            "lessons_learned": rich_text(""),
            "artefacts": inline_formset([]),
            "participations": inline_formset([]),
            "comments": inline_formset([]),
            **further,
        }
    )
