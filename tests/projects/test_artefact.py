"""An artefact has an address that never changes and belongs to one project."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction

from projects.models import Artefact, ProjectPage
from tests.factories import BodyPageFactory, DocumentFactory, ProjectPageFactory, artefact

pytestmark = pytest.mark.django_db


def project_with_artefact(**fields: object) -> ProjectPage:
    return ProjectPageFactory(children={"artefacts": [artefact(**fields)]})


def test_number_survives_every_later_publication() -> None:
    project = project_with_artefact()
    number = project.artefacts.get().uuid
    for title in ("Erste Änderung", "Zweite Änderung"):
        draft = project.get_latest_revision_as_object()
        draft.title = title
        draft.save_revision().publish()
    assert Artefact.objects.get(project=project).uuid == number


def test_copy_of_a_project_has_artefacts_with_numbers_of_their_own_in_older_versions_too() -> None:
    project = project_with_artefact()
    project.save_revision()
    number = project.artefacts.get().uuid
    copy = project.copy(to=BodyPageFactory())
    own = Artefact.objects.get(project=copy).uuid
    assert own != number
    for version in copy.revisions.all():
        version.publish()
        assert [one.uuid for one in Artefact.objects.order_by("pk")] == [number, own]
    assert copy.revisions.count() == 2


def test_page_of_an_artefact_shows_it_with_its_project(client: Client) -> None:
    project = project_with_artefact(title="Ausschreibung Sensorik")
    html = client.get(project.artefacts.get().get_absolute_url()).content.decode()
    assert "Ausschreibung Sensorik" in html
    assert project.url in html


def test_artefact_of_a_draft_does_not_exist_for_visitors(client: Client) -> None:
    project = ProjectPageFactory(live=False, children={"artefacts": [artefact()]})
    assert client.get(project.artefacts.get().get_absolute_url()).status_code == 404


def test_artefact_behind_a_view_restriction_does_not_exist_for_visitors(client: Client) -> None:
    project = project_with_artefact()
    PageViewRestriction.objects.create(page=project.public_body, restriction_type="login")
    assert client.get(project.artefacts.get().get_absolute_url()).status_code == 404


def test_unknown_number_is_not_found(client: Client) -> None:
    assert client.get(f"/artefakte/{uuid.uuid4()}/").status_code == 404


def test_file_and_link_at_once_are_refused() -> None:
    both = artefact(link="https://example.org/a", file=DocumentFactory())
    both.link = "https://example.org/a"
    with pytest.raises(ValidationError) as error:
        both.clean()
    assert "link" in error.value.message_dict
