"""Step of the bench: how often drafts are warned of something much like them, where it is there and where it is not.

Collections are loaded one after the other, so that the figures of the limit are seen at several sizes. Where nothing
fits is each draft with its own match taken out.
"""

import json
import sys
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command

from projects.models import ProjectPage
from search.indexing.upkeep import learn_meaning
from search.semantic import encoder


def main(drafts: str, qrels: str, *collections: str) -> list[dict[str, Any]]:
    """The measures of both after each collection; the example content without any."""
    found = []
    for collection in collections or ("",):
        if collection:
            call_command("import_projects", collection, stdout=sys.stderr)
        else:
            call_command("load_examples", force=True, stdout=sys.stderr)
        call_command("rebuild_index", stdout=sys.stderr)
        settings.SEARCH_MEANING = encoder.AUTO
        learn_meaning()
        found.append(
            {
                "projects": ProjectPage.objects.live().count(),
                "is_by_meaning": encoder.is_available(),
                "fits": measured(drafts, qrels),
                "fits_not": measured(drafts, qrels, without_match=True),
            }
        )
    return found


def measured(drafts: str, qrels: str, **options: bool) -> dict[str, Any]:
    printed = StringIO()
    call_command("evaluate_search", drafts, qrels, similar=True, json=True, stdout=printed, **options)
    return dict(json.loads(printed.getvalue()))
