"""A next version is held to the shop and to the versions before it; one that is refused changes nothing."""

from datetime import timedelta

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.ledger.shop import Product, add_product
from terminal.rules.document import ProgrammeError
from terminal.rules.programme import Programme
from tests.shop import PROGRAMME, Clock, register, sell

NEXT = PROGRAMME.replace("number = 1", "number = 2")
FINER = NEXT.replace('"UAH"', '"UAH"\npoints_decimals = 2')
ABOUT_TEA = (
    '[[offers]]\nkind = "percent"\ncode = "tea"\nname = "Tea"\npercent = 5\nonly = { categories = ["tee"] }\n'
)


def refused(till: Till, document: str) -> list[tuple[str, int]]:
    """Publish what can't be; return the place and line of each mistake."""
    with pytest.raises(ProgrammeError) as fault:
        desk.publish_programme(till, document)
    assert in_force(till).number == 1
    return [(one.place, one.line) for one in fault.value.mistakes]


def in_force(till: Till) -> Programme:
    programme = till.programme(till.today())
    assert isinstance(programme, Programme)
    return programme


def line_of(document: str, words: str) -> int:
    return document[: document.index(words)].count("\n") + 1


def test_all_that_does_not_follow_is_told_at_once(till: Till) -> None:
    document = PROGRAMME.replace("UAH", "EUR").replace("2020-01-01", "2019-12-31")
    places = ("number", "valid_from", "currency")
    assert sorted(refused(till, document)) == sorted((place, line_of(document, f"{place} =")) for place in places)


def test_decimals_of_points_change_only_before_there_are_any(till: Till, clock: Clock) -> None:
    tomorrow = FINER.replace("2020-01-01", (clock.now + timedelta(days=1)).date().isoformat())
    assert refused(till, tomorrow) == [("points_decimals", line_of(tomorrow, "points_decimals"))]
    sell(till, register(till), 100_00)
    assert refused(till, FINER) == [("points_decimals", line_of(FINER, "points_decimals"))]


def test_decimals_of_points_can_change_at_once_while_nobody_has_any(till: Till) -> None:
    desk.publish_programme(till, FINER)
    assert (in_force(till).number, in_force(till).points_decimals) == (2, 2)


def test_a_rule_about_a_category_that_the_catalogue_does_not_have_is_refused(till: Till) -> None:
    document = NEXT + ABOUT_TEA
    with till.ledger.atomic():
        add_product(till.ledger, Product("1", "Tea", 50_00, "tea", ""), ())
    assert refused(till, document) == [("offers[0].only.categories", line_of(document, "only ="))]
    desk.publish_programme(till, document.replace('"tee"', '"tea", "delivery"'))


def test_without_a_catalogue_any_category_may_be_named(till: Till) -> None:
    assert desk.publish_programme(till, NEXT + ABOUT_TEA).number == 2


def test_a_category_that_the_programme_declares_may_be_named(till: Till) -> None:
    with till.ledger.atomic():
        add_product(till.ledger, Product("1", "Tea", 50_00, "tea", ""), ())
    declared = NEXT.replace('"UAH"', '"UAH"\ncategories = ["tee"]')
    assert desk.publish_programme(till, declared + ABOUT_TEA).number == 2
