"""The project editor: its order, what it starts with, and files that are brought to it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from projects.editor.views import kind_of, title_of
from projects.models import BodyDocument, BodyPage, Licence, Participation, ProjectPage
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    artefact,
    editor_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SCRIPTED = {"X-Requested-With": "XMLHttpRequest"}


def bring(client: Client, body: BodyPage, name: str, content: bytes = PDF) -> object:
    upload = SimpleUploadedFile(name, content)
    return client.post(f"/admin/projekte/dateien/{body.pk}/", {"file": upload}, headers=SCRIPTED)


def test_nobody_becomes_a_public_contact_without_saying_so(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(editor_of(body, first_name="Ayşe", last_name="O’Neill", email="ayse@example.org"))
    form = client.get(f"/admin/pages/add/projects/projectpage/{body.pk}/").context["form"]
    assert not form["contact_name"].value()
    assert not form["contact_email"].value()


@pytest.mark.parametrize(
    ("title", "slug"), [("Ausschreibung Laternen", "leistungsverzeichnis"), ("Beschluss 2026", "beschluss")]
)
def test_file_is_sorted_by_the_words_of_town_halls(title: str, slug: str) -> None:
    kind = kind_of(title)
    assert kind is not None
    assert kind.slug == slug


def test_every_field_of_before_can_still_be_edited() -> None:
    fields = set(ProjectPage.get_edit_handler().get_form_class()._meta.fields)
    not_edited = {"freshness", "tagged_items"}
    own = {field.name for field in ProjectPage._meta.local_fields if field.editable} - {"page_ptr", *not_edited}
    assert own <= fields, own - fields


@pytest.mark.usefixtures("media")
def test_file_is_kept_with_those_of_the_body(client: Client) -> None:
    body = BodyPageFactory()
    user = editor_of(body)
    client.force_login(user)
    response = bring(client, body, "Satzung_Hundesteuer-2026.pdf")
    assert response.status_code == 200, response.content  # type: ignore[attr-defined]
    answer = response.json()  # type: ignore[attr-defined]
    document = BodyDocument.objects.get(pk=answer["document"]["id"])
    assert (document.collection, document.uploaded_by_user) == (body.team.collection, user)
    assert answer["title"] == "Satzung Hundesteuer 2026"
    assert answer["kind"] == kind_of("Satzung").pk  # type: ignore[union-attr]


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize(
    ("name", "content"), [("x.exe", b"MZ"), ("bild.pdf", b"<html><script>1</script>"), ("leer.pdf", b"")]
)
def test_file_that_no_form_would_take_is_refused_with_the_reason(client: Client, name: str, content: bytes) -> None:
    body = BodyPageFactory()
    client.force_login(editor_of(body))
    response = bring(client, body, name, content)
    assert response.status_code == 400  # type: ignore[attr-defined]
    assert response.json()["error"]  # type: ignore[attr-defined]
    assert not BodyDocument.objects.exists()


def test_nobody_brings_files_to_another_body(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    assert bring(client, own, "lv.pdf").status_code in {302, 403}  # type: ignore[attr-defined]
    client.force_login(editor_of(own))
    assert bring(client, other, "lv.pdf").status_code == 403  # type: ignore[attr-defined]
    assert client.get(f"/admin/projekte/dateien/{own.pk}/").status_code == 405
    assert client.post(f"/admin/projekte/dateien/{own.pk}/").status_code == 400
    assert not BodyDocument.objects.exists()


def test_file_without_a_telling_name_has_no_kind() -> None:
    assert title_of("Scan__0815.final.pdf") == "Scan 0815.final"
    assert kind_of("Scan 0815") is None
    assert kind_of("Und die Anlage") is None


def test_versions_say_what_changed_in_results_bodies_and_tags(client: Client) -> None:
    old = artefact(title="Satzung alt")
    project = ProjectPageFactory(children={"artefacts": [old]}, tags=["Ehedem"], revised=True)
    first = project.latest_revision
    town = MunicipalityFactory(name="Neudorf an der Aue")
    changed = first.as_object()
    changed.artefacts.set([artefact(title="Leistungsverzeichnis neu", link="", file=DocumentFactory(title="LV-Datei"))])
    changed.participations.set([Participation(municipality=town, role="Betrieb")])
    changed.tags.set(["Nunmehr"])
    second = changed.save_revision()
    client.force_login(editor_of(project.public_body))
    address = f"/admin/pages/{project.pk}/revisions/compare/{first.pk}...{second.pk}/"
    html = client.get(address).content.decode()
    for text in ("Satzung alt", "Leistungsverzeichnis neu", "LV-Datei", str(town), "Betrieb", "Ehedem", "Nunmehr"):
        assert escape(text).lower() in html.lower(), text


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("title", ["Laternen dimmen", ""])
def test_preview_shows_what_is_typed_also_of_a_draft_that_says_almost_nothing(client: Client, title: str) -> None:
    project = ProjectPageFactory(title="Gespeichert")
    client.force_login(editor_of(project.public_body))
    address = f"/admin/pages/{project.pk}/edit/preview/"
    typed = nested_form_data(
        {
            "title": title,
            "slug": project.slug,
            "problem": "Nachts ist es zu hell.",
            "phase": "P1",
            "conformity": "unknown",
            "body": streamfield([]),
            "lessons_learned": rich_text(""),
            "comments": inline_formset([]),
            "participations": inline_formset([]),
            "artefacts": inline_formset([]),
        }
    )
    answer = client.post(address, typed).json()
    assert answer["is_available"]
    shown = client.get(address)
    assert shown.status_code == 200
    if title:
        assert "Nachts ist es zu hell." in shown.content.decode()
    project.refresh_from_db()
    assert (project.title, project.problem) == ("Gespeichert", "")


def test_page_of_the_editor_names_what_may_be_brought(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(editor_of(body))
    html = client.get(f"/admin/pages/add/projects/projectpage/{body.pk}/").content.decode()
    assert f'data-dsr-upload-url-value="/admin/projekte/dateien/{body.pk}/"' in html
    assert ".pdf" in html
    assert json.dumps("data-w-autosave")[1:-1] in html


def test_form_sent_without_script_keeps_the_stream() -> None:
    project = ProjectPageFactory(body=[("text", "<p>Bleibt stehen.</p>")])
    form_class = ProjectPage.get_edit_handler().get_form_class()
    form = form_class({"title": "Neu"}, instance=project, parent_page=project.public_body)
    assert "body" not in form.fields
    assert "body" in form_class({"title": "Neu", "body-count": "0"}, instance=project).fields


@pytest.mark.parametrize(("kind", "first"), [("beschluss", "CC-BY-4.0"), ("quellcode", "EUPL-1.2")])
def test_licence_that_suits_the_kind_is_offered_first(client: Client, kind: str, first: str) -> None:
    project = ProjectPageFactory(children={"artefacts": [artefact(kind=kind, licence="MIT")]})
    client.force_login(editor_of(project.public_body))
    form = client.get(f"/admin/pages/{project.pk}/edit/").context["form"]
    field = form.formsets["artefacts"].forms[0]["licence"]
    _please_choose, (_recommended, [(_number, label)]), *_others = field.field.widget.choices
    assert str(label).startswith(first)
    offered = re.findall(r'<option value="(\d+)"( selected)?', str(field))
    assert len(offered) == Licence.objects.count()
    assert [int(number) for number, is_chosen in offered if is_chosen] == [Licence.objects.get(spdx_id="MIT").pk]
