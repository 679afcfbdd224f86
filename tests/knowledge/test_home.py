"""The home page shows what the staff chose, in their order, and figures that are true."""

import pytest
from django.test import Client

from knowledge.figures import live_figures, projects_per_state
from knowledge.models import FeaturedProject
from tests.factories import ArticlePageFactory, BodyPageFactory, ProjectPageFactory, artefact, home

pytestmark = pytest.mark.django_db


def feature(*projects: object) -> None:
    page = home()
    page.featured_projects.set([FeaturedProject(project=p, sort_order=i) for i, p in enumerate(projects)])
    page.save_revision().publish()


def test_featured_projects_stand_in_the_order_of_the_staff() -> None:
    first, second, third = ProjectPageFactory(), ProjectPageFactory(), ProjectPageFactory()
    feature(third, first)
    assert home().projects() == [third, first]
    assert second not in home().projects()


def test_unpublished_project_leaves_the_home_page() -> None:
    project, other = ProjectPageFactory(), ProjectPageFactory()
    feature(project, other)
    project.unpublish()
    assert home().projects() == [other]


def test_newest_projects_stand_in_without_a_choice() -> None:
    projects = [ProjectPageFactory() for _ in range(4)]
    assert home().projects() == projects[:0:-1]


def test_figures_count_what_can_be_read() -> None:
    ProjectPageFactory(openness="gesucht", children={"artefacts": [artefact(), artefact()]})
    ProjectPageFactory(live=False, children={"artefacts": [artefact()]})
    assert [figure["value"] for figure in live_figures()] == [1, 2, 2, 0, 1]


def test_projects_are_counted_for_the_land_of_their_body() -> None:
    body = BodyPageFactory()
    ProjectPageFactory(parent=body)
    ProjectPageFactory(parent=body)
    counts = {row["name"]: row["count"] for row in projects_per_state()}
    assert len(counts) == 16
    assert counts["Niedersachsen"] == 2
    assert sum(counts.values()) == 2


def test_home_page_shows_cards_figures_and_the_map(client: Client) -> None:
    project = ProjectPageFactory(title="Digitaler Bauantrag")
    article = ArticlePageFactory(title="Wie man Einträge schreibt")
    html = client.get("/").content.decode()
    for text in (project.title, article.title, "Niedersachsen", project.public_body.title):
        assert text in html


def test_home_page_of_an_empty_platform_is_whole(client: Client) -> None:
    assert client.get("/").status_code == 200
