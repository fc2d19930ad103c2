"""A programme as its owner writes it in TOML, and the one way from there to the rules' `Programme`."""

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from terminal.rules.limits import ProgrammeError as ProgrammeError
from terminal.rules.limits import check_figures, expect, expect_once
from terminal.rules.money import Rounding, minor_units
from terminal.rules.programme import (
    Cashback,
    EarnRule,
    EarnTerms,
    Expiry,
    PerAmount,
    Programme,
    Redeem,
    RefundTerms,
    Reward,
    Tier,
    WhenSpent,
)

_CURRENCY_DECIMALS = {
    "UAH": 2,
    "PLN": 2,
    "EUR": 2,
    "KZT": 2,
    "USD": 2,
    "CZK": 2,
    "RON": 2,
    "GBP": 2,
    "MDL": 2,
}
_MAX_DECIMALS = 4
_MAX_DAYS = 36_500
_MAX_EARN_RULES = 50


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: a key that we don't know is a mistake, never ignored."""


class PerAmountDocument(_Document, frozen=True, tag_field="kind", tag="per-amount"):
    """`[[earn]]` of kind "per-amount": points for each sum."""

    points: Decimal | int
    per: Decimal | int
    whole_steps: bool = True
    minimum_bill: Decimal | int = 0
    excluded_categories: list[str] = []
    pending_days: int = 0
    on_part_paid_by_points: bool = False


class CashbackDocument(_Document, frozen=True, tag_field="kind", tag="cashback"):
    """`[[earn]]` of kind "cashback": a percent of the bill in points."""

    percent: Decimal | int
    minimum_bill: Decimal | int = 0
    excluded_categories: list[str] = []
    pending_days: int = 0
    on_part_paid_by_points: bool = False


class RedeemDocument(_Document, frozen=True):
    """`[redeem]`: what a point is worth and how much of a bill points may pay."""

    money_per_point: Decimal | int
    block: int = 1
    max_share_percent: int = 100
    keep_at_least: int = 0
    minimum_bill: Decimal | int = 0
    excluded_categories: list[str] = []


class ExpiryDocument(_Document, frozen=True):
    """`[expiry]`: when points are gone and how long before the customer is told."""

    after_days: int | None = None
    warn_days: int = 30


class TierDocument(_Document, frozen=True):
    """`[[tiers]]`: a level from a sum spent to date."""

    code: str
    name: str
    from_spend: Decimal | int
    multiplier: Decimal | int = 1


class RewardDocument(_Document, frozen=True):
    """`[[rewards]]`: a product for points."""

    code: str
    name: str
    points: int


class RefundDocument(_Document, frozen=True):
    """`[refund]`: what happens when points that must go back were spent, and how long revived points live."""

    when_spent: Literal["below-zero", "cut-from-refund", "refuse"] = "below-zero"
    grace_days: int = 30


class RoundingDocument(_Document, frozen=True):
    """`[rounding]`: how parts of a point and of the smallest coin are dropped."""

    points: Literal["down", "half-up", "half-even"] = "down"
    money: Literal["down", "half-up", "half-even"] = "half-up"


class ProgrammeDocument(_Document, frozen=True):
    """The whole file."""

    name: str
    number: int
    valid_from: date
    currency: str
    points_decimals: int = 0
    rounding: RoundingDocument = RoundingDocument()
    earn: list[PerAmountDocument | CashbackDocument] = []
    redeem: RedeemDocument | None = None
    expiry: ExpiryDocument = ExpiryDocument()
    tiers: list[TierDocument] = []
    rewards: list[RewardDocument] = []
    refund: RefundDocument = RefundDocument()


def read_programme(text: str) -> Programme:
    """Read and check a programme's TOML; raise `ProgrammeError` with the place and the reason."""
    try:
        document = msgspec.convert(tomllib.loads(text, parse_float=Decimal), ProgrammeDocument)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ProgrammeError(str(fault)) from fault
    _check(document)
    return _compile(document)


def _check(document: ProgrammeDocument) -> None:
    check_figures("", msgspec.structs.asdict(document))
    expect(document.currency in _CURRENCY_DECIMALS, "currency", f"is one of {', '.join(_CURRENCY_DECIMALS)}")
    expect(0 <= document.points_decimals <= _MAX_DECIMALS, "points_decimals", f"is from 0 to {_MAX_DECIMALS}")
    expect(document.number > 0, "number", "is 1 or more")
    expect(len(document.earn) <= _MAX_EARN_RULES, "earn", f"has at most {_MAX_EARN_RULES} rules")
    for place, earn in enumerate(document.earn):
        _check_earn(f"earn[{place}]", earn)
    if document.redeem is not None:
        _check_redeem(document.redeem)
    cashback = any(isinstance(earn, CashbackDocument) for earn in document.earn)
    expect(document.redeem is not None or not cashback, "redeem", "is there when earn has kind cashback")
    expiry = document.expiry
    expect(
        expiry.after_days is None or 0 < expiry.after_days <= _MAX_DAYS,
        "expiry.after_days",
        f"is from 1 to {_MAX_DAYS}",
    )
    expect(0 <= expiry.warn_days <= _MAX_DAYS, "expiry.warn_days", f"is from 0 to {_MAX_DAYS}")
    expect(0 < document.refund.grace_days <= _MAX_DAYS, "refund.grace_days", f"is from 1 to {_MAX_DAYS}")
    _check_tiers(document.tiers)
    expect(all(reward.points > 0 for reward in document.rewards), "rewards", "cost 1 point or more")
    expect_once("rewards", [reward.code for reward in document.rewards])


def _check_earn(where: str, earn: PerAmountDocument | CashbackDocument) -> None:
    match earn:
        case PerAmountDocument():
            expect(earn.points > 0 and earn.per > 0, where, "gives points and per above 0")
        case CashbackDocument():
            expect(0 < earn.percent <= 100, where, "gives a percent above 0 and up to 100")
    expect(earn.minimum_bill >= 0, f"{where}.minimum_bill", "is 0 or more")
    expect(0 <= earn.pending_days <= _MAX_DAYS, f"{where}.pending_days", f"is from 0 to {_MAX_DAYS}")


def _check_redeem(redeem: RedeemDocument) -> None:
    expect(redeem.money_per_point > 0, "redeem.money_per_point", "is above 0")
    expect(redeem.block >= 1, "redeem.block", "is 1 or more")
    expect(0 < redeem.max_share_percent <= 100, "redeem.max_share_percent", "is from 1 to 100")
    expect(redeem.keep_at_least >= 0 and redeem.minimum_bill >= 0, "redeem", "has no negative figure")


def _check_tiers(tiers: list[TierDocument]) -> None:
    spends = [tier.from_spend for tier in tiers]
    expect(spends == sorted(set(spends)), "tiers", "stand in rising order of from_spend, none twice")
    expect(all(spend >= 0 for spend in spends), "tiers", "begin at a from_spend of 0 or more")
    expect(all(tier.multiplier > 0 for tier in tiers), "tiers", "have multipliers above 0")
    expect_once("tiers", [tier.code for tier in tiers])


def _compile(document: ProgrammeDocument) -> Programme:
    decimals = _CURRENCY_DECIMALS[document.currency]
    try:
        return Programme(
            number=document.number,
            name=document.name,
            valid_from=document.valid_from,
            currency=document.currency,
            currency_decimals=decimals,
            points_decimals=document.points_decimals,
            points_rounding=Rounding(document.rounding.points),
            money_rounding=Rounding(document.rounding.money),
            earn=tuple(_earn_rule(earn, decimals) for earn in document.earn),
            redeem=_redeem(document.redeem, decimals),
            expiry=Expiry(document.expiry.after_days, document.expiry.warn_days),
            tiers=tuple(
                Tier(tier.code, tier.name, _minor(tier.from_spend, decimals), Fraction(tier.multiplier))
                for tier in document.tiers
            ),
            rewards=tuple(Reward(reward.code, reward.name, reward.points) for reward in document.rewards),
            refund=RefundTerms(WhenSpent(document.refund.when_spent), document.refund.grace_days),
        )
    except ValueError as fault:
        raise ProgrammeError(str(fault)) from fault


def _earn_rule(earn: PerAmountDocument | CashbackDocument, decimals: int) -> EarnRule:
    terms = EarnTerms(
        _minor(earn.minimum_bill, decimals),
        frozenset(earn.excluded_categories),
        earn.pending_days,
        earn.on_part_paid_by_points,
    )
    match earn:
        case PerAmountDocument():
            return PerAmount(Fraction(earn.points), _minor(earn.per, decimals), earn.whole_steps, terms)
        case CashbackDocument():
            return Cashback(Fraction(earn.percent), terms)


def _redeem(redeem: RedeemDocument | None, decimals: int) -> Redeem | None:
    if redeem is None:
        return None
    return Redeem(
        Fraction(redeem.money_per_point) * 10**decimals,
        redeem.block,
        redeem.max_share_percent,
        redeem.keep_at_least,
        _minor(redeem.minimum_bill, decimals),
        frozenset(redeem.excluded_categories),
    )


def _minor(amount: Decimal | int, decimals: int) -> int:
    return minor_units(Decimal(amount), decimals)
