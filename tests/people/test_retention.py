"""Nothing is kept longer than the setting says, and nobody loses an account without having been told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from config.retention import retention_days
from knowledge.models import BarrierReport
from people.models import AccessRequest, Invitation, QueuedMail, RequestState, User
from people.privacy.retention import apply
from projects.models import Partnership, PartnerState
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, administrator

pytestmark = pytest.mark.django_db


def ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.RETENTION_DAYS = {
        "unused_accounts": 100,
        "given_up_mails": 10,
        "answered_barrier_reports": 10,
        "unconfirmed_requests": 10,
        "decided_requests": 10,
        "unused_invitations": 10,
        "questions": 10,
        "ended_partnerships": 10,
    }
    settings.ERASURE_NOTICE_DAYS = 20


def test_unused_account_is_announced_and_then_erased() -> None:
    unused = UserFactory(last_login=ago(101))
    UserFactory(last_login=ago(50))
    assert apply().announced == 1
    assert mail.outbox[-1].to == [unused.email]
    assert "gelöscht" in str(mail.outbox[-1].body)
    again = apply()
    assert (again.announced, again.erased) == (0, 0), "the notice has only begun"
    User.objects.filter(pk=unused.pk).update(erasure_announced_at=ago(21))
    assert apply().erased == 1
    assert not User.objects.filter(pk=unused.pk).exists()
    assert User.objects.count() == 1


def test_log_in_after_the_announcement_keeps_the_account() -> None:
    user = UserFactory(last_login=ago(1), erasure_announced_at=ago(30))
    assert apply().erased == 0
    assert User.objects.filter(pk=user.pk).exists()


def test_announcement_of_years_ago_does_not_count() -> None:
    UserFactory(last_login=ago(101), erasure_announced_at=ago(500))
    result = apply()
    assert (result.announced, result.erased) == (1, 0)


def test_account_that_was_never_used_counts_from_its_creation() -> None:
    UserFactory(date_joined=ago(150))
    assert apply().announced == 1


def test_administrators_are_not_erased_by_a_clock() -> None:
    administrator(last_login=ago(5_000), erasure_announced_at=ago(400))
    result = apply()
    assert (result.announced, result.erased) == (0, 0)


def test_given_up_letters_and_answered_reports_go() -> None:
    QueuedMail.objects.create(sender="a@b.de", subject="x", is_dead=True, created_at=ago(11))
    QueuedMail.objects.create(sender="a@b.de", subject="wartet", created_at=ago(11))
    BarrierReport.objects.create(description="alt", answered_at=ago(11))
    BarrierReport.objects.create(description="offen")
    result = apply()
    assert (result.mails, result.reports) == (1, 1)
    assert QueuedMail.objects.get().subject == "wartet"
    assert BarrierReport.objects.get().description == "offen"


def test_rehearsal_changes_nothing_and_counts_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    UserFactory(last_login=ago(101))
    QueuedMail.objects.create(sender="a@b.de", subject="x", is_dead=True, created_at=ago(11))
    call_command("apply_retention", "--dry-run")
    assert "Es wurde nichts geändert" in capsys.readouterr().out
    assert not mail.outbox
    assert QueuedMail.objects.count() == 1
    result = apply()
    assert (result.announced, result.mails) == (1, 1)


def test_what_has_no_limit_is_kept(settings: Any) -> None:
    settings.RETENTION_DAYS = dict.fromkeys(settings.RETENTION_DAYS)
    UserFactory(last_login=ago(9_000), erasure_announced_at=ago(8_000))
    QueuedMail.objects.create(sender="a@b.de", subject="x", is_dead=True, created_at=ago(9_000))
    result = apply()
    assert (result.announced, result.erased, result.mails, result.reports) == (0, 0, 0, 0)


def test_partnerships_that_came_to_nothing_go_and_others_stay() -> None:
    project, old, fresh = ProjectPageFactory(), ago(11), ago(9)
    told = [(state, old) for state in PartnerState] + [(PartnerState.DECLINED, fresh)]
    for state, moment in told:
        Partnership.objects.create(project=project, body=BodyPageFactory(), state=state, decided_at=moment)
    assert apply().joining == 2
    left = [PartnerState.INTERESTED, PartnerState.ASSURED, PartnerState.DECLINED]
    assert sorted(Partnership.objects.values_list("state", flat=True)) == sorted(left)


def test_requests_and_invitations_go_when_nobody_needs_them() -> None:
    person = {"first_name": "Vera", "last_name": "Amt", "function": "Hauptamt", "body_name": "Zweckverband"}
    old, fresh, team = ago(11), ago(9), BodyPageFactory().team
    for number, moment in enumerate((old, fresh)):
        email = f"person{number}@example.org"
        AccessRequest.objects.create(**person, email=email, status=RequestState.UNCONFIRMED, created_at=moment)
        AccessRequest.objects.create(**person, email=email, status=RequestState.REFUSED, decided_at=moment)
        Invitation.objects.create(team=team, email=email, sent_at=moment)
    AccessRequest.objects.create(**person, email="wartet@example.org", created_at=ago(500), waiting_since=ago(500))
    assert apply(is_rehearsal=True).joining == 3
    assert apply().joining == 3
    assert set(AccessRequest.objects.values_list("email", flat=True)) == {"person1@example.org", "wartet@example.org"}
    assert [invitation.email for invitation in Invitation.objects.all()] == ["person1@example.org"]


def test_the_environment_says_how_long_things_are_kept_and_a_fault_in_it_is_named() -> None:
    kept = retention_days({"questions": "90", "unused_accounts": ""})
    assert (kept["questions"], kept["unused_accounts"], kept["given_up_mails"]) == (90, None, 30)
    for given, named in (({"fragen": "90"}, "fragen"), ({"questions": "ein Jahr"}, "ein Jahr")):
        with pytest.raises(ImproperlyConfigured, match=named):
            retention_days(given)
