"""What a cashier waits for, asked of the site at once: an unknown customer, more points of one, a limited offer."""

from sync.faults import SyncFault
from sync.link import Link
from sync.protocol import ASK_CODES, ASK_GRANT, LOOK_UP, AskCodes, AskGrant, LookUp, Told
from sync.pull import apply_told
from sync.push import push_all
from terminal.ledger.requests import Request, end, waiting

PATIENCE_MS = 2000
"""How long a cashier waits; the till gives up by itself after that."""

_SITE_WAITS_S = 1.5


def answer_requests(link: Link) -> int:
    """Answer the requests that are open and return how many; raises a SyncFault after the first that failed."""
    answered = 0
    for request in waiting(link.ledger):
        if link.clock() - request.asked_ms > PATIENCE_MS:
            _end(link, request, "given_up")
            continue
        try:
            _answer(link, request)
        except SyncFault:
            _end(link, request, "failed")
            raise
        answered += 1
    return answered


def _answer(link: Link, request: Request) -> None:
    told = _told(link, request)
    found = next((account.customer_id for account in told.accounts if account.merged_into is None), "")
    with link.ledger.atomic():
        apply_told(link, told)
        end(link.ledger, request.id, "answered", found)


def _told(link: Link, request: Request) -> Told:
    terminal_id = link.ledger.terminal_id
    if request.kind in ("phone", "card"):
        asked = LookUp(terminal_id=terminal_id, by=request.kind, values=(request.value,))
        return link.client.ask(LOOK_UP, asked, Told)
    # The site's figures have to count what was just spent or used here.
    push_all(link)
    if request.kind == "points":
        points = AskGrant(
            terminal_id=terminal_id, customer_id=request.value, points=request.points, wait_s=_SITE_WAITS_S
        )
        return link.client.ask(ASK_GRANT, points, Told, wait_s=_SITE_WAITS_S)
    codes = AskCodes(terminal_id=terminal_id, customer_id=request.value, codes=request.codes, wait_s=_SITE_WAITS_S)
    return link.client.ask(ASK_CODES, codes, Told, wait_s=_SITE_WAITS_S)


def _end(link: Link, request: Request, state: str) -> None:
    assert state in ("failed", "given_up")
    with link.ledger.atomic():
        end(link.ledger, request.id, "failed" if state == "failed" else "given_up")
