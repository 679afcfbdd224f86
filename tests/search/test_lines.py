"""Every line of the vocabularies gets its meaning once, and loses it with the line."""

import pytest

from projects.models import FieldOfAction
from search.indexing.upkeep import Worker
from search.semantic import encoder, lines
from search.semantic.embeddings import LineMeaning
from search.semantic.lines import Line, digest_of_line, embed_lines, lines_of_fields, lines_of_services
from tests.factories import OzgServiceFactory, ServiceKeyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fields() -> list[FieldOfAction]:
    """Two fields instead of the seeded ones, with little to say."""
    FieldOfAction.objects.all().delete()
    return [
        FieldOfAction.objects.create(name="Verkehr", slug="verkehr", description="Bus\n\n  Bahn und  Rad \nBus"),
        FieldOfAction.objects.create(name="Garten", slug="garten", sort_order=1),
    ]


def test_a_field_has_its_name_and_each_line_once(fields: list[FieldOfAction]) -> None:
    traffic, garden = (field.pk for field in fields)
    told = [Line(traffic, "Verkehr"), Line(traffic, "Bus"), Line(traffic, "Bahn und Rad"), Line(garden, "Garten")]
    assert lines_of_fields() == tuple(told)


def test_a_service_has_its_name_and_those_of_its_keys() -> None:
    waste = OzgServiceFactory(ozg_id="80001", name="Abfall")
    ServiceKeyFactory(service=waste, key="98000000000002", name="Sperrmüll")
    ServiceKeyFactory(service=waste, key="98000000000001", name="Abfall")
    other = OzgServiceFactory(ozg_id="80000", name="Anderes")
    ServiceKeyFactory(service=None, name="Ohne Leistung")
    assert lines_of_services() == (Line(other.pk, "Anderes"), Line(waste.pk, "Abfall"), Line(waste.pk, "Sperrmüll"))


@pytest.mark.usefixtures("model")
def test_each_line_is_computed_once() -> None:
    assert [embed_lines(limit=3), embed_lines(limit=3), embed_lines()] == [3, 1, 0]
    lines.forget()
    assert embed_lines() == 0
    assert LineMeaning.objects.count() == 4


@pytest.mark.usefixtures("model")
def test_the_meaning_of_a_line_that_is_gone_goes_too(fields: list[FieldOfAction]) -> None:
    embed_lines()
    fields[0].description = "Bus\nFähre"
    fields[0].save()
    assert lines.look() == 1
    assert not LineMeaning.objects.filter(digest=digest_of_line("Bahn und Rad")).exists()


@pytest.mark.usefixtures("model")
def test_lines_are_not_looked_at_with_every_turn(fields: list[FieldOfAction]) -> None:
    embed_lines()
    assert embed_lines() == 0
    FieldOfAction.objects.create(name="Neu", slug="neu")
    assert embed_lines() == 0
    lines.forget()
    assert embed_lines() == 1


@pytest.mark.usefixtures("model")
def test_a_line_lies_nearest_to_itself() -> None:
    same, other = encoder.line_vectors(["Sperrmüll abholen", "Hund anmelden"])
    asked = encoder.draft_vector("Sperrmüll abholen")
    assert asked is not None
    assert same @ asked > 0.9 > other @ asked


@pytest.mark.usefixtures("model", "engine")
def test_the_worker_computes_lines_when_nothing_else_waits() -> None:
    worker = Worker(str)
    while worker.turn() == 0:
        pass
    assert LineMeaning.objects.count() == 4


def test_without_the_model_nothing_is_computed(settings: object) -> None:
    assert embed_lines() == 0
