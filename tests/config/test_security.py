"""What every answer carries, and what production refuses."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import staff_member

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_public_policy_allows_nothing_inline_and_no_other_host(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_looser_policy_ends_with_the_admin(client: Client) -> None:
    client.force_login(staff_member())
    assert "'unsafe-inline'" in client.get("/admin/").headers["Content-Security-Policy"]
    assert "unsafe" not in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_public_pages_carry_no_inline_style_or_script(client: Client) -> None:
    for path in ("/", "/kommunen/", "/wissen/", "/suche/?q=x", "/barriere-melden/"):
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200, path
        assert "<script " in html, path
        assert " style=" not in html, path
        assert "<style" not in html, path
        assert "<script>" not in html, path


@pytest.mark.django_db
def test_metrics_are_not_public(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "geheim"
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer geheim"})
    assert answer.status_code == 200
    assert "python_info" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_readiness_names_its_parts(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "search": "ok"}


@pytest.mark.django_db
def test_search_that_is_away_is_named_but_reading_goes_on(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/nothing-here"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["search"] == "unreachable"


@pytest.mark.process
@pytest.mark.parametrize(
    ("given", "named"), [({}, "SECRET_KEY"), ({"SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS")], ids=["secret", "hosts"]
)
def test_production_refuses_to_start_without(given: dict[str, str], named: str) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--settings", "config.settings.production"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert named in run.stderr
