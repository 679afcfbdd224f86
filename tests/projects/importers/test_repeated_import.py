"""A repeated import changes what the list changed, and nothing that a person did since."""

import pytest

from projects.importers.projects import import_projects
from tests.factories import MunicipalityFactory
from tests.projects.importers.listed import line, stored

pytestmark = pytest.mark.django_db


def test_repeated_import_changes_nothing() -> None:
    import_projects([line()])
    revision = stored().latest_revision_id
    report = import_projects([line(unknown_key=2)])
    assert (report.unchanged, report.created, report.updated) == (1, 0, 0)
    assert stored().latest_revision_id == revision


def test_changed_line_updates_the_page_and_keeps_addresses() -> None:
    artefact = {"kind": "konzept", "title": "Konzept", "version": "1"}
    import_projects([line(artefacts=[artefact], tags=["a", "b"])])
    slug, number = stored().slug, stored().artefacts.get().uuid
    report = import_projects(
        [
            line(
                title="Neuer Titel",
                artefacts=[{"kind": "dsfa", "title": "X"}, {**artefact, "version": "2"}],
                tags=["b"],
            )
        ]
    )
    assert report.updated == 1
    page = stored()
    assert (page.title, page.slug, [tag.name for tag in page.tags.all()]) == ("Neuer Titel", slug, ["b"])
    assert [(item.title, item.version) for item in page.artefacts.all()] == [("X", ""), ("Konzept", "2")]
    assert page.artefacts.get(title="Konzept").uuid == number
    assert import_projects([line(title="Wieder anders")]).updated == 1


def test_changed_key_moves_the_page() -> None:
    unit = MunicipalityFactory()
    import_projects([line()])
    import_projects([line(ags=unit.ags)])
    assert stored().public_body.municipality == unit


def test_what_a_person_edited_is_not_overwritten() -> None:
    import_projects([line()])
    page = stored()
    page.title = "Von Hand"
    page.save_revision()
    report = import_projects([line(title="Aus der Datei")])
    assert (report.kept, report.updated) == (1, 0)
    assert stored().get_latest_revision_as_object().title == "Von Hand"


def test_what_a_person_deleted_or_unpublished_does_not_come_back() -> None:
    import_projects([line(), line(id="a:2")])
    stored().delete()
    stored("a:2").unpublish()
    report = import_projects([line(title="Neu"), line(id="a:2", title="Neu")])
    assert (report.kept, report.created, report.updated) == (2, 0, 0)
    assert not stored("a:2").live
