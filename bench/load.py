"""Step of the bench: an invented register, then generated projects through the platform's own import."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from django.db import connection
from django.db.models.functions import Mod

from bench.generate import generate
from bench.quickly import QuickImport, add_bodies
from projects.importers.lines import Entry
from projects.importers.projects import ProjectImport
from projects.models import District, Municipality, Openness, ProjectPage, State
from projects.models.register import size_class_of
from search.engines import get_engine
from search.indexing import receivers as events
from search.indexing.rebuild import rebuild

# Eight projects a body and one in fifty without a body: bodies and the largest list grow with the data.
PROJECTS_PER_BODY = 8
UNASSIGNED_EVERY = 50
# "9" as third digit belongs to no Regierungsbezirk: these keys collide with no real municipality.
INVENTED_REGION = "9"
MUNICIPALITIES_PER_DISTRICT = 25
INHABITANTS = (800, 4_000, 12_000, 45_000, 250_000)


def main(text: str, how: str = "") -> dict[str, float]:
    """Load so many projects, with `how` "quick" as rows; processor milliseconds for each.

    Raises SystemExit if one is missing.
    """
    size = int(text)
    keys = create_register(max(size // PROJECTS_PER_BODY, 1))
    entries = (Entry(number, value) for number, value in enumerate(projects(size, keys), start=1))
    importer = QuickImport if how == "quick" else ProjectImport
    began = time.process_time()
    # Indexed as a whole afterwards, which takes a third of the time.
    with mock.patch.object(events, "enqueue"):
        if importer is QuickImport:
            add_bodies()
        report = importer(progress_of(size)).run(entries)
    seconds = time.process_time() - began
    if report.created != size:
        raise SystemExit(f"{report.created} of {size} projects were stored: {report.bad_lines[:3]}")
    seek_partners()
    rebuild(get_engine())
    analyse()
    return {"import_ms": 0 if importer is QuickImport else seconds * 1_000 / size}


def projects(size: int, keys: list[str]) -> Iterator[dict[str, Any]]:
    """Generated projects, spread over the invented municipalities as in life: a few have many."""
    chance = random.Random(size)
    for number, project in enumerate(generate(size)):
        position = number if number < len(keys) else int(len(keys) * chance.random() ** 2)
        yield {**project, "ags": None if number % UNASSIGNED_EVERY == UNASSIGNED_EVERY - 1 else keys[position]}


def create_register(municipalities: int) -> list[str]:
    """Invented Kreise and municipalities in all Länder; returns the keys (AGS)."""
    states = list(State.objects.order_by("key"))
    places: list[tuple[int, int]] = [divmod(number, MUNICIPALITIES_PER_DISTRICT) for number in range(municipalities)]
    districts = []
    for number in range(places[-1][0] + 1):
        state, name = states[number % len(states)], f"Musterkreis {number + 1}"
        key = f"{state.key}{INVENTED_REGION}{number // len(states):02d}"
        districts.append(District(key=key, name=name, full_name=name, kind="Landkreis", state=state))
    District.objects.bulk_create(districts)
    rows = []
    for number, (district_number, place) in enumerate(places):
        district, name = districts[district_number], f"Musterort {number + 1}"
        inhabitants = INHABITANTS[number % len(INHABITANTS)]
        unit = Municipality(
            ars=f"{district.key}0000{place:03d}",
            ags=f"{district.key}{place:03d}",
            name=name,
            full_name=f"{name}, Stadt",
            kind_code="63",
            district=district,
            state=district.state,
            inhabitants=inhabitants,
            size_class=size_class_of(inhabitants),
        )
        rows.append(unit)
    Municipality.objects.bulk_create(rows)
    return [row.ags for row in rows]


def seek_partners() -> None:
    """The format of the import does not say who looks for partners; a facet wants values."""
    for number, openness in enumerate(Openness.values):
        some = ProjectPage.objects.annotate(group=Mod("pk", len(Openness.values) + 1)).filter(group=number)
        ProjectPage.objects.filter(pk__in=some.values("pk")).update(openness=openness)


def analyse() -> None:
    """Statistics for the planner. SQLite collects none by itself; without them the stock search takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def progress_of(size: int) -> Callable[[int], None]:
    done = 0

    def progress(steps: int) -> None:
        nonlocal done
        done += steps
        print(f"\r  {done:,} of {size:,}", end="" if done < size else "\n", file=sys.stderr, flush=True)

    return progress
