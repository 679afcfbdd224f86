"""Names are ambiguous, keys are text, sizes follow the inhabitants."""

import pytest
from django.db import IntegrityError

from projects.models import SizeClass, size_class_of
from tests.factories import DistrictFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("inhabitants", "expected"),
    [
        (None, ""),
        (0, SizeClass.LANDGEMEINDE),
        (4_999, SizeClass.LANDGEMEINDE),
        (5_000, SizeClass.KLEINSTADT),
        (19_999, SizeClass.KLEINSTADT),
        (20_000, SizeClass.MITTELSTADT),
        (99_999, SizeClass.MITTELSTADT),
        (100_000, SizeClass.GROSSSTADT),
    ],
)
def test_size_class_changes_at_the_official_bounds(inhabitants: int | None, expected: str) -> None:
    assert size_class_of(inhabitants) == expected


def test_namesakes_are_told_apart_by_kreis_and_land() -> None:
    first = MunicipalityFactory(name="Neuenkirchen", district=DistrictFactory(name="Osnabrück"))
    second = MunicipalityFactory(name="Neuenkirchen", district=DistrictFactory(name="Diepholz"))
    assert str(first) == "Neuenkirchen (Landkreis Osnabrück, Niedersachsen)"
    assert str(first) != str(second)


def test_city_that_is_its_own_kreis_shows_the_land_alone() -> None:
    district = DistrictFactory(name="Musterstadt", kind="Kreisfreie Stadt")
    assert str(MunicipalityFactory(name="Musterstadt", district=district)) == "Musterstadt (Niedersachsen)"


def test_two_current_municipalities_cannot_share_an_ags() -> None:
    first = MunicipalityFactory()
    with pytest.raises(IntegrityError):
        MunicipalityFactory(ags=first.ags, ars="039999999999")


def test_town_named_like_its_kreis_still_shows_the_kreis() -> None:
    town = MunicipalityFactory(name="Celle", district=DistrictFactory(name="Celle"))
    assert str(town) == "Celle (Landkreis Celle, Niedersachsen)"


def test_unincorporated_area_is_told_from_its_namesake_and_has_no_size_class() -> None:
    area = MunicipalityFactory(name="Osterheide", is_unincorporated=True, inhabitants=0)
    town = MunicipalityFactory(name="Osterheide", district=area.district)
    assert area.size_class == ""
    assert str(area) != str(town)
