"""Step 6 of the flow, reading: everything a page of hits shows, in one statement.

Written by hand: a statement costs more to be put together by Django and to be sent than to be answered, and Django has
no words for the way from a project to the body above it in the tree. A test holds the result to the page objects.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from wagtail.models import Page


class What(StrEnum):
    """What a row is about; pages as the keys of their documents name them."""

    PROJECT = "projekt"
    ARTICLE = "wissen"
    BODY = "stelle"
    ARTEFACT = "artefakt"
    TAG = "tag"
    TAG_NAME = "name"
    RESTRICTED = "restricted"
    SYNONYMS = "synonyms"


class Row(NamedTuple):
    """A row of the statement; which columns are filled depends on `what`."""

    what: str | None
    page_id: int  # or a count
    slug: Any  # of a tag; the number of an artefact; the kind of a restriction
    title: Any
    path: Any
    url_path: Any
    published: Any
    is_example: Any
    phase: Any
    openness: Any
    body: Any  # title of the page above a project
    kind: Any  # of that body, or of the body found; the name of an artefact's kind
    unit: Any
    district_kind: Any
    district_name: Any
    state_name: Any
    licence: Any
    position: int
    freshness: Any  # state of the page's age; nothing where nobody stood by it yet
    confirmed: Any


# Projects and articles lie at depth five and four; nothing lies deeper than this.
DEEPEST = 8
# Pages with the body they are or belong to, tags and artefacts of projects, names of tags, what among them is not
# for everybody and why, and the stamp of the synonyms.
# A body is one unit of the register at most, so that one Kreis and one Land are joined whichever it is.
STATEMENT = """
SELECT CASE WHEN project.page_ptr_id IS NOT NULL THEN 'projekt'
            WHEN article.page_ptr_id IS NOT NULL THEN 'wissen'
            WHEN body.page_ptr_id IS NOT NULL THEN 'stelle' END,
    page.id, NULL, page.title, page.path, page.url_path, page.first_published_at,
    COALESCE(project.is_example, article.is_example, body.is_example),
    project.phase, project.openness, above.title, body.kind,
    CASE WHEN municipality.id IS NOT NULL THEN 'municipality'
         WHEN body.district_id IS NOT NULL THEN 'district'
         WHEN association.id IS NOT NULL THEN 'association' END,
    district.kind, district.name, state.name, NULL, 0, freshness.state, freshness.confirmed_at
FROM wagtailcore_page page
LEFT JOIN projects_freshness freshness ON freshness.page_id = page.id
LEFT JOIN projects_projectpage project ON project.page_ptr_id = page.id
LEFT JOIN knowledge_articlepage article ON article.page_ptr_id = page.id
LEFT JOIN wagtailcore_page above ON above.path =
    CASE WHEN project.page_ptr_id IS NULL THEN page.path ELSE SUBSTR(page.path, 1, LENGTH(page.path) - :steplen) END
LEFT JOIN projects_bodypage body ON body.page_ptr_id = above.id
LEFT JOIN projects_municipality municipality ON municipality.id = body.municipality_id
LEFT JOIN projects_association association ON association.id = body.association_id
LEFT JOIN projects_district district
    ON district.id = COALESCE(municipality.district_id, body.district_id, association.district_id)
LEFT JOIN projects_state state ON state.id = COALESCE(district.state_id, body.seat_state_id)
WHERE page.live AND page.id IN (:pages)
UNION ALL
SELECT 'tag', tagged.content_object_id, tag.slug, tag.name,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, tagged.id, NULL, NULL
FROM projects_taggedproject tagged JOIN projects_projecttag tag ON tag.id = tagged.tag_id
WHERE tagged.content_object_id IN (:pages)
UNION ALL
SELECT 'artefakt', artefact.project_id, CAST(artefact.uuid AS text), artefact.title,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, kind.name, NULL, NULL, NULL, NULL, licence.spdx_id, 0, NULL, NULL
FROM projects_artefact artefact JOIN projects_artefactkind kind ON kind.id = artefact.kind_id
LEFT JOIN projects_licence licence ON licence.id = artefact.licence_id
WHERE artefact.project_id IN (:with_artefacts)
UNION ALL
SELECT 'name', 0, tag.slug, tag.name,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL
FROM projects_projecttag tag WHERE tag.slug IN (:tags)
UNION ALL
SELECT 'restricted', page.id, restriction.restriction_type, NULL,
    page.path, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL
FROM wagtailcore_page hit
JOIN wagtailcore_page page ON page.path IN (:paths_above)
JOIN wagtailcore_pageviewrestriction restriction ON restriction.page_id = page.id
WHERE hit.id IN (:pages) AND restriction.restriction_type <> 'none'
UNION ALL
SELECT 'synonyms', COUNT(*), NULL, NULL,
    NULL, NULL, MAX(changed_at), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL
FROM search_synonym
""".replace(":steplen", str(Page.steplen)).replace(
    ":paths_above", ", ".join(f"SUBSTR(hit.path, 1, {depth * Page.steplen})" for depth in range(1, DEEPEST + 1))
)


def shown_rows(
    page_ids: Collection[int], with_artefacts: Collection[int], tags: Collection[str]
) -> Mapping[str, Sequence[Row]]:
    """Rows by what they are about: the live pages of these numbers with their tags, the artefacts of some of them, the
    names of tags by their slugs, which of the pages or those above are restricted, and the stamp of the synonyms."""
    statement = STATEMENT
    for name, values in ((":pages", page_ids), (":with_artefacts", with_artefacts), (":tags", tags)):
        # Nothing is in a list of NULL; an empty one is no SQL.
        statement = statement.replace(name, ", ".join(["%s"] * len(values)) or "NULL")
    with connection.cursor() as cursor:
        cursor.execute(statement, [*page_ids, *page_ids, *with_artefacts, *tags, *page_ids])
        found = cursor.fetchall()
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in map(Row._make, found):
        if row.what:
            rows[row.what].append(row)
    return rows


def moment(value: datetime.datetime | str | None) -> datetime.datetime | None:
    """A point in time; SQLite keeps it as text in UTC, which becomes a time without zone or stays text."""
    read = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=datetime.UTC) if read and read.tzinfo is None else read
