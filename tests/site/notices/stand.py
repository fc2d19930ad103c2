"""What the notices are tested on: a programme that tells every change, a mail server, customers who agreed."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from sync.protocol import SentPerson
from sync.site.store import Store
from sync.site.telling import log
from tests.site.stand import PLAIN, Journal

NOTICES = (
    PLAIN.replace("number = 1", "number = 2")
    + "".join(
        f'[[notices]]\nchange = "{change}"\nchannel = "{channel}"\ndays_before = 7\n'
        for change, channel in (
            ("registration", "email"),
            ("earned", "email"),
            ("earned", "sms"),
            ("expiring", "email"),
            ("birthday", "sms"),
            ("order", "email"),
            ("tier", "email"),
            ("offer", "sms"),
        )
    )
    + """
[[tiers]]
code = "base"
name = "Гість"
from_spend = 0
[[tiers]]
code = "gold"
name = "Золотий"
from_spend = 1000
[[offers]]
kind = "percent"
code = "coffee"
name = "Кава зі знижкою"
percent = 10
personal = true
"""
)
SENDER = "club@shop.example"


class Postbox:
    """What a mail server took; it answers with `answer` where one is set."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"


def join(till: Journal, *, agreed: bool = True, phone: str = "380671234567", language: str = "uk") -> str:
    customer = till.new_id()
    till.people[customer] = SentPerson(
        customer_id=customer, name="Олена", phone=phone, email="olena@mail.example", language=language,
        birthday="1990-05-11", salt=b"s" * 16,
    )  # fmt: skip
    till.append(
        "register", {"consents": {"programme": True, "messages": agreed}, "person_hash": ""}, customer=customer
    )
    return customer


def states(store: Store) -> dict[str, str]:
    return {row.id.split("/")[0] + "/" + row.channel: row.state for row in log(store)}
