"""What is possible and yet hardly meant is told with its line, and never keeps a programme from use."""

import pytest

from terminal.rules.document import doubts_about, read_programme

HEAD = 'name = "Club"\nnumber = 1\nvalid_from = 2026-01-01\ncurrency = "UAH"\n'
EARN = '[[earn]]\nkind = "per-amount"\npoints = 1\nper = 10\n'
REDEEM = "[redeem]\nmoney_per_point = 1\n"
TIER = '[[tiers]]\ncode = "gold"\nname = "Gold"\nfrom_spend = 100\nmultiplier = 10\n'
OFFER = '[[offers]]\nkind = "percent"\ncode = "a"\nname = "A"\npercent = 5\n'
MEMBERSHIP = '[[memberships]]\ncode = "club"\nname = "Club"\nprice = 10\ndays = 30\n'
ACTION = '[[actions]]\ncode = "{code}"\nname = "A"\npoints = 5\nhow_often = "{how_often}"\n'
NOTICE = '[[notices]]\nchange = "{change}"\nchannel = "sms"\n'


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (EARN + REDEEM, []),
        (EARN + REDEEM + TIER, ["earn[0].points"]),
        ('[[earn]]\nkind = "cashback"\npercent = 10\n' + REDEEM + TIER, ["earn[0].percent"]),
        (EARN + 'best_of = "main"\n', ["earn[0].best_of"]),
        (OFFER + "needs_code = true\n", ["offers[0].needs_code"]),
        (OFFER + "when = { valid_until = 2025-12-31 }\n", ["offers[0].when.valid_until"]),
        (OFFER + "when = { valid_until = 2026-01-01 }\n", []),
        (MEMBERSHIP, ["memberships[0].code"]),
        (MEMBERSHIP + "free_delivery = true\n", []),
        (MEMBERSHIP + OFFER + 'who = { memberships = ["club"] }\n', []),
        (ACTION.format(code="birthday", how_often="once"), ["actions[0].code"]),
        (ACTION.format(code="birthday", how_often="year"), []),
        (ACTION.format(code="newsletter", how_often="each"), ["actions[0].how_often"]),
        (ACTION.format(code="review", how_often="each"), []),
        (NOTICE.format(change="expiring"), ["notices[0].change"]),
        (NOTICE.format(change="tier"), ["notices[0].change"]),
        (NOTICE.format(change="tier") + TIER, []),
        ('[tier_rules]\nperiod = "year"\n', ["tier_rules"]),
        (REDEEM, ["redeem"]),
    ],
)
def test_a_doubt_is_told_at_its_line(body: str, places: list[str]) -> None:
    text = HEAD + body
    told = doubts_about(read_programme(text), text)
    assert [doubt.place for doubt in told] == places
    lines = text.splitlines()
    assert all(doubt.place.rpartition(".")[2].partition("[")[0] in lines[doubt.line - 1] for doubt in told)
