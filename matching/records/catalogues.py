"""Looking elsewhere: which other catalogues a plan's people have searched by hand, when, and with what result.

Kept until the next look, and copied into every check record that is issued.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.models import CatalogueLookup, ReuseCatalogue
from matching.models.catalogue import RESULT_MAX_LENGTH
from pages.days import DayField
from projects.models import ProjectPage


class LookupForm(forms.Form):
    """A day and a result for each catalogue that is asked about; both empty: nobody has looked."""

    prefix = "anderswo"

    def __init__(self, project: ProjectPage, data: Any = None) -> None:
        super().__init__(data)
        self.project = project
        self.catalogues = list(ReuseCatalogue.objects.filter(is_active=True))
        known = _looks(project)
        self.looked = sum(catalogue.pk in known for catalogue in self.catalogues)
        for catalogue in self.catalogues:
            look = known.get(catalogue.pk)
            words = {"catalogue": catalogue.name}
            self.fields[f"day-{catalogue.pk}"] = DayField(
                label=_("%(catalogue)s: looked on") % words, required=False, initial=look and look.looked_on
            )
            self.fields[f"result-{catalogue.pk}"] = forms.CharField(
                label=_("%(catalogue)s: result") % words,
                required=False,
                max_length=RESULT_MAX_LENGTH,
                initial=look and look.result,
            )

    @classmethod
    def is_in(cls, sent: Iterable[str]) -> bool:
        """True if any of its fields was sent."""
        return any(name.startswith(f"{cls.prefix}-") for name in sent)

    @property
    def rows(self) -> list[tuple[ReuseCatalogue, list[forms.BoundField]]]:
        """Each catalogue with its fields."""
        return [(one, [self[f"day-{one.pk}"], self[f"result-{one.pk}"]]) for one in self.catalogues]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for catalogue in self.catalogues:
            day, result = f"day-{catalogue.pk}", f"result-{catalogue.pk}"
            if (looked_on := cleaned.get(day)) and looked_on > timezone.localdate():
                self.add_error(day, _("This day is in the future."))
            if looked_on and not cleaned.get(result) and result not in self.errors:
                self.add_error(result, _("Please say what you found, even if it is nothing."))
            if cleaned.get(result) and not looked_on and day not in self.errors:
                self.add_error(day, _("Please say when you looked."))
        return cleaned

    def save(self) -> None:
        """Store each look, and forget those whose fields were emptied."""
        looks = CatalogueLookup.objects
        for catalogue in self.catalogues:
            found = {
                "looked_on": self.cleaned_data[f"day-{catalogue.pk}"],
                "result": self.cleaned_data[f"result-{catalogue.pk}"],
            }
            if found["result"]:
                looks.update_or_create(project_id=self.project.pk, catalogue=catalogue, defaults=found)
            else:
                looks.filter(project=self.project.pk, catalogue=catalogue).delete()


def _looks(project: ProjectPage) -> dict[int, CatalogueLookup]:
    """What is known about the project, by catalogue."""
    return {look.catalogue_id: look for look in CatalogueLookup.objects.filter(project=project.pk)}


def elsewhere(project: ProjectPage) -> list[dict[str, str]]:
    """What a record keeps: each catalogue, also those nobody has looked into."""
    known = _looks(project)
    return [
        {
            "name": catalogue.name,
            "url": catalogue.url,
            "looked_on": known[catalogue.pk].looked_on.isoformat() if catalogue.pk in known else "",
            "result": known[catalogue.pk].result if catalogue.pk in known else "",
        }
        for catalogue in ReuseCatalogue.objects.all()
        if catalogue.is_active or catalogue.pk in known
    ]
