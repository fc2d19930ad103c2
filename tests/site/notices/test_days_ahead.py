"""Notices of what a day brings: points that expire soon, and birthdays."""

from datetime import date

import msgspec

from sync.site.notice_words import Words
from sync.site.notices import queue_days
from sync.site.shop import publish
from sync.site.telling import preview
from tests.site.notices.stand import NOTICES, join
from tests.site.stand import Journal, Site


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
