"""The module ``uwsgi`` of applications, with the names, arguments and results of uWSGI 2.0.

What is there works; what is not there is missing as an attribute, so that ``hasattr`` tells the truth. ``docs/python.md``
has the table. Texts may be given as str or bytes, and come back as bytes, as they do in uWSGI.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from struct import Struct

from juwsgi_worker.calls import CallError
from juwsgi_worker.errors import report
from juwsgi_worker.server import server as _server_of_this_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    from juwsgi_worker.core import Core

    Text = Union[str, bytes, bytearray, memoryview]

_server = _server_of_this_process()
_call = _server.calls.call
_settings = _server.settings
_own: dict[str, Any] = _settings["uwsgi"]
_int64 = Struct("<q")

version: bytes = b"2.0.30-juwsgi"
version_info: tuple[int, int, int, int, bytes] = (2, 0, 30, 0, b"juwsgi")
hostname: bytes = socket.gethostname().encode("utf-8", "surrogateescape")
numproc: int = max(1, _settings["processes"])
cores: int = max(1, _settings["threads"])
buffer_size: int = _own["buffer_size"]
has_threads: int = 1
loop: None = None
unbit: None = None
is_a_reload: bool = False
started_on: int = _server.started
opt: dict[str, Union[bytes, bool]] = {
    key: True if value is None else value.encode("utf-8", "surrogateescape") for key, value in _own["opt"]
}
applications: dict[str, Any] | None = None
SPOOL_OK = -2
SPOOL_RETRY = -1
SPOOL_IGNORE = 0

if "mode" in opt:
    mode = opt["mode"]
if "pidfile" in opt:
    pidfile = opt["pidfile"]


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'uwsgi' of juwsgi has no attribute {name!r}: docs/python.md says what it has")


def _bytes(text: Text) -> bytes:
    if isinstance(text, bytes):
        return text
    if isinstance(text, str):
        return text.encode()
    if isinstance(text, (bytearray, memoryview)):
        return bytes(text)
    raise TypeError(f"a bytes-like object is required, not '{type(text).__name__}'")


# --- the server ---


def masterpid() -> int:
    """Returns the process id of the server."""
    return _server.master


def worker_id() -> int:
    """Returns the number of this worker, from 1; 0 while the application is loaded, before workers are forked."""
    return _server.worker


def total_requests() -> int:
    """Returns how many requests all workers have answered that there are now."""
    return _int64.unpack(_call(b"total_requests")[0])[0]  # type: ignore[no-any-return]


def request_id() -> int:
    """Returns how many requests this core has begun before the one that it works on."""
    core = _server.core()
    return max(0, core.begun - 1) if core is not None else 0


def workers() -> tuple[dict[str, Any], ...]:
    """Returns a dict for each worker, with the keys of uWSGI."""
    return tuple(_as_uwsgi(worker) for worker in json.loads(_call(b"workers")[0]))


def _as_uwsgi(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_uwsgi(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_as_uwsgi(item) for item in value)
    return value.encode() if isinstance(value, str) else value


def reload() -> bool:
    """Reloads the server gracefully, as SIGHUP does."""
    _call(b"reload")
    return True


def stop() -> bool:
    """Stops the server in good order, as SIGTERM does."""
    _call(b"stop")
    return True


def ready() -> bool:
    """Tells whether this worker takes requests."""
    return bool(_server.cores)


def listen_queue(number: int = 0) -> int:
    """Returns how many requests wait for a worker; whichever socket they came by."""
    return _int64.unpack(_call(b"listen_queue")[0])[0]  # type: ignore[no-any-return]


def log(text: Text) -> bool:
    """Writes a line to the server's log."""
    report(_bytes(text).decode("utf-8", "backslashreplace"))
    return True


def mem() -> tuple[int, int]:
    """Returns the resident and the virtual memory of this process, in bytes."""
    try:
        with open("/proc/self/statm") as statm:
            virtual, resident = statm.read().split()[:2]
    except OSError:
        return 0, 0
    page = os.sysconf("SC_PAGE_SIZE")
    return int(resident) * page, int(virtual) * page


def micros() -> int:
    """Returns the time of day in microseconds since 1970."""
    return time.time_ns() // 1000


def setprocname(name: Text) -> None:
    """Gives this process a name, where ps and top look."""
    from juwsgi_worker import process

    process.name({"procname": _bytes(name).decode("utf-8", "replace")}, "")


# --- locks ---


def lock(number: int = 0) -> None:
    """Takes a lock that all workers share, waiting for it. It is free again when this thread or its process ends."""
    _with_lock(b"lock", number)


def unlock(number: int = 0) -> None:
    """Frees a lock that this process has taken."""
    _with_lock(b"unlock", number)


def is_locked(number: int = 0) -> bool:
    """Tells whether somebody has the lock."""
    return _with_lock(b"is_locked", number)[0] == b"\1"


def _with_lock(name: bytes, number: int) -> list[bytes]:
    if not 0 <= number <= 255:
        raise ValueError("Invalid lock number")
    try:
        return _call(name, number.to_bytes(1, "little"))
    except CallError as error:
        raise ValueError(str(error)) from None


# --- the running request ---


def _core() -> Core:
    core = _server.core()
    if core is None or not core.request:
        raise OSError("there is no request in this thread")
    return core


def set_user_harakiri(seconds: int) -> None:
    """Gives the running request a deadline of its own, counted from now; 0 takes it away."""
    core = _server.core()
    if core is not None and core.request:
        core.deadline(max(0, seconds))


def set_logvar(name: Text, value: Text) -> None:
    """Sets a variable of log-format, ``%(name)``, for the running request."""
    _core().logvar(_bytes(name), _bytes(value))


def get_logvar(name: Text) -> bytes | None:
    """Returns what set_logvar has set for the running request."""
    return _core().logvars.get(_bytes(name))


def chunked_read(timeout: int = 0) -> bytes:
    """Returns the next part of the request's body, empty at its end. Parts are as they arrive, not as the client cut them."""
    exchange = _core().exchange
    assert exchange is not None
    try:
        return exchange.environ["wsgi.input"].read1(65536)  # type: ignore[no-any-return]
    except OSError:
        raise OSError("unable to receive chunked part") from None


# --- WebSockets ---


def websocket_handshake(key: Text = "", origin: Text = "", protocol: Text = "") -> None:
    """Accepts the WebSocket that the running request asks for.

    :param key: ignored, the server reads it from the request
    :param origin: ignored: a browser does not look at it
    :param protocol: the subprotocol to agree on, of those that the client offers; by default its first one
    """
    core = _core()
    assert core.exchange is not None
    core.exchange.open_websocket(_bytes(protocol))


def websocket_recv() -> bytes:
    """Waits for a message of the client, whole and without its type.

    :raises OSError: when the WebSocket is closed
    """
    return _websocket().receive()


def websocket_recv_nb() -> bytes:
    """Returns a message of the client if there is one, else empty bytes.

    :raises OSError: when the WebSocket is closed
    """
    return _websocket().receive_now()


def websocket_send(message: Text) -> None:
    """Sends a text.

    :raises OSError: when the WebSocket is closed
    """
    _websocket().send(_bytes(message), True)


def websocket_send_binary(message: Text) -> None:
    """Sends bytes.

    :raises OSError: when the WebSocket is closed
    """
    _websocket().send(_bytes(message), False)


def _websocket() -> Any:
    exchange = _core().exchange
    if exchange is None or exchange.websocket is None:
        raise OSError("there is no WebSocket: call websocket_handshake first")
    return exchange.websocket


# --- caches ---


if "cache2" in opt or "cache" in opt:

    def cache_get(key: Text, cache: Text = b"", /) -> bytes | None:
        """Returns the value of a key, None when there is none."""
        values = _call(b"cache_get", _bytes(cache), _bytes(key))
        return values[0] if values else None

    def cache_set(key: Text, value: Text, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Stores a value under a key that is not there yet; None when it is, or when there is no room.

        :param expires: seconds, 0 for ever
        """
        return _true(_call(b"cache_set", _bytes(cache), _bytes(key), _bytes(value), _int64.pack(expires)))

    def cache_update(key: Text, value: Text, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Stores a value under a key, whether that is there or not; None when there is no room."""
        return _true(_call(b"cache_update", _bytes(cache), _bytes(key), _bytes(value), _int64.pack(expires)))

    def cache_del(key: Text, cache: Text = b"", /) -> bool | None:
        """Removes a key; None when there is none."""
        return _true(_call(b"cache_del", _bytes(cache), _bytes(key)))

    def cache_exists(key: Text, cache: Text = b"", /) -> bool | None:
        """Returns True when there is the key, else None."""
        return _true(_call(b"cache_exists", _bytes(cache), _bytes(key)))

    def cache_clear(cache: Text = b"", /) -> bool | None:
        """Removes all keys."""
        return _true(_call(b"cache_clear", _bytes(cache)))

    def cache_inc(key: Text, number: int = 1, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Adds to the number under a key, in one step for all workers."""
        return _math(b"cache_inc", key, number, expires, cache)

    def cache_dec(key: Text, number: int = 1, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Subtracts from the number under a key."""
        return _math(b"cache_dec", key, number, expires, cache)

    def cache_mul(key: Text, number: int = 2, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Multiplies the number under a key."""
        return _math(b"cache_mul", key, number, expires, cache)

    def cache_div(key: Text, number: int = 2, expires: int = 0, cache: Text = b"", /) -> bool | None:
        """Divides the number under a key; None when by 0."""
        return _math(b"cache_div", key, number, expires, cache)

    def cache_num(key: Text, cache: Text = b"", /) -> int:
        """Returns the number under a key, 0 when there is none."""
        return _int64.unpack(_call(b"cache_num", _bytes(cache), _bytes(key))[0])[0]  # type: ignore[no-any-return]

    def cache_keys(cache: Text = b"", /) -> list[bytes]:
        """Returns all keys, in no order.

        :raises ValueError: when there is no such cache
        """
        try:
            return _call(b"cache_keys", _bytes(cache))
        except CallError as error:
            raise ValueError(str(error)) from None

    def _math(name: bytes, key: Text, number: int, expires: int, cache: Text) -> bool | None:
        return _true(_call(name, _bytes(cache), _bytes(key), _int64.pack(number), _int64.pack(expires)))

    def _true(values: list[bytes]) -> bool | None:
        return True if values else None
