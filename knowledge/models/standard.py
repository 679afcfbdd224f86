"""Pages the law asks for, and others of plain text: Impressum, Datenschutz, Leichte Sprache …"""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from pages.blocks import ProseStreamBlock
from pages.models import SummarisedPage
from pages.protection import PageProtection


class StandardPage(PageProtection, SummarisedPage):
    """A page of text at the top level, linked from header or footer."""

    is_findable: ClassVar[bool] = False
    parent_page_types: ClassVar[list[str]] = ["knowledge.HomePage", "knowledge.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["knowledge.StandardPage"]
    template = "knowledge/standard_page.html"

    body = StreamField(ProseStreamBlock(), blank=True, verbose_name=_("text"))

    content_panels: ClassVar[list[Any]] = [
        *SummarisedPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
