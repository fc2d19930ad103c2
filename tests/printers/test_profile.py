"""Printers by name, and what their owner says of them."""

import re

import pytest

from printers.codepages import CodePage, codec_of
from printers.errors import BadProfile
from printers.profile import load_profile, profile_names


@pytest.mark.parametrize(
    ("name", "columns", "width_dots", "cut", "native_qr"),
    [
        ("58mm", 32, 384, "feed", False),
        ("80mm", 48, 576, "part", False),
        ("58mm-dots", 32, 384, "feed", False),
        ("80mm-dots", 48, 576, "part", False),
        ("default", 42, 504, "part", True),
        ("TM-T20II", 48, 576, "part", True),
        ("TM-T88IV", 42, 512, "part", True),
        ("NT-80-V-UL", 48, 576, "part", True),
        ("ZJ-5870", 32, 384, "feed", False),
    ],
)
def test_known_printers(name: str, columns: int, width_dots: int, cut: str, native_qr: bool) -> None:
    profile = load_profile(name)
    assert (profile.columns, profile.width_dots, profile.cut, profile.native_qr) == (
        columns,
        width_dots,
        cut,
        native_qr,
    )
    assert profile.letter_dots * profile.columns <= profile.width_dots
    assert not profile.drawer


def test_every_profile_that_can_be_named_can_be_loaded() -> None:
    names = profile_names()
    assert names[:4] == ["58mm", "80mm", "58mm-dots", "80mm-dots"]
    assert len(names) == len(set(names)) > 25
    for name in names:
        profile = load_profile(name)
        assert profile.letter_dots >= 10, name
        assert len({page.codec for page in profile.pages}) == len(profile.pages), name


def test_the_owner_stands_above_the_table() -> None:
    profile = load_profile(
        "58mm",
        {"columns": 30, "pages": {"17": "CP866", "6": "WPC1251"}, "drawer": True, "drawer_pin": 5, "cut": "full"},
    )
    assert (profile.columns, profile.drawer, profile.drawer_pin, profile.cut) == (30, True, 5, "full")
    assert profile.pages == (CodePage(17, "cp866"), CodePage(6, "cp1251"))


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("TM-T20", {}, "near it: TM-T20II"),
        ("no such thing at all", {}, "no printer profile"),
        ("TSP600", {}, "Star's own commands"),
        ("TM-U220", {}, "no graphics"),
        ("80mm", {"colums": 42}, "unknown printer setting colums"),
        ("80mm", {"columns": "42"}, "columns is a whole number from 16 to 80, not '42'"),
        ("80mm", {"columns": 4}, "columns is a whole number"),
        ("80mm", {"columns": True}, "columns is a whole number"),
        ("80mm", {"width_dots": 100}, "width_dots is a whole number"),
        ("80mm", {"cut": "tear"}, "cut is one of full, part, feed, not 'tear'"),
        ("80mm", {"drawer": 1}, "drawer is true or false"),
        ("80mm", {"base": 5}, "base is a name"),
        ("80mm", {"pages": ["CP866"]}, "pages is a table"),
        ("80mm", {"pages": {"17": "CP9999"}}, "no code page 'CP9999' is known"),
        ("80mm", {"pages": {"17": "utf-8"}}, "no code page 'utf-8' is known"),
        ("80mm", {"pages": {"300": "CP866"}}, "the slot of CP866 is a whole number from 0 to 255"),
        ("80mm", {"pages": {"x": "CP866"}}, "the slot of CP866"),
    ],
)
def test_what_is_no_profile(name: str, settings: dict[str, object], why: str) -> None:
    with pytest.raises(BadProfile, match=re.escape(why)):
        load_profile(name, settings)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("CP1251", "cp1251"),
        ("WPC1251", "cp1251"),
        ("PC866", "cp866"),
        ("cp852", "cp852"),
        ("RK1048", "kz1048"),
        ("KZ-1048", "kz1048"),
        ("ISO_8859-5", "iso8859-5"),
        ("CP932", None),
        ("utf-16", None),
        ("base64", None),
        ("nothing", None),
    ],
)
def test_code_pages_by_name(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec
