"""Kommunen wie wir: like is compared with like, by what everybody can read."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.figures.peers import Comparison, group_of
from projects.models import BodyKind, BodyPage, Municipality, ProjectPage, Reuse, ReuseState, State
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    artefact,
    field_of_action,
)

pytestmark = pytest.mark.django_db


def town(name: str = "Anderort", inhabitants: int = 12_000, **fields: Any) -> BodyPage:
    body: BodyPage = BodyPageFactory(municipality=MunicipalityFactory(name=name, inhabitants=inhabitants, **fields))
    return body


def use(project: ProjectPage, body: BodyPage, **fields: Any) -> Reuse:
    return Reuse.objects.create(
        project=project, municipality=body.municipality, **{"stage": ReuseState.PRODUCTIVE, **fields}
    )


def offered(body: BodyPage, *, same_state: bool = False) -> list[str]:
    body = BodyPage.objects.with_places().get(pk=body.pk)
    group = group_of(body, same_state=same_state)
    assert group
    comparison = Comparison(body, group)
    return [offer.project.title for offer in comparison.offers(comparison.ranked())]


def gaps(body: BodyPage) -> tuple[list[str], list[str]]:
    group = group_of(body)
    assert group
    themes, actions = Comparison(body, group).gaps()
    return [gap.name for gap in themes], [gap.name for gap in actions]


def test_what_a_municipality_of_the_same_size_runs_or_uses_is_offered() -> None:
    own, like, bigger = town("Hier"), town("Gleich"), town("Groß", 60_000)
    ProjectPageFactory(parent=like, title="Läuft beim Gleichen")
    ProjectPageFactory(parent=bigger, title="Läuft beim Großen")
    use(ProjectPageFactory(parent=bigger, title="Genutzt vom Gleichen"), like)
    assert sorted(offered(own)) == ["Genutzt vom Gleichen", "Läuft beim Gleichen"]


def test_a_city_of_its_own_is_not_compared_with_municipalities_of_a_kreis() -> None:
    city = town("Kreisfrei", 70_000, district=DistrictFactory(kind="Kreisfreie Stadt"))
    ProjectPageFactory(parent=town("Kreisstadt", 70_000), title="Der Kreisstadt")
    like = town("Auch kreisfrei", 70_000, district=DistrictFactory(kind="Kreisfreie Stadt"))
    ProjectPageFactory(parent=like, title="Der Stadt")
    assert offered(city) == ["Der Stadt"]


def test_what_the_body_uses_or_runs_itself_is_not_offered() -> None:
    own, like = town("Hier"), town("Gleich")
    used = ProjectPageFactory(parent=like, title="Schon genutzt")
    use(used, own)
    use(ProjectPageFactory(parent=own, title="Eigenes"), like)
    ProjectPageFactory(parent=like, title="Noch keins")
    assert offered(own) == ["Noch keins"]


def test_plans_and_what_was_given_up_are_not_offered() -> None:
    own, like = town("Hier"), town("Gleich")
    ProjectPageFactory(parent=like, phase="P2")
    given_up = ProjectPageFactory(parent=like, phase="nicht_weiterverfolgt", stop_reason="kosten")
    use(given_up, town("Auch gleich"))
    ProjectPageFactory(parent=like, title="In Betrieb")
    assert offered(own) == ["In Betrieb"]


@pytest.mark.parametrize("stage", [ReuseState.REPLACED, ReuseState.EXAMINING])
def test_what_was_replaced_or_is_only_examined_is_no_use(stage: str) -> None:
    own, like = town("Hier"), town("Gleich")
    big = town("Groß", 60_000)
    use(ProjectPageFactory(parent=big), like, stage=stage)
    use(ProjectPageFactory(parent=big, title="Genutzt"), like)
    assert offered(own) == ["Genutzt"]


def test_what_only_members_read_is_neither_offered_nor_counted(client: Client) -> None:
    own, like = town("Hier"), town("Gleich")
    hidden = ProjectPageFactory(parent=like, title="Vertraulich")
    use(hidden, town("Dritter"))
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    ProjectPageFactory(parent=like, title="Entwurf", live=False)
    assert offered(own) == []
    answer = client.get(f"/kommunen-wie-wir/{own.pk}/")
    assert (answer.context["active"], b"Vertraulich" in answer.content) == (0, False)


def test_what_can_be_taken_along_comes_first_and_then_what_most_use() -> None:
    own, like, third = town("Hier"), town("Gleich"), town("Dritter")
    ProjectPageFactory(parent=like, title="Einmal")
    use(ProjectPageFactory(parent=like, title="Zweimal"), third)
    ProjectPageFactory(parent=like, title="Mit Dokument", children={"artefacts": [artefact()]})
    assert offered(own) == ["Mit Dokument", "Zweimal", "Einmal"]


def test_a_field_without_anything_of_ones_own_is_a_gap() -> None:
    own, like = town("Hier"), town("Gleich")
    both = {"fields_of_action": [field_of_action("mobilitaet"), field_of_action("verwaltung")]}
    ProjectPageFactory(parent=like, m2m={**both, "ozg_services": [OzgServiceFactory()]})
    ProjectPageFactory(parent=own, phase="P1", m2m={"fields_of_action": [field_of_action("verwaltung")]})
    themes, actions = gaps(own)
    assert (themes, actions) == (["Familie & Kind"], ["Mobilität"])


def test_only_the_own_land_is_compared_if_asked() -> None:
    own = town("Hier")
    assert own.municipality
    far = State.objects.exclude(pk=own.municipality.state_id).first()
    ProjectPageFactory(parent=town("Fern", district=DistrictFactory(state=far)), title="Fern")
    ProjectPageFactory(parent=town("Nah", district=own.municipality.district), title="Nah")
    assert sorted(offered(own)) == ["Fern", "Nah"]
    assert offered(own, same_state=True) == ["Nah"]


def test_the_page_says_whom_it_compares_with_and_who_has_confirmed(client: Client) -> None:
    own, like = town("Hier"), town("Gleich")
    project = ProjectPageFactory(parent=town("Groß", 60_000), title="Hallenbuchung")
    use(project, like, confirmed_at=timezone.now())
    use(project, town("Dritter"))
    answer = client.get(f"/kommunen-wie-wir/{own.pk}/")
    text = answer.content.decode()
    assert answer.context["total"] == Municipality.objects.filter(size_class="kleinstadt").count() - 1
    assert (answer.context["active"], answer.context["offers"][0].using, answer.context["offers"][0].confirmed) == (
        2,
        2,
        1,
    )
    assert "Kleinstadt" in text
    assert "Hallenbuchung" in text


def test_a_body_without_its_like_gets_a_page_that_says_so(client: Client) -> None:
    federal = BodyPageFactory(kind=BodyKind.FEDERAL, municipality=None, title="Bundesamt")
    answer = client.get(f"/kommunen-wie-wir/{federal.pk}/")
    assert (answer.status_code, answer.context["group"]) == (200, None)
    assertNotContains(client.get(federal.url), f"/kommunen-wie-wir/{federal.pk}/")


def test_more_offers_need_no_more_queries(client: Client) -> None:
    own, like = town("Hier"), town("Gleich")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/kommunen-wie-wir/{own.pk}/").status_code == 200
        return len(seen)

    fields = {"fields_of_action": [field_of_action("mobilitaet")]}
    ProjectPageFactory(parent=like, m2m=fields, children={"artefacts": [artefact()]})
    queries()
    few = queries()
    for _number in range(4):
        use(ProjectPageFactory(parent=town("Weiterer"), m2m=fields, children={"artefacts": [artefact()]}), like)
    assert queries() <= few


@pytest.mark.parametrize("number", ["0", "99", "x", "-1"])
def test_a_page_that_is_not_there_is_no_error(client: Client, number: str) -> None:
    own, like = town("Hier"), town("Gleich")
    ProjectPageFactory(parent=like)
    assert client.get(f"/kommunen-wie-wir/{own.pk}/?seite={number}&land=eigenes").status_code == 200
