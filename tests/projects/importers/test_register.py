"""The register follows the official file, and survives every other one."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.search.backends import get_search_backend

from projects.importers.register import import_register
from projects.importers.reports import WrongFileError
from projects.models import Association, District, Municipality, SizeClass, State
from tests.factories import BodyPageFactory, DistrictFactory, MunicipalityFactory
from tests.projects.importers.registers import Lines, municipality, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "register.txt", Lines().text())


def counts(report: object) -> dict[str, tuple[int, int, int, int]]:
    return {k: (c.read, c.created, c.changed, c.ended) for k, c in report.counts.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_every_level_is_stored_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    report = import_register(write(tmp_path / "register.txt", Lines().text(), encoding))
    assert counts(report) == {
        "states": (1, 0, 0, 0),
        "districts": (2, 2, 0, 0),
        "associations": (1, 1, 0, 0),
        "municipalities": (3, 3, 0, 0),
        "unincorporated_areas": (1, 1, 0, 0),
    }
    assert (report.bad_lines, report.inhabitants) == ([], 4_480 + 13_500 + 167_366)
    village = Municipality.objects.get(ars="034595402024")
    assert str(village) == "Neuenkirchen (Landkreis Osnabrück, Niedersachsen)"
    assert (village.ags, village.postcode, village.area_ha) == ("03459024", "49525", 500)
    assert village.size_class == SizeClass.LANDGEMEINDE
    assert str(village.association) == "Samtgemeinde Artland (Landkreis Osnabrück, Niedersachsen)"
    town = Municipality.objects.get(ags="03459030")
    assert (town.name, town.full_name) == ("Quakenbrück", "Quakenbrück, Stadt")
    assert Municipality.objects.get(ags="03404000").association is None
    area = Municipality.objects.get(is_unincorporated=True)
    assert (area.name, area.size_class) == ("Giebel", "")


def test_second_run_changes_nothing(path: Path) -> None:
    import_register(path)
    assert {(c.created, c.changed, c.ended) for c in import_register(path).counts.values()} == {(0, 0, 0)}


def test_damaged_line_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    lines = Lines(town=Lines().town.replace("13500", "1x500"), area="60kaputt")
    report = import_register(write(tmp_path / "register.txt", lines.text()))
    assert [line.number for line in report.bad_lines] == [8, 10]
    assert report.of("municipalities").created == 2


def test_second_line_with_the_same_key_is_named(tmp_path: Path) -> None:
    report = import_register(write(tmp_path / "register.txt", Lines().text() + Lines().town))
    assert [line.number for line in report.bad_lines] == [11]


def test_unit_of_a_damaged_line_is_not_taken_for_vanished(path: Path, tmp_path: Path) -> None:
    import_register(path)
    damaged = Lines(town=Lines().town.replace("13500", "1x500"))
    assert import_register(write(tmp_path / "damaged.txt", damaged.text())).of("municipalities").ended == 0
    unreadable = Lines(town="60" + "#" * 80)
    assert import_register(write(tmp_path / "damaged.txt", unreadable.text())).of("municipalities").ended == 0
    assert Municipality.objects.current().count() == 4


def test_vanished_municipality_is_ended_and_revived_when_it_returns(path: Path, tmp_path: Path) -> None:
    import_register(path)
    without = write(tmp_path / "later.txt", Lines(village="").text().replace("20231130", "20241231"))
    assert import_register(without).of("municipalities").ended == 1
    village = Municipality.objects.get(ags="03459024")
    assert village.valid_to == datetime.date(2024, 12, 31)
    assert import_register(path).of("municipalities").revived == 1
    village.refresh_from_db()
    assert village.valid_to is None


def test_municipality_that_joins_another_association_stays_the_same_row(path: Path, tmp_path: Path) -> None:
    import_register(path)
    village = Municipality.objects.get(ags="03459024")
    moved = Lines(village=municipality("034590240000", "Neuenkirchen", inhabitants=4_480))
    report = import_register(write(tmp_path / "later.txt", moved.text()))
    assert counts(report)["municipalities"] == (3, 0, 1, 0)
    village.refresh_from_db()
    assert (village.ars, village.association) == ("034590000024", None)


def test_examples_are_left_alone(path: Path) -> None:
    district = DistrictFactory(key="03990", is_example=True)
    example = MunicipalityFactory(ags="03990001", district=district, is_example=True)
    import_register(path)
    example.refresh_from_db()
    district.refresh_from_db()
    assert (example.valid_to, district.valid_to) == (None, None)


def test_laender_missing_in_an_extract_are_not_ended(path: Path) -> None:
    import_register(path)
    assert State.objects.current().count() == 16


def test_area_outside_every_kreis_is_stored_but_adds_no_kreis(tmp_path: Path) -> None:
    sea = municipality("030009999999", "Küstengewässer", "66", 0)
    path = write(tmp_path / "register.txt", Lines().text() + sea)
    for _run in range(2):
        report = import_register(path)
    assert report.of("unincorporated_areas").unchanged == 2
    assert Municipality.objects.get(ags="03000999").is_unincorporated
    assert not District.objects.current().filter(key="03000").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ars,lat,lon\n034595402024,52.5,8.0\n",
        b"\x00\x01\x02" * 500,
        b"60" + b"x" * 300,
        Lines().village.encode(),
        Lines().text().encode("utf-16"),
    ],
    ids=["empty", "table", "binary", "nonsense", "no Land", "utf-16"],
)
def test_wrong_file_changes_nothing_and_fails(path: Path, tmp_path: Path, content: bytes) -> None:
    import_register(path)
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_register", wrong, stdout=StringIO(), stderr=StringIO(), verbosity=0)
    assert Municipality.objects.current().count() == 4


def test_missing_file_fails_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nirgends"):
        call_command("import_register", tmp_path / "nirgends.txt", verbosity=0)


def test_file_without_most_municipalities_is_refused(path: Path, tmp_path: Path) -> None:
    import_register(path)
    cut = write(tmp_path / "cut.txt", Lines(village="", town="", city="", association="").text())
    with pytest.raises(WrongFileError):
        import_register(cut)
    assert Municipality.objects.current().count() == 4
    assert Association.objects.current().count() == 1


def test_coordinates_are_read_and_bad_rows_named(path: Path, tmp_path: Path) -> None:
    rows = (
        "ars,name,lat,lon",
        "034595402024,N,52.42,7.85",
        "034595402030,Q,nan,7.9",
        "0345954020,?,52,8",
        "034040000000,O,,",
    )
    table = write(tmp_path / "points.csv", "\n".join((*rows, "099999999999,X,50.1,10.2")))
    report = import_register(path, table)
    village = Municipality.objects.get(ags="03459024")
    assert (village.lat, village.lon) == (52.42, 7.85)
    assert Municipality.objects.filter(lat__isnull=False).count() == 1
    assert len(report.remarks) == 3
    import_register(path)
    village.refresh_from_db()
    assert village.lat == 52.42
    german = write(tmp_path / "german.csv", 'ars,lat,lon\n034595402024,"52,520","7,85"\n')
    assert not import_register(path, german).remarks
    village.refresh_from_db()
    assert (village.lat, village.lon) == (52.52, 7.85)


def test_wrong_coordinates_change_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongFileError):
        import_register(path, write(tmp_path / "points.csv", "a,b\n1,2\n"))
    assert not Municipality.objects.exists()


def test_choosers_find_what_was_imported(path: Path) -> None:
    import_register(path)
    assert [unit.name for unit in get_search_backend().autocomplete("neuenk", Municipality)] == ["Neuenkirchen"]


def test_a_renamed_unit_keeps_its_body(path: Path, tmp_path: Path) -> None:
    import_register(path)
    body = BodyPageFactory(municipality=Municipality.objects.get(ags="03459024"))
    renamed = Lines(village=municipality("034590245402", "Neuenkirchen-Bad, Stadt", "63", 5_001))
    import_register(write(tmp_path / "later.txt", renamed.text()))
    body = type(body).objects.get(pk=body.pk)
    assert (body.municipality.name, body.size_class) == ("Neuenkirchen-Bad", SizeClass.KLEINSTADT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("VVG der Stadt Herrenberg", "Vereinbarte Verwaltungsgemeinschaft Herrenberg"),
        ("GVV Voralb", "Gemeindeverwaltungsverband Voralb"),
        ("Wemding (VGem)", "Verwaltungsgemeinschaft Wemding"),
        ("Samtgemeinde Artland", "Samtgemeinde Artland"),
    ],
)
def test_association_is_called_by_its_kind_once(tmp_path: Path, line: str, expected: str) -> None:
    lines = Lines()
    lines.association = lines.association.replace("Artland".ljust(50), line.ljust(50))
    import_register(write(tmp_path / "register.txt", lines.text()))
    assert str(Association.objects.get()).startswith(f"{expected} (")
