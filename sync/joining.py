"""From a config to a link: key, ledger, token, address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from zoneinfo import ZoneInfo

from sync.client import SiteClient
from sync.faults import NotEnrolled
from sync.link import Link
from terminal.config import Config
from terminal.ledger.contact import TOKEN
from terminal.ledger.key import read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.loading import expect_pages
from terminal.ledger.opening import open_ledger


def client_of(config: Config, token: str) -> SiteClient:
    """Return a client of the site that the config names."""
    if not config.site.url:
        raise NotEnrolled("the config names no site; join one: tillmate sync enrol URL CODE")
    return SiteClient(config.site.url, token, ca=Path(config.site.ca) if config.site.ca else None)


def link_of(config: Config, ledger: Ledger) -> Link:
    """Return a link of an open ledger to its site; the caller closes its client."""
    token = ledger.fact(TOKEN)
    if token is None:
        raise NotEnrolled("this till is not enrolled; join a site: tillmate sync enrol URL CODE")
    expect_pages(ledger)
    return Link(ledger, client_of(config, token), SystemRandom(), timezone=ZoneInfo(config.shop.timezone))


@contextmanager
def joined(config: Config) -> Iterator[Link]:
    """Open the ledger that a config names and join it to its site, for a block."""
    with open_ledger(config.till.ledger, read_key(config.key)) as ledger:
        link = link_of(config, ledger)
        try:
            yield link
        finally:
            link.client.close()
