"""A paper as it is read: what it says, each with its source; what it does not say is None."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.files.base import File

from matching.papers.costs import find_costs
from matching.papers.dates import find_decision
from matching.papers.failures import Failure, UnreadableError
from matching.papers.files import read_lines, read_text
from matching.papers.lines import Line
from matching.papers.offices import find_office
from matching.papers.parts import take_apart
from matching.papers.problems import find_problem, find_proposal
from matching.papers.quotation import Quotation
from matching.papers.titles import find_title
from matching.recognition.recognition import Recognised, recognise

# Some 25 pages: what a paper says about itself, and its reasons. It bounds what a text made for harm can cost.
LINES_MAX, CHARACTERS_MAX = 3_000, 80_000


@dataclass(frozen=True)
class Paper:
    """What a council paper says. `costs` holds a pair of euros; `about` is what it may be recognised by."""

    title: Quotation | None = None
    decision_on: Quotation | None = None
    costs: Quotation | None = None
    office: Quotation | None = None
    proposal: Quotation | None = None
    problem: list[Quotation] = field(default_factory=list)
    about: str = ""

    @cached_property
    def recognised(self) -> Recognised:
        """Fields of action and services it may be about; forms recognise them in their own fields."""
        return recognise(self.title.value if self.title else "", self.about) if self.about else Recognised()

    def as_dict(self) -> dict[str, Any]:
        """For programs, as `manage.py read_paper --json` prints it."""
        low, high = self.costs.value if self.costs else (None, None)
        return {
            "title": self.title.value if self.title else None,
            "decision_on": self.decision_on.value.isoformat() if self.decision_on else None,
            "cost_from": low,
            "cost_to": high,
            "fields_of_action": [each.name for each in self.recognised.fields],
            # Of ten fields the order says something; of five hundred services only those that are likely.
            "services": [each.ozg_id for each in self.recognised.services if each.is_likely],
            "problem": [quotation.value for quotation in self.problem],
            "proposal": self.proposal.value if self.proposal else None,
            "office": self.office.value if self.office else None,
            "error": None,
        }


def read(upload: File, ending: str) -> Paper:
    """What stands in a file whose name has this ending. Raises UnreadableError."""
    return understand(read_lines(upload, ending))


def read_pasted(text: str) -> Paper:
    """What stands in a text that was pasted. Raises UnreadableError."""
    if not (lines := read_text(text)):
        raise UnreadableError(Failure.EMPTY)
    return understand(lines)


def understand(lines: list[Line]) -> Paper:
    """What these lines say. Annexes come last: what is beyond the beginning is not looked through."""
    parts = take_apart(list(_beginning(lines)))
    title, problem, proposal = find_title(parts), find_problem(parts), find_proposal(parts)
    said = [*(quotation.value for quotation in problem), *([proposal.value] if proposal else [])]
    return Paper(
        title=title,
        decision_on=find_decision(parts),
        costs=find_costs(parts),
        office=find_office(parts),
        proposal=proposal,
        problem=problem,
        about=" ".join(said),
    )


def _beginning(lines: Iterable[Line]) -> Iterator[Line]:
    size = 0
    for line in islice(lines, LINES_MAX):
        yield line
        size += len(line.text)
        if size > CHARACTERS_MAX:
            return
