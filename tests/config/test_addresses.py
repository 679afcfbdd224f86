"""Addresses of pages: always there, free, not too long, readable from any script, whichever way a page comes in."""

from http import HTTPStatus

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.addresses import MAX_LENGTH, READABLE_LENGTH, first_free, readable
from projects.models import ProjectPage, ProjectTag
from tests.factories import BodyPageFactory, ProjectPageFactory, administrator, publisher_of
from tests.projects.editing import form_data

pytestmark = pytest.mark.django_db
ROCKETS, TREE, UMLAUTS = "🚀🚀", "🌳", "Ä" * 150


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Bürgerbüro für Straßen", "buergerbuero-fuer-strassen"),
        ("Bu\u0308rger", "buerger"),  # umlauts as they come from a Mac
        ("Привет, Мир!", "privet-mir"),
        ("北京市", "beijingshi"),
        ("Geht’s – jetzt „neu“ & mit So\u00adfa", "gehts-jetzt-neu-mit-sofa"),
        ("🚀 Start", "start"),
        ("🚀🚀", "x"),
        ("???", "x"),
        ("", "x"),
    ],
)
def test_an_address_is_readable_from_any_script(title: str, address: str) -> None:
    assert readable(title, "x") == address


def test_an_address_is_cut_after_a_word_and_never_too_long() -> None:
    assert readable("wort " * 40, "x").endswith("wort")
    assert len(readable("wort " * 40, "x")) <= READABLE_LENGTH
    assert readable("Ä" * 255, "x") == "ae" * (READABLE_LENGTH // 2)
    taken = {"a" * MAX_LENGTH, "a" * (MAX_LENGTH - 2) + "-2"}
    assert first_free(["a" * MAX_LENGTH], taken.__contains__) == "a" * (MAX_LENGTH - 2) + "-3"


@pytest.mark.parametrize("slug", ["", ROCKETS, UMLAUTS])
def test_a_title_without_latin_letters_is_published(client: Client, slug: str) -> None:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    new = f"/admin/pages/add/projects/projectpage/{body.pk}/"
    for title in (ROCKETS, TREE):
        data = form_data(title=title, slug=slug)
        assert client.post(new, data).status_code == HTTPStatus.FOUND
        page = ProjectPage.objects.get(title=title)
        edited = client.post(f"/admin/pages/{page.pk}/edit/", data | {"action-publish": "1"})
        assert edited.status_code == HTTPStatus.FOUND
        assert client.get(ProjectPage.objects.live().get(pk=page.pk).url).status_code == HTTPStatus.OK
    first, second = ProjectPage.objects.order_by("pk").values_list("slug", flat=True)
    assert first != second == f"{first[: MAX_LENGTH - 2].rstrip('-')}-2"
    if slug != UMLAUTS:
        assert first == "projekt"


def test_a_page_that_lost_its_address_gets_one_when_it_is_published() -> None:
    page = ProjectPageFactory(title=ROCKETS, live=False)
    Page.objects.filter(pk=page.pk).update(slug="")
    page = ProjectPage.objects.get(pk=page.pk)
    page.save_revision(clean=False).publish()
    assert ProjectPage.objects.get(pk=page.pk).slug == "projekt"


def test_pages_made_by_code_alone_get_a_free_german_address() -> None:
    body = BodyPageFactory()
    pages = [ProjectPage(title=title) for title in ("Bücher für alle", "Bücher für alle", ROCKETS)]
    for page in pages:
        body.add_child(instance=page)
    assert [page.slug for page in pages] == ["buecher-fuer-alle", "buecher-fuer-alle-2", "projekt"]


def test_a_typed_address_is_made_fit_and_one_that_others_know_is_never_changed(client: Client) -> None:
    body = BodyPageFactory()
    first = ProjectPageFactory(parent=body, slug="ampel")
    second = ProjectPageFactory(parent=body, slug="a" * 200)
    client.force_login(publisher_of(body))
    address = f"/admin/pages/{second.pk}/edit/"
    assert client.post(address, form_data(slug="a" * 200)).status_code == HTTPStatus.FOUND
    assert ProjectPage.objects.get(pk=second.pk).get_latest_revision_as_object().slug == "a" * 200
    refused = client.post(address, form_data(slug=first.slug))
    assert refused.context["form"].errors.keys() == {"slug"}
    assert client.post(address, form_data(slug="Mein Käse!")).status_code == HTTPStatus.FOUND
    assert ProjectPage.objects.get(pk=second.pk).get_latest_revision_as_object().slug == "mein-kaese"


def test_a_copy_gets_a_free_address(client: Client) -> None:
    page = ProjectPageFactory(slug="ampel")
    client.force_login(administrator())
    sent = {"new_title": "Ampel", "new_slug": "ampel", "new_parent_page": page.get_parent().pk}
    assert client.post(f"/admin/pages/{page.pk}/copy/", sent).status_code == HTTPStatus.FOUND
    assert set(ProjectPage.objects.values_list("slug", flat=True)) == {"ampel", "ampel-2"}


def test_the_longest_addresses_can_be_renamed_and_lead_on(django_capture_on_commit_callbacks: object) -> None:
    body = BodyPageFactory(slug="b" * MAX_LENGTH)
    page = ProjectPageFactory(parent=body, slug="p" * MAX_LENGTH)
    page.slug = "neu"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page.save_revision().publish()
    old = Redirect.objects.get()
    assert len(old.old_path) <= Redirect._meta.get_field("old_path").max_length


def test_a_tag_without_letters_has_an_address() -> None:
    tags = [ProjectTag.objects.create(name=name) for name in (TREE, ROCKETS, "Ü" * 100)]
    assert [tag.slug for tag in tags] == ["schlagwort", "schlagwort_1", "ue" * (READABLE_LENGTH // 2)]
