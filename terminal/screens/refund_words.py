"""What a refund would do, in lines: money paid back, bonuses taken and returned, the balance after it."""

from dataclasses import dataclass

from textual.content import Content

from terminal.desk import RefundShown
from terminal.locale.words import Words
from terminal.rules.phrase import Money, Phrase, Points, Refused, phrase


@dataclass(frozen=True, slots=True)
class RefundLine:
    """A line of the bill: what is left of it and how much of that was chosen, in minor units."""

    name: str
    left_minor: int
    chosen_minor: int


def title_of(shown: RefundShown) -> Phrase:
    """Which bill it is."""
    return phrase(
        "Refund of sale No. {number}, {till}, {sum}",
        number=shown.sale.number,
        till=shown.terminal_id,
        sum=Money(shown.sale.total_minor),
    )


def lines_of(words: Words, shown: RefundShown, left: tuple[int, ...], chosen: tuple[int, ...]) -> list[RefundLine]:
    """The lines of the bill with what is left and what was chosen; a bill that was typed is one line."""
    return [
        RefundLine(line.name or words.gettext("The bill"), left_minor, chosen_minor)
        for line, left_minor, chosen_minor in zip(shown.sold.lines, left, chosen, strict=True)
    ]


def effects(words: Words, shown: RefundShown | Refused) -> Content:
    """Each figure that the customer will ask about, or why it can't be done."""
    if isinstance(shown, Refused):
        return Content.styled(f"! {words.say(shown.reason)}", "bold $warning")
    _, given = words.gettext, shown.refund
    before = sum(shown.before.line_minor)
    told: list[tuple[str, str]] = []
    if before:
        told.append((_("Refunded before"), words.money(before)))
    told.append((_("Goods brought back"), words.money(sum(given.line_minor))))
    by_points = sum(given.line_minor) - given.back_minor - given.cut_minor
    if by_points:
        told.append((_("Of it paid with bonuses"), words.money(by_points)))
    if given.cut_minor:
        told.append((_("Kept for spent bonuses"), "-" + words.money(given.cut_minor)))
    rows = [_row(label, value) for label, value in told]
    rows += [Content(""), _row(_("PAY BACK"), words.money(given.back_minor), "bold $accent"), Content("")]
    rows.append(_row(_("Bonuses returned"), f"+{words.points_number(given.returned_points)}"))
    if given.revived_points:
        until = phrase("of them {points} until {day}", points=Points(given.revived_points), day=given.revived_until)
        rows.append(Content.styled("  " + words.say(until), "dim"))
    rows.append(_row(_("Bonuses taken back"), f"-{words.points_number(given.taken_points)}"))
    if given.owed_points:
        owed = phrase("of them {points} owed: the next ones fill it", points=Points(given.owed_points))
        rows.append(Content.styled("  " + words.say(owed), "$warning"))
    if shown.referral_points:
        rows.append(_row(_("Referral bonuses gone"), f"-{words.points_number(shown.referral_points)}"))
    rows.append(_row(_("Balance after it"), words.points_number(shown.balance_after), "bold"))
    return Content("\n").join(rows)


def _row(label: str, value: str, style: str = "") -> Content:
    return Content.assemble((f"{label:<24} ", style), (f"{value:>13}", style or "bold"))
