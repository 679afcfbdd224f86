"""Slots: a template shows what apps above it have to say, without naming them."""

import pytest
from django.template import Context, Engine
from wagtail import hooks

from pages.slots import fill

TEMPLATES = {
    "page.html": '{% load slots %}<h1>{{ title }}</h1>{% slot "aside" %}<p>{{ note }}</p>',
    "first.html": "{% firstof title as note %}<b>{{ note }}</b>",
    "second.html": "<i>{{ title }}</i>",
}


def page() -> str:
    locmem = ("django.template.loaders.locmem.Loader", TEMPLATES)
    engine = Engine(loaders=[locmem], libraries={"slots": "pages.templatetags.slots"})
    return engine.get_template("page.html").render(Context({"title": "Wald & Wiese", "note": "unten"}))


def test_slot_nobody_fills_shows_nothing() -> None:
    assert page() == "<h1>Wald &amp; Wiese</h1><p>unten</p>"


def test_fillings_come_in_their_order_know_the_page_and_leave_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    hooks.search_for_hooks()
    monkeypatch.setattr(hooks, "_hooks", {})
    fill("aside", "second.html", order=2)
    fill("aside", "first.html", order=1)
    assert page() == "<h1>Wald &amp; Wiese</h1><b>Wald &amp; Wiese</b>\n<i>Wald &amp; Wiese</i><p>unten</p>"
