"""Changing many projects at once: one change, on every project one may edit, and nothing else of them."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from wagtail.models import PageLogEntry

from projects.editor.bulk_edit import LOG_ACTION
from projects.models import Licence, ProjectPage
from tests.factories import (
    BodyPageFactory,
    ProjectPageFactory,
    TagFactory,
    editor_of,
    field_of_action,
    publisher_of,
    staff_member,
)

pytestmark = pytest.mark.django_db


def address(*pages: ProjectPage) -> str:
    numbers = "&".join(f"id={page.pk}" for page in pages)
    return f"/admin/bulk/wagtailcore/page/change/?{numbers}"


def change(client: Client, *pages: ProjectPage, **values: Any) -> Any:
    data = {"add_tags": "", "remove_tags": "", "phase": "", "text_licence": "", **values}
    response = client.post(address(*pages), data)
    for page in pages:
        page.refresh_from_db()
    return response


def fresh(page: ProjectPage) -> ProjectPage:
    return ProjectPage.objects.get(pk=page.pk)


def test_change_reaches_every_chosen_project_and_nothing_else_of_it(client: Client) -> None:
    client.force_login(staff_member())
    first, second, third = (ProjectPageFactory(tags=[TagFactory(name=name)]) for name in ("Alt", "Wald", "Meer"))
    first.fields_of_action = [field_of_action("energie-und-umwelt")]
    first.save_revision().publish()
    licence = Licence.objects.get(spdx_id="CC-BY-4.0")
    response = change(
        client,
        first,
        second,
        add_tags="Neu",
        remove_tags="Alt",
        add_fields=[field_of_action("mobilitaet").pk],
        phase="P4",
        text_licence=licence.pk,
    )
    assert response.status_code == 302
    assert set(fresh(first).tags.names()) == {"Neu"}
    assert set(fresh(second).tags.names()) == {"Neu", "Wald"}
    assert {field.slug for field in fresh(first).fields_of_action.all()} == {"energie-und-umwelt", "mobilitaet"}
    assert (fresh(first).phase, fresh(first).text_licence) == ("P4", licence)
    assert fresh(first).title == first.title
    assert set(fresh(third).tags.names()) == {"Meer"}


def test_empty_form_is_refused_and_changes_nothing(client: Client) -> None:
    client.force_login(staff_member())
    page = ProjectPageFactory()
    assert change(client, page).status_code == 200
    assert page.revisions.count() == 0


def test_draft_gets_the_change_and_stays_a_draft(client: Client) -> None:
    client.force_login(staff_member())
    page = ProjectPageFactory(phase="P1")
    page.title = "Halb fertig"
    page.save_revision()
    change(client, page, phase="P2")
    assert fresh(page).phase == "P1"
    assert fresh(page).title != "Halb fertig"
    draft = fresh(page).get_latest_revision_as_object()
    assert (draft.title, draft.phase) == ("Halb fertig", "P2")


def test_editor_who_may_not_publish_leaves_a_draft(client: Client) -> None:
    page = ProjectPageFactory(phase="P1")
    client.force_login(editor_of(page.public_body))
    change(client, page, phase="P2")
    assert fresh(page).phase == "P1"
    assert fresh(page).get_latest_revision_as_object().phase == "P2"


def test_projects_of_other_bodies_and_other_pages_are_left_alone(client: Client) -> None:
    own, other, body = ProjectPageFactory(phase="P1"), ProjectPageFactory(phase="P1"), BodyPageFactory()
    client.force_login(publisher_of(own.public_body))
    assert change(client, own, other, body, phase="P2").status_code == 302
    assert (fresh(own).phase, fresh(other).phase) == ("P2", "P1")
    assert [page.revisions.count() for page in (own, other, body)] == [1, 0, 0], "and get no draft either"


def test_history_says_who_changed_it(client: Client) -> None:
    user, page = staff_member(), ProjectPageFactory(phase="P1")
    client.force_login(user)
    change(client, page, phase="P2")
    assert PageLogEntry.objects.get(page=page, action=LOG_ACTION).user == user


def test_the_message_counts_what_was_changed_and_what_is_a_draft(client: Client) -> None:
    client.force_login(staff_member())
    live, draft = ProjectPageFactory(), ProjectPageFactory(live=False)
    for pages, sentences in (
        ([draft], ["1 Projekt hat die Änderung als Entwurf."]),
        ([live], ["1 Projekt wurde geändert."]),
        ([live, draft], ["1 Projekt wurde geändert. 1 Projekt hat die Änderung als Entwurf."]),
    ):
        answer = change(client, *pages, phase="P4")
        assert [str(message).strip() for message in get_messages(answer.wsgi_request)][-1:] == sentences
