"""The steps of a scenario, each through the use-case that the till calls for it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from terminal import desk
from terminal.desk.orders import hold_order, pay_order, place_order
from terminal.desk.scenario import Step
from terminal.desk.scenario_state import BY, Got, ScenarioRun, bring
from terminal.ledger import customers as ledger_customers
from terminal.ledger.customers import Offer
from terminal.rules.bill import Bill, Line, bill_of_total
from terminal.rules.money import split
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL, Quote
from terminal.rules.wish import Claim

_HOLD_HOURS = 24 * 365
"""No order of a scenario lapses: it is paid by a step, or not at all."""


def take_step(run: ScenarioRun, step: Step) -> Got:
    """Do one step; return the figures it gives. What is refused is kept in `run.refused`."""
    run.refused = None
    if step.at:
        run.now = datetime.combine(run.now.date(), time.fromisoformat(step.at), run.now.tzinfo)
    done = _STEPS[step.do](run, step)
    if isinstance(done, Refused):
        run.refused = done.reason
        return {}
    return done


def _sale(run: ScenarioRun, step: Step) -> Got | Refused:
    shown = _quoted(run, step)
    if isinstance(shown, Refused):
        return shown
    done = desk.complete(run.till, shown, _bill(run, step), BY)
    if isinstance(done, Refused):
        return done
    run.sales.append(done.sale.id)
    return _figures_of(run, shown)


def _quote(run: ScenarioRun, step: Step) -> Got | Refused:
    shown = _quoted(run, step)
    return shown if isinstance(shown, Refused) else _figures_of(run, shown)


def _quoted(run: ScenarioRun, step: Step) -> Quote | Refused:
    redeem = ALL if step.redeem_most else run.units(step.redeem)
    claims = [Claim(code, times) for code, times in step.claim.items()]
    return desk.quote(run.till, run.whose(step), _bill(run, step), redeem, step.codes, claims, step.channel)


def _figures_of(run: ScenarioRun, shown: Quote) -> Got:
    return {
        "earned": run.points(shown.earned_points),
        "spent": run.points(shown.spent_points),
        "taken_off": run.money(shown.taken_off_minor),
        "discount": run.money(shown.discount_minor),
        "off_lines": tuple(run.money(off) for off in shown.off_lines),
        "applied": tuple(dict.fromkeys(step.code for step in shown.adjustments if step.code and step.money_minor)),
        "left_out": len(shown.left_out),
        "free_delivery": shown.free_delivery,
        "to_pay": run.money(shown.pay_minor),
        "most": run.points(shown.max_redeem_points),
    }


def _refund(run: ScenarioRun, step: Step) -> Got | Refused:
    sale_id = run.sales[step.sale - 1]
    shown = desk.show_refund(run.till, sale_id)
    if step.part is not None and isinstance(shown, desk.RefundShown):
        left = [
            line.total_minor - before
            for line, before in zip(shown.sold.lines, shown.before.line_minor, strict=True)
        ]
        shown = desk.show_refund(run.till, sale_id, tuple(split(run.minor(step.part), left)))
    if isinstance(shown, Refused):
        return shown
    done = desk.refund(run.till, shown, BY)
    if isinstance(done, Refused):
        return done
    given = shown.refund
    return {
        "paid_back": run.money(given.back_minor),
        "clawed_back": run.points(-sum(move.points for move in given.clawed)),
        "returned": run.points(given.returned_points),
    }


def _cancel(run: ScenarioRun, step: Step) -> Got | Refused:
    """Take all of a sale back: void it while it is the last one, else refund it."""
    sale_id = run.sales[step.sale - 1]
    last = desk.last_sale(run.till)
    if last is not None and last.id == sale_id and not isinstance(desk.void(run.till, sale_id, BY), Refused):
        return {}
    return _refund(run, step)


def _void(run: ScenarioRun, step: Step) -> Got | Refused:
    done = desk.void(run.till, run.sales[-1], BY)
    return done if isinstance(done, Refused) else {}


def _order(run: ScenarioRun, step: Step) -> Got | Refused:
    """Make an order as a manager does: its bonuses are held, then it waits to be paid."""
    shown = _quoted(run, step)
    if isinstance(shown, Refused):
        return shown
    held = hold_order(run.till, shown, _bill(run, step), BY, _HOLD_HOURS)
    if isinstance(held, Refused):
        return held
    placed = place_order(run.till, held.number, BY, _HOLD_HOURS)
    assert not isinstance(placed, Refused), placed
    run.orders.append(held.number)
    return _figures_of(run, shown)


def _pay(run: ScenarioRun, step: Step) -> Got | Refused:
    done = pay_order(run.till, run.orders[step.order - 1], BY)
    if isinstance(done, Refused):
        return done
    run.sales.append(done.sale.id)
    return {"earned": run.points(done.sale.earned), "spent": run.points(done.sale.redeemed)}


def _adjust(run: ScenarioRun, step: Step) -> Got | Refused:
    done = desk.adjust(run.till, run.whose(step), run.units(step.points), "scenario", BY)
    return done if isinstance(done, Refused) else {}


def _merge(run: ScenarioRun, step: Step) -> Got | Refused:
    done = desk.merge(run.till, run.whose(step), run.customers[step.into], BY)
    return done if isinstance(done, Refused) else {}


def _action(run: ScenarioRun, step: Step) -> Got | Refused:
    before = _balance(run, step)
    done = desk.act(run.till, run.whose(step), step.code, BY, step.about)
    return done if isinstance(done, Refused) else {"earned": run.points(done - before)}


def _balance(run: ScenarioRun, step: Step) -> int:
    profile = desk.profile(run.till, run.whose(step))
    return profile.known if isinstance(profile, desk.Profile) else 0


def _join(run: ScenarioRun, step: Step) -> Got | Refused:
    done = desk.join(run.till, run.whose(step), step.code, BY)
    return {"until": done} if isinstance(done, date) else done


def _refer(run: ScenarioRun, step: Step) -> Got | Refused:
    return desk.refer(run.till, run.whose(step), run.customers[step.referrer], BY) or {}


def _offer(run: ScenarioRun, step: Step) -> Got | Refused:
    """Give the customer a personal offer, as the site does: for today and so many days after it."""
    title = next((offer.name for offer in run.programme.offers if offer.code == step.code), step.code)
    given = Offer(step.code, title, run.now.date(), run.now.date() + timedelta(days=step.days))
    with run.till.ledger.atomic():
        ledger_customers.add_offer(run.till.ledger, run.whose(step), given)
    return {}


def _register(run: ScenarioRun, step: Step) -> Got | Refused:
    bring(run, step.customer)
    return {}


def _advance(run: ScenarioRun, step: Step) -> Got | Refused:
    run.now += timedelta(days=step.days)
    return {}


def _nightly(run: ScenarioRun, step: Step) -> Got | Refused:
    return {"expired": run.points(desk.expire(run.till))}


def _show(run: ScenarioRun, step: Step) -> Got | Refused:
    return {}


_STEPS: dict[str, Callable[[ScenarioRun, Step], Got | Refused]] = {
    "sale": _sale,
    "quote": _quote,
    "refund": _refund,
    "cancel": _cancel,
    "void": _void,
    "order": _order,
    "pay": _pay,
    "adjust": _adjust,
    "merge": _merge,
    "action": _action,
    "join": _join,
    "refer": _refer,
    "offer": _offer,
    "register": _register,
    "advance": _advance,
    "nightly": _nightly,
    "show": _show,
}


def _bill(run: ScenarioRun, step: Step) -> Bill:
    if step.total is not None:
        return bill_of_total(run.minor(step.total))
    return Bill(
        tuple(
            Line(
                line.name or line.sku,
                run.minor(line.price * line.quantity),
                int(Decimal(line.quantity) * 1000),
                line.sku,
                line.category,
                line.brand,
                line.reduced,
                int(Decimal(line.tax) * 100),
            )
            for line in step.lines
        )
    )
