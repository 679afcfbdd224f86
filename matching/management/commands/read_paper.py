import json
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from matching.management.commands.recognise_fields import learn_lines
from matching.papers.failures import UnreadableError
from matching.papers.reading import Paper, read
from projects.files.forms import ending_of


class Command(BaseCommand):
    """Read a council paper on the command line."""

    help = "Show what a council paper (PDF, DOCX, ODT, TXT) says: title, day of the decision, costs, problem, office."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        learn_lines()
        paper, message = Paper(), ""
        failure: str | None = None
        try:
            with path.open("rb") as opened:
                paper = read(File(opened), ending_of(path.name))
        except OSError as error:
            failure, message = "missing", f"{path} cannot be opened: {error.strerror}"
        except UnreadableError as error:
            failure, message = error.failure.value, error.messages[0]
        if options["json"]:
            self.stdout.write(json.dumps(paper.as_dict() | {"error": failure}, ensure_ascii=False))
        elif failure:
            raise CommandError(message)
        else:
            self.stdout.write("\n".join(table(paper)))


def table(paper: Paper) -> list[str]:
    """A line for each thing it says, with its place."""
    said = {
        "Title": paper.title,
        "Decision on": paper.decision_on,
        "Costs": paper.costs,
        "Office": paper.office,
        "Proposal": paper.proposal,
    }
    quoted = [(name, quotation) for name, quotation in said.items() if quotation]
    quoted += [("Problem", quotation) for quotation in paper.problem]
    lines = [f"{name:16}{quotation.shown}  [{quotation.place}]" for name, quotation in quoted]
    fields = [each for each in paper.recognised.fields if each.is_likely]
    services = [each for each in paper.recognised.services if each.is_likely]
    lines += [f"{'Field of action':16}{each.name}  [{each.reason}]" for each in fields]
    lines += [f"{'Service':16}{each.label}  [{each.reason}]" for each in services]
    return lines or ["The paper says nothing that was understood."]
