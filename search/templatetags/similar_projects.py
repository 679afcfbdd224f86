"""Similar projects beside a draft, for templates of apps that must not import the search."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from projects.models import ProjectPage
from search.embeddings import described
from search.engines import EngineError
from search.engines.guard import ask
from search.results import Hit, join
from search.similar import meaning_of, similar

register = template.Library()

# As many as somebody compares who has a decision to make.
SHOWN = 3


@dataclass(frozen=True)
class SimilarProject:
    """A project found, as the page shows it, and the words both texts use."""

    hit: Hit
    common_words: tuple[str, ...]


@register.simple_tag
def similar_projects(page: ProjectPage) -> Sequence[SimilarProject] | None:
    """The nearest to the page's title and short text, best first; None while the search does not answer."""
    told = described(page.summary, page.problem)
    vector = meaning_of(page.title, told)
    try:
        asked = ask(
            lambda engine: similar(
                page.title,
                told,
                engine=engine,
                audience="members",
                limit=SHOWN,
                without_page=page.pk,
                vector=vector,
            )
        )
    except EngineError:
        return None
    words = {found.hit.key: found.common_words for found in asked.value}
    return [SimilarProject(hit, words[hit.key]) for hit in join([found.hit for found in asked.value], ())]
