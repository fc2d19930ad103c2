"""A scenario while it runs: its till, the time, who was registered and what was sold so far."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from terminal import desk
from terminal.desk.groups import put_in_group
from terminal.desk.scenario import NOBODY, CustomerTable, Figure, Step
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger.customers import Offer
from terminal.ledger.shop import Operator
from terminal.rules.money import minor_units
from terminal.rules.phrase import Phrase, Refused
from terminal.rules.programme import Programme

BY = Operator("scenario", "Scenario", "manager")

Got = dict[str, object]


@dataclass(slots=True)
class ScenarioRun:
    """One scenario on its own till. Money is in minor units inside, as the owner writes it outside."""

    till: Till
    programme: Programme
    now: datetime
    tables: tuple[CustomerTable, ...]
    customers: dict[str, str] = field(default_factory=dict)
    sales: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    refused: Phrase | None = None

    def whose(self, step: Step) -> str:
        """The id of the step's customer, the first one where none is named; "" for nobody."""
        if step.customer == NOBODY:
            return ""
        return self.customers[step.customer] if step.customer else next(iter(self.customers.values()))

    def minor(self, money: Figure) -> int:
        """Minor units of a sum as the owner writes it."""
        return minor_units(Decimal(money), self.programme.currency_decimals)

    def units(self, points: Figure) -> int:
        """Units of points as the owner writes them."""
        return minor_units(Decimal(points), self.programme.points_decimals)

    def money(self, minor: int) -> Decimal:
        """A sum as the owner writes it."""
        return Decimal(minor).scaleb(-self.programme.currency_decimals)

    def points(self, units: int) -> Decimal:
        """Points as the owner writes them."""
        return Decimal(units).scaleb(-self.programme.points_decimals)


def bring(run: ScenarioRun, name: str) -> None:
    """Register a customer of the file, with what they bring along."""
    number, told = next((number, one) for number, one in enumerate(run.tables, 1) if one.name == name)
    new = desk.NewCustomer(
        told.name,
        f"067555{number:04d}",
        told.card,
        told.email,
        told.birthday,
        told.language,
        agreed=True,
        messages_agreed=told.subscribed,
    )
    customer_id = desk.register(run.till, new, BY)
    assert not isinstance(customer_id, Refused), customer_id
    run.customers[told.name] = customer_id
    desk.open_account(
        run.till, customer_id, points=run.units(told.points), spend_minor=run.minor(told.spent), by=BY
    )
    if told.group:
        put_in_group(run.till, customer_id, told.group, BY)
    if told.brought_by:
        refused = desk.refer(run.till, customer_id, run.customers[told.brought_by], BY)
        assert refused is None, refused
    with run.till.ledger.atomic():
        for code in told.offers:
            ledger_customers.add_offer(run.till.ledger, customer_id, Offer(code, code, date.min, date.max))
