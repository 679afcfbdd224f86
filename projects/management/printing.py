"""How the import commands show a run: a progress bar and complaints on stderr, counts on stdout."""

from collections.abc import Sequence
from typing import NoReturn

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from projects.importers.reports import ImportReport

# Enough to see what kind of mistake it is; --verbosity 2 shows all.
SHOWN_LINES = 50
SECONDS_BETWEEN_UPDATES = 0.5


def progress_bar(verbosity: int, unit: str) -> "tqdm[NoReturn]":
    """A bar on stderr; `--verbosity 0` hides it."""
    return tqdm(unit=unit, mininterval=SECONDS_BETWEEN_UPDATES, disable=verbosity == 0, leave=False)


def write_some(command: BaseCommand, lines: Sequence[str], verbosity: int) -> None:
    """Lines to stderr, the first ones only unless more was asked for."""
    shown = lines if verbosity > 1 else lines[:SHOWN_LINES]
    for line in shown:
        command.stderr.write(line)
    if rest := len(lines) - len(shown):
        message = ngettext(
            "… and %(count)d more (all with --verbosity 2)", "… and %(count)d more (all with --verbosity 2)", rest
        )
        command.stderr.write(message % {"count": rest})


def write_complaints(command: BaseCommand, report: ImportReport, verbosity: int) -> None:
    """Name every damaged line and every remark, as far as shown."""
    bad = [
        _("Line %(number)d left out: %(reason)s") % {"number": b.number, "reason": b.reason} for b in report.bad_lines
    ]
    write_some(command, bad, verbosity)
    write_some(command, report.remarks, verbosity)


def write_counts(command: BaseCommand, report: ImportReport, labels: dict[str, str]) -> None:
    """One line for each level that was read, in the order of `labels`, then the number of lines left out."""
    for level, label in labels.items():
        counts = report.of(level)
        parts = {
            _("created"): counts.created,
            _("changed"): counts.changed,
            _("unchanged"): counts.unchanged,
            _("revived"): counts.revived,
            _("ended"): counts.ended,
        }
        detail = ", ".join(f"{number} {name}" for name, number in parts.items() if number or name == _("created"))
        command.stdout.write(f"{label}: {counts.read} ({detail})")
    if report.bad_lines:
        number = len(report.bad_lines)
        command.stdout.write(ngettext("%(n)d line left out", "%(n)d lines left out", number) % {"n": number})
