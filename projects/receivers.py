"""What follows from publishing a project: a tag new to the platform waits for the staff under its proposer's name."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from projects.models import ProjectPage, ProjectTag


@receiver(page_published, sender=ProjectPage)
def remember_who_proposed_a_tag(instance: ProjectPage, **kwargs: Any) -> None:
    user = getattr(kwargs.get("revision"), "user", None)
    if user is not None:
        new = ProjectTag.objects.filter(tagged_projects__content_object=instance, is_approved=False)
        ProjectTag.objects.filter(pk__in=new, proposed_by__isnull=True).update(proposed_by=user)
