"""The nightly comparison with the site: sums of buckets first, then only what lies in the unequal ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.link import Link
from sync.protocol import (
    BUCKET,
    DIGEST,
    LOOK_UP,
    REPLICA_MENDED,
    AskBucket,
    AskDigest,
    Bucket,
    Digest,
    LookUp,
    Told,
    account_digest,
    bucket_of,
    sum_up,
)
from sync.pull import pull_all
from sync.push import push_all
from sync.sense import applied_seq, check_accounts
from terminal.ledger.replica import points_told, put_accounts, replica_figures
from terminal.ledger.told import AsOf

_PAGE = 5000
_ASKED_AT_ONCE = 100
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """A customer whom site and till know differently: points (units) here and there, None where unknown."""

    customer_id: str
    here: int | None
    there: int | None


class NeverStill(Exception):
    """The site changed faster than the two could be compared; another night will do."""


def differences(link: Link) -> list[str]:
    """Return the ids of the customers whom this replica has otherwise than the site, after all that is new."""
    for _ in range(_TRIES):
        push_all(link)
        pull_all(link)
        site = link.client.ask(DIGEST, AskDigest(terminal_id=link.ledger.terminal_id), Digest)
        now = link.contact()
        if site.cursor != now.cursor or now.applied_seq != link.ledger.last_seq():
            continue
        counts, sums = sum_up(_own_digests(link))
        unequal = [
            bucket
            for bucket, figures in enumerate(zip(counts, sums, strict=True))
            if figures != (site.counts[bucket], site.sums[bucket])
        ]
        return _unequal_customers(link, unequal)
    raise NeverStill


def _own_digests(link: Link) -> Iterator[tuple[str, int]]:
    after = ""
    while page := replica_figures(link.ledger, after, _PAGE):
        for row in page:
            yield row[0], account_digest(*row)
        after = page[-1][0]


def _unequal_customers(link: Link, buckets: Sequence[int]) -> list[str]:
    if not buckets:
        return []
    wanted = frozenset(buckets)
    own = {customer: digest for customer, digest in _own_digests(link) if bucket_of(customer) in wanted}
    there = {customer: digest for bucket in buckets for customer, digest in _site_digests(link, bucket)}
    return sorted(customer for customer in own.keys() | there.keys() if own.get(customer) != there.get(customer))


def _site_digests(link: Link, bucket: int) -> Iterator[tuple[str, int]]:
    after = ""
    while True:
        asked = AskBucket(terminal_id=link.ledger.terminal_id, bucket=bucket, after=after)
        page = link.client.ask(BUCKET, asked, Bucket)
        yield from ((one.customer_id, one.digest) for one in page.digests)
        if not page.more or not page.digests:
            return
        after = page.digests[-1].customer_id


def mend(link: Link, customers: Sequence[str]) -> list[Difference]:
    """Take the site's word for these customers, note in the journal what was different, and return it.

    A customer whom the site does not know stays as it is, for a person to look at.
    """
    found: list[Difference] = []
    for start in range(0, len(customers), _ASKED_AT_ONCE):
        some = tuple(customers[start : start + _ASKED_AT_ONCE])
        asked = LookUp(terminal_id=link.ledger.terminal_id, by="id", values=some)
        told = link.client.ask(LOOK_UP, asked, Told)
        check_accounts(told.accounts)
        there = {account.customer_id: account.points for account in told.accounts}
        with link.ledger.atomic():
            here = points_told(link.ledger, some)
            as_of = AsOf(applied_seq(link, told.applied), link.contact().epoch)
            put_accounts(link.ledger, told.accounts, as_of, whatever=True)
            changed = [Difference(one, here.get(one), there.get(one)) for one in some]
            rows = [[one.customer_id, one.here, one.there] for one in changed]
            link.ledger.append(link.draft(REPLICA_MENDED, {"customers": rows}))
        found += changed
    return found
