"""Demands of example bodies, as the staff would have opened them."""

from datetime import timedelta

from django.utils import timezone

from examples import content
from matching.demand import demands
from matching.models import Demand
from projects.models import BodyPage


def load_demands() -> None:
    """Store the demands, joined by those bodies that are there."""
    bodies = {body.slug: body for body in BodyPage.objects.filter(is_example=True)}
    for record in content.read("demands")["demands"]:
        demand = Demand.objects.create(
            title=record["title"],
            description=record["description"],
            query=record["query"],
            opened_at=timezone.now() - timedelta(days=record["days_ago"]),
            is_example=True,
        )
        for slug in record["bodies"]:
            if body := bodies.get(slug):
                demands.join(demand, body, None)
