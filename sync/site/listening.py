"""Listening: the site as one process, or as several on one socket."""

import socket
import sys
from contextlib import suppress

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess


def serve(settings: uvicorn.Config) -> None:
    """Answer requests in as many processes as the settings say, until stopped; exit 3 if it can't begin."""
    with suppress(KeyboardInterrupt):
        if settings.workers > 1:
            with listener(settings) as listening:
                Multiprocess(settings, sockets=[listening]).run()
            return
        server = uvicorn.Server(settings)
        server.run()
        if not server.started:
            sys.exit(STARTUP_FAILURE)


def listener(settings: uvicorn.Config) -> socket.socket:
    """Return the socket that several processes answer on; what they accept from it sends small answers at once.

    uvicorn's own says nowhere that it is TCP. asyncio then lets the system gather small packets, and the body of an
    answer waits 40 ms for the client to acknowledge its head.
    """
    listening = settings.bind_socket()
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
