"""Figures counted when asked: what a visitor reads on the home page is true at that moment."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from projects.models import Artefact, BodyKind, BodyPage, Openness, ProjectPage, State

SEARCH_PATH = "/suche/"


def live_figures() -> list[dict[str, Any]]:
    """Four figures as {label, value, url}: projects, bodies, artefacts, projects looking for partners."""
    projects = ProjectPage.objects.readable()
    seeking = projects.looking_for_partners().count()
    bodies = BodyPage.objects.readable().exclude(kind=BodyKind.UNASSIGNED).count()
    artefacts = Artefact.objects.filter(project__in=projects).count()
    return [
        {"label": _("Projects and plans"), "value": projects.count(), "url": f"{SEARCH_PATH}?typ=projekt"},
        {"label": _("Bodies taking part"), "value": bodies, "url": "/kommunen/"},
        {"label": _("Reusable artefacts"), "value": artefacts, "url": f"{SEARCH_PATH}?typ=artefakt"},
        {
            "label": _("Looking for partners"),
            "value": seeking,
            "url": f"{SEARCH_PATH}?partner={Openness.PARTNERS}",
        },
    ]


def projects_per_state() -> list[dict[str, Any]]:
    """Each Land as {key, name, iso, count, url} with its number of readable projects, zero included."""
    state_of_body = {
        body.path: body.land.key for body in BodyPage.objects.readable().with_places() if body.land is not None
    }
    paths = ProjectPage.objects.readable().values_list("path", flat=True)
    counts = Counter(state_of_body.get(path[: -Page.steplen], "") for path in paths)
    return [
        {
            "key": state.key,
            "name": state.name,
            "iso": state.iso,
            "count": counts[state.key],
            "url": f"{SEARCH_PATH}?typ=projekt&land={state.key}",
        }
        for state in State.objects.current()
    ]
