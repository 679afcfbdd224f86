"""What stands beside a draft: projects like it, with reasons that hold, and loud only where they are much alike."""

import datetime
from typing import Any

import pytest

from projects.models import BodyKind, BodyPage, ProjectPage
from search.engines import Engine, EngineHit, EngineUnavailableError
from search.indexing.meaning import embed_pending
from search.indexing.outbox import drain
from search.similar import matches
from search.similar.finding import Draft, Match, SimilarHit
from search.similar.matches import Matches, compare, find, least_likeness
from tests.factories import (
    BodyPageFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    field_of_action,
)
from tests.search.test_similar import PROJECTS

pytestmark = pytest.mark.django_db

TREES: dict[str, Any] = {
    "title": "Bäume im Blick",
    "summary": "Sensoren messen die Bodenfeuchte. Freiwillige gießen Jungbäume.",
}
# Cologne and Bonn lie 25 km apart, Berlin 480.
COLOGNE, BONN, BERLIN = {"lat": 50.94, "lon": 6.96}, {"lat": 50.73, "lon": 7.1}, {"lat": 52.52, "lon": 13.4}


def only_match(draft: Draft, engine: Engine, **wanted: Any) -> Match:
    drain()
    found = compare(draft, engine=engine, audience="members", **wanted)
    return found.items[0]


def kinds(match: Match) -> list[str]:
    return [reason.kind for reason in match.reasons]


def texts(match: Match, kind: str) -> list[str]:
    return [reason.text for reason in match.reasons if reason.kind == kind]


def body_in(place: dict[str, float], **fields: Any) -> BodyPage:
    found: BodyPage = BodyPageFactory(municipality=MunicipalityFactory(**place, **fields))
    return found


def test_sentence_with_the_same_words_is_quoted_from_the_other_project(engine: Engine) -> None:
    ProjectPageFactory(**TREES)
    match = only_match(Draft("Gießen", "Wer will, gießt freiwillig Jungbäume im Viertel."), engine)
    assert "Freiwillige gießen Jungbäume." in texts(match, "sentence")[0]
    assert "Bodenfeuchte" not in texts(match, "sentence")[0]


def test_same_key_is_a_reason_and_so_is_another_key_of_the_same_service(engine: Engine) -> None:
    key, unrelated = ServiceKeyFactory(name="Personalausweis ausstellen"), ServiceKeyFactory()
    sibling = ServiceKeyFactory(service=key.service)
    ProjectPageFactory(**TREES, m2m={"service_keys": [key]})
    by_key = only_match(Draft("Bäume", "", service_keys=frozenset({key.pk})), engine)
    by_service = only_match(Draft("Bäume", "", service_keys=frozenset({sibling.pk})), engine)
    neither = only_match(Draft("Bäume", "", service_keys=frozenset({unrelated.pk})), engine)
    assert "Personalausweis ausstellen" in texts(by_key, "service")[0]
    assert key.service.name in texts(by_service, "service")[0]
    assert "service" not in kinds(neither)


def test_same_field_and_quarter_are_reasons(engine: Engine) -> None:
    field = field_of_action("verwaltung")
    ProjectPageFactory(**TREES, starts_on=datetime.date(2027, 4, 1), m2m={"fields_of_action": [field]})
    fields = frozenset({field.pk})
    same = only_match(Draft("Bäume", "", fields_of_action=fields, starts_on=datetime.date(2027, 6, 30)), engine)
    later = only_match(Draft("Bäume", "", starts_on=datetime.date(2027, 7, 1)), engine)
    assert field.name in texts(same, "field")[0]
    assert "2/2027" in texts(same, "start")[0]
    assert {"field", "start"}.isdisjoint(kinds(later))


def test_neighbours_within_fifty_kilometres_are_named_with_the_distance(engine: Engine) -> None:
    bonn = body_in(BONN)
    ProjectPageFactory(**TREES, parent=bonn)
    near = only_match(Draft("Bäume", "", body=body_in(COLOGNE)), engine)
    far = only_match(Draft("Bäume", "", body=body_in(BERLIN)), engine)
    own = only_match(Draft("Bäume", "", body=bonn), engine)
    assert "25" in texts(near, "place")[0]
    assert bonn.title in texts(near, "place")[0]
    assert "place" not in kinds(far) + kinds(own)


def test_centre_of_a_kreis_is_the_mean_of_its_municipalities(engine: Engine) -> None:
    municipality = MunicipalityFactory(lat=50.5, lon=7.1)
    MunicipalityFactory(district=municipality.district, lat=50.96, lon=7.1)
    kreis = BodyPageFactory(kind=BodyKind.DISTRICT, municipality=None, district=municipality.district, title="Kreis")
    ProjectPageFactory(**TREES, parent=kreis)
    near = only_match(Draft("Bäume", "", body=body_in(BONN)), engine)
    inside = only_match(Draft("Bäume", "", body=BodyPageFactory(municipality=municipality)), engine)
    assert " 1 km" in texts(near, "place")[0]
    assert municipality.district.titled_name in texts(inside, "place")[0]


def test_same_service_comes_before_what_is_alike_by_words_only(engine: Engine) -> None:
    key = ServiceKeyFactory()
    first = ProjectPageFactory(**TREES)
    second = ProjectPageFactory(**TREES, m2m={"service_keys": [key]})
    ProjectPageFactory(title="Baumkataster", summary="Bäume stehen auf einer Karte.")
    assert only_match(Draft(**TREES), engine).page_id in {first.pk, second.pk}
    assert only_match(Draft(**TREES, service_keys=frozenset({key.pk})), engine).page_id == second.pk


def test_rewritten_text_is_strong_by_its_words_alone_and_another_subject_is_not(engine: Engine) -> None:
    ProjectPageFactory(**TREES)
    rewritten = Draft("Baumsensoren", "Sensoren messen Bodenfeuchte, damit Freiwillige Jungbäume gießen.")
    other = Draft("Parken am Bahnhof", "Sensoren erkennen freie Stellplätze; Tafeln an der Einfahrt zeigen sie an.")
    assert only_match(rewritten, engine).is_strong
    assert not only_match(other, engine).is_strong
    assert not compare(rewritten, engine=engine, audience="members").is_by_meaning


def test_own_page_is_not_compared_with_itself(engine: Engine) -> None:
    page = ProjectPageFactory(**TREES)
    drain()
    assert compare(Draft.of_page(page), engine=engine, audience="members") == Matches()


def test_draft_of_a_page_has_what_is_compared() -> None:
    key, field = ServiceKeyFactory(), field_of_action("verwaltung")
    made = ProjectPageFactory(**TREES, m2m={"service_keys": [key], "fields_of_action": [field]})
    page = ProjectPage.objects.get(pk=made.pk)
    draft = Draft.of_page(page)
    assert (draft.title, draft.summary, draft.page_id) == (TREES["title"], TREES["summary"], page.pk)
    assert (draft.service_keys, draft.fields_of_action) == ({key.pk}, {field.pk})
    assert draft.body == page.public_body


def test_search_that_is_away_is_an_outage_and_no_error(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise EngineUnavailableError("away")

    monkeypatch.setattr(matches, "similar", away)
    assert find(Draft(**TREES), audience="members") == Matches(is_outage=True)


@pytest.mark.parametrize(
    ("likeness", "strong"),
    [
        ((0.80, 0.76), [True, True]),
        ((0.86, 0.76), [True, False]),  # far behind the nearest
        ((0.80, 0.74), [True, False]),
        ((0.74, 0.73), [False, False]),
    ],
)
def test_strong_is_what_is_near_enough_and_not_far_behind_the_nearest(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, likeness: tuple[float, ...], strong: list[bool]
) -> None:
    pages = [ProjectPageFactory() for _one in likeness]
    hits = [
        SimilarHit(EngineHit(f"projekt-{page.pk}", page.pk, alike, page.title, ""), (), alike)
        for page, alike in zip(pages, likeness, strict=True)
    ]
    monkeypatch.setattr(matches, "similar", lambda *args, **kwargs: hits)
    found = compare(Draft(**TREES), engine=engine, audience="members")
    assert [match.is_strong for match in found.items] == strong


def test_what_the_body_has_itself_silences_nothing_about_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan, and a project from the same council paper: nearer to each other than anything else can be."""
    own, other = ProjectPageFactory(), ProjectPageFactory()
    hits = [
        SimilarHit(EngineHit(f"projekt-{page.pk}", page.pk, alike, page.title, ""), (), alike)
        for page, alike in ((own, 0.99), (other, 0.80))
    ]
    monkeypatch.setattr(matches, "similar", lambda *args, **kwargs: hits)
    found = compare(Draft(**TREES, body=own.public_body), engine=engine, audience="members")
    assert [match.is_strong for match in found.items] == [True, True]


def test_longer_texts_in_the_manner_of_projects_have_to_be_nearer_and_official_ones_have_not() -> None:
    told = "Sensoren melden freie Stellplätze an eine Anzeige in der Stadt. "
    usual, longer = least_likeness(told), least_likeness(told * 3)
    assert usual < longer < least_likeness(told * 5) == least_likeness(told * 50)
    for formula in ("Der Bauausschuss berät.", "Beschluss: Ja.", "Begründung: keine.", "Aufgrund von § 5"):
        assert least_likeness(f"{formula} {told * 5}") == usual


def learn() -> None:
    for title, summary in PROJECTS.items():
        ProjectPageFactory(title=title, summary=summary)
    drain()
    while embed_pending():
        drain()


@pytest.mark.both_engines
@pytest.mark.usefixtures("model")
class TestByMeaning:
    def test_another_idea_is_shown_but_not_strong(self, engine: Engine) -> None:
        learn()
        weddings = Draft("Trauung im Schloss", "Paare reservieren den Saal für ihre Hochzeit am Wochenende.")
        found = compare(weddings, engine=engine, audience="members")
        assert found.is_by_meaning
        assert found.items
        assert not any(match.is_strong for match in found.items)

    @pytest.mark.parametrize(
        "draft",
        [
            Draft("", "Kaputte Laternen und Müll am Wegrand mit Bild und Standort melden."),
            Draft(
                "Einführung einer Meldeplattform für Mängel; hier: Beschaffung und Betrieb",
                "Der Haupt- und Finanzausschuss beauftragt die Verwaltung, eine Plattform einzuführen, über die "
                "Einwohnerinnen und Einwohner Mängel wie Schlaglöcher, defekte Straßenbeleuchtung und wilde "
                "Müllablagerungen mit Foto und Standort melden können. Begründung: Meldungen gehen bisher telefonisch "
                "bei mehreren Stellen ein, Haushaltsmittel stehen im Produkt 1.11.04 bereit.",
            ),
        ],
        ids=["two lines", "council paper"],
    )
    def test_the_same_idea_is_strong_in_a_short_text_and_in_a_council_paper(self, engine: Engine, draft: Draft) -> None:
        learn()
        first = compare(draft, engine=engine, audience="members").items[0]
        assert first.page is not None
        assert (first.page.title, first.is_strong) == ("Mängelmelder", True)

    def test_the_first_look_calls_nothing_strong_and_says_that_more_comes(self, engine: Engine) -> None:
        learn()
        draft = Draft("", "Kaputte Laternen und Müll am Wegrand mit Bild und Standort melden.")
        first = compare(draft, engine=engine, audience="members", is_first_look=True)
        assert first.is_meaning_late
        assert first.is_by_meaning
        assert not any(match.is_strong for match in first.items)
        assert not compare(draft, engine=engine, audience="members").is_meaning_late
