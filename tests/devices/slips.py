"""A slip in a till's print queue, for tests."""

from printers.document import Cut, Document, Text, document_to_json
from terminal.ledger import queues
from terminal.ledger.ledger import Ledger

SLIP = Document((Text("Їжак і ґава"), Cut()))


def queue_slip(ledger: Ledger, document: str = document_to_json(SLIP)) -> int:
    with ledger.atomic():
        return queues.queue_print(ledger, document, 0)


def state_of(ledger: Ledger, job: int) -> str:
    found = queues.print_job(ledger, job)
    assert found is not None
    return found.state
