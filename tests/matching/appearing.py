"""Projects that appear one after the other, and the worker that looks at them."""

from typing import Any

from wagtail.models import PageViewRestriction

from matching.alerts import events as alerts
from projects.models import BodyPage, ProjectPage
from search.indexing.meaning import embed_pending
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, ProjectPageFactory

DOG_TAX = {
    "title": "Hundesteuer online anmelden",
    "summary": "Halterinnen und Halter melden ihren Hund online an und ab; der Bescheid kommt ins Postfach, die "
    "Hundemarke mit der Post. Die Steuer wird im Fachverfahren der Kämmerei festgesetzt.",
}
OTHERS = {
    "Mängelmelder": "Schlaglöcher, defekte Laternen und wilden Müll mit Foto und Standort melden.",
    "Parkraumsensoren in der Innenstadt": "Sensoren erkennen belegte Stellplätze und zeigen freie auf Tafeln an.",
    "Kita-Portal": "Eltern vergleichen Kindertagesstätten und melden ihr Kind für einen Platz an.",
    "Hochwasserpegel": "Messstellen an Bächen warnen die Feuerwehr bei Starkregen.",
    "Ratsinformationssystem": "Vorlagen und Protokolle der Sitzungen werden digital bereitgestellt.",
    "Smarte Mülleimer": "Füllstände der Papierkörbe bestimmen die Tour der Stadtreinigung.",
    "Bibliothek ohne Personal": "Mit der Karte öffnen Leserinnen und Leser die Bücherei am Abend selbst.",
    "Energiemonitoring": "Zähler in Schulen und Turnhallen zeigen, wo Strom und Wärme verloren gehen.",
}


def others() -> None:
    """Enough of other subjects for a likeness to stand out."""
    body = BodyPageFactory()
    for title, summary in OTHERS.items():
        ProjectPageFactory(parent=body, title=title, summary=summary)


def appear(body: BodyPage, *, is_members_only: bool = False, **fields: Any) -> ProjectPage:
    """A published project of the body that is in the index."""
    page: ProjectPage = ProjectPageFactory(parent=body, **{**DOG_TAX, **fields})
    if is_members_only:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    drain()
    return page


def learn() -> None:
    """The worker's rounds until it knows what each page means; an engine that keeps vectors gets the page once more."""
    while drain().handled + embed_pending():
        pass


def look() -> int:
    """The worker's next look, with everything in the index."""
    drain()
    return alerts.run()
