"""Plans of example bodies, told to the members as their people would."""

from datetime import timedelta

from django.utils import timezone

from examples import content
from examples.accounts import EDITOR
from examples.bodies import OFFICE
from matching.plans.lifecycle import first_sentence, tell
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, FieldOfAction, Phase, ProjectPage


def load_plans() -> None:
    """Store the plans of those bodies that are there; the example account reports those of its own body."""
    bodies = {body.slug: body for body in BodyPage.objects.filter(is_example=True)}
    editor = User.objects.filter(email=EDITOR.email).first()
    for record in content.read("plans")["plans"]:
        if (body := bodies.get(record["body"])) is None:
            continue
        project = ProjectPage(
            title=record["title"],
            problem=record["problem"],
            summary=first_sentence(record["problem"]),
            openness=record["openness"],
            phase=Phase.IDEA,
            decision_on=timezone.localdate() + timedelta(days=record["decision_in_days"]),
            contact_name=OFFICE,
            contact_email=f"digital@{body.slug}.example",
            is_example=True,
        )
        project.fields_of_action = list(FieldOfAction.objects.filter(name__in=record["fields"]))
        is_own = editor is not None and bodies_of(editor).filter(pk=body.pk).exists()
        tell(body, project, editor if is_own else None)
