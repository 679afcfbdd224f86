"""Queries of the platform as queries of tantivy, and the fields they name."""

import re
from functools import lru_cache

import tantivy
from tantivy import Occur

from search.engines.contract import VISIBLE_TO, Audience
from search.engines.queries import Boost, Clause, Group, Query
from search.kinds.registry import kinds

# Anything below 2^63: the end of an open range.
FAR_FUTURE = 2**62
# Between the folded spelling, by which vocabulary is found, and the word as written.
SPELLING_MARK = "\t"


def schema() -> tantivy.Schema:
    """Fields of the index; a change has to count up SCHEMA_VERSION."""
    return _schema(keywords())


def keywords() -> tuple[str, ...]:
    """Fields that hold values as they are."""
    return ("key", "page", "audience", *kinds.keyword_fields)


@lru_cache(maxsize=4)
def _schema(keywords: tuple[str, ...]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in keywords:
        is_stored = name in {"key", "page"}
        builder.add_text_field(name, stored=is_stored, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("parts", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("vocabulary", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title_order", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("newest", fast=True)
    for name in ("title", "content", "digest"):
        # As bytes, since texts cannot be kept without being looked for: that took half of writing and of the index.
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def visible(audience: Audience) -> tantivy.Query:
    return _unscored(tantivy.Query.term_set_query(schema(), "audience", list(VISIBLE_TO[audience])))


def translate(query: Query, audience: Audience, ignoring: str = "") -> tantivy.Query:
    """The query as tantivy's own, without the filter of the facet named by `ignoring`, or of all for "*"."""
    conditions = [(Occur.Must, visible(audience))]
    if query.groups:
        groups = [(Occur.Should, _group(group)) for group in query.groups]
        minimum = min(query.minimum, len(groups))
        conditions.append((Occur.Must, tantivy.Query.boolean_query(groups, minimum_number_should_match=minimum)))
    conditions += [(Occur.Must, _clause(clause)) for clause in query.required]
    for facet, values in query.filters.items():
        if values and ignoring not in (facet, "*"):
            conditions.append((Occur.Must, _unscored(tantivy.Query.term_set_query(schema(), facet, list(values)))))
    if query.without_page is not None:
        page = tantivy.Query.term_query(schema(), "page", str(query.without_page))
        conditions.append((Occur.MustNot, page))
    if query.only_pages is not None:
        pages = [str(page_id) for page_id in query.only_pages]
        conditions.append((Occur.Must, _unscored(tantivy.Query.term_set_query(schema(), "page", pages))))
    if query.only_keys is not None:
        keys = tantivy.Query.term_set_query(schema(), "key", list(query.only_keys))
        conditions.append((Occur.Must, _unscored(keys)))
    conditions += [(Occur.MustNot, _clause(clause)) for clause in query.excluded]
    conditions += [(Occur.Should, _boost(boost)) for boost in query.boosts]
    return tantivy.Query.boolean_query(conditions)


def _boost(boost: Boost) -> tantivy.Query:
    if boost.since is not None:
        matched = tantivy.Query.range_query(schema(), "newest", tantivy.FieldType.Integer, boost.since, FAR_FUTURE)
    else:
        matched = tantivy.Query.term_set_query(schema(), boost.field, list(boost.values))
    return tantivy.Query.const_score_query(matched, boost.weight)


def _group(group: Group) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, _clause(clause)) for clause in group.clauses])


def _clause(clause: Clause) -> tantivy.Query:
    if clause.is_prefix:
        # The pattern is a regular expression; a beginning holds letters and digits only, everything else is escaped.
        pattern = f"{re.escape(clause.tokens[0])}.*"
        return tantivy.Query.const_score_query(
            tantivy.Query.regex_query(schema(), clause.field, pattern), clause.weight
        )
    if clause.is_phrase:
        matched = tantivy.Query.phrase_query(schema(), clause.field, list(clause.tokens))
    elif len(clause.tokens) == 1:
        matched = tantivy.Query.term_query(schema(), clause.field, clause.tokens[0])
    else:
        terms = [tantivy.Query.term_query(schema(), clause.field, token) for token in clause.tokens]
        matched = tantivy.Query.boolean_query([(Occur.Must, term) for term in terms])
    return tantivy.Query.boost_query(matched, clause.weight)


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def token_seen_by(token: str, audience: Audience) -> tantivy.Query:
    term = tantivy.Query.term_query(schema(), "parts", token)
    return tantivy.Query.boolean_query([(Occur.Must, visible(audience)), (Occur.Must, term)])
