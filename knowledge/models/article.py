"""Guides and experience reports, linked with projects and fields of action both ways."""

from typing import Any, ClassVar, Self

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, MultipleChooserPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PageManager
from wagtail.search import index

from pages.blocks import ProseStreamBlock
from pages.models import ReadablePageQuerySet, SummarisedPage
from pages.protection import PageProtection
from projects.models import FieldOfAction, Former, ProjectPage, attach_bodies
from projects.models.former import with_successors


class ArticleKind(models.TextChoices):
    GUIDE = "leitfaden", _("Guide")
    REPORT = "erfahrungsbericht", _("Experience report")


class ArticleQuerySet(ReadablePageQuerySet):
    def about_project(self, project: ProjectPage) -> Self:
        """Articles that name the project, the other direction of the link."""
        return self.filter(related_projects__project=project).distinct()

    def for_cards(self) -> Self:
        return self.select_related("image").prefetch_related("topics", "image__renditions")


class KnowledgeIndexPage(PageProtection, SummarisedPage):
    """The list of all articles."""

    is_findable: ClassVar[bool] = False
    parent_page_types: ClassVar[list[str]] = ["knowledge.HomePage"]
    subpage_types: ClassVar[list[str]] = ["knowledge.ArticlePage"]
    max_count = 1
    template = "knowledge/knowledge_index_page.html"

    content_panels: ClassVar[list[Any]] = [*SummarisedPage.content_panels, FieldPanel("summary")]

    class Meta:
        verbose_name = _("list of articles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the articles of the chosen kind and topic; unknown values choose nothing away."""
        articles = ArticlePage.objects.child_of(self).readable().for_cards()
        kind, topic = request.GET.get("art", ""), request.GET.get("thema", "").replace("\x00", "")
        topic = Former.objects.lead_on(FieldOfAction, topic)
        topics = FieldOfAction.objects.filter(articles__live=True).distinct()
        if kind in ArticleKind.values:
            articles = articles.filter(kind=kind)
        if topic in {t.slug for t in topics}:
            articles = articles.filter(topics__slug=topic)
        return super().get_context(request, *args, **kwargs) | {
            "articles": articles.order_by("-first_published_at"),
            "kinds": ArticleKind.choices,
            "topics": topics,
            "chosen_kind": kind,
            "chosen_topic": topic,
        }


class ArticlePage(SummarisedPage):
    """A guide or an experience report."""

    is_findable: ClassVar[bool] = True
    parent_page_types: ClassVar[list[str]] = ["knowledge.KnowledgeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "knowledge/article_page.html"

    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind, default=ArticleKind.GUIDE)
    author = models.CharField(_("author"), max_length=150, blank=True)
    image = models.ForeignKey(
        "projects.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    image_alt = models.CharField(_("alternative text of the image"), max_length=250, blank=True)
    body = StreamField(ProseStreamBlock(), blank=True, verbose_name=_("text"))
    topics = ParentalManyToManyField(
        FieldOfAction, blank=True, related_name="articles", verbose_name=_("fields of action")
    )
    is_example = models.BooleanField(_("example content"), default=False)

    content_panels: ClassVar[list[Any]] = [
        *SummarisedPage.content_panels,
        FieldPanel("kind"),
        FieldPanel("author"),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Image")),
        FieldPanel("body"),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        MultipleChooserPanel(
            "related_projects", chooser_field_name="project", heading=_("Projects"), label=_("Project")
        ),
        FieldPanel("is_example"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SummarisedPage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    objects = PageManager.from_queryset(ArticleQuerySet)()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def with_content_json(self, content: dict[str, Any]) -> "ArticlePage":
        """A version's state; a topic merged since is the one that took over."""
        return super().with_content_json(with_successors(type(self), content))

    def projects(self) -> list[ProjectPage]:
        """The readable projects it names, in the editor's order."""
        wanted = [relation.project_id for relation in self.related_projects.all()]
        found = ProjectPage.objects.filter(pk__in=wanted).readable().for_cards().in_bulk()
        attach_bodies(found.values())
        return [found[pk] for pk in wanted if pk in found]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"projects": self.projects()}


class RelatedProject(Orderable):
    """A project an article is about."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_projects")
    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="article_relations", verbose_name=_("project")
    )

    panels: ClassVar[list[Any]] = [PageChooserPanel("project", "projects.ProjectPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("project of an article")
        verbose_name_plural = _("projects of an article")
