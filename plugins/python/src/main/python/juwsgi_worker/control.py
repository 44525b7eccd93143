"""The control thread of a worker: it answers the master and the router while the cores are at work.

A worker whose master has gone leaves at once: that is this thread's first duty.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys
import time
from contextlib import contextmanager

from .errors import describe, report, stack
from .frames import (
    CHANGED,
    HELLO,
    INTERRUPT,
    INTERRUPTED,
    RECALL,
    RECALLED,
    REFUSED,
    SIDE,
    STOP,
    TRACE,
    TRACED,
    Connection,
    Frame,
    FrameError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Callable, NoReturn

    from .autoreload import Sources
    from .core import Core


class Control:
    """Waits for commands on the master's connection and on links. Runs in a thread of its own."""

    def __init__(self, master: Connection, listener: socket.socket, cores: list[Core], sources: Sources | None, seconds: int) -> None:
        self._master = master
        self._listener = listener
        self._cores = cores
        self._sources = sources
        self._pause = float(seconds) if sources else None
        self._due = time.monotonic() + seconds
        self._selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(master, selectors.EVENT_READ, lambda: self._serve(master, self._from_master))

    def run(self) -> None:
        """The thread's main function."""
        try:
            while True:
                for key, _ in self._selector.select(self._pause):
                    key.data()
                if self._sources and time.monotonic() >= self._due:
                    self._look(self._sources, self._pause or 0)
        except BaseException as error:
            report(f"juwsgi: worker's control thread failed\n{describe(error)}")
            os._exit(70)

    def _look(self, sources: Sources, pause: float) -> None:
        """Tells the master when a module's file has changed."""
        self._due = time.monotonic() + pause
        file = sources.changed()
        if file is not None:
            with self._guarded(self._master):
                self._master.send(CHANGED, 0, 0, os.fsencode(file))

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:  # It went away again.
            return
        connection = Connection(sock)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._greet(connection))

    def _greet(self, connection: Connection) -> None:
        """Reads HELLO, then gives the connection to its core or keeps it as a side connection."""
        with self._guarded(connection):
            if not connection.receive_hello():
                raise ConnectionResetError("closed before HELLO")
            for frame in connection.frames():
                if frame.kind != HELLO:
                    raise FrameError(f"first frame type on a link: {frame.kind} (expected: {HELLO}, HELLO)")
                core = None if frame.id == SIDE else self._core(frame.id)
                self._selector.unregister(connection)
                if core is not None:
                    core.connect(connection.sock)
                    return
                self._selector.register(connection, selectors.EVENT_READ, lambda: self._serve_side(connection))

    def _serve_side(self, connection: Connection) -> None:
        self._serve(connection, lambda frame: self._aside(connection, frame))

    def _serve(self, connection: Connection, act: Callable[[Frame], None]) -> None:
        """Obeys what has arrived on a connection."""
        with self._guarded(connection):
            if not connection.receive():
                raise ConnectionResetError("closed")
            for frame in connection.frames():
                act(frame)

    @contextmanager
    def _guarded(self, connection: Connection) -> Iterator[None]:
        """Ends a connection that fails, and with the master's this process."""
        try:
            yield
            return
        except FrameError as error:
            report(f"juwsgi: worker {os.getpid()}: bad frame on a connection: {error}")
        except OSError:
            pass
        if connection is self._master:
            leave()
        self._selector.unregister(connection)
        connection.close()

    def _from_master(self, frame: Frame) -> None:
        if frame.kind != STOP:
            raise FrameError(f"frame type from the master: {frame.kind} (expected: {STOP}, STOP)")
        for core in self._cores:
            core.stop()

    def _aside(self, connection: Connection, frame: Frame) -> None:
        if frame.kind == RECALL:
            ids = self._core(frame.id).recall()
            connection.send(RECALLED, frame.id, 0, b"".join(id.to_bytes(4, "little") for id in ids))
        elif frame.kind == TRACE:
            core = self._core(frame.id)
            connection.send(TRACED, frame.id, core.request, _trace(core))
        elif frame.kind == INTERRUPT:
            done = self._core(frame.aux).interrupt(frame.id)
            connection.send(INTERRUPTED, frame.id, 0, b"", 0 if done else REFUSED)
        else:
            raise FrameError(f"frame type on the side connection: {frame.kind} (expected: 32, 33 or 34)")

    def _core(self, index: int) -> Core:
        if index >= len(self._cores):
            raise FrameError(f"core: {index} (expected: 0 to {len(self._cores) - 1})")
        return self._cores[index]


def _trace(core: Core) -> bytes:
    frame = sys._current_frames().get(core.ident)
    text = stack(frame) if frame is not None else "the thread of this core has ended\n"
    return text.encode("utf-8", "backslashreplace")


def leave() -> NoReturn:
    """Ends this process without further ado: its master has gone."""
    os._exit(0)
