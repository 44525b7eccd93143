"""PEP 3333: one request of an application, from start_response to the end of its body."""

from __future__ import annotations

from .errors import Interrupted, report, request_line
from .files import FileWrapper, regular_file
from .frames import DATA, END, FILE, HEADER, INTERIM, RESPONSE
from .head import has_no_body, make_head
from .link import GATHER, LinkLost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any, Callable

    from .core import Core
    from .link import Link
    from .websocket import WebSocket

    Environ = dict[str, Any]
    ExcInfo = tuple[type[BaseException], BaseException, TracebackType]
    Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

SMALL_FILE = 65536
"""A file up to this size is read here: that is cheaper than to have the gateway open it."""

_pack = HEADER.pack


class Exchange:
    """One request and its response. Used by the core's thread."""

    __slots__ = (
        "_over",
        "bodiless",
        "core",
        "ended",
        "environ",
        "head",
        "headed",
        "id",
        "length",
        "link",
        "sent",
        "websocket",
    )

    def __init__(self, core: Core, link: Link, id: int, environ: Environ) -> None:
        self.core = core
        self.link = link
        self.id = id
        self.environ = environ
        self.bodiless = environ.get("REQUEST_METHOD") == "HEAD"
        self.head: bytes | None = None
        self.length: int | None = None
        self.headed = False
        """The head is on its way: it cannot be changed any more."""
        self.ended = False
        """The frame with END is on its way."""
        self.sent = 0
        self.websocket: WebSocket | None = None
        """In place of a response."""
        self._over = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """What the application calls to give status and header fields; returns ``write``."""
        if exc_info is not None:
            try:
                if self.headed:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # Breaks the cycle through the frames of the traceback.
        elif self.head is not None:
            raise AssertionError("start_response was called twice without exc_info")
        self.head, self.length = make_head(status, headers)
        return self.write

    def open_websocket(self, protocol: bytes) -> None:
        """Makes a WebSocket of the request.

        :raises OSError: when it asks for none
        """
        from .websocket import WebSocket

        if self.headed or self.websocket is not None:
            raise OSError("unable to complete websocket handshake: the response was begun")
        self.websocket = WebSocket.open(self.core, self.link, self.id, protocol)
        self.bodiless = True

    def early_hints(self, headers: list[tuple[str, str]]) -> None:
        """Tells the client what the response will need, at once; nothing when the response has begun."""
        if self.headed or self.ended:
            return
        hints, _ = make_head("103 Early Hints", headers)
        core = self.core
        core.shield()
        self.link.out.append(_pack(len(hints), INTERIM, 0, 0, self.id, 0, 0) + hints)
        self.link.flush()
        core.unshield(self.id)

    def write(self, data: bytes) -> None:
        """PEP 3333's write(): the data is on its way when it returns."""
        core = self.core
        core.shield()
        self.push(data)
        self.link.flush()
        core.unshield(self.id)

    def push(self, data: bytes, last: bool = False) -> None:
        """Queues an item of the body; the head goes before the first one that is not empty.

        :param last: whether the response is complete with this item, if its Content-Length does not say otherwise
        """
        if type(data) is not bytes:
            data = _as_bytes(data)
        if self.websocket is not None:
            return
        if self.head is None:
            raise AssertionError("start_response was not called before the first item of the body")
        if not self.headed and has_no_body(self.head):
            self.bodiless = True
        if self.bodiless or not data:
            return
        if self.length is not None:
            data = self._fitting(data, self.length - self.sent)
        self.sent += len(data)
        if self.ended or not data:
            return
        self._queue(data, last if self.length is None else self.sent == self.length)

    def _fitting(self, data: bytes, room: int) -> bytes:
        if len(data) <= room:
            return data
        if not self._over:
            self._over = True
            report(f"{request_line(self.environ)}: the body is longer than its Content-Length, {self.length}: cut off")
        return data[:room]

    def _queue(self, data: bytes, complete: bool) -> None:
        head = self.head
        assert head is not None
        if self.headed:
            self.link.data(self.id, data)
            if complete:
                self._finish()
        elif len(data) <= 2 * GATHER:
            micros = self.core.micros() if complete else 0
            flags = END if complete else 0
            size = len(head) + len(data)
            self.link.out.append(_pack(size, RESPONSE, flags, 0, self.id, len(head), micros) + head + data)
            self.headed = True
            self.ended = complete
        else:
            self._queue_head()
            self.link.data(self.id, data)
            if complete:
                self._finish()

    def _queue_head(self) -> None:
        head = self.head
        assert head is not None
        self.link.out.append(_pack(len(head), RESPONSE, 0, 0, self.id, len(head), 0) + head)
        self.headed = True

    def _finish(self) -> None:
        self.link.out.append(_pack(0, DATA, END, 0, self.id, 0, self.core.micros()))
        self.ended = True

    def send(self, result: Any) -> None:
        """Sends all that the application returned, and closes it. The core is shielded on entry and at the end."""
        try:
            if result is None and self.websocket is not None:
                result = ()
            if isinstance(result, (bytes, bytearray)):
                result = (result,)
            if isinstance(result, FileWrapper) and self._send_file(result):
                return
            if isinstance(result, (list, tuple)):
                self._send_list(result)
            else:
                self._send_lazily(result)
            self._complete()
        except Interrupted:
            self.core.acknowledge()
            raise
        finally:
            self._close(result)

    def _send_list(self, items: Any) -> None:
        if self.websocket is not None:
            return
        if self.head is None:
            raise AssertionError("the application returned without calling start_response")
        body = b"".join([_as_bytes(item) for item in items])
        if not self.headed:
            if not self.bodiless:
                self._check_length(len(body))
            elif body and self.length is None and not has_no_body(self.head):  # What GET would have said.
                self.head += b"\nContent-Length: %d" % len(body)
        self.push(body, True)

    def _check_length(self, total: int) -> None:
        if self.length is not None and total < self.length and not has_no_body(self.head or b""):
            raise ShortBody(f"the body has {total} bytes, its Content-Length says {self.length}")

    def _send_lazily(self, result: Any) -> None:
        core = self.core
        link = self.link
        id = self.id
        core.unshield(id)
        for item in _iterate(result):
            core.shield()
            self.push(item)
            if self.bodiless and self.websocket is None:
                break
            # Whatever there is goes out before the application is asked for more, however long that takes; only a
            # complete answer may wait for those of the requests that follow.
            if not self.ended or not link.pending:
                link.flush()
            core.unshield(id)
        core.shield()

    def _complete(self) -> None:
        """Queues what is still missing for a whole response."""
        if self.ended:
            return
        if self.websocket is not None:
            self.link.forget(self.id)
            self._finish()
            return
        head = self.head
        if head is None:
            raise AssertionError("the application returned without calling start_response")
        if not self.bodiless:
            self._check_length(self.sent)
        if self.headed:
            self._finish()
        else:
            self.link.out.append(_pack(len(head), RESPONSE, END, 0, self.id, len(head), self.core.micros()) + head)
            self.headed = self.ended = True

    def _close(self, result: Any) -> None:
        close = getattr(result, "close", None)
        if close is None:
            return
        if self.ended and not self.link.pending:
            try:
                self.link.flush()  # close() may take long.
            except LinkLost:  # The core finds out next; close() is called all the same.
                pass
        self.core.unshield(self.id)
        close()
        self.core.shield()

    def _send_file(self, wrapper: FileWrapper) -> bool:
        """Lets the gateway send the file; False when it must go the way of any other iterable."""
        if self.head is None or self.headed or self.bodiless or has_no_body(self.head):
            return False
        file = regular_file(wrapper.filelike)
        if file is None:
            return False
        descriptor, offset, count = file
        if self.length is not None:
            if self.length > count:
                return False
            count = self.length
        if count <= SMALL_FILE:
            return False
        link = self.link
        self._queue_head()
        place = offset.to_bytes(8, "little") + count.to_bytes(8, "little")
        link.out.append(_pack(len(place), FILE, 0, 0, self.id, descriptor, 0) + place)
        link.flush()
        if not link.wait_taken(self.id):
            return False
        self._finish()
        return True


class ShortBody(Exception):
    """The application announced a longer body than it gave."""


def _as_bytes(item: Any) -> bytes:
    if not isinstance(item, (bytes, bytearray, memoryview)):
        raise TypeError(f"item of the application's body: {type(item).__name__} (expected: bytes)")
    return bytes(item)


def _iterate(result: Any) -> Iterable[bytes]:
    if not hasattr(result, "__iter__") and not hasattr(result, "__getitem__"):
        raise TypeError(f"the application returned {type(result).__name__} (expected: an iterable of bytes)")
    items: Iterable[bytes] = iter(result)
    return items
