"""Two bodies plan the same service at the same time: each is told of the other, and of who is responsible for all."""

import pytest
from django.core import mail
from django.test import Client

from matching.alerts import events as alerts
from matching.alerts.letters import deliver
from matching.models import AlertSettings, Rhythm
from projects.models import CentralSolution, OzgFieldLead, OzgService, ProjectPage
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, OzgServiceFactory, editor_of
from tests.matching.appearing import others

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("engine")]

FIRST = {
    "title": "Personalausweis: Termin und Antrag online",
    "problem": "Wer einen Personalausweis braucht, kommt zweimal ins Amt, weil Foto oder Unterlagen fehlen.",
    "service": "Personalausweis",
    "openness": "gesucht",
}
SECOND = {
    "title": "Antrag auf Personalausweis online mit Termin",
    "problem": "Für den Personalausweis kommen viele zweimal ins Amt: Beim ersten Mal fehlen Foto oder Unterlagen.",
    "service": "Personalausweis",
    "openness": "ideen",
}


@pytest.fixture
def service() -> OzgService:
    """With a central solution and a lead of its field."""
    found: OzgService = OzgServiceFactory(name="Personalausweis")
    CentralSolution.objects.create(
        name="Ausweis für alle", service=found, actor="Bundesdruckerei", url="https://a.example/"
    )
    OzgFieldLead.objects.create(field=found.field, actor="Bremen", contact_email="leitung@example.org")
    return found


def decided(*subjects: str) -> dict[str, object]:
    answers = {
        f"{key}-{part}": value for key in subjects for part, value in (("kind", "trotzdem"), ("reason", "Grund"))
    }
    return {"gefragt": list(subjects), **answers}


def test_the_second_is_told_while_typing_and_the_first_by_mail_both_with_who_is_responsible(
    client: Client, service: OzgService
) -> None:
    others()
    drain()
    here, there = BodyPageFactory(title="Auental"), BodyPageFactory(title="Steinbach")
    first, second = editor_of(here, email="erste@example.org"), editor_of(there, email="zweite@example.org")
    AlertSettings.objects.create(user=first, similar=Rhythm.AT_ONCE)
    central = f"loesung-{CentralSolution.objects.get().pk}"

    client.force_login(first)
    assert client.post("/vorhaben/melden/", {**FIRST, **decided(central)}).status_code == 302
    one = ProjectPage.objects.child_of(here).get()
    drain()
    alerts.run()

    client.force_login(second)
    told = client.post("/vorhaben/aehnliche/", {"form": "kurz", **SECOND}).content.decode()
    for said in (one.url, "Auental", "Ausweis für alle", "Bundesdruckerei", "Bremen", "data-strong", "Personalausweis"):
        assert said in told

    assert client.post("/vorhaben/melden/", {**SECOND, **decided(central, f"projekt-{one.pk}")}).status_code == 302
    other = ProjectPage.objects.child_of(there).get()
    mail.outbox.clear()
    drain()
    alerts.run()
    deliver()
    [letter] = [letter for letter in mail.outbox if "erste@example.org" in letter.to]
    text = f"{letter.subject} {letter.body}"
    for said in (other.title, "Steinbach", "Ausweis für alle", "Bremen"):
        assert said in text
    assert not [letter for letter in mail.outbox if "zweite@example.org" in letter.to]
