"""What can be said about Dockerfile and compose.yaml without a container engine."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from django.core.management import get_commands

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
