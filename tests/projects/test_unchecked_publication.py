"""A page with a file that is not known to be clean does not become public, by whatever way; what was typed stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.publication import NotPublishableError, reasons_against_page
from projects.models import ArtefactKind, BodyDocument, Picture, ProjectPage
from projects.uploads.scanner import Verdict
from tests.factories import BodyPageFactory, DocumentFactory, ProjectPageFactory, artefact, publisher_of, staff_member
from tests.projects.office_files import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

CLEAN, HARMFUL = Verdict(), Verdict("Test.Harmful")


@pytest.fixture(autouse=True)
def _scanner(settings: Any) -> None:
    """There is a scanner, and it is away: what has no verdict waits."""
    settings.CLAMD_URL = "tcp://127.0.0.1:9"


def document(verdict: Verdict | None = None, **fields: Any) -> BodyDocument:
    made: BodyDocument = DocumentFactory(title="Vergabeunterlage", **fields)
    if verdict is not None:
        made.keep_verdict(verdict)
    return made


def draft(**fields: Any) -> ProjectPage:
    """A project that nobody has published, with those files."""
    page: ProjectPage = ProjectPageFactory(live=False, **fields)
    return page


def is_live(page: Page) -> bool:
    return bool(Page.objects.get(pk=page.pk).live)


def waiting_picture() -> Picture:
    made = Picture(title="Rathausfoto")
    made.file.save("a.png", ImageFile(ContentFile(picture("PNG")), name="a.png"), save=True)
    return made


def link_to(file: BodyDocument) -> str:
    return f'<p><a linktype="document" id="{file.pk}">Unterlage</a></p>'


def test_every_place_where_a_page_can_have_a_file_is_looked_at() -> None:
    file, image = document(), waiting_picture()
    for fields, name in (
        ({"children": {"artefacts": [artefact(file=file)]}}, "Vergabeunterlage"),
        ({"body": [("download", {"document": file, "description": ""})]}, "Vergabeunterlage"),
        ({"body": [("text", link_to(file))]}, "Vergabeunterlage"),
        ({"lessons_learned": link_to(file)}, "Vergabeunterlage"),
        ({"image": image}, "Rathausfoto"),
    ):
        page = draft(**fields)
        with pytest.raises(NotPublishableError, match=name):
            page.get_latest_revision().publish()
        assert not is_live(page)


def test_page_with_a_clean_file_is_published_and_one_with_a_harmful_file_never(settings: Any) -> None:
    clean = draft(children={"artefacts": [artefact(file=document(CLEAN))]})
    clean.get_latest_revision().publish()
    assert is_live(clean)
    harmful = draft(children={"artefacts": [artefact(file=document(HARMFUL))]})
    for url in (settings.CLAMD_URL, ""):
        settings.CLAMD_URL = url
        with pytest.raises(NotPublishableError):
            harmful.get_latest_revision().publish()


def test_without_a_scanner_files_keep_nobody_from_publishing(settings: Any) -> None:
    settings.CLAMD_URL = ""
    page = draft(children={"artefacts": [artefact(file=document())]})
    page.get_latest_revision().publish()
    assert is_live(page)


def test_new_version_of_a_published_page_waits_and_the_former_one_stays() -> None:
    page = ProjectPageFactory(title="Vorher")
    page.title = "Nachher"
    page.artefacts.set([artefact(file=document())])
    page.save_revision()
    with pytest.raises(NotPublishableError):
        ProjectPage.objects.get(pk=page.pk).get_latest_revision().publish()
    assert Page.objects.get(pk=page.pk).title == "Vorher"


def form_data(page_title: str, file: BodyDocument | None, **further: Any) -> dict[str, Any]:
    row = {
        "title": "Leistungsverzeichnis",
        "kind": ArtefactKind.objects.first().pk,  # type: ignore[union-attr]
        "file": file.pk if file else "",
        "language": "de",
    }
    empty = {"comments": inline_formset([]), "participations": inline_formset([])}
    return nested_form_data(
        {
            "title": page_title,
            "slug": "projekt",
            "summary": "Was ich gerade getippt habe.",
            "phase": "P3",
            "conformity": "unknown",
            "body": streamfield([]),
            "lessons_learned": rich_text(""),
            "artefacts": inline_formset([row]),
            **empty,
            **further,
        }
    )


def test_editor_is_told_at_the_file_and_keeps_what_was_typed(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    file = document(collection=body.team.collection)
    path = f"/admin/pages/add/projects/projectpage/{body.pk}/"
    answer = client.post(path, form_data("Mängelmelder", file, **{"action-publish": "1"}))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Was ich gerade getippt habe." in html
    assert "Vergabeunterlage" in html
    form = answer.context["form"]
    assert "Vergabeunterlage" in str(form.formsets["artefacts"].forms[0].errors["file"])
    assert not ProjectPage.objects.exists()


def test_draft_with_the_same_file_is_saved(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    file = document(collection=body.team.collection)
    path = f"/admin/pages/add/projects/projectpage/{body.pk}/"
    assert client.post(path, form_data("Mängelmelder", file)).status_code == 302
    page = ProjectPage.objects.get()
    assert not page.live
    edit = f"/admin/pages/{page.pk}/edit/"
    answer = client.post(edit, form_data("Mängelmelder", file, **{"action-publish": "1"}))
    assert answer.status_code == 200
    assert not is_live(page)
    file.keep_verdict(CLEAN)
    assert client.post(edit, form_data("Mängelmelder", file, **{"action-publish": "1"})).status_code == 302
    assert is_live(page)


def test_file_of_a_row_that_is_removed_does_not_count(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    data = form_data("Mängelmelder", document(collection=body.team.collection), **{"action-publish": "1"})
    data["artefacts-0-DELETE"] = "1"
    assert client.post(f"/admin/pages/add/projects/projectpage/{body.pk}/", data).status_code == 302
    assert ProjectPage.objects.get().live


def test_file_that_loses_its_verdict_between_form_and_publication_stops_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    page = draft(parent=body, slug="projekt")
    file = document(collection=body.team.collection)
    monkeypatch.setattr("pages.models.reasons_against_fields", lambda model, values: {})
    answer = client.post(f"/admin/pages/{page.pk}/edit/", form_data("Neu", file, **{"action-publish": "1"}))
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/admin/pages/{page.pk}/edit/")
    assert not is_live(page)


@pytest.mark.parametrize("descendants", [False, True])
def test_publishing_many_at_once_stops_with_a_message(client: Client, descendants: bool) -> None:
    client.force_login(staff_member())
    page = draft(children={"artefacts": [artefact(file=document())]})
    other = draft(parent=page.public_body)
    chosen = [page.public_body.pk] if descendants else [page.pk, other.pk]
    numbers = "&".join(f"id={pk}" for pk in chosen)
    answer = client.post(
        f"/admin/bulk/wagtailcore/page/publish/?{numbers}&next=/admin/pages/",
        {"include_descendants": "on"} if descendants else {},
        follow=True,
    )
    assert "Vergabeunterlage" in answer.content.decode()
    assert not is_live(page)
    assert not is_live(other)


def test_scheduled_page_waits_for_the_check_and_holds_up_no_other() -> None:
    soon = timezone.now() + timedelta(seconds=1)
    file = document()
    waiting = draft(children={"artefacts": [artefact(file=file)]}, go_live_at=soon)
    other = draft(go_live_at=soon)
    for page in (waiting, other):
        page.get_latest_revision().approved_go_live_at = timezone.now() - timedelta(minutes=1)
        page.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    for page in (waiting, other):
        revision = page.get_latest_revision()
        revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
        revision.save()
    call_command("publish_scheduled")
    assert not is_live(waiting)
    assert is_live(other)
    file.keep_verdict(CLEAN)
    call_command("publish_scheduled")
    assert is_live(waiting)


def test_reasons_are_told_to_whoever_moderates() -> None:
    page = draft(children={"artefacts": [artefact(file=document()), artefact(file=document(CLEAN), title="B")]})
    (reason,) = reasons_against_page(page.get_latest_revision_as_object())
    assert "Vergabeunterlage" in reason


# --- the pages of the check -------------------------------------------------------------------------------------------


def test_editor_sees_the_state_of_own_files_only(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    mine = document(collection=own.team.collection)
    theirs = DocumentFactory(title="Fremde Akte", collection=other.team.collection)
    client.force_login(publisher_of(own))
    html = client.get("/admin/dateien/pruefung/").content.decode()
    assert "Vergabeunterlage" in html
    assert "Fremde Akte" not in html
    assert client.get(f"/admin/dateien/pruefung/document/{mine.pk}/").status_code == 200
    assert client.get(f"/admin/dateien/pruefung/document/{theirs.pk}/").status_code == 404
    assert client.post(f"/admin/dateien/pruefung/document/{theirs.pk}/").status_code == 404
    assert client.get(f"/admin/dateien/pruefung/user/{mine.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["document", "image"])
def test_page_of_a_file_leads_to_its_check(client: Client, kind: str) -> None:
    client.force_login(staff_member())
    file = document() if kind == "document" else waiting_picture()
    html = client.get(f"/admin/{kind}s/{'edit/' if kind == 'document' else ''}{file.pk}/").content.decode()
    assert f"/admin/dateien/pruefung/{kind}/{file.pk}/" in html


def test_button_says_that_the_scanner_is_away(client: Client) -> None:
    client.force_login(staff_member())
    file = document()
    path = f"/admin/dateien/pruefung/document/{file.pk}/"
    answer = client.post(path, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    file.file.storage.delete(str(file.file.name))
    answer = client.post(path, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
