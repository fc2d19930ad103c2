"""Grants kept as the site numbers them, and recalls answered by `lease_return` entries."""

from collections.abc import Iterable

from sync.link import Link
from sync.protocol import LEASE_RETURN, Grant, GrantedLot, Page, Recall
from terminal.ledger.code_leases import codes_held, customers_with_codes
from terminal.ledger.contact import RECALLED
from terminal.ledger.leases import KnownGrant, put_grants, returnable


def keep_grants(link: Link, grants: Iterable[Grant]) -> None:
    """Keep the grants that follow the last one known, in the caller's transaction."""
    told = (
        KnownGrant(
            grant.number,
            grant.customer_id,
            tuple((lot.lot_id, lot.points) for lot in grant.lots),
            grant.at_ms,
            grant.asset,
        )
        for grant in grants
    )
    put_grants(link.ledger, told, link.contact().granted)


def to_grant(known: KnownGrant) -> Grant:
    """Return a grant as it was told."""
    lots = tuple(GrantedLot(lot_id, points) for lot_id, points in known.lots)
    return Grant(
        number=known.number, customer_id=known.customer_id, lots=lots, at_ms=known.at_ms, asset=known.asset
    )


def deal_with_recalls(link: Link, page: Page) -> None:
    """Give back what is recalled and still here, in the caller's transaction.

    What was spent is not owed. While more pages follow, the points may be on their way: the recall is told again.
    """
    dealt = link.contact().recalled
    for recall in sorted(page.recalls, key=lambda recall: recall.number):
        if recall.number != dealt + 1:
            continue
        given = _given_back(link, recall)
        if given is None and page.more:
            break
        if given is not None:
            payload = {**given, "recall": recall.number}
            link.ledger.append(link.draft(LEASE_RETURN, payload, recall.customer_id))
        dealt = recall.number
        link.ledger.set_fact(RECALLED, str(dealt))


def _given_back(link: Link, recall: Recall) -> dict[str, object] | None:
    """Return what a `lease_return` says of a recall; None when nothing of it is here."""
    if recall.asset == "codes":
        codes = codes_held(link.ledger, recall.customer_id)
        return {"returned": [], "leases": codes} if codes else None
    points = returnable(link.ledger, recall.customer_id, recall.points, link.today())
    return {"returned": points} if points else None


def give_back_codes(link: Link) -> int:
    """Give back all limited offers and codes that no sale has used; return of how many customers."""
    customers = customers_with_codes(link.ledger)
    for customer_id in customers:
        with link.ledger.atomic():
            codes = codes_held(link.ledger, customer_id)
            if codes:
                payload = {"returned": [], "leases": codes}
                link.ledger.append(link.draft(LEASE_RETURN, payload, customer_id))
    return len(customers)
