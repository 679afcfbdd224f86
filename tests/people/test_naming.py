"""Whoever works for one body names nothing of another that is not public, in no field, block or text of any form.

The places are those of the registered forms: a new field, block or kind of link is tried without further work.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.http import QueryDict
from django.template.context import BaseContext
from django.test import Client, RequestFactory
from wagtail.admin.panels import get_edit_handler
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.blocks import BlockField
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import querydict_from_html

from knowledge.models import HomePage, StandardPage
from pages.naming import NamingForm, is_rich_text, named_by, reference_to
from people.joining.representation import begin
from people.models import User
from projects.models import (
    AlliancePage,
    Artefact,
    ArtefactKind,
    Association,
    BodyDocument,
    BodyIndexPage,
    BodyPage,
    District,
    FieldOfAction,
    Licence,
    Municipality,
    OzgField,
    OzgService,
    Picture,
    ProjectPage,
    ServiceKey,
    State,
)
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    editor_of,
    publisher_of,
    staff_member,
)
from tests.people.naming import OWNED, Sent, in_form, models_named
from tests.people.stage import Stage
from tests.projects.office_files import picture
from tests.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

# In title, address and file name of what the other body has not published.
MARK = "geheim97531864"
# The register and the catalogues are public, and everybody's to name.
PUBLIC = {
    ArtefactKind, Association, District, FieldOfAction, Licence, Municipality, OzgField, OzgService, ServiceKey, State,
}  # fmt: skip
# Which the form itself offers of a few pages alone.
OFFERED = {Artefact}


class Things:
    """Two bodies with a person each; the other one has a draft, a file and a picture that nobody else knows of."""

    def __init__(self) -> None:
        self.own, self.other = BodyPageFactory(), BodyPageFactory()
        self.editor, self.owner = publisher_of(self.own), editor_of(self.other)
        collection = self.other.team.collection
        self.draft = ProjectPageFactory(parent=self.other, live=False, title=f"Geheim {MARK}", slug=MARK)
        file = ContentFile(b"%PDF-1.4 leer", name=f"akte-{MARK}.pdf")
        self.document = DocumentFactory(title=f"Akte {MARK}", collection=collection, file=file)
        self.picture = Picture(title=f"Bild {MARK}", collection=collection)
        self.picture.file.save("a.png", ImageFile(ContentFile(picture("PNG")), name=f"a{MARK}.png"))
        hidden = BodyPageFactory(live=False, title=f"Stelle {MARK}", slug=f"stelle-{MARK}")
        # The first that fits a field is tried.
        self.numbers: dict[type[Any], int] = {
            BodyPage: hidden.pk,
            Page: self.draft.pk, Picture: self.picture.pk, BodyDocument: self.document.pk
        }  # fmt: skip
        self.project: ProjectPage = ProjectPageFactory(parent=self.own, title="Eigenes")

    def pages(self) -> Iterator[Page]:
        """One page of each kind."""
        alliance = AlliancePage(title="Verbund", slug="verbund", live=False)
        self.own.add_child(instance=alliance)
        text = StandardPage.objects.first()
        assert text
        article = ArticlePageFactory()
        found = [self.own, self.project, alliance, article, HomePage.objects.get(), text]
        found += [BodyIndexPage.objects.get(), article.get_parent().specific]
        assert {type(page) for page in found} == set(get_page_models()) - {Page}
        yield from found

    def sent(self, page: Page) -> list[Sent]:
        return list(in_form(self.form(page, None, self.editor), self.numbers))

    @staticmethod
    def form(page: Page, data: dict[str, Any] | None, user: User) -> Any:
        page = Page.objects.get(pk=page.pk).specific
        given = QueryDict(urlencode(data)) if data is not None else None
        form_class = page.get_edit_handler().get_form_class()
        return form_class(given, instance=page, for_user=user, parent_page=page.get_parent())


@pytest.fixture
def things() -> Things:
    return Things()


def complete(form: Any) -> dict[str, Any]:
    """What a form without changes would send, apart from streams."""
    relations = getattr(form, "formsets", {})
    rows = {f"{name}-{key}_FORMS": "0" for name in relations for key in ("TOTAL", "INITIAL")}
    for name, field in form.fields.items():
        value = form[name].value()
        if is_rich_text(field):
            rows[form.add_prefix(name)] = field.widget.format_value(value)
        elif value not in (None, []) and not isinstance(field, BlockField):
            rows[form.add_prefix(name)] = value
    return rows


def shown(page: Page, form: Any, user: User) -> str:
    """The form as the editor shows it again."""
    request = RequestFactory().get("/admin/")
    request.user = user
    panel = page.get_edit_handler().get_bound_panel(instance=form.instance, request=request, form=form)
    return str(panel.render_form_content())


@pytest.mark.slow("opens every form and preview")
def test_what_belongs_to_another_body_is_named_nowhere(things: Things) -> None:
    hidden = {reference_to(model, number) for model, number in things.numbers.items()}
    refused, wrong = set(), {}
    for page in things.pages():
        base = complete(things.form(page, None, things.editor))
        for place, _model, sent in things.sent(page):
            form = things.form(page, base | sent, things.editor)
            form.defer_required_fields()
            if not form.is_valid():
                refused.add((type(page).__name__, place))
            elif hidden & named_by(form.save(commit=False)):
                wrong[type(page).__name__, place] = "stored"
            # Shown again because of something else as well: nothing is cleaned then, and blocks lack what they need.
            form = things.form(page, base | sent | {"title": "", "action-publish": "1"}, things.editor)
            assert not form.is_valid()
            if MARK in shown(page, form, things.editor):
                wrong[type(page).__name__, place] = "shown"
    assert wrong == {}
    assert {("ProjectPage", "image"), ("ProjectPage", "artefacts.file"), ("BodyPage", "logo")} <= refused
    assert {("ProjectPage", "lessons_learned.page"), ("ProjectPage", "body.text.document")} <= refused
    assert {("StandardPage", "body.video.captions."), ("AlliancePage", "body.link_list.links.item.page.")} <= refused


def edited(client: Client, page: Page, sent: dict[str, Any]) -> Any:
    """What the editor's form would send, with something changed."""
    shown = client.get(f"/admin/pages/{page.pk}/edit/")
    assert shown.status_code == 200
    data = querydict_from_html(shown.content.decode(), form_id="page-edit-form")
    data.update({key: str(value) for key, value in sent.items()})
    return data


def streams(sent: list[Sent], places: set[str]) -> list[dict[str, Any]]:
    found = [data for place, _model, data in sent if place in places]
    assert len(found) == len(places)
    return found


# Fields, blocks and texts; whatever happens to one of them happens to all (see above).
PLACES = {
    "image",
    "lessons_learned.page",
    "artefacts.file",
    "body.image.image.image.",
    "body.link_list.links.item.page.",
}


@pytest.mark.slow("sends every form of the editor")
def test_every_way_of_sending_it_is_refused_and_tells_nothing(client: Client, things: Things) -> None:
    page, told = things.project, []
    revisions = page.revisions.count()
    client.force_login(things.editor)
    create = f"/admin/pages/add/projects/projectpage/{things.own.pk}/"
    edit, preview = f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.pk}/edit/preview/"
    new_preview = f"{create}preview/"
    for sent in streams(things.sent(page), PLACES):
        data = edited(client, page, sent)
        published = data.copy()
        published["action-publish"] = "1"
        for address, body in ((edit, data), (edit, published), (create, data), (create, published)):
            answer = client.post(address, body)
            assert answer.status_code == 200
            assert "nicht verwenden" in answer.content.decode() or "anderen Stelle" in answer.content.decode()
            told.append(answer.content.decode())
        for address in (preview, new_preview):
            answer = client.post(address, data)
            assert (answer.json()["is_valid"], answer.json()["is_available"]) == (False, False)
            told.append(answer.content.decode())
            told.append(client.get(address).content.decode())
    assert [text for text in told if MARK in text] == []
    assert (page.revisions.count(), ProjectPage.objects.child_of(things.own).count()) == (revisions, 1)


@pytest.mark.slow("opens every form and preview")
def test_its_own_people_name_it_everywhere(client: Client, things: Things) -> None:
    """So that the tests above send what would name it."""
    page = ProjectPageFactory(parent=things.other, title="Anderes")
    client.force_login(things.owner)
    for sent in streams(things.sent(page), PLACES):
        preview = f"/admin/pages/{page.pk}/edit/preview/"
        assert client.post(preview, edited(client, page, sent)).json()["is_valid"]
        assert MARK in client.get(preview).content.decode() or "artefacts-0-file" in sent
        assert client.post(f"/admin/pages/{page.pk}/edit/", edited(client, page, sent)).status_code == 302
        stored = named_by(Page.objects.get(pk=page.pk).get_latest_revision_as_object())
        assert stored & {reference_to(model, number) for model, number in things.numbers.items()}


def test_what_is_refused_leaves_the_rest_of_what_was_typed(client: Client, things: Things) -> None:
    client.force_login(things.editor)
    sent = next(data for place, _model, data in things.sent(things.project) if place == "body.text.page")
    data = edited(client, things.project, sent | {"problem": "Frisch getippt."})
    html = client.post(f"/admin/pages/{things.project.pk}/edit/", data).content.decode()
    assert "Frisch getippt." in html
    assert "Wort" in html
    assert "Diese Seite gibt es nicht, oder Sie" in html


def test_what_a_page_names_already_does_not_keep_it_from_being_saved(client: Client, things: Things) -> None:
    """A link to a page that was public once; published anew, a draft must not show what readers never saw."""
    linked = ProjectPageFactory(title="Erst öffentlich")
    link = [("link_list", {"heading": "", "links": [{"title": "Dort", "page": linked, "url": ""}]})]
    page = ProjectPageFactory(parent=things.own, body=link)
    draft = ProjectPageFactory(parent=things.own, body=link, live=False)
    linked.unpublish()
    client.force_login(things.editor)
    sent = {"body-count": "1", "body-0-type": "link_list", "body-0-value-links-count": "1", "body-0-order": "0"}
    sent |= {"body-0-deleted": "", "body-0-value-links-0-deleted": "", "body-0-value-links-0-order": "0"}
    sent |= {"body-0-value-links-0-value-title": "Dort", "body-0-value-links-0-value-page": str(linked.pk)}
    publish = {"action-publish": "1"}
    assert client.post(f"/admin/pages/{page.pk}/edit/", edited(client, page, sent | publish)).status_code == 302
    assert client.post(f"/admin/pages/{draft.pk}/edit/", edited(client, draft, sent)).status_code == 302
    answer = client.post(f"/admin/pages/{draft.pk}/edit/", edited(client, draft, sent | publish))
    assert answer.status_code == 200
    assert "Diese Seite gibt es nicht" in str(answer.context["form"].errors["body"])


def test_staff_cannot_show_the_picture_of_one_body_on_the_page_of_another(client: Client, things: Things) -> None:
    client.force_login(staff_member())
    for sent in streams(things.sent(things.project), {"image", "artefacts.file"}):
        answer = client.post(f"/admin/pages/{things.project.pk}/edit/", edited(client, things.project, sent))
        assert answer.status_code == 200
        assert "gehört einer anderen Stelle" in answer.content.decode()


def test_every_form_of_the_admin_that_names_things_of_bodies_asks_first() -> None:
    named = {}
    pages = set(get_page_models()) - {Page}
    for model in (*pages, *get_snippet_models()):
        is_page = model in pages
        handler = model.get_edit_handler() if is_page else get_edit_handler(model)
        form = handler.get_form_class()(instance=model(), **({"parent_page": None} if is_page else {}))
        named[model.__name__] = models = set(models_named(form)) - PUBLIC - OFFERED
        assert all(issubclass(one, OWNED) for one in models), f"Say who may name these: {models}"
        assert not models or isinstance(form, NamingForm), model
    assert named["ProjectPage"] == {Picture, BodyDocument}


def every_address(stage: Stage) -> Iterator[str]:
    """Of the site, about the own body's things; and what can be done with many pages or files at once."""
    for route in routes():
        yield stage.address(route)
    things: dict[str, Any] = {"page": stage.project, "picture": stage.image, "bodydocument": stage.document}
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            for name in actions if model in things else ():
                yield f"/admin/bulk/{app}/{model}/{name}/?id={things[model].pk}"


def forms_in(answer: Any) -> Iterator[Any]:
    """The forms that an answer was made with."""
    seen: list[int] = []
    for context in answer.context or ():
        for value in (context.flatten() if isinstance(context, BaseContext) else context).values():
            if isinstance(value, forms.BaseForm) and not value.is_bound and id(value) not in seen:
                seen.append(id(value))
                yield value


@pytest.mark.slow("sends every form of every address")
@pytest.mark.usefixtures("engine")
def test_no_form_of_the_site_tells_what_a_number_stands_for(client: Client, things: Things) -> None:
    """Every form that somebody who works for a body is shown, sent with the numbers of another body's things."""
    stage = Stage()
    coordinator = stage.people["coordinator"]
    assert coordinator
    begin(stage.body.team, stage.member, coordinator)
    client.force_login(coordinator)
    client.raise_request_exception = False
    asked, told, failed = set(), [], []
    for address in every_address(stage):
        with transaction.atomic():
            answer = client.get(address)
            transaction.set_rollback(True)
        for form in forms_in(answer):
            for place, _model, sent in in_form(form, things.numbers):
                if isinstance(form, NamingForm) and place not in PLACES:
                    continue
                asked.add((type(form).__name__, place))
                for method in (client.post, client.get):
                    with transaction.atomic():
                        answer = method(address, complete(form) | sent)
                        if answer.status_code in {301, 302} and answer["Location"].startswith("/"):
                            answer = client.get(answer["Location"])
                        transaction.set_rollback(True)
                    text = "" if answer.streaming else answer.content.decode()
                    if MARK in text.replace(str(sent), ""):
                        told.append((address, place))
                    if answer.status_code >= 500:
                        failed.append((address, place))
    assert told == []
    assert failed == []
    expected = {("PageCopyForm", "new_parent_page"), ("ParentChooserForm", "parent_page"), ("MoveForm", "chooser")}
    assert expected | {("QuotedPlanForm", "body"), ("ProjectPageForm", "image"), ("InterestForm", "body")} <= asked
