"""Running a scenario: its steps through the use-cases of every day, on a scratch ledger, figure by figure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random

from terminal import desk
from terminal.desk.scenario import Scenario, Step
from terminal.desk.scenario_notices import Telling
from terminal.desk.scenario_state import Got, ScenarioRun, bring
from terminal.desk.scenario_steps import take_step
from terminal.desk.till import Shop, Till
from terminal.ledger import marks as ledger_marks
from terminal.ledger import shop as ledger_shop
from terminal.ledger.key import KEY_BYTES
from terminal.ledger.opening import create_ledger
from terminal.ledger.verify import verify_ledger
from terminal.rules.document import read_programme
from terminal.rules.phrase import Phrase

_NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one step: what was expected, what came of it, and whether they are the same."""

    step: int
    did: str
    figure: str
    expected: str
    got: str
    same: bool


def run_scenario(scenario: Scenario, document: str, folder: Path) -> tuple[list[Compared], tuple[Phrase, ...]]:
    """Run every step; return the figures compared, and what is wrong with the ledger afterwards (nothing)."""
    programme = read_programme(document)
    chance = Random(1)
    ledger = create_ledger(folder / "scenario.db", chance.randbytes(KEY_BYTES), "scenario", durable=False)
    with ledger:
        start = datetime.combine(scenario.starts_on, _NOON, UTC)
        shop = Shop("Scenario", (), "en", programme.currency, "UA", UTC)
        run = ScenarioRun(Till(ledger, lambda: run.now, chance, shop), programme, start, scenario.customers)
        with ledger.atomic():
            ledger_shop.publish(ledger, programme.number, programme.valid_from, document, 0)
        for customer in scenario.customers:
            if not customer.later:
                bring(run, customer.name)
        telling = Telling(run)
        compared: list[Compared] = []
        for number, step in enumerate(scenario.steps, 1):
            got = take_step(run, step) | telling.after(step)
            compared += _compare(run, number, step, got)
        return compared, verify_ledger(ledger).faults


def _compare(run: ScenarioRun, number: int, step: Step, got: Got) -> list[Compared]:
    got |= _standing(run, step)
    got["refused"] = run.refused is not None
    compared = []
    for figure in step.expect.__struct_fields__:
        expected = getattr(step.expect, figure)
        if expected is not None:
            found = got.get(figure)
            compared.append(Compared(number, step.do, figure, _said(expected), _said(found), expected == found))
    if run.refused is not None and step.expect.refused is None:
        why = run.refused.text.format(**dict(run.refused.values))
        compared.append(Compared(number, step.do, "refused", "false", f"true: {why}", same=False))
    return compared


def _standing(run: ScenarioRun, step: Step) -> Got:
    """What the step's customer has after it."""
    customer_id = run.whose(step)
    profile = desk.profile(run.till, customer_id) if customer_id else None
    if not isinstance(profile, desk.Profile):
        return {"balance": Decimal(0)} if customer_id else {}
    tier = profile.standing.tier
    return {
        "balance": run.points(profile.known),
        "spendable": run.points(profile.spendable),
        "pending": run.points(profile.pending),
        "tier": tier.code if tier else "",
        "stamps": ledger_marks.marks_of(run.till.ledger, customer_id).stamps,
        "within_reach": tuple(reward.code for reward in profile.reachable),
        "balance_text": run.till.words().points_number(profile.known),
    }


def _said(figure: object) -> str:
    match figure:
        case None:
            return "—"
        case bool():
            return str(figure).lower()
        case tuple() | list():
            return ", ".join(map(_said, figure))
        case dict():
            return ", ".join(f"{code} {count}" for code, count in sorted(figure.items()))
        case _:
            return str(figure)
