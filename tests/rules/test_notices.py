"""What customers are told: the changes that happen, and the table of who is told which, how and in which words."""

from collections.abc import Mapping
from datetime import date

import msgspec
import pytest

from terminal.rules.document import read_programme
from terminal.rules.entry import GENESIS, Entry
from terminal.rules.lots import Lot
from terminal.rules.notices import (
    Addressee,
    Change,
    day_changes,
    entry_changes,
    notices_of,
    offer_change,
    order_changes,
    tier_changes,
)
from terminal.rules.programme import Notice
from tests.shop import PROGRAMME

ON = date(2026, 5, 4)
MAIL = Addressee(agreed=True, email="a@mail.example")
BOTH = Addressee(agreed=True, email="a@mail.example", phone="380671234567", language="pl")
EARNED = Change("a", "earned", "s1", {"points": 5})


def rule(change: str, channel: str = "email", **more: object) -> Notice:
    return msgspec.convert({"change": change, "channel": channel, **more}, Notice)


@pytest.mark.parametrize(
    ("rules", "changes", "whose", "told"),
    [
        ([rule("earned")], [EARNED], MAIL, ["earned/s1/email uk/earned"]),
        ([rule("earned")], [EARNED], BOTH, ["earned/s1/email pl/earned"]),
        ([rule("earned", template="thanks")], [EARNED], BOTH, ["earned/s1/email pl/thanks"]),
        ([rule("earned"), rule("earned", "sms")], [EARNED], BOTH,
         ["earned/s1/email pl/earned", "earned/s1/sms pl/earned"]),
        ([rule("earned", "sms")], [EARNED], MAIL, []),
        ([rule("tier")], [EARNED], MAIL, []),
        ([], [EARNED], MAIL, []),
        ([rule("earned")], [EARNED], Addressee(agreed=False, email="a@mail.example"), []),
        ([rule("earned")], [EARNED], Addressee(agreed=True), []),
        ([rule("earned")], [EARNED], None, []),
        ([rule("earned")], [EARNED, EARNED], MAIL, ["earned/s1/email uk/earned"]),
        ([rule("earned")], [EARNED, Change("a", "earned", "s2", {"points": 1})], MAIL,
         ["earned/s1/email uk/earned", "earned/s2/email uk/earned"]),
        ([rule("earned")], [Change("b", "earned", "s1", {"points": 5})], MAIL, []),
        ([rule("birthday", days_before=3)], [Change("a", "birthday", "2026/3", {}, 3)], MAIL,
         ["birthday/2026/3/email uk/birthday"]),
        ([rule("birthday", days_before=3)], [Change("a", "birthday", "2026/7", {}, 7)], MAIL, []),
    ],
)  # fmt: skip
def test_what_is_told(rules: list[Notice], changes: list[Change], whose: Addressee | None, told: list[str]) -> None:
    people = {"a": whose} if whose else {}
    found = notices_of(rules, changes, people, "uk")
    assert [f"{one.id} {one.language}/{one.template}" for one in found] == told


def test_points_about_the_same_are_told_in_one_sum() -> None:
    later = Change("a", "earned", "s1", {"points": 7})
    (told,) = notices_of([rule("earned")], [EARNED, later], {"a": MAIL}, "uk")
    assert told.facts == {"points": 12}


def entry(
    kind: str, points: int = 0, customer: str | None = "a", sale: str | None = None, payload: str = "{}"
) -> Entry:
    return Entry("till-1", 1, "e1", kind, 0, "cashier", points, customer, sale, payload, GENESIS, GENESIS)


@pytest.mark.parametrize(
    ("made", "changes"),
    [
        (entry("register"), [Change("a", "registration", "e1")]),
        (entry("register", customer=None), []),
        (entry("earn", 5, sale="s1"), [EARNED]),
        (entry("action", 5), [Change("a", "earned", "e1", {"points": 5})]),
        (entry("gift", 5), [Change("a", "earned", "e1", {"points": 5})]),
        (entry("referral", 5), [Change("a", "earned", "e1", {"points": 5})]),
        (entry("referral"), []),
        (entry("restore", 5), []),
        (entry("clawback", -5), []),
        (entry("order", payload='{"number":"t-1","state":"held"}'), []),
        (entry("order", payload='{"number":"t-1","state":"paid"}'),
         [Change("a", "order", "t-1/paid", {"order": "t-1", "state": "paid"})]),
    ],
)  # fmt: skip
def test_what_an_entry_changes(made: Entry, changes: list[Change]) -> None:
    assert entry_changes([made]) == changes


@pytest.mark.parametrize(
    ("state", "told"),
    [("held", 0), ("placed", 1), ("paid", 1), ("issued", 1), ("closed", 0), ("cancelled", 1), ("returned", 1)],
)
def test_which_states_of_an_order_are_news(state: str, told: int) -> None:
    assert len(order_changes("a", "t-1", state)) == told


TIERS = read_programme(
    PROGRAMME.split("[[tiers]]")[0]
    + '[[tiers]]\ncode = "base"\nname = "Base"\nfrom_spend = 0\n'
    + '[[tiers]]\ncode = "gold"\nname = "Gold"\nfrom_spend = 1000\n'
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, None, []),
        (None, "base", []),
        (None, "gold", [("2026-05-04/gold", {"tier": "Gold"})]),
        ("base", "gold", [("2026-05-04/gold", {"tier": "Gold"})]),
        ("gold", "base", [("2026-05-04/base", {"tier": "Base"})]),
        ("gold", "gold", []),
        ("gold", None, []),
        ("gone", "base", [("2026-05-04/base", {"tier": "Base"})]),
    ],
)
def test_another_tier(before: str | None, after: str | None, told: list[tuple[str, Mapping[str, str]]]) -> None:
    assert [(one.about, one.facts) for one in tier_changes(TIERS, "a", before, after, ON)] == told


def test_an_offer_given_anew_for_longer_is_another_change() -> None:
    first, longer = (offer_change("a", "o1", "Кава", date(2026, 5, day)) for day in (10, 20))
    assert (first.about, longer.about) == ("o1/2026-05-10", "o1/2026-05-20")
    assert first.facts == {"offer": "Кава", "day": "2026-05-10"}


def lot(left: int, expires_on: date | None) -> Lot:
    return Lot("l", left, 0, ON, expires_on)


@pytest.mark.parametrize(
    ("rule_", "lots", "birthday", "on", "told"),
    [
        (rule("expiring", days_before=7), [lot(5, date(2026, 5, 11)), lot(7, date(2026, 5, 11))], None, ON, 12),
        (rule("expiring", days_before=7), [lot(5, date(2026, 5, 10)), lot(7, None)], None, ON, None),
        (rule("expiring", days_before=7), [lot(-3, date(2026, 5, 11)), lot(7, date(2026, 5, 11))], None, ON, 7),
        (rule("expiring", days_before=0), [lot(5, ON)], None, ON, 5),
        (rule("birthday", days_before=7), [lot(5, date(2026, 5, 11))], date(1990, 5, 11), ON, 0),
        (rule("birthday", days_before=7), [], date(1990, 5, 12), ON, None),
        (rule("birthday", days_before=7), [], None, ON, None),
        (rule("birthday", days_before=1), [], date(1992, 2, 29), date(2026, 2, 27), 0),
        (rule("birthday", days_before=1), [], date(1992, 2, 29), date(2028, 2, 27), None),
        (rule("birthday", days_before=1), [], date(1992, 2, 29), date(2028, 2, 28), 0),
        (rule("birthday", days_before=7), [], date(1990, 1, 2), date(2026, 12, 26), 0),
        (rule("earned"), [lot(5, date(2026, 5, 11))], date(1990, 5, 11), ON, None),
    ],
)
def test_what_a_day_brings(
    rule_: Notice, lots: list[Lot], birthday: date | None, on: date, told: int | None
) -> None:
    found = [one.facts.get("points", 0) for one in day_changes(rule_, "a", lots, birthday, on)]
    assert found == ([] if told is None else [told])
