"""A core's connection: requests that wait, bodies that arrive in parts, and answers on their way out.

Two threads meet here. The core's thread reads, begins requests and writes answers. The control thread takes back what
was not begun (``recall``). What makes a request "begun or given back, never both" is that each of them takes requests
with ``deque.popleft``, which is atomic. ``_reading`` is held while bytes are taken from the socket and sorted,
``_sending`` while answers are put on it; they are never held together.
"""

from __future__ import annotations

import select
import socket
import threading
from collections import deque

from .frames import (
    ACCEPTED,
    BODY,
    DATA,
    END,
    FAILED,
    FILE_TAKEN,
    HEADER,
    MAX_PAYLOAD,
    MESSAGE,
    REFUSED,
    REQUEST,
    SIZE,
    FrameError,
    check,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    Request = tuple[int, bytes, bytes, Optional["Feed"]]

CHUNK = 65536
LARGE_CHUNK = 262144
GATHER = 65536
"""Answers are written when so many bytes of them have gathered."""

RECALL_PATIENCE = 0.005
"""Seconds that the control thread waits for a core that reads: it is sorting (microseconds) or idle (for ever)."""

RECALL_BUFFER = 1 << 20
"""The control thread takes no more of a running request's body than this into memory."""

_unpack = HEADER.unpack_from
_pack = HEADER.pack


class LinkLost(ConnectionError):
    """The gateway closed the connection: nobody waits for this answer any more."""


class Feed:
    """The parts of one request's body, or the messages of its WebSocket, that have arrived and were not read yet."""

    __slots__ = ("accepted", "cut", "ended", "parts", "size")

    def __init__(self, first: bytes) -> None:
        self.accepted: bool | None = None
        """Whether the gateway has made the request a WebSocket; None while nobody has asked, or it has not answered."""
        self.parts: deque[bytes] = deque()
        self.size = 0
        self.ended = False
        self.cut = False
        if first:
            self.add(first)

    def add(self, part: bytes) -> None:
        self.parts.append(part)
        self.size += len(part)

    def take(self) -> bytes:
        part = self.parts.popleft()
        self.size -= len(part)
        return part


class Link:
    """One core connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(True)
        self.pending: deque[Request] = deque()
        self._sock = sock
        self._recv = sock.recv
        self._reading = threading.Lock()
        self._chunks: list[bytes] = []
        self._have = 0
        self._need = SIZE
        self._feeds: dict[int, Feed] = {}
        self._given_back: set[int] = set()
        self._awaits_body = False
        self._taken: tuple[int, bool] | None = None
        self._sending = threading.Lock()
        self.out: list[bytes] = []
        """Finished frames, not yet written. The core appends; whoever holds ``_sending`` takes from the front."""

    # --- in ---

    def receive(self) -> bool:
        """Waits for bytes and sorts the frames in them; False when the gateway has closed."""
        with self._reading:
            try:
                data = self._recv(CHUNK if self._need <= CHUNK else LARGE_CHUNK)
            except OSError:
                return False
            if not data:
                return False
            self._take_in(data)
            return True

    def _receive_now(self) -> bool:
        """Sorts what has arrived without waiting; False when there is nothing. The caller holds ``_reading``."""
        try:
            data = self._recv(CHUNK, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        if data:
            self._take_in(data)
        return bool(data)

    def _take_in(self, data: bytes) -> None:
        if self._chunks:
            self._chunks.append(data)
            self._have += len(data)
            if self._have < self._need:
                return
            data = b"".join(self._chunks)
            self._chunks = []
        at = 0
        size = len(data)
        need = SIZE
        pending = self.pending
        while size - at >= SIZE:
            length, kind, flags, zero, id, aux, _ = _unpack(data, at)
            if zero or length > MAX_PAYLOAD:
                check(length, zero)
            start = at + SIZE
            end = start + length
            if end > size:
                need = SIZE + length
                break
            if kind == REQUEST:
                split = start + aux
                if split > end:
                    raise FrameError(f"length of the environ: {aux} (expected: at most {length}, the payload)")
                if flags & END and not self._given_back:
                    pending.append((id, data[start:split], data[split:end], None))
                else:
                    self._unusual_request(id, flags, data[start:split], data[split:end])
            elif kind == BODY:
                self._body(id, flags, data[start:end])
            elif kind == FILE_TAKEN:
                self._taken = (id, not flags & REFUSED)
            elif MESSAGE <= kind <= ACCEPTED:
                self._of_websocket(kind, id, flags, data[start:end])
            else:
                raise FrameError(f"frame type on a core connection: {kind} (expected: 1 to 6)")
            at = end
        if at < size:
            self._chunks = [data[at:] if at else data]
        self._have = size - at
        self._need = need

    def _unusual_request(self, id: int, flags: int, environ: bytes, first: bytes) -> None:
        if id in self._given_back:
            self._given_back.discard(id)
        elif flags & END:
            self.pending.append((id, environ, first, None))
        else:
            feed = self._feeds[id] = Feed(first)
            self.pending.append((id, environ, first, feed))

    def _body(self, id: int, flags: int, part: bytes) -> None:
        feed = self._feeds.get(id)
        if feed is None:  # Of a request that was answered or given back.
            return
        if part:
            feed.add(part)
        if flags & END:
            feed.ended = True
            feed.cut = bool(flags & REFUSED)
            del self._feeds[id]

    def _of_websocket(self, kind: int, id: int, flags: int, message: bytes) -> None:
        feed = self._feeds.get(id)
        if feed is None:
            return
        if kind == MESSAGE:
            feed.add(message)
        elif kind == ACCEPTED:
            feed.accepted = not flags & REFUSED
        else:  # CLOSED
            feed.ended = True

    def listen(self, id: int, feed: Feed) -> None:
        """Takes the messages of this request's WebSocket from here on, until the request is forgotten."""
        with self._reading:
            self._feeds[id] = feed

    def wait_body(self, feed: Feed) -> None:
        """Waits until more of a body may be there. Takes nothing, so that an exception may end the waiting.

        The control thread leaves the socket alone meanwhile: else it could take the last part after this thread has
        looked for it, and before it sleeps.
        """
        self._awaits_body = True
        try:
            with self._reading:
                if feed.parts or feed.ended:
                    return
            poll = select.poll()
            poll.register(self._sock, select.POLLIN)
            poll.poll()
        finally:
            self._awaits_body = False

    def receive_arrived(self) -> None:
        """Sorts what has arrived without waiting for more."""
        with self._reading:
            try:
                data = self._recv(LARGE_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError as error:
                raise LinkLost(str(error)) from None
            if not data:
                raise LinkLost("the gateway closed the connection")
            self._take_in(data)

    def forget(self, id: int) -> None:
        """Discards what still comes of the body of a request that is answered."""
        self._feeds.pop(id, None)

    def wait_taken(self, id: int) -> bool:
        """Waits until the gateway says whether it has opened the file of this request."""
        while True:
            taken = self._taken
            if taken is not None and taken[0] == id:
                self._taken = None
                return taken[1]
            if not self.receive():
                raise LinkLost("the gateway closed the connection")

    # --- out ---

    def data(self, id: int, data: bytes) -> None:
        """Queues body bytes, in frames that keep to the limit."""
        for at in range(0, len(data), 1 << 20):
            part = data[at : at + (1 << 20)]
            self.out.append(_pack(len(part), DATA, 0, 0, id, 0, 0))
            self.out.append(part)

    def failed(self, id: int, why: str, micros: int) -> None:
        """Queues FAILED."""
        reason = why.encode("utf-8", "backslashreplace")[:1000]
        self.out.append(_pack(len(reason), FAILED, END, 0, id, 0, micros) + reason)

    def flush(self) -> None:
        """Writes all that is queued, waiting as long as the gateway makes it."""
        out = self.out
        if not out:
            return
        try:
            with self._sending:
                parts = out[:]
                del out[: len(parts)]
                if len(parts) == 1:
                    self._sock.sendall(parts[0])
                elif sum(map(len, parts)) <= 2 * GATHER:
                    self._sock.sendall(b"".join(parts))
                else:
                    for part in parts:
                        self._sock.sendall(part)
        except OSError as error:
            raise LinkLost(str(error)) from None

    def _flush_now(self) -> None:
        """Writes what fits without waiting, unless the core is writing itself."""
        out = self.out
        if not out or not self._sending.acquire(blocking=False):
            return
        try:
            count = len(out)
            data = b"".join(out[:count])
            del out[:count]
            try:
                sent = self._sock.send(data, socket.MSG_DONTWAIT)
            except BlockingIOError:
                sent = 0
            except OSError:  # The core sees it for itself.
                return
            if sent < len(data):
                out.insert(0, data[sent:])
        finally:
            self._sending.release()

    # --- for the control thread ---

    def recall(self, busy_with: int) -> list[int]:
        """Takes back every request that the core has not begun, also those still in the socket; writes out answers."""
        if self._reading.acquire(timeout=RECALL_PATIENCE):
            try:
                running = self._feeds.get(busy_with)
                while not self._awaits_body and (running is None or running.size < RECALL_BUFFER):
                    if not self._receive_now():
                        break
                ids = self._unfinished()
            except (OSError, FrameError):
                self.shutdown()
                ids = []
            finally:
                self._reading.release()
        else:
            ids = []
        while self.pending:
            try:
                id = self.pending.popleft()[0]
            except IndexError:  # The core was faster.
                break
            self._feeds.pop(id, None)
            ids.append(id)
        self._flush_now()
        return ids

    def _unfinished(self) -> list[int]:
        """Gives back the request of which only a part has arrived."""
        if self._have < SIZE:
            return []
        if len(self._chunks) > 1:
            self._chunks = [b"".join(self._chunks)]
        _, kind, _, _, id, _, _ = _unpack(self._chunks[0])
        if kind != REQUEST or id in self._given_back:
            return []
        self._given_back.add(id)
        return [id]

    def end_input(self) -> None:
        """Lets the core see the end of the connection once it has done what it holds."""
        try:
            self._sock.shutdown(socket.SHUT_RD)
        except OSError:
            pass

    def shutdown(self) -> None:
        """Ends the connection in both directions; the core's next read or write fails."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        self._sock.close()
