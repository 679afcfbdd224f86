"""Articles and projects lead to each other."""

import pytest
from django.test import Client

from knowledge.models import ArticlePage, RelatedProject
from projects.models import ProjectPage
from tests.factories import ArticlePageFactory, ProjectPageFactory, field_of_action

pytestmark = pytest.mark.django_db


def article_about(project: ProjectPage, **fields: object) -> ArticlePage:
    return ArticlePageFactory(children={"related_projects": [RelatedProject(project=project)]}, **fields)


def test_links_lead_both_ways(client: Client) -> None:
    project = ProjectPageFactory(title="Baumkataster")
    article = article_about(project, title="Bäume zählen")
    assert "Bäume zählen" in client.get(project.url).content.decode()
    assert "Baumkataster" in client.get(article.url).content.decode()


def test_draft_article_is_not_named_by_the_project(client: Client) -> None:
    project = ProjectPageFactory()
    article_about(project, title="Noch geheim", live=False)
    article_about(project, title="Schon öffentlich")
    html = client.get(project.url).content.decode()
    assert "Schon öffentlich" in html
    assert "Noch geheim" not in html


def test_draft_project_is_not_named_by_the_article(client: Client) -> None:
    project = ProjectPageFactory(title="Noch geheim", live=False)
    article = article_about(project)
    html = client.get(article.url).content.decode()
    assert article.title in html
    assert "Noch geheim" not in html


def test_list_is_narrowed_by_kind_and_topic(client: Client) -> None:
    ArticlePageFactory(title="Leitfaden Bus", m2m={"topics": [field_of_action("mobilitaet")]})
    ArticlePageFactory(title="Bericht Wald", kind="erfahrungsbericht")
    reports = client.get("/wissen/?art=erfahrungsbericht").content.decode()
    mobility = client.get("/wissen/?thema=mobilitaet").content.decode()
    assert "Bericht Wald" in reports
    assert "Leitfaden Bus" in mobility
    assert "Leitfaden Bus" not in reports
    assert "Bericht Wald" not in mobility
    assert client.get("/wissen/?art=%00&thema=unsinn").status_code == 200
