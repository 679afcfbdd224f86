import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from matching.recognition.recognition import recognise
from projects.management.printing import progress_bar
from search.semantic import lines


class Command(BaseCommand):
    """Say for many texts which fields of action and services they are about."""

    help = 'Recognise fields of action and OZG services in texts; JSON lines in: {"id", "text"}, optional "title".'

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help='lines of {"id", "text"}, optionally with "title"')

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each text, at once; what the vocabularies mean is worked out before. Raises CommandError."""
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        learn_lines(options["verbosity"])
        for row in self._rows(text):
            found = recognise(str(row.get("title") or ""), row["text"])
            answer = {
                "id": row["id"],
                "fields_of_action": [field.name for field in found.fields],
                "services": [service.ozg_id for service in found.services],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _rows(self, text: str) -> Iterator[dict[str, Any]]:
        """The sound lines; others are named on stderr."""
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                self._complain(number, str(error))
                continue
            if not isinstance(row, dict):
                self._complain(number, _("no JSON object"))
            elif missing := [name for name in ("id", "text") if name not in row]:
                self._complain(number, _("%(names)s missing") % {"names": ", ".join(missing)})
            elif not isinstance(row["text"], str):
                self._complain(number, _("“text” is no text"))
            else:
                yield row

    def _complain(self, number: int, reason: str) -> None:
        self.stderr.write(_("Line %(number)d left out: %(reason)s") % {"number": number, "reason": reason})


def learn_lines(verbosity: int = 0) -> None:
    """Work out what lines of the vocabularies mean that nothing has worked out yet, as the worker does."""
    lines.look()
    with progress_bar(verbosity, _("lines")) as bar:
        while done := lines.embed_lines():
            bar.update(done)
