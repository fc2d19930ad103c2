"""Running a scenario: its steps through the use-cases of every day, on a scratch ledger, figure by figure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from terminal import desk
from terminal.desk.scenario import Figure, Scenario, Step
from terminal.desk.till import Shop, Till
from terminal.ledger import shop as ledger_shop
from terminal.ledger.key import KEY_BYTES
from terminal.ledger.opening import create_ledger
from terminal.ledger.shop import Operator
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, Line, bill_of_total
from terminal.rules.document import read_programme
from terminal.rules.money import minor_units, split
from terminal.rules.phrase import Phrase, Refused
from terminal.rules.programme import Programme
from terminal.rules.quote import ALL, Quote

_NOON = time(12, 0)
_BY = Operator("scenario", "Scenario", "manager")

Got = dict[str, "Figure | str | bool"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one step: what was expected, what came of it, and whether they are the same."""

    step: int
    did: str
    figure: str
    expected: str
    got: str
    same: bool


@dataclass(slots=True)
class ScenarioRun:
    """One scenario on its own till. Money is in minor units inside, as the owner writes it outside."""

    till: Till
    programme: Programme
    now: datetime
    customers: dict[str, str] = field(default_factory=dict)
    sales: list[str] = field(default_factory=list)
    refused: Phrase | None = None


def run_scenario(scenario: Scenario, document: str, folder: Path) -> tuple[list[Compared], tuple[Phrase, ...]]:
    """Run every step; return the figures compared, and what is wrong with the ledger afterwards (nothing)."""
    programme = read_programme(document)
    chance = Random(1)
    ledger = create_ledger(folder / "scenario.db", chance.randbytes(KEY_BYTES), "scenario", durable=False)
    with ledger:
        start = datetime.combine(scenario.starts_on, _NOON, UTC)
        shop = Shop("Scenario", (), "en", programme.currency, "UA", UTC)
        run = ScenarioRun(Till(ledger, lambda: run.now, chance, shop), programme, start)
        with ledger.atomic():
            ledger_shop.publish(ledger, programme.number, programme.valid_from, document, 0)
        _bring_customers(run, scenario)
        compared: list[Compared] = []
        for number, step in enumerate(scenario.steps, 1):
            run.refused = None
            got = _STEPS[step.do](run, step)
            compared += _compare(run, number, step, got)
        return compared, verify_ledger(ledger).faults


def _bring_customers(run: ScenarioRun, scenario: Scenario) -> None:
    for number, told in enumerate(scenario.customers, 1):
        new = desk.NewCustomer(told.name, f"067555{number:04d}", agreed=True)
        customer_id = desk.register(run.till, new, _BY)
        assert not isinstance(customer_id, Refused), customer_id
        run.customers[told.name] = customer_id
        points, spend_minor = _units(run, told.points), _minor(run, told.spent)
        desk.open_account(run.till, customer_id, points=points, spend_minor=spend_minor, by=_BY)


def _sale(run: ScenarioRun, step: Step) -> Got:
    shown = _quoted(run, step)
    if isinstance(shown, Refused):
        return _refused(run, shown)
    done = desk.complete(run.till, shown, shown.bill, _BY)
    if isinstance(done, Refused):
        return _refused(run, done)
    run.sales.append(done.sale.id)
    return _figures_of(run, shown)


def _quote(run: ScenarioRun, step: Step) -> Got:
    shown = _quoted(run, step)
    return _refused(run, shown) if isinstance(shown, Refused) else _figures_of(run, shown)


def _quoted(run: ScenarioRun, step: Step) -> Quote | Refused:
    redeem = ALL if step.redeem_most else _units(run, step.redeem)
    return desk.quote(run.till, _whose(run, step), _bill(run, step), redeem)


def _figures_of(run: ScenarioRun, shown: Quote) -> Got:
    return {
        "earned": _points(run, shown.earned_points),
        "spent": _points(run, shown.redeem_points),
        "taken_off": _money(run, shown.taken_off_minor),
        "to_pay": _money(run, shown.pay_minor),
        "most": _points(run, shown.max_redeem_points),
    }


def _refund(run: ScenarioRun, step: Step) -> Got:
    sale_id = run.sales[step.sale - 1]
    shown = desk.show_refund(run.till, sale_id)
    if step.part is not None and isinstance(shown, desk.RefundShown):
        left = [
            line.total_minor - before
            for line, before in zip(shown.sold.lines, shown.before.line_minor, strict=True)
        ]
        shown = desk.show_refund(run.till, sale_id, tuple(split(_minor(run, step.part), left)))
    if isinstance(shown, Refused):
        return _refused(run, shown)
    done = desk.refund(run.till, shown, _BY)
    if isinstance(done, Refused):
        return _refused(run, done)
    given = shown.refund
    return {
        "paid_back": _money(run, given.back_minor),
        "clawed_back": _points(run, -sum(move.points for move in given.clawed)),
        "returned": _points(run, given.returned_points),
    }


def _void(run: ScenarioRun, step: Step) -> Got:
    done = desk.void(run.till, run.sales[-1], _BY)
    return _refused(run, done) if isinstance(done, Refused) else {}


def _adjust(run: ScenarioRun, step: Step) -> Got:
    done = desk.adjust(run.till, _whose(run, step), _units(run, step.points), "scenario", _BY)
    return _refused(run, done) if isinstance(done, Refused) else {}


def _merge(run: ScenarioRun, step: Step) -> Got:
    done = desk.merge(run.till, _whose(run, step), run.customers[step.into], _BY)
    return _refused(run, done) if isinstance(done, Refused) else {}


def _advance(run: ScenarioRun, step: Step) -> Got:
    run.now += timedelta(days=step.days)
    return {}


def _nightly(run: ScenarioRun, step: Step) -> Got:
    return {"expired": _points(run, desk.expire(run.till))}


def _show(run: ScenarioRun, step: Step) -> Got:
    return {}


_STEPS: dict[str, Callable[[ScenarioRun, Step], Got]] = {
    "sale": _sale,
    "quote": _quote,
    "refund": _refund,
    "void": _void,
    "adjust": _adjust,
    "merge": _merge,
    "advance": _advance,
    "nightly": _nightly,
    "show": _show,
}


def _refused(run: ScenarioRun, refused: Refused) -> Got:
    run.refused = refused.reason
    return {}


def _compare(run: ScenarioRun, number: int, step: Step, got: Got) -> list[Compared]:
    profile = desk.profile(run.till, _whose(run, step))
    if isinstance(profile, desk.Profile):
        tier = profile.standing.tier
        got |= {
            "balance": _points(run, profile.known),
            "spendable": _points(run, profile.spendable),
            "pending": _points(run, profile.pending),
            "tier": tier.code if tier else "",
        }
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


def _said(figure: object) -> str:
    return "—" if figure is None else str(figure).lower() if isinstance(figure, bool) else str(figure)


def _whose(run: ScenarioRun, step: Step) -> str:
    return run.customers[step.customer] if step.customer else next(iter(run.customers.values()))


def _bill(run: ScenarioRun, step: Step) -> Bill:
    if step.total is not None:
        return bill_of_total(_minor(run, step.total))
    return Bill(
        tuple(
            Line(
                line.name or line.sku,
                _minor(run, line.price * line.quantity),
                int(Decimal(line.quantity) * 1000),
                line.sku,
                line.category,
            )
            for line in step.lines
        )
    )


def _minor(run: ScenarioRun, money: Figure) -> int:
    return minor_units(Decimal(money), run.programme.currency_decimals)


def _units(run: ScenarioRun, points: Figure) -> int:
    return minor_units(Decimal(points), run.programme.points_decimals)


def _money(run: ScenarioRun, minor: int) -> Decimal:
    return Decimal(minor).scaleb(-run.programme.currency_decimals)


def _points(run: ScenarioRun, units: int) -> Decimal:
    return Decimal(units).scaleb(-run.programme.points_decimals)
