"""The sections and keys of the config file, as frozen structs.

A key's description is said once, here: it is the comment in a written file and the help in an error.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from babel.numbers import is_currency
from msgspec import Meta
from msgspec.structs import FieldInfo

from terminal.config.watch import WatchConfig

_Line = Annotated[str, Meta(max_length=200)]
_PORT = re.compile(r"[a-z][a-z0-9+]*:.*")
_Page = Annotated[str, Meta(pattern=r"^[0-9]{1,3}:[A-Za-z0-9_-]{1,20}\Z")]


class ShopConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shop, as customers know it."""

    name: Annotated[
        str, Meta(min_length=1, max_length=100, description="The shop's name, printed on top of slips.")
    ]
    address: Annotated[
        tuple[_Line, ...],
        Meta(max_length=6, description="Up to six lines printed under the name; may be empty."),
    ] = ()
    language: Annotated[
        Literal["uk", "pl", "ru", "en"],
        Meta(description='Language of the screens and slips: "uk", "pl", "ru" or "en".'),
    ] = "uk"
    currency: Annotated[
        str, Meta(description='Currency of the bills, as an ISO 4217 code: "UAH", "PLN", "EUR", ...')
    ] = "UAH"
    country: Annotated[
        str,
        Meta(description='Country whose national form phones are typed in, as two letters: "UA", "PL", ...'),
    ] = "UA"
    timezone: Annotated[
        str, Meta(description='Time zone of the shop\'s day: "Europe/Kyiv", "Europe/Warsaw", ...')
    ] = "Europe/Kyiv"
    thank_you: Annotated[
        _Line, Meta(description='A closing line of your own on slips; "" prints the usual thanks.')
    ] = ""

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            raise ValueError(f'currency: "{self.currency}" is no currency code')
        if self.country not in Locale("en").territories or len(self.country) != 2:
            raise ValueError(f'country: "{self.country}" is no country code')
        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError, LookupError):
            raise ValueError(f'timezone: "{self.timezone}" is no time zone') from None


class TillConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """This till."""

    name: Annotated[
        str,
        Meta(
            description="This till's own name, different at every till and never given to another: "
            'letters, digits and hyphens, such as "till-1".'
        ),
    ]
    ledger: Annotated[
        Path, Meta(description="The encrypted ledger file; a relative path starts at this file's folder.")
    ] = Path("ledger.db")
    idle_lock_s: Annotated[
        int,
        Meta(
            ge=10,
            le=86_400,
            description="Seconds without a touch or key before the till asks for a PIN again.",
        ),
    ] = 300

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?", self.name):
            raise ValueError(f'name: "{self.name}" cannot name a till')


class KeyConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the ledger's key is kept: in this one place and no other."""

    store: Annotated[
        Literal["file", "keyring", "systemd"],
        Meta(
            description='"file" (readable by the till alone), "keyring" (the system\'s password store) or '
            '"systemd" (a credential of the service).'
        ),
    ] = "file"
    path: Annotated[
        Path, Meta(description="The key file, for file; never keep a copy of it beside the ledger's backups.")
    ] = Path("till.key")
    service: Annotated[
        str,
        Meta(min_length=1, max_length=100, description="The name it is filed under, for keyring."),
    ] = "tillmate"
    credential: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9_-]{1,100}\Z",
            description="The credential's name, for systemd: letters, digits, hyphens and underscores.",
        ),
    ] = "tillmate-key"


class PrinterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The slip printer."""

    url: Annotated[
        str,
        Meta(
            description='Where the printer is: "tcp://192.168.1.50:9100", "file:/dev/usb/lp0", '
            '"serial:/dev/ttyUSB0"; "" is no printer.'
        ),
    ] = ""
    profile: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=100,
            description='The printer\'s model by its profile; "default" suits most. `tillmate printer test` '
            "finds out whether it does.",
        ),
    ] = "default"
    width_mm: Annotated[Literal[58, 80], Meta(description="Width of the paper: 58 or 80 millimetres.")] = 80
    columns: Annotated[
        int,
        Meta(ge=0, le=80, description="Letters on a line where they differ from the profile's; 0 is as it says."),
    ] = 0
    pages: Annotated[
        tuple[_Page, ...],
        Meta(
            max_length=40,
            description='The printer\'s code pages by their numbers, such as ["46:CP1251", "18:CP852"], where the '
            "profile does not know them; [] is as it says.",
        ),
    ] = ()
    answers: Annotated[
        Literal["learn", "yes", "no"],
        Meta(
            description='Whether the printer tells how it is: "yes", slips wait while it is silent; "no", and it '
            'is trusted with what it takes; "learn" finds out, and asks about a slip that nobody confirmed.'
        ),
    ] = "learn"
    logo: Annotated[
        str,
        Meta(
            max_length=1000,
            description="A PNG printed on top of slips, at most as wide as the paper (384 dots on 58 mm, 576 on "
            '80 mm); "" is none.',
        ),
    ] = ""
    drawer: Annotated[
        bool, Meta(description="true when a cash drawer hangs on this printer and Tillmate may open it.")
    ] = False

    def __post_init__(self) -> None:
        if self.url and not _PORT.fullmatch(self.url):
            raise ValueError(f'url: "{self.url}" does not say what kind of port it is')


class ScannerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Barcode scanners: one on a serial port, any number that type like a keyboard."""

    port: Annotated[
        str,
        Meta(
            max_length=200,
            description='A serial scanner\'s port ("/dev/ttyACM0", "COM3") or, found again in any socket, '
            'its USB vendor and product number ("0c2e:0cc1"); "" is none.',
        ),
    ] = ""
    baud: Annotated[int, Meta(ge=300, le=4_000_000, description="Speed of the serial scanner.")] = 9600
    wedge: Annotated[
        bool, Meta(description="true when a scanner types what it reads, like a keyboard, ending with Enter.")
    ] = True
    wedge_gap_ms: Annotated[
        int,
        Meta(
            ge=5,
            le=200,
            description="Keys that follow each other within so many milliseconds come from a scanner.",
        ),
    ] = 35


class CardsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which scans are customers' cards. All other barcodes are goods, or are refused.

    Numbers that look like a bank card's are refused whatever stands here.
    """

    ean13_prefixes: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^(?:2|0[24])[0-9]{0,10}\Z")], ...],
        Meta(description='EAN-13 cards begin with one of these in-store prefixes, such as "29" or "2900".'),
    ] = ("29",)
    code128_pattern: Annotated[
        str,
        Meta(
            description="Code 128 and Code 39 cards match this regular expression as a whole, such as "
            '"SHOP[0-9]{6}"; "" is none. Where the scanner does not tell the kind of barcode, this goes '
            "before goods."
        ),
    ] = ""
    qr_pattern: Annotated[
        str,
        Meta(
            description="QR cards match this regular expression as a whole, and its one group is the card "
            'number, such as "https://shop[.]example/c/([0-9A-Z]+)"; "" is none.'
        ),
    ] = ""
    qr_phone: Annotated[
        bool, Meta(description='true when a QR with a phone ("tel:+380671234567") finds the customer by it.')
    ] = True

    def __post_init__(self) -> None:
        for key, pattern, groups in (
            ("code128_pattern", self.code128_pattern, (0, 1)),
            ("qr_pattern", self.qr_pattern, (1,)),
        ):
            try:
                found = re.compile(pattern).groups
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(f"{key}: no regular expression ({error})") from None
            if pattern and found not in groups:
                raise ValueError(f"{key}: has {found} groups in parentheses")


class ScreenConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The screen."""

    touch: Annotated[
        bool, Meta(description="true shows the number pad and keyboards for fingers; false leaves them out.")
    ] = True
    theme: Annotated[Literal["dark", "light"], Meta(description='Colours: "dark" or "light".')] = "dark"


class BackupConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Encrypted backups of the ledger."""

    folder: Annotated[Path, Meta(description="Where backups go; best on another disk than the ledger.")] = Path(
        "backups"
    )
    keep: Annotated[int, Meta(ge=1, le=10_000, description="How many backups are kept; the oldest go first.")] = 14


class SiteConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shop's central site, if there is one. `tillmate sync enrol URL CODE` joins it and writes `url` here."""

    url: Annotated[
        str, Meta(max_length=300, description='The site\'s address: "https://bonus.shop.example"; "" is none.')
    ] = ""
    ca: Annotated[
        str,
        Meta(
            max_length=1000,
            description='A PEM file with the certificate authority of the site\'s own certificate; "" trusts the '
            "system's. Certificates are checked always.",
        ),
    ] = ""
    autostart: Annotated[
        bool, Meta(description="true when the till starts the sync itself; false when a service does.")
    ] = True
    bring_points: Annotated[
        bool,
        Meta(
            description="true asks the site, as soon as a customer is served, for the points that are leased "
            "elsewhere; false leaves them where they are until somebody asks."
        ),
    ] = True
    offline_days: Annotated[
        int,
        Meta(
            ge=0,
            le=365,
            description="Days without contact to the site after which no bonuses are taken off; they are earned."
            " The site may ask for fewer.",
        ),
    ] = 14


class OrdersConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders that managers make in the store, and that are paid for later."""

    hold_hours: Annotated[
        int,
        Meta(
            ge=1,
            le=24 * 90,
            description="Hours that an unpaid order holds the customer's bonuses; then it is cancelled and "
            "they are free again.",
        ),
    ] = 48


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the till is told by its owner. Paths are absolute once loaded."""

    shop: ShopConfig
    till: TillConfig
    key: KeyConfig = KeyConfig()
    printer: PrinterConfig = PrinterConfig()
    scanner: ScannerConfig = ScannerConfig()
    cards: CardsConfig = CardsConfig()
    screen: ScreenConfig = ScreenConfig()
    backup: BackupConfig = BackupConfig()
    site: SiteConfig = SiteConfig()
    orders: OrdersConfig = OrdersConfig()
    watch: WatchConfig = WatchConfig()


def description(key: FieldInfo) -> str:
    """What belongs in a key, in a sentence."""
    told = [meta.description for meta in get_args(key.type) if isinstance(meta, Meta) and meta.description]
    assert len(told) == 1, key.name
    return told[0]
