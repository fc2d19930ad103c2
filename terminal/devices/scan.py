"""A scan, and what the shop's config says it is: a customer's card, goods, a phone, or nothing to act on."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from terminal.config import CardsConfig
from terminal.rules.card import ean13_valid, is_payment_card

MAX_LENGTH = 128
"""Longest text, in characters, that is taken for a scan."""

Symbology: TypeAlias = Literal["ean13", "ean8", "code128", "gs1_128", "code39", "qr", "other"]
Source: TypeAlias = Literal["serial", "wedge", "demo"]
ScanRefusal: TypeAlias = Literal["empty", "too_long", "control_character", "payment_card", "check_digit", "unknown"]

# AIM symbology identifiers, ISO/IEC 15424: "]", the code's letter, and a modifier that matters for EAN alone.
_AIM = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")
_AIM_LETTERS: dict[str, Symbology] = {"A": "code39", "C": "code128", "Q": "qr"}
_AIM_PAIRS: dict[str, Symbology] = {"E0": "ean13", "E4": "ean8", "C1": "gs1_128"}

_DIGIT_RUN = re.compile("(?<![0-9])[0-9]{13,19}(?![0-9])")
_PHONE = re.compile(r"(?i:tel:)\+?[0-9 ().-]{7,24}|\+[0-9 ().-]{7,24}")
_BARE_PHONE = re.compile("[0-9]{9,12}")
_PHONE_DIGITS = range(7, 16)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scanner read, without its AIM prefix; `symbology` is None when the scanner does not tell."""

    text: str
    symbology: Symbology | None
    source: Source


@dataclass(frozen=True, slots=True)
class CardScan:
    """A customer's card, by its number."""

    number: str


@dataclass(frozen=True, slots=True)
class ProductScan:
    """Goods, by an EAN-13 (a UPC-A stands in it with a leading zero) or an EAN-8, check digit verified."""

    barcode: str


@dataclass(frozen=True, slots=True)
class PhoneScan:
    """A customer's phone: its digits alone, in the international or the national form."""

    digits: str


@dataclass(frozen=True, slots=True)
class RefusedScan:
    """A scan that does nothing. It holds no text, so that a payment card's number is kept nowhere."""

    reason: ScanRefusal


ScanMeaning: TypeAlias = CardScan | ProductScan | PhoneScan | RefusedScan


def read_scan(text: str, source: Source) -> Scan:
    """The scan in what a scanner sent, told by its AIM prefix where it sends one (]E0, ]C1, ]Q1, ...)."""
    aim = _AIM.match(text)
    if aim is None:
        return Scan(text, None, source)
    symbology = _AIM_PAIRS.get(aim[1] + aim[2]) or _AIM_LETTERS.get(aim[1], "other")
    return Scan(text[aim.end() :], symbology, source)


def classify(scan: Scan, cards: CardsConfig) -> ScanMeaning:
    """What a scan is. Cards go before goods, and a payment card's number is never taken for either."""
    text = scan.text.strip(" ")
    if refusal := _unfit(text):
        return RefusedScan(refusal)
    if scan.symbology not in ("ean13", "ean8") and _holds_payment_card(text):
        return RefusedScan("payment_card")
    number = _card_number(text, scan.symbology, cards)
    if number is not None:
        in_store = _digits(number, 13) and number.startswith(cards.ean13_prefixes)
        return RefusedScan("check_digit") if in_store and not ean13_valid(number) else CardScan(number)
    if cards.qr_phone and (digits := _phone(text, scan.symbology)):
        return PhoneScan(digits)
    return _goods(text, scan.symbology)


def _unfit(text: str) -> ScanRefusal | None:
    if not text:
        return "empty"
    if len(text) > MAX_LENGTH:
        return "too_long"
    # U+FFFD stands for bytes that were no text.
    if any(unicodedata.category(sign) in _NO_TEXT or sign == "\ufffd" for sign in text):
        return "control_character"
    return None


_NO_TEXT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _holds_payment_card(text: str) -> bool:
    """Whether a payment card's number is the text, or stands in it as on a magnetic stripe or in a link.

    Thirteen digits whose EAN-13 check digit is right are a barcode, whatever Luhn's check says of them.
    """
    return is_payment_card(text) or any(is_payment_card(run) for run in _DIGIT_RUN.findall(text))


def _card_number(text: str, symbology: Symbology | None, cards: CardsConfig) -> str | None:
    if _digits(text, 13) and text.startswith(cards.ean13_prefixes):
        return text
    if symbology in (None, "qr") and cards.qr_pattern and (found := re.fullmatch(cards.qr_pattern, text)):
        return found[1] or None
    code = symbology in (None, "code128", "gs1_128", "code39")
    if code and cards.code128_pattern and (found := re.fullmatch(cards.code128_pattern, text)):
        return found[found.re.groups] or None
    return None


def _phone(text: str, symbology: Symbology | None) -> str | None:
    if symbology not in (None, "qr"):
        return None
    if _PHONE.fullmatch(text) or (symbology == "qr" and _BARE_PHONE.fullmatch(text)):
        digits = re.sub("[^0-9]", "", text)
        return digits if len(digits) in _PHONE_DIGITS and not is_payment_card(digits) else None
    return None


def _goods(text: str, symbology: Symbology | None) -> ScanMeaning:
    """Goods by their check digit, which EAN-8 and UPC-A count as an EAN-13 with zeros before it would."""
    told = symbology in ("ean13", "ean8")
    if symbology in ("qr", "other", "code39") or not any(_digits(text, length) for length in (8, 12, 13)):
        return RefusedScan("check_digit" if told else "unknown")
    if not ean13_valid(text.zfill(13)):
        return RefusedScan("check_digit")
    return ProductScan(text if len(text) == 8 else text.zfill(13))


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
