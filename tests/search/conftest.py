"""What the tests of the search share."""

import pytest

# A busy machine that runs a search server beside the tests is slow; how soon a page gives up is tested by itself.
PATIENT_SECONDS = 20.0


@pytest.fixture(autouse=True)
def _patient_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for the engine where a test is about their answer."""
    if request.node.get_closest_marker("both_engines"):
        monkeypatch.setattr("search.engines.guard.PAGE_SECONDS", PATIENT_SECONDS)
