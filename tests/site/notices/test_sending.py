"""Notices on their way: over a real SMTP server and a gateway, once, tried again, given up, or left to a person."""

from typing import Any

import pytest
from sqlalchemy import update

from sync.site.notice_table import notice
from sync.site.notice_ways import Gateway, Mail, Smtp
from sync.site.notice_words import Words
from sync.site.tables import consent
from sync.site.telling import MOST_TRIES, again, log, tell_due
from tests.site.notices.stand import SENDER, Postbox, join, states
from tests.site.stand import Clock, Journal, Site


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
