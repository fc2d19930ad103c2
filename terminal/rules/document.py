"""A programme's TOML file, and the one way from there to the rules' `Programme`."""

import tomllib
from decimal import Decimal

import msgspec

from terminal.rules.limits import ProgrammeError as ProgrammeError
from terminal.rules.limits import expect, expect_once
from terminal.rules.programme import CURRENCY_DECIMALS, Cashback, Programme
from terminal.rules.quantity import quantity_hook

_MOST_POINTS_DECIMALS = 4


def read_programme(text: str) -> Programme:
    """Read and check a programme's TOML; raise `ProgrammeError` with the place and the reason."""
    try:
        found = tomllib.loads(text, parse_float=Decimal)
        hook = quantity_hook(_currency_decimals(found), _points_decimals(found))
        programme = msgspec.convert(found, Programme, dec_hook=hook)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ProgrammeError(str(fault)) from fault
    _check(programme)
    return programme


def _currency_decimals(found: dict[str, object]) -> int:
    currency = found.get("currency")
    return CURRENCY_DECIMALS.get(currency, 2) if isinstance(currency, str) else 2


def _points_decimals(found: dict[str, object]) -> int:
    decimals = found.get("points_decimals", 0)
    return decimals if isinstance(decimals, int) and 0 <= decimals <= _MOST_POINTS_DECIMALS else 0


def _check(programme: Programme) -> None:
    expect(programme.currency in CURRENCY_DECIMALS, "currency", f"is one of {', '.join(CURRENCY_DECIMALS)}")
    cashback = any(isinstance(rule, Cashback) for rule in programme.earn)
    expect(programme.redeem is not None or not cashback, "redeem", "is there when earn has kind cashback")
    spends = [tier.from_spend_minor or 0 for tier in programme.tiers]
    expect(spends == sorted(set(spends)), "tiers", "stand in rising order of from_spend, none twice")
    expect_once("tiers", [tier.code for tier in programme.tiers])
    expect_once("rewards", [reward.code for reward in programme.rewards])
