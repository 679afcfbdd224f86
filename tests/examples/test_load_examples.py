"""The command that loads the example content: once, completely, and never over what a person did."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Revision

from examples import content
from examples.accounts import ADMINISTRATOR, EDITOR, STAFF
from knowledge.models import ArticlePage, HomePage, StandardPage
from people.models import User
from projects.models import Artefact, ArtefactKind, BodyPage, FieldOfAction, Municipality, ProjectPage

pytestmark = [pytest.mark.django_db, pytest.mark.slow("loads all example content")]


def load() -> str:
    out = StringIO()
    call_command("load_examples", "--force", verbosity=0, stdout=out)
    return out.getvalue()


def state() -> dict[str, Any]:
    return {
        "pages": list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision_id", "live")),
        "revisions": Revision.objects.count(),
        "artefacts": set(Artefact.objects.values_list("pk", "uuid")),
        "users": User.objects.count(),
        "municipalities": Municipality.objects.count(),
    }


def test_command_refuses_outside_development(settings: Any) -> None:
    del settings.EXAMPLE_PASSWORD
    with pytest.raises(CommandError):
        call_command("load_examples", verbosity=0)
    assert not ProjectPage.objects.exists()


def test_everything_is_loaded_published_valid_and_marked(media: Path, client: Client) -> None:
    load()
    projects, bodies = list(ProjectPage.objects.readable()), list(BodyPage.objects.readable())
    articles = list(ArticlePage.objects.readable())
    assert len(projects) == len(content.projects())
    assert len(bodies) == len(content.bodies())
    assert len(articles) == len(content.articles())
    assert all(page.is_example for page in [*projects, *bodies, *articles])
    assert set(ArtefactKind.objects.all()) == {artefact.kind for artefact in Artefact.objects.all()}
    assert set(FieldOfAction.objects.all()) == {field for p in projects for field in p.fields_of_action.all()}
    assert all(page.image_alt for page in [*projects, *articles])
    for page in [*projects, *bodies, *articles, *StandardPage.objects.all()]:
        assert_complete(page)
    home = HomePage.objects.get()
    assert len(home.projects()) == home.featured_projects.count() > 0
    assert len(home.articles()) == home.featured_articles.count() > 0
    for page in (home, projects[0], bodies[0], articles[0]):
        assert client.get(page.url).status_code == 200


def assert_complete(page: Any) -> None:
    """Raises when the editor of the page could not publish it as it stands."""
    try:
        page.full_clean()
        stream = page.about if isinstance(page, BodyPage) else page.body
        stream.stream_block.clean(stream)
    except ValidationError as error:
        pytest.fail(f"{page}: {error}")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    """Two bodies and no articles: enough for rules that do not ask how much there is."""
    bodies = {slug: record for slug, record in content.bodies().items() if slug in {"emschertal", "hohenlippe"}}
    monkeypatch.setattr(content, "bodies", lambda: bodies)
    monkeypatch.setattr(content, "articles", dict)
    HomePage.objects.get().save_revision().publish()


@pytest.mark.usefixtures("few")
def test_loading_twice_changes_nothing() -> None:
    load()
    before = state()
    load()
    assert state() == before


@pytest.mark.usefixtures("few")
def test_second_run_keeps_what_people_edited_and_deleted() -> None:
    load()
    edited = ProjectPage.objects.get(slug="maengelmelder")
    edited.title = "Von Hand geändert"
    edited.save_revision().publish()
    ProjectPage.objects.get(slug="lastenrad").delete()
    load()
    assert ProjectPage.objects.get(pk=edited.pk).title == "Von Hand geändert"
    assert not ProjectPage.objects.filter(slug="lastenrad").exists()


@pytest.mark.usefixtures("few")
def test_pages_edited_before_loading_stay_as_they_are() -> None:
    imprint = StandardPage.objects.get(slug="impressum")
    imprint.title = "Unser Impressum"
    imprint.save_revision().publish()
    headline = HomePage.objects.get().hero_title
    load()
    assert StandardPage.objects.get(slug="impressum").title == "Unser Impressum"
    assert StandardPage.objects.get(slug="datenschutz").body
    assert HomePage.objects.get().hero_title == headline


@pytest.mark.usefixtures("few")
def test_log_ins_have_the_rights_of_their_role(settings: Any) -> None:
    output = load()
    assert settings.EXAMPLE_PASSWORD in output
    editor, staff, administrator = (User.objects.get(email=login.email) for login in (EDITOR, STAFF, ADMINISTRATOR))
    own, other = BodyPage.objects.get(slug="emschertal"), BodyPage.objects.get(slug="hohenlippe")
    assert own.permissions_for_user(editor).can_add_subpage()
    assert not other.permissions_for_user(editor).can_add_subpage()
    assert other.permissions_for_user(staff).can_add_subpage()
    assert administrator.is_superuser
    assert all(user.check_password(settings.EXAMPLE_PASSWORD) for user in (editor, staff, administrator))


@pytest.mark.usefixtures("few")
def test_without_a_password_in_the_settings_there_are_no_log_ins(settings: Any) -> None:
    del settings.EXAMPLE_PASSWORD
    load()
    assert not User.objects.exists()
