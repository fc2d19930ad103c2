"""What one printer is: its paper, its pages, its knife; by python-escpos's table, our own and the owner."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

from printers.codepages import CodePage, codec_of
from printers.errors import BadProfile
from printers.layout import MAX_COLUMNS, MIN_COLUMNS
from printers.library import capabilities

Cutting = Literal["full", "part", "feed"]
"""A full cut; all but a point; no knife, only feed."""

_LETTER_DOTS = 12
_FIELDS = frozenset(
    ("base", "columns", "width_dots", "pages", "cut", "native_qr", "native_barcode", "drawer", "drawer_pin")
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A printer as the encoder sees it: `columns` normal letters on a line, `width_dots` of printable width.

    `model` is what such a printer calls itself; "" when that is not known, or the profile is of a kind of printers.
    `tried` says that the owner has told what the printer does.
    """

    name: str
    columns: int
    width_dots: int
    pages: tuple[CodePage, ...] = ()
    base: str = "default"
    cut: Cutting = "part"
    native_qr: bool = False
    native_barcode: bool = False
    drawer: bool = False
    drawer_pin: Literal[2, 5] = 2
    model: str = ""
    tried: bool = False

    @property
    def letter_dots(self) -> int:
        """The width of one normal letter, in dots."""
        return self.width_dots // self.columns


def load_profile(name: str = "80mm", settings: Mapping[str, object] | None = None) -> Profile:
    """The profile of that name; the owner's `settings` (keys as in profiles.toml) stand above what it says."""
    given = dict(settings or {})
    if unknown := sorted(given.keys() - _FIELDS):
        raise BadProfile(f"unknown printer setting {', '.join(unknown)}; there are: {', '.join(sorted(_FIELDS))}")
    own = dict(_own_profiles().get(name, {}))
    fields = own | given
    base = _text(fields.get("base", name), "base")
    found = _library_profile(base, name)
    width = fields.get("width_dots") or _library_dots(found)
    columns = _whole(fields.get("columns", found["fonts"]["0"]["columns"]), "columns", MIN_COLUMNS, MAX_COLUMNS)
    features = found["features"]
    return Profile(
        name=name,
        columns=columns,
        width_dots=_whole(width or columns * _LETTER_DOTS, "width_dots", columns * 6, 4096),
        pages=_pages(fields["pages"]) if "pages" in fields else _library_pages(found),
        base=base,
        cut=_choice(fields.get("cut", _library_cut(features)), "cut"),
        native_qr=_flag(fields.get("native_qr", bool(features.get("qrCode"))), "native_qr"),
        native_barcode=_flag(fields.get("native_barcode", bool(features.get("barcodeB"))), "native_barcode"),
        drawer=_flag(fields.get("drawer", False), "drawer"),
        drawer_pin=5 if _whole(fields.get("drawer_pin", 2), "drawer_pin", 2, 5) == 5 else 2,
        model=_model(found) if "base" not in fields else "",
        tried=bool(given.keys() & {"base", "columns", "pages"}),
    )


def plain_model(name: str) -> str:
    """A model's name without what its maker writes now so, now otherwise."""
    return "".join(filter(str.isalnum, name.upper())).removesuffix("SERIES")


def width_of_model(name: str) -> int | None:
    """The dots that a printer of that name prints across, where the table knows it; of its modes, the widest."""
    same = [each for each in profile_names() if plain_model(_named(each)) == plain_model(name)]
    return max((load_profile(each).width_dots for each in same), default=None)


def _named(profile: str) -> str:
    found = _library().get(profile)
    return str(found["name"]).partition(" (")[0] if found and found["vendor"] != "Generic" else ""


def profile_names() -> list[str]:
    """Every profile that can be named, our own first."""
    own = list(_own_profiles())
    return own + [name for name in _library() if name not in own and not _why_not(_library()[name])]


@cache
def _own_profiles() -> dict[str, dict[str, object]]:
    return tomllib.loads((files("printers") / "profiles.toml").read_text(encoding="utf-8"))


def _library() -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", capabilities()["profiles"])


def _library_profile(base: str, name: str) -> dict[str, Any]:
    library = _library()
    if base not in library:
        near = difflib.get_close_matches(base, profile_names(), n=3, cutoff=0.4)
        raise BadProfile(f"no printer profile {base!r}" + (f"; near it: {', '.join(near)}" if near else ""))
    if why := _why_not(library[base]):
        raise BadProfile(f"the printer profile {name!r} cannot be served: {why}")
    return library[base]


def _why_not(found: Mapping[str, Any]) -> str:
    features = found["features"]
    if features.get("starCommands"):
        return "it speaks Star's own commands; switch the printer to ESC/POS and name a profile of that"
    if not features.get("bitImageRaster"):
        return "it prints no graphics, which letters outside its code pages need"
    return ""


def _library_dots(found: Mapping[str, Any]) -> int | None:
    pixels = found["media"].get("width", {}).get("pixels")
    return pixels if isinstance(pixels, int) else None


def _library_cut(features: Mapping[str, Any]) -> Cutting:
    if features.get("paperPartCut"):
        return "part"
    return "full" if features.get("paperFullCut") else "feed"


def _library_pages(found: Mapping[str, Any]) -> tuple[CodePage, ...]:
    pages: dict[str, CodePage] = {}
    for slot, name in sorted((int(slot), name) for slot, name in found["codePages"].items()):
        if codec := codec_of(name):
            pages.setdefault(codec, CodePage(slot, codec))
    return tuple(pages.values())


def _model(found: Mapping[str, Any]) -> str:
    """The name that a printer of this model gives: Epson's do, most others' tell something of their own."""
    return str(found["name"]).partition(" ")[0] if found["vendor"] == "Epson" else ""


def _pages(given: object) -> tuple[CodePage, ...]:
    if not isinstance(given, Mapping):
        raise BadProfile('pages is a table of slot to code page, as in { 17 = "CP866" }')
    pages = []
    for slot, name in given.items():
        codec = codec_of(str(name))
        if codec is None:
            raise BadProfile(f"no code page {name!r} is known")
        number = int(slot) if str(slot).isascii() and str(slot).isdigit() else -1
        pages.append(CodePage(_whole(number, f"the slot of {name}", 0, 255), codec))
    return tuple(pages)


def _whole(value: object, what: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadProfile(f"{what} is a whole number from {least} to {most}, not {value!r}")
    return value


def _flag(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise BadProfile(f"{what} is true or false, not {value!r}")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise BadProfile(f"{what} is a name, not {value!r}")
    return value


def _choice(value: object, what: str) -> Cutting:
    if value not in get_args(Cutting):
        raise BadProfile(f"{what} is one of {', '.join(get_args(Cutting))}, not {value!r}")
    return cast("Cutting", value)
