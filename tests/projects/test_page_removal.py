"""A deleted page is gone for everybody; for 30 days it is brought back with everything that hung on it."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry, Site

from knowledge.models import HomePage
from pages.protection import ProtectedPageError
from people.privacy import personal_data
from people.privacy.retention import apply as apply_retention
from people.rights import set_direct_publishing
from projects.models import BodyPage, Freshness, ImportRecord, ProjectPage, RemovedPage
from projects.removal.entries import RemovalError
from projects.removal.page_removal import restore
from projects.removal.undo_views import UndoMenuItem
from search.indexing.outbox import drain
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    administrator,
    editor_of,
    staff_member,
)
from tests.people.stage import Stage
from tests.projects.test_removal import related

pytestmark = pytest.mark.django_db

TRASH = "/admin/geloescht/"
# What a deletion and its undoing leave behind by themselves: the history, and the index's list of what to do.
LEAVE = frozenset({"wagtailcore.PageLogEntry", "search.OutboxEntry"})


def stored() -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every table."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in LEAVE
        for row in model._base_manager.values()
    }


def deleted(page: Page, user: Any = None) -> RemovedPage:
    page.delete(user=user)
    return RemovedPage.objects.get(page_id=page.pk)


def actions_on(page: Page) -> list[str]:
    return list(PageLogEntry.objects.filter(page_id=page.pk).order_by("pk").values_list("action", flat=True))


# --- everything goes, and everything comes back -----------------------------------------------------------------------


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("name", ["project", "draft", "body", "other"])
def test_every_row_is_back_as_it_was(name: str) -> None:
    stage = Stage()
    page, who = getattr(stage, name), stage.people["administrator"]
    before = stored()
    removed = deleted(page, who)
    gone = set(before) - set(stored())
    assert {label for label, _number in gone} >= {"wagtailcore.Page", page._meta.label}
    restore(removed, who)
    after = stored()
    assert {key: row for key, row in before.items() if after.get(key) != row} == {}
    assert set(after) == set(before)
    assert actions_on(page)[-2:] == ["wagtail.delete", "projects.restore_page"]


@pytest.mark.usefixtures("media")
def test_what_a_plan_said_is_back_and_its_alliance_waits_as_a_draft() -> None:
    """As after a plan was withdrawn: what told of it in public is shown again by its people."""
    stage = Stage()
    before = stored()
    restore(deleted(stage.plan.project))
    after = stored()
    changed = {key[0] for key, row in before.items() if after.get(key) != row}
    assert changed <= {"wagtailcore.Page", "projects.AlliancePage"}
    assert set(after) >= set(before)


@pytest.mark.usefixtures("media", "wagtail_indexes")
def test_by_whatever_way_a_page_is_deleted_it_can_be_brought_back(client: Client) -> None:
    one, two, three, four = (ProjectPageFactory(title=f"Radweg {number}") for number in range(4))
    client.force_login(staff_member())
    client.post(f"/admin/pages/{one.pk}/delete/")
    client.post(f"/admin/bulk/wagtailcore/page/delete/?id={two.pk}")
    client.post(f"/admin/api/main/pages/{three.pk}/action/delete/")
    four.delete()
    for page in (one, two, three, four):
        assert not Page.objects.filter(pk=page.pk).exists()
        restore(RemovedPage.objects.get(page_id=page.pk))
        assert ProjectPage.objects.get(pk=page.pk).title == page.title
    assert not RemovedPage.objects.exists()


@pytest.mark.usefixtures("engine")
def test_in_between_nobody_finds_it_and_afterwards_everybody_does(client: Client) -> None:
    body = BodyPageFactory()
    project = ProjectPageFactory(parent=body, title="Quastenflosser", revised=True)
    article = ArticlePageFactory(children={"related_projects": [related(project)]})

    def places() -> list[bool]:
        drain()
        pages = [
            client.get(address).content.decode() for address in ("/suche/?q=Quastenflosser", body.url, article.url)
        ]
        return [project.url in page for page in pages]

    assert places() == [True, True, True]
    removed = deleted(project)
    assert places() == [False, False, False]
    assert client.get(project.url).status_code == HTTPStatus.NOT_FOUND
    restore(removed)
    assert places() == [True, True, True]
    assert client.get(project.url).status_code == HTTPStatus.OK
    assert Freshness.objects.get(page=project.pk).confirmed_at < removed.removed_at, "nobody has looked at it again"


def test_what_somebody_else_has_deleted_in_the_meantime_is_kept_once() -> None:
    page = ProjectPageFactory()
    ProjectPage.objects.get(pk=page.pk).delete()
    page.delete()
    assert RemovedPage.objects.get().page_id == page.pk


def test_what_somebody_else_has_moved_in_the_meantime_is_kept_and_nothing_that_took_its_place() -> None:
    body, other = BodyPageFactory(), BodyPageFactory()
    page = ProjectPageFactory(parent=body)
    ProjectPage.objects.get(pk=page.pk).move(other, pos="last-child")
    newer = ProjectPageFactory(parent=BodyPage.objects.get(pk=body.pk), title="Steht jetzt dort")
    assert newer.path == page.path, "as it was loaded"
    removed = deleted(page)
    assert (removed.parent_id, removed.pages) == (other.pk, 1)
    assert "Steht jetzt dort" not in removed.rows
    restore(removed)
    assert ProjectPage.objects.get(pk=page.pk).public_body == other


def test_an_import_knows_the_page_again() -> None:
    project = ProjectPageFactory()
    record = ImportRecord.objects.create(source_id="a", page=project, digest="b")
    removed = deleted(project)
    record.refresh_from_db()
    assert record.page is None
    restore(removed)
    record.refresh_from_db()
    assert record.page == project


def test_of_a_page_that_is_protected_nothing_is_kept() -> None:
    with pytest.raises(ProtectedPageError):
        HomePage.objects.get().delete()
    assert not RemovedPage.objects.exists()


def test_it_comes_back_although_its_place_and_its_address_are_taken() -> None:
    body = BodyPageFactory()
    first, second = ProjectPageFactory(parent=body, title="Radweg"), ProjectPageFactory(parent=body)
    removed = deleted(second), deleted(first)
    newer = ProjectPageFactory(parent=BodyPage.objects.get(pk=body.pk), title="Radweg", slug=first.slug)
    for one in removed:
        restore(one)
    first, second = (ProjectPage.objects.get(pk=page.pk) for page in (first, second))
    assert len({page.path for page in (first, second, newer)}) == 3
    assert first.slug != newer.slug
    assert first.url_path == f"{body.url_path}{first.slug}/"
    assert {page.pk for page in BodyPage.objects.get(pk=body.pk).get_children()} == {first.pk, second.pk, newer.pk}
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_body_comes_back_with_its_projects_where_the_list_of_bodies_is_now() -> None:
    body = BodyPageFactory()
    project = ProjectPageFactory(parent=body)
    removed = deleted(body)
    BodyPageFactory()  # has taken its place in the tree
    restore(removed)
    project = ProjectPage.objects.get(pk=project.pk)
    assert project.public_body == body
    assert project.url_path.startswith(BodyPage.objects.get(pk=body.pk).url_path)
    assert Page.find_problems() == ([], [], [], [], [])


def test_what_it_belonged_to_and_is_gone_since_keeps_nothing_from_coming_back() -> None:
    project = ProjectPageFactory(revised=True)
    person = staff_member()
    Page.objects.filter(pk=project.pk).update(owner=person)
    removed = deleted(project, person)
    person.delete()
    restore(removed)
    assert ProjectPage.objects.get(pk=project.pk).owner is None


def test_of_what_hung_on_it_only_that_stays_away_whose_place_is_taken() -> None:
    project, site = ProjectPageFactory(revised=True), Site.objects.get()
    for path in ("/alt", "/aelter"):
        Redirect.objects.create(old_path=path, redirect_page=project, site=site)
    removed = deleted(project)
    newer = Redirect.objects.create(old_path="/alt", redirect_link="/", site=site)
    restore(removed)
    assert Redirect.objects.get(old_path="/alt") == newer
    assert Redirect.objects.get(old_path="/aelter").redirect_page_id == project.pk


def test_a_unit_that_has_another_page_by_now_has_no_second_one() -> None:
    unit = MunicipalityFactory()
    removed = deleted(BodyPageFactory(municipality=unit))
    BodyPageFactory(municipality=unit)
    with pytest.raises(RemovalError):
        restore(removed)
    assert RemovedPage.objects.filter(pk=removed.pk).exists()
    assert BodyPage.objects.filter(municipality=unit).count() == 1


# --- who may ----------------------------------------------------------------------------------------------------------


def addresses(removed: RemovedPage) -> tuple[str, str]:
    return f"{TRASH}seite/{removed.pk}/", f"{TRASH}seite/{removed.pk}/endgueltig/"


def test_editors_bring_back_what_they_might_delete(client: Client) -> None:
    body = BodyPageFactory()
    editor = editor_of(body)
    client.force_login(editor)
    draft = ProjectPageFactory(parent=body, live=False, title="Vertraulicher Entwurf")
    told = client.post(f"/admin/pages/{draft.pk}/delete/", follow=True).content.decode()
    assert "rückgängig" in told
    assert f'href="{TRASH}"' in told
    removed = RemovedPage.objects.get()
    assert removed.removed_by == editor
    back, _for_good = addresses(removed)
    assert "Vertraulicher Entwurf" in client.get(TRASH).content.decode()
    assert client.get(back).status_code == 200
    client.post(back)
    assert ProjectPage.objects.filter(pk=draft.pk, live=False).exists()


def test_what_others_deleted_costs_an_editor_nothing(rf: Any, django_assert_max_num_queries: Any) -> None:
    """The menu of every page of the admin asks."""
    body = BodyPageFactory()
    editor = editor_of(body)
    for _number in range(5):
        deleted(ProjectPageFactory(live=False))
    request = rf.get(TRASH)
    request.user = editor
    with django_assert_max_num_queries(25) as asked:
        assert not UndoMenuItem("", TRASH).is_shown(request)
    assert not [query for query in asked.captured_queries if '"rows"' in query["sql"]]
    own = deleted(ProjectPageFactory(parent=body, live=False))
    assert own.rows
    with CaptureQueriesContext(connection) as asked:
        assert UndoMenuItem("", TRASH).is_shown(request)
    assert not [query for query in asked.captured_queries if '"rows"' in query["sql"]]


@pytest.mark.parametrize("is_live", [True, False])
def test_nobody_else_reads_of_it_or_brings_it_back(client: Client, is_live: bool) -> None:
    body = BodyPageFactory()
    removed = deleted(ProjectPageFactory(parent=body, live=is_live, title="Vertraulicher Entwurf"))
    strangers = [editor_of(BodyPageFactory())]
    if is_live:
        strangers.append(editor_of(body))  # may not publish
    for person in strangers:
        client.force_login(person)
        assert client.get(TRASH).status_code == 302
        assert "Vertraulicher" not in client.get(TRASH, follow=True).content.decode()
        for address in addresses(removed):
            assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert RemovedPage.objects.exists()


def test_a_body_that_publishes_directly_brings_back_what_was_public(client: Client) -> None:
    body = BodyPageFactory()
    set_direct_publishing(body.team, True)
    removed = deleted(ProjectPageFactory(parent=body))
    client.force_login(editor_of(body))
    back, for_good = addresses(removed)
    assert client.get(for_good).status_code == 404
    client.post(back)
    assert ProjectPage.objects.filter(pk=removed.page_id, live=True).exists()


def test_staff_delete_for_good_after_a_question(client: Client) -> None:
    person = staff_member()
    client.force_login(person)
    removed = deleted(ProjectPageFactory(title="Radweg"))
    back, for_good = addresses(removed)
    assert f'href="{for_good}"' in client.get(TRASH).content.decode()
    assert "Radweg" in client.get(for_good).content.decode()
    assert RemovedPage.objects.exists()
    client.post(for_good)
    assert not RemovedPage.objects.exists()
    entry = PageLogEntry.objects.get(action="projects.forget_page")
    assert (entry.page_id, entry.user, entry.message) == (removed.parent_id, person, "Endgültig gelöscht: „Radweg“")
    assert "Nichts wurde geändert" in client.post(back, follow=True).content.decode()
    assert not Page.objects.filter(pk=removed.page_id).exists()


def test_where_the_page_above_is_gone_another_one_is_chosen(client: Client) -> None:
    body, other = BodyPageFactory(), BodyPageFactory()
    removed = deleted(ProjectPageFactory(parent=body))
    of_body = deleted(body)
    client.force_login(administrator())
    back, _for_good = addresses(removed)
    assert "zuerst" in client.get(back).content.decode()
    client.post(back)
    client.post(back, {"parent": ArticlePageFactory().pk})
    assert RemovedPage.objects.count() == 2, "not below whatever page"
    client.post(back, {"parent": other.pk})
    assert ProjectPage.objects.get(pk=removed.page_id).public_body == other
    client.post(addresses(of_body)[0])
    assert BodyPage.objects.filter(pk=body.pk).exists()


# --- how long, and what of persons ------------------------------------------------------------------------------------


def test_after_thirty_days_it_is_gone(client: Client) -> None:
    old, young = deleted(ProjectPageFactory()), deleted(ProjectPageFactory())
    RemovedPage.objects.filter(pk=old.pk).update(removed_at=timezone.now() - timedelta(days=31))
    client.force_login(administrator())
    client.post(addresses(old)[0])
    assert not Page.objects.filter(pk=old.page_id).exists()
    assert apply_retention(is_rehearsal=True).removals == 1
    assert apply_retention().removals == 1
    assert list(RemovedPage.objects.all()) == [young]


def test_who_is_erased_is_erased_from_deleted_pages_too() -> None:
    body = BodyPageFactory()
    person = editor_of(body, email="erika@stadt.example")
    named = {"contact_name": "Erika Muster", "contact_email": "Erika@stadt.example"}
    project = ProjectPageFactory(parent=body, revised=True, **named)
    other = deleted(ProjectPageFactory(parent=body))
    removed = deleted(project)
    told = personal_data.export(person)
    assert [one["contact_name"] for one in told["contact_of_projects"]] == ["Erika Muster"]
    assert not Page.objects.filter(pk=project.pk).exists()
    personal_data.erase(person)
    removed.refresh_from_db()
    assert "erika" not in removed.rows.lower()
    assert removed.people == []
    assert not Page.objects.filter(pk=project.pk).exists()
    restore(removed)
    assert ProjectPage.objects.get(pk=project.pk).contact_name == body.title
    assert RemovedPage.objects.get() == other


def test_what_cannot_be_put_back_to_erase_a_person_from_it_is_deleted_for_good() -> None:
    body = BodyPageFactory()
    person = editor_of(BodyPageFactory(), email="erika@stadt.example")
    project = ProjectPageFactory(parent=body, contact_email=person.email)
    deleted(project)
    of_body = deleted(body)
    of_body.delete()
    personal_data.erase(person)
    assert not RemovedPage.objects.exists()
