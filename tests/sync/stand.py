"""What the sync's tests stand on: a real site on a socket, and tills with real ledgers joined to it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sync.asking import answer_requests
from sync.client import SiteClient
from sync.enrolling import enrol
from sync.link import Link
from sync.pace import Pace
from sync.protocol import Account
from sync.pull import pull_all
from sync.push import push_all
from sync.site.setting_up import new_code
from terminal.desk import Till
from terminal.desk.till import milliseconds
from terminal.ledger import create_ledger
from terminal.ledger.contact import TOKEN
from terminal.ledger.verify import verify_ledger
from tests.shop import KEY, SHOP, Clock
from tests.site.stand import Served

ON_THE_SPOT = Pace(sleep=lambda seconds: None)


@dataclass
class Joined:
    """A till and its way to the site."""

    till: Till
    link: Link

    @property
    def name(self) -> str:
        return self.till.ledger.terminal_id

    def push(self) -> int:
        return push_all(self.link)

    def pull(self) -> None:
        pull_all(self.link)

    def sync(self) -> None:
        """All that is new, both ways, until the site counts it all and this till knows."""
        for _ in range(10):
            self.push()
            self.pull()
            now = self.link.contact()
            if now.applied_seq == self.till.ledger.last_seq() and not now.trouble:
                return
        raise AssertionError(f"{self.name}: {self.link.contact()}")

    def answer(self) -> int:
        return answer_requests(self.link)

    def assert_whole(self) -> None:
        found = verify_ledger(self.till.ledger)
        assert found.ok, [fault.text.format(**dict(fault.values)) for fault in found.faults]


def join(served: Served, path: Path, name: str, clock: Clock, *, url: str = "") -> Joined:
    """Make a till with an empty ledger and enrol it."""
    ledger = create_ledger(path, KEY, name, durable=False)
    with_code = SiteClient(url or served.url)
    enrol(ledger, with_code, new_code(served.site.store, name))
    with_code.close()
    till = Till(ledger, clock, Random(name), SHOP, pepper=b"pepper")
    return Joined(till, link_to(url or served.url, till, clock))


def link_to(url: str, till: Till, clock: Callable[[], object]) -> Link:
    """Return a link of a till that is enrolled."""
    client = SiteClient(url, till.ledger.fact(TOKEN) or "")

    def now_ms() -> int:
        return milliseconds(till.clock())

    return Link(till.ledger, client, Random(5), now_ms, ON_THE_SPOT, SHOP.timezone)


def site_accounts(served: Served, joined: Joined) -> dict[str, Account]:
    """Every account as the site tells it to a till."""
    token = joined.till.ledger.fact(TOKEN)
    assert token is not None
    served.site.tokens[joined.name] = token
    from tests.site.stand import Journal

    return served.site.pull_all(Journal(joined.name, served.site.clock, Random(1)))[0]
