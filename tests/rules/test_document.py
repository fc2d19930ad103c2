"""The programme's document: what the owner writes is compiled, and the impossible is refused with its place."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.conditions import Goods
from terminal.rules.document import ProgrammeError, read_programme
from terminal.rules.money import Rounding
from terminal.rules.offer import HandedOver
from terminal.rules.phrase import phrase
from terminal.rules.programme import (
    Cashback,
    Expiry,
    PerAmount,
    Programme,
    Redeem,
    RefundTerms,
    RoundingRules,
    Tier,
    WhenSpent,
)
from terminal.rules.quantity import Minor, MinorAboveZero, Ratio, Share, Units, UnitsAboveZero

HEAD = 'name = "Club"\nnumber = 3\nvalid_from = 2026-01-01\ncurrency = "PLN"\n'
CASHBACK = '[[earn]]\nkind = "cashback"\npercent = 5\n'
PER_AMOUNT = '[[earn]]\nkind = "per-amount"\npoints = 1\nper = 10\n'
REDEEM = "[redeem]\nmoney_per_point = 1\n"

FULL = """
name = "Club"
number = 3
valid_from = 2026-01-01
currency = "PLN"
points_decimals = 2

[rounding]
points = "half-even"
money = "down"

[[earn]]
kind = "per-amount"
points = 1.5
per = 10
whole_steps = false
minimum_bill = 20.50
except = { categories = ["tobacco"] }
pending_days = 14
on_part_paid_by_points = true

[[earn]]
kind = "cashback"
percent = 2.5

[redeem]
money_per_point = 0.05
block = 100
max_share_percent = 30
keep_at_least = 10
minimum_bill = 50
except = { categories = ["gift-card"] }

[expiry]
after_days = 365
warn_days = 14

[[tiers]]
code = "gold"
name = "Gold"
from_spend = 1000
multiplier = 1.25

[[rewards]]
kind = "handed-over"
code = "mug"
name = "Mug"
points = 300

[refund]
when_spent = "cut-from-refund"
grace_days = 10
"""


def test_every_key_is_compiled() -> None:
    tobacco, gift_cards = (Goods(categories=frozenset({word})) for word in ("tobacco", "gift-card"))
    assert read_programme(FULL) == Programme(
        number=3,
        name="Club",
        valid_from=date(2026, 1, 1),
        currency="PLN",
        points_decimals=2,
        rounding=RoundingRules(points=Rounding.HALF_EVEN, money=Rounding.DOWN),
        earn=(
            PerAmount(
                points=Ratio(3, 2),
                per_minor=MinorAboveZero(1000),
                whole_steps=False,
                minimum_bill=Minor(2050),
                excluded=tobacco,
                pending_days=14,
                on_part_paid_by_points=True,
            ),
            Cashback(percent=Share(5, 2)),
        ),
        redeem=Redeem(
            money_per_point=Ratio(1, 20),
            block=UnitsAboveZero(10_000),
            max_share_percent=Share(30),
            keep_at_least=Units(1000),
            minimum_bill=Minor(5000),
            excluded=gift_cards,
        ),
        expiry=Expiry(after_days=365, warn_days=14),
        tiers=(Tier(code="gold", name="Gold", from_spend_minor=Minor(100_000), multiplier=Ratio(5, 4)),),
        rewards=(HandedOver(code="mug", name="Mug", points=UnitsAboveZero(30_000)),),
        refund=RefundTerms(when_spent=WhenSpent.CUT, grace_days=10),
    )
    assert read_programme(FULL).units_per_point == 100


def test_what_is_left_out_has_the_commonest_value() -> None:
    programme = read_programme(HEAD + PER_AMOUNT)
    assert programme.earn == (PerAmount(points=Ratio(1), per_minor=MinorAboveZero(1000)),)
    assert (programme.points_rounding, programme.money_rounding) == (Rounding.DOWN, Rounding.HALF_UP)
    assert (programme.redeem, programme.expiry, programme.tiers) == (None, Expiry(), ())
    assert (programme.points_decimals, programme.units_per_point) == (0, 1)
    assert read_programme(HEAD + REDEEM).redeem == Redeem(money_per_point=Ratio(1))


def test_the_demo_programme_is_possible(demo_programme: str) -> None:
    programme = read_programme(demo_programme)
    assert (programme.currency, len(programme.tiers), len(programme.rewards)) == ("UAH", 4, 3)


TIER = '[[tiers]]\ncode = "{code}"\nname = "T"\nfrom_spend = {spend}\nmultiplier = {times}\n'
REWARD = '[[rewards]]\nkind = "handed-over"\ncode = "a"\nname = "R"\npoints = {points}\n'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "name"),
        ("name = x", "line 1"),
        (HEAD.replace('"PLN"', '"XXX"'), "currency"),
        (HEAD.replace("number = 3", "number = 0"), "number"),
        (HEAD.replace("number = 3", "number = -1"), "number"),
        (HEAD.replace("number = 3", "number = 3.5"), "number"),
        (HEAD.replace("2026-01-01", '"soon"'), "valid_from"),
        (HEAD + "points_decimals = 5\n", "points_decimals"),
        (HEAD + "points_decimals = -1\n", "points_decimals"),
        (HEAD + "colour = 1\n", "colour"),
        (HEAD + '[rounding]\npoints = "up"\n', "rounding.points"),
        (HEAD + '[[earn]]\nkind = "stamps"\n', "earn"),
        (HEAD + "[[earn]]\npoints = 1\n", "kind"),
        (HEAD + CASHBACK, "redeem"),
        (HEAD + PER_AMOUNT.replace("points = 1", "points = 0"), r"earn\[0\]"),
        (HEAD + PER_AMOUNT.replace("per = 10", "per = -1"), r"earn\[0\]"),
        (HEAD + PER_AMOUNT.replace("per = 10", "per = 0.001"), r"earn\[0\].per"),
        (HEAD + PER_AMOUNT + "percent = 5\n", "percent"),
        (HEAD + PER_AMOUNT + "minimum_bill = -1\n", r"earn\[0\].minimum_bill"),
        (HEAD + PER_AMOUNT + PER_AMOUNT + "pending_days = -1\n", r"earn\[1\].pending_days"),
        (HEAD + PER_AMOUNT + "pending_days = 99999\n", r"earn\[0\].pending_days"),
        (HEAD + PER_AMOUNT + "pending_days = true\n", "pending_days"),
        (HEAD + PER_AMOUNT + 'excluded_categories = "tobacco"\n', "excluded_categories"),
        (HEAD + REDEEM + CASHBACK.replace("5", "0"), r"earn\[0\]"),
        (HEAD + REDEEM + CASHBACK.replace("5", "100.1"), r"earn\[0\]"),
        (HEAD + REDEEM + CASHBACK.replace("5", "nan"), r"earn\[0\].percent"),
        (HEAD + REDEEM + CASHBACK.replace("5", "-inf"), r"earn\[0\].percent"),
        (HEAD + REDEEM + CASHBACK.replace("5", "1e-999"), r"earn\[0\].percent"),
        (HEAD + PER_AMOUNT.replace("per = 10", "per = 1e999999"), r"earn\[0\].per"),
        (HEAD + PER_AMOUNT.replace("per = 10", "per = 99999999999999999999"), r"earn\[0\].per"),
        (HEAD + PER_AMOUNT * 201, "earn"),
        (HEAD + REDEEM.replace("1", "0"), "redeem.money_per_point"),
        (HEAD + REDEEM + "block = 0\n", "redeem.block"),
        (HEAD + REDEEM + "block = 1.5\n", "redeem.block"),
        (HEAD + REDEEM + "max_share_percent = 0\n", "redeem.max_share_percent"),
        (HEAD + REDEEM + "max_share_percent = 101\n", "redeem.max_share_percent"),
        (HEAD + REDEEM + "keep_at_least = -1\n", "redeem"),
        (HEAD + REDEEM + "minimum_bill = -1\n", "redeem"),
        (HEAD + "[expiry]\nafter_days = 0\n", "expiry.after_days"),
        (HEAD + "[expiry]\nafter_days = 1000000\n", "expiry.after_days"),
        (HEAD + "[expiry]\nwarn_days = -1\n", "expiry.warn_days"),
        (HEAD + TIER.format(code="a", spend=5, times=1) + TIER.format(code="b", spend=5, times=1), "tiers"),
        (HEAD + TIER.format(code="a", spend=5, times=1) + TIER.format(code="b", spend=4, times=1), "tiers"),
        (HEAD + TIER.format(code="a", spend=5, times=1) + TIER.format(code="a", spend=6, times=1), "tiers"),
        (HEAD + TIER.format(code="a", spend=-5, times=1), "tiers"),
        (HEAD + TIER.format(code="a", spend=5, times=0), "tiers"),
        (HEAD + REWARD.format(points=0), "rewards"),
        (HEAD + REWARD.format(points=5) + REWARD.format(points=6), "rewards"),
    ],
)
def test_an_impossible_programme_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(ProgrammeError, match=place):
        read_programme(text)


def test_one_mistake_made_very_often_is_told_a_hundred_times() -> None:
    offer = '[[offers]]\nkind = "percent"\ncode = "offer-{i}"\nname = "O"\npercent = 5\nafter = ["ofer-{i}"]\n'
    with pytest.raises(ProgrammeError) as fault:
        read_programme(HEAD + "".join(offer.format(i=i) for i in range(300)))
    told = fault.value.mistakes
    assert [mistake.place for mistake in told] == [f"offers[{i}].after" for i in range(100)]
    assert told[17].instead == phrase("Did you mean “{word}”?", word="offer-17")


@given(st.text(max_size=200))
def test_any_text_is_a_programme_or_refused(text: str) -> None:
    with pytest.raises(ProgrammeError):
        read_programme(text)


FIGURES = st.one_of(
    st.integers(),
    st.floats().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.sampled_from(["true", '"1"', "nan", "inf", "1e400", "-0.0", "[]", "2026-01-01"]),
)


@given(st.dictionaries(st.sampled_from(["percent", "minimum_bill", "pending_days"]), FIGURES), st.data())
def test_any_figures_make_a_programme_or_are_refused(earn: dict[str, object], data: st.DataObject) -> None:
    redeem = data.draw(st.dictionaries(st.sampled_from(["money_per_point", "block", "max_share_percent"]), FIGURES))
    lines = [f"{name} = {value}" for name, value in {"percent": 5, **earn}.items()]
    text = HEAD + '[[earn]]\nkind = "cashback"\n' + "\n".join(lines) + "\n[redeem]\n"
    text += "\n".join(f"{name} = {value}" for name, value in {"money_per_point": 1, **redeem}.items())
    with suppress(ProgrammeError):
        programme = read_programme(text)
        assert programme.redeem is not None
        assert programme.minor_per_point > 0
