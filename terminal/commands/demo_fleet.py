"""A day of several demo tills at one site, whose cables are pulled in the middle of it, and whether all agree."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from printers.document import Document
from terminal.commands.demo_play import Account, Played, Refusal, known, serve
from terminal.demo_site import Site, StartSite, WiredTill, start_site
from terminal.desk.demo_shop import DemoCustomer, make_demo_till, open_demo_till
from terminal.desk.till import Till
from terminal.ledger.contact import contact
from terminal.ledger.sales import unsent
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import Phrase, phrase
from terminal.wiring import system_clock

PATIENCE_S = 60.0
"""How long the tills may take to come in step with the site, in seconds."""

_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Fleet:
    """Tills, sales made while a cable was out, entries that the site has not, and whether site and tills agree."""

    tills: int
    offline: int
    unsent: int
    site_agrees: bool


@dataclass(frozen=True, slots=True)
class _Stand:
    """A till and its way to the site."""

    till: Till
    wired: WiredTill


def play_fleet(
    folder: Path,
    start: StartSite,
    language: str,
    seed: int,
    sales: int,
    tills: int,
    offline: float,
    show: Callable[[Document], None],
) -> tuple[Played, Fleet]:
    """Play `sales` sales, spread over the tills; the last share `offline` of them with the cable out.

    Then plug all cables in, wait until nothing is under way, and compare what was added up here with the site and
    with every till. Raises OSError when the site can't be served.
    """
    account = Account({}, show=show)
    with ExitStack() as opened:
        site, stands, customers = _open(opened, folder, start, language, seed, tills)
        account.balances = {customer.id: known(stands[0].till, customer.id) for customer in customers}
        fault: Phrase | None = None
        made_offline = 0
        try:
            _wait(lambda: _all_agree(site, stands, account))
            made_offline = _sell(stands, customers, sales, offline, Random(seed), account)
        except Refusal as refusal:
            fault = refusal.reason
        for stand in stands:
            if not stand.wired.plugged:
                stand.wired.plug()
        _wait(lambda: _all_agree(site, stands, account))
        wrong = _wrong(site, stands, account)
        left = sum(unsent(stand.till.ledger) for stand in stands)
        agrees = not wrong and left == 0 and site.is_whole()
        for stand in stands:
            stand.wired.close()  # the pages of a file are checked while nobody else writes to it
        fault = fault or _fault(stands, len(wrong), agrees)
    played = Played(account.sales, account.earned, account.redeemed, len(account.balances) - len(wrong), fault)
    return played, Fleet(tills, made_offline, left, agrees)


def _open(
    opened: ExitStack, folder: Path, start: StartSite, language: str, seed: int, tills: int
) -> tuple[Site, list[_Stand], list[DemoCustomer]]:
    """Open the shop's first till with its customers, the site, and the other tills, which hear of them there."""
    (folder / "demo-1").mkdir()
    first, customers = make_demo_till(folder / "demo-1", language, seed, system_clock)
    opened.callback(first.ledger.close)
    site = start_site(start, folder / "site", first)
    opened.callback(site.close)
    stands = [_wire(opened, site, first, seed)]
    for number in range(2, tills + 1):
        name = f"demo-{number}"
        till_seed = f"{seed} {name}"
        till = open_demo_till(folder / name / "demo.db", name, language, till_seed, system_clock)
        opened.callback(till.ledger.close)
        stands.append(_wire(opened, site, till, till_seed))
    return site, stands, customers


def _wire(opened: ExitStack, site: Site, till: Till, seed: int | str) -> _Stand:
    wired = WiredTill(site, till, seed)
    opened.callback(wired.close)
    return _Stand(till, wired)


def _sell(
    stands: list[_Stand],
    customers: list[DemoCustomer],
    sales: int,
    offline: float,
    chance: Random,
    account: Account,
) -> int:
    """Make the sales, each till in its turn; return how many were made with the cable out."""
    made_offline = round(sales * offline)
    for number in range(sales):
        stand = stands[number % len(stands)]
        if number >= sales - made_offline:
            _pull(stand)
        while account.sales <= number:  # a voided one is made up for
            serve(stand.till, chance.choice(customers), chance, account)
    return made_offline


def _pull(stand: _Stand) -> None:
    if stand.wired.plugged:
        stand.wired.pull()
        _wait(lambda: _is_lost(stand.till))


def _is_lost(till: Till) -> bool:
    now = contact(till.ledger)
    return now is not None and now.lost_ms > 0


def _all_agree(site: Site, stands: list[_Stand], account: Account) -> bool:
    return not any(unsent(stand.till.ledger) for stand in stands) and not _wrong(site, stands, account)


def _wrong(site: Site, stands: list[_Stand], account: Account) -> set[str]:
    """Return the customers whose balance on the site or on a till is not the one that was added up here."""
    on_site = site.balances()
    wrong = {who for who, balance in account.balances.items() if on_site.get(who) != balance}
    for stand in stands:
        wrong |= {who for who, balance in account.balances.items() if _known(stand.till, who) != balance}
    return wrong


def _known(till: Till, customer_id: str) -> int | None:
    try:
        return known(till, customer_id)
    except Refusal:
        return None  # not heard of here yet


def _fault(stands: list[_Stand], wrong: int, agrees: bool) -> Phrase | None:
    if wrong:
        return phrase("Balances that differ from what was added up: {count}.", count=wrong)
    for stand in stands:
        verified = verify_ledger(stand.till.ledger)
        if not verified.ok:
            return verified.faults[0]
    return None if agrees else phrase("The site and the tills do not agree.")


def _wait(true: Callable[[], bool]) -> None:
    """Wait until something is so; when it never is, the comparison after it says what is wrong."""
    until = time.monotonic() + PATIENCE_S
    while not true() and time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
