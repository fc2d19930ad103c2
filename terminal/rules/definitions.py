"""What each of the owner's figures means, and whose definition it is; it stands beside the figure."""

from dataclasses import dataclass

from terminal.rules.phrase import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name, its meaning as it is counted here, and a public source of it."""

    name: str
    title: Phrase
    says: Phrase
    source: str
    url: str


def _known(*definitions: Definition) -> dict[str, Definition]:
    return {definition.name: definition for definition in definitions}


DEFINITIONS = _known(
    Definition(
        "repeat",
        phrase("Repeat purchases"),
        phrase(
            "Customers with two purchases or more in the period, of all customers with one or more. Every sale that"
            " was not voided is a purchase; a refund does not undo one."
        ),
        "Wall Street Prep",
        "https://www.wallstreetprep.com/knowledge/repeat-purchase-rate/",
    ),
    Definition(
        "months",
        phrase("Month by month"),
        phrase(
            "Purchases per customer are sales divided by the customers who bought in the same month. New are those"
            " whose first purchase of all is in it."
        ),
        "Peel Insights",
        "https://www.peelinsights.com/glossary/purchase-frequency",
    ),
    Definition(
        "cohorts",
        phrase("Retention by the month of the first purchase"),
        phrase(
            "Of the customers whose first purchase of all is in a month, how many bought again in the first, second"
            " and later calendar month after it. Only cohorts that begin in the period."
        ),
        "Wikipedia, Cohort analysis",
        "https://en.wikipedia.org/wiki/Cohort_analysis",
    ),
    Definition(
        "bill",
        phrase("Average bill"),
        phrase(
            "The sum of bills divided by their number. With a card: the sales of this till, each of which has a"
            " customer. Without: what the register's own report counts in the same period beside them, as paid."
        ),
        "Omniconvert",
        "https://www.omniconvert.com/what-is/average-order-value-aov/",
    ),
    Definition(
        "frequency",
        phrase("Purchases per customer"),
        phrase("Sales of the period divided by the customers who bought in it."),
        "Peel Insights",
        "https://www.peelinsights.com/glossary/purchase-frequency",
    ),
    Definition(
        "churn",
        phrase("Customers lost"),
        phrase(
            "Nobody tells a shop that they leave. Lost are those who bought in the same number of days before, and"
            " have bought nothing in the last days of the period; divided by all who bought before."
        ),
        "Wikipedia, Churn rate",
        "https://en.wikipedia.org/wiki/Churn_rate",
    ),
    Definition(
        "redemption",
        phrase("Redemption rate"),
        phrase(
            "Bonuses spent in the period, divided by those given out in it: for purchases, as gifts, by correction."
            " What voids and refunds took back or returned is subtracted."
        ),
        "Customer Insight Group",
        "https://www.customerinsightgroup.com/loyaltyblog/loyalty-marketing/redemption-rates",
    ),
    Definition(
        "liability",
        phrase("Bonuses outstanding"),
        phrase(
            "All bonuses on the accounts, also those that can't be spent yet, at what they take off a bill by the"
            " programme in force: the most that they may cost. What accounts hold below zero is not subtracted."
        ),
        "IFRS 15, B39–B43, by IFRS Community",
        "https://ifrscommunity.com/knowledge-base/customer-loyalty-programmes/",
    ),
    Definition(
        "expiring",
        phrase("Expiring next month"),
        phrase("Bonuses whose last day is in the next calendar month, unless spent before, and whose they are."),
        "IFRS 15, B44–B47, by IFRS Community",
        "https://ifrscommunity.com/knowledge-base/revenue-from-customers-unexercised-rights-breakage/",
    ),
    Definition(
        "acquisition",
        phrase("Cost of a new customer"),
        phrase(
            "What was spent on winning customers, divided by those whose first purchase of all is in the period."
        ),
        "Wikipedia, Customer acquisition cost",
        "https://en.wikipedia.org/wiki/Customer_acquisition_cost",
    ),
    Definition(
        "offers",
        phrase("What offers brought"),
        phrase(
            "Difference in differences: how much more each customer with the offer paid in its days than in as many"
            " days before, less the same of those without it, times the customers with it. The return is that less"
            " the cost, divided by the cost. Only customers who were registered through all these days."
        ),
        "Wikipedia, Difference in differences",
        "https://en.wikipedia.org/wiki/Difference_in_differences",
    ),
    Definition(
        "tiers",
        phrase("Active by tier"),
        phrase(
            "Customers by the tier that the till gives them today, and how many of them bought in the period. What"
            " counts for a tier, and since when, is the programme's: spending or bonuses earned, to date or in its"
            " own periods, or a membership that was paid for."
        ),
        "Wikipedia, Loyalty program",
        "https://en.wikipedia.org/wiki/Loyalty_program",
    ),
    Definition(
        "health",
        phrase("The till"),
        phrase(
            "What waits and what is kept. Every entry is checked by: tillmate verify-ledger; everything else by:"
            " tillmate doctor."
        ),
        "",
        "",
    ),
)
"""By name, in the order of the report."""
