"""A run of the tests leaves nothing behind on the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

WRITE = """
from django.conf import settings
(settings.VAR / "media").mkdir()
(settings.VAR / "media" / "a.txt").write_text("a")
print(settings.VAR)
"""


@pytest.mark.process
def test_folder_of_a_run_is_removed_with_all_that_is_in_it() -> None:
    paths = f"{ROOT}{os.pathsep}{ROOT / 'site'}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONPATH": paths}
    ended = subprocess.run([sys.executable, "-c", WRITE], env=environment, capture_output=True, text=True, check=True)
    folder = Path(ended.stdout.strip())
    assert folder.name.startswith("dsr-test-")
    assert not folder.exists()
