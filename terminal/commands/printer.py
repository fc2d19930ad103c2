"""`tillmate printer`: find out what the printer does, and put it into the config."""

from dataclasses import dataclass
from typing import Any, Literal

import click
from msgspec.structs import replace

from printers.errors import BadProfile
from printers.identity import printer_name
from printers.ports import Port, opened
from printers.profile import Profile
from printers.status import State, ask, deliver
from printers.trial import RULERS, Candidate, candidates, trial_page
from terminal.commands.faults import Declined, Exit
from terminal.commands.invocation import Invocation
from terminal.config import PrinterConfig, change_config
from terminal.printing import printer_of
from terminal.rules.phrase import phrase

_WIDEST_OF_58_MM = 36
_STOPPED: dict[State, Any] = {
    "paper_out": phrase("The printer has no paper."),
    "cover_open": phrase("The printer's cover is open."),
    "offline": phrase("The printer is offline."),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw on the paper: the longest ruler on one line, and the samples that came out right."""

    columns: int
    right: tuple[Candidate, ...]


@click.group()
def printer() -> None:
    """Find out what the printer does.

    Example: tillmate printer test
    """


@printer.command()
@click.option("--profile", metavar="NAME", help="The printer's model; the config's without it.")
@click.option("--url", help="Where it is, such as tcp://192.168.1.50:9100; the config's without it.")
@click.option("--page", "pages", multiple=True, metavar="NUMBER:NAME", help="Try this code page too, as 46:CP1251.")
@click.option(
    "--columns", type=click.Choice([str(width) for width in RULERS]), help="The longest ruler on one line."
)
@click.option("--right", metavar="LETTERS", help='The samples that came out right, such as "AC"; "" for none.')
@click.option("--only-print", is_flag=True, help="Print the page, ask nothing and write nothing.")
@click.pass_obj
def test(
    invocation: Invocation,
    profile: str | None,
    url: str | None,
    pages: tuple[str, ...],
    columns: str | None,
    right: str | None,
    only_print: bool,
) -> None:
    """Print a ruler and a sample of every code page, ask what came out right, and write it into the config.

    Example: tillmate printer test --profile 58mm --url serial:/dev/ttyUSB0
    """
    config = _settings(invocation, profile, url, only_print=only_print)
    port, loaded = printer_of(config)
    tried = candidates(loaded, pages)
    _print(invocation, port, loaded, tried)
    if only_print:
        return
    seen = Seen(
        int(columns or _ask_columns(invocation)),
        _chosen(tried, right) if right is not None else _ask_right(invocation, tried),
    )
    found = ({"url": url} if url else {}) | findings(config, loaded, port, tried, seen)
    if invocation.config_path.exists():
        change_config(invocation.config_path, "printer", found)
        invocation.echo(phrase("Written to {path}, section [printer]:", path=str(invocation.config_path)))
    else:
        invocation.echo(phrase("There is no config yet. This belongs in its section [printer]:"))
    for key, value in found.items():
        click.echo(f"  {key}: {', '.join(value) if isinstance(value, tuple) else value}")


def findings(
    config: PrinterConfig, profile: Profile, port: Port, tried: list[Candidate], seen: Seen
) -> dict[str, Any]:
    """Return the config's keys for what was seen; what the profile knows by itself is left to it."""
    narrow = seen.columns <= _WIDEST_OF_58_MM
    found: dict[str, Any] = {
        "profile": config.profile,
        "width_mm": 58 if narrow else 80,
        "columns": seen.columns if seen.columns != profile.columns else 0,
        "pages": tuple(one.setting for one in seen.right),
        "answers": _answers(port),
    }
    if not seen.right:
        found |= {"profile": "58mm-dots" if narrow else "80mm-dots", "columns": 0, "pages": ()}
        usual = 32 if narrow else 48
        found["columns"] = seen.columns if seen.columns != usual else 0
    elif {one.page for one in seen.right} == {one.page for one in tried if one.page in profile.pages}:
        found["pages"] = ()
    return found


def _answers(port: Port) -> Literal["learn", "yes", "no"]:
    """What the page has shown: one that was printed without a word comes from a printer that tells nothing."""
    return "yes" if port.answers else "no" if port.two_way else "learn"


def _settings(invocation: Invocation, profile: str | None, url: str | None, *, only_print: bool) -> PrinterConfig:
    """The config's printer, or with a model named a plain one of that model, at the address that was told."""
    needs_none = url and (only_print or not invocation.config_path.exists())
    config = PrinterConfig() if needs_none else invocation.config.printer
    if profile is not None:
        config = replace(config, profile=profile, columns=0, pages=())
    try:
        config = PrinterConfig(url or config.url, config.profile, config.width_mm, config.columns, config.pages)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    if not config.url:
        raise Declined(phrase("No printer is set. Say where it is: --url tcp://192.168.1.50:9100."), Exit.PRINTER)
    return config


def _print(invocation: Invocation, port: Port, profile: Profile, tried: list[Candidate]) -> None:
    with opened(port) as link:
        state = ask(port, link).state
        if state in _STOPPED:
            raise Declined(_STOPPED[state], Exit.PRINTER)
        deliver(port, link, trial_page(profile, tried), confirm=port.two_way and state == "ready")
    printed = phrase("The page is printed: {port}.", port=port.name)
    sent = phrase("The page was sent to {port}. Look whether it comes out.", port=port.name)
    invocation.echo(sent if state == "unknown" else printed)
    if state == "ready" and port.two_way and (name := printer_name(port)):
        invocation.echo(phrase("The printer says that it is {name}.", name=name))
    elif state == "unknown":
        invocation.echo(phrase("The printer does not tell how it is: no paper and no fault will be seen."))


def _ask_columns(invocation: Invocation) -> str:
    """Ask for the width."""
    invocation.echo(phrase("Each ruler ends with its number. Which is the longest that stands on one line?"))
    widths = [str(width) for width in RULERS]
    told: str = click.prompt(invocation.words.gettext("Number"), type=click.Choice(widths))
    return told


def _ask_right(invocation: Invocation, tried: list[Candidate]) -> tuple[Candidate, ...]:
    """Ask for the samples until the letters are ones that were printed."""
    invocation.echo(
        phrase("Under each letter stand two lines. Which letters have the same signs in both? (such as AC, or -)")
    )
    while True:
        try:
            return _chosen(tried, click.prompt(invocation.words.gettext("Letters")))
        except BadProfile as fault:
            click.echo(str(fault), err=True)


def _chosen(tried: list[Candidate], letters: str) -> tuple[Candidate, ...]:
    wanted = {letter for letter in letters.upper() if letter not in " ,-"}
    if unknown := sorted(wanted - {one.label for one in tried}):
        raise BadProfile(
            f"no sample {', '.join(unknown)} is on the paper; there are {tried[0].label} to {tried[-1].label}"
        )
    return tuple(one for one in tried if one.label in wanted)
