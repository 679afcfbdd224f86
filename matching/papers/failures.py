"""Why a paper cannot be read: a code for programs, a sentence for the person who wants to read it."""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Failure(StrEnum):
    NO_TEXT = "no_text"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    UNSUPPORTED = "unsupported"
    HARMFUL = "harmful"


SENTENCES = {
    Failure.NO_TEXT: _(
        "This is a picture of the paper, a scan: there is no text in it. "
        "Take the file the scan was printed from, or paste the text."
    ),
    Failure.EMPTY: _("Nothing stands in this file."),
    Failure.ENCRYPTED: _("The file is locked with a password. Save it without one, or paste the text."),
    Failure.BROKEN: _("The file is damaged and cannot be opened. Save it again, or paste the text."),
    Failure.TOO_LARGE: _("That is too much to read. Take the paper without its annexes, or paste what matters of it."),
    Failure.TOO_MANY_PAGES: _(
        "The file has too many pages. Take the paper without its annexes, or paste what matters of it."
    ),
    Failure.UNSUPPORTED: _(
        "Papers are read as PDF, DOCX, ODT or TXT. Save the file as one of them, or paste the text."
    ),
    Failure.HARMFUL: _("The virus scanner found something harmful in this file. It was not read."),
}


class UnreadableError(ValidationError):
    """A paper that cannot be read; `failure` says why."""

    def __init__(self, failure: Failure, sentence: str = "") -> None:
        self.failure = failure
        super().__init__(sentence or SENTENCES[failure], code=failure.value)
