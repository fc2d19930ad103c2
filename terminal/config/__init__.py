"""The till's configuration: one TOML file, read into frozen structs, written with a comment for every key."""

from terminal.config.change import change_config
from terminal.config.load import CONFIG_VARIABLE, ConfigError, default_config_path, load_config
from terminal.config.sections import (
    BackupConfig,
    CardsConfig,
    Config,
    KeyConfig,
    OrdersConfig,
    PrinterConfig,
    ScannerConfig,
    ScreenConfig,
    ShopConfig,
    SiteConfig,
    TillConfig,
)
from terminal.config.watch import WatchConfig
from terminal.config.write import config_text, write_config, write_private

__all__ = [
    "CONFIG_VARIABLE",
    "BackupConfig",
    "CardsConfig",
    "Config",
    "ConfigError",
    "KeyConfig",
    "OrdersConfig",
    "PrinterConfig",
    "ScannerConfig",
    "ScreenConfig",
    "ShopConfig",
    "SiteConfig",
    "TillConfig",
    "WatchConfig",
    "change_config",
    "config_text",
    "default_config_path",
    "load_config",
    "write_config",
    "write_private",
]
