"""Tags are merged without broken links and without lost drafts."""

import pytest

from projects.models import ProjectPage, ProjectTag, TagAlias
from tests.factories import ProjectPageFactory, TagFactory, editor_of

pytestmark = pytest.mark.django_db


def names(project: ProjectPage) -> set[str]:
    return {tag.name for tag in ProjectPage.objects.get(pk=project.pk).tags.all()}


def test_merged_tag_hands_over_its_projects_and_leaves_its_address() -> None:
    lamp, light = TagFactory(name="Straßenlampe"), TagFactory(name="Straßenbeleuchtung")
    project = ProjectPageFactory(tags=[lamp], revised=True)
    assert lamp.merge_into(light) == 1
    assert names(project) == {"Straßenbeleuchtung"}
    assert TagAlias.objects.get(slug="strassenlampe").tag == light


def test_project_with_both_tags_keeps_one() -> None:
    lamp, light = TagFactory(name="Lampe"), TagFactory(name="Licht")
    project = ProjectPageFactory(tags=[lamp, light], revised=True)
    lamp.merge_into(light)
    assert names(project) == {"Licht"}
    project.get_latest_revision().publish()
    assert names(project) == {"Licht"}


def test_draft_from_before_the_merge_is_published_with_the_tag_that_took_over() -> None:
    lamp, light = TagFactory(name="Lampe"), TagFactory(name="Licht")
    project = ProjectPageFactory(tags=[lamp])
    draft = project.save_revision()
    lamp.merge_into(light)
    draft.publish()
    assert names(project) == {"Licht"}


def test_merging_twice_keeps_the_first_address() -> None:
    a, b, c = TagFactory(name="A"), TagFactory(name="B"), TagFactory(name="C")
    a.merge_into(b)
    b.merge_into(c)
    assert {alias.slug: alias.tag for alias in TagAlias.objects.all()} == {"a": c, "b": c}


def test_tag_is_not_merged_into_itself() -> None:
    tag = TagFactory()
    with pytest.raises(ValueError, match="itself"):
        tag.merge_into(tag)


def test_umlauts_become_two_letters_in_the_address() -> None:
    assert ProjectTag.objects.create(name="Bürgerbüro Größe").slug == "buergerbuero-groesse"


def test_tag_an_editor_invents_waits_for_the_staff_under_the_editors_name() -> None:
    project = ProjectPageFactory(tags=["Ganz neu"])
    user = editor_of(project.public_body)
    project.save_revision(user=user).publish()
    tag = ProjectTag.objects.get(name="Ganz neu")
    assert not tag.is_approved
    assert tag.proposed_by == user
