"""Reads CSV files with named columns."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from projects.importers.reports import WrongFileError


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file in UTF-8 with their line numbers, values stripped, missing ones empty.

    Raises WrongFileError when the file cannot be read, is no such table or lacks one of the columns.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongFileError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None
    except UnicodeDecodeError:
        raise WrongFileError(_("%(path)s is not a text file in UTF-8.") % {"path": path}) from None
    if "\x00" in text:
        raise WrongFileError(_("%(path)s is not a text file in UTF-8.") % {"path": path})
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        missing = [column for column in columns if column not in (rows.fieldnames or ())]
        if missing:
            raise WrongFileError(
                _("%(path)s lacks the columns: %(columns)s.") % {"path": path, "columns": ", ".join(missing)}
            )
        for row in rows:
            yield rows.line_num, {name: row[name].strip() for name in columns}
    except csv.Error as error:
        raise WrongFileError(_("%(path)s is not a table: %(reason)s.") % {"path": path, "reason": error}) from None
