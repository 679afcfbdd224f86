"""Nothing that others use is deleted: staff see who uses it, merge it, and can take that back for 30 days."""

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, ReferenceIndex

from knowledge.models import ArticlePage
from matching.alerts.saved import parameters_of
from matching.models import ReuseCatalogue
from people.models import CheckItem
from people.privacy.retention import apply as apply_retention
from projects.models import (
    ArtefactKind,
    CentralSolution,
    FieldOfAction,
    Former,
    Licence,
    OzgField,
    OzgFieldLead,
    OzgService,
    Picture,
    ProjectPage,
    ProjectTag,
    ServiceKey,
    TaggedProject,
)
from projects.removal.entries import RemovalError, merge, remove, undo
from projects.removal.used import used_by
from search.models import Synonym
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    DocumentFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    TagFactory,
    UserFactory,
    administrator,
    artefact,
    editor_of,
    field_of_action,
    staff_member,
)
from tests.projects import office_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtail_indexes")]


@pytest.fixture
def picture(media: None) -> Picture:
    stored = Picture(title="Bild")
    stored.file.save("a.png", ImageFile(ContentFile(office_files.picture("PNG")), name="a.png"))
    return stored


def new_field(name: str) -> FieldOfAction:
    return FieldOfAction.objects.create(name=name, slug=name.lower())


def fields_of(project: ProjectPage) -> set[str]:
    return set(ProjectPage.objects.get(pk=project.pk).fields_of_action.values_list("name", flat=True))


def tags_of(project: ProjectPage) -> list[str]:
    """Each row by its name: nothing but the platform keeps a tag from being on a project twice."""
    return list(TaggedProject.objects.filter(content_object=project).values_list("tag__name", flat=True))


def delete_url(thing: Model) -> str:
    return f"/admin/snippets/{thing._meta.app_label}/{thing._meta.model_name}/delete/{thing.pk}/"


# --- who uses it ------------------------------------------------------------------------------------------------------


def test_everything_that_uses_a_thing_is_counted_once() -> None:
    field, licence, kind = new_field("Alt"), Licence.objects.get(spdx_id="MIT"), ArtefactKind.objects.first()
    assert kind
    assert used_by(field).count == 0
    ProjectPageFactory(m2m={"fields_of_action": [field]}, text_licence=licence)
    ProjectPageFactory(
        live=False,
        text_licence=licence,
        children={"artefacts": [artefact(kind=kind.slug, licence="MIT"), artefact(licence="MIT")]},
    )
    ArticlePageFactory(m2m={"topics": [field]})
    assert used_by(field).count == 2
    assert dict(used_by(field).kinds) == {"Projekt": 1, "Beitrag": 1}
    assert used_by(licence).count == 2
    assert used_by(kind).count == 1
    tag = TagFactory()
    ProjectPageFactory(tags=[tag])
    assert used_by(tag).count == 1
    service = OzgServiceFactory()
    ServiceKeyFactory(service=service)
    CentralSolution.objects.create(name="Wohngeld online", service=service, actor="Land")
    assert dict(used_by(service).kinds) == {"Leistungsschlüssel": 1, "zentrale Lösung": 1}


def test_a_draft_that_is_not_published_yet_uses_a_thing_as_well() -> None:
    field, project = new_field("Alt"), ProjectPageFactory()
    project.fields_of_action = [field]
    project.save_revision()
    assert used_by(field).count == 1
    found = used_by(field, staff_member())
    assert [(use.title, use.is_draft) for use in found.shown] == [(project.title, True)]


def test_a_picture_in_a_text_and_a_document_in_a_draft_are_used(picture: Picture) -> None:
    document = DocumentFactory()
    stream = json.dumps([{"type": "image", "value": {"image": picture.pk, "alt": "", "caption": ""}}])
    ProjectPageFactory(body=stream, revised=True)
    assert used_by(picture).count == 1
    project = ProjectPageFactory()
    project.artefacts = [artefact(file=document)]
    project.save_revision()
    assert used_by(document).count == 1


def test_a_page_is_used_by_what_others_do_with_it_and_with_the_pages_below() -> None:
    project = ProjectPageFactory()
    assert used_by(project).count == 0
    ArticlePageFactory(children={"related_projects": [related(project)]})
    assert used_by(project).count == 1
    assert used_by(project.public_body).count == 1


def related(project: ProjectPage) -> Any:
    return ArticlePage.related_projects.rel.related_model(project=project)


# --- merging and the way back -----------------------------------------------------------------------------------------


def test_a_merged_field_hands_over_everything_and_is_back_with_everything_after_undoing() -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    alone, both = (ProjectPageFactory(m2m={"fields_of_action": fields}) for fields in ([old], [old, heir]))
    article = ArticlePageFactory(m2m={"topics": [old]})
    number = old.pk
    assert merge(old, heir) == 3
    assert (fields_of(alone), fields_of(both)) == ({"Neu"}, {"Neu"})
    assert [topic.name for topic in ArticlePage.objects.get(pk=article.pk).topics.all()] == ["Neu"]
    assert not FieldOfAction.objects.filter(name="Alt").exists()
    done = undo(Former.objects.get())
    assert (done.uses, done.left) == (3, 0)
    assert (fields_of(alone), fields_of(both)) == ({"Alt"}, {"Alt", "Neu"})
    assert FieldOfAction.objects.get(name="Alt").pk == number
    assert not Former.objects.exists()


def test_a_merged_tag_is_on_a_project_once_and_old_drafts_name_the_heir() -> None:
    lamp, light = TagFactory(name="Lampe"), TagFactory(name="Licht")
    both, alone = ProjectPageFactory(tags=[lamp, light], revised=True), ProjectPageFactory(tags=[lamp])
    draft = alone.save_revision()
    merge(lamp, light)
    assert (tags_of(both), tags_of(alone)) == (["Licht"], ["Licht"])
    both.get_latest_revision().publish()
    draft.publish()
    assert (tags_of(both), tags_of(alone)) == (["Licht"], ["Licht"])


def test_every_kind_of_reference_is_handed_over_in_stored_versions_too() -> None:
    """Also the kinds whose deletion the database would refuse: an old version of a page can still be opened."""
    kind = ArtefactKind.objects.create(name="Alt", slug="alt")
    licence = Licence.objects.create(spdx_id="Alt-1.0", name="Alt")
    field = OzgField.objects.create(name="Alt", slug="alt")
    service = OzgServiceFactory(field=field)
    key = ServiceKeyFactory(service=service)
    project = ProjectPageFactory(
        text_licence=licence,
        m2m={"ozg_services": [service], "service_keys": [key]},
        children={"artefacts": [artefact(kind="alt", licence="Alt-1.0")]},
        revised=True,
    )
    old_version = project.get_latest_revision()
    heirs: list[Model] = [
        ArtefactKind.objects.get(slug="leistungsverzeichnis"),
        Licence.objects.get(spdx_id="MIT"),
        OzgField.objects.get(slug="familie-kind"),
        OzgServiceFactory(),
        ServiceKeyFactory(),
    ]
    things: list[Model] = [kind, licence, field, service, key]
    for thing, heir in zip(things, heirs, strict=True):
        merge(thing, heir)
        assert used_by(heir).count >= 1

    def names(page: ProjectPage) -> list[Any]:
        one = page.artefacts.all()[0]
        return [one.kind, one.licence, page.text_licence, *page.ozg_services.all(), *page.service_keys.all()]

    wanted = [heirs[0], heirs[1], heirs[1], heirs[3], heirs[4]]
    assert names(ProjectPage.objects.get(pk=project.pk)) == wanted
    assert names(old_version.as_object()) == wanted
    assert ReferenceIndex.get_references_to(heirs[1]).count() == 2
    for former in Former.objects.all():
        undo(former)
    former_names = [kind, licence, licence, service, key]
    assert names(ProjectPage.objects.get(pk=project.pk)) == names(old_version.as_object()) == former_names
    assert ReferenceIndex.get_references_to(heirs[1]).count() == 0
    assert ReferenceIndex.get_references_to(OzgService.objects.get(ozg_id=service.ozg_id)).count() == 1


def test_merging_twice_leads_to_the_last_heir_and_is_undone_from_behind() -> None:
    a, b, c = (new_field(name) for name in "abc")
    project = ProjectPageFactory(m2m={"fields_of_action": [a]})
    merge(a, b)
    merge(b, c)
    assert {former.name: former.successor for former in Former.objects.all()} == {"a": c, "b": c}
    with pytest.raises(RemovalError, match="seinerseits"):
        undo(Former.objects.get(name="a"))
    undo(Former.objects.get(name="b"))
    undo(Former.objects.get(name="a"))
    assert fields_of(project) == {"a"}


def test_what_was_changed_after_the_merge_stays_as_it_was_changed() -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    changed, untouched = (ProjectPageFactory(m2m={"fields_of_action": [old]}) for _number in range(2))
    merge(old, heir)
    ProjectPage.objects.get(pk=changed.pk).save_revision().publish()
    done = undo(Former.objects.get())
    assert (done.uses, done.left) == (1, 1)
    assert (fields_of(changed), fields_of(untouched)) == ({"Neu"}, {"Alt"})


def test_what_it_referred_to_and_is_gone_since_keeps_nothing_from_coming_back() -> None:
    somebody = UserFactory()
    tag, heir = TagFactory(name="Lampe", proposed_by=somebody), TagFactory(name="Licht")
    both = ProjectPageFactory(tags=[tag, heir])
    merge(tag, heir)
    somebody.delete()
    both.delete()
    done = undo(Former.objects.get())
    assert (done.uses, done.left) == (0, 1)
    assert ProjectTag.objects.get(name="Lampe").proposed_by is None


def test_of_two_who_merge_at_once_the_second_reads_that_it_is_gone() -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    seen_by_the_second = FieldOfAction.objects.get(pk=old.pk)
    merge(old, heir)
    with pytest.raises(RemovalError, match="nicht mehr da"):
        merge(seen_by_the_second, heir)
    assert Former.objects.count() == 1


def test_addresses_and_kept_searches_with_the_old_name_find_what_took_over(client: Client) -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    article = ArticlePageFactory(title="Leitfaden zum Alten", m2m={"topics": [old]})
    ArticlePageFactory(title="Etwas anderes")
    merge(old, heir)
    assert parameters_of("?handlungsfeld=alt").filters["handlungsfeld"] == ("neu",)
    page = client.get("/wissen/?thema=alt")
    assert page.status_code == 200
    assert [found.pk for found in page.context["articles"]] == [article.pk]
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get("/vorhaben/?handlungsfeld=alt").context["chosen"].field == "neu"


def test_nothing_is_merged_into_itself_or_into_another_kind() -> None:
    field = new_field("Alt")
    for heir in (field, TagFactory()):
        with pytest.raises(RemovalError):
            merge(field, heir)
    assert not Former.objects.exists()


def test_what_is_used_is_not_deleted_and_what_is_deleted_can_be_brought_back() -> None:
    field = OzgField.objects.create(name="Alt", slug="alt")
    OzgFieldLead.objects.create(field=field, actor="Land Nord")
    service = OzgServiceFactory(field=field)
    with pytest.raises(RemovalError, match="1-mal"):
        remove(field)
    remove(service)
    remove(field)
    taken = OzgField.objects.create(name="Alt", slug="neu")
    with pytest.raises(RemovalError, match="Schlüssel"):
        undo(Former.objects.get(model="projects.ozgfield"))
    taken.delete()
    for former in Former.objects.order_by("pk").reverse():
        undo(former)
    restored = OzgField.objects.get(slug="alt")
    assert restored.leads.get().actor == "Land Nord"
    assert OzgService.objects.get().field == restored


def test_the_way_back_is_open_for_thirty_days_and_the_name_leads_on_after_them(settings: Any) -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    merge(old, heir)
    former = Former.objects.get()
    Former.objects.update(removed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(RemovalError, match="zu lange"):
        undo(former)
    assert apply_retention(is_rehearsal=True).removals == 1
    assert Former.objects.get().undo is not None
    assert apply_retention().removals == 1
    former = Former.objects.get()
    assert former.undo is None
    assert former.successor == heir
    out = StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert "0 " in out.getvalue()


# --- the admin --------------------------------------------------------------------------------------------------------


def test_staff_see_the_true_number_and_merge_in_place_of_deleting(client: Client) -> None:
    old, heir = new_field("Alt"), new_field("Neu")
    projects = [ProjectPageFactory(m2m={"fields_of_action": [old]}) for _number in range(9)]
    staff = staff_member()
    client.force_login(staff)
    page = client.get(delete_url(old))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Wird an 9 Stellen verwendet" in text
    assert projects[8].title in text
    usage = client.get(delete_url(old).replace("delete", "usage"))
    assert usage.status_code == 200
    assert "Wird an 9 Stellen verwendet" in usage.content.decode()
    edit = client.get(delete_url(old).replace("delete", "edit"))
    assert edit.status_code == 200
    assert "0-mal" not in edit.content.decode()

    refused = client.post(delete_url(old))
    assert refused.status_code == 200
    assert "wird 9-mal verwendet und wurde nicht gelöscht" in refused.content.decode()
    assert FieldOfAction.objects.filter(pk=old.pk).exists()
    missing = client.post(delete_url(old), {"merge": "1", "heir": ""})
    assert missing.context["form"].errors.keys() == {"heir"}

    done = client.post(delete_url(old), {"merge": "1", "heir": heir.pk}, follow=True)
    assert "„Alt“ wurde mit „Neu“ zusammengeführt; 9 Einträge verwenden jetzt diesen" in done.content.decode()
    assert used_by(heir).count == 9
    noted = ModelLogEntry.objects.filter(action="projects.merge", user=staff)
    assert {entry.object_id for entry in noted} == {str(old.pk), str(heir.pk)}

    trash = client.get("/admin/geloescht/")
    assert "Alt" in trash.content.decode()
    number = Former.objects.get().pk
    back = client.post("/admin/geloescht/", {"former": number}, follow=True)
    assert "„Alt“ ist wieder da; 9 Einträge verwenden ihn." in back.content.decode()
    assert used_by(old).count == 9
    again = client.post("/admin/geloescht/", {"former": number}, follow=True)
    assert "Nichts wurde geändert" in again.content.decode()


def test_of_several_only_those_that_nobody_uses_are_deleted(client: Client) -> None:
    used, free = TagFactory(name="Genutzt"), TagFactory(name="Frei")
    ProjectPageFactory(tags=[used])
    client.force_login(staff_member())
    path = f"/admin/bulk/projects/projecttag/delete/?id={used.pk}&id={free.pk}"
    asked = client.get(path)
    assert asked.status_code == 200
    assert "wird an 1 Stelle verwendet, bleibt" in asked.content.decode()
    done = client.post(path, follow=True).content.decode()
    assert "Gelöscht: „Frei“" in done
    assert "Wird von anderen verwendet und wurde nicht gelöscht: „Genutzt“" in done
    assert list(ProjectTag.objects.values_list("name", flat=True)) == ["Genutzt"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Synonym.objects.create(words="kfz, auto"),
        lambda: CheckItem.objects.create(question="Ist alles gut?"),
        lambda: ReuseCatalogue.objects.create(name="Sammlung", url="https://example.org/"),
        lambda: Licence.objects.create(spdx_id="Alt-1.0", name="Alt"),
        ServiceKeyFactory,
    ],
)
def test_every_list_of_the_staff_has_a_way_back(client: Client, make: Any) -> None:
    thing = make()
    client.force_login(administrator())
    assert client.post(delete_url(thing)).status_code == 302
    assert not type(thing).objects.filter(pk=thing.pk).exists()
    client.post("/admin/geloescht/", {"former": Former.objects.get().pk})
    assert type(thing).objects.filter(pk=thing.pk).exists()


def test_who_may_not_delete_a_list_neither_merges_nor_undoes(client: Client) -> None:
    key, other = ServiceKeyFactory(), ServiceKeyFactory()
    client.force_login(staff_member())
    client.post(delete_url(key), {"merge": "1", "heir": other.pk})
    assert ServiceKey.objects.filter(pk=key.pk).exists()
    remove(key)
    client.post("/admin/geloescht/", {"former": Former.objects.get().pk})
    assert not ServiceKey.objects.filter(pk=key.pk).exists()


def test_no_file_that_is_used_is_deleted_by_whatever_way(client: Client, picture: Picture) -> None:
    body = BodyPageFactory()
    document = DocumentFactory(collection=body.team.collection)
    draft = ProjectPageFactory(parent=body, image=picture, live=False, title="Vertraulicher Entwurf")
    draft.artefacts = [artefact(file=document)]
    draft.save_revision()
    client.force_login(administrator())
    for path in (
        f"/admin/images/{picture.pk}/delete/",
        f"/admin/documents/delete/{document.pk}/",
        f"/admin/bulk/projects/picture/delete/?id={picture.pk}",
        f"/admin/bulk/projects/bodydocument/delete/?id={document.pk}",
        "/admin/bulk/projects/picture/delete/?id=all",
    ):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 200, path
            assert "Nichts wurde gelöscht" in answer.content.decode()
            assert "Vertraulicher Entwurf" in answer.content.decode()
            assert "Wird an 1 Stelle verwendet" in answer.content.decode()
            assert re.search(
                r'href="/admin/(images/\d+|documents/edit/\d+)/">\s*„.+“ durch eine andere', answer.content.decode()
            )
    for path in (f"/admin/images/multiple/{picture.pk}/delete/", f"/admin/documents/multiple/{document.pk}/delete/"):
        answer = client.post(path, headers={"x-requested-with": "XMLHttpRequest"})
        assert answer.status_code == 409
    assert Picture.objects.exists()
    client.force_login(editor_of(BodyPageFactory()))
    told = client.get(f"/admin/images/{picture.pk}/delete/", follow=True)
    assert "Vertraulicher Entwurf" not in told.content.decode()


def test_in_place_of_a_file_that_is_used_another_one_is_put_in_all_its_places(client: Client, picture: Picture) -> None:
    body = BodyPageFactory()
    Picture.objects.filter(pk=picture.pk).update(collection=body.team.collection)
    project = ProjectPageFactory(parent=body, image=picture)
    before = picture.file.name
    client.force_login(administrator())
    file = SimpleUploadedFile("neu.jpg", office_files.picture("JPEG"), content_type="image/jpeg")
    sent = {"title": "Neu", "file": file, "collection": body.team.collection.pk}
    assert client.post(f"/admin/images/{picture.pk}/", sent).status_code == 302
    shown = ProjectPage.objects.get(pk=project.pk).image
    assert shown is not None
    assert shown.file.name.endswith("neu.jpg")
    assert shown.file.name != before


@pytest.mark.parametrize("kind", ["municipality", "district"])
def test_a_unit_of_the_register_that_is_used_is_ended_in_place_of_being_deleted(client: Client, kind: str) -> None:
    municipality = BodyPageFactory().municipality
    unit = municipality if kind == "municipality" else municipality.district
    client.force_login(administrator())
    for answer in (client.get(delete_url(unit)), client.post(delete_url(unit))):
        text = answer.content.decode()
        assert "Wird an 1 Stelle verwendet" in text
        assert f'href="{delete_url(unit).replace("delete", "edit")}"' in text
        assert (f'href="/admin/gebietsreform/{unit.pk}/"' in text) is (kind == "municipality")
    assert type(unit).objects.filter(pk=unit.pk).exists()


def test_an_unused_file_is_deleted_as_ever(client: Client, picture: Picture) -> None:
    client.force_login(administrator())
    assert client.post(f"/admin/images/{picture.pk}/delete/").status_code == 302
    assert not Picture.objects.exists()


def test_the_question_before_a_page_is_deleted_has_the_true_number(client: Client) -> None:
    project = ProjectPageFactory()
    article = ArticlePageFactory(children={"related_projects": [related(project)]})
    client.force_login(staff_member())
    for path in (f"/admin/pages/{project.pk}/delete/", f"/admin/bulk/wagtailcore/page/delete/?id={project.pk}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Wird an 1 Stelle verwendet" in answer.content.decode()
        assert article.title in answer.content.decode()


def test_the_question_says_what_goes_with_a_page_and_offers_to_end_its_publication(client: Client) -> None:
    project, draft = ProjectPageFactory(), ProjectPageFactory(live=False)
    client.force_login(staff_member())
    one, several = f"/admin/pages/{project.pk}/delete/", f"/admin/bulk/wagtailcore/page/delete/?id={project.pk}"
    instead = {one: f"/admin/pages/{project.pk}/unpublish/", several: several.replace("delete", "unpublish")}
    for path, address in instead.items():
        text = client.get(path).content.decode()
        assert text.count("lässt sich 30 Tage lang wiederherstellen") == 1
        assert f'href="{address}">Stattdessen Veröffentlichung aufheben' in text
    text = client.get(f"/admin/pages/{draft.pk}/delete/").content.decode()
    assert "lässt sich 30 Tage lang wiederherstellen" in text
    assert "Stattdessen" not in text, "it is not public"


def test_an_import_reads_a_merged_name_as_its_heir() -> None:
    from projects.importers.vocabulary import Vocabulary

    merge(new_field("Alt"), field_of_action("bildung"))
    assert Vocabulary().fields["alt"] == field_of_action("bildung")
