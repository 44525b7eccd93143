"""Watches the master while the main thread imports an application, which may take long, or for ever."""

from __future__ import annotations

import os
import select
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frames import Connection

_HANG_UP = getattr(select, "POLLRDHUP", 0)
"""Linux says so when the other end closes; elsewhere POLLHUP, which is always told, must do."""


class Watch:
    """Ends this process when its master goes, for as long as the ``with`` block runs. Its thread is over then."""

    def __init__(self, master: Connection) -> None:
        self._master = master
        self._read, self._write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="juwsgi-watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exc_info: object) -> None:
        os.close(self._write)
        self._thread.join()
        os.close(self._read)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._master, _HANG_UP)
        poll.register(self._read, 0)
        for fd, _ in poll.poll():
            if fd == self._master.fileno():
                os._exit(0)
