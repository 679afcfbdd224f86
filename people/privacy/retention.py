"""What is kept no longer than RETENTION_DAYS says: unused accounts, letters that never arrived, what was answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from knowledge.models import BarrierReport
from people.cooperation import contact
from people.mail.queue import letter
from people.models import (
    AccessRequest,
    Invitation,
    QueuedMail,
    RepresentationRequest,
    RequestState,
    TakeoverRequest,
    User,
)
from people.privacy import personal_data
from projects.models import Former, Partnership, RemovedPage


@dataclass
class Applied:
    """How much was removed, and how many people were told that their account will be."""

    announced: int = 0
    erased: int = 0
    mails: int = 0
    reports: int = 0
    sessions: int = 0
    joining: int = 0
    questions: int = 0
    removals: int = 0


def apply(*, is_rehearsal: bool = False) -> Applied:
    """Remove what has been kept long enough; a rehearsal counts only."""
    now = timezone.now()
    announced, to_erase = _announced(now), _to_erase(now)
    mails = QueuedMail.objects.given_up().filter(created_at__lt=_limit("given_up_mails", now))
    reports = BarrierReport.objects.filter(answered_at__lt=_limit("answered_barrier_reports", now))
    ended = Session.objects.filter(expire_date__lt=now)
    joining = _joining(now)
    questions = contact.outdated(_limit("questions", now))
    removals, pages = Former.objects.outdated(), RemovedPage.objects.outdated()
    result = Applied(
        len(announced),
        len(to_erase),
        mails.count(),
        reports.count(),
        ended.count(),
        sum(rows.count() for rows in joining),
        questions.count(),
        removals.count() + pages.count(),
    )
    if not is_rehearsal:
        for user in announced:
            _announce(user, now)
        for user in to_erase:
            personal_data.erase(user)
        mails.delete()
        reports.delete()
        for rows in joining:
            rows.delete()
        contact.forget(questions)
        removals.forget()
        pages.delete()
        ended.delete()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return result


def _joining(now: datetime) -> list[QuerySet[Any]]:
    """Requests never confirmed or long decided, partnerships that came to nothing, and invitations nobody used."""
    requests = AccessRequest.objects.all()
    return [
        requests.filter(status=RequestState.UNCONFIRMED, created_at__lt=_limit("unconfirmed_requests", now)),
        requests.filter(decided_at__lt=_limit("decided_requests", now)),
        RepresentationRequest.objects.filter(decided_at__lt=_limit("decided_requests", now)),
        TakeoverRequest.objects.filter(decided_at__lt=_limit("decided_requests", now)),
        Partnership.objects.ended().filter(decided_at__lt=_limit("ended_partnerships", now)),
        Invitation.objects.filter(sent_at__lt=_limit("unused_invitations", now)),
    ]


def _limit(name: str, now: datetime) -> datetime:
    """What is older goes; the year 1 for what is kept."""
    days = settings.RETENTION_DAYS[name]
    return now - timedelta(days=days) if days is not None else datetime.min.replace(year=1, tzinfo=now.tzinfo)


def _unused(before: datetime) -> QuerySet[User]:
    """Accounts without a log-in since then; administrators are not erased by a clock."""
    last_seen = Coalesce("last_login", "date_joined")
    return User.objects.alias(last_seen=last_seen).filter(last_seen__lt=before, is_superuser=False)


def _notice() -> timedelta:
    return timedelta(days=settings.ERASURE_NOTICE_DAYS)


def _announced(now: datetime) -> list[User]:
    """Accounts to be announced now: not yet told, or told before their last log-in."""
    if settings.RETENTION_DAYS["unused_accounts"] is None:
        return []
    unused = _unused(_limit("unused_accounts", now) + _notice())
    return [user for user in unused if not _was_told(user)]


def _to_erase(now: datetime) -> list[User]:
    """Accounts past their time whose owners were told long enough ago."""
    told = Q(erasure_announced_at__lt=now - _notice())
    return [user for user in _unused(_limit("unused_accounts", now)).filter(told) if _was_told(user)]


def _was_told(user: User) -> bool:
    seen = user.last_login or user.date_joined
    return user.erasure_announced_at is not None and user.erasure_announced_at > seen


def _announce(user: User, now: datetime) -> None:
    context = {
        "user": user,
        "erased_on": timezone.localdate(now + _notice()),
        "login_url": f"{settings.BASE_URL}/konto/anmelden/",
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string("people/email/erasure_subject.txt", context)
        text = render_to_string("people/email/erasure_message.txt", context).strip()
        letter(subject, text, [user.email]).send()
    User.objects.filter(pk=user.pk).update(erasure_announced_at=now)
