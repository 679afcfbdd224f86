"""Test data: a complete project with `ProjectPageFactory()`; say only what the test is about."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage
from people.models import ReviewState, User
from people.rights import STAFF_GROUP, set_direct_publishing
from projects.models import (
    Artefact,
    ArtefactKind,
    BodyDocument,
    BodyIndexPage,
    BodyKind,
    BodyPage,
    District,
    FieldOfAction,
    Licence,
    Municipality,
    OzgField,
    OzgService,
    ProjectPage,
    ProjectTag,
    ServiceKey,
    State,
)

PASSWORD = "ein-langes-passwort"


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District

    key = factory.Sequence(lambda n: f"039{n % 100:02d}")
    name = factory.Sequence(lambda n: f"Testkreis {n}")
    full_name = factory.SelfAttribute("name")
    kind = "Landkreis"
    state = factory.LazyFunction(lambda: State.objects.get(key="03"))


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality

    district = factory.SubFactory(DistrictFactory)
    state = factory.SelfAttribute("district.state")
    ags = factory.LazyAttributeSequence(lambda o, n: f"{o.district.key}{n % 1000:03d}")
    ars = factory.LazyAttribute(lambda o: f"{o.ags[:5]}0000{o.ags[5:]}")
    name = factory.Sequence(lambda n: f"Teststadt {n}")
    full_name = factory.LazyAttribute(lambda o: f"{o.name}, Stadt")
    kind_code = "63"
    inhabitants = 12_000


class PageFactory(factory.Factory):
    """Adds the page below `parent`: live, or with `live=False` as a draft with its revision.

    Publishing through a revision, as the editor does, takes three times as long: `revised=True` is for tests that ask
    for what it leaves behind.
    """

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent, live, revised = kwargs.pop("parent"), kwargs.pop("live", True), kwargs.pop("revised", False)
        tags, related = kwargs.pop("tags", ()), kwargs.pop("m2m", {})
        children = kwargs.pop("children", {})
        now = timezone.now()
        published = {"first_published_at": now, "last_published_at": now} if live and not revised else {}
        page = model_class(*args, live=bool(published), **{**published, **kwargs})
        for name, values in related.items():
            setattr(page, name, values)
        for name, values in children.items():
            getattr(page, name).set(values)
        if tags:
            page.tags.add(*tags)
        parent.refresh_from_db()
        parent.add_child(instance=page)
        if published:
            page_published.send(sender=model_class, instance=page, revision=None)
        else:
            revision = page.save_revision()
            if live:
                revision.publish()
        return model_class.objects.get(pk=page.pk)


class BodyPageFactory(PageFactory):
    class Meta:
        model = BodyPage

    parent = factory.LazyFunction(lambda: BodyIndexPage.objects.get())
    kind = BodyKind.MUNICIPALITY
    municipality = factory.SubFactory(MunicipalityFactory)
    title = factory.LazyAttribute(lambda o: o.municipality.name if o.municipality else "Stelle")
    slug = factory.Sequence(lambda n: f"stelle-{n}")


class ProjectPageFactory(PageFactory):
    class Meta:
        model = ProjectPage

    parent = factory.SubFactory(BodyPageFactory)
    title = factory.Sequence(lambda n: f"Projekt {n}")
    slug = factory.Sequence(lambda n: f"projekt-{n}")
    summary = "Ein Projekt, das anderen Arbeit spart."
    phase = "P3"


class ArticlePageFactory(PageFactory):
    class Meta:
        model = ArticlePage

    parent = factory.LazyFunction(lambda: KnowledgeIndexPage.objects.get())
    title = factory.Sequence(lambda n: f"Artikel {n}")
    slug = factory.Sequence(lambda n: f"artikel-{n}")
    summary = "Ein Leitfaden."


def artefact(**fields: Any) -> Artefact:
    """An artefact not yet stored, for `children={"artefacts": [artefact()]}`."""
    kind = fields.pop("kind", "leistungsverzeichnis")
    defaults = {
        "title": "Leistungsverzeichnis Mängelmelder",
        "kind": ArtefactKind.objects.get(slug=kind),
        "licence": Licence.objects.get(spdx_id=fields.pop("licence", "EUPL-1.2")),
        "link": "" if fields.get("file") else "https://example.org/lv.pdf",
    }
    return Artefact(**{**defaults, **fields})


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BodyDocument

    title = "Leistungsverzeichnis"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 leer", name="lv.pdf"))


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectTag

    name = factory.Sequence(lambda n: f"Schlagwort {n}")
    is_approved = True


class OzgServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OzgService

    ozg_id = factory.Sequence(lambda n: f"9{n % 10_000:04d}")
    name = factory.Sequence(lambda n: f"Leistung {n}")
    field = factory.LazyFunction(lambda: OzgField.objects.get(slug="familie-kind"))


class ServiceKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceKey

    key = factory.Sequence(lambda n: f"99{n:012d}")
    name = factory.Sequence(lambda n: f"Schlüssel {n}")
    service = factory.SubFactory(OzgServiceFactory)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)


def editor_of(body: BodyPage, **fields: Any) -> User:
    """A person who may edit that body's pages and no others; what is to be published has to be checked."""
    user = UserFactory(**fields)
    user.groups.add(body.team.group)
    return user


def publisher_of(body: BodyPage, **fields: Any) -> User:
    """An editor of a body that publishes directly."""
    set_direct_publishing(body.team, True)
    return editor_of(body, **fields)


def coordinator_of(body: BodyPage, **fields: Any) -> User:
    """An editor who also decides who belongs to the body's team."""
    user = editor_of(body, **fields)
    body.team.coordinators.add(user)
    return user


def staff_member(**fields: Any) -> User:
    user = UserFactory(**fields)
    user.groups.add(Group.objects.get(name=STAFF_GROUP))
    return user


def administrator(**fields: Any) -> User:
    return User.objects.create_superuser(
        email=fields.pop("email", "admin@example.org"), password=fields.pop("password", PASSWORD), **fields
    )


def submit(page: Page, user: User) -> ReviewState:
    """Hand the page in to be checked, as the editor's button does."""
    page = Page.objects.get(pk=page.pk).specific
    if page.latest_revision is None:
        page.save_revision()
    page.get_workflow().start(page, user)
    return ReviewState.objects.waiting().get(workflow_state__object_id=str(page.pk))


def field_of_action(slug: str) -> FieldOfAction:
    return FieldOfAction.objects.get(slug=slug)


def home() -> HomePage:
    return HomePage.objects.get()
