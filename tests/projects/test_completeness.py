"""What a project page lacks for a useful entry is said, and said to those who may edit it."""

import pytest
from django.test import Client

from projects.editor.completeness import FULL, RULES, completeness
from projects.models import Licence, Phase, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, TagFactory, artefact, editor_of, field_of_action

pytestmark = pytest.mark.django_db


def names(page: ProjectPage) -> set[str]:
    return {rule.name for rule in completeness(page).missing}


def whole_project() -> ProjectPage:
    return ProjectPageFactory(
        title="Mängel melden und den Stand verfolgen",
        summary="Bürgerinnen und Bürger melden Mängel mit dem Telefon; die Meldung landet beim Bauhof.",
        problem="Meldungen gingen verloren.",
        change_for_citizens="Ein Foto genügt.",
        target_group="Alle",
        body=[("text", "<p>So ging es.</p>")],
        lessons_learned="<p>Früher testen.</p>",
        cost_from=0,
        starts_on="2025-01-01",
        openness="ideen",
        contact_email="digital@example.org",
        text_licence=Licence.objects.get(spdx_id="CC-BY-4.0"),
        m2m={"fields_of_action": [field_of_action("mobilitaet")]},
        children={"artefacts": [artefact()]},
        tags=[TagFactory().name],
    )


def test_project_with_everything_is_complete() -> None:
    found = completeness(whole_project())
    assert (found.percent, found.missing) == (FULL, ())


def test_unsaved_project_can_be_asked() -> None:
    found = completeness(ProjectPage(title="", phase=Phase.OPERATION))
    assert found.percent < 20
    assert {"summary", "contact", "artefacts", "tags"} <= {rule.name for rule in found.missing}


def test_what_weighs_most_is_named_first() -> None:
    weights = [rule.weight for rule in completeness(ProjectPage()).missing]
    assert weights == sorted(weights, reverse=True)


def test_nobody_expects_results_of_a_plan() -> None:
    page = whole_project()
    page.artefacts.set([])
    page.lessons_learned, page.cost_from = "", None
    assert names(page) == {"artefacts", "lessons_learned", "cost"}
    page.phase = Phase.CONCEPT
    assert names(page) == set()


def test_result_without_licence_or_file_is_named() -> None:
    page = whole_project()
    page.artefacts.set([artefact(link="")])
    assert names(page) == {"artefact_targets"}
    bare = artefact()
    bare.licence = None
    page.artefacts.set([bare])
    assert names(page) == {"artefact_licences"}


def test_each_rule_leads_to_an_element_of_the_form(client: Client) -> None:
    body = BodyPageFactory()
    client.force_login(editor_of(body))
    html = client.get(f"/admin/pages/add/projects/projectpage/{body.pk}/").content.decode()
    # The stream's element is made by a script.
    for rule in RULES:
        assert rule.anchor == "body-root" or f'id="{rule.anchor}"' in html, rule.name


def test_latest_draft_is_judged_and_only_for_its_editors(client: Client) -> None:
    project = whole_project()
    address = f"/admin/projekte/{project.pk}/vollstaendigkeit/"
    assert client.get(address).status_code == 302
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403
    client.force_login(editor_of(project.public_body))
    assert 'value="100"' in client.get(address).content.decode()
    project.problem = ""
    project.save_revision()
    assert "#id_problem" in client.get(address).content.decode()


def test_empty_form_is_not_complete_at_all() -> None:
    for phase in (Phase.IDEA, Phase.OPERATION):
        assert completeness(ProjectPage(phase=phase)).percent == 0
