"""A page that shows what a printer really does: a ruler, and every code page beside how it must look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from printers.codepages import CodePage, codec_of, encoded
from printers.document import Cut, Document, Feed, Rule, Text
from printers.errors import BadProfile
from printers.escpos import encode
from printers.layout import MAX_COLUMNS
from printers.profile import Profile

RULERS = (32, 36, 40, 42, 44, 48)
"""The columns that receipt printers have, narrow to wide."""

_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SAMPLE = "ҐґЄєІіЇїЁёЪъЫыЭэ№ ĄąĆćĘęŁłŃńÓóŚśŹźŻż ӘәҒғҚқҢңӨөҰұҮүҺһ"
_LEAST_LETTERS = 8
# Where the pages of our languages stand on Epson's printers, and on the cheap ones that count in their own way.
_USUAL = {
    17: "CP866",
    18: "CP852",
    44: "CP1125",
    45: "CP1250",
    46: "CP1251",
    53: "KZ1048",
    59: "CP866",
    73: "CP1251",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code page that may stand at a number of this printer, under its letter on the paper."""

    label: str
    page: CodePage
    sample: str

    @property
    def setting(self) -> str:
        """As the config names it: "46:cp1251"."""
        return f"{self.page.slot}:{self.page.codec.upper()}"


def candidates(profile: Profile, more: Iterable[str] = ()) -> list[Candidate]:
    """The pages worth a try: the profile's, the usual ones, and `more` as "46:CP1251". `BadProfile` for no page."""
    usual = [f"{slot}:{name}" for slot, name in _USUAL.items()]
    pages = dict.fromkeys([*profile.pages, *map(_page, [*more, *usual])])
    found = [(page, sample) for page in pages if (sample := _sample(page, profile.columns))]
    return [Candidate(label, page, sample) for label, (page, sample) in zip(_LABELS, found, strict=False)]


def trial_page(profile: Profile, tried: Sequence[Candidate]) -> bytes:
    """The whole job: the rulers, then each sample as the printer's own letters and, below, as dots."""
    drawn = replace(profile, pages=())
    # Laid out on paper wide enough for all: it is the printer that must break a ruler which is too long for it.
    wide = replace(drawn, columns=MAX_COLUMNS, width_dots=MAX_COLUMNS * 12)
    parts = [encode(Document((Text(f"Tillmate: {profile.name}", bold=True), *map(_ruler, RULERS))), wide)]
    for one in tried:
        label = Text(f"{one.label}: {one.setting}")
        own = replace(profile, pages=(one.page,))
        parts += [encode(Document((Rule(), label)), drawn), encode(Document((Text(one.sample),)), own)]
        parts.append(encode(Document((Text(one.sample),)), drawn))
    parts.append(encode(Document((Feed(1), Cut())), profile))
    return b"".join(parts)


def _ruler(columns: int) -> Text:
    """A line of exactly so many characters, that says at its end how many they are."""
    return Text(("....:....|" * 8)[: columns - 2] + str(columns))


def _sample(page: CodePage, columns: int) -> str:
    kept = "".join(char for char in _SAMPLE if char == " " or encoded(char, page)).strip()
    kept = " ".join(kept.split())[:columns].rstrip()
    return kept if len(kept) >= _LEAST_LETTERS else ""


def _page(setting: str) -> CodePage:
    slot, _, name = setting.partition(":")
    codec = codec_of(name)
    if codec is None or not slot.isdecimal() or int(slot) > 255:
        raise BadProfile(f"{setting!r} is no code page by its number, as in 46:CP1251")
    return CodePage(int(slot), codec)
