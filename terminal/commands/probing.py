"""The probe of `tillmate verify`: on a copy of the ledger in a folder of its own, and on a scratch site."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

from terminal.config import Config
from terminal.desk.sections import Section
from terminal.desk.state import name_of
from terminal.desk.till import Till
from terminal.desk.write_off_probe import Probed, probe_customer, probe_section
from terminal.ledger import customers as ledger_customers
from terminal.ledger.backup import copy_ledger
from terminal.ledger.key import read_key
from terminal.ledger.opening import open_ledger
from terminal.ledger.shop import programme_in_force
from terminal.rules.phrase import Phrase, Points, phrase

_GROUP = "tillmate.probes"

SiteProbe = Callable[[str, tuple[str, str, str], Sequence[tuple[int, int]]], list[int | str]]
"""Given a programme's TOML, (currency, country, time zone) and (points, total) of each try, what was taken, or why
nothing could be; points in units, totals in minor units.
"""


def probe(config: Config, till: Till, asked: dict[str, tuple[str, int]]) -> tuple[Section, bool]:
    """Try all channels for customers (by id: an order's number and its total); tell whether none of them failed."""
    probed: list[Probed] = []
    with TemporaryDirectory(prefix="tillmate-probe-") as folder:
        copy = Path(folder) / "ledger.db"
        key = read_key(config.key)
        copy_ledger(config.till.ledger, copy, key)
        with open_ledger(copy, key, durable=False) as ledger:
            # Nobody is asked for a PIN here: what a manager would let pass is let pass.
            stand = replace(till, ledger=ledger, watch=None, clock_watch=None)
            for customer_id, (_, total_minor) in asked.items():
                probed += probe_customer(stand, customer_id, name_of(stand, customer_id), total_minor)
    on_site, notes = _probe_site(till, asked)
    probed += on_site
    return probe_section(probed, notes), not any(one.works is False for one in probed)


def _probe_site(till: Till, asked: dict[str, tuple[str, int]]) -> tuple[list[Probed], tuple[Phrase, ...]]:
    found = programme_in_force(till.ledger, till.today())
    try:
        entries = list(entry_points(group=_GROUP))
        on_site: SiteProbe | None = entries[0].load() if entries else None
    except ImportError:
        on_site = None
    if on_site is None or found is None:
        return [], (phrase("The site was not tried: it is not installed here (pip install 'tillmate[site]')."),)
    balances = [_balance(till, customer_id) for customer_id in asked]
    shop = till.shop
    place = (shop.currency, shop.country, str(shop.timezone))
    tries = [(balance, total) for balance, (_, total) in zip(balances, asked.values(), strict=True)]
    probed = []
    for (customer_id, (_, total)), balance, taken in zip(
        asked.items(), balances, on_site(found[1], place, tries), strict=True
    ):
        name = name_of(till, customer_id)
        if isinstance(taken, str):
            probed.append(Probed(name, "site", total, balance, 0, False, phrase("{reason}", reason=taken)))
        elif taken:
            why = phrase("{points} were taken, and the balance went down by them.", points=Points(taken))
            probed.append(Probed(name, "site", total, balance, taken, True, why))
        else:
            why = phrase("Nothing can be taken on this bill now.")
            probed.append(Probed(name, "site", total, balance, 0, None, why))
    return probed, ()


def _balance(till: Till, customer_id: str) -> int:
    totals = ledger_customers.totals(till.ledger, customer_id)
    return max(0, totals.points) if totals else 0
