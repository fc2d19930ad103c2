"""What customers are told in a scenario: by the rule that the site queues notices by, from what a step changed."""

from collections.abc import Iterator

from terminal import desk
from terminal.desk.scenario import Step
from terminal.desk.scenario_state import Got, ScenarioRun
from terminal.ledger import belonging as ledger_belonging
from terminal.ledger import customers as ledger_customers
from terminal.rules.notices import (
    MESSAGES,
    Addressee,
    Change,
    ToTell,
    day_changes,
    entry_changes,
    notices_of,
    offer_change,
    tier_changes,
)
from terminal.rules.tiers import MOVING

_MOST_ENTRIES = 10_000


class Telling:
    """What was told so far, and what tells a change: the journal's last entry and everybody's tier before a step.

    As on the site, a tier moves with an entry that it hangs on, or at night.
    """

    def __init__(self, run: ScenarioRun) -> None:
        self._run = run
        self._ids: set[tuple[str, str]] = set()
        self._seq = run.till.ledger.last_seq()
        self._tiers = {customer_id: self._tier(customer_id) for customer_id in run.customers.values()}

    def after(self, step: Step) -> Got:
        """Return what the step's customer is told after it, and in which words."""
        told = [one for one in self._told(step) if (one.customer_id, one.id) not in self._ids]
        self._ids |= {(one.customer_id, one.id) for one in told}
        mine = [one for one in told if one.customer_id == self._run.whose(step)]
        return {
            "told": tuple(f"{one.change}/{one.channel}" for one in mine),
            "words": tuple(f"{one.language}/{one.template}" for one in mine),
        }

    def _told(self, step: Step) -> list[ToTell]:
        run = self._run
        changes = list(self._changes(step))
        people = {customer_id: self._addressee(customer_id) for customer_id in run.customers.values()}
        return notices_of(run.programme.notices, changes, people, run.till.shop.language)

    def _changes(self, step: Step) -> Iterator[Change]:
        run = self._run
        on, ids = run.now.date(), run.customers.values()
        new = run.till.ledger.entries(after=self._seq, limit=_MOST_ENTRIES)
        self._seq = run.till.ledger.last_seq()
        yield from entry_changes(new)
        night = step.do == "nightly"
        moving = set(ids) if night else {one.customer_id for one in new if one.kind in MOVING}
        for customer_id in (one for one in ids if one in moving):
            before, after = self._tiers.get(customer_id), self._tier(customer_id)
            yield from tier_changes(run.programme, customer_id, before, after, on)
            self._tiers[customer_id] = after
        if step.do == "offer":
            for offer in ledger_customers.offers_of(run.till.ledger, run.whose(step), on):
                if offer.id == step.code:
                    yield offer_change(run.whose(step), offer.id, offer.title, offer.valid_until)
        for rule in run.programme.notices if night else ():
            for customer_id in ids:
                lots = ledger_customers.open_lots(run.till.ledger, customer_id)
                person = ledger_customers.person(run.till.ledger, customer_id)
                yield from day_changes(rule, customer_id, lots, person.birthday if person else None, on)

    def _tier(self, customer_id: str) -> str | None:
        profile = desk.profile(self._run.till, customer_id)
        tier = profile.standing.tier if isinstance(profile, desk.Profile) else None
        return tier.code if tier else None

    def _addressee(self, customer_id: str) -> Addressee:
        person = ledger_customers.person(self._run.till.ledger, customer_id)
        agreed = ledger_belonging.agreed(self._run.till.ledger, customer_id, MESSAGES)
        if person is None:
            return Addressee(agreed=False)
        return Addressee(agreed, person.email, person.phone, person.language)
