"""A core: one thread that runs one request at a time. Its loop decides the speed of the whole server.

**Interruption.** ``app_id`` is the request's number while the application's own code runs and 0 while juwsgi's does
(the core is *shielded*), so that an exception from outside never tears a frame apart. Whoever interrupts sets
``interrupting`` first and looks at ``app_id`` then; the core changes ``app_id`` first and looks at ``interrupting``
then. One of the two sees the other, and the lock orders the rest.
"""

from __future__ import annotations

import signal
import sys
import threading
from io import BytesIO
from marshal import loads
from time import perf_counter

from .body import open_body
from .errors import Interrupted, describe, report, request_line
from .files import FileWrapper
from .frames import DEADLINE, END, HEADER, LOGVAR, RESPONSE, FrameError
from .link import GATHER, Link, LinkLost
from .server import server
from .wsgi import Exchange

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from queue import SimpleQueue
    from typing import Any, Callable

    from .link import Feed, Request
    from .loader import Applications

DELAY = 0.001
"""Seconds that a finished answer may wait for others to be written with."""

INTERRUPT_SIGNAL = signal.SIGURG
"""Gets the main thread out of a system call. By default it does nothing, and applications leave it alone."""

MAX_SECONDS = 0x7FFFFFFF
MAX_LOGVAR = 4096
MAX_LOGVARS = 64

_pack = HEADER.pack


class Core:
    """One core of a worker."""

    def __init__(self, index: int, apps: Applications, multithread: bool, multiprocess: bool) -> None:
        from queue import SimpleQueue

        self.index = index
        self.ident = 0
        self.request = 0
        """The request that is worked on, 0 when there is none."""
        self.begun = 0
        """How many requests this core has begun."""
        self.exchange: Exchange | None = None
        """What the application works on; not in the environ, which would hold itself then."""
        self.logvars: dict[bytes, bytes] = {}
        self.app_id = 0
        self.interrupting = 0
        self._thrown = False
        self._interrupt_lock = threading.Lock()
        self._apps = apps
        self._started = 0.0
        self._link: Link | None = None
        self._connections: SimpleQueue[socket.socket | None] = SimpleQueue()
        self._stopping = False
        self._base: dict[str, Any] = {
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.file_wrapper": FileWrapper,
            "wsgi.multithread": multithread,
            "wsgi.multiprocess": multiprocess,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            "wsgi.early_hints": self.early_hints,
        }

    # --- the control thread's side ---

    def connect(self, sock: socket.socket) -> None:
        """Gives the core a new connection; one that it still has ends."""
        self._connections.put(sock)
        old = self._link
        if old is not None:
            old.shutdown()

    def stop(self) -> None:
        """Lets the core end when it has done what it holds."""
        self._stopping = True
        self._connections.put(None)
        link = self._link
        if link is not None:
            link.end_input()

    def recall(self) -> list[int]:
        """Takes back what was not begun."""
        link = self._link
        return link.recall(self.request) if link is not None else []

    def interrupt(self, id: int) -> bool:
        """Raises Interrupted in the application's code of this request; False when the core does not work on it."""
        if not self._interrupt_lock.acquire(timeout=1):
            return False
        try:
            self.interrupting = id
            if self.request != id:
                self.interrupting = 0
                return False
            if self.ident == threading.main_thread().ident:
                signal.pthread_kill(self.ident, INTERRUPT_SIGNAL)
                return True
            if self.app_id == id:
                self._thrown = _throw(self.ident, Interrupted)
                return self._thrown
            return True  # Shielded: the core raises it when it goes back to the application.
        finally:
            self._interrupt_lock.release()

    def on_signal(self, number: int, frame: Any) -> None:
        """Handler of INTERRUPT_SIGNAL, in the main thread, for the core that runs there."""
        if self.interrupting and self.app_id == self.interrupting:
            self.interrupting = 0
            raise Interrupted("the request ran over its deadline")

    # --- the core's thread ---

    def early_hints(self, headers: list[tuple[str, str]]) -> None:
        """``wsgi.early_hints`` of the environ, as Gunicorn has it: sends 103 with these fields before the response."""
        exchange = self.exchange
        if exchange is not None:
            exchange.early_hints(headers)

    def shield(self) -> None:
        """Leaves the application's code."""
        self.app_id = 0
        if self.interrupting:
            self._settle()

    def unshield(self, id: int) -> None:
        """Goes (back) to the application's code."""
        if self.interrupting == id:
            self._settle()
        self.app_id = id

    def _settle(self) -> None:
        """Raises here and now what was meant for the running request and has not arrived yet."""
        if self.acknowledge() == self.request:
            raise Interrupted("the request ran over its deadline")

    def acknowledge(self) -> int:
        """Takes note of an interruption, so that it does not arrive a second time; returns the request it is for."""
        self.app_id = 0
        with self._interrupt_lock:
            if self._thrown:
                _throw(self.ident, None)
                self._thrown = False
            id = self.interrupting
            self.interrupting = 0
            return id

    def _quiet(self) -> None:
        """Lets no interruption arrive any more."""
        self.app_id = 0
        while self.interrupting:
            try:
                self.acknowledge()
            except Interrupted:
                pass

    def micros(self) -> int:
        """Returns the application's time for the request until now."""
        return int((perf_counter() - self._started) * 1e6)

    def wait_body(self, feed: Feed) -> None:
        """Waits for the next part of a body on behalf of the application."""
        link = self._link
        if link is None:
            raise ValueError("wsgi.input was read after its request had ended")
        link.wait_body(feed)
        id = self.app_id
        self.shield()
        link.receive_arrived()
        self.unshield(id)

    def look(self) -> None:
        """Sorts what has arrived on behalf of the application, without waiting."""
        id = self.app_id
        self.shield()
        self._open_link().receive_arrived()
        self.unshield(id)

    def deadline(self, seconds: int) -> None:
        """Tells the gateway when to end the running request; 0: never."""
        self.tell(_pack(0, DEADLINE, 0, 0, self.request, min(seconds, MAX_SECONDS), 0))

    def logvar(self, name: bytes, value: bytes) -> None:
        """Tells the gateway a variable of the access log."""
        if len(name) + len(value) > MAX_LOGVAR or len(self.logvars) >= MAX_LOGVARS:
            raise ValueError(f"log variable (expected: at most {MAX_LOGVAR} bytes, and {MAX_LOGVARS} of them)")
        self.logvars[name] = value
        exchange = self.exchange
        if exchange is not None and not exchange.ended:
            self.tell(_pack(len(name) + len(value), LOGVAR, 0, 0, self.request, len(name), 0) + name + value)

    def tell(self, frame: bytes) -> None:
        """Sends a frame on behalf of the application, at once."""
        id = self.app_id
        self.shield()
        link = self._open_link()
        link.out.append(frame)
        link.flush()
        self.unshield(id)

    def _open_link(self) -> Link:
        link = self._link
        if link is None:
            raise LinkLost("the gateway closed the connection")
        return link

    def run(self) -> None:
        """Serves one connection after another until the worker stops."""
        self.ident = threading.get_ident()
        server().current.core = self
        while not self._stopping:
            sock = self._connections.get()
            if sock is None:
                return
            link = self._link = Link(sock)
            if self._stopping:
                link.end_input()
            elif not self._connections.empty():  # There is a newer one, whose sender did not see this one yet.
                link.shutdown()
            try:
                self._serve(link)
            except (LinkLost, Interrupted):
                # An interruption that arrives here slipped between two instructions that shield the core: nobody knows
                # what was written, so the connection goes, and the gateway sees that.
                pass
            except FrameError as error:
                report(f"juwsgi: core {self.index}: bad frame from the gateway: {error}")
            finally:
                self._link = None
                self.request = 0
                link.close()

    def _serve(self, link: Link) -> None:
        begin = link.pending.popleft
        pending = link.pending
        out = link.out
        gathered = 0
        first = 0.0
        while True:
            try:
                request = begin()
            except IndexError:
                link.flush()
                gathered = 0
                if not link.receive():
                    return
                continue
            self._started = started = perf_counter()
            size = self._answer(link, request)
            finished = perf_counter()
            if not gathered:
                first = finished
            gathered += size
            # The next one may take as long as this one did: do not let this answer wait for it.
            if not pending or gathered >= GATHER or finished - first + (finished - started) > DELAY:
                if out:
                    link.flush()
                gathered = 0

    def _answer(self, link: Link, request: Request) -> int:
        """Runs one request; returns about how many bytes it left to be written, at least 1."""
        id, packed, body, feed = request
        self.request = id
        self.begun += 1
        exchange = None
        try:
            environ = loads(packed)
            environ.update(self._base)
            environ["wsgi.input"] = BytesIO(body) if feed is None else open_body(self, feed)
            environ.setdefault("SCRIPT_NAME", "")
            environ.setdefault("PATH_INFO", "")
            if "wsgi.url_scheme" not in environ:
                environ["wsgi.url_scheme"] = "https" if environ.get("HTTPS") in _ON else "http"
            application = self._apps.default if self._apps.only_default else self._apps.find(environ)
            if application is None:
                return self._no_application(link, id, environ)
            self.exchange = exchange = Exchange(self, link, id, environ)
            self.app_id = id
            result = application(environ, exchange.start_response)
            self.app_id = 0
            if self.interrupting:
                self._settle()
            head = exchange.head
            if type(result) is list and head is not None and not exchange.headed and not exchange.bodiless:
                # Nearly every answer: a list with the whole body, which goes out as one frame.
                whole = result[0] if len(result) == 1 else b"".join(result)
                size = len(head) + len(whole)
                if type(whole) is bytes and size <= GATHER and exchange.length in (None, len(whole)):
                    if head[:3] not in _BODILESS:
                        link.out.append(_pack(size, RESPONSE, END, 0, id, len(head), self.micros()) + head + whole)
                        return size
            exchange.send(result)
            return 1000
        except BaseException as error:
            self._quiet()
            return self._failed(link, id, packed, exchange, error)
        finally:
            if feed is not None:
                link.forget(id)
                feed.ended = True
            self.request = 0
            self.exchange = None
            if self.logvars:
                self.logvars = {}
            if self.interrupting:  # The request has ended by itself.
                self._quiet()

    def _no_application(self, link: Link, id: int, environ: dict[str, Any]) -> int:
        place = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        why = f"no application is mounted at {ascii(place)[1:-1]}" if self._apps.count else "no application is loaded"
        report(f"{request_line(environ)}: {why}")
        link.failed(id, why, self.micros())
        return 1

    def _failed(self, link: Link, id: int, packed: bytes, exchange: Exchange | None, error: BaseException) -> int:
        """Tells log and gateway that a request failed."""
        if isinstance(error, (LinkLost, FrameError)):
            raise error
        where = request_line(_pristine(packed))
        if isinstance(error, Interrupted):
            why = "interrupted"
            report(f"{where}: interrupted")
        else:
            why = "application exception"
            report(f"{where}: {why}\n{describe(error)}")
        if exchange is None or not exchange.ended:
            link.failed(id, why, self.micros())
        return 1


_ON = ("on", "On", "ON", "1", "true", "https")
_BODILESS = (b"204", b"304")


def _pristine(packed: bytes) -> dict[str, str]:
    """Returns the environ as it came; the application may have changed its copy."""
    try:
        environ = loads(packed)
    except (ValueError, EOFError, TypeError):
        return {}
    return environ if isinstance(environ, dict) else {}


def _throw(ident: int, kind: type | None) -> bool:
    """Lets an exception arise in another thread (None: no longer); False where Python cannot do that (PyPy)."""
    try:
        import ctypes

        set_exception: Callable[..., int] = ctypes.pythonapi.PyThreadState_SetAsyncExc
    except (ImportError, AttributeError):
        return False
    exception = ctypes.py_object() if kind is None else ctypes.py_object(kind)
    return set_exception(ctypes.c_ulong(ident), exception) == 1
