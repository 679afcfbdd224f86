"""Pages the platform cannot be without are taken away by nobody, unless an administrator lifts their protection."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from knowledge.models import HomePage, KnowledgeIndexPage, StandardPage
from pages.protection import ProtectedPageError
from projects.models import BodyIndexPage
from tests.factories import ArticlePageFactory, administrator, home, staff_member

pytestmark = pytest.mark.django_db

WHY = "Nichts wurde geändert. Diese Seiten sind geschützt"
PEOPLE = {"staff": staff_member, "administrator": administrator}


def imprint() -> StandardPage:
    return StandardPage.objects.get(slug="impressum")


def protected() -> list[Page]:
    return [home(), BodyIndexPage.objects.get(), KnowledgeIndexPage.objects.get(), *StandardPage.objects.all()]


def state(page: Page) -> tuple[Any, ...]:
    return Page.objects.values_list("live", "path", "slug", "url_path", "expire_at").get(pk=page.pk)


def form_of(client: Client, page: Page) -> dict[str, Any]:
    """What the editor's form has at first, without its inline children."""
    answer = client.get(f"/admin/pages/{page.pk}/edit/")
    assert answer.status_code == 200
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    for formset in form.formsets.values():
        sent |= {f"{formset.prefix}-{name}": value for name, value in formset.management_form.initial.items()}
    return {name: value for name, value in sent.items() if isinstance(value, str | int) and value is not False}


def test_the_first_pages_of_an_installation_are_protected() -> None:
    assert len(protected()) == 8
    assert [page.title for page in protected() if not page.is_protected] == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("address", ["{}/unpublish/", "{}/delete/", "{}/move/", "{}/move/{parent}/confirm/"])
def test_a_protected_page_is_taken_away_by_nobody_and_everybody_reads_why(
    client: Client, who: str, address: str
) -> None:
    client.force_login(PEOPLE[who]())
    for page in (home(), imprint()):
        before = state(page)
        path = f"/admin/pages/{address.format(page.pk, parent=KnowledgeIndexPage.objects.get().pk)}"
        for answer in (client.get(path, follow=True), client.post(path, {"include_descendants": "on"}, follow=True)):
            assert answer.status_code == 200
            if "confirm" not in address:
                assert WHY in answer.content.decode()
        assert state(page) == before


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", ["unpublish", "delete", "move"])
def test_no_bulk_action_takes_a_protected_page_away(client: Client, who: str, action: str) -> None:
    client.force_login(PEOPLE[who]())
    free = StandardPage(title="Hinweise", slug="hinweise")
    home().add_child(instance=free)
    numbers = "&".join(f"id={page.pk}" for page in (imprint(), free))
    before = state(imprint())
    path = f"/admin/bulk/wagtailcore/page/{action}/?{numbers}"
    answer = client.get(path)
    assert answer.status_code == 200
    assert WHY in answer.content.decode()
    assert "„Impressum“" in answer.content.decode()
    client.post(path, {"include_descendants": "on", "chooser": imprint().pk})
    assert state(imprint()) == before


def test_the_interface_of_the_admin_takes_no_protected_page_away(client: Client) -> None:
    client.force_login(administrator())
    page, before = imprint(), state(imprint())
    for action, data in (
        ("unpublish", {"recursive": True}),
        ("delete", {}),
        ("move", {"destination_page_id": KnowledgeIndexPage.objects.get().pk, "position": "last-child"}),
    ):
        path = f"/admin/api/main/pages/{page.pk}/action/{action}/"
        answer = client.post(path, data, content_type="application/json")
        assert answer.status_code == 403, action
    assert state(page) == before


def test_nothing_below_the_admin_takes_a_protected_page_away() -> None:
    page, before = imprint(), state(imprint())
    plain = Page.objects.get(pk=page.pk)
    renamed = imprint()
    renamed.slug = "anders"
    for take_away in (
        page.unpublish,
        plain.unpublish,
        page.delete,
        plain.delete,
        home().delete,
        Page.objects.filter(pk=page.pk).delete,
        lambda: page.move(KnowledgeIndexPage.objects.get(), pos="last-child"),
        lambda: home().move(page, pos="last-child"),
        renamed.save,
    ):
        with transaction.atomic(), pytest.raises(ProtectedPageError, match="geschützt"):
            take_away()
    assert state(page) == before


def test_the_form_refuses_another_address_and_a_last_day_beside_their_fields(client: Client) -> None:
    client.force_login(administrator())
    page, before = imprint(), state(imprint())
    sent = form_of(client, page) | {
        "slug": "impressum-neu",
        "expire_at": "01.12.2031 10:00",
        "title": "Anderes Impressum",
    }
    answer = client.post(f"/admin/pages/{page.pk}/edit/", {**sent, "action-publish": "1"})
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert set(errors) == {"slug", "expire_at"}
    assert "geschützt" in str(errors["slug"])
    assert answer.context["form"]["title"].value() == "Anderes Impressum"
    assert state(page) == before


def test_a_first_publication_by_the_clock_does_not_take_the_page_down_until_then(client: Client) -> None:
    """A page of the installation has no version yet that could stay public meanwhile."""
    client.force_login(administrator())
    page = imprint()
    sent = form_of(client, page) | {"go_live_at": "01.12.2031 10:00"}
    answer = client.post(f"/admin/pages/{page.pk}/edit/", {**sent, "action-publish": "1"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"go_live_at"}
    assert imprint().live


def test_an_old_version_brings_back_neither_another_address_nor_a_last_day_nor_no_protection() -> None:
    page = imprint()
    old = page.save_revision()
    old.content |= {"slug": "alt", "is_protected": False, "expire_at": str(timezone.now() - timedelta(days=1))}
    old.save()
    old.publish()
    call_command("publish_scheduled")
    page = imprint()
    assert page.live
    assert page.is_protected
    assert page.url_path.endswith("/impressum/")


def test_a_protected_page_is_hidden_behind_no_restriction(client: Client) -> None:
    client.force_login(administrator())
    other = ArticlePageFactory()
    for page in (home(), other):
        client.post(f"/admin/pages/{page.pk}/privacy/", {"restriction_type": "login"})
    assert [found.page_id for found in PageViewRestriction.objects.all()] == [other.pk]


def test_protected_pages_are_changed_and_put_in_order_as_ever(client: Client) -> None:
    client.force_login(staff_member())
    page = imprint()
    sent = form_of(client, page) | {"title": "Impressum und Kontakt"}
    answer = client.post(f"/admin/pages/{page.pk}/edit/", {**sent, "action-publish": "1"})
    assert answer.status_code == 302
    assert client.post(f"/admin/pages/{page.pk}/set_position/?position=0").status_code == 200
    assert imprint().title == "Impressum und Kontakt"
    assert home().get_children().first() == imprint().page_ptr


def test_only_an_administrator_lifts_the_protection_and_the_history_says_who_and_why(client: Client) -> None:
    page = imprint()
    switch = f"/admin/seitenschutz/{page.pk}/"
    client.force_login(staff_member())
    client.post(switch, {"reason": "Umbau"})
    assert imprint().is_protected
    assertNotContains(client.get(f"/admin/pages/{page.pk}/edit/"), switch)

    somebody = administrator()
    client.force_login(somebody)
    shown = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert switch in shown
    for offered in ("unpublish", "delete", "move"):
        assert f"/admin/pages/{page.pk}/{offered}/" not in shown
    assert client.post(switch, {"reason": ""}).status_code == 200
    assert imprint().is_protected
    client.post(switch, {"reason": "Umbau"})
    assert not imprint().is_protected
    noted = PageLogEntry.objects.get(page=page.pk, action="pages.lift_protection")
    assert noted.user == somebody
    assert noted.message == "Schutz aufgehoben: Umbau"
    client.post(f"/admin/pages/{page.pk}/unpublish/")
    assert not imprint().live
    client.post(switch, {"reason": "Fertig"})
    assert imprint().is_protected


def test_a_copy_of_a_protected_page_is_not_protected() -> None:
    copy = imprint().copy(update_attrs={"slug": "kopie", "title": "Kopie"})
    assert not copy.is_protected
    assert HomePage.objects.get().is_protected
