"""Rights follow the page tree: a new body gets its team, a removed one takes its group along; addresses are noted."""

from typing import Any

from allauth.mfa.signals import authenticator_added
from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from people.addresses import vouch_for
from people.models import Team, User
from people.rights import create_staff_group, create_team
from people.second_factor import note_new_factor
from projects.models import BodyPage

authenticator_added.connect(note_new_factor)


@receiver(post_save, sender=BodyPage)
def give_new_body_a_team(instance: BodyPage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        create_team(instance)


@receiver(post_delete, sender=Team)
def remove_group_of_removed_team(instance: Team, **kwargs: Any) -> None:
    """The collection stays: its files may still be in use elsewhere, and staff decide about them."""
    instance.group.delete()


@receiver(post_save, sender=User)
def count_address_as_verified(
    instance: User, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Log-ins save the time of the log-in alone; they change no address."""
    if not raw and not instance.has_claimed_address and (update_fields is None or "email" in update_fields):
        vouch_for(instance)


@receiver(post_migrate)
def give_staff_their_rights(sender: AppConfig, **kwargs: Any) -> None:
    """Permissions exist only after migrating; a selective migration of another app changes nothing here."""
    if sender.label == "people":
        create_staff_group()
