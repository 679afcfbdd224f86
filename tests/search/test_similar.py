"""Whoever plans something meets those who already did it, in the same words and in others."""

from typing import Any

import pytest
from wagtail.models import Page, PageViewRestriction

from search.engines import Engine
from search.indexing.meaning import embed_pending
from search.indexing.outbox import drain
from search.similar.finding import SimilarHit, meaning_of, similar
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("model")]

PROJECTS = {
    "Mängelmelder": "Schlaglöcher, defekte Laternen und wilden Müll mit Foto und Standort melden.",
    "Parkraumsensoren in der Innenstadt": "Sensoren erkennen belegte Stellplätze und zeigen freie auf Tafeln an.",
    "Kita-Portal": "Eltern vergleichen Kindertagesstätten und melden ihr Kind online an.",
    "Hochwasserpegel": "Messstellen an Bächen warnen die Feuerwehr bei Starkregen.",
    "Ratsinformationssystem": "Vorlagen und Protokolle der Sitzungen werden digital bereitgestellt.",
    "Smarte Mülleimer": "Füllstände der Papierkörbe bestimmen die Tour der Stadtreinigung.",
}
IN_OTHER_WORDS = {
    "Familien sollen einen Betreuungsplatz für ihre Kleinsten im Internet finden.": "Kita-Portal",
    "Autofahrer suchen im Zentrum zu lange, wo sie ihren Wagen lassen können.": "Parkraumsensoren in der Innenstadt",
    "Mandatsträger bekommen alle Unterlagen für ihre Versammlung auf das Tablet.": "Ratsinformationssystem",
}


def publish(**kept: Any) -> None:
    for title, summary in PROJECTS.items():
        ProjectPageFactory(title=title, summary=summary, **kept)
    drain()


def learn() -> None:
    while embed_pending():
        drain()


def ask(engine: Engine, title: str, summary: str, **wanted: Any) -> list[SimilarHit]:
    vector = meaning_of(title, summary)
    return similar(title, summary, engine=engine, audience="members", vector=vector, **wanted)


def titles(found: list[SimilarHit]) -> list[str]:
    return [item.hit.title for item in found]


@pytest.mark.usefixtures("model")
def test_the_same_idea_in_other_words_is_found(engine: Engine) -> None:
    publish()
    learn()
    for draft, expected in IN_OTHER_WORDS.items():
        first_two = ask(engine, "", draft)[:2]
        assert expected in titles(first_two)
        assert all(found.is_by_meaning for found in first_two)


@pytest.mark.usefixtures("model")
def test_the_same_words_are_reasons_a_reader_can_check(engine: Engine) -> None:
    publish()
    learn()
    first = ask(engine, "Pegel", "Messstellen sollen die Feuerwehr bei Starkregen alarmieren")[0]
    assert first.hit.title == "Hochwasserpegel"
    assert set(first.common_words) >= {"Messstellen", "Feuerwehr", "Starkregen"}


@pytest.mark.usefixtures("model")
def test_best_first_and_no_more_than_wanted(engine: Engine) -> None:
    publish()
    learn()
    found = ask(engine, "Müll melden", "")
    scores = [item.hit.score for item in found]
    assert len(found) == len(PROJECTS) == len(set(titles(found)))
    assert scores == sorted(scores, reverse=True)
    assert titles(ask(engine, "Müll melden", "", limit=2)) == titles(found)[:2]


@pytest.mark.usefixtures("model")
def test_the_page_the_text_comes_from_is_left_out(engine: Engine) -> None:
    publish()
    learn()
    own = ask(engine, "Kita-Portal", PROJECTS["Kita-Portal"])[0].hit
    assert own.title == "Kita-Portal"
    others = ask(engine, "Kita-Portal", PROJECTS["Kita-Portal"], without_page=own.page_id)
    assert own.page_id not in {item.hit.page_id for item in others}


@pytest.mark.usefixtures("model")
def test_a_project_whose_meaning_is_not_known_yet_is_found_by_its_words(engine: Engine) -> None:
    publish()
    learn()
    ProjectPageFactory(title="Gießdienst für Jungbäume", summary="Freiwillige gießen Jungbäume.")
    drain()
    found = {item.hit.title: item for item in ask(engine, "Jungbäume", "Wer gießt die Jungbäume?")}
    assert not found["Gießdienst für Jungbäume"].is_by_meaning


@pytest.mark.usefixtures("model")
def test_what_the_audience_may_not_see_is_not_found(engine: Engine) -> None:
    publish()
    learn()
    hidden = ask(engine, "Kita-Portal", "")[0].hit.page_id
    page = Page.objects.get(pk=hidden)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    drain()
    seen = similar("Kita-Portal", "", engine=engine, audience="public", vector=meaning_of("Kita-Portal", ""))
    assert hidden not in {item.hit.page_id for item in seen}
    assert hidden in {item.hit.page_id for item in ask(engine, "Kita-Portal", "")}


def test_without_the_model_rewritten_texts_are_found_by_their_words(engine: Engine, settings: Any) -> None:
    settings.SEARCH_MEANING = "off"
    publish()
    learn()
    found = ask(engine, "Melder", "Defekte Laternen mit Foto und Standort melden")
    assert found[0].hit.title == "Mängelmelder"
    assert not found[0].is_by_meaning
    assert ask(engine, "", "") == ask(engine, "und der", "") == []


def test_an_empty_draft_is_similar_to_nothing(engine: Engine) -> None:
    publish()
    assert ask(engine, "", "") == []
