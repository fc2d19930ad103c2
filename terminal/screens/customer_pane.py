"""The counter with a customer: who it is, the bill, and the quote spelled out."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from terminal.desk import Profile, orders
from terminal.locale.words import Words
from terminal.rules.adjustment import Adjustment
from terminal.rules.bill import Bill
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Points, Refused, phrase
from terminal.rules.quote import Quote
from terminal.rules.text import safe_text
from terminal.screens.names import short_name
from terminal.screens.order_words import order_line
from terminal.screens.session import Session
from terminal.screens.touch import Touch

_BAR = 12
_CARD_WIDTH = 47
_LEAST_NAME = 16
_GOODS_WIDTH = 50


class CustomerPane(Horizontal):
    """Left: the customer's card, the bill, the quote. Right: lines, rewards, offers and notes."""

    DEFAULT_CSS = """
    CustomerPane {
        height: 1fr;
        & #main { width: 1fr; min-width: 50; height: 1fr; padding: 0 1; }
        & #card { height: auto; min-height: 6; }
        & #bill-row { height: 3; }
        & #amount { width: 1fr; border: tall $primary 60%; text-style: bold; }
        & #amount:focus { border: tall $accent; }
        & #advantages { width: 18; }
        & #redeem { width: 18; display: none; border: tall $primary 60%; }
        & #redeem:focus { border: tall $accent; }
        & #quote-scroll { height: 1fr; scrollbar-size-vertical: 1; }
        & #quote { height: auto; }
        & #details { width: 30; height: 1fr; padding: 0 1; background: $surface; scrollbar-size-vertical: 1; }
        & #details-text { height: auto; }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="customer")
        self._session = session

    def compose(self) -> ComposeResult:
        _ = self._session.words.gettext
        with Vertical(id="main"):
            yield Static(id="card", markup=False)
            with Horizontal(id="bill-row"):
                hint = _("Bill: the sum, or scan the goods")
                yield Input(placeholder=hint, id="amount", max_length=16, select_on_focus=False)
                yield Input(placeholder=_("Bonuses"), id="redeem", max_length=12)
                yield Touch(_("Rewards, codes"), "screen.advantages", "Ctrl+R", id="advantages")
            with VerticalScroll(id="quote-scroll", can_focus=False):
                yield Static(id="quote", markup=False)
        with VerticalScroll(id="details", can_focus=False):
            yield Static(id="details-text", markup=False)

    def show_customer(self, profile: Profile) -> None:
        """Draw the customer's card."""
        self.query_one("#card", Static).update(_card(self._session, profile))

    def offer_advantages(self, offered: bool) -> None:
        """Show the way to rewards and promo codes where the programme has some."""
        self.query_one("#advantages", Touch).display = offered

    def show_bill(self, profile: Profile, bill: Bill) -> None:
        """Draw the lines of the bill, or what else is worth telling this customer."""
        self.query_one("#details-text", Static).update(_details(self._session, profile, bill))

    def show_quote(self, quote: Quote | Refused | None) -> None:
        """Draw what would be taken off and earned."""
        self.query_one("#quote", Static).update(_quote(self._session, quote))


def _card(session: Session, profile: Profile) -> Content:
    words, _ = session.words, session.words.gettext
    person, standing = profile.person, profile.standing
    lines: list[Content] = [_name_line(session, profile)]
    spendable = [(words.points(profile.spendable), "bold $accent")]
    if profile.spendable_minor:
        spendable.append((f" = {words.money(profile.spendable_minor)}", "bold"))
    lines.append(Content.assemble(_("Can be spent now") + ": ", *spendable))
    lines += _beside_spendable(words, profile)
    if profile.pending and profile.pending_from:
        later = phrase(
            "Usable later: {points}, from {day}", points=Points(profile.pending), day=profile.pending_from
        )
        lines.append(Content(words.say(later)))
    if profile.expiring and profile.expiring_on:
        soon = phrase(
            "Expiring soon: {points}, last day {day}", points=Points(profile.expiring), day=profile.expiring_on
        )
        lines.append(Content.styled("! " + words.say(soon), "$warning"))
    if standing.next_tier is not None:
        full = _BAR * standing.progress_percent // 100
        name = safe_text(standing.next_tier.name)
        lines.append(
            Content.assemble(
                ("━" * full, "$primary"),
                ("━" * (_BAR - full), "dim"),
                " " + words.say(phrase("To “{tier}”", tier=name)) + ": ",
                (words.money(standing.missing_minor), "bold"),
            )
        )
    if profile.reachable:
        names = ", ".join(safe_text(reward.name) for reward in reversed(profile.reachable))
        lines.append(Content.assemble((_("Rewards") + ": ", "dim"), names).truncate(_CARD_WIDTH, ellipsis=True))
    lines += [
        Content.styled("» " + order_line(words, order), "$accent").truncate(_CARD_WIDTH, ellipsis=True)
        for order in orders.open_orders(session.till, person.customer_id)[:1]
    ]
    if profile.birthday_today:
        lines.append(Content.styled("★ " + _("Birthday today"), "bold $accent"))
    if person.note:
        lines.append(Content.styled("» " + safe_text(person.note), "$accent"))
    return Content("\n").join(lines)


def _beside_spendable(words: Words, profile: Profile) -> list[Content]:
    """The other two figures: what is known in all, and as of when; what is held elsewhere, and where."""
    lines: list[Content] = []
    if profile.known != profile.spendable:
        known = phrase("Balance in all: {points}", points=Points(profile.known))
        if profile.as_of_ms:
            moment = words.moment(profile.as_of_ms)
            known = phrase("Balance in all: {points}, {moment}", points=Points(profile.known), moment=moment)
        lines.append(Content(words.say(known)))
    if profile.elsewhere:
        holders = ", ".join(
            f"{held.name or words.gettext('the site')} {words.points_number(held.points)}"
            for held in profile.elsewhere
        )
        lines.append(Content.assemble((words.gettext("Held elsewhere") + ": ", "dim"), safe_text(holders)))
    if profile.stopped is not None:
        lines.append(Content.styled("! " + words.say(profile.stopped), "$warning"))
    return lines


def _name_line(session: Session, profile: Profile) -> Content:
    parts: list[tuple[str, str]] = []
    if profile.person.phone:
        parts.append((f"  {show_phone(profile.person.phone)}", "dim"))
    if profile.standing.tier is not None:
        parts.append((f"  ◆ {safe_text(profile.standing.tier.name)}", "bold $primary"))
    after = Content.assemble(*parts)
    room = max(_LEAST_NAME, _CARD_WIDTH - after.cell_length)
    return Content.assemble((short_name(profile.person.name, room), "bold"), after)


def _details(session: Session, profile: Profile, bill: Bill) -> Content:
    words, _ = session.words, session.words.gettext
    lines: list[Content] = []
    if any(line.sku for line in bill.lines):
        lines.append(Content.styled(_("Bill"), "bold $primary"))
        for line in bill.lines:
            pieces = f" ×{line.quantity_milli // 1000}" if line.quantity_milli != 1000 else ""
            lines.append(Content(f"{short_name(line.name, _GOODS_WIDTH)}{pieces}"))
            lines.append(Content.styled(f"  {words.money(line.total_minor)}", "dim"))
    if profile.offers:
        lines.append(Content.styled(_("Offers"), "bold $primary"))
        lines += [Content(f"• {safe_text(offer.title)}") for offer in profile.offers]
    if profile.reachable:
        lines.append(Content.styled(_("Rewards within reach"), "bold $primary"))
        lines += [
            Content.assemble(f"• {safe_text(reward.name)} ", (words.points_number(reward.points), "dim"))
            for reward in profile.reachable
        ]
    return Content("\n").join(lines)


def _quote(session: Session, quote: Quote | Refused | None) -> Content:
    words, _ = session.words, session.words.gettext
    if quote is None:
        return Content.styled(_("Type the bill's sum, or scan the goods."), "dim")
    if isinstance(quote, Refused):
        return Content.styled("! " + words.say(quote.reason), "$warning")
    lines: list[Content] = []
    if quote.taken_off_minor:
        lines.append(_row(_("Take off"), words.money(quote.taken_off_minor), "bold $accent"))
    if not quote.redeem_points:
        most = f"{words.money(quote.max_taken_off_minor)} ({words.points_number(quote.max_redeem_points)})"
        lines.append(_row(_("Can be taken off"), most, "bold"))
    if quote.max_reason is not None:
        lines.append(Content.styled("  " + words.say(quote.max_reason), "dim"))
    lines.append(_row(_("To pay"), words.money(quote.pay_minor), "bold"))
    lines.append(_row(_("Will be earned"), f"+{words.points_number(quote.earned_points)}", "bold $primary"))
    lines += [Content.styled(_step(session, step), "dim") for step in quote.adjustments]
    for earning in quote.earnings:
        if earning.available_from > quote.on:
            later = phrase("usable from {day}", day=earning.available_from)
            lines.append(Content.styled("  " + words.say(later), "dim"))
    lines += [Content.styled("! " + words.say(one.reason), "$warning") for one in quote.left_out]
    return Content("\n").join(lines)


def _step(session: Session, step: Adjustment) -> str:
    """One step in words, with what it takes off and what it does to the points."""
    words = session.words
    told = f"  {words.say(step.words)}"
    if step.money_minor:
        told += f"  {words.money(-step.money_minor)}"
    if step.points:
        told += f"  {'+' if step.points > 0 else ''}{words.points_number(step.points)}"
    return told


def _row(label: str, value: str, style: str) -> Content:
    return Content.assemble(f"{label:<18} ", (value, style))
