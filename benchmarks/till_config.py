"""The config of a till that a benchmark starts as a program of its own."""

from pathlib import Path
from typing import Final

from benchmarks.ledgers import KEY
from terminal.config import Config, PrinterConfig, ShopConfig, TillConfig, write_config

LANGUAGE: Final = "uk"


def config_beside(ledger: Path) -> Path:
    """Write config and key beside a ledger that nobody else uses, with a printer in memory; return the config."""
    key = ledger.with_name("till.key")
    key.write_text(KEY.hex())
    key.chmod(0o600)
    path = ledger.with_name("config.toml")
    config = Config(
        shop=ShopConfig(name="Крамниця", language=LANGUAGE),
        till=TillConfig(name="bench-1", ledger=Path(ledger.name)),
        printer=PrinterConfig(url="memory:"),
    )
    write_config(path, config)
    return path
