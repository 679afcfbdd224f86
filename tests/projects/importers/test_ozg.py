"""The OZG catalogues are stored as they are spelled, and nothing that projects refer to is lost."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects.importers.ozg import import_ozg
from projects.models import OzgField, OzgService, ServiceKey
from tests.projects.importers.registers import write

pytestmark = pytest.mark.django_db

SERVICES = """ozg_id,name,lage,themenfeld,leika_eintraege
10110,Abfall,Abfallentsorgung,Umwelt,2
10120,"Hund, Anmeldung",Tierhaltung,Ganz & neu,1
"""
KEYS = """leika_schluessel,name,leika_typ,ozg_id
99001001000000,Abfallgebühr,5,10110
12001001000000,Hundesteuer,2/3,10120
9900100100,Zu kurz,4,10110
,Ohne Schlüssel,4,10110
99001002000000,Altpapier,2/3,77777
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "services.csv", SERVICES, "utf-8"), write(tmp_path / "keys.csv", KEYS, "utf-8")


def test_catalogues_are_stored_with_field_and_type(files: tuple[Path, Path]) -> None:
    report = import_ozg(*files)
    assert {level: (c.read, c.created) for level, c in report.counts.items()} == {
        "fields": (2, 1),
        "services": (2, 2),
        "keys": (3, 3),
    }
    key = ServiceKey.objects.get(key="12001001000000")
    service = OzgService.objects.get(name="Hund, Anmeldung")
    assert (key.leika_type, key.service, service.field.name) == ("2/3", service, "Ganz & neu")
    assert OzgService.objects.get(ozg_id="10110").field == OzgField.objects.get(slug="umwelt")


def test_bad_keys_are_named_and_municipal_ones_counted(files: tuple[Path, Path]) -> None:
    report = import_ozg(*files)
    assert [line.number for line in report.bad_lines] == [4, 5]
    assert len(report.remarks) == 2
    assert ServiceKey.objects.get(key="99001002000000").service is None


def test_second_run_changes_nothing(files: tuple[Path, Path]) -> None:
    import_ozg(*files)
    assert {(c.created, c.changed) for c in import_ozg(*files).counts.values()} == {(0, 0)}


def test_renamed_service_is_updated_and_a_dropped_one_stays(files: tuple[Path, Path], tmp_path: Path) -> None:
    import_ozg(*files)
    newer = write(tmp_path / "newer.csv", "ozg_id,name,lage,themenfeld\n10110,Abfall & Wertstoffe,,Umwelt\n", "utf-8")
    assert import_ozg(newer, files[1]).of("services").changed == 1
    assert set(OzgService.objects.values_list("name", flat=True)) == {"Abfall & Wertstoffe", "Hund, Anmeldung"}


def test_official_entry_takes_over_an_example(files: tuple[Path, Path]) -> None:
    field = OzgField.objects.get(slug="umwelt")
    OzgService.objects.create(ozg_id="10110", name="Beispiel", field=field, is_example=True)
    import_ozg(*files)
    service = OzgService.objects.get(ozg_id="10110")
    assert (service.name, service.is_example) == ("Abfall", False)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", KEYS, "ozg_id,name,lage,themenfeld\n,x,,\n", "\x00" * 50])
def test_wrong_file_changes_nothing_and_fails(files: tuple[Path, Path], tmp_path: Path, content: str) -> None:
    wrong = write(tmp_path / "wrong.csv", content, "utf-8")
    with pytest.raises(CommandError):
        call_command("import_ozg", wrong, files[1], stdout=StringIO(), stderr=StringIO(), verbosity=0)
    assert not OzgService.objects.exists()
    assert OzgField.objects.count() == 14
