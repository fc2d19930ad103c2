"""Asking for a PIN at the keyboard."""

import click

from terminal.locale.words import Words
from terminal.rules.pin import refuse_pin


def ask_pin(words: Words, question: str) -> str:
    """Ask, hidden and twice, until there is a PIN that may be somebody's."""
    while True:
        pin: str = click.prompt(question, hide_input=True)
        refused = refuse_pin(pin)
        if refused is not None:
            click.echo(words.say(refused.reason), err=True)
        elif pin == click.prompt(words.gettext("The PIN once more"), hide_input=True):
            return pin
        else:
            click.echo(words.gettext("The two PINs differ."), err=True)
