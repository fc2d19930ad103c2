"""Notices of what a day brings: points that expire soon, and birthdays."""

from datetime import date
from typing import Any

import msgspec
import pytest

from sync.site import notices
from sync.site.night import nightly
from sync.site.notice_words import Words
from sync.site.notices import queue_days
from sync.site.shop import publish
from sync.site.telling import log, preview
from terminal.rules.notices import Change, day_changes
from tests.site.notices.stand import NOTICES, join
from tests.site.stand import Journal, Site

DAY_MS = 24 * 60 * 60 * 1000


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


def ids(site: Site) -> list[str]:
    return sorted(row.id for row in log(site.store) if row.change in ("expiring", "birthday"))


def test_a_night_tells_what_the_missed_nights_before_it_would_have_told(site: Site, till: Journal) -> None:
    customer = join(till)
    for day in (12, 13, 14):
        till.earn(customer, 5, expires_on=f"2026-05-{day}")
    site.push(till)
    nightly(site.store)
    assert ids(site) == ["birthday/2026/7/sms"], "on 4 May, seven days ahead"
    site.clock.now_ms += 3 * DAY_MS
    for _ in range(2):
        nightly(site.store)
        assert ids(site) == [
            "birthday/2026/7/sms",
            *(f"expiring/2026-05-{day}/7/email" for day in (12, 13, 14)),
        ]


def test_a_missed_birthday_is_greeted_late_and_once_a_year(site: Site, till: Journal) -> None:
    join(till)
    site.push(till)
    assert queue_days(site.store, date(2026, 5, 3)) == 0
    assert queue_days(site.store, date(2026, 5, 6)) == 1, "born on 11 May: it was due on the 4th"
    assert [queue_days(site.store, date(2026, 5, day)) for day in (6, 7, 4, 5, 11)] == [0, 0, 0, 0, 0]
    assert queue_days(site.store, date(2027, 5, 4)) == 1


def test_nights_missed_for_longer_are_not_told(site: Site, till: Journal) -> None:
    customer = join(till)
    till.people[customer] = msgspec.structs.replace(till.people[customer], birthday="1990-06-10")
    for day in ("2026-05-20", "2026-06-17", "2026-06-18"):
        till.earn(customer, 5, expires_on=day)
    site.push(till)
    assert queue_days(site.store, date(2026, 5, 4)) == 0
    assert queue_days(site.store, date(2026, 6, 17)) == 1
    assert ids(site) == ["expiring/2026-06-18/7/email"], "the night of the 11th to the 17th, and of no day before"


def test_points_whose_last_day_is_over_are_not_told_of(site: Site, till: Journal) -> None:
    soon = NOTICES.replace("number = 2", "number = 3").replace("days_before = 7", "days_before = 1")
    assert not isinstance(publish(site.store, soon), str)
    customer = join(till)
    for day in ("2026-05-05", "2026-05-06"):
        till.earn(customer, 5, expires_on=day)
    site.push(till)
    queue_days(site.store, date(2026, 5, 3))
    assert queue_days(site.store, date(2026, 5, 6)) == 1
    assert ids(site) == ["expiring/2026-05-06/1/email"]


def test_a_night_that_stopped_half_way_misses_nothing(
    site: Site, till: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = join(till)
    for day in (12, 13):
        till.earn(customer, 5, expires_on=f"2026-05-{day}")
    site.push(till)
    queue_days(site.store, date(2026, 5, 3))
    left = 2

    def cut(*given: Any) -> list[Change]:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return day_changes(*given)

    with monkeypatch.context() as patch:
        patch.setattr(notices, "day_changes", cut)
        with pytest.raises(KeyboardInterrupt):
            queue_days(site.store, date(2026, 5, 7))
    queue_days(site.store, date(2026, 5, 7))
    assert ids(site) == ["birthday/2026/7/sms", "expiring/2026-05-12/7/email", "expiring/2026-05-13/7/email"]
