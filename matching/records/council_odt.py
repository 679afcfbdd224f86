"""A council paper as an OpenDocument text: styles, headings and tables that office programs and screen readers know.

A document is a zip of XML files (OpenDocument 1.3, part 2); they are templates in templates/matching/council/.
"""

import io
import re
import zipfile
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from matching.records.council_paper import CouncilPaper

MIME_TYPE = "application/vnd.oasis.opendocument.text"
PARTS = ("META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml")
# No XML 1.0 document may contain them, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def odt(paper: CouncilPaper) -> bytes:
    """The file, in German whoever asks."""
    stream = io.BytesIO()
    with translation.override(settings.LANGUAGE_CODE), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        context = {"paper": paper, "now": timezone.now(), "publisher": settings.WAGTAIL_SITE_NAME, **_tables(paper)}
        # First and not compressed: programs tell the kind of file by it.
        archive.writestr("mimetype", MIME_TYPE, zipfile.ZIP_STORED)
        for part in PARTS:
            text = render_to_string(f"matching/council/{part.rpartition('/')[2]}", context)
            archive.writestr(part, FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))
    return stream.getvalue()


def _tables(paper: CouncilPaper) -> dict[str, Any]:
    """Rows and labels of the tables; who consults, and under which number, only the administration knows."""
    return {
        "facts": [
            (_("Body"), paper.body),
            (_("Number of the paper"), _("[number]")),
            (_("Office in charge"), paper.office),
            (_("As of"), paper.on),
        ],
        "stage_labels": [_("Committee"), _("Meeting on"), _("Competence")],
        "stages": [
            (_("[committee]"), _("[day]"), _("Consultation")),
            (_("[council]"), paper.decision_on, _("Decision")),
        ],
        "other_labels": [_("Project"), _("Phase"), _("Cost"), _("Used by others"), _("Our decision")],
    }
