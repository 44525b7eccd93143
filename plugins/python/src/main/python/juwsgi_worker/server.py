"""What this process knows of its server: for the modules that applications import. Set once, by the zygote."""

from __future__ import annotations

import os
import threading
import time

from .calls import Calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .core import Core


class Server:
    """The server as its processes see it. The main thread sets it up; any thread reads it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.calls = Calls(settings)
        self.master = os.getppid()
        """The process id of the server: the zygote is its child."""
        self.started = int(time.time())
        self.cores: list[Core] = []
        """The cores of this worker, none in the zygote."""
        self.current = threading.local()
        """Its attribute ``core`` is the core that runs in this thread."""

    def core(self) -> Core | None:
        """Returns the core that runs in this thread."""
        core: Core | None = getattr(self.current, "core", None)
        return core

    @property
    def worker(self) -> int:
        """The number of this worker, 0 in the zygote."""
        return self.calls.worker


_server: Server | None = None


def install(settings: dict[str, Any]) -> Server:
    """Makes the server known, in the zygote."""
    global _server
    _server = Server(settings)
    return _server


def server() -> Server:
    """Returns the server of this process.

    :raises ImportError: in a process that has none
    """
    if _server is None:
        raise ImportError("there is no server: only a process that juwsgi starts has one")
    return _server
