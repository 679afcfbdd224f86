"""The official files, if DSR_REFERENCE_DATA names their folder or it lies beside the project."""

import os
from pathlib import Path

import pytest
from django.db.models import Sum

from projects.importers.lines import read_entries
from projects.importers.ozg import import_ozg
from projects.importers.projects import import_entries
from projects.importers.register import import_register
from projects.importers.reports import BadLine
from projects.models import Association, District, Municipality

REGISTER_NAME = "GV100AD_301123.txt"
BESIDE = Path(__file__).resolve().parents[4]
FOUND = sorted(path.parent for path in BESIDE.glob(f"*/data/{REGISTER_NAME}"))
FOLDER = Path(os.environ.get("DSR_REFERENCE_DATA") or (FOUND[0] if FOUND else BESIDE / "data"))
CORPUS = FOLDER.parent / "corpus"
REGISTER = FOLDER / REGISTER_NAME

pytestmark = [
    pytest.mark.slow("reads whole registers and catalogues"),
    pytest.mark.django_db,
    pytest.mark.skipif(not REGISTER.exists(), reason="no folder with the official files (DSR_REFERENCE_DATA)"),
]


def test_official_register_is_complete_and_repeatable() -> None:
    report = import_register(REGISTER, FOLDER / "gemeinden.csv")
    read = {level: counts.read for level, counts in report.counts.items()}
    assert read == {
        "states": 16,
        "districts": 400,
        "associations": 1_205,
        "municipalities": 10_773,
        "unincorporated_areas": 208,
    }
    assert (report.bad_lines, report.remarks, report.inhabitants) == ([], [], 84_358_845)
    assert Municipality.objects.aggregate(total=Sum("inhabitants"))["total"] == 84_358_845
    assert (District.objects.current().count(), Association.objects.count()) == (400, 1_205)
    assert Municipality.objects.filter(is_unincorporated=True).count() == 208
    assert Municipality.objects.exclude(lat=None).count() == 10_978
    again = import_register(REGISTER, FOLDER / "gemeinden.csv")
    assert {(c.created, c.changed, c.revived, c.ended) for c in again.counts.values()} == {(0, 0, 0, 0)}


def test_official_ozg_catalogues_are_complete_and_repeatable() -> None:
    files = FOLDER / "ozg_leistungen.csv", FOLDER / "leika_leistungen.csv"
    report = import_ozg(*files)
    assert {level: (c.read, c.created) for level, c in report.counts.items()} == {
        "fields": (14, 0),
        "services": (557, 557),
        "keys": (4_813, 4_813),
    }
    assert len(report.bad_lines) == 438
    assert {(c.created, c.changed) for c in import_ozg(*files).counts.values()} == {(0, 0)}


@pytest.mark.parametrize("name", ["civic_projects", "hand_projects", "ozg_services"])
def test_lists_of_projects_are_read_without_a_bad_line(name: str) -> None:
    entries = list(read_entries(CORPUS / f"{name}.jsonl"))
    assert entries
    assert not [entry for entry in entries if isinstance(entry, BadLine)]
    sample = entries[:30]
    report = import_entries(sample)
    assert (report.bad_lines, report.created) == ([], len(sample))
