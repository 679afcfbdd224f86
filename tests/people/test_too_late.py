"""The second of two people who decide at once, or of two tabs: they read how it stands and who did it."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from matching.models import Demand
from people.models import DirectPublication, Invitation, QueuedMail, TakeoverRequest
from projects.models import Municipality, Plan, ProjectTag
from tests.factories import TagFactory, coordinator_of, staff_member
from tests.people.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "engine")]

FIRST = {"first_name": "Erika", "last_name": "Erste"}
SETTLED = "ist schon erledigt; es wurde nichts geändert."


@pytest.fixture
def stage() -> Stage:
    return Stage()


def ask(client: Client, address: str, data: dict[str, Any] | None = None) -> str:
    """What somebody reads after pressing a button that is not for them any more."""
    answer = client.post(address, data or {}, follow=True)
    assert answer.redirect_chain, address
    assert answer.status_code == HTTPStatus.OK, address
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_second_of_two_staff_reads_what_the_first_did(stage: Stage, client: Client) -> None:
    first, second = Client(), client
    first.force_login(staff_member(**FIRST))
    second.force_login(staff_member())
    successor = Municipality.objects.exclude(pk=stage.body.municipality_id).latest("pk").pk
    day = timezone.localdate().isoformat()
    steps: list[tuple[str, dict[str, Any], str]] = [
        (f"/admin/vorhaben/{stage.plan.pk}/in-ordnung/", {}, "Vorhaben angesehen und in Ordnung (Erika Erste, "),
        (f"/admin/pruefung/direkt/{stage.publication.pk}/", {}, "(Erika Erste, "),
        (f"/admin/uebernahme/{stage.takeover.pk}/", {"refuse": "1", "reason": "Nein"}, "(Erika Erste, "),
        (f"/admin/bedarf/{stage.demand.pk}/schliessen/", {"note": "Gibt es"}, "Der Bedarf ist geschlossen ("),
        (
            f"/admin/gebietsreform/{stage.body.municipality_id}/",
            {"successor": successor, "ended_on": day, "confirm": "1"},
            "In einer Gebietsreform an die Nachfolgerin übergeben (Erika Erste, ",
        ),
    ]
    for address, data, what in steps:
        assert SETTLED not in ask(first, address, data), address
        told = ask(second, address, data)
        assert SETTLED in told, address
        assert what in told, address
    assert Plan.objects.get(pk=stage.plan.pk).checked_by.first_name == "Erika"  # type: ignore[union-attr]
    assert DirectPublication.objects.get(pk=stage.publication.pk).seen_by.first_name == "Erika"  # type: ignore[union-attr]
    assert TakeoverRequest.objects.get(pk=stage.takeover.pk).decided_at
    assert Demand.objects.get(pk=stage.demand.pk).closed_at


def test_what_the_second_had_typed_is_shown_again(stage: Stage, client: Client) -> None:
    first, second = Client(), client
    first.force_login(staff_member(**FIRST))
    second.force_login(staff_member())
    review, text = f"/admin/pruefung/{stage.task_state.pk}/", "Zu <knapp>\nund zu spät"
    remarks = {"decision": "send_back", "version": stage.draft.latest_revision_id, "remark_summary": text}
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"/admin/uebernahme/{stage.takeover.pk}/", {"refuse": "1", "reason": text}),
        (f"/admin/bedarf/{stage.demand.pk}/schliessen/", {"note": text}),
        (f"/admin/anfragen/zugang/{stage.access.pk}/", {"refuse": "1", "reason": text}),
        (f"/admin/mitarbeit/{stage.partnership.pk}/", {"decline": "1", "reason": text}),
        (f"/admin/vorhaben/{stage.plan.pk}/zurueckziehen/", {"reason": text}),
    ]
    for address, data in steps:
        assert SETTLED not in ask(first, address, data), address
        told = ask(second, address, data)
        assert "Erika Erste" in told or "bedarf" in address, address
        assert "<dd><p>Zu &lt;knapp&gt;<br>und zu spät</p></dd>" in told, address
    assert SETTLED not in ask(first, review, remarks)
    answer = second.post(review, remarks | {"summary": "Sonst gut"})
    told = " ".join(map(str, answer.context["messages"]))
    assert "(Erika Erste, " in told
    assert "<dt>Anmerkung zu „Zusammenfassung“</dt><dd><p>Zu &lt;knapp&gt;<br>und zu spät</p></dd>" in told
    assert "Sonst gut" in told
    assert "Zu &lt;knapp&gt;" in answer.content.decode()


def test_a_plan_that_was_withdrawn_is_not_looked_at_any_more(stage: Stage, client: Client) -> None:
    coordinator = stage.people["coordinator"]
    assert coordinator
    client.force_login(coordinator)
    client.post(f"/vorhaben/{stage.plan.project_id}/zurueckziehen/")
    assert not Plan.objects.unchecked().filter(pk=stage.plan.pk).exists()
    client.force_login(staff_member())
    for step in ("in-ordnung", "zurueckziehen"):
        told = ask(client, f"/admin/vorhaben/{stage.plan.pk}/{step}/", {"reason": "Weil"})
        assert f"{SETTLED} Vorhaben zurückgezogen (" in told
    assert Plan.objects.get(pk=stage.plan.pk).checked_at is None


def test_coordinators_read_who_took_an_offer_even_if_the_entry_is_elsewhere_now(stage: Stage, client: Client) -> None:
    address = f"/admin/uebernahme/{stage.takeover.pk}/"
    client.force_login(staff_member(**FIRST))
    ask(client, address, {"grant": "1"})
    client.force_login(coordinator_of(stage.body))
    assert "An eine andere Stelle übergeben (Erika Erste, " in ask(client, address, {"refuse": "1"})
    client.force_login(coordinator_of(stage.member))
    assert client.get(address).status_code == HTTPStatus.FOUND
    assert not [
        str(message) for message in client.get(address, follow=True).context["messages"] if SETTLED in message.message
    ]


def test_what_is_gone_is_said_to_be_gone(stage: Stage, client: Client) -> None:
    client.force_login(staff_member())
    tag, target = TagFactory(name="Bau"), TagFactory(name="Bauen")
    mail = QueuedMail.objects.latest("pk").pk
    team = f"/admin/teams/{stage.body.pk}/"
    editor = stage.people["editor"]
    assert editor
    merge = f"/admin/snippets/projects/projecttag/delete/{tag.pk}/"
    ask(client, merge, {"merge": "1", "heir": target.pk})
    assert "„Bau“ wurde bereits mit „Bauen“ zusammengeführt, am " in ask(
        client, merge, {"merge": "1", "heir": target.pk}
    )
    assert ProjectTag.objects.filter(pk=target.pk).exists()
    QueuedMail.objects.filter(pk=mail).delete()
    assert "wartet nicht mehr" in ask(client, f"/admin/snippets/people/queuedmail/retry/{mail}/")
    ask(client, f"{team}einladung/{stage.invitation.pk}/", {"withdraw": "1"})
    assert not Invitation.objects.filter(pk=stage.invitation.pk).exists()
    assert "nicht mehr offen" in ask(client, f"{team}einladung/{stage.invitation.pk}/", {"withdraw": "1"})
    ask(client, f"{team}person/{editor.pk}/", {"remove": "1"})
    assert "gehört nicht zum Team" in ask(client, f"{team}person/{editor.pk}/", {"remove": "1"})
    ask(client, f"{team}vertretung/{stage.member.pk}/")
    assert "handelt nicht für" in ask(client, f"{team}vertretung/{stage.member.pk}/")
