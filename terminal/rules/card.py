"""Card numbers: their form, their check digit, and the payment cards that must never be kept."""

import re

from terminal.rules.phrase import Refused, phrase

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{3,63}")
# The issuers' prefixes: Visa; Mastercard and Maestro; Mastercard and Mir; American Express; JCB; Diners; Maestro,
# UnionPay and Discover; Troy; Prostir; Uzcard; Humo.
_PAYMENT = re.compile(
    r"4\d{12,18}|5\d{12,18}|2[2-7]\d{14}|3[47]\d{13}|35\d{14,17}|3[0689]\d{12,17}|6\d{12,18}|9792\d{12}|9804\d{12}"
    r"|8600\d{12}|9860\d{12}"
)
_SHORTEST_PAN = 13
_RUN = re.compile(r"(?<![0-9+])[0-9](?:[\s./_-]{0,3}[0-9]){12,}")


def ean13_valid(digits: str) -> bool:
    """Tell whether 13 digits end in the right check digit (GS1 General Specifications, 7.9)."""
    if len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
        return False
    return _weighted(digits) % 10 == 0


def ean13_check_digit(first_twelve: str) -> str:
    """Return the check digit for 12 digits."""
    return str(-_weighted(first_twelve) % 10)


def _weighted(digits: str) -> int:
    return sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))


def luhn_valid(digits: str) -> bool:
    """Tell whether the digits pass the check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_payment_card(text: str) -> bool:
    """Tell whether there is a bank card's number in this: 13 to 19 digits, an issuer's prefix, and the Luhn check.

    Its groups may stand apart, and a magnetic stripe has more around it (%B4111…^NAME^…). Thirteen digits with a
    right EAN-13 check digit are a barcode: no issuer has given out 13 digits for decades. A plus begins a phone.
    """
    if len(text) < _SHORTEST_PAN:
        return False
    return any(_is_pan(re.sub(r"[^0-9]", "", run.group())) for run in _RUN.finditer(text))


def _is_pan(digits: str) -> bool:
    if not _SHORTEST_PAN <= len(digits) <= 19 or ean13_valid(digits):
        return False
    return _PAYMENT.fullmatch(digits) is not None and luhn_valid(digits)


def read_card(text: str) -> str | Refused:
    """Return a loyalty card's number in its one form (capitals, no spaces), or why it is not one.

    Thirteen digits must have the right EAN-13 check digit. A payment card is refused without repeating it.
    """
    if is_payment_card(text):
        return payment_card_refused("card")
    compact = re.sub(r"\s", "", text)
    number = compact.upper()
    if not compact.isascii() or _NUMBER.fullmatch(number) is None:
        return Refused(phrase("“{text}” can't be a card number.", text=text[:40]), "card")
    if len(number) == 13 and number.isdigit() and not ean13_valid(number):
        return Refused(
            phrase("Card {number} has a wrong check digit. Scan it again or check the digits.", number=number),
            "card",
        )
    return number


def payment_card_refused(field: str) -> Refused:
    """Say that a bank card was given in `field`, without repeating its number."""
    return Refused(phrase("This is a bank card. Scan the loyalty card; the number was not kept."), field)
