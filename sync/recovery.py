"""A site that was restored from its backup: told the grants that it forgot, and read anew from the beginning."""

from sync.faults import Nonsense
from sync.leases import to_grant
from sync.link import Link
from sync.protocol import RECLAIM, Reclaim, Reclaimed
from terminal.ledger.contact import CURSOR, EPOCH, set_facts
from terminal.ledger.leases import grants_after

_PAGE = 500


def begin_anew(link: Link, remembered: int) -> None:
    """Tell the site the grants after the last one that it remembers, and forget where its feed was.

    The replica stays as it is until the site tells each account again; sales go on.
    """
    reclaim(link, remembered)
    read_anew(link)


def read_anew(link: Link) -> None:
    """Forget where the site's feed was; what it tells from now on goes before all that it told."""
    with link.ledger.atomic():
        set_facts(link.ledger, {CURSOR: "", EPOCH: link.contact().epoch + 1})


def reclaim(link: Link, remembered: int) -> None:
    """Tell the site the grants after the last one that it remembers."""
    while known := grants_after(link.ledger, remembered, _PAGE):
        message = Reclaim(terminal_id=link.ledger.terminal_id, grants=tuple(to_grant(grant) for grant in known))
        answer = link.client.ask(RECLAIM, message, Reclaimed)
        if answer.granted < known[-1].number:
            raise Nonsense(f"the site was told grant {known[-1].number} and knows {answer.granted}")
        remembered = known[-1].number
