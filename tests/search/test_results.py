"""What an engine found, joined with the database: what is shown is of this moment, in a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from projects.models import FieldOfAction, Freshness, FreshnessState, ProjectTag
from search.engines import EngineHit
from search.indexing.documents import from_page
from search.kinds.registry import kinds
from search.results.hits import Hit, join
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    ProjectPageFactory,
    TagFactory,
    artefact,
)

pytestmark = pytest.mark.django_db


def hits_of(*pages: Page) -> list[EngineHit]:
    """Every document of the pages, as an engine would find it."""
    return [
        EngineHit(document.key, document.page_id, 1.0, document.title, document.content)
        for page in pages
        for document in from_page(page)
    ]


def shown(*pages: Page) -> list[Hit]:
    return join(hits_of(*pages), ())


def everything() -> list[Page]:
    project = ProjectPageFactory(
        title="Ampel",
        openness="gesucht",
        tags=[TagFactory(name="Verkehr", slug="verkehr")],
        children={"artefacts": [artefact(title="Satzung", kind="satzung", licence="CC0-1.0")]},
        parent__title="Aurich",
    )
    return [project, ArticlePageFactory(title="Leitfaden"), BodyPageFactory(title="Celle")]


def test_every_kind_of_hit_says_what_it_is_and_where_it_belongs() -> None:
    pages = everything()
    project, work, article, body = shown(*pages)
    place = pages[0].public_body.place_label
    assert (project.title, project.place, project.phase) == ("Ampel", f"Aurich · {place}", "P3")
    assert (project.is_seeking_partners, [tag.name for tag in project.tags]) == (True, ["Verkehr"])
    assert (work.title, work.project, work.place) == ("Satzung", "Ampel", project.place)
    assert (work.kind_name, work.kind_language, work.licence) == ("Satzung", "de", "CC0-1.0")
    assert (article.title, article.kind_name) == ("Leitfaden", "Wissen")
    assert (body.title, body.kind_name, body.place) == ("Celle", pages[2].get_kind_display(), pages[2].place_label)


def test_addresses_are_those_of_the_pages() -> None:
    pages = everything()
    request = RequestFactory().get("/suche/")
    found = {hit.key: hit.url for hit in join(hits_of(*pages), (), request)}
    work = pages[0].artefacts.get()
    assert found == {
        f"projekt-{pages[0].pk}": pages[0].get_url(request),
        f"artefakt-{work.uuid}": work.get_absolute_url(),
        f"wissen-{pages[1].pk}": pages[1].get_url(request),
        f"stelle-{pages[2].pk}": pages[2].get_url(request),
    }


def test_a_page_of_another_site_has_its_whole_address() -> None:
    elsewhere = BodyPageFactory(title="Celle")
    Site.objects.create(hostname="celle.example.org", root_page=elsewhere)
    project = ProjectPageFactory(parent=elsewhere, slug="ampel")
    request = RequestFactory().get("/suche/")
    assert [hit.url for hit in join(hits_of(project), ())] == ["http://celle.example.org/ampel/"]
    assert [hit.url for hit in join(hits_of(project), (), request)] == [project.get_url(request)]


def test_what_changed_since_it_was_indexed_is_shown_as_it_is_now() -> None:
    project = everything()[0]
    hits = hits_of(project)[:1]
    Page.objects.filter(pk=project.pk).update(title="Ampel, neu", url_path=project.url_path.replace("projekt", "neu"))
    ProjectTag.objects.filter(slug="verkehr").update(name="Mobilität")
    Page.objects.filter(pk=project.get_parent().pk).update(title="Norden")
    (hit,) = join(hits, ())
    assert (hit.title, hit.place.partition(" · ")[0], hit.tags[0].name) == ("Ampel, neu", "Norden", "Mobilität")
    assert "/neu" in hit.url


@pytest.mark.parametrize("above", [False, True])
def test_what_may_no_longer_be_read_is_not_shown(above: bool) -> None:
    project = everything()[0]
    hits = hits_of(project)
    assert len(join(hits, ())) == 2
    restricted = project.get_parent() if above else project
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    assert join(hits, ()) == []


def test_an_unpublished_page_and_a_deleted_artefact_are_not_shown() -> None:
    pages = everything()
    hits = hits_of(*pages)
    pages[0].artefacts.get().delete()
    Page.objects.filter(pk__in=[pages[1].pk, pages[2].pk]).update(live=False)
    assert [hit.title for hit in join(hits, ())] == ["Ampel"]


def test_the_number_of_queries_does_not_grow_with_the_hits() -> None:
    few = hits_of(*everything())
    join(few, ())  # remembers where the sites begin
    with CaptureQueriesContext(connection) as before:
        join(few, ())
    further = [
        ProjectPageFactory(tags=[TagFactory()], children={"artefacts": [artefact(), artefact()]})
        for _number in range(3)
    ]
    many = [*few, *hits_of(*further, ArticlePageFactory(), BodyPageFactory())]
    with CaptureQueriesContext(connection) as after:
        assert len(join(many, ())) == len(many)
    assert len(after) == len(before) <= 8


def facet_names(facet: str, *wanted: str) -> dict[str, str]:
    return next(each for each in kinds.facets if each.name == facet).names(wanted)


def test_names_of_facets_are_not_asked_for_again_at_once(django_assert_num_queries: Any) -> None:
    facet_names("handlungsfeld")
    with django_assert_num_queries(0):
        facet_names("handlungsfeld")


def test_a_renamed_term_is_shown_at_once() -> None:
    before = facet_names("handlungsfeld")["mobilitaet"]
    term = FieldOfAction.objects.get(slug="mobilitaet")
    term.name = f"{before} und Verkehr"
    term.save()
    assert facet_names("handlungsfeld")["mobilitaet"] == f"{before} und Verkehr"


def test_a_term_another_process_added_can_be_filtered_by() -> None:
    facet_names("handlungsfeld")
    FieldOfAction.objects.bulk_create([FieldOfAction(name="Raumfahrt", slug="raumfahrt")])
    assert facet_names("handlungsfeld", "raumfahrt")["raumfahrt"] == "Raumfahrt"


def test_hit_says_how_long_nobody_confirmed_it_once_that_is_due() -> None:
    pages = everything()
    about = Freshness.objects.filter(page=pages[0].pk)
    about.update(confirmed_at=timezone.now() - timedelta(days=800))
    assert [hit.age for hit in shown(*pages)] == ["", "", "", ""]
    about.update(state=FreshnessState.DUE)
    age = about.get().age
    assert "26" in age
    assert [hit.age for hit in shown(*pages)] == [age, age, "", ""], "a result is as old as its project"
    about.update(state=FreshnessState.ORPHANED)
    assert shown(*pages)[0].age == "Verwaist"
