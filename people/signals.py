"""Rights follow the page tree: a new body gets its team, a removed one takes its group along."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from people.models import Team
from people.rights import create_staff_group, create_team
from projects.models import BodyPage


@receiver(post_save, sender=BodyPage)
def give_new_body_a_team(instance: BodyPage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        create_team(instance)


@receiver(post_delete, sender=Team)
def remove_group_of_removed_team(instance: Team, **kwargs: Any) -> None:
    """The collection stays: its files may still be in use elsewhere, and staff decide about them."""
    instance.group.delete()


@receiver(post_migrate)
def give_staff_their_rights(sender: AppConfig, **kwargs: Any) -> None:
    """Permissions exist only after migrating; a selective migration of another app changes nothing here."""
    if sender.label == "people":
        create_staff_group()
