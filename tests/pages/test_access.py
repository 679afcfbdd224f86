"""Who may read a page: its own restriction counts, those of all above it, and what is shown follows from that."""

import pytest
from wagtail.models import Page, PageViewRestriction

from pages.access import Restrictions, open_to_members, restrict_to_members
from projects.models import ProjectPage
from tests.factories import ProjectPageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> ProjectPage:
    made: ProjectPage = ProjectPageFactory()
    return made


def close(page: Page, kind: str) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="geheim")


@pytest.mark.parametrize("is_above", [False, True])
@pytest.mark.parametrize(
    ("kind", "audience"),
    [
        (PageViewRestriction.NONE, "public"),
        (PageViewRestriction.LOGIN, "members"),
        (PageViewRestriction.PASSWORD, None),
        (PageViewRestriction.GROUPS, None),
    ],
)
def test_a_restriction_holds_for_its_page_and_all_below(
    project: ProjectPage, kind: str, audience: str | None, is_above: bool
) -> None:
    close(project.public_body if is_above else project, kind)
    assert Restrictions.all().audience_of(project.path) == audience
    assert Restrictions.above([project.path]).audience_of(project.path) == audience
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists() == (audience == "public")
    assert ProjectPage.objects.readable_by_members().filter(pk=project.pk).exists() == (audience is not None)
    assert bool(open_to_members([project])) == (audience is not None)


def test_of_two_restrictions_the_narrower_counts(project: ProjectPage) -> None:
    restrict_to_members(project, UserFactory())
    assert Restrictions.all().audience_of(project.path) == "members"
    close(project.public_body, PageViewRestriction.GROUPS)
    assert Restrictions.all().audience_of(project.path) is None
