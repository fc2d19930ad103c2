"""A programme put in force on a till without a site, which is its own publisher."""

from terminal.desk.till import Till
from terminal.ledger import shop as ledger_shop
from terminal.rules.document import ProgrammeError, located, read_programme
from terminal.rules.programme import Programme
from terminal.rules.succession import Before, out_of_line


def publish_programme(till: Till, document: str) -> Programme:
    """Check a programme's TOML against the shop and its versions so far, and store it as the next version.

    Raises ProgrammeError with every mistake; then the programme in force stays so.
    """
    programme = read_programme(document)
    with till.ledger.atomic():
        findings = list(out_of_line(programme, _before(till)))
        if findings:
            raise ProgrammeError(located(document, findings))
        ledger_shop.publish(till.ledger, programme.number, programme.valid_from, document, till.now_ms())
    return programme


def _before(till: Till) -> Before:
    versions = ledger_shop.programme_versions(till.ledger)
    categories = ledger_shop.categories(till.ledger)
    if not versions:
        return Before(till.shop.currency, till.today(), categories=categories)
    number, _, newest = versions[-1]
    return Before(
        till.shop.currency,
        till.today(),
        number,
        max(first_day for _, first_day, _ in versions),
        read_programme(newest).points_decimals,
        ledger_shop.points_exist(till.ledger),
        categories,
    )
