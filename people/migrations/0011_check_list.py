"""What editors submit goes to the centre's staff, with a first list to check it by; from here on both are data."""

from typing import Any

from django.db import migrations

WORKFLOW = "Prüfung durch das Kompetenzzentrum"
TASK = "Prüfung"

# Question, explanation, what is shown beside it, only for projects.
QUESTIONS = (
    (
        "Titel und Kurztext sagen Fremden, worum es geht",
        "Auch wer die Kommune nicht kennt, versteht sie. Keine Werbung, keine unerklärte Abkürzung.",
        "title",
        False,
    ),
    (
        "Die Angaben reichen, damit andere etwas damit anfangen können",
        "Nicht alles muss ausgefüllt sein. Fehlt etwas Wichtiges, geben Sie den Eintrag mit einer Anmerkung zurück.",
        "completeness",
        True,
    ),
    (
        "Die Lizenzen sind angegeben",
        "Ohne Lizenz darf niemand etwas übernehmen: weder den Text noch die Bausteine.",
        "licence",
        True,
    ),
    (
        "Der Kontakt ist erreichbar",
        "Am besten ein Postfach der Stelle. Private Adressen gehören nicht hierher.",
        "contact",
        True,
    ),
    (
        "Die Texte und Dateien enthalten keine personenbezogenen Daten",
        "Namen lassen sich nicht von selbst finden: Sehen Sie auch in die Dateien.",
        "personal_data",
        False,
    ),
    (
        "Gibt es das schon? Ähnliche Projekte sind bedacht",
        "Ein ähnliches Projekt ist kein Hindernis. Weisen Sie auf mögliche Partner hin.",
        "similar",
        True,
    ),
)


def fill(apps: Any, schema_editor: Any) -> None:
    """Set up the list, and the workflow for everything below the list of bodies; does nothing twice."""
    item = apps.get_model("people", "CheckItem")
    for order, (question, explanation, evidence, only_projects) in enumerate(QUESTIONS, start=1):
        values = {
            "explanation": explanation,
            "evidence": evidence,
            "only_projects": only_projects,
            "sort_order": order * 10,
        }
        item.objects.get_or_create(question=question, defaults=values)
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="people", model="review"
    )
    task, _ = apps.get_model("people", "Review").objects.get_or_create(name=TASK, content_type=content_type)
    workflow, _ = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name=WORKFLOW)
    # By number: the link wants the plain task, and the states of models of two apps are not each other's.
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(workflow=workflow, task_id=task.pk)
    for body_list in apps.get_model("projects", "BodyIndexPage").objects.all():
        apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(
            page_id=body_list.pk, defaults={"workflow": workflow}
        )


def empty(apps: Any, schema_editor: Any) -> None:
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).delete()
    apps.get_model("wagtailcore", "Task").objects.filter(content_type__app_label="people").delete()
    apps.get_model("people", "CheckItem").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_moderation"),
        ("knowledge", "0003_page_tree"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(fill, empty)]
