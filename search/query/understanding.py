"""Understanding a query: it is read with what the database knows – synonyms, places, licences.

Must not know facets or a request.
"""

from django.core.cache import cache
from django.utils import timezone

from projects.models import Licence
from search.engines.contract import Audience, Engine
from search.models import Synonym
from search.query.interpretation import Interpretation, interpret
from search.query.places import place_table
from search.query.ranking import factors, place_factors
from search.text.synonyms import SynonymTable

# Licences are added once in a while; a new one may count a little later.
LICENCES_KEY = "search-licences"
LICENCES_SECONDS = 300


def understand(
    text: str,
    *,
    engine: Engine,
    audience: Audience,
    favour_places: bool = True,
    with_factors: bool = True,
    with_synonyms: bool = True,
) -> Interpretation:
    """Read a query, with the factors that rank its hits. Raises EngineError.

    Places are named in the result even where they are not favoured. Switching factors or synonyms off is for
    comparing.
    """
    synonyms = Synonym.objects.table() if with_synonyms else SynonymTable()
    read = interpret(text, engine=engine, synonyms=synonyms, audience=audience, places=place_table())
    if with_factors:
        read = read.favouring(factors(len(read.groups), timezone.now().date(), _licences()))
    if favour_places:
        read = read.favouring(place_factors(read.places))
    return read


def _licences() -> tuple[str, ...]:
    """Identifiers of all licences, by which an artefact that may be reused is told."""
    found: tuple[str, ...] | None = cache.get(LICENCES_KEY)
    if found is None:
        found = tuple(Licence.objects.order_by("spdx_id").values_list("spdx_id", flat=True))
        cache.set(LICENCES_KEY, found, LICENCES_SECONDS)
    return found
