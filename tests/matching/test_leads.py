"""Who builds the same for all: the very service first, then its Themenfeld, and only who is responsible today."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from matching.alike.leads import responsible_for
from projects.models import CentralSolution, OzgField, OzgFieldLead, OzgService, ServiceKey
from tests.factories import OzgServiceFactory, ProjectPageFactory, ServiceKeyFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> OzgService:
    """In a field with one lead."""
    found: OzgService = OzgServiceFactory(name="Personalausweis")
    found.field.leads.all().delete()
    OzgFieldLead.objects.create(field=found.field, actor="Bremen", role="Federführung")
    return found


def names(services: set[int], keys: set[int]) -> list[str]:
    return [getattr(one, "name", one.actor) for one in responsible_for(services, keys)]


def test_what_serves_the_very_service_comes_first_then_the_field_then_its_lead(service: OzgService) -> None:
    CentralSolution.objects.create(name="A für das Feld", field=service.field, actor="Hamburg")
    CentralSolution.objects.create(name="B für die Leistung", service=service, actor="Berlin")
    CentralSolution.objects.create(name="Für eine andere", service=OzgServiceFactory(), actor="Berlin")
    assert names({service.pk}, set()) == ["B für die Leistung", "A für das Feld", "Bremen"]


def test_a_key_leads_to_the_service_it_belongs_to(service: OzgService) -> None:
    CentralSolution.objects.create(name="Ausweis", service=service, actor="Berlin")
    key = ServiceKeyFactory(service=service)
    assert names(set(), {key.pk}) == ["Ausweis", "Bremen"]
    assert names(set(), {ServiceKey.objects.create(key="1" * 14, name="Ohne").pk}) == []
    assert names(set(), set()) == []


def test_who_is_no_longer_or_not_yet_responsible_is_left_out(service: OzgService) -> None:
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    CentralSolution.objects.create(name="Früher", service=service, actor="Berlin", valid_to=yesterday)
    CentralSolution.objects.create(name="Später", service=service, actor="Berlin", valid_from=tomorrow)
    OzgFieldLead.objects.create(field=service.field, actor="Hessen", valid_to=yesterday)
    assert names({service.pk}, set()) == ["Bremen"]


def test_members_read_on_the_project_who_is_responsible_and_visitors_do_not(
    client: Client, service: OzgService
) -> None:
    CentralSolution.objects.create(
        name="Ausweis <online>", service=service, actor="Berlin", contact_email="amt@example.org"
    )
    page = ProjectPageFactory()
    page.ozg_services = [service]
    page.save_revision().publish()
    assertNotContains(client.get(page.url), "Ausweis")
    client.force_login(editor_of(page.public_body))
    text = client.get(page.url).content.decode()
    assert "Ausweis &lt;online&gt;" in text
    assert "mailto:amt@example.org" in text


def test_staff_keep_central_solutions(client: Client, service: OzgService) -> None:
    client.force_login(staff_member())
    sent = {"name": "Ausweis", "actor": "Berlin", "service": service.pk, "valid_from": "", "valid_to": ""}
    field = OzgField.objects.first()
    assert field
    refused = client.post("/admin/snippets/projects/centralsolution/add/", {**sent, "field": field.pk})
    assert refused.status_code == 200
    assert not CentralSolution.objects.exists()
    client.post("/admin/snippets/projects/centralsolution/add/", sent)
    assert CentralSolution.objects.get().service == service
