"""The site as a web application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi

from sync.protocol import VERSION
from sync.site import shop_api, till_api
from sync.site.exchange import tell_faults
from sync.site.limiting import Limit
from sync.site.news import News
from sync.site.openapi import components
from sync.site.store import Store

_ENROL_EACH, _ENROL_OVERALL = 5, 60
_LOOK_UP_EACH, _LOOK_UP_OVERALL = 120, 6000
_FIND_EACH, _FIND_OVERALL = 1200, 6000

_PUSHES = {"sqlite": 1, "postgresql": 4}
"""Pushes that a process works on at once. More would only take the interpreter from the one that writes."""

_ABOUT = """\
The one master of points, and the only grantor of leases. A till, a relay or a shop's own site speaks to it in JSON;
docs/site-api.md is the guide to this document.
"""


def make_app(store: Store) -> FastAPI:
    """Return the application over an open database."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(app.state.news.watch())
        try:
            yield
        finally:
            app.state.news.stop()
            await watching

    app = FastAPI(
        title="Tillmate site",
        version=version("tillmate"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=living,
    )
    app.state.store = store
    app.state.news = News(store)
    app.state.push_turns = asyncio.Semaphore(_PUSHES[store.engine.dialect.name])
    app.state.enrol_limit = Limit(store.clock, _ENROL_EACH, _ENROL_OVERALL)
    app.state.look_up_limit = Limit(store.clock, _LOOK_UP_EACH, _LOOK_UP_OVERALL)
    app.state.find_limit = Limit(store.clock, _FIND_EACH, _FIND_OVERALL)
    app.include_router(till_api.router, tags=["tills"])
    app.include_router(shop_api.router, tags=["shop"])
    app.get("/v1/health", tags=["site"], response_model=None)(health)
    tell_faults(app)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    return app


async def health(request: Request) -> dict[str, int]:
    """Say that the site answers, its time (UTC ms) and the version of its protocol."""
    return {"protocol": VERSION, "site_ms": request.app.state.store.clock()}


def described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document["components"] = components()
        app.openapi_schema = document
    return app.openapi_schema
