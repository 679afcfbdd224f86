"""Rules for the texts and pictures of the example content, checked without a database."""

from collections import Counter

import pytest
from PIL import Image

from examples import content, files
from examples.prose import rich_text
from projects.models import BodyKind, Conformity, ContactPromise, Openness, Phase, StopReason

# Floors that make the example content worth a visit.
LEAST_PROJECTS, LEAST_MUNICIPALITIES, LEAST_ARTEFACTS, LEAST_ARTICLES = 40, 25, 60, 5
SUMMARY_LIMIT = 300
PICTURE_SIZE, PICTURE_BYTES = (1200, 675), 120_000
ALT_LIMIT = 250

PROJECTS = content.projects()
ARTEFACTS = [artefact for project in PROJECTS.values() for artefact in project.get("artefacts", [])]
PICTURES = sorted(
    {project["image"] for project in PROJECTS.values()} | {a["image"] for a in content.articles().values()}
)


def test_there_are_enough_projects_of_enough_municipalities() -> None:
    with_projects = [b for b in content.bodies().values() if b["projects"]]
    assert len(PROJECTS) >= LEAST_PROJECTS
    assert sum(b["body"]["kind"] == BodyKind.MUNICIPALITY for b in with_projects) >= LEAST_MUNICIPALITIES
    assert len(content.articles()) >= LEAST_ARTICLES


def test_every_phase_has_a_project() -> None:
    assert {project["phase"] for project in PROJECTS.values()} == set(Phase.values)


def test_every_land_has_a_body() -> None:
    keys = {body["body"].get("key", body["body"].get("state", ""))[:2] for body in content.bodies().values()}
    assert {f"{n:02d}" for n in range(1, 17)} <= keys


@pytest.mark.parametrize("address", sorted(PROJECTS))
def test_project_says_what_it_is_and_uses_known_words(address: str) -> None:
    project = PROJECTS[address]
    assert 0 < len(project["summary"]) <= SUMMARY_LIMIT
    assert project["problem"]
    assert project["change_for_citizens"]
    assert project["fields"]
    assert project["tags"]
    assert project["image"]
    assert 0 < len(project["image_alt"]) <= ALT_LIMIT
    assert project["contact_promise"] in ContactPromise.values
    assert project.get("conformity", Conformity.UNKNOWN) in Conformity.values
    assert project.get("openness", "") in {"", *Openness.values}


def test_discontinued_projects_give_a_reason() -> None:
    ended = [project for project in PROJECTS.values() if project["phase"] == Phase.DISCONTINUED]
    assert len({project["stop_reason"] for project in ended}) == len(ended) > 0
    assert all(project["stop_reason"] in StopReason.values and project["stop_note"] for project in ended)


def test_every_project_that_seeks_partners_says_whom() -> None:
    seeking = [project for project in PROJECTS.values() if project.get("openness") == Openness.PARTNERS]
    assert seeking
    assert all(project.get("partner_note") or project.get("partner_need") for project in seeking)


def test_every_block_with_a_picture_has_an_alternative_text() -> None:
    blocks = [block for project in PROJECTS.values() for block in project.get("body", [])]
    pictures = [block for block in blocks if block["type"] == "image"]
    assert pictures
    assert all(block["alt"] for block in pictures)


def test_all_kinds_of_block_occur() -> None:
    texts = [*PROJECTS.values(), *content.articles().values()]
    used = Counter(block["type"] for text in texts for block in text.get("body", []))
    wanted = "text image figures quotation steps table download contact link_list"
    assert set(wanted.split()) <= set(used)


def test_there_are_enough_artefacts() -> None:
    assert len(ARTEFACTS) >= LEAST_ARTEFACTS


@pytest.mark.parametrize("artefact", ARTEFACTS, ids=lambda a: a["title"])
def test_artefact_is_either_a_file_or_a_link(artefact: content.Record) -> None:
    assert ("format" in artefact) != ("link" in artefact)


@pytest.mark.parametrize("artefact", [a for a in ARTEFACTS if "format" in a], ids=lambda a: a["title"])
def test_file_of_an_artefact_has_the_signature_of_its_format(artefact: content.Record) -> None:
    signatures = {"pdf": b"%PDF-", "odt": b"PK\x03\x04", "bpmn": b"<?xml", "xml": b"<?xml", "csv": b"\xef\xbb\xbf"}
    raw = files.content(artefact)
    assert raw.startswith(signatures.get(artefact["format"], b""))
    assert raw == files.content(artefact)
    assert len(raw) < PICTURE_BYTES


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_drawn_and_small(name: str) -> None:
    path = content.picture_path(name)
    with Image.open(path) as picture:
        assert picture.size == PICTURE_SIZE
    assert path.stat().st_size <= PICTURE_BYTES
    source = (path.parent / "src" / f"{name}.svg").read_text(encoding="utf-8")
    assert "<text" not in source
    assert "<image" not in source


def test_invented_places_have_keys_no_official_register_uses() -> None:
    """Regierungsbezirk 9 does not exist where the Kreis is numbered from 90 on."""
    register = content.read("register")
    keys = [unit["ars"] for unit in register["municipalities"]]
    keys += [
        unit["key"] for part in ("districts", "associations") for unit in register[part] if unit.get("is_example", True)
    ]
    assert all(key[2:4] == "99" for key in keys)
    assert len(keys) == len(set(keys))


def test_no_real_municipality_carries_an_invented_project() -> None:
    """A body that exists says so, says that the entry is an example, and names no office or cost."""
    invented = {unit["ars"] for unit in content.read("register")["municipalities"]}
    for slug, record in content.bodies().items():
        body = record["body"]
        if body["kind"] == BodyKind.MUNICIPALITY:
            assert body["key"] in invented, slug
        if body.get("is_real"):
            assert "Beispiel" in body["summary"], slug
            assert not any({"cost_from", "cost_to", "contact_email"} & set(p) for p in record["projects"]), slug


def test_namesakes_lie_in_different_laender() -> None:
    named = [u["ars"] for u in content.read("register")["municipalities"] if u["name"] == "Altenrode"]
    assert len({ars[:2] for ars in named}) == len(named) == 2


def test_prose_becomes_escaped_rich_text() -> None:
    assert rich_text("## Ziel\n\nA & B\n- eins\n- <b>") == (
        "<h2>Ziel</h2><p>A &amp; B</p><ul><li>eins</li><li>&lt;b&gt;</li></ul>"
    )


def test_legal_pages_mark_what_the_operator_has_to_fill_in() -> None:
    pages = {page["slug"]: page["body"][0]["text"] for page in content.read("pages")["pages"]}
    assert {"impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache"} == set(pages)
    assert all("[" in text for text in pages.values())
