"""The first sync of a new ledger: everything that the site has, rows first and indexes after, the till waiting."""

from collections.abc import Callable

from sync.link import Link
from sync.pace import Pace
from sync.pull import pull_all
from terminal.ledger.contact import contact
from terminal.ledger.loading import begin_loading, end_loading
from terminal.ledger.lock import hold_till


def needs_load(link: Link) -> bool:
    """Tell whether the whole replica has never been here."""
    now = contact(link.ledger)
    return now is not None and not now.loaded


def load(link: Link, progress: Callable[[int, int], None] = lambda done, whole: None) -> None:
    """Load the replica while no till is open on this ledger; stopped, it goes on where it was.

    Raises a SyncFault, and LedgerBusy when a till is open: then the sync brings the same in small parts.
    """
    pace = link.pace
    with hold_till(link.ledger.path):
        link.pace = Pace(alone=True)
        begin_loading(link.ledger)
        try:
            pull_all(link, progress)
        finally:
            link.pace = pace
            end_loading(link.ledger)
