"""What follows from a change: teams and rights for bodies, verified addresses, the age of published entries."""

from typing import Any

from allauth.account.signals import user_signed_up
from allauth.mfa.signals import authenticator_added
from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageLogEntry, PageViewRestriction, TaskState, WorkflowState
from wagtail.signals import post_page_move, task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from knowledge.models import ArticlePage
from people.accounts.addresses import vouch_for
from people.accounts.second_factor import note_new_factor
from people.cooperation import partners
from people.cooperation.alliances import hide_with, tell_members
from people.freshness.entries import note_publication
from people.freshness.takeover import bring_files
from people.joining.invitations import accept_on_sign_up
from people.models import ReviewState, Team, User
from people.moderation.decisions import note_direct_publication, tell_received
from people.reuse import notify as reuse_telling
from people.rights import create_team, sync_staff_group
from projects.models import BodyPage, Following, ProjectPage
from projects.models.alliance import members_named

authenticator_added.connect(note_new_factor)
user_signed_up.connect(accept_on_sign_up)
members_named.connect(tell_members)


@receiver(post_save, sender=BodyPage)
def give_new_body_a_team(instance: BodyPage, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        create_team(instance)


@receiver(post_save, sender=ProjectPage)
@receiver(post_save, sender=ArticlePage)
def note_published_entry(
    instance: ProjectPage | ArticlePage, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """In the transaction that publishes; drafts and changes in passing say nothing about how true an entry is."""
    if not raw and instance.live and (update_fields is None or "last_published_at" in update_fields):
        note_publication(instance)


@receiver(post_save, sender=ProjectPage)
def tell_what_a_plan_said(instance: ProjectPage, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction that shows the plan to somebody, or takes it away, whichever way."""
    if not raw and instance.live:
        partners.tell_what_follows(instance)
        reuse_telling.tell_what_follows(instance)
    elif not raw:
        hide_with(instance)


@receiver(post_delete, sender=PageViewRestriction)
def tell_what_opened_plans_said(instance: PageViewRestriction, **kwargs: Any) -> None:
    """A plan that members have read is public now, or all of a body is."""
    for page in Page.objects.filter(pk=instance.page_id):
        for plan in ProjectPage.objects.live().descendant_of(page, inclusive=True):
            tell_what_a_plan_said(plan)


@receiver(pre_delete, sender=ProjectPage)
def forget_what_a_plan_said(instance: ProjectPage, **kwargs: Any) -> None:
    for model in Following.__subclasses__():
        rows: Any = model._default_manager
        rows.only_because_of(instance).delete()
    hide_with(instance)


@receiver(post_page_move)
def let_files_come_along(instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: Any) -> None:
    """Whichever way a page gets to another body: its files are shown by pages of their own body alone."""
    before, after = parent_page_before.pk, parent_page_after.pk
    bodies = BodyPage.objects.in_bulk({before, after})
    if before in bodies and after in bodies and before != after:
        bring_files(instance, bodies[before], bodies[after])


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


@receiver(post_save, sender=PageLogEntry)
def note_publication_without_check(instance: PageLogEntry, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """The history is the one place that knows of every way of publishing, and of the person."""
    if created and not raw:
        note_direct_publication(instance)


def no_letter(**kwargs: Any) -> None:
    """Holds the place of Wagtail's own letters about workflows, whether those are connected before us or after.

    Ours say the same in the words of the platform, and with the remarks.
    """


for signal, sender, uid in (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
):
    signal.disconnect(sender=sender, dispatch_uid=uid)
    signal.connect(no_letter, sender=sender, dispatch_uid=uid)


@receiver(task_submitted, sender=ReviewState)
def confirm_submission(instance: ReviewState, **kwargs: Any) -> None:
    tell_received(instance)


@receiver(post_migrate)
def give_staff_their_rights(sender: AppConfig, **kwargs: Any) -> None:
    """Permissions exist only after migrating; a selective migration of another app changes nothing here."""
    if sender.label == "people":
        sync_staff_group()
