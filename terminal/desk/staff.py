"""The staff at the till: PINs that are slow to guess, and a lock-out that survives pulling the plug."""

import hashlib
import hmac
from typing import TYPE_CHECKING

from terminal.desk.till import Till, milliseconds
from terminal.ledger import shop as ledger_shop
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.pin import refuse_pin
from terminal.rules.text import safe_text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FREE_FAILURES = 5
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 15 * 60


def operators(till: Till) -> list[Operator]:
    """Return who may unlock this till."""
    return ledger_shop.operators(till.ledger)


def add_operator(till: Till, name: str, role: str, pin: str) -> Operator | Refused:
    """Add a cashier or manager with a PIN of 4 to 8 digits."""
    shown = safe_text(name)
    if not shown:
        return Refused(phrase("Type the name."), "name")
    weak = refuse_pin(pin)
    if weak is not None:
        return weak
    if any(person.name == shown for person in operators(till)):
        return Refused(phrase("{name} works here already. Take another name.", name=shown), "name")
    operator = Operator(till.new_id(till.now_ms()), shown, role)
    hashed = _hasher().hash(_peppered(till, pin))
    with till.ledger.atomic():
        ledger_shop.add_operator(till.ledger, operator, hashed)
    return operator


def change_pin(till: Till, name: str, pin: str) -> Operator | Refused:
    """Give somebody another PIN and forget the wrong tries."""
    weak = refuse_pin(pin)
    if weak is not None:
        return weak
    operator = _named(till, name)
    if isinstance(operator, Operator):
        hashed = _hasher().hash(_peppered(till, pin))
        with till.ledger.atomic():
            ledger_shop.add_operator(till.ledger, operator, hashed)
            ledger_shop.clear_pin_failures(till.ledger, operator.id)
    return operator


def remove_operator(till: Till, name: str) -> Operator | Refused:
    """Take somebody off the staff; the last manager stays."""
    operator = _named(till, name)
    if isinstance(operator, Refused):
        return operator
    managers = [person for person in operators(till) if person.role == "manager"]
    if managers == [operator]:
        return Refused(phrase("{name} is the last manager. Add another one first.", name=operator.name), "name")
    with till.ledger.atomic():
        ledger_shop.retire_operator(till.ledger, operator.id)
    return operator


def _named(till: Till, name: str) -> Operator | Refused:
    wanted = safe_text(name)
    found = [person for person in operators(till) if person.name == wanted]
    return found[0] if found else Refused(phrase("Nobody called {name} works here.", name=wanted), "name")


def unlock(till: Till, operator_id: str, pin: str) -> Operator | Refused:
    """Check a PIN. The failure is counted durably before the check, so that no crash gives a free try."""
    from argon2.exceptions import VerifyMismatchError

    hashed = ledger_shop.pin_hash(till.ledger, operator_id)
    if hashed is None:
        return Refused(phrase("This person no longer works at this till."), "pin")
    wait_s = locked_for_s(till, operator_id)
    if wait_s:
        _count_from_now_if_clock_is_back(till, operator_id)
        return Refused(phrase("Too many wrong PINs. Wait {seconds} s.", seconds=wait_s), "pin")
    with till.ledger.atomic():
        ledger_shop.count_pin_failure(till.ledger, operator_id, milliseconds(till.clock()))
    try:
        _hasher().verify(hashed, _peppered(till, pin, ledger_shop.pin_pepper(till.ledger, operator_id)))
    except VerifyMismatchError:
        left = FREE_FAILURES - ledger_shop.pin_failures(till.ledger, operator_id)[0]
        if left > 0:
            return Refused(phrase("Wrong PIN. Tries left: {left}.", left=left), "pin")
        return Refused(phrase("Wrong PIN. Wait {seconds} s.", seconds=locked_for_s(till, operator_id)), "pin")
    with till.ledger.atomic():
        ledger_shop.clear_pin_failures(till.ledger, operator_id)
    return next(operator for operator in operators(till) if operator.id == operator_id)


def locked_for_s(till: Till, operator_id: str) -> int:
    """Return the seconds until somebody may try again: 1 minute after 5 failures, doubling up to 15.

    Counted on the machine's own clock, since the till's stands still until a clock set back has caught up.
    """
    failures, last_ms = ledger_shop.pin_failures(till.ledger, operator_id)
    if failures < FREE_FAILURES:
        return 0
    wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S << min(failures - FREE_FAILURES, 8))
    return max(0, wait_s - max(0, milliseconds(till.clock()) - last_ms) // 1000)


def _count_from_now_if_clock_is_back(till: Till, operator_id: str) -> None:
    """Begin the wait anew when the clock stands before the last failure: it would last until the clock is there."""
    now_ms = milliseconds(till.clock())
    if now_ms < ledger_shop.pin_failures(till.ledger, operator_id)[1]:
        with till.ledger.atomic():
            ledger_shop.restart_pin_wait(till.ledger, operator_id, now_ms)


def _peppered(till: Till, pin: str, of_site: bytes | None = None) -> str:
    """Mix the device's key in, or what the site's staff has: the hash alone gives four digits away in minutes."""
    return hmac.new(of_site or till.pepper, pin.encode(), hashlib.sha256).hexdigest()


def _hasher() -> "PasswordHasher":
    """Argon2id with OWASP's 19 MiB and two passes: about 30 ms on a small till."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
