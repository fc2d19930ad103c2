"""The till's state in figures, for the status screen and the doctor."""

from dataclasses import dataclass

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales
from terminal.rules.phrase import Refused


@dataclass(frozen=True, slots=True)
class TillState:
    """The journal's end (time in UTC ms, 0 when empty), slips, and what the site has not seen."""

    last_seq: int
    last_entry_ms: int
    programme_name: str
    slips_waiting: int
    slips_unknown: int
    has_site: bool
    unsent: int
    clock_is_back: bool


def state(till: Till) -> TillState:
    """Gather the state from the ledger."""
    programme = till.programme(till.today())
    slips = queues.open_prints(till.ledger)
    return TillState(
        last_seq=till.ledger.last_seq(),
        last_entry_ms=till.ledger.last_at_ms(),
        programme_name="" if isinstance(programme, Refused) else programme.name,
        slips_waiting=sum(slip.state == "queued" for slip in slips),
        slips_unknown=sum(slip.state in ("unknown", "sending") for slip in slips),
        has_site=till.ledger.fact("site") is not None,
        unsent=ledger_sales.unsent(till.ledger),
        clock_is_back=till.clock_is_back(),
    )


def name_of(till: Till, customer_id: str) -> str:
    """Return a customer's name, a dash when it was erased."""
    person = ledger_customers.person(till.ledger, customer_id)
    return person.name if person else "—"
