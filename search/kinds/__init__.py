"""What can be found, each kind described once: its names, pages, facets, texts and hits.

The rest of the search asks `search.kinds.registry`; what can be found of a page is said here and nowhere else.
"""
