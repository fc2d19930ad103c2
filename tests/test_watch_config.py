"""The section [watch] reaches the till as its limits, and the till is told when the machine's clock is set."""

from datetime import timedelta

from msgspec.structs import replace

from terminal.config import Config, ShopConfig, TillConfig, WatchConfig
from terminal.desk.till import ClockWatch
from terminal.rules.watch import WatchLimits
from terminal.wiring import steady_ms, watch_of
from tests.shop import Clock

CONFIG = Config(shop=ShopConfig(name="Shop"), till=TillConfig(name="till-1"))


def test_what_is_not_said_is_as_the_rules_have_it() -> None:
    assert watch_of(CONFIG) == WatchLimits()


def test_what_is_said_reaches_the_till() -> None:
    told = WatchConfig(("2900000000018",), 1, 2, 3, 4, 5, 6, 7, 8, 9)
    limits = WatchLimits(frozenset({"2900000000018"}), 1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert watch_of(replace(CONFIG, watch=told)) == limits


def test_a_clock_that_is_set_is_noticed_until_it_is_accepted() -> None:
    clock, steady = Clock(), [1_000_000]
    watch = ClockWatch(clock, lambda: steady[0])
    clock.advance(minutes=7)
    steady[0] += 7 * 60_000
    assert watch.moved_ms() == 0
    clock.advance(hours=-2)
    assert timedelta(milliseconds=watch.moved_ms()) == timedelta(hours=-2)
    watch.accept()
    assert watch.moved_ms() == 0


def test_the_steady_time_goes_on() -> None:
    assert 0 < steady_ms() <= steady_ms()
