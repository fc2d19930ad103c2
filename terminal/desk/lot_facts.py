"""A lot to be, as a journal entry's payload tells it."""

from terminal.rules.quote import Earning


def lot_facts(earning: Earning) -> dict[str, object]:
    """Return `lot` of a payload: points in units, days of the shop's calendar in ISO form."""
    facts: dict[str, object] = {"points": earning.points, "available_from": earning.available_from.isoformat()}
    if earning.expires_on is not None:
        facts["expires_on"] = earning.expires_on.isoformat()
    return facts
