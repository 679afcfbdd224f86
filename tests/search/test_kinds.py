"""A kind of page that nobody but this module knows: what the search says of all kinds follows from its description."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.test import Client

from projects.models import AlliancePage, FieldOfAction
from projects.models.alliance import AllianceStep
from search.checks import check_facets_follow_their_vocabulary, check_page_types_have_documents
from search.engines import Engine, EngineHit
from search.indexing.meaning import pending
from search.indexing.outbox import drain
from search.kinds.base import Address, PageKind, PartKind
from search.kinds.facet import Facet
from search.kinds.registry import kinds
from search.kinds.text import stream_text
from search.results.hits import Hit, join
from search.results.suggestions import suggest
from tests.factories import BodyPageFactory, ProjectPageFactory, field_of_action
from tests.search.test_events import found
from tests.search.test_page import ask, counts, titles

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

TEMPLATE = '{% extends "search/hit.html" %}{% block own %}Mit {{ hit.thing.projects.count }} Projekten{% endblock %}'


class Steps(PartKind):
    """What an alliance does next."""

    key = "schritt"
    name, plural = "Schritt", "Schritte"
    model, relation, page_field, id_field = AllianceStep, "steps", "alliance", "pk"

    def text(self, thing: AllianceStep) -> Iterable[str]:
        return (thing.get_state_display(),)

    def url(self, thing: AllianceStep, address: Address) -> str:
        return f"{address(thing.alliance)}#{thing.pk}"


class Alliances(PageKind):
    """What several bodies do together."""

    key = "buendnis"
    name, plural = "Bündnis", "Bündnisse"
    model = AlliancePage
    parts = (Steps(),)
    has_meaning = True
    template = "alliance_hit.html"
    facets: ClassVar = {
        Facet(name="sachgebiet", title="Sachgebiet", vocabulary=FieldOfAction): "projects__fields_of_action__slug"
    }

    def text(self, thing: AlliancePage) -> Iterable[str]:
        return thing.summary, stream_text(thing.body)

    def leading(self, thing: AlliancePage) -> Iterable[str]:
        return [field.name for project in thing.projects.all() for field in project.fields_of_action.all()]

    def shown(self, thing: AlliancePage) -> dict[str, Any]:
        return {"place": thing.lead().title}


@pytest.fixture(autouse=True)
def _described(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    """What somebody does who adds a kind: the page can be found, it is described, and its hit has a template."""
    monkeypatch.setattr(AlliancePage, "is_findable", True)
    (tmp_path / "alliance_hit.html").write_text(TEMPLATE)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}, *settings.TEMPLATES[1:]]
    kind = Alliances()
    kinds.add(kind)
    yield
    kinds.remove(kind)


def alliance(**fields: Any) -> AlliancePage:
    """A published alliance with one step and a project about mobility."""
    project = ProjectPageFactory(title="Ampel", m2m={"fields_of_action": [field_of_action("mobilitaet")]})
    step = AllianceStep(title="Ausschreibung")
    defaults = {"title": "Sensorverbund", "summary": "Gemeinsam messen", "projects": [project], "steps": [step]}
    page = AlliancePage(**{**defaults, **fields})
    BodyPageFactory(title="Aurich").add_child(instance=page)
    page.save_revision().publish()
    return page


def shown(response: Any) -> list[Hit]:
    hits: list[Hit] = response.context["hits"]
    return hits


def test_it_is_found_by_its_words_and_those_that_lead_to_it(engine: Engine, client: Client) -> None:
    alliance()
    drain()
    assert titles(ask(client, ("q", "gemeinsam messen"))) == ["Sensorverbund"]
    assert "Sensorverbund" in titles(ask(client, ("q", "Mobilität")))
    assert titles(ask(client, ("q", "Ausschreibung"))) == ["Ausschreibung"]


def test_its_facet_counts_and_filters(engine: Engine, client: Client) -> None:
    alliance()
    alliance(title="Kulturverbund", projects=[])
    drain()
    response = ask(client, ("typ", "buendnis"), ("typ", "schritt"))
    assert counts(response, "typ")["buendnis"] == counts(response, "typ")["schritt"] == 2
    assert counts(response, "sachgebiet") == {"mobilitaet": 2}
    assert sorted(titles(ask(client, ("sachgebiet", "mobilitaet")))) == ["Ausschreibung", "Sensorverbund"]
    chips = [(chip.title, chip.label) for chip in ask(client, ("sachgebiet", "mobilitaet")).context["chips"]]
    assert chips == [("Sachgebiet", field_of_action("mobilitaet").name)]


def test_its_hit_is_marked_and_has_a_template_of_its_own(engine: Engine, client: Client) -> None:
    page = alliance()
    drain()
    response = ask(client, ("q", "gemeinsam"))
    (hit,) = shown(response)
    assert hit.excerpt == "<mark>Gemeinsam</mark> messen"
    assert (hit.kind_name, hit.url, hit.place) == ("Bündnis", page.url, "Aurich")
    assert "Mit 1 Projekten" in response.content.decode()
    (step,) = shown(ask(client, ("q", "Ausschreibung")))
    assert (step.kind_name, step.url) == ("Schritt", f"{page.url}#{page.steps.get().pk}")


def test_it_is_suggested(engine: Engine) -> None:
    page = alliance()
    drain()
    suggested = [suggestion for suggestion in suggest("Sensorv", engine) if suggestion["kind"]]
    assert suggested == [{"text": "Sensorverbund", "kind": "Bündnis", "url": page.url}]


def test_it_follows_its_vocabulary(engine: Engine, client: Client) -> None:
    alliance()
    drain()
    topic = field_of_action("mobilitaet")
    topic.name, topic.slug = "Verkehr und Wege", "verkehr"
    topic.save()
    assert found(engine, sachgebiet=("verkehr",)) == ["Ausschreibung", "Sensorverbund"]
    assert "Verkehr und Wege" in ask(client, ("sachgebiet", "verkehr")).content.decode()
    topic.delete()
    assert found(engine, sachgebiet=("verkehr",)) == []


def test_its_parts_change_and_go_with_it(engine: Engine) -> None:
    page = alliance()
    drain()
    step = page.steps.get()
    step.title = "Zuschlag"
    step.save()
    assert found(engine, typ=("schritt",)) == ["Zuschlag"]
    page.unpublish()
    assert found(engine, typ=("schritt", "buendnis")) == []


def test_its_meaning_is_computed(engine: Engine) -> None:
    before = pending()
    alliance(projects=[])
    assert pending() == before + 2  # the alliance and the project of the factory


def test_a_hit_of_a_kind_that_nobody_describes_any_more_is_left_out() -> None:
    page = alliance()
    hits = [EngineHit(f"{key}-{page.pk}", page.pk, 1.0, page.title, "") for key in ("buendnis", "frueher")]
    assert [hit.kind for hit in join(hits, ())] == ["buendnis"]


def test_no_two_kinds_have_one_key_and_no_two_facets_one_name() -> None:
    class Doubled(PageKind):
        key = "verbund"
        facets: ClassVar = {Facet(name="sachgebiet", title="Anderes"): "title"}

    for kind in (Alliances(), Doubled()):
        with pytest.raises(ValueError, match="twice"):
            kinds.add(kind)


def test_the_checks_find_nothing_wrong() -> None:
    assert check_page_types_have_documents(None) == check_facets_follow_their_vocabulary(None) == []
