"""Step of the bench: what the panel beside a form costs a member, next to the embedding of the draft alone.

Every round asks with a text nobody asked with before, as somebody does who types on. Pages get vectors at random where
they have none: how long it takes to compare does not depend on what they mean. The folder is the bench's own.
How often it warns is measured by `manage.py evaluate_search --similar`, with `--without-match` where nothing fits.
"""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.interleave import interleave
from matching.reporting.panel_forms import FIRST_LOOK, SHORT_FORM
from people.models import Team, User
from people.rights import create_team
from projects.models import BodyPage, ProjectPage
from search.engines import get_engine
from search.semantic import encoder
from search.semantic.embeddings import Embedding, PageMeaning, digest_of, text_of
from search.semantic.encoder import DIMENSIONS, MODEL
from search.semantic.vectors import as_bytes
from search.similar.finding import Draft
from search.similar.matches import SHOWN, compare

WARM_UP = 3
BATCH = 2_000
# One person alone would soon be told to type more slowly.
PEOPLE = 10
# About as long as the model reads: 120 tokens.
TEXT = (
    "Bürgerinnen und Bürger stellen den Antrag von zu Hause, laden ihre Nachweise hoch und bezahlen gleich mit. "
    "Die Sachbearbeitung bekommt die Angaben im Fachverfahren, fragt nach, wo etwas fehlt, und stellt den Bescheid in "
    "das Postfach. Wer keinen Rechner hat, kommt wie bisher ins Rathaus; dort hilft das Bürgerbüro am Bildschirm. "
    "Wir suchen Städte, die mit uns entwickeln, und planen den Beginn im kommenden Frühjahr, Stand"
)


def main(rounds: str) -> dict[str, dict[str, Any]]:
    """Timings of both; none without the model."""
    settings.SEARCH_MEANING = encoder.AUTO  # this step alone measures it
    if not encoder.is_available():
        return {}
    give_vectors()
    engine, people = get_engine(), members()
    actions = {
        "embedding alone": lambda number: encoder.draft_vector(text_of(f"Entwurf {number} A", f"{TEXT} {number}")),
        "similar projects": lambda number: compare(
            Draft(f"Entwurf {number} B", f"{TEXT} {number}"), engine=engine, audience="members", limit=SHOWN
        ),
        "panel": lambda number: ask(people[number % PEOPLE], f"Entwurf {number} C", f"{TEXT} {number}"),
        "first look of the panel": lambda number: ask(
            people[number % PEOPLE], f"Entwurf {number} D", f"{TEXT} {number}", **{FIRST_LOOK: "1"}
        ),
    }
    return {name: asdict(timing) for name, timing in interleave(actions, int(rounds), WARM_UP).items()}


def members() -> list[Client]:
    """Browsers in which people of a body are logged in."""
    body = BodyPage.objects.order_by("pk").first()
    assert body  # noqa: S101  (the bench has loaded some)
    team = Team.objects.filter(body=body).first() or create_team(body)
    host = settings.ALLOWED_HOSTS[0]
    browsers = [Client(SERVER_NAME=host, raise_request_exception=True) for _number in range(PEOPLE)]
    for number, browser in enumerate(browsers):
        user, _is_new = User.objects.get_or_create(email=f"bench{number}@example.org")
        user.groups.add(team.group)
        browser.force_login(user)
    return browsers


def ask(browser: Client, title: str, problem: str, **more: str) -> None:
    """What the script sends with a pause in typing, through all that stands around a view, but no network."""
    sent = {"form": SHORT_FORM, "title": title, "problem": problem, **more}
    answer = browser.post(reverse("similar_panel"), sent, secure=True)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"The panel answered {answer.status_code}.")


def give_vectors() -> int:
    """A vector for each live project that has none; returns how many got one."""
    known = set(PageMeaning.objects.exclude(embedding=None).values_list("page_id", flat=True))
    pages = [pk for pk in ProjectPage.objects.live().values_list("pk", flat=True) if pk not in known]
    generator = np.random.default_rng(seed=1)
    for start in range(0, len(pages), BATCH):
        batch = pages[start : start + BATCH]
        vectors = generator.normal(size=(len(batch), DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [
            Embedding(digest=digest_of(f"bench {pk}", MODEL), model=MODEL, vector=as_bytes(vector))
            for pk, vector in zip(batch, vectors, strict=True)
        ]
        Embedding.objects.bulk_create(rows, ignore_conflicts=True)
        now = timezone.now()
        PageMeaning.objects.bulk_create(
            [PageMeaning(page_id=pk, embedding=row, changed_at=now) for pk, row in zip(batch, rows, strict=True)],
            update_conflicts=True,
            update_fields=["embedding", "changed_at"],
            unique_fields=["page_id"],
        )
    return len(pages)
