"""Calls from this process to the server: a function by name with bytes as arguments, bytes as answers.

Each thread has a connection of its own, opened at its first call, and again in a forked child.
"""

from __future__ import annotations

import os
import socket
import threading
import time

from .frames import CALL, HEADER, HELLO, MAX_PAYLOAD, REFUSED, REPLY, SIZE, encode

BOOT_PATIENCE = 10.0
"""Seconds that the first call may wait for the server, which makes its socket while the application is being loaded."""

CHUNK = 65536

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_pack = HEADER.pack
_unpack = HEADER.unpack_from


class CallError(RuntimeError):
    """The server refused a call; the text says why."""


class Calls:
    """The way to the functions of the server. Any thread may call."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self.worker = 0
        """The number of the worker that this process is, 0 in the zygote."""
        self._local = threading.local()
        self._met = False
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """The connections of the parent's threads are the parent's."""
        self._local = threading.local()

    def call(self, name: bytes, *arguments: bytes) -> list[bytes]:
        """Calls a function and waits for its answer.

        :raises CallError: when the server refuses
        :raises OSError: when there is no server to ask
        """
        try:
            sock = self._local.sock
        except AttributeError:
            sock = self._connect()
        payload = name
        for argument in arguments:
            payload += len(argument).to_bytes(4, "little") + argument
        if len(payload) > MAX_PAYLOAD:
            raise CallError(f"arguments: {len(payload)} bytes (expected: at most {MAX_PAYLOAD})")
        try:
            sock.sendall(_pack(len(payload), CALL, 0, 0, 1, len(name), 0) + payload)
            data = sock.recv(CHUNK)
            while len(data) < SIZE or len(data) < SIZE + _unpack(data)[0]:
                data += self._more(sock, data)
        except BaseException:
            # Whatever came between (a signal, an interrupted request): an answer that is late must not meet the next call.
            self._drop()
            raise
        length, kind, flags, _, _, count, _ = _unpack(data)
        if kind != REPLY or len(data) != SIZE + length:
            self._drop()
            raise ConnectionError("the server's answer breaks the rules of the wire")
        if flags & REFUSED:
            raise CallError(data[SIZE:].decode("utf-8", "replace"))
        return _values(data, count)

    def _more(self, sock: socket.socket, data: bytes) -> bytes:
        """Waits for the rest of an answer."""
        if not data:
            raise ConnectionResetError("the server has closed the connection for calls")
        parts = []
        missing = SIZE + _unpack(data)[0] - len(data) if len(data) >= SIZE else SIZE - len(data)
        while missing > 0:
            part = sock.recv(min(missing, 1 << 20))
            if not part:
                raise ConnectionResetError("the server has closed the connection for calls")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _connect(self) -> socket.socket:
        path = self._settings["calls"]  # Not before: a change of the root directory changes it.
        end = time.monotonic() + BOOT_PATIENCE
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                sock.close()
                if self._met or time.monotonic() > end or not os.path.isdir(os.path.dirname(path)):
                    raise
                time.sleep(0.01)
        sock.sendall(encode(HELLO, self.worker, os.getpid()))
        self._met = True
        self._local.sock = sock
        return sock

    def _drop(self) -> None:
        try:
            self._local.sock.close()
            del self._local.sock
        except AttributeError:
            pass


def _values(data: bytes, count: int) -> list[bytes]:
    values = []
    at = SIZE
    for _ in range(count):
        end = at + 4 + int.from_bytes(data[at : at + 4], "little")
        values.append(data[at + 4 : end])
        at = end
    return values
