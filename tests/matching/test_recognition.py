"""What a text is about is recognised by keys, words and meaning, with a reason; too little text, or nothing likely, is
nothing."""

import pytest

from matching.recognition import recognition
from matching.recognition.recognition import Recognised, recognise
from projects.models import FieldOfAction, OzgService
from search.semantic import encoder, lines
from search.semantic.embeddings import LineMeaning
from tests.factories import OzgServiceFactory, ServiceKeyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> dict[str, OzgService]:
    """A small catalogue: names in the language of the law, keys in that of everyday life."""
    catalogue = {
        "Entsorgung von Siedlungsabfällen": ["Sperrmüll Abholung", "Biotonne Bestellung"],
        "Aufnahme in Einrichtungen der Tagespflege": ["Kindergarten Anmeldung", "Hort Anmeldung"],
        "Genehmigung von Feuerwerken": ["Feuerwerk Anzeige"],
        "Halten von Hunden": ["Hundesteuer Anmeldung"],
    }
    made = {}
    for name, keys in catalogue.items():
        made[name] = OzgServiceFactory(name=name)
        for key in keys:
            ServiceKeyFactory(name=key, service=made[name])
    return made


@pytest.fixture(scope="module")
def _fields_kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def learnt(model: None, services: object, _fields_kept: dict[str, bytes]) -> None:
    """The meaning of all lines is there; that of the seeded fields is worked out once for all tests of this file."""
    LineMeaning.objects.bulk_create(LineMeaning(digest=key, vector=value) for key, value in _fields_kept.items())
    lines.look()
    while lines.embed_lines():
        pass
    _fields_kept |= {key: bytes(value) for key, value in LineMeaning.objects.values_list("digest", "vector")}


def likely(found: Recognised) -> list[str]:
    return [field.name for field in found.fields if field.is_likely]


# --- words and keys, which need no model --------------------------------------------------------------------------


def test_a_word_of_a_field_is_the_reason_to_offer_it() -> None:
    field = recognise("Neue Radwege", "Die Stadt baut Radwege zum Bahnhof.").fields[0]
    assert (field.name, field.is_likely) == ("Mobilität", True)
    assert field.reason == "wegen „Radwege“, „Bahnhof“"


def test_an_everyday_word_leads_to_the_service_by_its_key(services: dict[str, OzgService]) -> None:
    found = recognise("", "Wann wird der Sperrmüll bei uns abgeholt?").services
    assert found[0].name == "Entsorgung von Siedlungsabfällen"
    assert found[0].reason.startswith("wegen „Sperrmüll“")


def test_what_staff_write_about_a_field_counts_with_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ein Heißluftballon für alle Ortsteile"
    assert "Sicherheit" not in likely(recognise("", text))
    field = FieldOfAction.objects.get(name="Sicherheit")
    field.description += "\nHeißluftballon"
    field.save()
    monkeypatch.setattr(recognition, "LOOK_AGAIN_SECONDS", 0.0)
    recognition.forget()
    assert likely(recognise("", text)) == ["Sicherheit"]


@pytest.mark.parametrize("written", ["OZG-ID 80817", "OZG 80817", "ozg-nr. 80817", "Leistung 99 817 000 000 001"])
def test_a_number_that_is_named_comes_first_and_says_so(services: dict[str, OzgService], written: str) -> None:
    named = OzgServiceFactory(ozg_id="80817", name="Ganz anderes")
    ServiceKeyFactory(key="99817000000001", service=named)
    found = recognise("Sperrmüll", f"Der Sperrmüll wird abgeholt, {written}.").services
    assert (found[0].ozg_id, found[0].reason, found[0].is_likely) == ("80817", "genannt", True)
    assert found[1].name == "Entsorgung von Siedlungsabfällen"
    assert [one.ozg_id for one in found].count("80817") == 1


def test_a_postcode_names_no_service() -> None:
    OzgServiceFactory(ozg_id="10115", name="Ganz anderes")
    assert not recognise("Neubau in 10115 Berlin", "Der Platz wird gepflastert.").services


@pytest.mark.parametrize("text", ["", "App", "   ", "!!! ??? ---- ...."])
def test_too_little_text_is_about_nothing(text: str, services: dict[str, OzgService]) -> None:
    assert recognise("", text) == Recognised()


def test_a_text_without_a_word_in_common_is_about_nothing() -> None:
    assert recognise("", "Xylophon quietscht vergnügt").fields == ()


def test_a_long_text_is_read_as_far_as_it_may_be(services: dict[str, OzgService]) -> None:
    filler = "und " * recognition.TEXT_MAX_CHARACTERS
    assert recognise("Radwege", f"{filler} Sperrmüll").services == ()


def test_without_a_catalogue_there_are_no_services() -> None:
    assert recognise("", "Sperrmüll wird abgeholt").services == ()


def test_the_label_is_what_a_form_takes() -> None:
    service = OzgServiceFactory(ozg_id="80818", name="Wohngeld")
    found = recognise("", "Wohngeld beantragen die Leute online").services[0]
    assert (found.label, found.pk) == ("Wohngeld (80818)", service.pk)


# --- meaning ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("learnt")
@pytest.mark.parametrize("is_first_look", [True, False])
class TestMeaning:
    def test_a_field_is_recognised_in_other_words(self, is_first_look: bool) -> None:
        found = recognise("", "Zweiräder am Gleis mieten und in der Innenstadt abgeben", is_first_look=is_first_look)
        assert found.fields[0].name == "Mobilität"
        assert likely(found)

    def test_a_service_is_recognised_in_other_words(self, is_first_look: bool) -> None:
        found = recognise("", "Raketen und Böller zu Silvester abbrennen", is_first_look=is_first_look).services
        assert found[0].name == "Genehmigung von Feuerwerken"
        assert found[0].reason == "ähnlich in der Bedeutung wie „Genehmigung von Feuerwerken“"

    def test_nothing_is_likely_for_a_text_about_something_else(self, is_first_look: bool) -> None:
        found = recognise("", "Die Katze schläft auf dem warmen Sofa.", is_first_look=is_first_look)
        assert not likely(found)
        assert not [service for service in found.services if service.is_likely]

    def test_all_that_is_ranked_is_ranked_best_first(self, is_first_look: bool) -> None:
        found = recognise("", "Sperrmüll holt die Stadt zu Hause ab", is_first_look=is_first_look)
        assert len(found.fields) == recognition.FIELDS
        likelihood = [service.is_likely for service in found.services]
        assert likelihood == sorted(likelihood, reverse=True)


@pytest.mark.usefixtures("learnt")
def test_the_first_look_asks_the_fast_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(encoder, "_thorough", fail)
    assert recognise("", "Radwege zum Bahnhof", is_first_look=True).fields


@pytest.mark.usefixtures("learnt")
def test_a_term_whose_meaning_is_not_there_yet_does_not_win_by_accident() -> None:
    recognise("", "Sperrmüll wird abgeholt")
    OzgServiceFactory(name="Neues")
    recognition.forget()
    assert recognise("", "Sperrmüll wird abgeholt").services[0].name == "Entsorgung von Siedlungsabfällen"


@pytest.mark.usefixtures("learnt")
def test_words_decide_when_the_model_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "meaning_of", lambda *_args, **_more: None)
    assert recognise("", "Radwege zum Bahnhof").fields[0].name == "Mobilität"
