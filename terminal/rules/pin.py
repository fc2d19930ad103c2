"""What may be somebody's PIN: the same at a till and on the site."""

from terminal.rules.phrase import Refused, phrase

PIN_DIGITS = range(4, 9)


def refuse_pin(pin: str) -> Refused | None:
    """Say why a PIN can't be somebody's; None when it can."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        return Refused(phrase("A PIN has 4 to 8 digits."), "pin")
    if len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210":
        return Refused(phrase("This PIN is too easy to guess. Choose another."), "pin")
    return None
