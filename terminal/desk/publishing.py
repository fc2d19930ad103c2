"""A programme put in force on a till without a site, which is its own publisher."""

from terminal.desk.till import Till
from terminal.ledger import shop as ledger_shop
from terminal.rules.document import read_programme
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.programme import Programme


def publish_programme(till: Till, document: str) -> Programme | Refused:
    """Check a programme's TOML against the shop and its versions so far, and store it as the next version.

    Raises ProgrammeError when the document itself is wrong.
    """
    programme = read_programme(document)
    with till.ledger.atomic():
        reason = _why_not(till, programme)
        if reason is not None:
            return Refused(reason, "programme")
        ledger_shop.publish(till.ledger, programme.number, programme.valid_from, document, till.now_ms())
    return programme


def _why_not(till: Till, programme: Programme) -> Phrase | None:
    if programme.currency != till.shop.currency:
        return phrase(
            "The programme counts in {programme}, the shop in {shop}.",
            programme=programme.currency,
            shop=till.shop.currency,
        )
    versions = ledger_shop.programme_versions(till.ledger)
    if not versions:
        return None
    number, _, newest = versions[-1]
    if programme.number <= number:
        return phrase("Version {number} was published already. Give this one number {next}.",
                      number=number, next=number + 1)  # fmt: skip
    first_day = max(valid_from for _, valid_from, _ in versions)
    if programme.valid_from < first_day:
        return phrase("Another version begins on {day}. Let this one begin then or later.", day=first_day)
    # The ledger counts in the smallest part of a point: with other decimals every balance would mean another sum.
    decimals = read_programme(newest).points_decimals
    if programme.points_decimals != decimals:
        return phrase("Decimals of bonuses here: {decimals}. That can't be changed.", decimals=decimals)
    return None
