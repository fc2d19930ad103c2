"""A button for fingers: three rows, its key written on it."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget


class Touch(Widget):
    """A target of three rows that runs an action; the same action has a key, which stands below the label."""

    DEFAULT_CSS = """
    Touch {
        height: 3; min-width: 7; width: auto; padding: 0 1; pointer: pointer;
        background: $panel; color: $foreground; content-align: center middle; text-align: center;
        border-left: outer $background;
        &:hover { background: $panel-lighten-1; }
        &:focus { background: $secondary; color: #ffffff; text-style: bold; }
        &.main { background: $primary; color: #ffffff; text-style: bold; }
        &.main:hover { background: $primary-lighten-1; }
        &.main:focus { background: $primary-lighten-1; text-style: bold underline; }
        &.danger { background: $error-darken-1; color: #ffffff; }
        &.danger:focus { background: $error; text-style: bold underline; }
        &:disabled { opacity: 50%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", show=False)]

    def __init__(
        self,
        label: str,
        action: str,
        key: str = "",
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        focusable: bool = False,
    ) -> None:
        """`action` is run as Textual actions are (`screen.take_all`); `key` is shown, the screen binds it."""
        super().__init__(id=id, classes=classes)
        self._label, self._action, self._key = label, action, key
        self.can_focus = focusable

    def render(self) -> Content:
        """The label, and the key below it."""
        if not self._key:
            return Content(self._label)
        above = "\n" if cell_len(self._label) <= self.content_size.width else ""
        return Content.assemble(above, self._label, "\n", (self._key, "dim not bold"))

    def say(self, label: str) -> None:
        """Change what stands on it."""
        self._label = label
        self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """A finger or the mouse; two quick touches are two."""
        event.stop()
        await self.action_press()

    async def action_press(self) -> None:
        """Run the action."""
        if not self.disabled:
            await self.app.run_action(self._action, self)
