"""What the platform knows about a person: handed out on request, and erased on request.

What was published stays: it belongs to the body, not to the person who wrote it. Where a project names the person as
its contact, the body takes the place, in every stored version.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Comment, ModelLogEntry, PageLogEntry, Revision

from people.admin_site.visibility import titles_for
from people.cooperation import contact
from people.models import AccessRequest, Invitation, QueuedMail, TakeoverRequest, Team, User
from people.teams import membership
from projects.models import ContactRequest, Partnership, Plan, ProjectPage, RemovedPage, Reuse
from projects.removal.page_removal import brought_back

# Apps above offer what they store about a person: receivers take a User and return plain values by name.
HOOK = "register_personal_data"
CONTACT_FIELDS = ("contact_name", "contact_role", "contact_email", "contact_phone", "contact_promise")
DEPUTY_FIELDS = ("deputy_name", "deputy_email")


def export(user: User) -> dict[str, Any]:
    """Everything stored about the person, deleted pages included, as plain values for JSON; times in ISO 8601."""
    with brought_back(RemovedPage.objects.naming(user), to_read=True):
        return _export(user)


def _export(user: User) -> dict[str, Any]:
    titles = titles_for(user, _projects_of_others(user))
    return {
        **_account(user),
        **_joining(user),
        **_contact(user, titles),
        **_offers(user, titles),
        **{name: rows for tell in hooks.get_hooks(HOOK) for name, rows in tell(user).items()},
        "comments": list(Comment.objects.filter(user=user).values_list("text", flat=True)),
        "actions": [
            {"at": entry.timestamp.isoformat(), "action": entry.action, "on": entry.label}
            for entry in [*PageLogEntry.objects.filter(user=user), *ModelLogEntry.objects.filter(user=user)]
        ],
    }


def _account(user: User) -> dict[str, Any]:
    """How the person gets in."""
    return {
        "account": {
            "e_mail": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "created": user.date_joined.isoformat(),
            "last_login": user.last_login.isoformat() if user.last_login else None,
            "is_administrator": user.is_superuser,
        },
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        "bodies": [team.body.title for team in Team.objects.filter(group__user=user).select_related("body")],
        "second_factors": [
            {"kind": factor.type, "created": factor.created_at.isoformat(), "last_used": _iso(factor.last_used_at)}
            for factor in Authenticator.objects.filter(user=user)
        ],
        "sessions": [
            {"began": session.created_at.isoformat(), "address": session.ip, "browser": session.user_agent}
            for session in UserSession.objects.filter(user=user)
        ],
    }


def _joining(user: User) -> dict[str, Any]:
    """What was asked and offered about bodies, and what waits to be sent."""
    return {
        "requests_for_access": [
            {
                "body": request.body_label,
                "name": request.person_name,
                "function": request.function,
                "message": request.message,
                "asked": request.created_at.isoformat(),
                "status": request.status,
                "reason": request.reason,
            }
            for request in AccessRequest.objects.filter(email__iexact=user.email)
        ],
        "invitations": [
            {"body": invitation.team.body.title, "sent": invitation.sent_at.isoformat()}
            for invitation in Invitation.objects.filter(email__iexact=user.email).select_related("team__body")
        ],
        # Without their text: whoever sits at somebody's open session must not find a link that opens the account.
        "mails_not_sent_yet": [
            {"subject": mail.subject, "written": mail.created_at.isoformat()}
            for mail in QueuedMail.objects.to(user.email)
        ],
    }


def _contact(user: User, titles: Mapping[int, str]) -> dict[str, Any]:
    """Projects that name the person, that it reported, and that it asked something."""
    return {
        "contact_of_projects": [
            {
                "title": page.title,
                "address": page.full_url,
                **{name: getattr(page, name) for name in named_fields(page, user)},
            }
            for page in projects_naming(user)
        ],
        "plans_reported": [
            {"at": plan.reported_at.isoformat(), "title": plan.project.title}
            for plan in Plan.objects.filter(reported_by=user).select_related("project")
        ],
        "questions_to_projects": [
            {
                "at": _iso(question.sent_at),
                "project": titles[question.project_id],
                "name": question.name,
                "organisation": question.organisation,
                "message": question.message,
            }
            for question in ContactRequest.objects.filter(email__iexact=user.email).select_related("project")
        ],
    }


def _offers(user: User, titles: Mapping[int, str]) -> dict[str, Any]:
    """What the person offered or told about projects of others."""
    return {
        "takeover_requests": [
            {
                "at": _iso(offer.asked_at),
                "project": titles[offer.project_id],
                "body": offer.body.title,
                "message": offer.message,
            }
            for offer in TakeoverRequest.objects.filter(asked_by=user).select_related("project", "body")
        ],
        "offers_to_take_part": [
            {
                "at": _iso(offer.asked_at),
                "project": titles[offer.project_id],
                "body": offer.body.title,
                "message": offer.message,
                "state": offer.state,
            }
            for offer in Partnership.objects.filter(asked_by=user).select_related("project", "body")
        ],
        "reuse_told": [
            {
                "project": titles[told.project_id],
                "who": told.name,
                "declared": _iso(told.declared_at) if told.declared_by_id == user.pk else None,
                "confirmed": _iso(told.confirmed_at) if told.confirmed_by_id == user.pk else None,
            }
            for told in Reuse.objects.filter(Q(declared_by=user) | Q(confirmed_by=user))
            .with_units()
            .select_related("project")
        ],
    }


def _projects_of_others(user: User) -> list[int]:
    """Numbers of the projects the person has asked, offered something or told something about."""
    rows: tuple[QuerySet[Any], ...] = (
        TakeoverRequest.objects.filter(asked_by=user),
        ContactRequest.objects.filter(email__iexact=user.email),
        Partnership.objects.filter(asked_by=user),
        Reuse.objects.filter(Q(declared_by=user) | Q(confirmed_by=user)),
    )
    return [number for found in rows for number in found.order_by().values_list("project", flat=True)]


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def projects_naming(user: User) -> list[ProjectPage]:
    """Projects that give the person's address as contact, now or in a stored version, by title."""
    content_type = ContentType.objects.get_for_model(ProjectPage)
    in_draft = Q(content__contact_email__iexact=user.email) | Q(content__deputy_email__iexact=user.email)
    drafts = Revision.objects.filter(in_draft, content_type=content_type)
    named = Q(contact_email__iexact=user.email) | Q(deputy_email__iexact=user.email)
    named |= Q(pk__in=[int(number) for number in drafts.values_list("object_id", flat=True)])
    return list(ProjectPage.objects.filter(named).order_by("title", "pk"))


def named_fields(page: ProjectPage, user: User) -> tuple[str, ...]:
    """Which fields of the contact are about the person: those of the contact, of the deputy, or both."""
    is_deputy_only = page.deputy_email.lower() == user.email.lower() != page.contact_email.lower()
    if is_deputy_only:
        return DEPUTY_FIELDS
    return (*CONTACT_FIELDS, *DEPUTY_FIELDS) if page.deputy_email.lower() == user.email.lower() else CONTACT_FIELDS


def is_last_administrator(user: User) -> bool:
    """True if nobody could administer the platform without this person."""
    return user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()


@transaction.atomic
def erase(user: User) -> None:
    """Remove the account and what names its person. Raises ValueError for the last administrator.

    Kept without a name: who changed which page when ("deleted account"), because the history belongs to the body.
    """
    if is_last_administrator(user):
        raise ValueError("The last administrator cannot be erased.")
    with brought_back(RemovedPage.objects.naming(user)):
        _erase(user)


def _erase(user: User) -> None:
    for page in projects_naming(user):
        _replace_contact(page, user)
    for session in UserSession.objects.filter(user=user):
        session.end()
    AccessRequest.objects.filter(email__iexact=user.email).delete()
    Invitation.objects.filter(email__iexact=user.email).delete()
    contact.forget(ContactRequest.objects.filter(email__iexact=user.email))
    Partnership.objects.filter(asked_by=user).update(message="")
    membership.tell_staff_of_loss(membership.bodies_only_coordinated_by(user))
    about_account = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    QueuedMail.objects.to(user.email).delete()
    about_account.update(label=_("Deleted account"), data={})
    user.delete()


def _replace_contact(page: ProjectPage, user: User) -> None:
    """Name the body instead of the person, on the page and in its stored versions, with a note what happened."""
    as_contact = {
        "contact_name": page.public_body.title[:120],
        "contact_role": _("The person who was named here has left the platform."),
        "contact_email": "",
        "contact_phone": "",
        "contact_promise": "",
    }
    as_deputy = dict.fromkeys(DEPUTY_FIELDS, "")
    for field, instead in (("contact_email", as_contact), ("deputy_email", as_deputy)):
        if getattr(page, field).lower() == user.email.lower():
            for name, value in instead.items():
                setattr(page, name, value)
            page.save(clean=False)
        stored = {f"content__{field}__iexact": user.email}
        for revision in Revision.objects.for_instance(page).filter(**stored):
            revision.content = {**revision.content, **instead}
            revision.save(update_fields=["content"])
