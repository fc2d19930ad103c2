"""Slips on their way to paper: what waits, what a person must decide, and what was printed for a sale."""

from dataclasses import dataclass

from printers.document import Document, Text, document_from_json, document_to_json
from terminal.desk.till import Till
from terminal.ledger import queues
from terminal.ledger import sales as ledger_sales


@dataclass(frozen=True, slots=True)
class Waiting:
    """A slip that is not on paper for certain; `state` is queued, sending or unknown, `document` its JSON."""

    id: int
    sale_number: int | None
    at_ms: int
    state: str
    document: str


def waiting_slips(till: Till) -> list[Waiting]:
    """Return the slips that are not on paper for certain, oldest first."""
    found = []
    for job in queues.open_prints(till.ledger):
        sale = ledger_sales.sale(till.ledger, job.sale_id) if job.sale_id else None
        found.append(Waiting(job.id, sale.number if sale else None, job.created_ms, job.state, job.document))
    return found


def slips_in_doubt(till: Till) -> bool:
    """Whether a person is to say of a slip if it came out."""
    return queues.asks_about_slips(till.ledger)


def print_again(till: Till, job_id: int) -> None:
    """Queue a slip again. One that may be on paper already is marked as a copy."""
    with till.ledger.atomic():
        job = queues.print_job(till.ledger, job_id)
        if job is None or job.state not in ("unknown", "sending"):
            return
        queues.set_print_state(till.ledger, job_id, "dropped")
        slip = document_from_json(job.document)
        mark = Text(till.words().gettext("COPY"), align="center", bold=True)
        copy = document_to_json(Document((mark, *slip.elements)))
        queues.queue_print(till.ledger, copy, till.now_ms(), job.sale_id, is_copy=True)


def drop_slip(till: Till, job_id: int) -> None:
    """Forget a slip; the sale stays as it is. Of one in doubt this says that it came out, which is kept."""
    with till.ledger.atomic():
        job = queues.print_job(till.ledger, job_id)
        if job is not None and job.state == "unknown":
            till.ledger.set_fact(queues.SEEN, job.fault)
        queues.set_print_state(till.ledger, job_id, "dropped")


def slip_of(till: Till, sale_id: str) -> str:
    """Return the JSON of the last slip that was made for a sale."""
    return queues.prints_of_sale(till.ledger, sale_id)[-1].document
