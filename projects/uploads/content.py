"""A file that was just uploaded, and what can be wrong with it."""

import re
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

# Signatures of all formats stand within the first bytes; the longest way is that of a WebM's document type.
HEAD_BYTES = 8192
# No text has these; tabulator, line feed, form feed, carriage return and Word's break within a paragraph are left out.
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# Binary formats have some of them within so many bytes.
TEXT_BYTES = 16
# Formats that begin as a text would not.
WRITTEN_AS_TEXT = {"pdf", "rtf"}
# Of a compound file, filetype says which kind it is by features that others share.
UNCERTAIN = {"doc", "ppt", "xls"}


ENCRYPTED, TOO_LARGE = "encrypted", "too_large"


class UnfitError(ValidationError):
    """The content is not what the name says, or is nothing that may be handed on; the message is for the editor.

    The code tells those apart that others than editors mind: `ENCRYPTED`, `TOO_LARGE`.
    """


@dataclass(frozen=True)
class Content:
    """The bytes of a file and the ending of its name, in small letters and without the dot."""

    raw: bytes
    ending: str

    @property
    def stream(self) -> BytesIO:
        return BytesIO(self.raw)

    @cached_property
    def signature(self) -> str:
        """The ending that the first bytes speak for; empty for text and whatever nobody knows.

        The signature of some formats is two or three letters (BM, MZ, ID3), with which ordinary texts begin as well
        (“BMDV”, “MZ;Messzelle”): what is text so far is no program and no sound.
        """
        kind = filetype.guess(self.raw[:HEAD_BYTES])
        found = str(kind.extension) if kind else ""
        return found if found in WRITTEN_AS_TEXT or CONTROL_BYTES.search(self.raw[:TEXT_BYTES]) else ""

    def misnamed(self, found: str = "") -> UnfitError:
        """The error to raise if name and content differ; `found` is the ending that would be right, if it is known."""
        found = found or ("" if self.signature in UNCERTAIN else self.signature)
        if not found or found == self.ending:
            return self.damaged()
        return UnfitError(
            _(
                "The name ends with “.%(ending)s”, but the content is that of a “.%(found)s” file. "
                "Correct the name, or save the file again as “.%(ending)s”."
            )
            % {"ending": self.ending, "found": found}
        )

    def damaged(self) -> UnfitError:
        """The error to raise if nobody can say what the content is."""
        return UnfitError(
            _(
                "The name ends with “.%(ending)s”, but the content is something else, or it is damaged. "
                "Open it in the program it comes from and save it again, or as a PDF."
            )
            % {"ending": self.ending}
        )


def password_protected() -> UnfitError:
    """The error to raise for what only opens with a password."""
    return UnfitError(_("The file is protected by a password, so nobody can check it. Save it without."), ENCRYPTED)


def refuse_macros() -> None:
    """Raises UnfitError unless UPLOAD_MACROS allows them."""
    if not settings.UPLOAD_MACROS:
        raise UnfitError(
            _(
                "The file contains macros, if only empty ones. "
                "Save it without them (as .docx, .xlsx or .pptx), or as a PDF."
            )
        )


def read(upload: File, ending: str) -> Content:
    """The whole upload, which starts again from its beginning afterwards."""
    upload.seek(0)
    raw = upload.read()
    upload.seek(0)
    return Content(raw, ending)
