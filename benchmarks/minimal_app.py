"""The least that a Textual app can be and still answer a scan: a box, and a row painted for what was typed."""

import sys

from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input, Static

PLACEHOLDER = "Card"


class MinimalApp(App[None]):
    """Paints the name for a number out of a dict."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        """A box and a row."""
        yield Input(placeholder=PLACEHOLDER)
        yield Static(markup=False)

    @on(Input.Submitted)
    def show(self, event: Input.Submitted) -> None:
        """Paint the row."""
        self.query_one(Static).update(self._names[event.value])
        event.input.value = ""


def main(pairs: list[str]) -> None:
    """Run with NUMBER=NAME on the command line."""
    MinimalApp(dict(pair.split("=", 1) for pair in pairs)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
