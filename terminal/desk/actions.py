"""Actions: points for something other than buying, such as a birthday, a review or a verified address."""

from datetime import date, timedelta

from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import marks as ledger_marks
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.programme import Action, Programme
from terminal.rules.quote import lot_to_be
from terminal.rules.text import safe_text

REGISTRATION = "registration"
BIRTHDAY = "birthday"


def act(till: Till, customer_id: str, code: str, by: Operator, about: str = "") -> int | Refused:
    """Book an action of a customer and its points; return the balance after it (units).

    `about` names what an action that may happen often was about (a review's number): never twice for the same.
    """
    with till.ledger.atomic():
        at_ms = till.now_ms()
        today = till.day_of(at_ms)
        programme = till.programme(today)
        if isinstance(programme, Refused):
            return programme
        action = next((action for action in programme.actions if action.code == code), None)
        if action is None:
            return Refused(phrase("This programme gives nothing for “{action}”.", action=safe_text(code)), "action")
        person = ledger_customers.person(till.ledger, customer_id)
        if person is None:
            return Refused(phrase("This customer is no longer here. Find them again."), "find")
        mark = _mark(action, today, safe_text(about))
        done = ledger_marks.marks_of(till.ledger, customer_id).actions
        reason = _why_not(action, mark, done, person.birthday, today)
        if reason is not None:
            return Refused(reason, "action")
        return _book(till, programme, action, customer_id, mark, by, at_ms)


def act_once_registered(till: Till, customer_id: str, by: Operator) -> None:
    """Reward a registration, where the programme does; in the registration's own transaction."""
    programme = till.programme(till.today())
    if not isinstance(programme, Refused) and any(action.code == REGISTRATION for action in programme.actions):
        act(till, customer_id, REGISTRATION, by)


def _book(
    till: Till, programme: Programme, action: Action, customer_id: str, mark: str, by: Operator, at_ms: int
) -> int:
    usable = till.day_of(at_ms) + timedelta(days=action.pending_days)
    earning = lot_to_be(programme, int(action.points), usable)
    payload = {"action": action.code, "marks": [["action", mark, 1]], "lot": earning.lot_facts()}
    till.ledger.append(till.draft("action", by.id, at_ms, payload, points=earning.points, customer_id=customer_id))
    totals = ledger_customers.totals(till.ledger, customer_id)
    assert totals is not None
    return totals.points


def _mark(action: Action, today: date, about: str) -> str:
    match action.how_often:
        case "once":
            return action.code
        case "year":
            return f"{action.code}/{today.year}"
        case "each":
            return f"{action.code}/{about}"


def _why_not(action: Action, mark: str, done: dict[str, int], birthday: date | None, today: date) -> Phrase | None:
    if action.how_often == "each" and mark.endswith("/"):
        return phrase("Say what “{action}” is about, such as its number.", action=action.name)
    if done.get(mark, 0) > 0:
        return phrase("“{action}” was rewarded already.", action=action.name)
    if action.code == BIRTHDAY:
        if birthday is None:
            return phrase("This customer's birthday is not known.")
        if (birthday.month, birthday.day) != (today.month, today.day):
            return phrase("Today is not this customer's birthday.")
    return None
