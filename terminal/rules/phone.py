"""Phones in the forms people say them, brought to one: the digits of E.164 without the plus."""

import re
from functools import cache

from terminal.rules.card import is_payment_card, payment_card_refused
from terminal.rules.phrase import Refused, phrase

_LAST_DIGITS = 4
_BETWEEN = str.maketrans("", "", " -()")


def read_phone(text: str, country: str) -> str | Refused:
    """Return the phone as E.164 digits (380671234567), read as somebody in `country` (ISO 3166) would mean it.

    Takes national forms (067 123-45-67), forms without the zero, the country's code without a plus, the old
    Ukrainian 8-0 prefix (80671234567) and foreign numbers with a plus. What is a possible number comes from the
    numbering plans in Google's libphonenumber.
    """
    if is_payment_card(text):
        return payment_card_refused("phone")
    digits = re.sub(r"\D", "", text)
    if not 7 <= len(digits) <= 15:
        return _impossible(text)
    mobile = plain_mobile(text, country)
    if mobile is not None:
        return mobile
    forms = [text]
    if not text.lstrip().startswith("+"):
        if country == "UA" and len(digits) == 11 and digits.startswith("80"):
            forms.insert(0, digits[1:])
        forms.append("+" + digits)
    for form in forms:
        number = _valid(form, country)
        if number is not None:
            return number
    return _impossible(text)


def plain_mobile(text: str, country: str) -> str | None:
    """Read a mobile of the country itself, written as nearly all are, without the library's long way.

    The caller has made sure that it is no bank card.
    """
    code, pattern = _mobiles(country)
    found = pattern.fullmatch(text.translate(_BETWEEN)) if pattern else None
    return code + (found["bare"] or found["after"]) if found else None


def last_digits(text: str) -> str | None:
    """Return the four digits when `text` is just the end of a phone, otherwise None."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if len(digits) == _LAST_DIGITS and digits.isascii() and digits.isdigit() else None


def show_phone(digits: str) -> str:
    """Return E.164 digits the way people write them internationally: +380 67 123 4567."""
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return "+" + digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@cache
def _mobiles(country: str) -> tuple[str, re.Pattern[str] | None]:
    """Return a country's code and the plain ways to write its mobiles: after the code, the trunk prefix or nothing.

    No pattern where more than that must be known: other prefixes, or numbers that may begin like the code.
    """
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(country)
    if plan is None or plan.national_prefix_for_parsing != plan.national_prefix:
        return "", None
    if plan.mobile is None or plan.general_desc is None:
        return "", None
    trunk = f"|{plan.national_prefix}" if plan.national_prefix else ""
    mobile = plan.mobile.national_number_pattern
    whole = plan.general_desc.national_number_pattern
    pattern = rf"(?P<bare>{mobile})|(?!(?:{whole})$)(?:\+?{plan.country_code}{trunk})(?P<after>{mobile})"
    return str(plan.country_code), re.compile(pattern, re.ASCII)


def _valid(form: str, country: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(form, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _impossible(text: str) -> Refused:
    return Refused(phrase("“{text}” is not a possible phone. Check the digits.", text=text[:40]), "phone")
