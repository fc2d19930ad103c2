"""On every screen, in every size and language: targets of three rows, none covered, no label cut."""

import pytest
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Checkbox, Input

from tests.screens.stand import LARGE, MIDDLE, SMALL, ShopFloor, Stand, at_the_counter, keys_shown, shown
from tests.screens.tour import list_rows, tour

STOPS = """
Counter idle, Counter idle with the pad, Counter matches, Help help, HeldBills held bills, SalesList sales,
SlipView slip, Question question, TillStatus till, ManagerMenu manager, DayScreen day, ReportScreen report,
RegisterCustomer new customer: name, RegisterCustomer new customer: phone, Counter customer, Counter customer
with a quote, Counter customer with a part, Counter customer without the pad, CustomerMenu menu, HistoryList
history, SalesList customer's sales, TextQuestion new phone, TextQuestion note, Question block, CorrectionsMenu
corrections, FindBill find a bill, RefundDialog refund, TextQuestion a part, FindCustomer find a customer,
MergeDialog merge, Choices why, Question sure, PinQuestion second person, AuditList nothing to audit, AuditList
audit, Counter take-off, Counter done, Counter voided, PrintJobs slips waiting, Counter training, TillStatus
till in training, Lock lock
"""


def low_or_hidden(stand: Stand) -> list[str]:
    """What can be pressed but is lower than three rows, outside the terminal, or covered."""
    whole = Region(0, 0, *stand.app.size)
    wrong = []
    boxes: list[Widget] = [*stand.screen.query(Input), *stand.screen.query(Checkbox)]
    for target in [*stand.targets(), *(box for box in boxes if shown(box))]:
        region = target.region
        if region.height < 3 or region.width < 3 or not whole.contains_region(region):
            wrong.append(f"{target} {region}")
            continue
        on_top, _ = stand.screen.get_widget_at(region.x + region.width // 2, region.y + region.height // 2)
        if target not in on_top.ancestors_with_self:
            wrong.append(f"{target} is covered by {on_top}")
    wrong += [
        f"key {name} {place}"
        for name, _, place in keys_shown(stand.screen)
        if place.height < 3 or place.width < 3 or not whole.contains_region(place)
    ]
    wrong += [f"row {row}" for row in list_rows(stand) if row.height < 3]
    return wrong


def cut_labels(stand: Stand) -> list[str]:
    """Labels that do not stand on their button as a whole, or have a word broken."""
    cut = []
    for button in stand.targets():
        drawn = [button.render_line(row).text for row in range(button.size.height)]
        words = " ".join(" ".join(drawn).split())
        wanted = " ".join(f"{button._label} {button._key}".split())
        if words != wanted:
            cut.append(f"{wanted!r} is drawn as {words!r}")
    return cut


def keyless(stand: Stand) -> list[str]:
    """Buttons without a key of their own, beside the letters and digits that are keys."""
    return [button._label for button in stand.targets() if not button._key]


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
async def test_on_a_small_terminal_in_every_language(shop: ShopFloor, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    async with at_the_counter(shop, language=language, size=SMALL, by="manager") as stand:
        stops = [_look(stand, name, wrong) async for name in tour(stand)]
    assert not wrong, told(wrong)
    assert stops == " ".join(STOPS.split()).split(", ")


@pytest.mark.parametrize("size", [MIDDLE, LARGE], ids=["100x30", "200x50"])
async def test_on_larger_terminals(shop: ShopFloor, size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    async with at_the_counter(shop, language="uk", size=size, by="manager") as stand:
        async for name in tour(stand):
            _look(stand, name, wrong)
    assert not wrong, told(wrong)


def told(wrong: dict[str, list[str]]) -> str:
    """What is wrong, stop by stop."""
    return "\n".join(f"{name}:\n  " + "\n  ".join(found) for name, found in wrong.items())


def _look(stand: Stand, name: str, wrong: dict[str, list[str]]) -> str:
    """Look at one stop; write down what is wrong there. Return the screen with the stop's name."""
    found = low_or_hidden(stand) + cut_labels(stand) + keyless(stand)
    if stand.told().endswith("…"):
        found.append(f"the status line is cut: {stand.told()}")
    if found:
        wrong[name] = found
    return f"{type(stand.screen).__name__} {name}"
