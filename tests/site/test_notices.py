"""What customers are told: queued with the change, once, only by consent; over a real SMTP server and a gateway."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import update

from sync.protocol import SentPerson
from sync.site.night import nightly
from sync.site.notice_table import notice
from sync.site.notice_ways import Gateway, Mail, NoticeError, Sms, Smtp, read_telling, ways_of
from sync.site.notice_words import CHANGES, LANGUAGES, PLACES, Words
from sync.site.notices import queue_days
from sync.site.offers import give
from sync.site.shop import publish
from sync.site.store import Store
from sync.site.tables import consent
from sync.site.telling import MOST_TRIES, again, log, preview, tell_due
from tests.site.stand import PLAIN, Clock, Journal, Site

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


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(postbox: Postbox) -> Iterator[Mail]:
    """Mail by a real SMTP server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield Mail(Smtp(host="127.0.0.1", port=port, security="none", sender=SENDER))
    controller.stop()


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, list[dict[str, Any]], list[int]]]:
    """An SMS provider's address: what it took, and the statuses that it answers with, the last one for ever."""
    taken: list[dict[str, Any]] = []
    statuses = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            if status < 300:
                taken.append(body | {"token": self.headers.get("Authorization", "")})
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Gateway(Sms(url=f"http://127.0.0.1:{server.server_port}/send")), taken, statuses
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def till(site: Site) -> Journal:
    published = publish(site.store, NOTICES)
    assert not isinstance(published, str), published
    return site.till("Каса 1")


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


def test_a_change_is_told_once_by_mail_in_the_customers_language(
    site: Site, till: Journal, mail: Mail, postbox: Postbox
) -> None:
    customer = join(till)
    till.earn(customer, 25)
    site.push(till)
    site.push(till)
    told = tell_due(site.store, {"email": mail}, Words())
    assert (told.sent, told.later, told.given_up) == (2, 0, 0)
    assert tell_due(site.store, {"email": mail}, Words()).sent == 0
    earned = next(one for one in postbox.messages if "25" in one["Subject"])
    assert (earned["From"], earned["To"]) == (SENDER, "olena@mail.example")
    assert earned["Subject"] == "Крамниця: вам нараховано 25 бонусів"
    assert "Ваш баланс: 25 бонусів." in earned.get_content()
    assert states(site.store) == {"registration/email": "sent", "earned/email": "sent", "earned/sms": "queued"}


def test_who_did_not_agree_is_told_nothing(site: Site, till: Journal) -> None:
    till.earn(join(till, agreed=False), 25)
    site.push(till)
    assert log(site.store) == []


def test_who_takes_the_consent_back_is_no_longer_told(
    site: Site, till: Journal, mail: Mail, postbox: Postbox
) -> None:
    customer = join(till)
    site.push(till)
    with site.store.writing() as connection:
        connection.execute(
            update(consent)
            .where(consent.c.customer_id == customer, consent.c.purpose == "messages")
            .values(given=False)
        )
    assert tell_due(site.store, {"email": mail}, Words()).given_up == 1
    assert postbox.messages == []
    assert states(site.store) == {"registration/email": "dropped"}


def test_a_text_message_goes_to_the_gateway_with_its_id(
    site: Site, till: Journal, gateway: tuple[Gateway, list[dict[str, Any]], list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TILLMATE_SMS_TOKEN", "secret")
    way, taken, _ = gateway
    customer = join(till, language="pl")
    till.earn(customer, 3)
    site.push(till)
    assert tell_due(site.store, {"sms": way}, Words()).sent == 1
    assert taken[0]["to"] == "+380671234567"
    assert taken[0]["text"] == "Крамниця: +3 bonusy, saldo 3 bonusy."
    assert taken[0]["token"] == "Bearer secret"
    assert customer in taken[0]["id"]


def test_what_is_not_taken_is_tried_again_later_and_given_up_in_the_end(
    site: Site, till: Journal, clock: Clock, gateway: tuple[Gateway, list[dict[str, Any]], list[int]]
) -> None:
    way, taken, statuses = gateway
    statuses[:] = [503]
    till.earn(join(till), 3)
    site.push(till)
    assert tell_due(site.store, {"sms": way}, Words()).later == 1
    assert tell_due(site.store, {"sms": way}, Words()).later == 0, "not before its time"
    for _ in range(MOST_TRIES - 1):
        clock.now_ms += 10 * 60 * 60 * 1000
        tell_due(site.store, {"sms": way}, Words())
    assert states(site.store)["earned/sms"] == "failed"
    row = next(row for row in log(site.store) if row.channel == "sms")
    assert "503" in row.fault
    statuses[:] = [200]
    assert again(site.store, row.customer_id, row.id)
    assert tell_due(site.store, {"sms": way}, Words()).sent == 1
    assert len(taken) == 1
    assert not again(site.store, row.customer_id, row.id), "what was sent is not sent again"


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    site: Site, till: Journal, mail: Mail, postbox: Postbox
) -> None:
    join(till)
    site.push(till)
    postbox.answer = "550 no such mailbox"
    told = tell_due(site.store, {"email": mail}, Words())
    assert (told.sent, told.later, told.given_up) == (0, 0, 1)
    assert states(site.store) == {"registration/email": "failed"}


def test_a_server_that_is_not_there_loses_nothing(site: Site, till: Journal) -> None:
    join(till)
    site.push(till)
    nowhere = Mail(Smtp(host="127.0.0.1", port=1, security="none", sender=SENDER))
    assert tell_due(site.store, {"email": nowhere}, Words()).later == 1
    assert states(site.store) == {"registration/email": "queued"}


def test_one_that_was_being_sent_when_the_power_went_is_left_to_a_person(
    site: Site, till: Journal, clock: Clock, mail: Mail, postbox: Postbox
) -> None:
    join(till)
    site.push(till)
    with site.store.writing() as connection:
        connection.execute(update(notice).values(state="sending", due_ms=clock()))
    clock.now_ms += 60 * 60 * 1000
    assert tell_due(site.store, {"email": mail}, Words()).sent == 0
    assert (states(site.store), postbox.messages) == ({"registration/email": "unknown"}, [])


def test_bonuses_that_expire_and_birthdays_are_told_ahead_once(site: Site, till: Journal) -> None:
    customer = join(till)
    till.earn(customer, 5, expires_on="2026-05-11")
    till.earn(customer, 7, expires_on="2026-05-11")
    till.earn(customer, 9, expires_on="2026-06-30")
    site.push(till)
    assert queue_days(site.store, date(2026, 5, 4)) == 2
    assert queue_days(site.store, date(2026, 5, 4)) == 0
    texts = {message.id.split("/")[0]: message.text for message in preview(site.store, Words())}
    assert "12 бонусів" in texts["expiring"]
    assert "11 травня 2026" in texts["expiring"]
    assert texts["birthday"] == "Крамниця: з днем народження, Олена!"


TIER_WORDS = {
    "uk": "Ваш рівень тепер «Золотий».",
    "pl": "Twój poziom to teraz „Золотий”.",
    "ru": "Ваш уровень теперь «Золотий».",
    "en": "your tier is “Золотий” now.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sale_that_moves_a_tier_is_told_once_in_the_customers_language(
    site: Site, till: Journal, mail: Mail, postbox: Postbox, language: str
) -> None:
    customer = join(till, language=language)
    till.sell(customer, 60_000)
    site.push(till)
    assert "tier/email" not in states(site.store), "everybody begins with the first tier"
    sale = till.sell(customer, 50_000)
    site.push(till)
    assert site.account(till, customer).tier == "gold"
    assert nightly(site.store)
    site.push(till)
    assert [one["id"] for one in tier_rows(site.store)] == ["tier/2026-05-04/gold/email"]
    assert any(TIER_WORDS[language] in one.text for one in preview(site.store, Words()))
    assert tell_due(site.store, {"email": mail}, Words()).sent == 2
    assert sum("Золотий" in one["Subject"] for one in postbox.messages) == 1
    assert sum(TIER_WORDS[language] in one.get_content() for one in postbox.messages) == 1

    till.append("void", {"number": 1}, customer=customer, sale=sale)
    site.push(till)
    assert site.account(till, customer).tier == "base"
    assert [one["id"] for one in tier_rows(site.store)] == [
        "tier/2026-05-04/base/email",
        "tier/2026-05-04/gold/email",
    ]


def tier_rows(store: Store) -> list[dict[str, Any]]:
    rows = [dict(row._mapping) for row in log(store) if row.change == "tier"]
    return sorted(rows, key=lambda row: str(row["id"]))


def test_a_tier_that_the_night_moves_is_told_once(site: Site, till: Journal) -> None:
    rolling = NOTICES.replace("number = 2", "number = 3") + '[tier_rules]\nperiod = "rolling"\ndays = 30\n'
    assert not isinstance(publish(site.store, rolling), str)
    customer, other = join(till), join(till, agreed=False, phone="380671234568")
    for whose in (customer, other):
        till.sell(whose, 150_000)
    site.push(till)
    assert [row["id"] for row in tier_rows(site.store)] == ["tier/2026-05-04/gold/email"]
    site.clock.now_ms += 40 * 24 * 60 * 60 * 1000
    for _ in range(2):
        nightly(site.store)
    assert [(row["customer_id"], row["id"]) for row in tier_rows(site.store)] == [
        (customer, "tier/2026-05-04/gold/email"),
        (customer, "tier/2026-06-13/base/email"),
    ]


OFFER_WORDS = {
    "uk": "Крамниця: Кава зі знижкою, до 31 травня 2026",
    "pl": "Крамниця: Кава зі знижкою, do 31 maja 2026",
    "ru": "Крамниця: Кава зі знижкою, до 31 мая 2026",
    "en": "Крамниця: Кава зі знижкою, until May 31, 2026",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_personal_offer_is_told_once_in_the_customers_language(
    site: Site, till: Journal, gateway: tuple[Gateway, list[dict[str, Any]], list[int]], language: str
) -> None:
    way, taken, _ = gateway
    customer, silent = join(till, language=language), join(till, agreed=False, phone="380671234568")
    site.push(till)
    for _ in range(2):
        given = give(site.store, "coffee", [customer, silent], (date(2026, 5, 4), date(2026, 5, 31)), "console")
        assert given == 2
    (waiting,) = (one for one in preview(site.store, Words()) if one.channel == "sms")
    assert waiting.text.startswith(OFFER_WORDS[language])
    for _ in range(2):
        tell_due(site.store, {"sms": way}, Words())
    assert [(one["to"], one["text"]) for one in taken] == [("+380671234567", waiting.text)]


def test_a_birthday_on_29_february_is_told_in_every_year(site: Site, till: Journal) -> None:
    customer = join(till)
    till.people[customer] = msgspec.structs.replace(till.people[customer], birthday="1992-02-29")
    site.push(till)
    told = {day: queue_days(site.store, day) for day in (date(2027, 2, 21), date(2028, 2, 21), date(2028, 2, 22))}
    assert list(told.values()) == [1, 0, 1]


def test_two_notices_ahead_of_the_same_day_are_both_told(site: Site, till: Journal) -> None:
    twice = NOTICES.replace("number = 2", "number = 3")
    twice += '[[notices]]\nchange = "expiring"\nchannel = "email"\ndays_before = 1\n'
    assert not isinstance(publish(site.store, twice), str)
    till.earn(join(till), 5, expires_on="2026-05-11")
    site.push(till)
    assert [queue_days(site.store, date(2026, 5, day)) for day in (4, 5, 10)] == [2, 0, 1]


def test_an_owner_changes_words(site: Site, till: Journal, tmp_path: Path) -> None:
    (tmp_path / "uk.toml").write_text('[registration]\nsubject = "Привіт, {name}"\n', encoding="utf-8")
    join(till)
    site.push(till)
    (message,) = preview(site.store, Words(tmp_path))
    assert message.subject == "Привіт, Олена"
    assert "Тепер ви у програмі" in message.text


@pytest.mark.parametrize(
    "text",
    [
        '[earned]\nsms = "{pionts}"',
        '[earned]\nsms = "{"',
        "[earned]\nsms = 1",
        "[earned",
        '[earned]\nsms = "{name.x}"',
    ],
)
def test_words_that_can_not_be_filled_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "uk.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError, match=r"uk\.toml"):
        Words(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_change_has_words_in_every_language(language: str, change: str, channel: str) -> None:
    values = {place: f"<{place}>" for place in PLACES} | {"state": "paid"}
    subject, text = Words().write(language, change, channel, "", values)
    assert "<shop>" in subject + text
    assert "{" not in subject + text


def test_a_name_is_data_and_no_template(site: Site, till: Journal) -> None:
    customer = join(till)
    till.people[customer] = SentPerson(
        customer_id=customer, name="{balance}\r\nBcc: x@y.z", phone="380671234567", email="a@b.c", salt=b"s"
    )
    site.push(till)
    (message,) = preview(site.store, Words())
    assert "{balance}" in message.text
    assert "\n" not in message.subject
    assert "\nBcc" not in message.text


@pytest.mark.parametrize(
    "text",
    ["[smtp]\nhost = 1", '[smtp]\nhost = "x"\nsender = "a"\nsecurity = "ssl3"', '[fax]\nurl = "x"', "["],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notices.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError):
        ways_of(read_telling(path))


def test_the_gateways_address_is_one_of_the_web() -> None:
    with pytest.raises(NoticeError):
        ways_of(read_telling_of('[sms]\nurl = "file:///etc/passwd"'))


def read_telling_of(text: str) -> Any:
    import tomllib

    import msgspec

    from sync.site.notice_ways import Telling

    return msgspec.convert(tomllib.loads(text), Telling)
