"""What verdicts, causes and steps of a check of write-offs are called, and what to change."""

from terminal.rules.conditions import Channel
from terminal.rules.definitions import Definition
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.verdict import Cause, Verdict

VERDICTS: dict[Verdict, Phrase] = {
    Verdict.WORKS: phrase("works"),
    Verdict.NOT_APPLIED: phrase("not applied"),
    Verdict.WRONG_AMOUNT: phrase("wrong amount"),
    Verdict.APPLIED_TWICE: phrase("applied twice"),
    Verdict.NEVER_RELEASED: phrase("held, never released"),
    Verdict.MONEY_OWED: phrase("money is owed"),
    Verdict.NOT_FOUND: phrase("customer not found"),
    Verdict.NOT_ASKED: phrase("not asked for"),
    Verdict.OUTSIDE: phrase("outside the check"),
}

CHANNELS: dict[Channel, Phrase] = {
    "site": phrase("Site"),
    "manager": phrase("Manager"),
    "store": phrase("Store"),
}

ADVICE: dict[Cause, Phrase] = {
    Cause.PAST: phrase(
        "Not in the journal: {count}. These orders were booked past the till. Make every order at the till, before"
        " the register prints its bill."
    ),
    Cause.UNASKED: phrase(
        "Nobody asked for bonuses that could be taken: {count}. Let the till's question be read out: “Shall we use"
        " your bonuses?”"
    ),
    Cause.UNDONE: phrase(
        "Bonuses were wanted and none were taken: {count}. In the manager's steps, the step of bonuses comes before"
        " the payment; it can't be made up for after."
    ),
    Cause.AMOUNT: phrase(
        "Another number of bonuses was taken than was wanted: {count}. Compare the limits of the programme (maximum"
        " share, minimum bill, floor) with what customers are promised."
    ),
    Cause.WORTH: phrase(
        "What was taken off does not fit the bonuses: {count}. Check who else changes bills beside the till, and"
        " whether the programme was changed between the order and its payment."
    ),
    Cause.TOTAL: phrase(
        "The list and the journal name different sums: {count}. A bill was changed after it was quoted, or the list"
        " has another sum."
    ),
    Cause.TWICE: phrase(
        "Booked more than once: {count}. Refund the second one; pay an order by its slip, not by a new sale."
    ),
    Cause.HELD: phrase(
        "Bonuses are held for orders that nobody will pay: {count}. Let the till run, which frees them in time, or"
        " cancel these orders."
    ),
    Cause.OWED: phrase(
        "Paid, or paid back, at two places: {count}. Open each of these orders at the till: it names the sum. Press"
        " F9 once it has changed hands."
    ),
    Cause.NOBODY: phrase(
        "Customers that are not known here: {count}. Register them at the first purchase, check the typed phones,"
        " and let the till sync."
    ),
    Cause.PROGRAMME: phrase(
        "The programme takes nothing on these bills although the customers have bonuses: {count}. Look at the"
        " maximum share, the minimum bill, the floor and the waiting days: tillmate programme explain."
    ),
    Cause.UNTOLD: phrase(
        "The site has not told this till of these orders: {count}. Let it sync: tillmate sync once."
    ),
    Cause.ELSEWHERE: phrase(
        "Orders whose balance of then is known to the site alone: {count}. The site proves its own books by:"
        " tillmate site verify."
    ),
}
"""What follows from each cause, with how many orders have it; in the order in which it is told."""

STEPS = {
    "order:held": phrase("bonuses held"),
    "order:placed": phrase("agreed, waits for payment"),
    "order:paid": phrase("order paid"),
    "order:issued": phrase("goods issued"),
    "order:closed": phrase("closed"),
    "order:cancelled": phrase("cancelled"),
    "order:returned": phrase("returned"),
    "sale": phrase("sale booked"),
    "redeem": phrase("bonuses taken"),
    "restore": phrase("bonuses returned"),
    "earn": phrase("bonuses earned"),
    "refund": phrase("refund"),
    "clawback": phrase("earned bonuses taken back"),
}


def _ours(name: str, title: Phrase, says: Phrase) -> Definition:
    return Definition(name, title, says, "", "")


SUMMARY = _ours(
    "summary",
    phrase("Do write-offs work?"),
    phrase(
        "Each order is held against its customer's entries: what they had just before it, what the programme in"
        " force then allowed, and what was done. Works: what was to be taken was taken, once, and is worth what the"
        " bill went down by. Outside the check: no bonuses then, not registered then, or nothing to be taken."
    ),
)
PROBLEMS = _ours("problems", phrase("Problems"), phrase("Every order that somebody has to look into, and why."))
STEPS_TAKEN = _ours(
    "steps",
    phrase("What really happened"),
    phrase("The entries of the orders above, in their order, from the journal: it can't be changed afterwards."),
)
ADVISED = _ours(
    "advice", phrase("What to change"), phrase("It follows from the causes above; the commonest first.")
)
PROBED = _ours(
    "probe",
    phrase("Tried on a copy"),
    phrase(
        "On a copy of the ledger, a store sale and a manager's order were made for each customer, all the way to"
        " the payment; for the site, an order on a scratch site with the same programme and as many bonuses. The"
        " real ledger was not touched."
    ),
)
ALL_ORDERS = _ours("orders", phrase("All orders"), phrase("Each with its verdict and why."))
BAD_LINES = _ours("lines", phrase("Lines that can't be read"), phrase("They were left out; the rest was checked."))
TRIED: dict[bool | None, Phrase] = {
    True: phrase("takes bonuses"),
    False: phrase("does not take bonuses"),
    None: phrase("nothing to take"),
}
