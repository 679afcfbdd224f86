"""What can be said about Dockerfile and compose.yaml without a container engine."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from django.core.management import get_commands

from scripts.search_server import ROLES

ROOT = Path(__file__).resolve().parents[2]


class UniqueKeys(yaml.SafeLoader):
    """Refuses a key that is given twice, as container engines do; YAML libraries take the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _value in node.value if key.tag != "tag:yaml.org,2002:merge"]
        assert len(keys) == len(set(keys)), f"{keys} in line {node.start_mark.line + 1}"
        return super().construct_mapping(node, deep)


def services() -> dict[str, Any]:
    return yaml.load((ROOT / "compose.yaml").read_text(), UniqueKeys)["services"]  # noqa: S506  (a SafeLoader)


def test_services_wait_for_services_that_exist() -> None:
    for service in services().values():
        assert set(service.get("depends_on", ())) <= set(services())


def test_services_run_commands_that_exist() -> None:
    commands = [" ".join(service.get("command", ())) for service in services().values()]
    named = {name for command in commands for name in re.findall(r"manage\.py (\w+)", command)}
    assert named
    assert named <= set(get_commands())


def test_secrets_are_asked_for_and_not_given() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"SECRET_KEY", "POSTGRES_PASSWORD", "SEARCH_PASSWORD"}
    assert not re.search(r"\$\{(SECRET_KEY|POSTGRES_PASSWORD|SEARCH_PASSWORD)(:-|\})", text)


def test_container_does_not_run_as_root() -> None:
    """By number, so that an orchestrator can see it."""
    stages = (ROOT / "Dockerfile").read_text().split("FROM ")
    assert re.search(r"^USER [1-9]\d+$", stages[-1], re.MULTILINE)
    for name, service in services().items():
        assert "build" in service or re.match(r"[1-9]\d*:", service["user"]), name


def test_services_may_do_what_they_need_and_no_more() -> None:
    for name, service in services().items():
        assert service["cap_drop"] == ["ALL"], name
        assert not {"cap_add", "privileged", "network_mode", "pid"} & set(service), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["pids_limit"] <= 2048, name
        assert service["logging"]["options"]["max-size"], name
    assert {name for name, service in services().items() if not service.get("read_only")} == {"search"}


def test_database_and_search_server_reach_nobody_outside() -> None:
    networks = yaml.safe_load((ROOT / "compose.yaml").read_text())["networks"]
    for name in ("database", "search"):
        assert services()[name]["networks"] == ["inside"]
        assert "ports" not in services()[name]
    assert networks["inside"] == {"internal": True}


def test_platform_has_an_account_of_its_own_on_the_search_server() -> None:
    """What that account may do is tried in `tests/search/test_cluster.py`."""
    assert "elastic:" not in (ROOT / "compose.yaml").read_text()
    role = yaml.safe_load(ROLES.read_text())["platform"]
    assert role["cluster"] == ["monitor"]
    assert [rights["names"] for rights in role["indices"]] == [["platform", "platform-*"]]
    mounted = [volume.split(":")[0] for volume in services()["search"]["volumes"]]
    assert f"./{ROLES.relative_to(ROOT)}" in mounted


def test_the_server_is_started_with_the_settings_that_are_tested() -> None:
    """gunicorn reads gunicorn.conf.py in the folder it starts in; `tests/config/test_server.py` tries what it says."""
    last = (ROOT / "Dockerfile").read_text().split("FROM ")[-1]
    assert (ROOT / "gunicorn.conf.py").exists()
    assert "WORKDIR /app\n" in last
    assert 'CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000"]' in last
