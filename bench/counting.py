"""Step of the bench: how many documents the index in use has."""

from search.engines import get_engine


def main() -> dict[str, int]:
    """Raises EngineError if there is no index."""
    return {"documents": get_engine().count(audience="members")}
