"""Articles, the home page and the pages the law asks for; what somebody already edited stays as it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from examples.bodies import BodyLoader, add_below, publish
from examples.content import Record, read
from examples.prose import StreamWriter
from knowledge.models import (
    ArticlePage,
    FeaturedArticle,
    FeaturedProject,
    HomePage,
    KnowledgeIndexPage,
    RelatedProject,
    StandardPage,
)

# The articles appear to have been published one every four weeks.
STEP = timedelta(weeks=4)


def is_untouched(page: Page) -> bool:
    """True for a page that came with the installation and was never saved by a person."""
    return page.latest_revision_id is None


class KnowledgeLoader:
    """Writes the rooms of the staff, after the bodies and projects they point to."""

    def __init__(self, bodies: BodyLoader) -> None:
        self.bodies = bodies
        self.writer = StreamWriter(
            picture=lambda name: bodies.shelf.get(name).pk,
            page=lambda address: bodies.pages[address],
            document=_no_documents,
        )
        self.articles: dict[str, ArticlePage] = {}

    def load(self, articles: dict[str, Record], progress: Callable[[], Any]) -> None:
        """Store articles, then the pages that refer to them. Calls `progress` for each article."""
        for number, (slug, record) in enumerate(articles.items()):
            self.articles[slug] = self.article(slug, record, timezone.now() - STEP * (number + 1))
            progress()
        self.standard_pages()
        self.index_pages()
        self.home()

    def article(self, slug: str, record: Record, published_at: datetime) -> ArticlePage:
        """Publish one guide or experience report."""
        page = ArticlePage(
            slug=slug,
            **{name: record[name] for name in ("title", "kind", "author", "summary", "image_alt")},
            image=self.bodies.shelf.get(record["image"]),
            is_example=True,
            live=False,
            first_published_at=published_at,
        )
        page.body = self.writer.stream(record["body"])
        page.topics = [self.bodies.fields[name] for name in record["topics"]]
        page.related_projects = [
            RelatedProject(sort_order=number, project_id=self.bodies.pages[address])
            for number, address in enumerate(record["projects"])
        ]
        add_below(KnowledgeIndexPage.objects.get(), page)
        publish(page)
        return page

    def standard_pages(self) -> None:
        """Fill the prepared pages: Impressum, Datenschutz and the like."""
        for record in read("pages")["pages"]:
            page = StandardPage.objects.filter(slug=record["slug"]).first()
            if page is None or not is_untouched(page):
                continue
            page.title, page.summary = record["title"], record["summary"]
            page.body = self.writer.stream(record["body"])
            publish(page)

    def index_pages(self) -> None:
        """Say on the two lists what they hold."""
        for page, key in ((self.bodies.index, "bodies"), (KnowledgeIndexPage.objects.get(), "knowledge")):
            if is_untouched(page):
                page.summary = read("home")[key]["summary"]
                publish(page)

    def home(self) -> None:
        """Put the chosen projects and articles on the home page."""
        page: Any = HomePage.objects.get()
        record = read("home")
        if not is_untouched(page):
            return
        page.hero_title, page.hero_text = record["hero_title"], record["hero_text"]
        page.search_description = record["seo_description"]
        page.featured_projects = [
            FeaturedProject(sort_order=number, project_id=self.bodies.pages[address])
            for number, address in enumerate(record["featured_projects"])
        ]
        page.featured_articles = [
            FeaturedArticle(sort_order=number, article=self.articles[slug])
            for number, slug in enumerate(record["featured_articles"])
        ]
        publish(page)


def _no_documents(block: Record) -> int:
    raise ValueError(f"Only projects carry files, not “{block['title']}”.")
