"""The home page: what the staff want to be seen first, and figures that are true at this moment."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.models import Orderable

from knowledge.figures import live_figures, projects_per_state
from knowledge.models.article import ArticlePage
from pages.models import BasePage
from pages.protection import PageProtection
from projects.models import Phase, ProjectPage, attach_bodies

# So many stand in one row on a wide screen; without a choice of the staff the newest fill it.
ROW_OF_CARDS = 3


class HomePage(PageProtection, BasePage):
    """The front door of the platform."""

    is_findable: ClassVar[bool] = False
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1
    template = "knowledge/home_page.html"

    hero_title = models.CharField(_("headline"), max_length=120)
    hero_text = models.TextField(_("text below the headline"), max_length=400, blank=True)

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("hero_title"), FieldPanel("hero_text")], heading=_("Headline")),
        MultipleChooserPanel(
            "featured_projects",
            chooser_field_name="project",
            heading=_("Featured projects"),
            label=_("Project"),
        ),
        MultipleChooserPanel(
            "featured_articles",
            chooser_field_name="article",
            heading=_("Featured articles"),
            label=_("Article"),
        ),
    ]

    class Meta:
        verbose_name = _("home page")

    def projects(self) -> list[ProjectPage]:
        """The readable projects the staff chose, in their order; the newest if they chose none."""
        wanted = [choice.project_id for choice in self.featured_projects.all()]
        readable = ProjectPage.objects.readable().for_cards()
        if wanted:
            found = readable.in_bulk(wanted)
            projects = [found[pk] for pk in wanted if pk in found]
        else:
            projects = list(readable.order_by("-first_published_at")[:ROW_OF_CARDS])
        attach_bodies(projects)
        return projects

    def articles(self) -> list[ArticlePage]:
        """The readable articles the staff chose, in their order; the newest if they chose none."""
        wanted = [choice.article_id for choice in self.featured_articles.all()]
        readable = ArticlePage.objects.readable().for_cards()
        if not wanted:
            return list(readable.order_by("-first_published_at")[:ROW_OF_CARDS])
        found = readable.in_bulk(wanted)
        return [found[pk] for pk in wanted if pk in found]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "projects": self.projects(),
            "articles": self.articles(),
            "figures": live_figures(),
            "state_counts": projects_per_state(),
            "phases": Phase.choices,
        }


class FeaturedProject(Orderable):
    """A project the staff put on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_projects")
    project = models.ForeignKey("projects.ProjectPage", models.CASCADE, related_name="+", verbose_name=_("project"))

    panels: ClassVar[list[Any]] = [PageChooserPanel("project", "projects.ProjectPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("featured project")
        verbose_name_plural = _("featured projects")


class FeaturedArticle(Orderable):
    """An article the staff put on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_articles")
    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+", verbose_name=_("article"))

    panels: ClassVar[list[Any]] = [PageChooserPanel("article", "knowledge.ArticlePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("featured article")
        verbose_name_plural = _("featured articles")
