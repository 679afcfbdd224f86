"""What the tests of matching share."""

import pytest

from tests.search.conftest import PATIENT_SECONDS


@pytest.fixture(autouse=True)
def _patient_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and the panel wait for the engine where a test is about their answer."""
    if request.node.get_closest_marker("both_engines"):
        monkeypatch.setattr("search.engines.guard.PAGE_SECONDS", PATIENT_SECONDS)
