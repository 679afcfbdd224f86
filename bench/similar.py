"""Step of the bench: what the projects beside a draft cost, next to the embedding of the draft alone.

Every round asks with a text nobody asked with before, as somebody does who types on. Pages get vectors at random where
they have none: how long it takes to compare does not depend on what they mean. The folder is the bench's own.
How often it warns is measured by `manage.py evaluate_search --similar`, with `--without-match` where nothing fits.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from django.conf import settings
from django.utils import timezone

from bench.interleave import interleave
from projects.models import ProjectPage
from search import encoder
from search.embeddings import Embedding, PageMeaning, digest_of, text_of
from search.encoder import DIMENSIONS, MODEL
from search.engines import get_engine
from search.matches import SHOWN, compare
from search.similar import Draft
from search.vectors import as_bytes

WARM_UP = 3
BATCH = 2_000
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
    engine = get_engine()
    actions = {
        "embedding alone": lambda number: encoder.draft_vector(text_of(f"Entwurf {number} A", f"{TEXT} {number}")),
        "similar projects": lambda number: compare(
            Draft(f"Entwurf {number} B", f"{TEXT} {number}"), engine=engine, audience="members", limit=SHOWN
        ),
    }
    return {name: asdict(timing) for name, timing in interleave(actions, int(rounds), WARM_UP).items()}


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
