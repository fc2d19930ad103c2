"""Card numbers: their form, their check digit, and the payment cards that must never be kept."""

import re

from terminal.rules.phrase import Refused, phrase

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{3,63}")
_PAYMENT = re.compile(r"4\d{12,18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{11,17}|6\d{12,18}|9792\d{12}")


def ean13_valid(digits: str) -> bool:
    """Tell whether 13 digits end in the right check digit (GS1 General Specifications, 7.9)."""
    if len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return weighted % 10 == 0


def ean13_check_digit(first_twelve: str) -> str:
    """Return the check digit for 12 digits."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return str(-weighted % 10)


def luhn_valid(digits: str) -> bool:
    """Tell whether the digits pass the check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_payment_card(text: str) -> bool:
    """Tell whether this is the number of a bank card: 13 to 19 digits, an issuer's prefix, and the Luhn check.

    Thirteen digits with a right EAN-13 check digit are a barcode: no issuer has given out 13 digits for decades.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdigit() and 13 <= len(digits) <= 19):
        return False
    return not ean13_valid(digits) and _PAYMENT.fullmatch(digits) is not None and luhn_valid(digits)


def read_card(text: str) -> str | Refused:
    """Return a loyalty card's number in its one form (capitals, no spaces), or why it is not one.

    Thirteen digits must have the right EAN-13 check digit. A payment card is refused without repeating it.
    """
    if is_payment_card(text):
        return Refused(phrase("This is a bank card. Scan the loyalty card; the number was not kept."), "card")
    number = re.sub(r"\s", "", text).upper()
    if not number.isascii() or _NUMBER.fullmatch(number) is None:
        return Refused(phrase("“{text}” can't be a card number.", text=text[:40]), "card")
    if len(number) == 13 and number.isdigit() and not ean13_valid(number):
        return Refused(
            phrase("Card {number} has a wrong check digit. Scan it again or check the digits.", number=number),
            "card",
        )
    return number
