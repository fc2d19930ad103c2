"""Keys for fingers that are drawn as one: a widget for each would take three milliseconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Key:
    """What stands on a key, its name, and the action that it runs."""

    label: str
    name: str
    action: str


class Keys(Widget):
    """Rows of keys that share its height and width evenly. Pressing one keeps the focus where it is."""

    DEFAULT_CSS = """
    Keys { pointer: pointer; background: $surface; }
    Keys > .keys--key { background: $panel; color: $foreground; text-style: bold; }
    Keys > .keys--lit { background: $panel-lighten-1; color: $foreground; text-style: bold; }
    Keys > .keys--edge { color: $background; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--lit", "keys--edge"}
    WIDEST = 40
    """No key is drawn wider than this; the row stands in the middle then."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lit: str | None = None

    def rows(self) -> Sequence[Sequence[Key]]:
        """Return the keys, row by row; for the keys that inherit."""
        raise AssertionError("each board has keys of its own")

    def places(self) -> Iterator[tuple[Key, Region]]:
        """Yield each key and where it stands, from the widget's own corner."""
        rows = self.rows()
        height = self.size.height // len(rows)
        for line, keys in enumerate(rows):
            whole = min(self.size.width, self.widest(line) * len(keys))
            left = (self.size.width - whole) // 2
            for place, key in enumerate(keys):
                begins, ends = (left + whole * at // len(keys) for at in (place, place + 1))
                yield key, Region(begins, line * height, ends - begins, height)

    def widest(self, line: int) -> int:
        """Return how wide a key of a row may be."""
        return self.WIDEST

    def render_line(self, y: int) -> Strip:
        """The keys of one line: an edge, and the label in the middle of each."""
        surface = self.rich_style
        edge = self.get_component_rich_style("keys--edge", partial=True)
        segments, at = [], 0
        for key, place in self.places():
            if not place.y <= y < place.bottom:
                continue
            style = self.get_component_rich_style("keys--lit" if key.name == self._lit else "keys--key")
            label = key.label if y == place.y + place.height // 2 else ""
            segments += [
                Segment(" " * (place.x - at), surface),
                Segment("▌", style + edge),
                Segment(f"{label:^{place.width - 1}}", style),
            ]
            at = place.right
        return Strip([*segments, Segment(" " * (self.size.width - at), surface)])

    def _key_at(self, event: events.MouseEvent) -> Key | None:
        return next((key for key, place in self.places() if place.contains(event.x, event.y)), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light the key below the mouse."""
        key = self._key_at(event)
        self._light(key.name if key else None)

    def on_leave(self) -> None:
        """Light none."""
        self._light(None)

    def _light(self, name: str | None) -> None:
        if name != self._lit:
            self._lit = name
            self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """A finger or the mouse; two quick touches are two."""
        event.stop()
        key = self._key_at(event)
        if key is not None:
            await self.app.run_action(key.action, self)
