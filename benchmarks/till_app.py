"""The till on a ledger made here, started as `tillmate` starts it, but unlocked: no benchmark types a PIN."""

import sys
from pathlib import Path
from random import SystemRandom

from terminal import cli, desk, running
from terminal.app import TillApp
from terminal.commands.invocation import Invocation
from terminal.ledger.lock import hold_till
from terminal.screens.session import Session
from terminal.wiring import open_till, system_clock


def main(path: Path, role: str = "cashier") -> None:
    """Run the till that a config describes until it is closed; `role` is who has unlocked it."""
    assert cli.main.name == "main", "the command that a shop starts is imported as it is there"
    config = Invocation.of(path).config
    with hold_till(config.till.ledger):
        till = open_till(config, clock=system_clock, chance=SystemRandom())
        try:
            desk.expire(till)
            session = Session(
                till, till.words(), operator=desk.Operator("bench", "Оксана", role), preview=running.previewer(48)
            )
            app = TillApp(session)
            devices = running.Devices(app, session, config)
            app.start_devices = devices.start
            try:
                app.run()
            finally:
                devices.stop()
        finally:
            till.ledger.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
