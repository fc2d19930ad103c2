"""What a scan is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.config import CardsConfig
from terminal.devices.scan import (
    CardScan,
    PhoneScan,
    ProductScan,
    RefusedScan,
    Scan,
    ScanMeaning,
    Symbology,
    classify,
    read_scan,
)
from terminal.rules.card import ean13_check_digit, ean13_valid, luhn_valid

SHOP = CardsConfig(
    ean13_prefixes=("29", "2700"),
    code128_pattern="SHOP[0-9]{6}|[0-9]{16}",
    qr_pattern="https://shop[.]example/c/([0-9A-Z]+)",
)
PLAIN = CardsConfig()


@pytest.mark.parametrize(
    ("sent", "text", "symbology"),
    [
        ("]E04820000000017", "4820000000017", "ean13"),
        ("]E412345670", "12345670", "ean8"),
        ("]C0SHOP000001", "SHOP000001", "code128"),
        ("]C10104820000000017", "0104820000000017", "gs1_128"),
        ("]A0ABC", "ABC", "code39"),
        ("]Q1https://shop.example", "https://shop.example", "qr"),
        ("]Q3x", "x", "qr"),
        ("]d2marking", "marking", "other"),
        ("]I14820000000017", "4820000000017", "other"),
        ("4820000000017", "4820000000017", None),
        ("]", "]", None),
        ("]]E0", "]]E0", None),
        ("", "", None),
    ],
)
def test_an_aim_prefix_tells_the_symbology(sent: str, text: str, symbology: Symbology | None) -> None:
    assert read_scan(sent, "serial") == Scan(text, symbology, "serial")


@pytest.mark.parametrize(
    ("sent", "meaning"),
    [
        # Cards.
        ("2900000000002", RefusedScan("check_digit")),
        ("2900000000001", CardScan("2900000000001")),
        ("]E02900000000001", CardScan("2900000000001")),
        ("]Q12900000000001", CardScan("2900000000001")),
        (" 2900000000001 ", CardScan("2900000000001")),
        ("2700000000007", CardScan("2700000000007")),
        ("2700000000008", RefusedScan("check_digit")),
        ("SHOP000001", CardScan("SHOP000001")),
        ("]C0SHOP000001", CardScan("SHOP000001")),
        ("]A0SHOP000001", CardScan("SHOP000001")),
        ("]Q1SHOP000001", RefusedScan("unknown")),
        ("SHOP0000010", RefusedScan("unknown")),
        ("https://shop.example/c/A17", CardScan("A17")),
        ("]Q1https://shop.example/c/A17", CardScan("A17")),
        ("]Q1https://shop.example/c/2900000000002", RefusedScan("check_digit")),
        ("]Q1https://shop.example/c/", RefusedScan("unknown")),
        ("]Q1https://evil.example/c/A17", RefusedScan("unknown")),
        ("]C0https://shop.example/c/A17", RefusedScan("unknown")),
        # Goods.
        ("4820000000017", ProductScan("4820000000017")),
        ("]E04820000000017", ProductScan("4820000000017")),
        ("]C04820000000017", ProductScan("4820000000017")),
        ("4820000000018", RefusedScan("check_digit")),
        ("]E04820000000018", RefusedScan("check_digit")),
        ("036000291452", ProductScan("0036000291452")),
        ("036000291453", RefusedScan("check_digit")),
        ("96385074", ProductScan("96385074")),
        ("]E496385074", ProductScan("96385074")),
        ("]E496385075", RefusedScan("check_digit")),
        ("]E0482000", RefusedScan("check_digit")),
        ("2012345012349", ProductScan("2012345012349")),  # goods weighed in the shop
        ("2701234012347", ProductScan("2701234012347")),  # 27, but not the cards' 2700
        ("]d24820000000017", RefusedScan("unknown")),
        # Phones.
        ("tel:+380671234567", PhoneScan("380671234567")),
        ("]Q1TEL:+380-67-123-45-67", PhoneScan("380671234567")),
        ("]Q1tel:067 123 45 67", PhoneScan("0671234567")),
        ("+48 601 234 567", PhoneScan("48601234567")),
        ("]Q1380671234567", PhoneScan("380671234567")),
        ("]Q10671234567", PhoneScan("0671234567")),
        ("0671234567", RefusedScan("unknown")),
        ("]C0+380671234567", RefusedScan("unknown")),
        ("]Q1tel:+12345", RefusedScan("unknown")),
        ("]Q1tel:+12345678901234567890", RefusedScan("unknown")),
        # Payment cards, test numbers of the schemes.
        ("4111111111111111", RefusedScan("payment_card")),
        ("4111 1111 1111 1111", RefusedScan("payment_card")),
        ("]C05555555555554444", RefusedScan("payment_card")),
        ("378282246310005", RefusedScan("payment_card")),
        ("4222222222222", RefusedScan("payment_card")),
        ("%B4111111111111111^DOE/JANE^2512101", RefusedScan("payment_card")),
        (";4111111111111111=25121011", RefusedScan("payment_card")),
        ("]Q1https://shop.example/c/4111111111111111", RefusedScan("payment_card")),
        ("]Q1tel:4111111111111111", RefusedScan("payment_card")),
        ("tel:3782 822463 10005", RefusedScan("payment_card")),
        ("1234567890123456", CardScan("1234567890123456")),
        # Rubbish.
        ("", RefusedScan("empty")),
        ("   ", RefusedScan("empty")),
        ("]E0", RefusedScan("empty")),
        ("SHOP00\x1b0001", RefusedScan("control_character")),
        ("29000000\u202e00001", RefusedScan("control_character")),
        ("SHOP\ufffd", RefusedScan("control_character")),
        ("2900000\x000001", RefusedScan("control_character")),
        ("9" * 128, RefusedScan("unknown")),
        ("9" * 129, RefusedScan("too_long")),
        ("٢٩٠٠٠٠٠٠٠٠٠٠١", RefusedScan("unknown")),
        ("hello", RefusedScan("unknown")),
    ],
)
def test_what_a_scan_is(sent: str, meaning: ScanMeaning) -> None:
    assert classify(read_scan(sent, "wedge"), SHOP) == meaning


def test_a_barcode_that_passes_luhn_too_stays_a_barcode() -> None:
    both = [
        digits
        for body in range(482000000000, 482000000400)
        if luhn_valid(digits := f"{body}{ean13_check_digit(str(body))}")
    ]
    assert both
    for digits in both:
        assert classify(Scan(digits, None, "serial"), PLAIN) == ProductScan(digits)


def test_without_a_pattern_only_in_store_ean_are_cards() -> None:
    for text in ("SHOP000001", "https://shop.example/c/A17", "", "1234567890123456"):
        assert isinstance(classify(Scan(text, None, "serial"), PLAIN), RefusedScan)


def test_weighed_goods_are_goods_unless_they_are_configured_as_cards() -> None:
    weighed = Scan("2012345012349", "ean13", "serial")
    assert classify(weighed, PLAIN) == ProductScan(weighed.text)
    assert classify(weighed, CardsConfig(ean13_prefixes=("20",))) == CardScan(weighed.text)


def test_phones_can_be_switched_off() -> None:
    scan = Scan("tel:+380671234567", "qr", "serial")
    assert classify(scan, CardsConfig(qr_phone=False)) == RefusedScan("unknown")


@given(st.text(max_size=140), st.sampled_from([None, "ean13", "ean8", "code128", "qr", "other"]))
def test_any_text_has_a_meaning_and_only_clean_text_is_acted_on(text: str, symbology: Symbology | None) -> None:
    match classify(Scan(text, symbology, "serial"), SHOP):
        case CardScan(told) | ProductScan(told) | PhoneScan(told):
            assert told.isascii()
            assert told.isprintable()
        case RefusedScan(reason):
            assert reason


@given(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_in_an_ean_is_always_refused(body: int, place: int, by: int) -> None:
    digits = f"{body:012}"
    digits += ean13_check_digit(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not ean13_valid(wrong)
    meaning = classify(Scan(wrong, "ean13", "serial"), SHOP)
    assert meaning == RefusedScan("check_digit")
