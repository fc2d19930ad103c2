"""Notices of changes: queued with the change, once, only by consent."""

from datetime import date
from typing import Any

import pytest

from sync.site.night import nightly
from sync.site.notice_ways import Gateway, Mail
from sync.site.notice_words import LANGUAGES, Words
from sync.site.offers import give
from sync.site.shop import publish
from sync.site.store import Store
from sync.site.telling import log, preview, tell_due
from tests.site.notices.stand import NOTICES, Postbox, join, states
from tests.site.stand import Journal, Site


def test_who_did_not_agree_is_told_nothing(site: Site, till: Journal) -> None:
    till.earn(join(till, agreed=False), 25)
    site.push(till)
    assert log(site.store) == []


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
