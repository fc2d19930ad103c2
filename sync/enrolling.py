"""Enrolment: a one-time code becomes this ledger's token, kept inside the encrypted ledger and nowhere else."""

from sync.client import SiteClient
from sync.faults import Nonsense
from sync.protocol import ENROL, Enrol, Enrolled
from terminal.ledger.contact import LOST_MS, OFFLINE_DAYS, PEPPER, SEEN_MS, SITE, TOKEN, TROUBLE, set_facts
from terminal.ledger.ledger import Ledger


def enrol(ledger: Ledger, client: SiteClient, code: str, *, machine: str = "", software: str = "") -> Enrolled:
    """Exchange a code for a token and keep it; the journal that this ledger has comes along. Raises a SyncFault."""
    asked = Enrol(code=code, terminal_id=ledger.terminal_id, machine=machine[:400], software=software[:64])
    answer = client.ask(ENROL, asked, Enrolled)
    if answer.terminal_id != ledger.terminal_id:
        raise Nonsense(f"the site enrolled {answer.terminal_id} instead of {ledger.terminal_id}")
    with ledger.atomic():
        set_facts(
            ledger,
            {
                SITE: client.url,
                TOKEN: answer.token,
                PEPPER: answer.shop.staff_pepper.hex(),
                OFFLINE_DAYS: answer.shop.offline_days,
                SEEN_MS: answer.site_ms,
                LOST_MS: 0,
                TROUBLE: "",
            },
        )
    return answer
