"""Imported projects are published like an editor's, and a bad line keeps no other one out."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageLogEntry, ReferenceIndex
from wagtail.signals import page_published

from bench.generate import generate
from pages.models import SUMMARY_MAX_LENGTH
from projects.importers.projects import import_projects
from projects.models import (
    ArtefactKind,
    BodyIndexPage,
    BodyKind,
    BodyPage,
    FieldOfAction,
    OzgField,
    OzgService,
    Phase,
    ProjectPage,
    ProjectTag,
    ServiceKey,
    StopReason,
)
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    ProjectPageFactory,
)
from tests.projects.importers.listed import line, stored
from tests.projects.importers.registers import write

pytestmark = pytest.mark.django_db


def test_project_is_stored_with_all_it_says() -> None:
    unit = MunicipalityFactory()
    service = OzgService.objects.create(ozg_id="10110", name="Abfall", field=OzgField.objects.get(slug="umwelt"))
    key = ServiceKey.objects.create(key="99001001000000", name="Abfallgebühr")
    artefact = {
        "kind": "konzept",
        "title": "Konzept",
        "url": "https://example.org/k",
        "licence": "eupl-1.2",
        "version": "1.0",
    }
    report = import_projects(
        [
            line(
                ags=unit.ags,
                phase="P3",
                handlungsfelder=["Mobilität", "verwaltung"],
                tags=["Sensorik"],
                ozg=["10110", "99001001000000"],
                artefacts=[{**artefact, "date": "2024-05-01", "language": "en"}],
                something_else=1,
            )
        ]
    )
    assert (report.created, report.bad_lines, report.remarks) == (1, [], [])
    page = stored()
    assert (page.phase, page.slug, page.live, page.public_body.municipality) == ("P3", "maengelmelder", True, unit)
    assert {field.slug for field in page.fields_of_action.all()} == {"mobilitaet", "verwaltung"}
    assert (page.ozg_services.get(), page.service_keys.get()) == (service, key)
    assert not ProjectTag.objects.get(name="Sensorik").is_approved
    found = page.artefacts.get()
    assert (found.kind.slug, found.licence.spdx_id, found.language, str(found.date)) == (
        "konzept",
        "EUPL-1.2",
        "en",
        "2024-05-01",
    )


def test_a_day_written_the_german_way_is_read_as_meant() -> None:
    results = [{"kind": "konzept", "title": day, "date": day} for day in ("1.5.2024", "31.02.2024", "20240501")]
    report = import_projects([line(artefacts=results)])
    assert {found.title: str(found.date) for found in stored().artefacts.all()} == {
        "1.5.2024": "2024-05-01",
        "31.02.2024": "None",
        "20240501": "None",
    }
    assert len(report.remarks) == 2


def test_imported_page_is_in_the_state_an_editor_leaves() -> None:
    heard: list[Any] = []
    listener = lambda instance, **kwargs: heard.append(instance.pk)  # noqa: E731
    page_published.connect(listener)
    try:
        import_projects([line(artefacts=[{"kind": "konzept", "title": "Konzept", "url": "https://example.org/k"}])])
    finally:
        page_published.disconnect(listener)
    page, edited = stored(), ProjectPageFactory()
    assert page.pk in heard
    for name in ("live", "has_unpublished_changes", "expired", "locked"):
        assert getattr(page, name) == getattr(edited, name)
    assert page.live_revision_id == page.latest_revision_id is not None
    assert page.first_published_at
    assert page.last_published_at
    assert page.get_latest_revision_as_object().title == page.title
    assert PageLogEntry.objects.filter(page=page, action="wagtail.publish").exists()
    users = ReferenceIndex.get_references_to(ArtefactKind.objects.get(slug="konzept"))
    assert [one.object_id for one in users] == [str(page.pk)]


def test_line_without_key_goes_to_the_body_for_unassigned_projects() -> None:
    import_projects([line(ags=None), line(id="a:2")])
    body = BodyPage.objects.get(kind=BodyKind.UNASSIGNED)
    assert (body.slug, body.live, body.get_children().count()) == ("ohne-zuordnung", True, 2)


def test_existing_body_is_used_and_namesakes_get_their_own() -> None:
    first, second = MunicipalityFactory(name="Neustadt"), MunicipalityFactory(name="Neustadt")
    body = BodyPageFactory(municipality=first, slug="neustadt")
    report = import_projects([line(ags=first.ags), line(id="a:2", ags=second.ags), line(id="a:3", ags=second.ags)])
    assert report.new_bodies == 1
    assert stored().public_body.pk == body.pk
    assert stored("a:2").public_body.slug.startswith("neustadt-testkreis")


def test_kreis_key_leads_to_the_kreis_and_a_city_to_the_city() -> None:
    kreis, city = DistrictFactory(key="03459"), DistrictFactory(key="03404", kind="Kreisfreie Stadt")
    MunicipalityFactory(ags="03404000", district=city)
    import_projects([line(ags=kreis.key), line(id="a:2", ags=city.key)])
    assert stored().public_body.kind == BodyKind.DISTRICT
    assert stored("a:2").public_body.kind == BodyKind.MUNICIPALITY


def test_dissolved_municipality_leads_to_its_successor() -> None:
    new = MunicipalityFactory()
    old = MunicipalityFactory(valid_to="2020-01-01", successor=new)
    gone = MunicipalityFactory(valid_to="2020-01-01")
    report = import_projects([line(ags=old.ags), line(id="a:2", ags=gone.ags)])
    assert stored().public_body.municipality == new
    assert [bad.number for bad in report.bad_lines] == [2]


@pytest.mark.parametrize(
    "value",
    [
        "no object",
        None,
        [1],
        {},
        line(id=None),
        line(id="x" * 300),
        line(id="a\x00b"),
        line(title=""),
        line(title=["a"]),
        line(title="\x00 \u202e"),
        line(summary=5),
        line(body={"a": 1}),
        line(phase="P9"),
        line(phase=3),
        line(ags="99999999"),
        line(ags=3459024),
        line(ags="x"),
        line(ags="٠٣٤٥٩٠٢٤"),
        line(tags="Sensorik"),
        line(tags=["x"] * 1_000),
        line(artefacts="x"),
    ],
)
def test_bad_line_is_named_and_the_others_go_in(value: Any) -> None:
    report = import_projects([line(id="a:0"), value, line(id="a:2")])
    assert [bad.number for bad in report.bad_lines] == [2]
    assert report.bad_lines[0].reason
    assert report.created == 2


def test_second_line_with_the_same_id_is_named() -> None:
    report = import_projects([line(), line(title="Anderes")])
    assert [bad.number for bad in report.bad_lines] == [2]
    assert stored().title == "Mängelmelder"


def test_unknown_terms_are_named_and_the_rest_goes_in() -> None:
    artefacts = [
        {"kind": "gibtesnicht", "title": "A"},
        {"kind": "konzept"},
        "nichts",
        {"kind": "konzept", "title": "B", "url": "javascript:alert(1)", "licence": "X", "date": "gestern"},
    ]
    report = import_projects(
        [line(handlungsfelder=["Raumfahrt", "Bildung"], ozg=["99999"], tags=["a" * 200, 7, "gut"], artefacts=artefacts)]
    )
    page = stored()
    assert page.fields_of_action.get() == FieldOfAction.objects.get(slug="bildung")
    assert [tag.name for tag in page.tags.all()] == ["gut"]
    assert (page.artefacts.get().title, page.artefacts.get().link) == ("B", "")
    assert len(report.remarks) == 10


def test_terms_of_a_vocabulary_that_caught_up_are_added_by_the_next_run() -> None:
    import_projects([line(ozg=["10110"])])
    OzgService.objects.create(ozg_id="10110", name="Abfall", field=OzgField.objects.get(slug="umwelt"))
    assert import_projects([line(ozg=["10110"])]).updated == 1
    assert stored().ozg_services.count() == 1


def test_long_summary_is_cut_at_a_word_and_reported() -> None:
    report = import_projects([line(summary="Wort " * 100, title="Titel " * 100)])
    page = stored()
    assert page.summary.endswith("Wort…")
    assert len(page.summary) <= SUMMARY_MAX_LENGTH
    assert len(page.title) <= 255
    assert (report.cut_summaries, len(report.remarks)) == (1, 2)


def test_text_is_escaped_and_kept_in_paragraphs() -> None:
    import_projects([line(title="A <b>\ud800 & B", body="<script>x</script>\nzwei\n\ndrei\x00")])
    page = stored()
    assert page.title == "A <b> & B"
    assert page.body[0].value.source == "<p>&lt;script&gt;x&lt;/script&gt;<br/>zwei</p><p>drei</p>"


def test_very_long_text_is_stored() -> None:
    import_projects([line(body="Donaudampfschifffahrt " * 5_000)])
    assert len(stored().body[0].value.source) > 100_000


def test_project_that_was_given_up_has_a_reason() -> None:
    import_projects([line(phase="nicht_weiterverfolgt")])
    assert (stored().phase, stored().stop_reason) == (Phase.DISCONTINUED, StopReason.OTHER)


def test_same_titles_get_different_addresses() -> None:
    import_projects([line(id=f"a:{number}") for number in range(3)])
    slugs = set(ProjectPage.objects.values_list("slug", flat=True))
    assert slugs == {"maengelmelder", "maengelmelder-2", "maengelmelder-3"}


def test_failed_line_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    original = ProjectPage.clean

    def clean(page: ProjectPage) -> None:
        if page.title == "Kaputt":
            raise ValueError("kaputt")
        original(page)

    monkeypatch.setattr(ProjectPage, "clean", clean)
    unit = MunicipalityFactory()
    report = import_projects(
        [line(title="Kaputt", ags=unit.ags, tags=["neu"]), line(id="a:2", ags=unit.ags, tags=["neu"])]
    )
    assert ([bad.number for bad in report.bad_lines], report.created) == ([1], 1)
    assert BodyPage.objects.get(municipality=unit).get_children().count() == 1
    assert [tag.name for tag in stored("a:2").tags.all()] == ["neu"]


def run(path: Path) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_projects", path, stdout=out, stderr=err, verbosity=1)
    return out.getvalue(), err.getvalue()


def test_command_names_bad_lines_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "projects.jsonl"
    deep = b"[" * 100_000
    good = json.dumps(line()).encode()
    path.write_bytes(b"\n".join((b"\xef\xbb\xbf" + good, b"", b"{kaputt", b"\xff\xfe", deep, b"12", b"")))
    _out, err = run(path)
    assert [int(word) for text in err.splitlines() for word in text.split()[1:2] if word.isdigit()] == [3, 4, 5, 6]
    assert ProjectPage.objects.count() == 1


@pytest.mark.parametrize("content", ["", "a;b;c\n1;2;3\n", "\x00" * 100])
def test_file_without_projects_fails(tmp_path: Path, content: str) -> None:
    with pytest.raises(CommandError):
        run(write(tmp_path / "wrong", content))
    assert BodyIndexPage.objects.get().get_children().count() == 0


def test_generated_projects_are_stored_without_a_remark() -> None:
    report = import_projects(generate(30))
    assert (report.created, report.bad_lines, report.remarks) == (30, [], [])
