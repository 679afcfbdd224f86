"""Official services are chosen by typing; what is no entry is refused without being lost."""

import pytest
from django import forms
from django.test import Client

from projects.editor.term_widget import TermsWidget
from projects.models import OzgService
from tests.factories import BodyPageFactory, OzgServiceFactory, ProjectPageFactory, ServiceKeyFactory, editor_of

pytestmark = pytest.mark.django_db


class ServiceForm(forms.Form):
    services = forms.ModelMultipleChoiceField(
        OzgService.objects.all(), widget=TermsWidget("ozgservice"), required=False
    )


def test_entries_are_read_by_their_keys() -> None:
    first = OzgServiceFactory(name="Wohngeld, Lastenzuschuss (Land)", ozg_id="10301")
    second = OzgServiceFactory(name='Angeln "Fischen"', ozg_id="10302")
    text = TermsWidget("ozgservice").format_value([first.pk, second.pk])
    form = ServiceForm({"services": text})
    assert form.is_valid(), form.errors
    assert set(form.cleaned_data["services"]) == {first, second}


@pytest.mark.parametrize("text", ["Wohngeld (10301)", '"Wohngeld (10301)"', "(10301)", '"Irgendwas (10301)", '])
def test_the_key_alone_decides(text: str) -> None:
    service = OzgServiceFactory(name="Wohngeld", ozg_id="10301")
    form = ServiceForm({"services": text})
    assert form.is_valid(), form.errors
    assert list(form.cleaned_data["services"]) == [service]


@pytest.mark.parametrize("text", ["Unbekanntes", "Name (99999)", "12345678901234567890 (1)"])
def test_what_is_no_entry_is_refused_and_kept(text: str) -> None:
    form = ServiceForm({"services": text})
    assert "services" in form.errors
    assert text.split(" (")[0] in form.as_p() or "99999" in form.as_p()


def test_nothing_typed_is_nothing_chosen() -> None:
    form = ServiceForm({"services": ""})
    assert form.is_valid()
    assert not form.cleaned_data["services"]


def test_suggestions_by_name_and_by_key_are_for_editors_only(client: Client) -> None:
    ServiceKeyFactory(name="Personalausweis Ausstellung", key="99008001001000")
    address = "/admin/katalog/servicekey/"
    assert client.get(address, {"term": "ausweis"}).status_code == 302
    client.force_login(editor_of(BodyPageFactory()))
    expected = ["Personalausweis Ausstellung (99008001001000)"]
    assert client.get(address, {"term": "ausweis"}).json() == expected
    assert client.get(address, {"term": "990080"}).json() == expected
    assert client.get(address, {"term": ""}).json() == []
    assert client.get("/admin/katalog/unsinn/", {"term": "x"}).status_code == 404


def test_editor_page_shows_what_is_chosen_and_not_the_catalogue(client: Client) -> None:
    chosen, other = OzgServiceFactory(name="Wohngeld"), OzgServiceFactory(name="Hundesteuer")
    project = ProjectPageFactory(m2m={"ozg_services": [chosen]})
    client.force_login(editor_of(project.public_body))
    html = client.get(f"/admin/pages/{project.pk}/edit/").content.decode()
    assert chosen.name in html
    assert other.name not in html
