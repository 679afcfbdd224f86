"""Panels of the project editor that Wagtail does not have: with an example, a count, a meter, a place for files."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, TabbedInterface, TitleFieldPanel

from projects.editor.completeness import completeness

COUNTER = "dsr-counter"
# By SPDX identifiers: both ask others to name who made it, and hold in all of Europe.
FOR_DOCUMENTS, FOR_CODE = "CC-BY-4.0", "EUPL-1.2"
# Slugs of kinds of artefacts that are programs.
KINDS_OF_CODE = frozenset({"quellcode"})


class Guided:
    """A field with an example of a good entry, and a count of its length.

    `advised` is a number of characters that reads well; the limit is the model's.
    """

    example: Any
    advised: int | None

    def guide(self, example: Any, advised: int | None) -> None:
        self.example, self.advised = example, advised

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "example": self.example, "advised": self.advised}  # type: ignore[misc]


class GuidedBound:
    """Adds the example to the help, and what the counter has to know to the field."""

    panel: Any
    bound_field: Any
    help_text: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.bound_field is None:
            return
        if limit := self._limit():
            length = _("At most %(limit)d characters.") % {"limit": limit}
            self.help_text = format_html("{} {}", self.help_text, length)
        if self.panel.example:
            label = _("Example:")
            self.help_text = format_html(
                '{} <span class="dsr-example"><b>{}</b> {}</span>', self.help_text, label, self.panel.example
            )

    def _limit(self) -> int | None:
        """Only where somebody writes sentences; a line of 250 characters needs no rule of its own."""
        return self.bound_field.field.max_length if isinstance(self.bound_field.field.widget, forms.Textarea) else None

    def get_editable_context_data(self) -> dict[str, Any]:
        limit, widget = self._limit(), self.bound_field.field.widget
        if limit or self.panel.advised:
            controllers = widget.attrs.get("data-controller", "").split()
            if COUNTER not in controllers:
                widget.attrs["data-controller"] = " ".join([*controllers, COUNTER])
            widget.attrs |= {
                f"data-{COUNTER}-limit-value": limit or 0,
                f"data-{COUNTER}-advised-value": self.panel.advised or 0,
                f"data-{COUNTER}-left-value": _("Characters left: {n}"),
                f"data-{COUNTER}-over-value": _("Characters too many: {n}"),
                f"data-{COUNTER}-count-value": _("Characters: {n}, best up to {advised}"),
            }
        return super().get_editable_context_data()  # type: ignore[misc]


class GuidedPanel(Guided, FieldPanel):
    """A field with an example and a count."""

    def __init__(self, field_name: str, *, example: Any = "", advised: int | None = None, **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.guide(example, advised)

    class BoundPanel(GuidedBound, FieldPanel.BoundPanel):
        pass


class GuidedTitlePanel(Guided, TitleFieldPanel):
    """The title, from which the address follows, with an example and a count."""

    def __init__(self, field_name: str, *, example: Any = "", advised: int | None = None, **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.guide(example, advised)

    class BoundPanel(GuidedBound, TitleFieldPanel.BoundPanel):
        pass


class Licences(ModelChoiceIterator):
    """The choice of licences: what is recommended for the kind first, then for the other, then the rest."""

    def __iter__(self) -> Iterator[Any]:
        by_id = {licence.spdx_id: licence for licence in self.queryset}
        groups = [(_("Recommended for documents"), FOR_DOCUMENTS), (_("Recommended for source code"), FOR_CODE)]
        if getattr(self.field, "is_for_code", False):
            groups.reverse()
        yield "", _("Please choose")
        for label, spdx_id in groups:
            if spdx_id in by_id:
                yield label, [self.choice(by_id.pop(spdx_id))]
        yield _("Other licences"), [self.choice(licence) for licence in by_id.values()]


class ArtefactForm(WagtailAdminModelForm):
    """One result; choices begin with the request to choose, and the kind says at publication if nobody has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind := self.fields.get("kind"):
            kind.empty_label = _("Please choose")
            kind.error_messages["required"] = _("Choose what kind of artefact it is.")
        if licence := self.fields.get("licence"):
            licence.is_for_code = self.instance.kind_id and self.instance.kind.slug in KINDS_OF_CODE
            licence.iterator = Licences
            licence.widget.choices = licence.choices


class ArtefactsPanel(InlinePanel):
    """The results, with a place to which several files can be brought at once: each becomes a row."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows["form"] = type("ArtefactForm", (ArtefactForm, rows["form"]), {})
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "projects/admin/artefacts_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            body = self.form.parent_page
            context["upload_url"] = reverse("project_files", args=[body.pk]) if body else ""
            context["max_bytes"] = settings.UPLOAD_MAX_BYTES
            context["kinds"] = settings.UPLOAD_KINDS
            return context


class ProjectInterface(TabbedInterface):
    """The tabs of a project, below what it still lacks."""

    class BoundPanel(TabbedInterface.BoundPanel):
        template_name = "projects/admin/project_interface.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            pk = self.instance.pk or 0
            context["completeness"] = completeness(self.instance)
            context["completeness_url"] = reverse("project_completeness", args=[pk])
            return context
