"""What can be found of a page: the rows it is read from give what its objects would, in a fixed number of queries."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction
from wagtail.rich_text import get_text_for_indexing

from knowledge.models import ArticlePage
from pages.blocks import ProseStreamBlock
from projects.models import (
    Association,
    BodyKind,
    BodyPage,
    District,
    Municipality,
    Participation,
    Picture,
    ProjectPage,
    State,
)
from search.documents import from_page, from_pages, joined, searchable_page_ids
from search.engines import Audience, Document, EngineHit
from search.found import load
from search.rows import _existing, _readable
from search.streams import Alternative, rich_text, stream_reader
from tests.factories import (
    ArticlePageFactory,
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    TagFactory,
    artefact,
    field_of_action,
)

pytestmark = pytest.mark.django_db

TEXTS = (
    "",
    "Ohne Auszeichnung",
    "<p>Ein</p><p>Absatz</p>",
    "<h2>Titel</h2><ul><li>eins</li><li>zwei</li></ul><hr/><p>Zeile<br/>Umbruch<br>ohne Strich</p>",
    '<p>Ein <a linktype="page" id="3">Verweis</a> und <a href="https://example.org/?a=1&amp;b=2">noch einer</a></p>',
    "<p>Bau &amp; Wohnen &#8211; &#x2013; &nbsp; &lt;b&gt;kein Tag&lt;/b&gt;</p>",
    "<p>A&B, A & B, 3 < 4 und 5 > 4</p>",
    '<p title="a > b">Größer</p>',
    "<P>Groß</P><script>alert(1)</script><!-- Kommentar --><unbekannt>Text</unbekannt>",
    '<p>Offen <b>und nie <i>geschlossen</p> <img src="x" alt="y">',
)


@pytest.mark.parametrize("source", TEXTS)
def test_rich_text_is_what_wagtail_would_index(source: str) -> None:
    assert rich_text(source) == get_text_for_indexing(source)


def stream(picture: int) -> list[dict[str, Any]]:
    """One block of every type, and what older versions stored."""
    image = {"image": picture, "alt_text": "Platz <b>im</b> Regen", "decorative": False}
    values: list[tuple[str, Any]] = [
        *(("text", text) for text in TEXTS),
        ("image", {"image": image, "caption": "Der Platz", "credit": "Stadt"}),
        ("image", {"image": {**image, "decorative": True}, "caption": "", "credit": ""}),
        ("image", {"image": {**image, "image": picture + 1_000}, "caption": "Bild gelöscht"}),
        ("image", {"image": {"image": None}, "caption": "nie gewählt"}),
        ("image", {"image": {"image": picture}, "caption": "ohne Text"}),
        ("image", {"caption": "nur Unterschrift"}),
        ("image", {"image": picture, "caption": "vor den Alternativtexten"}),
        ("figures", {"figures": [{"value": "4.200", "label": "Leuchten"}], "source": "Bauamt"}),
        ("figures", {"figures": [{"type": "item", "id": "1", "value": {"value": "−38 %", "label": "Strom"}}]}),
        ("quotation", {"text": "Es <i>geht</i>.", "attribution": None}),
        ("steps", {"heading": "So", "steps": [{"title": "Bedarf", "text": "<p>Klären</p>"}, {"title": "Dann"}]}),
        ("table", {"data": [["Jahr", None], ["2024", 7], []], "first_row_is_table_header": True}),
        ("table", None),
        ("video", {"video": None, "title": "Film", "transcript": "<p>Gesprochenes</p>"}),
        ("download", {"document": None, "description": "Zum Mitnehmen"}),
        ("contact", {"name": "Stabsstelle", "role": "Leitung", "email": "a@example.org", "phone": "1"}),
        ("link_list", {"heading": "Mehr", "links": [{"title": "Dort", "page": None, "url": "https://example.org"}]}),
        ("gibt_es_nicht_mehr", "verschwunden"),
    ]
    return [{"type": kind, "value": value, "id": str(number)} for number, (kind, value) in enumerate(values)]


def test_every_block_gives_the_text_wagtail_would_index() -> None:
    picture = Picture.objects.create(title="Platz", file="platz.png", width=1, height=1)
    block = ProseStreamBlock()
    stored = stream(picture.pk)
    assert {item["type"] for item in stored} >= set(block.child_blocks)
    for item in stored:
        value = block.to_python([item])
        expected = [strip_tags(str(text)) for text in block.get_searchable_content(value)]
        pieces = list(stream_reader(block)([item]))
        existing = _existing({piece.picture for piece in pieces if isinstance(piece, Alternative)})
        assert list(_readable(pieces, existing)) == expected, item


# Whoever has just published an entry stands by it.
CONFIRMED = {"stand": ("aktuell",)}


def reference(page_id: int) -> list[Document]:
    """The documents of a page read from its objects, one after the other, without regard to speed."""
    page: Any = Page.objects.get(pk=page_id).specific
    newest = int(page.first_published_at.timestamp() * 1000)
    if isinstance(page, ArticlePage):
        topics = list(page.topics.all())
        content = joined(page.summary, text_of(page.body))
        extra = joined(page.get_kind_display(), page.author, *(topic.name for topic in topics))
        facets = {"typ": ("wissen",), "handlungsfeld": tuple(sorted(topic.slug for topic in topics)), **CONFIRMED}
        return [Document(f"wissen-{page.pk}", page.pk, page.title, content, "public", newest, extra, facets)]
    if isinstance(page, BodyPage):
        keys = (page.municipality.ars, page.municipality.ags) if page.municipality else (page.key,)
        content = joined(page.summary, text_of(page.about))
        extra = joined(words_of(page), *keys)
        facets = {"typ": ("stelle",), **CONFIRMED, **place_of(page)}
        return [Document(f"stelle-{page.pk}", page.pk, page.title, content, "public", newest, extra, facets)]
    return project_of(page, newest)


def project_of(page: ProjectPage, newest: int) -> list[Document]:
    services = {*page.ozg_services.all(), *(key.service for key in page.service_keys.all() if key.service)}
    artefacts = list(page.artefacts.order_by("sort_order", "pk"))
    fields = [field.name for field in page.fields_of_action.all()]
    tags = [item.tag for item in page.tagged_items.order_by("pk")]
    facets = {
        "typ": ("projekt",),
        "handlungsfeld": tuple(sorted(field.slug for field in page.fields_of_action.all())),
        "phase": (page.phase,),
        "themenfeld": tuple(sorted({service.field.slug for service in services})),
        "tag": tuple(sorted(tag.slug for tag in tags)),
        "artefakt": tuple(sorted({each.kind.slug for each in artefacts})),
        "lizenz": tuple(sorted({each.licence.spdx_id for each in artefacts if each.licence})),
        "partner": (page.openness,) if page.openness else (),
        "nachnutzung": reuse_of(page),
        **CONFIRMED,
        **place_of(page.public_body),
    }
    content = joined(
        page.summary, text_of(page.body), page.problem, page.change_for_citizens, page.target_group,
        get_text_for_indexing(page.lessons_learned), page.standards, page.partner_note, page.partner_need,
        page.stop_note,
    )  # fmt: skip
    extra = joined(
        page.product, page.provider, page.funding, *(tag.name for tag in tags), *fields,
        *(f"{service.name} {service.ozg_id}" for service in sorted(services, key=lambda each: each.ozg_id)),
        *(f"{key.name} {key.key}" for key in page.service_keys.all()),
        *(str(each) for each in page.participations.all()), words_of(page.public_body),
    )  # fmt: skip
    audience: Audience = "members" if page.get_view_restrictions() else "public"
    found = [Document(f"projekt-{page.pk}", page.pk, page.title, content, audience, newest, extra, facets)]
    for each in artefacts:
        licence = f"{each.licence.spdx_id} {each.licence.name}" if each.licence else ""
        leading = joined(
            each.kind.name, licence, page.title, *fields, *(tag.name for tag in tags), words_of(page.public_body)
        )
        own = {
            "typ": ("artefakt",),
            "artefakt": (each.kind.slug,),
            "lizenz": (each.licence.spdx_id,) if each.licence else (),
        }
        key, text = f"artefakt-{each.uuid}", joined(each.description)
        found.append(Document(key, page.pk, each.title, text, audience, newest, leading, {**facets, **own}))
    return found


def reuse_of(page: ProjectPage) -> tuple[str, ...]:
    """Four classes: used by five or more, by two to four, by one of their own word, or by the provider's alone."""
    used = [each for each in page.reuses.all() if each.stage in ("pilot", "produktiv") and not each.refused_at]
    confirmed = sum(each.is_confirmed for each in used)
    if not used:
        return ()
    return ("viele" if confirmed > 4 else "mehrere" if confirmed > 1 else "eine" if confirmed else "unbestaetigt",)


def text_of(value: Any) -> str:
    return " ".join(strip_tags(str(text)) for text in value.stream_block.get_searchable_content(value)) if value else ""


def words_of(body: BodyPage) -> str:
    if body.kind == BodyKind.UNASSIGNED:
        return ""
    return joined(body.title, body.unit.full_name if body.unit else "", body.place_label)


def place_of(body: BodyPage) -> dict[str, tuple[str, ...]]:
    unit = body.unit
    own = () if unit is None or isinstance(unit, State) else (getattr(unit, "ags", "") or getattr(unit, "key", ""),)
    district = getattr(unit, "district", None)
    land = (body.land.key,) if body.land else ()
    return {
        "land": land,
        "groesse": (body.size_class,) if body.size_class else (),
        "ort": (*own, *((district.key,) if district else ()), *land),
    }


@pytest.mark.slow("loads all example content")
def test_all_example_content_gives_the_documents_its_objects_would(media: Any) -> None:
    call_command("load_examples", "--force", verbosity=0)
    found = from_pages(searchable_page_ids())
    assert len(found) > 30
    for page_id, read in found.items():
        expected = reference(page_id)
        assert [document.key for document in read] == [document.key for document in expected]
        for ours, theirs in zip(read, expected, strict=True):
            assert ours == theirs
            assert ours.digest == theirs.digest


def rich_project(number: int) -> ProjectPage:
    return ProjectPageFactory(
        title=f"Projekt {number}",
        lessons_learned="<p>Früher fragen &amp; reden</p>",
        body=[{"type": "text", "value": "<p>Ein Text</p>"}],
        tags=[TagFactory(), TagFactory()],
        m2m={
            "fields_of_action": [field_of_action("mobilitaet"), field_of_action("bildung")],
            "ozg_services": [OzgServiceFactory()],
            "service_keys": [ServiceKeyFactory(), ServiceKeyFactory(service=None)],
        },
        children={
            "artefacts": [artefact(title="Satzung"), artefact(title="Vergabe", description="Lang")],
            "participations": [
                Participation(municipality=MunicipalityFactory(), role="Partner"),
                Participation(district=DistrictFactory()),
            ],
        },
    )


def test_a_project_with_everything_gives_the_documents_its_objects_would() -> None:
    page = rich_project(1)
    assert from_page(page) == reference(page.pk)


def test_the_number_of_queries_does_not_grow_with_the_pages() -> None:
    pages: list[Page] = [rich_project(1), ArticlePageFactory()]
    with CaptureQueriesContext(connection) as few:
        from_pages(page.pk for page in pages)
    pages += [rich_project(2), rich_project(3), ArticlePageFactory(), BodyPageFactory()]
    with CaptureQueriesContext(connection) as many:
        assert len(from_pages(page.pk for page in pages)) == len(pages)
    assert len(many) <= len(few) + 2  # the bodies of this batch


def test_pages_of_one_body_are_read_together() -> None:
    first, second = BodyPageFactory(), BodyPageFactory()
    early, late = ProjectPageFactory(parent=second), ProjectPageFactory(parent=first)
    order = searchable_page_ids()
    assert order.index(late.pk) == order.index(first.pk) + 1
    assert order.index(early.pk) == order.index(second.pk) + 1


def test_restricted_pages_are_for_members_or_for_nobody() -> None:
    members, some = ProjectPageFactory(), ProjectPageFactory()
    PageViewRestriction.objects.create(page=members.get_parent(), restriction_type=PageViewRestriction.LOGIN)
    PageViewRestriction.objects.create(page=some, restriction_type=PageViewRestriction.PASSWORD, password="geheim")
    assert [document.audience for document in from_page(members)] == ["members"]
    assert from_page(some) == []


def test_what_is_found_does_not_depend_on_the_language_of_whoever_publishes() -> None:
    article = ArticlePageFactory(kind="leitfaden")
    with translation.override("en"):
        assert from_page(article) == from_page(article)
        assert "Leitfaden" in from_page(article)[0].extra


def bodies() -> dict[str, BodyPage]:
    """A body of every kind, with places that could be told wrongly."""
    state = State.objects.get(key="03")
    district = DistrictFactory(name="Celle", kind="Landkreis")
    city = DistrictFactory(name="Emden", kind="Kreisfreie Stadt")
    association = Association.objects.create(
        key=f"{district.key}5401", name="Lachendorf", full_name="Samtgemeinde Lachendorf", kind="Samtgemeinde",
        district=district,
    )  # fmt: skip

    def body(kind: BodyKind, **fields: Any) -> BodyPage:
        return BodyPageFactory(kind=kind, **{"municipality": None, "title": str(kind), **fields})

    return {
        "municipality": body(BodyKind.MUNICIPALITY, municipality=MunicipalityFactory(district=district)),
        "city": body(BodyKind.MUNICIPALITY, municipality=MunicipalityFactory(district=city)),
        "district": body(BodyKind.DISTRICT, district=district),
        "association": body(BodyKind.ASSOCIATION, association=association),
        "state": body(BodyKind.STATE, state=state),
        "intermunicipal": body(BodyKind.INTERMUNICIPAL, seat_state=state),
        "federal": body(BodyKind.FEDERAL),
    }


def test_bodies_carry_the_keys_of_what_they_lie_in() -> None:
    found = bodies()
    keys = {kind: from_page(page)[0].facets["ort"] for kind, page in found.items()}
    town, district = found["municipality"].municipality, District.objects.get(name="Celle")
    assert isinstance(town, Municipality)
    assert keys["municipality"] == (town.ags, district.key, "03")
    assert keys["district"] == (district.key, "03")
    assert keys["association"] == (f"{district.key}5401", district.key, "03")
    assert keys["state"] == keys["intermunicipal"] == ("03",)
    assert keys["federal"] == ()
    project = ProjectPageFactory(parent=found["municipality"], children={"artefacts": [artefact()]})
    assert [document.facets["ort"] for document in from_page(project)] == [keys["municipality"]] * 2


def test_a_municipality_is_found_by_both_of_its_keys() -> None:
    body = BodyPageFactory()
    assert {body.municipality.ags, body.municipality.ars} <= set(from_page(body)[0].extra.split())


def test_a_row_says_where_a_body_lies_as_its_page_does() -> None:
    made = bodies()
    hits = [EngineHit(f"stelle-{body.pk}", body.pk, 1.0, body.title, "") for body in made.values()]
    found = load(hits, None).bodies
    for kind, body in made.items():
        row = found[body.pk].place
        assert row.label == BodyPage.objects.get(pk=body.pk).place_label, kind
        assert row.kind_name == body.get_kind_display()
