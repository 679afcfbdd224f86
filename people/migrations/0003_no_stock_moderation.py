"""Takes away the workflow and the groups a new Wagtail brings: rights here follow the body, and editors publish."""

from django.db import migrations

STOCK_WORKFLOW = "Moderators approval"
STOCK_GROUPS = ("Moderators", "Editors")


def remove(apps, schema_editor):
    """Leaves alone what somebody uses already: a workflow with states, a group with members."""
    workflows = apps.get_model("wagtailcore", "Workflow").objects.filter(name=STOCK_WORKFLOW)
    for workflow in workflows:
        if not workflow.workflow_states.exists():
            apps.get_model("wagtailcore", "WorkflowPage").objects.filter(workflow=workflow).delete()
            workflow.active = False
            workflow.save(update_fields=["active"])
    apps.get_model("auth", "Group").objects.filter(name__in=STOCK_GROUPS, user__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_team_references"),
        ("knowledge", "0003_page_tree"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(remove, migrations.RunPython.noop)]
