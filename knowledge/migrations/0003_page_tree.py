"""The rooms every installation starts with: home, bodies, knowledge and the pages the law asks for."""

import uuid

from django.db import migrations

HOME = {
    "hero_title": "Gemeinsam digital: finden, was andere schon gebaut haben",
    "hero_text": (
        "Hier zeigen Kommunen, was sie planen, erproben und betreiben – mit allem, was sich nachnutzen lässt: "
        "Quellcode, Ausschreibungen, Beschlüsse, Datenschutzprüfungen."
    ),
}
BODIES = "Wer mitmacht: Kommunen, Kreise, Zusammenschlüsse, Länder und Behörden mit ihren Projekten."
KNOWLEDGE = "Leitfäden und Erfahrungsberichte aus der Praxis für die Praxis."
LEGAL = (
    ("impressum", "Impressum"),
    ("datenschutz", "Datenschutzerklärung"),
    ("barrierefreiheit", "Erklärung zur Barrierefreiheit"),
    ("leichte-sprache", "Leichte Sprache"),
    ("gebaerdensprache", "Gebärdensprache"),
)
STEP = 4  # characters a level adds to the path of a page


def child_path(parent, number):
    return f"{parent.path}{number:0{STEP}d}"


def add_page(apps, model_name, parent, number, **fields):
    """A live page as the given child; written by hand because historical models know no tree."""
    app_label, name = model_name.split(".")
    model = apps.get_model(app_label, name)
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=name.lower()
    )
    page = model.objects.create(
        path=child_path(parent, number),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{fields['slug']}/",
        draft_title=fields["title"],
        content_type=content_type,
        locale_id=parent.locale_id,
        translation_key=uuid.uuid4(),
        live=True,
        **fields,
    )
    parent.numchild += 1
    parent.save(update_fields=["numchild"])
    return page


def create(apps, schema_editor):
    """Builds the tree unless somebody did before."""
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    if apps.get_model("knowledge", "HomePage").objects.exists():
        return
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()  # the welcome page of a new Wagtail
    root.numchild = 0
    home = add_page(apps, "knowledge.HomePage", root, 1, title="Startseite", slug="home", **HOME)
    add_page(apps, "projects.BodyIndexPage", home, 1, title="Kommunen", slug="kommunen", summary=BODIES)
    add_page(apps, "knowledge.KnowledgeIndexPage", home, 2, title="Wissen", slug="wissen", summary=KNOWLEDGE)
    for number, (slug, title) in enumerate(LEGAL, start=3):
        add_page(apps, "knowledge.StandardPage", home, number, title=title, slug=slug)
    Site.objects.create(
        hostname="localhost", port=80, root_page_id=home.pk, is_default_site=True,
        site_name="Digitale Städte und Regionen",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_references"),
        ("projects", "0002_vocabularies"),
        ("wagtailcore", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
