"""A file that was just uploaded, and what can be wrong with it."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

# Signatures of all formats stand within the first bytes; the longest way is that of a WebM's document type.
HEAD_BYTES = 8192


class UnfitError(ValidationError):
    """The content is not what the name says, or is nothing that may be handed on; the message is for the editor."""


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
        """The ending that the first bytes speak for; empty for text and whatever nobody knows."""
        kind = filetype.guess(self.raw[:HEAD_BYTES])
        return str(kind.extension) if kind else ""

    def misnamed(self) -> UnfitError:
        """The error to raise if name and content differ."""
        if self.signature and self.signature != self.ending:
            return UnfitError(
                _("The name ends with “.%(ending)s”, but the content is that of a “.%(found)s” file.")
                % {"ending": self.ending, "found": self.signature}
            )
        return UnfitError(
            _("The name ends with “.%(ending)s”, but the content is something else, or it is damaged.")
            % {"ending": self.ending}
        )


def read(upload: File, ending: str) -> Content:
    """The whole upload, which starts again from its beginning afterwards."""
    upload.seek(0)
    raw = upload.read()
    upload.seek(0)
    return Content(raw, ending)
