"""Every event that changes what can be found, one test each: after it, the search is right."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site

from knowledge.models import ArticlePage, StandardPage
from projects.models import BodyPage, Former, OzgField, ProjectTag
from projects.removal.entries import merge, undo
from search.engines import Engine
from search.engines.queries import Query
from search.indexing import receivers as events
from search.indexing.documents import from_page
from search.indexing.outbox import drain
from search.indexing.rebuild import compare
from search.models import OutboxEntry
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    TagFactory,
    artefact,
    field_of_action,
    home,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def found(engine: Engine, audience: Any = "public", **filters: tuple[str, ...]) -> list[str]:
    """Titles in the index after the drain, which must have left nothing to repair."""
    assert drain().failed == 0
    assert not compare(engine).differing
    result = engine.search(Query(filters=filters, limit=100), audience=audience)
    return sorted(hit.title for hit in result.hits)


def extra_of(page: Page) -> str:
    return from_page(page)[0].extra


def synced_anew(change: Callable[[], object], *pages: Page) -> bool:
    """True if the change put all these pages into the outbox."""
    drain()
    change()
    return {page.pk for page in pages} <= set(OutboxEntry.objects.pending().values_list("page_id", flat=True))


def test_a_published_project_is_found_with_its_body_and_artefacts(engine: Engine) -> None:
    ProjectPageFactory(title="Ampel", children={"artefacts": [artefact(title="Satzung")]}, parent__title="Aurich")
    assert found(engine) == ["Ampel", "Aurich", "Satzung"]
    assert found(engine, typ=("artefakt",), phase=("P3",)) == ["Satzung"]


def test_a_draft_is_not_found(engine: Engine) -> None:
    ProjectPageFactory(title="Entwurf", live=False)
    assert found(engine, typ=("projekt",)) == []


def test_a_changed_draft_does_not_change_what_is_found(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    project.title = "Geheim"
    project.save_revision()
    assert not OutboxEntry.objects.pending().exists()
    assert found(engine, typ=("projekt",)) == ["Ampel"]


def test_a_changed_project_is_found_by_its_new_text_only(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    project.title = "Bank"
    project.save_revision().publish()
    assert found(engine, typ=("projekt",)) == ["Bank"]


def test_an_unpublished_project_leaves_the_index_with_its_artefacts(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel", children={"artefacts": [artefact()]})
    assert len(found(engine, typ=("projekt", "artefakt"))) == 2
    project.unpublish()
    assert found(engine, typ=("projekt", "artefakt")) == []


def test_a_removed_artefact_leaves_the_index(engine: Engine) -> None:
    project = ProjectPageFactory(children={"artefacts": [artefact(title="Eins"), artefact(title="Zwei")]})
    drain()
    project.artefacts.set([project.artefacts.get(title="Eins")])
    project.save_revision().publish()
    assert found(engine, typ=("artefakt",)) == ["Eins"]


def test_a_deleted_project_leaves_the_index(engine: Engine) -> None:
    project = ProjectPageFactory()
    assert found(engine, typ=("projekt",))
    project.delete()
    assert found(engine, typ=("projekt",)) == []


def test_projects_of_a_deleted_body_leave_the_index(engine: Engine) -> None:
    project = ProjectPageFactory()
    assert found(engine)
    BodyPage.objects.get(pk=project.public_body.pk).delete()
    assert found(engine) == []


def test_an_expired_project_leaves_the_index(engine: Engine) -> None:
    project = ProjectPageFactory()
    assert found(engine, typ=("projekt",))
    project.expire_at = timezone.now() - datetime.timedelta(minutes=1)
    project.save()
    call_command("publish_scheduled", verbosity=0)
    assert found(engine, typ=("projekt",)) == []


def test_a_project_goes_live_on_schedule(engine: Engine) -> None:
    project = ProjectPageFactory(title="Morgen", live=False)
    project.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = project.save_revision()
    revision.publish()
    assert found(engine, typ=("projekt",)) == []
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now()
    revision.content["go_live_at"] = None
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    assert found(engine, typ=("projekt",)) == ["Morgen"]


def test_a_moved_project_belongs_to_its_new_body(engine: Engine) -> None:
    project, target = ProjectPageFactory(title="Ampel"), BodyPageFactory(title="Zielort")
    drain()
    project.move(target, "last-child")
    assert found(engine, typ=("projekt",)) == ["Ampel"]
    assert "Zielort" in extra_of(project)


def test_a_moved_body_takes_its_projects_along(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel")
    target = BodyPageFactory(title="Zielort")
    PageViewRestriction.objects.create(page=target, restriction_type=PageViewRestriction.LOGIN)
    body = Page.objects.get(pk=project.public_body.pk)
    assert found(engine, typ=("projekt",)) == ["Ampel"]
    body.move(target, "last-child")
    assert found(engine, typ=("projekt",)) == []
    assert found(engine, "members", typ=("projekt",)) == ["Ampel"]


def test_a_move_is_noted_in_its_own_transaction(engine: Engine) -> None:
    project, target = ProjectPageFactory(), BodyPageFactory()
    drain()
    with transaction.atomic():
        Page.objects.get(pk=project.pk).move(target, "last-child")
        assert OutboxEntry.objects.pending().filter(page_id=project.pk).exists()
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.pending().exists()


def test_another_host_of_the_site_needs_no_new_documents(engine: Engine) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    site = Site.objects.get()
    site.hostname, site.port = "www.example.org", 443
    site.save()
    assert not OutboxEntry.objects.pending().exists()
    assert found(engine, typ=("projekt",)) == [project.title]


def test_the_privacy_of_a_collection_changes_no_document(engine: Engine, media: Path) -> None:
    document = DocumentFactory()
    ProjectPageFactory(title="Ampel", children={"artefacts": [artefact(title="Satzung", file=document)]})
    drain()
    restriction = CollectionViewRestriction.objects.create(
        collection=document.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert not OutboxEntry.objects.pending().exists()
    assert found(engine, typ=("artefakt",)) == ["Satzung"]
    restriction.delete()
    assert found(engine, typ=("artefakt",)) == ["Satzung"]


def test_a_changed_address_needs_no_new_documents(engine: Engine) -> None:
    project = ProjectPageFactory()
    drain()
    body = BodyPage.objects.get(pk=project.public_body.pk)
    body.slug = "neue-adresse"
    body.save_revision().publish()
    assert found(engine, typ=("projekt",)) == [project.title]


@pytest.mark.parametrize(
    ("kind", "audiences"),
    [
        (PageViewRestriction.LOGIN, (False, True)),
        (PageViewRestriction.PASSWORD, (False, False)),
        (PageViewRestriction.GROUPS, (False, False)),
    ],
)
def test_a_restricted_page_and_those_below_leave_the_public(
    engine: Engine, kind: str, audiences: tuple[bool, bool]
) -> None:
    project = ProjectPageFactory(title="Ampel", children={"artefacts": [artefact()]})
    drain()
    body = BodyPage.objects.get(pk=project.public_body.pk)
    restriction = PageViewRestriction.objects.create(page=body, restriction_type=kind, password="geheim")
    assert bool(found(engine)) is audiences[0]
    assert bool(found(engine, "members")) is audiences[1]
    restriction.delete()
    assert len(found(engine)) == 3


def test_a_restriction_is_not_lost_if_the_process_is_killed_right_after_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    with monkeypatch.context() as patch:
        patch.setattr(events, "enqueue", lambda page_ids: None)
        PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    assert drain().synced == 0
    OutboxEntry.objects.update(next_try_at=timezone.now())
    assert found(engine, typ=("projekt",)) == []


def test_a_renamed_body_is_found_by_its_new_name_with_its_projects(engine: Engine) -> None:
    project = ProjectPageFactory()
    drain()
    body = BodyPage.objects.get(pk=project.public_body.pk)
    body.title = "Umbenannt"
    body.save_revision().publish()
    assert "Umbenannt" in found(engine)
    assert "Umbenannt" in extra_of(project)


def test_a_renamed_tag_reaches_its_projects(engine: Engine) -> None:
    tag = TagFactory(name="Ampeln", slug="ampeln")
    project = ProjectPageFactory(title="Ampel", tags=[tag])
    drain()
    tag.name, tag.slug = "Signalanlagen", "signalanlagen"
    tag.save()
    assert found(engine, tag=("signalanlagen",)) == ["Ampel"]
    assert "Signalanlagen" in extra_of(project)


def test_a_merged_tag_hands_its_projects_over(engine: Engine) -> None:
    old, new = TagFactory(slug="alt"), TagFactory(slug="neu")
    ProjectPageFactory(title="Eins", tags=[old])
    ProjectPageFactory(title="Zwei", tags=[old, new])
    drain()
    merge(old, new)
    assert found(engine, tag=("alt",)) == []
    assert found(engine, tag=("neu",)) == ["Eins", "Zwei"]
    undo(Former.objects.get())
    assert found(engine, tag=("alt",)) == ["Eins", "Zwei"]
    assert found(engine, tag=("neu",)) == ["Zwei"]


def test_a_deleted_tag_leaves_its_projects(engine: Engine) -> None:
    tag = TagFactory(slug="alt")
    ProjectPageFactory(tags=[tag])
    assert found(engine, tag=("alt",))
    ProjectTag.objects.get(pk=tag.pk).delete()
    assert found(engine, tag=("alt",)) == []


def test_a_renamed_field_of_action_reaches_projects_and_articles(engine: Engine) -> None:
    topic = field_of_action("mobilitaet")
    ProjectPageFactory(title="Bus", m2m={"fields_of_action": [topic]})
    ArticlePageFactory(title="Leitfaden", m2m={"topics": [topic]})
    drain()
    topic.slug = "verkehr"
    topic.save()
    assert found(engine, handlungsfeld=("verkehr",)) == ["Bus", "Leitfaden"]


def test_renamed_vocabularies_reach_their_projects(engine: Engine) -> None:
    key = ServiceKeyFactory()
    item = artefact()
    project = ProjectPageFactory(m2m={"service_keys": [key]}, children={"artefacts": [item]})
    field = OzgField.objects.get(services__keys=key)
    for thing in (key, key.service, field, item.kind, item.licence):
        assert thing is not None
        assert synced_anew(thing.save, project), thing


def test_a_renamed_place_reaches_the_body_and_its_projects(engine: Engine) -> None:
    project = ProjectPageFactory()
    body = BodyPage.objects.get(pk=project.public_body.pk)
    municipality = body.municipality
    assert municipality is not None
    for unit in (municipality, municipality.district, municipality.district.state):
        unit.name = f"{unit.name} neu"
        assert synced_anew(unit.save, body, project), unit
    assert found(engine)
    assert "neu" in extra_of(project)


def test_articles_are_found_and_text_pages_are_not(engine: Engine) -> None:
    ArticlePageFactory(title="Leitfaden")
    home().add_child(instance=StandardPage(title="Hinweise", slug="hinweise"))
    assert found(engine, typ=("wissen",)) == ["Leitfaden"]
    assert "Hinweise" not in found(engine)
    assert ArticlePage.objects.count() == 1


def test_rows_read_back_from_a_dump_are_left_to_the_reconciliation() -> None:
    project = ProjectPageFactory()
    OutboxEntry.objects.all().delete()
    dump = serializers.serialize("json", [project.page_ptr, project])
    for row in serializers.deserialize("json", dump):
        row.save()
    assert not OutboxEntry.objects.exists()
