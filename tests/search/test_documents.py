"""What can be found of a page, and by which words and values it is found."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction

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
from search.indexing.documents import from_page, from_pages, searchable_page_ids
from search.kinds.registry import kinds
from search.kinds.text import joined, stream_text
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


def stream(picture: int) -> list[dict[str, Any]]:
    """One block of every type, and what older versions stored."""
    image = {"image": picture, "alt_text": "Platz <b>im</b> Regen", "decorative": False}
    values: list[tuple[str, Any]] = [
        *(("text", text) for text in TEXTS),
        ("image", {"image": image, "caption": "Der Platz", "credit": "Stadt"}),
        ("image", {"image": {**image, "decorative": True}, "caption": "", "credit": ""}),
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
        expected = " ".join(strip_tags(str(text)) for text in block.get_searchable_content(value))
        assert stream_text(block.to_python([item])) == expected, item


def test_a_stream_is_read_without_asking_the_database(django_assert_num_queries: Any) -> None:
    image = {"image": 7, "alt_text": "Platz im Regen", "decorative": False}
    stored = [
        {"type": "image", "value": {"image": image, "caption": "Der Platz", "credit": "Stadt"}},
        {"type": "download", "value": {"document": 7, "description": "Zum Mitnehmen"}},
    ]
    with django_assert_num_queries(0):
        assert stream_text(ProseStreamBlock().to_python(stored)) == "Platz im Regen Der Platz Stadt Zum Mitnehmen"


def contents(page: Page) -> str:
    return from_page(page)[0].content


def leading(page: Page) -> list[str]:
    """The words that lead to a page without being shown."""
    return from_page(page)[0].extra.split("\n")


@pytest.mark.parametrize(
    "field",
    ["summary", "problem", "change_for_citizens", "target_group", "standards", "partner_note", "partner_need",
     "stop_note"],
)  # fmt: skip
def test_what_can_be_read_of_a_project_is_its_text(field: str) -> None:
    assert "Ein besonderer Satz" in contents(ProjectPageFactory(**{field: "Ein  besonderer\nSatz"}))


def test_long_texts_are_read_without_their_markup() -> None:
    block = [{"type": "text", "value": "<p>Ein <b>Absatz</b></p>"}]
    project = ProjectPageFactory(body=block, lessons_learned="<p>Früher fragen &amp; reden</p>")
    assert contents(project).split("\n")[1:] == ["Ein Absatz", "Früher fragen & reden"]
    assert contents(ArticlePageFactory(body=block)).endswith("Ein Absatz")
    assert contents(BodyPageFactory(about=block)) == "Ein Absatz"


@pytest.mark.parametrize("field", ["product", "provider", "funding"])
def test_what_a_project_is_made_with_leads_to_it(field: str) -> None:
    project = ProjectPageFactory(**{field: "Musterwerk"})
    assert "Musterwerk" in leading(project)
    assert "Musterwerk" not in contents(project)


def test_names_of_terms_services_and_partners_lead_to_a_project() -> None:
    project = rich_project(1)
    key, other = project.service_keys.all()
    service = project.ozg_services.get()
    names = {
        *(field.name for field in project.fields_of_action.all()),
        *(item.tag.name for item in project.tagged_items.all()),
        f"{service.name} {service.ozg_id}",
        f"{key.service.name} {key.service.ozg_id}",
        f"{key.name} {key.key}",
        f"{other.name} {other.key}",
        *(str(participation) for participation in project.participations.all()),
    }
    assert len(names) == 10
    assert names <= set(leading(project))


def test_a_project_and_its_artefacts_are_found_by_the_names_of_body_and_place() -> None:
    body = bodies()["municipality"]
    project = ProjectPageFactory(parent=body, children={"artefacts": [artefact()]})
    unit = body.municipality
    assert unit is not None
    where = f"{body.title} {unit.full_name} {body.place_label}"
    assert all(document.extra.split("\n")[-1] == where for document in from_page(project))
    assert leading(body) == [where, unit.ars, unit.ags]


def test_the_body_of_projects_without_one_lends_them_no_name() -> None:
    unassigned = BodyPageFactory(kind=BodyKind.UNASSIGNED, municipality=None, title="Ohne Stelle")
    project = ProjectPageFactory(parent=unassigned)
    assert "Ohne Stelle" not in from_page(project)[0].extra
    assert from_page(unassigned) == []
    assert unassigned.pk not in searchable_page_ids()


def test_the_values_of_facets_are_those_of_the_page() -> None:
    project = ProjectPageFactory(
        phase="P4",
        openness="gesucht",
        tags=[TagFactory(slug="wlan"), TagFactory(slug="bus")],
        m2m={
            "fields_of_action": [field_of_action("mobilitaet"), field_of_action("bildung")],
            "service_keys": [ServiceKeyFactory()],
        },
        children={"artefacts": [artefact(kind="satzung", licence="CC0-1.0"), artefact(kind="satzung", licence="MIT")]},
    )
    expected = {
        "typ": ("projekt",),
        "themenfeld": (project.ozg_fields[0].slug,),
        "ort": project.public_body.keys_around,
        "handlungsfeld": ("bildung", "mobilitaet"),
        "phase": ("P4",),
        "partner": ("gesucht",),
        "nachnutzung": (),
        "tag": ("bus", "wlan"),
        "artefakt": ("satzung",),
        "lizenz": ("CC0-1.0", "MIT"),
        "land": ("03",),
        "groesse": ("kleinstadt",),
        "stand": ("aktuell",),
    }
    assert from_page(project)[0].facets.items() >= expected.items()


def test_what_is_not_said_is_a_value_of_no_facet() -> None:
    facets = from_page(ProjectPageFactory(parent__municipality=None, parent__kind=BodyKind.FEDERAL))[0].facets
    said = {name for name, values in facets.items() if values}
    assert said == {"typ", "phase", "stand"}


def test_an_artefact_has_the_facets_of_its_project_but_for_its_own() -> None:
    works = [artefact(title="Satzung", kind="satzung", licence="CC0-1.0", description="Für alle"), artefact()]
    project = ProjectPageFactory(tags=[TagFactory(name="Verkehr")], children={"artefacts": works})
    whole, statute, tender = from_page(project)
    own = {"typ": ("artefakt",), "artefakt": ("satzung",), "lizenz": ("CC0-1.0",)}
    assert statute.facets == {**whole.facets, **own}
    assert (statute.title, statute.content, statute.page_id) == ("Satzung", "Für alle", project.pk)
    assert (statute.newest, statute.audience) == (whole.newest, whole.audience)
    assert {"Satzung", project.title, "Verkehr"} <= set(statute.extra.split("\n"))
    assert any(line.startswith("CC0-1.0 ") for line in statute.extra.split("\n"))
    assert tender.facets["artefakt"] == ("leistungsverzeichnis",)
    assert whole.facets["artefakt"] == ("leistungsverzeichnis", "satzung")


def test_an_article_is_found_by_kind_author_and_topics() -> None:
    topic = field_of_action("mobilitaet")
    article = ArticlePageFactory(kind="leitfaden", author="Ina Beispiel", m2m={"topics": [topic]})
    assert leading(article) == ["Leitfaden", "Ina Beispiel", topic.name]
    assert from_page(article)[0].facets == {
        "typ": ("wissen",),
        "handlungsfeld": ("mobilitaet",),
        "stand": ("aktuell",),
    }


def test_a_document_is_as_new_as_the_first_publication() -> None:
    article = ArticlePageFactory()
    assert from_page(article)[0].newest == int(article.first_published_at.timestamp() * 1000)
    ArticlePage.objects.filter(pk=article.pk).update(first_published_at=None)
    assert from_page(article)[0].newest == 0


def test_a_text_that_another_begins_with_is_left_out() -> None:
    assert joined("Ein Anfang …", "Ein  Anfang und mehr", "", "Anderes") == "Ein Anfang und mehr\nAnderes"


@pytest.mark.slow("loads all example content")
def test_all_example_content_can_be_found(media: Any) -> None:
    call_command("load_examples", "--force", verbosity=0)
    found = from_pages(searchable_page_ids())
    assert found.keys() == set(searchable_page_ids())
    documents = [document for documents in found.values() for document in documents]
    assert len({document.key for document in documents}) == len(documents) > 30
    assert {document.key.split("-")[0] for document in documents} == {kind.key for kind in kinds}
    assert all(set(document.facets) <= set(kinds.keyword_fields) for document in documents)
    assert all(document.title for document in documents)


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


def test_the_number_of_queries_does_not_grow_with_the_pages() -> None:
    pages: list[Page] = [rich_project(1), ArticlePageFactory(), BodyPageFactory()]
    with CaptureQueriesContext(connection) as few:
        from_pages(page.pk for page in pages)
    pages += [rich_project(2), rich_project(3), ArticlePageFactory(), BodyPageFactory()]
    with CaptureQueriesContext(connection) as many:
        assert len(from_pages(page.pk for page in pages)) == len(pages)
    assert len(many) == len(few)


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
