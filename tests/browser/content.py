"""A small site that shows every page type, every block and every awkward length; built by factories."""

import datetime
import io
import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw
from wagtail.models import Page

from knowledge.models import FeaturedArticle, FeaturedProject, RelatedProject, StandardPage
from matching.demand import demands
from matching.figures.counted import SHOWN_FROM
from matching.models import CheckRecord, DecisionKind, Demand, OverlapDecision
from projects.models import (
    AllianceMember,
    AlliancePage,
    AllianceStep,
    BodyDocument,
    BodyKind,
    BodyPage,
    CentralSolution,
    District,
    Licence,
    Municipality,
    OzgField,
    OzgService,
    Participation,
    Partnership,
    PartnerState,
    Picture,
    ProjectPage,
    Reuse,
    ReuseState,
    State,
    StepState,
)
from tests.browser import pages
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
    home,
)
from tests.matching.records import content, other

LONG_TITLE = (
    "Mängelmelder für Straßenbeleuchtung, Schlaglöcher und wilde Müllablagerungen mit "
    "Verwaltungsdigitalisierungsgesamtabstimmungsverfahren"
)
SUMMARY = "Bürgerinnen und Bürger melden Mängel mit dem Telefon; die Meldung landet beim Bauhof und nicht im Postfach."
# One page of search results holds twenty: with so many further projects there is a second page.
FURTHER_PROJECTS = 24


def picture(title: str = "Skizze", size: tuple[int, int] = (900, 600)) -> Picture:
    drawing = Image.new("RGB", size, "#004b76")
    ImageDraw.Draw(drawing).ellipse((200, 100, 600, 500), fill="#f7bb3d")
    stream = io.BytesIO()
    drawing.save(stream, "PNG")
    return Picture.objects.create(
        title=title, file=ImageFile(stream, name=f"{title}.png"), credit="Zeichnung: Presseamt"
    )


def document(name: str, title: str, content: bytes = b"%PDF-1.4 leer") -> BodyDocument:
    return BodyDocument.objects.create(title=title, file=ContentFile(content, name=name))


def every_block() -> str:
    """A StreamField with one block of each kind, as its JSON."""
    image = {"image": picture("Ablauf").pk, "alt_text": "Ablauf einer Meldung in vier Schritten", "decorative": False}
    captions = document("film.vtt", "Untertitel", b"WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Tag.\n")
    table = {
        "data": [["Jahr", "Meldungen", "Bearbeitungsdauer"], ["2023", "412", "9 Tage"], ["2024", "1.204", "3 Tage"]],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_caption": "Meldungen im Jahr",
    }
    steps = [
        {"title": "Bedarf klären", "text": "<p>Mit dem <b>Bauhof</b> sprechen.</p>"},
        {"title": "Datenschutzfolgenabschätzung durchführen", "text": ""},
    ]
    links = [
        {"title": "Zum Leitfaden", "page": home().pk, "url": ""},
        {"title": "Standard Open311", "page": None, "url": "https://example.org/open311"},
    ]
    prose = (
        "<h2>Ausgangslage</h2><p>Meldungen kamen per Telefon, siehe "
        '<a href="https://example.org/sehr/lange/adresse/ohne/jede/trennstelle/im/ganzen/text">Bericht</a>.</p>'
        "<h3>Ziel</h3><ul><li>schneller</li><li>nachvollziehbar</li></ul><hr/>"
    )
    blocks: list[tuple[str, Any]] = [
        ("text", prose),
        ("image", {"image": image, "caption": "So läuft es ab", "credit": "Presseamt"}),
        ("figures", {"figures": [{"value": "1.204", "label": "Meldungen"}, {"value": "−38 %", "label": "Anrufe"}],
                     "source": "Jahresbericht 2024"}),
        ("quotation", {"text": "Die Meldung landet beim Bauhof.", "attribution": "Leitung Bauhof"}),
        ("steps", {"heading": "So sind wir vorgegangen", "steps": steps}),
        ("table", table),
        ("video", {"video": document("film.mp4", "Film").pk, "poster": image, "title": "Der Mängelmelder im Film",
                   "captions": captions.pk, "transcript": "<p>Guten Tag.</p>"}),
        ("download", {"document": document("konzept.pdf", "Konzept").pk, "description": "Mit Kostenplan"}),
        ("contact", {"name": "Stabsstelle Digitalisierung", "role": "Projektleitung", "email": "digital@example.org",
                     "phone": "05465 12345"}),
        ("link_list", {"heading": "Zum Weiterlesen", "links": links}),
    ]  # fmt: skip
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def _numbered(number: int, model: type[Page] = BodyPage) -> dict[str, Any]:
    """Makes a page with that number, so that its address is known beforehand; Wagtail then needs the type as well."""
    return {"pk": number, "content_type": ContentType.objects.get_for_model(model)}


def _bodies() -> tuple[BodyPage, Municipality, District]:
    district = DistrictFactory(name="Osnabrück", full_name="Landkreis Osnabrück", state=State.objects.get(key="03"))
    municipality = MunicipalityFactory(name="Neuenkirchen", district=district, inhabitants=4_800)
    body = BodyPageFactory(
        **_numbered(pages.UNLIKE_BODY), municipality=municipality, slug="neuenkirchen", title="Neuenkirchen", website="https://example.org/neuenkirchen",
        summary="Samtgemeinde im Norden des Landkreises.", about=every_block(), logo=picture("Wappen", (300, 360)),
        is_example=True,
    )  # fmt: skip
    BodyPageFactory(
        municipality=MunicipalityFactory(name="Dettenhausen-Oberbrückenwaldstetten", district=district),
        slug="noch-ohne-projekt",
        **_numbered(pages.COMPARED_BODY),
    )
    BodyPageFactory(
        kind=BodyKind.FEDERAL, municipality=None, slug="bundesamt", title="Bundesamt", **_numbered(pages.FEDERAL_BODY)
    )
    return body, municipality, district


def _full_project(body: BodyPage, municipality: Municipality, district: District) -> ProjectPage:
    service: OzgService = OzgServiceFactory(
        name="Meldung von Mängeln an Verkehrsanlagen und öffentlichen Einrichtungen"
    )
    artefacts = [
        artefact(uuid=pages.FILE_ARTEFACT, title="Leistungsverzeichnis Mängelmelder", version="1.2",
                 file=document("lv.pdf", "Leistungsverzeichnis"), description="Mit Preisblatt. " * 8,
                 date=datetime.date(2024, 5, 2)),
        artefact(uuid=pages.LINK_ARTEFACT, title="Quellcode", kind="quellcode", link="https://example.org/code",
                 licence="AGPL-3.0-or-later", language="en"),
        artefact(uuid=pages.EMPTY_ARTEFACT, title="Beschlussvorlage", kind="beschluss", link=""),
    ]  # fmt: skip
    return ProjectPageFactory(
        **_numbered(pages.USED_PROJECT, ProjectPage),
        parent=body, slug="maengelmelder", title=LONG_TITLE, summary=SUMMARY, phase="P4", is_example=True,
        image=picture("Mängelmelder"), image_alt="Telefon mit Karte", body=every_block(),
        problem="Meldungen gehen verloren.", change_for_citizens="Sie sehen, was mit der Meldung geschieht.",
        target_group="Alle, die in der Gemeinde unterwegs sind", lessons_learned="<p>Früh mit dem Bauhof reden.</p>",
        starts_on=datetime.date(2023, 1, 1), ends_on=datetime.date(2024, 12, 31), openness="gesucht",
        partner_note="Sie erhalten den Quelltext.", partner_need="Gemeinden, die mit uns betreiben.",
        cost_from=12_000, cost_to=20_000, effort_from=15,
        effort_to=40, funding="Landesmittel", cost_note="Ohne Betrieb.", product="Klarschiff", standards="Open311",
        provider="Genossenschaft", conformity="yes", portal_url="https://example.org/maengel",
        contact_name="Erika Mustermann",
        contact_role="Digitalbeauftragte", contact_email="erika.mustermann@stadtverwaltung-neuenkirchen.example.org",
        contact_phone="05465 12345", contact_promise="mentoring", text_licence=Licence.objects.get(spdx_id="CC-BY-4.0"),
        tags=[TagFactory(name="Straßenunterhalt"), TagFactory(name="Bürgerbeteiligung")],
        m2m={"fields_of_action": [field_of_action("verwaltung"), field_of_action("it-und-kommunikation")],
             "ozg_services": [service], "service_keys": [ServiceKeyFactory(service=service)]},
        children={"artefacts": artefacts,
                  "participations": [Participation(district=district, role="Betrieb"),
                                     Participation(municipality=municipality)]},
    )  # fmt: skip


def _other_projects(body: BodyPage) -> None:
    ProjectPageFactory(parent=body, slug="vorhaben", title="Digitaler Bauantrag", phase="P1", openness="ideen",
                       partner_note="Wir sammeln Ideen.", summary="")  # fmt: skip
    ProjectPageFactory(
        parent=body, slug="parkplatzsensoren", title="Parkplatzsensoren", phase="nicht_weiterverfolgt",
        stop_reason="kosten", stop_note="Die Batterien hielten\nkeinen Winter.", openness="allein",
    )  # fmt: skip
    ProjectPageFactory(parent=body, slug="ratsinformation", title="Ratsinformation", phase="abgeschlossen")
    for number in range(FURTHER_PROJECTS):
        ProjectPageFactory(
            parent=body, title=f"Kita-Anmeldung, Ausbaustufe {number}", slug=f"kita-{number}", phase="P2"
        )


def _cooperation(project: ProjectPage, district: District) -> None:
    """What others decided about the project and make of it, and a record of that."""
    plan = ProjectPage.objects.get(slug="vorhaben")
    OverlapDecision.objects.create(project=plan, other=project, kind=DecisionKind.JOIN, reason="Gemeinsam ist besser.")
    for number in range(SHOWN_FROM):
        Reuse.objects.create(
            project=project, municipality=MunicipalityFactory(name=f"Übernehmersdorf {number}", district=district),
            stage=ReuseState.PRODUCTIVE, confirmed_at=timezone.now(), person_days=4,
        )  # fmt: skip
    kept = content(plan, matches=[other(title=LONG_TITLE, is_members_only=True)])
    CheckRecord.objects.create(project=plan, content=kept, code=pages.RECORD_CODE)


def _reuse(project: ProjectPage, district: District) -> None:
    """Every stage, confirmed and not, with a place on the map; and who builds it for all."""
    for number, stage in enumerate(ReuseState):
        town = MunicipalityFactory(name=f"Nachnutzenau {number}", district=district, lat=50 + number, lon=9.5)
        Reuse.objects.create(
            project=project, municipality=town, stage=stage, since=datetime.date(2025, 3, 1), cost=12_000,
            confirmed_at=timezone.now() if number % 2 else None, changes="Kategorien gekürzt.\nKarte ersetzt.",
            is_example=True,
        )  # fmt: skip
    Reuse.objects.create(project=ProjectPage.objects.get(slug="ratsinformation"), district=district, stage="pilot")
    for field in OzgField.objects.order_by("pk")[:2]:
        CentralSolution.objects.create(
            name="Mängelmelder für alle", field=field, actor="Freie Hansestadt Bremen", url="https://example.org/",
            live_count=12, rollout_count=40, counted_on=datetime.date(2026, 6, 30), source_url="https://example.org/z",
            note="Anschluss über das Land.", is_example=True,
        )  # fmt: skip


def _alliance(project: ProjectPage) -> None:
    """Partners in both states, and what came of it."""
    others = BodyPage.objects.filter(slug__in=("noch-ohne-projekt", "bundesamt")).order_by("slug")
    states = (PartnerState.INTERESTED, PartnerState.ASSURED)
    for body, state in zip(others, states, strict=True):
        Partnership.objects.create(project=project, body=body, state=state, message="Wir sind dabei.")
    steps = [
        AllianceStep(title=f"Schritt {state.label}", state=state, due_on=datetime.date(2027, 3, 1))
        for state in StepState
    ]
    page = AlliancePage(
        slug="allianz", title=f"Allianz: {LONG_TITLE}", summary=SUMMARY, body=every_block(),
        is_example=True, live=False,
        members=[AllianceMember(body=body, role="Erprobung") for body in others], steps=steps, projects=[project],
        artefacts=list(project.artefacts.all()),
    )  # fmt: skip
    project.public_body.add_child(instance=page)
    page.save_revision().publish()


def _knowledge(project: ProjectPage) -> None:
    article = ArticlePageFactory(
        slug="leitfaden", title="Leitfaden: Mängelmelder gemeinsam einführen", author="Kompetenzzentrum",
        image=picture("Leitfaden"), image_alt="Hände über einem Plan", body=every_block(), is_example=True,
        m2m={"topics": [field_of_action("verwaltung")]},
        children={"related_projects": [RelatedProject(project=project)]},
    )  # fmt: skip
    ArticlePageFactory(title="Erfahrungen mit Sensoren", kind="erfahrungsbericht")
    front = home()
    front.featured_projects.add(FeaturedProject(project=project))
    front.featured_articles.add(FeaturedArticle(article=article))
    front.save_revision().publish()
    text = StandardPage.objects.get(slug="barrierefreiheit")
    text.summary, text.body = "Wie zugänglich diese Seiten sind.", every_block()
    text.save_revision().publish()


def _demands(answer: ProjectPage) -> None:
    Demand.objects.create(pk=pages.OPEN_DEMAND, title=LONG_TITLE, description=SUMMARY, query="Mängel melden")
    closed = Demand.objects.create(pk=pages.ANSWERED_DEMAND, title="Mängelmelder", query="Mängelmelder")
    demands.join(closed, answer.public_body, None)
    demands.close(closed, answer, "Läuft in fünf Städten.")


def build() -> ProjectPage:
    """Fill a seeded database; gives the project that has everything."""
    with transaction.atomic():
        body, municipality, district = _bodies()
        project = _full_project(body, municipality, district)
        _other_projects(body)
        _cooperation(project, district)
        _reuse(project, district)
        _alliance(project)
        _knowledge(project)
        _demands(project)
    return project
