"""Questions to a project's people by form: whoever asks needs no account, and nobody is shown an address.

How long answers take is counted without reading anybody's mail: those who were asked say when they have answered.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from people.cooperation.partners import contact_addresses, has_people, speaks_for
from people.links.signed import SignedLink
from people.mail.letters import write
from people.models import User
from people.teams.membership import staff_addresses
from people.teams.teams import bodies_of, owners_of
from projects.models import ContactRequest, ProjectPage

# Nobody answers a question later than that; the personal data in it are removed about then as well.
ANSWERED = SignedLink("people.contact", "contact_answered", int, valid_for=timedelta(days=183))


@transaction.atomic
def ask(question: ContactRequest, copy_to: str = "") -> int:
    """Keep a question and send it to the contact and the deputy; returns how many letters were written.

    `copy_to` is an address the asker is known to own: a copy to any other would be a way to write to strangers.
    """
    question.save()
    project = question.project
    to = addressees(project)
    context = {"question": question, "project": project, "body": project.public_body}
    letters = write("contact", to, {**context, "url": link_for(question)}, {"Reply-To": question.email})
    if copy_to:
        write("contact_copy", [copy_to], context)
    return letters


def addressees(project: ProjectPage) -> list[str]:
    """Contact and deputy; the people of the body where the project names nobody, the staff where there are none."""
    team = contact_addresses(project) or [person.email for person in owners_of(project.public_body)]
    return team or staff_addresses()


def who_is_asked(project: ProjectPage) -> str:
    """Whom `addressees` are: "project", "centre", or empty if nobody is there to be asked."""
    if has_people(project):
        return "project"
    return "centre" if staff_addresses() else ""


def link_for(question: ContactRequest) -> str:
    """The whole address where those who were asked say that they have answered."""
    return ANSWERED.url(question.pk)


def question_of(signed: str) -> ContactRequest | None:
    """The question a link is about; None for a link that is too old or was made up."""
    number = ANSWERED.read(signed)
    return ContactRequest.objects.filter(pk=number).select_related("project").first() if number else None


def note_answer(question: ContactRequest) -> bool:
    """Count the question as answered now; False if it was before."""
    return bool(ContactRequest.objects.filter(pk=question.pk, answered_at=None).update(answered_at=timezone.now()))


def may_read(user: User, question: ContactRequest) -> bool:
    """True for the people of the body whose project it is; the staff see how long answers take, and no words."""
    return speaks_for(user, question.project.public_body)


def unanswered_for(user: User) -> QuerySet[ContactRequest]:
    """What the projects of this person's bodies were asked and have not answered, oldest first."""
    owned = Q(pk__in=())
    for path in bodies_of(user).values_list("path", flat=True):
        owned |= Q(project__path__startswith=path)
    waiting = ContactRequest.objects.filter(owned, answered_at=None).exclude(email="")
    return waiting.select_related("project").order_by("sent_at", "pk")


def remind() -> int:
    """Write once more about each question that waits too long, now to the body's people too; returns how many."""
    limit = timezone.now() - timedelta(days=settings.CONTACT_REMINDER_DAYS)
    late = ContactRequest.objects.filter(answered_at=None, reminded_at=None, sent_at__lt=limit).exclude(email="")
    count = 0
    for question in late.select_related("project").order_by("sent_at", "pk"):
        with transaction.atomic():
            # Whoever answers at this moment is not reminded.
            mine = ContactRequest.objects.filter(pk=question.pk, answered_at=None, reminded_at=None)
            if not mine.update(reminded_at=timezone.now()):
                continue
            project = question.project
            team = [person.email for person in owners_of(project.public_body)]
            context = {"question": question, "project": project, "url": link_for(question)}
            write("contact_late", [*addressees(project), *team], context, {"Reply-To": question.email})
            count += 1
    return count


def outdated(before: datetime) -> QuerySet[ContactRequest]:
    """Questions sent before that which still say who asked what."""
    return ContactRequest.objects.filter(sent_at__lt=before).exclude(email="")


def forget(questions: QuerySet[ContactRequest]) -> int:
    """Remove who asked what; when it was asked and answered stays for the reply times."""
    return questions.update(name="", organisation="", email="", message="")
