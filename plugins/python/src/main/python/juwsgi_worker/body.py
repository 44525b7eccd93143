"""wsgi.input: the request's body, whole in memory when it came with the request, else read as the application asks."""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from .core import Core
    from .link import Feed

BUFFER = 65536


class BodyCut(OSError):
    """The body ended before its end: the client went away, or broke the rules of its protocol."""


class BodyStream(io.RawIOBase):
    """A body that arrives in parts. No more than a socket buffer of it is taken before it is asked for."""

    def __init__(self, core: Core, feed: Feed) -> None:
        super().__init__()
        self._core = core
        self._feed = feed
        self._part = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._part:
            self._part = memoryview(self._next())
        count = min(len(buffer), len(self._part))
        buffer[:count] = self._part[:count]
        self._part = self._part[count:]
        return count

    def _next(self) -> bytes:
        feed = self._feed
        while not feed.parts:
            if feed.ended:
                if feed.cut:
                    raise BodyCut("the request's body was cut off: the client did not send all of it")
                return b""
            self._core.wait_body(feed)
        return feed.take()


def open_body(core: Core, feed: Feed) -> BinaryIO:
    """Returns wsgi.input for a body that arrives in parts; all reading methods and iteration come from io."""
    return io.BufferedReader(BodyStream(core, feed), BUFFER)
