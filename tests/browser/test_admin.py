"""Pages we add to the admin keep to the rules of the public site; Wagtail's own frame is not ours to judge."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page

from people.models import User
from people.rights import STAFF_GROUP
from projects.models import BodyPage, ProjectTag
from projects.removal.tag_views import TagViewSet
from tests.browser.conftest import READS_SITE, nothing_found
from tests.browser.test_axe import EVERYTHING, complaints
from tests.factories import editor_of, staff_member

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editors_first_page_keeps_to_the_rules(page: Page, site: str, log_in: LogIn, scheme: str) -> None:
    log_in(site, editor_of(BodyPage.objects.get(slug="neuenkirchen")))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/admin/")
    nothing_found({scheme: complaints(page, EVERYTHING, "section[aria-labelledby=own-bodies]")})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_merging_tags_keeps_to_the_rules(page: Page, site: str, log_in: LogIn, scheme: str) -> None:
    assert Group.objects.filter(name=STAFF_GROUP).exists()
    log_in(site, staff_member())
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    tag = ProjectTag.objects.get(name="Straßenunterhalt")
    page.goto(site + reverse(TagViewSet().get_url_name("delete"), args=[tag.pk]))
    assert page.locator("main form #id_heir").is_visible()
    nothing_found({scheme: complaints(page, EVERYTHING, "main .nice-padding")})
