"""Figures counted when asked: what a visitor reads on the home page is true at that moment."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.translation import gettext as _

from pages.tree import parent_path_in_query
from projects.models import Artefact, BodyKind, BodyPage, Openness, ProjectPage, ReuseClass, State
from projects.reuse import reusing_units

SEARCH_PATH = "/suche/"
# What others have confirmed to use, by however many.
REUSED = (
    f"{SEARCH_PATH}?{urlencode({'nachnutzung': [ReuseClass.MANY, ReuseClass.SEVERAL, ReuseClass.ONE]}, doseq=True)}"
)
# The map's style sheet has as many shades.
SHADES = 4


def live_figures() -> list[dict[str, Any]]:
    """Five figures as {label, value, url}: projects, bodies, artefacts, who reuses, projects looking for partners."""
    projects = ProjectPage.objects.readable()
    seeking = projects.looking_for_partners().count()
    bodies = BodyPage.objects.readable().exclude(kind=BodyKind.UNASSIGNED).count()
    artefacts = Artefact.objects.filter(project__in=projects).count()
    return [
        {"label": _("Projects and plans"), "value": projects.count(), "url": f"{SEARCH_PATH}?typ=projekt"},
        {"label": _("Bodies taking part"), "value": bodies, "url": "/kommunen/"},
        {"label": _("Reusable artefacts"), "value": artefacts, "url": f"{SEARCH_PATH}?typ=artefakt"},
        {"label": _("Bodies that use projects of others"), "value": reusing_units(), "url": REUSED},
        {
            "label": _("Looking for partners"),
            "value": seeking,
            "url": f"{SEARCH_PATH}?partner={Openness.PARTNERS}",
        },
    ]


def projects_per_state() -> list[dict[str, Any]]:
    """Each Land as {key, name, iso, count, level, url} with its number of readable projects, zero included.

    `level` is the shade of its tile: 0 without a project, up to SHADES for the Land with most.
    """
    state_of_body = dict(BodyPage.objects.with_state_key().values_list("path", "state_key"))
    projects = ProjectPage.objects.readable().order_by()
    of_body = projects.annotate(parent_path=parent_path_in_query()).values("parent_path")
    counts: Counter[str] = Counter()
    for path, count in of_body.annotate(total=Count("pk")).values_list("parent_path", "total"):
        counts[state_of_body.get(path) or ""] += count
    most = max([count for key, count in counts.items() if key], default=0)
    return [
        {
            "key": state.key,
            "name": state.name,
            "iso": state.iso,
            "count": counts[state.key],
            "level": -(-SHADES * counts[state.key] // most) if most else 0,
            "url": f"{SEARCH_PATH}?typ=projekt&land={state.key}",
        }
        for state in State.objects.current()
    ]
