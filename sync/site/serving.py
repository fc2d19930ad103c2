"""The application as a server process makes it, from the environment that `tillmate site serve` sets."""

import gc
import os
from random import SystemRandom

from fastapi import FastAPI

from sync.site.app import make_app
from sync.site.opening import now_ms
from sync.site.store import open_store


def app() -> FastAPI:
    """Return the application over the database that TILLMATE_SITE names."""
    made = make_app(open_store(os.environ["TILLMATE_SITE"], now_ms, SystemRandom()))
    gc.freeze()  # what was imported stays: looking through it for garbage, push after push, finds none
    return made
