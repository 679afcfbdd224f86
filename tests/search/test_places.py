"""A place in a query is recognised, favoured and named, and never decides what is found."""

import pytest

from projects.models import BodyPage
from search.engines import Engine
from search.engines.queries import Query
from search.indexing.outbox import drain
from search.query.answers import Answer, answer
from search.query.places import Entry, Mention, Place, PlaceTable, build, is_common, place_table
from search.query.ranking import NAMED_PLACE, SAME_DISTRICT, SAME_STATE, place_factors
from tests.factories import DistrictFactory, MunicipalityFactory, ProjectPageFactory


def town(name: str, ags: str, *names: str, inhabitants: int = 1000, is_town: bool = False) -> Entry:
    place = Place("municipality", name, f"{name} ({ags})", ags, ags[:5], ags[:2], is_town)
    return Entry(place, (name, *names), inhabitants)


def district(name: str, key: str) -> Entry:
    return Entry(Place("district", f"Landkreis {name}", f"Landkreis {name} ({key})", "", key, key[:2]), (name,))


def state(name: str, key: str, *names: str) -> Entry:
    return Entry(Place("state", name, name, state_key=key), (name, *names))


TABLE = build(
    [
        town("Köln", "05315000", "Köln, Stadt", inhabitants=1_000_000, is_town=True),
        town("Essen", "05113000", "Essen, Stadt", inhabitants=580_000, is_town=True),
        town("Essen (Oldenburg)", "03453006"),
        town("Bad Homburg v. d. Höhe", "06434001", is_town=True),
        town("Cottbus/Chóśebuz", "12052000"),
        town("Olpe", "05966024"),
        town("Au", "08315001"),
        town("Ulm", "08421000", inhabitants=126_000),
        town("Brandenburg an der Havel", "12051000"),
        *(town("Neuenkirchen", ags) for ags in ("01051075", "03251028", "03352039")),
        district("Olpe", "05966"),
        district("Harburg", "03353"),
        state("Nordrhein-Westfalen", "05", "NRW"),
        state("Brandenburg", "12"),
        state("Berlin", "11"),
        town("Berlin", "11000000", inhabitants=3_700_000),
    ]
)


def keys(text: str, table: PlaceTable = TABLE) -> list[tuple[str, ...]]:
    return [mention.keys for mention in table.mentions(text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Wärmeplanung Köln", "05315000"),
        ("waermeplanung koeln", "05315000"),
        ("Köln, Stadt", "05315000"),
        ("Parken in Bad Homburg", "06434001"),
        ("Chóśebuz Bus", "12052000"),
        ("Cottbus", "12052000"),
        ("Kreis Olpe", "05966"),
        ("Olpe Landkreis", "05966"),
        ("Olpe", "05966024"),
        ("Landkreis Harburg", "03353"),
        ("NRW Fördermittel", "05"),
        ("Nordrhein-Westfalen", "05"),
        ("Essen (Oldenburg)", "03453006"),
        ("Stadt Essen", "05113000"),
        ("Ulm", "08421000"),
        ("Berlin", "11000000"),
        ("Land Berlin", "11"),
    ],
)
def test_places_are_recognised_as_people_write_them(text: str, key: str) -> None:
    assert keys(text) == [(key,)]


@pytest.mark.parametrize("text", ["Essen auf Rädern", "Essen", "Au weia", "Baum", "", "- -", "Köl", "Kreisverkehr"])
def test_common_words_are_no_places_by_themselves(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize("text", ["Parken in Essen", "Kommune Essen", "aus Essen"])
def test_a_word_before_it_makes_a_common_word_a_place(text: str) -> None:
    assert "05113000" in keys(text)[0]


def test_the_lexicon_and_not_a_list_tells_common_words() -> None:
    assert [name for name in ("essen", "halle", "wald", "lage", "moor", "singen", "hof") if not is_common(name)] == []
    assert [name for name in ("koln", "hamburg", "olpe", "celle") if is_common(name)] == []


def test_namesakes_are_all_favoured_but_nothing_around_them() -> None:
    (mention,) = TABLE.mentions("Neuenkirchen")
    assert mention.is_ambiguous
    assert set(mention.keys) == {"01051075", "03251028", "03352039"}
    assert [boost.name for boost in place_factors([mention])] == [NAMED_PLACE]
    assert mention.label.count("Neuenkirchen") == 3


def test_a_name_that_may_be_a_town_or_a_land_means_both() -> None:
    assert set(keys("Brandenburg")[0]) == {"12051000", "12"}


def test_a_municipality_is_favoured_before_its_kreis_and_land() -> None:
    (mention,) = TABLE.mentions("Olpe")
    boosts = {boost.name: boost for boost in place_factors([mention])}
    assert boosts[NAMED_PLACE].values == ("05966024",)
    assert boosts[SAME_DISTRICT].values == ("05966",)
    assert boosts[SAME_STATE].values == ("05",)
    assert boosts[NAMED_PLACE].weight > boosts[SAME_DISTRICT].weight > boosts[SAME_STATE].weight > 0


def test_a_place_is_named_once_however_often_it_is_written() -> None:
    assert [mention.surface for mention in TABLE.mentions("Köln und Koeln, Olpe")] == ["Köln", "Olpe"]


def test_without_names_there_are_no_places() -> None:
    assert PlaceTable().mentions("Köln") == ()
    assert Mention("Köln", ()).label == ""


# --- with a register --------------------------------------------------------------------------------------------------


@pytest.fixture
def two_towns(engine: Engine) -> dict[str, BodyPage]:
    """One project in two towns of different Kreise."""
    found = {}
    for name in ("Dingenskirchen", "Wedelheim"):
        kreis = DistrictFactory(name=f"Kreis {name}", full_name=f"Landkreis {name}")
        municipality = MunicipalityFactory(name=name, full_name=name, district=kreis)
        project = ProjectPageFactory(title="Mängelmelder", parent__municipality=municipality, parent__title="Rathaus")
        found[name] = project
    drain()
    return found


def ask(engine: Engine, text: str, favour_places: bool = True) -> Answer:
    query = Query(filters={"typ": ("projekt",)})
    return answer(text, engine=engine, audience="public", query=query, favour_places=favour_places, with_meaning=False)


@pytest.mark.both_engines
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Dingenskirchen", "Wedelheim"])
def test_the_project_of_the_place_named_comes_first(engine: Engine, two_towns: dict, name: str) -> None:
    assert ask(engine, f"Mängelmelder {name}").result.hits[0].page_id == two_towns[name].pk


@pytest.mark.both_engines
@pytest.mark.django_db
def test_favouring_a_place_changes_no_total(engine: Engine, two_towns: dict) -> None:
    favoured, plain = ask(engine, "Mängelmelder Wedelheim"), ask(engine, "Mängelmelder Wedelheim", favour_places=False)
    assert favoured.result.total == plain.result.total
    assert favoured.interpretation.places == plain.interpretation.places != ()
    assert favoured.result.hits[0].score > plain.result.hits[0].score


@pytest.mark.django_db
def test_a_new_and_a_renamed_place_are_known_at_once() -> None:
    assert place_table().mentions("Quakenbüll") == ()
    municipality = MunicipalityFactory(name="Quakenbüll", full_name="Quakenbüll")
    assert [mention.keys for mention in place_table().mentions("Quakenbüll")] == [(municipality.ags,)]
    municipality.name = municipality.full_name = "Niederbüll"
    municipality.save()
    assert place_table().mentions("Quakenbüll") == ()
    assert len(place_table().mentions("Niederbüll")) == 1


@pytest.mark.django_db
def test_names_are_read_once_for_many_queries(django_assert_num_queries: object) -> None:
    MunicipalityFactory()
    place_table()
    with django_assert_num_queries(0):  # type: ignore[operator]
        place_table()
