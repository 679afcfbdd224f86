"""Articles about a project, for the project's page; projects themselves know nothing of articles."""

from django import template

from knowledge.models import ArticlePage
from projects.models import ProjectPage

register = template.Library()


@register.simple_tag
def related_articles(project: ProjectPage) -> list[ArticlePage]:
    """Readable articles that name the project, newest first."""
    return list(ArticlePage.objects.readable().about_project(project).for_cards().order_by("-first_published_at"))
