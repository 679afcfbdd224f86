"""A council paper as a form takes it, and what it says as a form shows it: quotations that a person takes or leaves.

Quotations travel in the form, signed; nothing of a paper is stored, neither the file nor its text.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.papers.failures import SENTENCES, Failure
from matching.papers.files import CHARACTERS_MAX, ENDINGS
from matching.papers.quotation import Quotation
from matching.papers.reading import Paper, read, read_pasted
from matching.papers.sentences import names_person
from projects.files.forms import ending_of

SALT = "matching.paper_forms"
# Who moved it, and when, is no part of what is planned: it stays in the quotation alone.
MOVED = re.compile(
    r"[\s,;.:(–-]*\bhier\s*:\s*(?:gemeinsam\w*\s+)?\w*(?:antrag|anfrage|anregung|schreiben)\b.*",
    re.IGNORECASE | re.DOTALL,
)
# The button that reads a paper.
READ = "vorlage_lesen"
# What a paper says, named as the fields of a form; the last two may have none there.
TITLE, PROBLEM, DECISION, COSTS, OFFICE = "title", "problem", "decision_on", "costs", "office"


@dataclass(frozen=True)
class Quoted:
    """What a paper says about one field: the value as it is typed, its source, and where that stands.

    `key` is the value for programs: a day as in ISO 8601, euros as “low-high”.
    """

    name: str
    value: str
    source: str
    place: str
    key: str = ""

    @property
    def is_past(self) -> bool:
        """A day that is over: what is decided is no plan any more."""
        return self.name == DECISION and self.key < timezone.localdate().isoformat()

    @property
    def sentence(self) -> str:
        """The words of the paper, if they say more than the value."""
        return "" if self.source == self.value else self.source

    @property
    def costs(self) -> tuple[int, int]:
        low, _dash, high = self.key.partition("-")
        return int(low), int(high)


@dataclass(frozen=True)
class Shown:
    """A quotation beside its field, with the checkbox that confirms it; `is_taken`: the field holds it."""

    quoted: Quoted
    is_taken: bool
    confirm: forms.BoundField


class PaperForm(forms.Form):
    """The paper itself: a file, or its text. Valid once it could be read; then `paper` is what it says."""

    paper_file = forms.FileField(
        label=_("File of the paper"),
        required=False,
        help_text=_("PDF, DOCX, ODT or TXT. The file is read and not kept."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )
    paper_text = forms.CharField(
        label=_("or its text"),
        required=False,
        max_length=CHARACTERS_MAX,
        help_text=_("Copy it with its head, where the subject and the dates stand."),
        error_messages={"max_length": SENTENCES[Failure.TOO_LARGE]},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    paper: Paper

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, text = cleaned.get("paper_file"), cleaned.get("paper_text", "").strip()
        if self.errors:
            return cleaned
        if not upload and not text:
            raise forms.ValidationError({"paper_file": _("Choose a file, or paste the text of the paper.")})
        try:
            self.paper = read(upload, ending_of(upload.name)) if upload else read_pasted(text)
        except forms.ValidationError as error:
            self.add_error("paper_file" if upload else "paper_text", error)
        return cleaned


def confirmation(quotation: Quoted, label: Any) -> forms.BooleanField:
    """The checkbox beside a quotation. Each is called the same: what it is about says the place it is described by."""
    attrs = {"class": "kern-form-check__checkbox", "aria-describedby": f"aus_{quotation.name}"}
    return forms.BooleanField(required=False, label=label, widget=forms.CheckboxInput(attrs=attrs))


def signed(quotations: Iterable[Quoted]) -> str:
    return signing.dumps([asdict(each) for each in quotations], salt=SALT, compress=True)


def quoted_in(text: Any) -> dict[str, Quoted]:
    """What was signed, by its name; nothing if somebody else wrote it."""
    try:
        return {each["name"]: Quoted(**each) for each in signing.loads(str(text or ""), salt=SALT)}
    except signing.BadSignature:
        return {}


def quoted_of(paper: Paper) -> Iterable[Quoted]:
    """What the forms can use of a paper; the sentences about the problem are one."""
    if paper.title:
        title = MOVED.sub("", paper.title.shown) or paper.title.shown
        yield _quoted(TITLE, replace(paper.title, value=title))
    if paper.problem:
        text = " ".join(quotation.value for quotation in paper.problem)
        yield _quoted(PROBLEM, replace(paper.problem[0], value=text, source=text))
    if paper.decision_on:
        yield _quoted(DECISION, paper.decision_on, paper.decision_on.value.isoformat())
    if paper.costs:
        yield _quoted(COSTS, paper.costs, "-".join(str(amount) for amount in paper.costs.value))
    if paper.office:
        yield _quoted(OFFICE, paper.office)


def _quoted(name: str, quotation: Quotation, key: str = "") -> Quoted:
    source = "" if names_person(quotation.source) else quotation.source
    return Quoted(name, quotation.shown, source, quotation.place, key)
