"""The till's two colour themes: calm for eight hours, with strong contrast for what matters."""

from textual.theme import Theme

DARK = Theme(
    name="tillmate-dark",
    primary="#2f9e77",
    secondary="#4f8fc0",
    accent="#f2c14e",
    foreground="#e8ecef",
    background="#10171c",
    surface="#162027",
    panel="#22303a",
    success="#2f9e77",
    warning="#d9962f",
    error="#d0504a",
    dark=True,
    variables={"input-selection-background": "#2f9e77 50%"},
)

LIGHT = Theme(
    name="tillmate-light",
    primary="#16805c",
    secondary="#2b6ca3",
    accent="#9a6700",
    foreground="#182026",
    background="#f6f7f4",
    surface="#ffffff",
    panel="#e2e7e4",
    success="#16805c",
    warning="#b7791f",
    error="#b3322c",
    dark=False,
    variables={"input-selection-background": "#16805c 30%"},
)
