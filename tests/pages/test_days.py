"""Days are typed the German way in both languages; what is not understood is an error, never today."""

import datetime
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from django.utils import timezone, translation
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from pages.days import DayInput, day, moment
from projects.models import CentralSolution, OzgService
from tests.factories import OzgServiceFactory, ProjectPageFactory, publisher_of, staff_member
from tests.pages.test_numbers import REFUSED, typed

FIRST_OF_FEBRUARY = datetime.date(2024, 2, 1)
DAYS = [
    ("01.02.2024", FIRST_OF_FEBRUARY),
    ("1.2.2024", FIRST_OF_FEBRUARY),
    ("1. 2. 2024", FIRST_OF_FEBRUARY),
    ("2024-02-01", FIRST_OF_FEBRUARY),
    ("31.02.2024", REFUSED),
    ("01.02.24", REFUSED),
    ("01.02.0204", REFUSED),
    ("01.02.2204", REFUSED),
    ("02/01/2024", REFUSED),
    ("Februar 2024", REFUSED),
]
HALF_PAST_TWO = datetime.datetime(2024, 2, 1, 14, 30)  # noqa: DTZ001  (as typed)
MOMENTS = [
    ("01.02.2024 14:30", HALF_PAST_TWO),
    ("1.2.2024, 14.30 Uhr", HALF_PAST_TWO),
    ("2024-02-01T14:30", HALF_PAST_TWO),
    ("01.02.2024", REFUSED),
    ("01.02.2024 24:30", REFUSED),
    ("31.02.2024 14:30", REFUSED),
]


def read(reader: Callable[[str], object], text: str) -> object:
    try:
        return reader(text)
    except ValueError:
        return REFUSED


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("text", "meant"), DAYS)
def test_a_day_is_read_as_meant_or_refused(language: str, text: str, meant: object) -> None:
    with translation.override(language):
        assert read(day, text) == meant


@pytest.mark.parametrize("language", ["de", "en"])
def test_lists_that_filter_by_days_read_them_in_the_same_way(language: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean("1.2.2024") == FIRST_OF_FEBRUARY
        for text in ("31.02.2024", "01.02.24", "02/01/2024"):
            with pytest.raises(forms.ValidationError):
                forms.DateField().clean(text)


@pytest.mark.parametrize(("text", "meant"), MOMENTS)
def test_a_moment_is_a_day_and_a_time(text: str, meant: object) -> None:
    assert read(moment, text) == meant


@pytest.mark.parametrize("language", ["de", "en"])
def test_days_are_shown_the_german_way_and_never_by_month_first(language: str) -> None:
    with translation.override(language):
        for widget in (DayInput(), AdminDateInput()):
            assert widget.format_value(FIRST_OF_FEBRUARY) == "01.02.2024"
        assert AdminDateTimeInput().format_value(HALF_PAST_TWO) == "01.02.2024 14:30"


@pytest.mark.django_db
def test_a_central_solution_keeps_the_days_that_were_typed(client: Client) -> None:
    client.force_login(staff_member())
    service: OzgService = OzgServiceFactory()
    values = {"name": "Wohngeld", "actor": "Nordland", "service": service.pk, "live_count": "1.200"}
    address = "/admin/snippets/projects/centralsolution/add/"
    wrong = client.post(address, values | {"valid_from": "01.02.2024", "counted_on": "31.02.2024"})
    assert wrong.status_code == 200
    assert "01.02.2024" in wrong.context["form"].errors["counted_on"][0]
    assert 'value="31.02.2024"' in wrong.content.decode()
    client.post(address, values | {"valid_from": "01.02.2024", "counted_on": "1.3.2024"})
    solution = CentralSolution.objects.get()
    assert (solution.valid_from, solution.counted_on) == (FIRST_OF_FEBRUARY, datetime.date(2024, 3, 1))
    assert solution.live_count == 1_200


@pytest.mark.django_db
def test_a_schedule_that_is_not_understood_is_an_error_beside_the_field(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(publisher_of(project.public_body))
    address = f"/admin/pages/{project.pk}/edit/"
    response = client.post(address, typed(project, go_live_at="bald", expire_at="31.02.2030 10:00"))
    assert set(response.context["form"].errors) == {"go_live_at", "expire_at"}
    # In the summary above the form, and beside each field.
    assert response.content.decode().count("zum Beispiel 01.02.2024 14:30.") == 4
    client.post(address, typed(project, expire_at="01.02.2099 14:30"))
    project.refresh_from_db()
    draft = project.get_latest_revision_as_object()
    assert timezone.localtime(draft.expire_at).isoformat() == "2099-02-01T14:30:00+01:00"
