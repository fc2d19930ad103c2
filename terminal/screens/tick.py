"""A box to tick: ticked or empty, so that colour is not the only sign."""

from textual.widgets import Checkbox


class Tick(Checkbox):
    """A checkbox whose box is empty until it is ticked."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Draw the tick, or take it away."""
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()
