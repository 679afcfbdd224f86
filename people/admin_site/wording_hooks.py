"""Wagtail's words where ours are others: its sentences, said again in our catalogue, and help for people of ours."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from wagtail import hooks

# Our catalogue comes before Wagtail's, so that these need no templates of our own.
SAID_OTHERWISE = (
    gettext_noop("Dashboard"),
    gettext_noop("In Moderation"),
    gettext_noop("Submit for moderation"),
    gettext_noop("This page hasn't been submitted for moderation yet"),
    gettext_noop("No pages/snippets have been submitted for moderation yet"),
    gettext_noop("Page '%(page_title)s' has been submitted for moderation."),
    gettext_noop("Page '%(page_title)s' created and submitted for moderation."),
    gettext_noop("The page '%(page_title)s' is not currently awaiting moderation."),
)
# Leads that stay; the others go to English pages about Wagtail elsewhere, and a badge on the menu counts them.
KEPT_HELP = frozenset({"keyboard-shortcuts-trigger"})


@hooks.register("construct_help_menu", order=1_000)
def keep_help_for_our_people(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name in KEPT_HELP]
