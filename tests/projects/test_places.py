"""Where bodies lie is read together, however many there are and of whatever kind."""

from typing import Any

import pytest

from projects.models import BodyKind, BodyPage, State
from tests.factories import BodyPageFactory, DistrictFactory

pytestmark = pytest.mark.django_db


def places() -> list[str]:
    return sorted(body.place_label for body in BodyPage.objects.live().with_places().order_by())


@pytest.mark.parametrize("count", [1, 4])
def test_places_of_municipalities_take_one_statement(count: int, django_assert_num_queries: Any) -> None:
    BodyPageFactory.create_batch(count)
    with django_assert_num_queries(1):
        assert all(places())


@pytest.mark.parametrize("count", [1, 4])
def test_those_of_kreise_and_laender_take_one_more_each(count: int, django_assert_num_queries: Any) -> None:
    BodyPageFactory.create_batch(count)
    for _number in range(count):
        BodyPageFactory(kind=BodyKind.DISTRICT, municipality=None, district=DistrictFactory())
    BodyPageFactory(kind=BodyKind.STATE, municipality=None, state=State.objects.get(key="05"))
    with django_assert_num_queries(3):
        assert len(places()) == 2 * count + 1


def test_values_alone_need_no_places(django_assert_num_queries: Any) -> None:
    body = BodyPageFactory()
    with django_assert_num_queries(1):
        assert list(BodyPage.objects.with_places().values_list("path", flat=True)) == [body.path]
