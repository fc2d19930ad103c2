"""What of a programme is counted, so that one till alone may use it, and how often it may be used in all."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from terminal.rules.programme import Programme

_KEPT = 8


@lru_cache(maxsize=_KEPT)
def limits_of(programme: Programme) -> Mapping[str, int | None]:
    """Return the uses in all (None: any number) of what has to be leased, by the code of an offer, promo code or
    stamp card; the lowest where two share a code. What one customer may is for the till that holds the lease.
    """
    limits: dict[str, int | None] = {card.code: None for card in programme.stamps}
    for rule in (*programme.offers, *programme.promo_codes):
        if rule.limited:
            known = limits.get(rule.code)
            limits[rule.code] = rule.uses_in_all if known is None else min(known, rule.uses_in_all or known)
    return limits


def used_codes(marks: Iterable[tuple[str, str, int]]) -> tuple[str, ...]:
    """Return the codes that a sale's marks (kind, code, count) say were used: uses, and stamps of full cards."""
    return tuple(
        code for kind, code, count in marks if (kind == "use" and count > 0) or (kind == "stamp" and count < 0)
    )
