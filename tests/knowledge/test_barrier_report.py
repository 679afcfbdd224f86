"""Anyone can report a barrier; nothing typed is lost; the staff find it."""

from typing import Any

import pytest
from django.test import Client

from knowledge.models import BarrierReport
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
    client.post(ADDRESS, {"description": "spam", "website": "https://example.org"})
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
