"""What was said on the way of plans so far is bound to them; what is older than the plan was said for itself.

Decisions keep no moment of their first time. So something a body said for itself after it had reported the plan counts
as said by the plan as well: better it is not seen for a while than seen too early. Its people say it anew.
"""

from typing import Any

from django.db import migrations

PAGE_STEP = 4
TOLD = "public"
UNITS = ("municipality", "district", "association", "state")


def bind(apps: Any, schema_editor: Any) -> None:
    """May run twice."""
    decisions = apps.get_model("matching", "OverlapDecision").objects.filter(other__isnull=False)
    plans = apps.get_model("projects", "Plan").objects
    reported = dict(plans.filter(project__in=decisions.values("project")).values_list("project", "reported_at"))
    for row in decisions.select_related("project").iterator():
        found = _said(apps, row)
        since = reported.get(row.project_id)
        for said, moment in found:
            if since is None or moment >= since:
                said.is_own_word = False
                if hasattr(said, "told_to"):
                    said.told_to = TOLD
                said.save()
                said.plans.add(row.project_id)


def _said(apps: Any, row: Any) -> list[tuple[Any, Any]]:
    """What follows from the decision, with the moment it was said."""
    if row.kind == "beobachten":
        watches = apps.get_model("matching", "Watch").objects.filter(user=row.decided_by_id, project=row.other_id)
        return [(one, one.created_at) for one in watches]
    body = apps.get_model("projects", "BodyPage").objects.filter(path=row.project.path[:-PAGE_STEP]).first()
    if body is None:
        return []
    if row.kind == "mitmachen":
        asked = apps.get_model("projects", "Partnership").objects.filter(project=row.other_id, body=body)
        return [(one, one.asked_at) for one in asked]
    unit = {f"{field}_id": getattr(body, f"{field}_id") for field in UNITS}
    if row.kind != "nachnutzen" or not any(unit.values()):
        return []
    reuses = apps.get_model("projects", "Reuse").objects
    used = reuses.filter(project=row.other_id, stage="prueft", confirmed_at__isnull=False, **unit)
    return [(one, one.declared_at) for one in used]


def loosen(apps: Any, schema_editor: Any) -> None:
    for app, model in (("projects", "Partnership"), ("projects", "Reuse"), ("matching", "Watch")):
        apps.get_model(app, model).objects.update(is_own_word=True)


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0006_watch_follows_from_plans"),
        ("projects", "0010_follows_from_plans"),
    ]

    operations = [migrations.RunPython(bind, loosen)]
