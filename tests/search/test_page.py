"""The search page: what a visitor types or chooses is answered, whatever it is, and by whichever engine."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction

from projects.models import Artefact
from projects.removal.entries import merge
from search.engines import Document, Engine, PageDocuments
from search.indexing.outbox import drain
from search.models import OutboxEntry, Synonym
from search.query.parameters import LAST_PAGE, PAGE_SIZE, QUERY_MAX_LENGTH
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    ProjectPageFactory,
    TagFactory,
    artefact,
    field_of_action,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def ask(client: Client, *pairs: tuple[str, str]) -> Any:
    response = client.get(f"/suche/?{urlencode(pairs)}")
    assert response.status_code == 200
    return response


def titles(response: Any) -> list[str]:
    return [hit.title for hit in response.context["hits"]]


def counts(response: Any, facet: str) -> dict[str, int]:
    views = {view.name: view for view in response.context["facets"]}
    return {option.value: option.count for option in views[facet].options} if facet in views else {}


def test_a_german_query_finds_the_project(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Intelligente Straßenbeleuchtung")
    ProjectPageFactory(title="Hallenbuchung")
    drain()
    for q in ("Strassenbeleuchtung", "beleuchtung straße", "STRASSENBELEUCHTUNGEN", "Straßenbeleuchtnug"):
        assert titles(ask(client, ("q", q))) == ["Intelligente Straßenbeleuchtung"], q


def test_a_corrected_word_is_named(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Hochwasser")
    drain()
    response = ask(client, ("q", "Hochwaser"))
    assert b"Hochwaser" in response.content
    assert [(found.typed, found.meant) for found in response.context["corrections"]] == [("Hochwaser", "Hochwasser")]
    assert titles(response) == ["Hochwasser"]


def test_synonyms_changed_by_another_process_count_for_the_very_next_page(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Lichtsignalanlage")
    drain()
    assert titles(ask(client, ("q", "Quombel"))) == []
    # In bulk no signal is sent, just as none comes from another process.
    Synonym.objects.bulk_create([Synonym(words="Quombel, Lichtsignalanlage")])
    assert titles(ask(client, ("q", "Quombel"))) == ["Lichtsignalanlage"]
    Synonym.objects.filter(words__startswith="Quombel").update(words="Quombel, Seilbahn", changed_at=timezone.now())
    assert titles(ask(client, ("q", "Quombel"))) == []


def test_a_page_sends_few_statements_once_everything_is_known(
    engine: Engine, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ProjectPageFactory(title="Ampel", tags=[TagFactory()], children={"artefacts": [artefact()]})
    drain()
    for _call in range(2):
        ask(client, ("q", "Ampel"))
    with django_assert_max_num_queries(7):
        assert len(titles(ask(client, ("q", "Ampel")))) == 2


def test_a_project_is_found_by_its_place(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel", parent__municipality__name="Großefehn", parent__title="Großefehn")
    drain()
    assert "Ampel" in titles(ask(client, ("q", "Ampel Grossefehn")))


def test_synonyms_of_the_staff_work_at_once(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Rollstuhlrampe")
    drain()
    assert titles(ask(client, ("q", "Auffahrhilfe"))) == []
    synonym = Synonym.objects.create(words="Auffahrhilfe, Rollstuhlrampe")
    assert titles(ask(client, ("q", "Auffahrhilfe"))) == ["Rollstuhlrampe"]
    synonym.delete()
    assert titles(ask(client, ("q", "Auffahrhilfe"))) == []


def test_filters_of_one_facet_are_alternatives_and_their_counts_stay(engine: Engine, client: Client) -> None:
    for phase in ("P1", "P1", "P2", "P3"):
        ProjectPageFactory(phase=phase)
    drain()
    response = ask(client, ("phase", "P1"), ("phase", "P2"), ("typ", "projekt"))
    assert response.context["total"] == 3
    assert counts(response, "phase") == {"P1": 2, "P2": 1, "P3": 1}
    assert counts(response, "typ") == {"projekt": 3}


def test_every_filter_finds_what_carries_it(engine: Engine, client: Client) -> None:
    tag = TagFactory(slug="laterne")
    ProjectPageFactory(
        title="Ampel",
        phase="P2",
        openness="gesucht",
        tags=[tag],
        m2m={"fields_of_action": [field_of_action("mobilitaet")]},
        children={"artefacts": [artefact(title="Vergabe", kind="leistungsverzeichnis")]},
    )
    drain()
    for facet, value in {
        "handlungsfeld": "mobilitaet",
        "phase": "P2",
        "partner": "gesucht",
        "tag": "laterne",
        "artefakt": "leistungsverzeichnis",
        "lizenz": "EUPL-1.2",
    }.items():
        assert sorted(titles(ask(client, (facet, value)))) == ["Ampel", "Vergabe"], facet
    for facet, value in {"land": "03", "groesse": "kleinstadt"}.items():
        assert len(titles(ask(client, (facet, value)))) == 3, facet


def test_active_filters_can_be_removed_one_by_one(engine: Engine, client: Client) -> None:
    ProjectPageFactory(phase="P1")
    drain()
    response = ask(client, ("q", "Projekt"), ("phase", "P1"), ("land", "03"))
    assert [chip.url for chip in response.context["chips"]] == ["?q=Projekt&land=03", "?q=Projekt&phase=P1"]
    assert response.context["chips"][1].label == "Niedersachsen"
    assert response.context["without_filters"] == "?q=Projekt"


def test_choosing_a_facet_never_adds_hits(engine: Engine, client: Client) -> None:
    def indexed(number: int, title: str, phase: str) -> PageDocuments:
        facets = {"phase": (phase,)}
        return PageDocuments(number, (Document(f"projekt-{number}", number, title, "", "public", 0, "", facets),))

    engine.write([indexed(number, "Grüne Ampel", "P1" if number < 2 else "P3") for number in range(25)])
    engine.write([indexed(100, "Ampel allein", "P1")])
    everything = ask(client, ("q", "grüne Ampel"))
    chosen = ask(client, ("q", "grüne Ampel"), ("phase", "P1"))
    assert chosen.context["total"] == counts(everything, "phase")["P1"] == 2


def test_unknown_values_are_left_out_with_a_notice(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    response = ask(client, ("phase", "P9"), ("land", "<b>"), ("sort", "zufall"), ("typ", "projekt"))
    assert titles(response) == ["Ampel"]
    assert "P9" in response.context["notices"][0]
    assert b"<b>" not in response.content


def test_a_long_query_is_cut_with_a_notice(engine: Engine, client: Client) -> None:
    response = ask(client, ("q", "ampel " * 2_000))
    assert len(response.context["parameters"].q) <= QUERY_MAX_LENGTH
    assert str(QUERY_MAX_LENGTH) in response.context["notices"][0]


def test_an_old_link_to_a_merged_field_of_action_leads_to_its_successor(engine: Engine, client: Client) -> None:
    old, new = field_of_action("mobilitaet"), field_of_action("bildung")
    merge(old, new)
    response = client.get(f"/suche/?q=a&handlungsfeld={old.slug}")
    assert response.status_code == 302
    assert response["Location"] == f"/suche/?q=a&handlungsfeld={new.slug}"


def test_an_old_link_to_a_merged_tag_leads_to_its_successor(engine: Engine, client: Client) -> None:
    old, new = TagFactory(slug="alt"), TagFactory(slug="neu")
    ProjectPageFactory(tags=[old])
    merge(old, new)
    response = client.get("/suche/?q=a&tag=alt&seite=2")
    assert response.status_code == 302
    assert response["Location"] == "/suche/?q=a&tag=neu&seite=2"


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e9", "1000000000", "9" * 5_000, "²", ""])
def test_a_page_that_does_not_exist_shows_one_that_does(engine: Engine, client: Client, number: str) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    assert titles(ask(client, ("seite", number), ("typ", "projekt"))) == ["Ampel"]


def test_nobody_reads_deeper_than_the_last_page(engine: Engine, client: Client) -> None:
    many = [
        PageDocuments(number, (Document(f"projekt-{number}", number, "Ampel", "", "public", 0),))
        for number in range(1, LAST_PAGE * PAGE_SIZE + 100)
    ]
    engine.write(many)
    response = ask(client, ("q", "Ampel"), ("seite", "1000000"))
    assert response.context["page_obj"].number == LAST_PAGE
    assert response.context["is_cut"]


MARKUP = '<script>alert(1)</script> "><img src=x onerror=alert(1)> &lt;b&gt;'


def test_markup_in_a_query_or_a_text_is_shown_and_not_run(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title=f"Ampel {MARKUP}", summary=f"alert {MARKUP}")
    drain()
    page = ask(client, ("q", f"Ampel alert {MARKUP}")).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(<mark>1</mark>)" in page


def test_results_need_a_fixed_number_of_queries(
    engine: Engine, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def publish(number: int) -> None:
        ProjectPageFactory(title=f"Ampel {number}", tags=[TagFactory()], children={"artefacts": [artefact()]})
        ArticlePageFactory(title=f"Ampel {number}")

    publish(0)
    drain()
    ask(client, ("q", "Ampel"))
    with django_assert_max_num_queries(40) as few:
        ask(client, ("q", "Ampel"))
    most = len(few.captured_queries)
    for number in range(1, 4):
        publish(number)
    drain()
    ask(client, ("q", "Ampel"))
    with django_assert_max_num_queries(most):
        assert len(titles(ask(client, ("q", "Ampel")))) >= 8


def test_a_hit_whose_page_is_no_longer_public_is_not_shown(engine: Engine, client: Client) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    assert titles(ask(client, ("q", "Ampel"))) == ["Ampel"]
    type(project).objects.filter(pk=project.pk).update(live=False)
    assert titles(ask(client, ("q", "Ampel"))) == []


def test_addresses_and_names_are_those_of_the_database(engine: Engine, client: Client) -> None:
    tag = TagFactory(name="Alt")
    project = ProjectPageFactory(title="Ampel", tags=[tag])
    drain()
    OutboxEntry.objects.all().delete()
    type(tag).objects.update(name="Neu")
    body = project.public_body
    body.slug = "anders"
    body.save()
    page = ask(client, ("q", "Ampel")).content.decode()
    assert "/anders/" in page
    assert ">Neu<" in page


def test_without_a_choice_words_sort_by_relevance_and_the_rest_by_date(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel Ampel")
    ProjectPageFactory(title="Neu", summary="mit Ampel")
    drain()
    assert titles(ask(client, ("q", "Ampel"), ("sort", ""))) == ["Ampel Ampel", "Neu"]
    assert titles(ask(client, ("q", "Ampel"), ("sort", "neueste"))) == ["Neu", "Ampel Ampel"]
    assert titles(ask(client, ("typ", "projekt"), ("sort", ""))) == ["Neu", "Ampel Ampel"]
    assert titles(ask(client, ("typ", "projekt"), ("sort", "titel"))) == ["Ampel Ampel", "Neu"]


def test_an_empty_answer_helps_on(engine: Engine, client: Client) -> None:
    response = ask(client, ("q", "xqzwv"), ("phase", "P1"))
    assert response.context["total"] == 0
    assert b'href="?q=xqzwv"' in response.content


def test_only_stop_words_find_nothing(engine: Engine, client: Client) -> None:
    ProjectPageFactory()
    drain()
    assert ask(client, ("q", "und oder")).context["total"] == 0


def test_without_an_engine_there_is_a_plain_list_and_a_notice(settings: Any, tmp_path: Any, client: Client) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    ProjectPageFactory(title="Ampel am Markt")
    ProjectPageFactory(title="Bank")
    response = ask(client, ("q", "ampel"), ("seite", "99"))
    assert response.context["is_outage"]
    assert b"Ampel am Markt" in response.content
    assert b">Bank<" not in response.content
    assert client.get("/suche/vorschlaege/?q=amp").json() == {"suggestions": []}


def test_suggestions_complete_words_and_name_pages(engine: Engine, client: Client) -> None:
    project = ProjectPageFactory(title="Bürgerbeteiligung online")
    drain()
    found = client.get("/suche/vorschlaege/", {"q": "online buergerbet"}).json()["suggestions"]
    assert found[0]["text"] == "online Bürgerbeteiligung"
    assert {"text": project.title, "url": project.get_url()}.items() <= found[1].items()


def test_what_was_deleted_or_unpublished_since_is_not_suggested(engine: Engine, client: Client) -> None:
    project = ProjectPageFactory(title="Quombelmelder", children={"artefacts": [artefact(title="Quombelsatzung")]})
    drain()
    Artefact.objects.filter(project=project).delete()
    found = client.get("/suche/vorschlaege/", {"q": "quombel"}).json()["suggestions"]
    assert [suggestion["text"] for suggestion in found if suggestion["kind"]] == ["Quombelmelder"]
    Page.objects.filter(pk=project.pk).update(live=False)
    found = client.get("/suche/vorschlaege/", {"q": "quombel"}).json()["suggestions"]
    assert not [suggestion for suggestion in found if suggestion["kind"]]


def test_suggestions_know_public_content_only(engine: Engine, client: Client) -> None:
    project = ProjectPageFactory(title="Geheimprojekt")
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    drain()
    assert engine.count(audience="members") == 2
    assert client.get("/suche/vorschlaege/", {"q": "Geheimp"}).json() == {"suggestions": []}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_search_is_only_read(engine: Engine, client: Client, method: str) -> None:
    assert getattr(client, method)("/suche/").status_code == 405


def test_searching_sets_no_cookie(engine: Engine, client: Client) -> None:
    BodyPageFactory()
    assert not ask(client, ("q", "Ampel")).cookies
