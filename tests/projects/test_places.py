"""Where bodies lie is read together, however many there are and of whatever kind."""

from typing import Any

import pytest

from projects.models import Association, BodyKind, BodyPage, State
from tests.factories import BodyPageFactory, DistrictFactory

pytestmark = pytest.mark.django_db


def places() -> list[str]:
    return sorted(body.place_label for body in BodyPage.objects.live().with_places().order_by())


@pytest.mark.parametrize("count", [1, 4])
def test_places_of_municipalities_take_one_statement(count: int, django_assert_num_queries: Any) -> None:
    BodyPageFactory.create_batch(count)
    with django_assert_num_queries(1):
        assert [bool(place) for place in places()] == [True] * count


@pytest.mark.parametrize("count", [1, 4])
def test_those_of_every_other_kind_take_one_more_each(count: int, django_assert_num_queries: Any) -> None:
    BodyPageFactory.create_batch(count)
    here = State.objects.get(key="05")
    for number in range(count):
        BodyPageFactory(kind=BodyKind.DISTRICT, municipality=None, district=DistrictFactory())
        union = Association.objects.create(key=f"05{number:07}", name="Amt", district=DistrictFactory())
        BodyPageFactory(kind=BodyKind.ASSOCIATION, municipality=None, association=union)
        BodyPageFactory(kind=BodyKind.INTERMUNICIPAL, municipality=None, seat_state=here)
    BodyPageFactory(kind=BodyKind.STATE, municipality=None, state=here)
    with django_assert_num_queries(5):
        assert len(places()) == 4 * count + 1


def test_values_alone_need_no_places(django_assert_num_queries: Any) -> None:
    body = BodyPageFactory()
    with django_assert_num_queries(1):
        assert list(BodyPage.objects.with_places().values_list("path", flat=True)) == [body.path]
