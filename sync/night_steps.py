"""The steps of a night, each safe to do twice: what it did is what it returns, for the log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sync.comparing import Difference, differences, mend
from sync.leases import give_back_codes
from sync.link import Link
from sync.pull import pull_all
from sync.push import push_all
from terminal.config import Config
from terminal.desk.night import close_business_day, expire, night_till
from terminal.ledger.backup import backups_in, copy_ledger
from terminal.ledger.health import optimise as optimise_ledger
from terminal.ledger.key import read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import open_ledger
from terminal.ledger.verify import verify_ledger

Told = dict[str, object]


@dataclass(slots=True)
class Night:
    """What the steps of one night work with; `link` is None for a till without a site.

    `wrong` collects what a person has to look at.
    """

    config: Config
    ledger: Ledger
    link: Link | None
    clock: Callable[[], datetime]
    wrong: list[str] = field(default_factory=list)


def push(night: Night) -> Told:
    """Send what the site has not."""
    return {"site_has": push_all(night.link)} if night.link else {}


def pull(night: Night) -> Told:
    """Bring what is new; what the site recalls is given back, and sent at once."""
    if night.link is None:
        return {}
    pull_all(night.link)
    return {"site_has": push_all(night.link)}


def leases(night: Night) -> Told:
    """Give back what the site recalls, and each limited offer or code that no sale has used."""
    if night.link is None:
        return {}
    returned = give_back_codes(night.link)
    return {"codes_of_customers": returned} | pull(night)


def compare(night: Night) -> Told:
    """Compare with the site, take its word, and report every difference."""
    if night.link is None:
        return {}
    unequal = differences(night.link)
    found = mend(night.link, unequal)
    night.wrong += [_said(one) for one in found]
    if found:
        push_all(night.link)
        pull_all(night.link)
    return {"different": len(found), "customers": [one.customer_id for one in found[:100]]}


def _said(one: Difference) -> str:
    if one.there is None:
        return f"customer {one.customer_id} is not known on the site"
    if one.here is None:
        return f"customer {one.customer_id} was missing here; brought from the site"
    return f"customer {one.customer_id} had {one.here} here and {one.there} on the site; the site's word was taken"


def expire_points(night: Night) -> Told:
    """End what this till holds and whose last day is over."""
    expired = expire(night_till(night.config, night.ledger, night.clock))
    return {"expired": expired} | push(night)


def close_day(night: Night) -> Told:
    """Close the business day that goes on."""
    closed = close_business_day(night_till(night.config, night.ledger, night.clock))
    return {"closed": closed} | push(night)


def verify(night: Night) -> Told:
    """Prove that the ledger is whole."""
    with night.ledger.beside() as ledger:
        found = verify_ledger(ledger)
    faults = [fault.text.format_map(dict(fault.values)) for fault in found.faults]
    night.wrong += faults
    return {"entries": found.entries, "customers": found.customers, "points": found.points, "faults": faults}


def back_up(night: Night) -> Told:
    """Copy the ledger, open the copy, and let the oldest beyond those to keep go."""
    folder, ledger = night.config.backup.folder, night.config.till.ledger
    target = folder / f"{ledger.stem}-{night.clock().astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
    key = read_key(night.config.key)
    if not target.exists():
        copy_ledger(ledger, target, key)
    with open_ledger(target, key) as copy:
        entries = copy.last_seq()
    for old in backups_in(folder, ledger)[: -night.config.backup.keep]:
        old.unlink()
    return {"backup": str(target), "entries": entries}


def optimise(night: Night) -> Told:
    """Let SQLite renew what it knows of its indexes, and fold the write-ahead log into the file."""
    return {"pages_folded": optimise_ledger(night.ledger)}


STEPS: tuple[tuple[str, Callable[[Night], Told]], ...] = (
    ("push", push),
    ("pull", pull),
    ("compare", compare),
    ("expire", expire_points),
    ("leases", leases),
    ("close_day", close_day),
    ("verify", verify),
    ("back_up", back_up),
    ("optimise", optimise),
)
"""The steps, in order, by the names that the log has."""
