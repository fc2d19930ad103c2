"""Leaving a ledger for a new one: what of its journal the site has not got, and what of that can be booked anew.

Entries that the site keeps under the old name stay there, and are booked under it. Those that it can't take any
more, since the old name is used up, are carried into the new journal with their ids.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from sync.faults import SiteRefused, SyncFault
from sync.link import Link
from sync.protocol import LEASE_RETURN, MAY_OWE, REPLICA_MENDED, Code, WhyHeld
from sync.push import push_all, shared_with_site
from terminal.ledger.contact import BROUGHT_IN
from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Entry

_PAGE = 1000
_OWN = frozenset({LEASE_RETURN, REPLICA_MENDED, "expire", "day_open", "day_close"})
"""Kinds that speak of the old ledger's leases, replica and days, and mean nothing in another one."""


class NotBroughtIn(SyncFault):
    """A till that was revoked has entries which the site has not got; its leases are for them."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is carried into the new journal, and what is not: spending of points that the new till does not hold."""

    carried: tuple[Entry, ...] = ()
    not_booked: tuple[Entry, ...] = ()

    @property
    def told(self) -> Iterator[str]:
        """What a person is to know."""
        if self.carried:
            yield f"{len(self.carried)} entries that the site had not got are in the new ledger and go there next."
        if self.not_booked:
            points = -sum(entry.points for entry in self.not_booked)
            whose = len({entry.customer_id for entry in self.not_booked})
            yield (
                f"! {points} points of {whose} customers were taken off here that this till no longer held."
                " They can't be booked, and stand in the old ledger alone."
            )


def leave(link: Link) -> Leaving:
    """Bring the site what it still takes under the old name, and say what has to go along to the new one.

    Raises NotBroughtIn, and another SyncFault when the site can't be asked; then nothing has changed.
    """
    try:
        push_all(link)
    except SiteRefused as refused:
        held = refused.fault.held
        if held is not None and held.why in (WhyHeld.LEDGER_BEHIND, WhyHeld.LEDGER_FORKED):
            return sort_out(_entries(link.ledger, shared_with_site(link)))
        if refused.code not in (Code.REVOKED, Code.UNAUTHORISED):
            raise
        missing = link.ledger.last_seq() - max(link.contact().applied_seq, brought_in(link.ledger))
        if missing > 0:
            name = link.ledger.terminal_id
            raise NotBroughtIn(
                f"the site may lack the last {missing} entries of {name}. Bring them in first: there,"
                f" `tillmate site till found {name}` shows a code for that; then join with a new one"
            ) from None
    return Leaving()


def bring_in(link: Link) -> int:
    """Push all that there is, and remember it: the ledger may be left then. Return the last entry's number."""
    seq = push_all(link)
    with link.ledger.atomic():
        link.ledger.set_fact(BROUGHT_IN, str(seq))
    return seq


def brought_in(ledger: Ledger) -> int:
    """Return the last entry that was brought in to a site which had closed this journal."""
    return int(ledger.fact(BROUGHT_IN) or 0)


def sort_out(entries: Iterable[Entry]) -> Leaving:
    """Tell entries that any till may book from those that spend what only the old one could have held.

    What gives such spending back is left out with it.
    """
    carried: list[Entry] = []
    not_booked: list[Entry] = []
    lots: set[str] = set()
    sales: set[str | None] = set()  # whose spending is not booked
    for entry in entries:
        if entry.kind in _OWN:
            continue
        payload = msgspec.json.decode(entry.payload)
        taken = any(points < 0 and lot_id not in lots for lot_id, points in payload.get("moves", ()))
        if (taken and entry.kind not in MAY_OWE) or (entry.kind == "restore" and entry.sale_id in sales):
            not_booked.append(entry)
            if entry.sale_id:
                sales.add(entry.sale_id)
            continue
        if "lot" in payload:
            lots.add(entry.id)
        carried.append(entry)
    return Leaving(tuple(carried), tuple(not_booked))


def _entries(ledger: Ledger, after: int) -> Iterator[Entry]:
    while page := ledger.entries(after, _PAGE):
        yield from page
        after = page[-1].seq
