"""`tillmate init`: a few questions, then a till that is ready to open."""

import json
import shlex
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from random import SystemRandom

import click

from terminal.commands.invocation import Invocation, system_language, words_in
from terminal.commands.pins import ask_pin
from terminal.commands.programme import PROGRAMME_FILE, programme_text
from terminal.commands.setting_up import refuse_existing, setting_up
from terminal.config import (
    Config,
    KeyConfig,
    PrinterConfig,
    ScreenConfig,
    ShopConfig,
    TillConfig,
    default_config_path,
)
from terminal.ledger.recovery import recovery_text
from terminal.locale.words import LANGUAGES, Words
from terminal.rules.phrase import Phrase, phrase
from terminal.wiring import system_clock

_COUNTRIES = {
    "UA": ("UAH", "Europe/Kyiv"),
    "PL": ("PLN", "Europe/Warsaw"),
    "KZ": ("KZT", "Asia/Almaty"),
    "MD": ("MDL", "Europe/Chisinau"),
    "RO": ("RON", "Europe/Bucharest"),
    "CZ": ("CZK", "Europe/Prague"),
    "SK": ("EUR", "Europe/Bratislava"),
    "LT": ("EUR", "Europe/Vilnius"),
    "LV": ("EUR", "Europe/Riga"),
    "EE": ("EUR", "Europe/Tallinn"),
    "DE": ("EUR", "Europe/Berlin"),
}
"""Currency and time zone that a country's shops mostly have; others are asked."""

_COUNTRY_OF = {"uk": "UA", "pl": "PL", "ru": "UA", "en": "UA"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was told as options; None is still to be asked."""

    name: str | None
    language: str | None
    country: str | None
    currency: str | None
    timezone: str | None
    till: str | None
    printer: str | None
    touch: bool | None
    manager: str | None
    pin: str | None


@click.command()
@click.option("--name", help="The shop's name.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of screens and slips.")
@click.option("--country", help="Two letters, such as UA: the form in which phones are typed.")
@click.option("--currency", help="Three letters, such as UAH; the country's own without it.")
@click.option("--timezone", help="Such as Europe/Kyiv; the country's own without it.")
@click.option("--till", help="This till's own name, such as till-1.")
@click.option("--printer", help='Such as tcp://192.168.1.50:9100; "" is no printer.')
@click.option("--touch/--no-touch", default=None, help="Whether the screen is touched.")
@click.option("--manager", help="The first manager's name.")
@click.option("--pin", envvar="TILLMATE_PIN", show_envvar=True, help="The first manager's PIN, 4 to 8 digits.")
@click.option("--key-store", default="file", show_default=True, type=click.Choice(["file", "keyring", "systemd"]))
@click.option("--programme", type=PROGRAMME_FILE, help="The loyalty programme; a simple one without it.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options, and the usual answer for the rest.")
@click.pass_obj
def init(invocation: Invocation, /, key_store: str, programme: Path | None, yes: bool, **told: object) -> None:
    """Set this till up: config.toml, the ledger and its key, a programme, the first manager.

    Nothing that stands is overwritten, and nothing is left when a step fails or you stop. The recovery key is
    shown once.

    Example: tillmate init

    Example: tillmate init --yes --name "My shop" --language pl --country PL --pin 2580
    """
    refuse_existing(invocation.config_path)
    answers = _usual(Answers(**told)) if yes else _asked(Answers(**told))  # type: ignore[arg-type]
    config = _config(answers, key_store)
    words = words_in(config.shop.language)
    usual = default_programme(config.shop.currency, words.gettext("Bonus club"))
    document = programme_text(programme) if programme else usual
    assert answers.manager is not None
    assert answers.pin is not None
    with setting_up(
        invocation.config_path,
        config,
        programme=document,
        manager=answers.manager,
        pin=answers.pin,
        clock=system_clock,
        chance=SystemRandom(),
    ) as key:
        _show_recovery(words, key)
        if not yes:
            click.prompt(words.gettext("Press Enter when it is on paper"), default="", show_default=False)
    click.echo(words.say(phrase("The till is ready: {path}", path=str(invocation.config_path))))
    at_home = invocation.config_path == default_config_path()
    program = "tillmate" if at_home else f"tillmate --config {shlex.quote(str(invocation.config_path))}"
    click.echo(words.say(phrase("Start it: {program}", program=program)))
    click.echo(words.say(phrase("Look after it: {program} doctor", program=program)))


def default_programme(currency: str, name: str = "Bonus club") -> str:
    """Return a simple programme in a currency: 3 % back, up to half of a bill, usable for a year."""
    text = (files("terminal.commands") / "programme.toml").read_text(encoding="utf-8")
    text = text.replace('currency = "UAH"', f'currency = "{currency}"')
    return text.replace('"Bonus club"', json.dumps(name, ensure_ascii=False))


def _show_recovery(words: Words, key: bytes) -> None:
    _ = words.gettext
    click.echo("\n" + _("This is the recovery key of the ledger. It is shown only this once:"))
    click.echo("\n    " + click.style(recovery_text(key), bold=True) + "\n")
    advice = _(
        "Write it on paper and keep it away from the till. If this computer breaks, your backups open with it"
        " alone: tillmate restore --type-key FILE. Nobody can make it again."
    )
    click.echo(textwrap.fill(advice, 80) + "\n")


def _config(answers: Answers, key_store: str) -> Config:
    assert answers.name is not None
    assert answers.till is not None
    try:
        return Config(
            shop=ShopConfig(
                name=answers.name,
                language=answers.language,  # type: ignore[arg-type]
                currency=answers.currency or "",
                country=answers.country or "",
                timezone=answers.timezone or "",
            ),
            till=TillConfig(name=answers.till),
            key=KeyConfig(store=key_store),  # type: ignore[arg-type]
            printer=PrinterConfig(url=answers.printer or ""),
            screen=ScreenConfig(touch=bool(answers.touch)),
        )
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None


def _usual(told: Answers) -> Answers:
    """Fill in what `--yes` leaves unasked; a shop's name and a PIN can't be guessed."""
    if not told.name or not told.pin:
        raise click.UsageError("--yes needs --name and --pin (or TILLMATE_PIN)")
    language = told.language or system_language()
    country = (told.country or _COUNTRY_OF[language]).upper()
    currency, timezone = _COUNTRIES.get(country, (None, None))
    if not (told.currency or currency) or not (told.timezone or timezone):
        raise click.UsageError(f"--yes needs --currency and --timezone for the country {country}")
    return replace(
        told,
        language=language,
        country=country,
        currency=(told.currency or currency or "").upper(),
        timezone=told.timezone or timezone,
        till=told.till or "till-1",
        printer=told.printer or "",
        touch=True if told.touch is None else told.touch,
        manager=told.manager or words_in(language).gettext("Manager"),
    )


def _asked(told: Answers) -> Answers:
    """Ask for what was not told, each with the usual answer, each checked before the next."""
    language = told.language or click.prompt(
        "Мова / Język / Язык / Language", default=system_language(), type=click.Choice(LANGUAGES)
    )
    words = words_in(language)
    name = told.name or _ask(words, phrase("Shop's name"), check=lambda text: ShopConfig(name=text))
    country = told.country or _ask(
        words,
        phrase("Country, two letters"),
        _COUNTRY_OF[language],
        lambda text: ShopConfig(name="-", country=text.upper()),
    )
    currency, timezone = _COUNTRIES.get(country.upper(), (None, None))
    currency = told.currency or _ask(
        words,
        phrase("Currency, three letters"),
        currency,
        lambda text: ShopConfig(name="-", currency=text.upper()),
    )
    timezone = told.timezone or _ask(
        words, phrase("Time zone"), timezone, lambda text: ShopConfig(name="-", timezone=text)
    )
    till = told.till or _ask(words, phrase("This till's own name"), "till-1", lambda text: TillConfig(name=text))
    printer = told.printer
    if printer is None:
        printer = _ask(words, phrase("Printer's address (empty: no printer)"), "", _check_printer)
    touch = told.touch
    if touch is None:
        touch = click.confirm(words.gettext("Is it a touchscreen?"), default=True)
    manager = told.manager or _ask(words, phrase("First manager's name"), words.gettext("Manager"))
    return Answers(
        name=name,
        language=language,
        country=country.upper(),
        currency=currency.upper(),
        timezone=timezone,
        till=till,
        printer=printer,
        touch=touch,
        manager=manager,
        pin=told.pin or ask_pin(words, words.gettext("Manager's PIN, 4 to 8 digits (not shown)")),
    )


def _ask(
    words: Words, question: Phrase, usual: str | None = None, check: Callable[[str], object] = lambda text: None
) -> str:
    """Ask until the answer passes `check`, which raises ValueError with the reason."""
    while True:
        answer: str = click.prompt(words.say(question), default=usual, show_default=bool(usual)).strip()
        try:
            check(answer)
        except ValueError as fault:
            click.echo(str(fault), err=True)
        else:
            return answer


def _check_printer(address: str) -> None:
    from printers.ports import open_port

    if address:
        PrinterConfig(url=address)
        open_port(address)
