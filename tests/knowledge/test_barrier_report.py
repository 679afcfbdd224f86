"""Anyone can report a barrier; nothing typed is lost; the staff find it."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from knowledge.models import BarrierReport
from people.operations.barrier_reports import answer
from tests.factories import staff_member

pytestmark = pytest.mark.django_db
ADDRESS = "/barriere-melden/"


def test_report_is_stored_and_thanked_for(client: Client) -> None:
    response = client.post(ADDRESS, {"description": "Die Karte ist nicht bedienbar.", "address": "/kommunen/"})
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200
    assert BarrierReport.objects.get().description == "Die Karte ist nicht bedienbar."


def test_error_keeps_what_was_typed_and_names_the_field(client: Client) -> None:
    html = client.post(ADDRESS, {"description": "", "name": "Erika M.", "email": "kein-at"}).content.decode()
    assert "Erika M." in html
    assert "kein-at" in html
    assert not BarrierReport.objects.exists()


def test_machine_that_fills_every_field_is_thanked_and_forgotten(client: Client) -> None:
    answer = client.post(ADDRESS, {"description": "spam", "website": "https://example.org"})
    assert "/danke/" in answer.headers["Location"]
    assert not BarrierReport.objects.exists()


def test_staff_find_the_report(client: Client) -> None:
    BarrierReport.objects.create(description="Kontrast zu schwach")
    client.force_login(staff_member())
    assert "Kontrast zu schwach" in client.get("/admin/snippets/knowledge/barrierreport/").content.decode()


def test_form_without_its_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post(ADDRESS, {"description": "x"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_one_connection_reports_only_so_often_and_keeps_what_was_typed(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "barrier_report": "2/h/ip,3/h/key"}

    def report(sender: int) -> Any:
        return Client(REMOTE_ADDR=f"10.0.0.{sender}").post(ADDRESS, {"description": "Kontrast zu schwach"})

    assert [report(1).status_code for _turn in range(2)] == [302, 302]
    refused = report(1)
    assert refused.status_code == 429
    assert "Kontrast zu schwach" in refused.content.decode()
    assert "später" in refused.content.decode()
    assert [report(sender).status_code for sender in (2, 3)] == [302, 429], "and all together only so often"
    assert BarrierReport.objects.count() == 3


# --- the answer -------------------------------------------------------------------------------------------------------


def edit_url(report: BarrierReport) -> str:
    return f"/admin/snippets/knowledge/barrierreport/edit/{report.pk}/"


@pytest.mark.parametrize(("email", "sentence"), [("erika@example.org", "Sie erhalten innerhalb"), ("", "niemand antw")])
def test_who_reports_reads_whether_an_answer_can_come(client: Client, email: str, sentence: str) -> None:
    answer = client.post(ADDRESS, {"description": "Zu klein", "email": email}, follow=True)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_an_answer_goes_to_whoever_reported_once(client: Client) -> None:
    client.force_login(staff_member())
    report = BarrierReport.objects.create(description="Kontrast <zu> schwach", email="erika@example.org", address="/x/")
    shown = client.get(edit_url(report)).content.decode()
    assert "Sie geht einmal an erika@example.org" in shown

    stored = client.post(edit_url(report), {"answer": "Wir prüfen das."}, follow=True).content.decode()
    assert "Es wurde nichts gesendet" in stored
    assert mail.outbox == []
    report.refresh_from_db()
    assert (report.answer, report.answered_at) == ("Wir prüfen das.", None)

    missing = client.post(edit_url(report), {"answer": " ", "finish": "on"})
    assert missing.context["form"].errors.keys() == {"answer"}
    assert mail.outbox == []

    sent = client.post(edit_url(report), {"answer": "Behoben & geprüft.", "finish": "on"}, follow=True).content.decode()
    assert "Die Antwort ist unterwegs an erika@example.org." in sent
    (letter,) = mail.outbox
    assert letter.to == ["erika@example.org"]
    assert "Behoben & geprüft." in letter.body
    assert "Kontrast <zu> schwach" in letter.body
    report.refresh_from_db()
    assert report.answered_at == report.answer_sent_at is not None

    again = client.post(edit_url(report), {"answer": "Doch nicht.", "finish": "on"})
    assert "schon beantwortet" in again.content.decode()
    assert len(mail.outbox) == 1
    report.refresh_from_db()
    assert report.answer == "Behoben & geprüft."


def test_of_two_who_answer_at_once_one_letter_goes_out(client: Client) -> None:
    report = BarrierReport.objects.create(description="Zu klein", email="erika@example.org", answer="Eins")
    stale = BarrierReport.objects.get(pk=report.pk)
    assert answer(report)
    stale.answer = "Zwei"
    assert not answer(stale)
    assert len(mail.outbox) == 1
    assert BarrierReport.objects.get().answer == "Eins"


def test_without_an_address_staff_read_that_no_answer_can_be_sent(client: Client) -> None:
    client.force_login(staff_member())
    report = BarrierReport.objects.create(description="Zu klein")
    assert "Es lässt sich keine Antwort senden" in client.get(edit_url(report)).content.decode()
    done = client.post(edit_url(report), {"answer": "Behoben", "finish": "on"}, follow=True).content.decode()
    assert "Es wurde keine Antwort gesendet" in done
    assert mail.outbox == []
    report.refresh_from_db()
    assert report.answered_at is not None
    assert report.answer_sent_at is None
