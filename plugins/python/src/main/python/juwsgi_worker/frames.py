"""Frames, the one wire format between the server and its processes: a header of 20 bytes, then a payload."""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

HEADER = struct.Struct("<IBBHIII")
SIZE = HEADER.size
MAX_PAYLOAD = 16 * 1024 * 1024

END = 1
REFUSED = 2

HELLO = 0
REQUEST = 1
BODY = 2
FILE_TAKEN = 3
MESSAGE = 4
CLOSED = 5
ACCEPTED = 6
RESPONSE = 16
DATA = 17
FILE = 18
FAILED = 19
DEADLINE = 20
LOGVAR = 21
WEBSOCKET = 22
SEND = 23
INTERIM = 24

RECALL = 32
TRACE = 33
INTERRUPT = 34
RECALLED = 48
TRACED = 49
INTERRUPTED = 50

ZYGOTE = 64
BOOTED = 65
BOOT_FAILED = 66
SPAWNED = 67
EXITED = 68
READY = 69
WORKER_FAILED = 70
CHANGED = 71
LEAVING = 72
SPAWN = 80
QUIT = 81
STOP = 82
KILL = 83

CALL = 96
REPLY = 112

SIDE = 0xFFFFFFFF
"""The id in HELLO of the side connection."""


class FrameError(Exception):
    """The peer broke a rule of the wire; the connection cannot be used any more."""


class Frame:
    """One frame as it was received."""

    __slots__ = ("aux", "flags", "id", "kind", "payload")

    def __init__(self, kind: int, flags: int, id: int, aux: int, payload: bytes) -> None:
        self.kind = kind
        self.flags = flags
        self.id = id
        self.aux = aux
        self.payload = payload


def encode(kind: int, id: int = 0, aux: int = 0, payload: bytes = b"", flags: int = 0, micros: int = 0) -> bytes:
    """Returns a frame as bytes."""
    return HEADER.pack(len(payload), kind, flags, 0, id, aux, micros) + payload


def check(length: int, zero: int) -> None:
    """Raises FrameError unless the two fields of a header keep to the rules."""
    if length > MAX_PAYLOAD:
        raise FrameError(f"frame length: {length} (expected: at most {MAX_PAYLOAD})")
    if zero:
        raise FrameError(f"bytes 6 and 7 of a frame: {zero} (expected: 0)")


class Connection:
    """A control or side connection: whole frames over a socket, without haste. One thread reads and writes it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, kind: int, id: int = 0, aux: int = 0, payload: bytes = b"", flags: int = 0) -> None:
        self.sock.sendall(encode(kind, id, aux, payload, flags))

    def receive(self) -> bool:
        """Takes in what has arrived, waiting for something if there is nothing; False when the peer has closed."""
        data = self.sock.recv(65536)
        self._buffer += data
        return bool(data)

    def receive_hello(self) -> bool:
        """Takes in the rest of a frame without payload and nothing after it; False when the peer has closed."""
        data = self.sock.recv(SIZE - len(self._buffer))
        self._buffer += data
        if len(self._buffer) == SIZE and self._buffer[:4] != b"\0\0\0\0":
            raise FrameError("the first frame on a link has a payload (expected: HELLO, which has none)")
        return bool(data)

    def frames(self) -> Iterator[Frame]:
        """Takes the frames that are there as a whole."""
        while len(self._buffer) >= SIZE:
            length, kind, flags, zero, id, aux, _ = HEADER.unpack_from(self._buffer)
            check(length, zero)
            if len(self._buffer) < SIZE + length:
                return
            payload = bytes(self._buffer[SIZE : SIZE + length])
            del self._buffer[: SIZE + length]
            yield Frame(kind, flags, id, aux, payload)

    def close(self) -> None:
        self.sock.close()
