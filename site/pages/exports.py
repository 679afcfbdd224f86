"""Cells of exported tables: no spreadsheet takes what somebody typed for a formula.

Source: OWASP, CSV Injection. An apostrophe in front makes a cell of a CSV file a text in every common program; in XLSX
files Wagtail gives each cell its type, and a text is none that is computed.
"""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """The value as it may stand in a cell; numbers, dates and nothing at all stay what they are."""
    begins = isinstance(value, str) and value.lstrip(" ").startswith(BEGINS_A_FORMULA)
    return f"'{value}" if begins else value


def make_exports_harmless() -> None:
    """Every export of the admin prepares its cells in one method of Wagtail, those of Wagtail's own reports too."""
    prepare = SpreadsheetExportMixin.preprocess_field_value

    def preprocess_field_value(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
        prepared = prepare(view, field, value, export_format)
        return harmless(prepared) if export_format == view.FORMAT_CSV else prepared

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
