"""The words of notices and the settings of their ways: the owner's own, checked before anything is sent."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.protocol import SentPerson
from sync.site.notice_ways import NoticeError, Telling, read_telling, ways_of
from sync.site.notice_words import CHANGES, LANGUAGES, PLACES, Words
from sync.site.telling import preview
from tests.site.notices.stand import join
from tests.site.stand import Journal, Site


def test_an_owner_changes_words(site: Site, till: Journal, tmp_path: Path) -> None:
    (tmp_path / "uk.toml").write_text('[registration]\nsubject = "Привіт, {name}"\n', encoding="utf-8")
    join(till)
    site.push(till)
    (message,) = preview(site.store, Words(tmp_path))
    assert message.subject == "Привіт, Олена"
    assert "Тепер ви у програмі" in message.text


@pytest.mark.parametrize(
    "text",
    [
        '[earned]\nsms = "{pionts}"',
        '[earned]\nsms = "{"',
        "[earned]\nsms = 1",
        "[earned",
        '[earned]\nsms = "{name.x}"',
    ],
)
def test_words_that_can_not_be_filled_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "uk.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError, match=r"uk\.toml"):
        Words(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_change_has_words_in_every_language(language: str, change: str, channel: str) -> None:
    values = {place: f"<{place}>" for place in PLACES} | {"state": "paid"}
    subject, text = Words().write(language, change, channel, "", values)
    assert "<shop>" in subject + text
    assert "{" not in subject + text


def test_a_name_is_data_and_no_template(site: Site, till: Journal) -> None:
    customer = join(till)
    till.people[customer] = SentPerson(
        customer_id=customer, name="{balance}\r\nBcc: x@y.z", phone="380671234567", email="a@b.c", salt=b"s"
    )
    site.push(till)
    (message,) = preview(site.store, Words())
    assert "{balance}" in message.text
    assert "\n" not in message.subject
    assert "\nBcc" not in message.text


@pytest.mark.parametrize(
    "text",
    ["[smtp]\nhost = 1", '[smtp]\nhost = "x"\nsender = "a"\nsecurity = "ssl3"', '[fax]\nurl = "x"', "["],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notices.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError):
        ways_of(read_telling(path))


def test_the_gateways_address_is_one_of_the_web() -> None:
    with pytest.raises(NoticeError):
        ways_of(read_telling_of('[sms]\nurl = "file:///etc/passwd"'))


def read_telling_of(text: str) -> Any:
    return msgspec.convert(tomllib.loads(text), Telling)
