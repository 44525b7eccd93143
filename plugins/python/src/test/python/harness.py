"""A master and a gateway in miniature: real sockets, a real zygote, real forks. What the tests talk to workers with."""

from __future__ import annotations

import marshal
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, Callable

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.abspath(os.path.join(HERE, "..", "..", "main", "python"))
APPS = os.path.join(HERE, "apps")
sys.path.insert(0, SOURCES)

from juwsgi_worker import frames as f  # noqa: E402

DEADLINE = 20.0


def environ(path: str = "/", method: str = "GET", **more: str) -> dict[str, str]:
    """What a gateway makes of a request."""
    variables = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": path,
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "CONTENT_LENGTH": "",
        "CONTENT_TYPE": "",
        "juwsgi.request_id": "rid-1",
    }
    variables.update(more)
    return variables


class Peer:
    """One end of a connection that speaks frames, with a deadline on every wait."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = b""
        sock.settimeout(DEADLINE)

    def send(self, kind: int, id: int = 0, aux: int = 0, payload: bytes = b"", flags: int = 0) -> None:
        self.sock.sendall(f.encode(kind, id, aux, payload, flags))

    def frame(self) -> f.Frame:
        """Returns the next frame; EOFError when the other side has closed."""
        head = self._exactly(f.SIZE)
        length, kind, flags, zero, id, aux, micros = f.HEADER.unpack(head)
        assert zero == 0 and length <= f.MAX_PAYLOAD, head
        frame = f.Frame(kind, flags, id, aux, self._exactly(length))
        frame_micros[id] = micros
        return frame

    def _exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            data = self.sock.recv(1 << 18)
            if not data:
                raise EOFError("the other side closed")
            self.buffer += data
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def is_quiet(self, seconds: float) -> bool:
        """Says whether nothing arrives for so long."""
        return not self.buffer and not select.select([self.sock], [], [], seconds)[0]

    def ended(self) -> bool:
        """Waits for the end of the connection; False when a frame comes instead."""
        try:
            return not self.buffer and not self.sock.recv(1)
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self.sock.close()


frame_micros: dict[int, int] = {}


class Answer:
    """A whole response, put together."""

    def __init__(self) -> None:
        self.head: str | None = None
        self.body = b""
        self.failed: str | None = None
        self.frames: list[f.Frame] = []

    @property
    def status(self) -> str:
        assert self.head is not None, self.failed
        return self.head.split("\n")[0]

    @property
    def fields(self) -> list[tuple[str, str]]:
        assert self.head is not None, self.failed
        return [tuple(line.split(": ", 1)) for line in self.head.split("\n")[1:]]  # type: ignore[misc]

    def add(self, frame: f.Frame) -> bool:
        """Takes a frame; True when it was the last."""
        self.frames.append(frame)
        if frame.kind == f.RESPONSE:
            assert self.head is None
            self.head = frame.payload[: frame.aux].decode("latin-1")
            self.body += frame.payload[frame.aux :]
        elif frame.kind == f.DATA:
            assert self.head is not None
            self.body += frame.payload
        elif frame.kind == f.FAILED:
            assert frame.flags & f.END
            self.failed = frame.payload.decode()
        return bool(frame.flags & f.END)


class Worker:
    """A worker that is ready."""

    def __init__(self, server: "Server", number: int, pid: int, path: str, control: Peer) -> None:
        self.server = server
        self.number = number
        self.pid = pid
        self.path = path
        self.control = control

    def link(self, core: int) -> "Gateway":
        return Gateway(self._connect(core))

    def side(self) -> "Side":
        return Side(self._connect(f.SIDE))

    def _connect(self, id: int) -> socket.socket:
        sock = self.raw()
        sock.sendall(f.encode(f.HELLO, id))
        return sock

    def raw(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(self.path)
        sock.settimeout(DEADLINE)
        self.server.sockets.append(sock)
        return sock


class Side(Peer):
    def recall(self, core: int = 0) -> list[int]:
        self.send(f.RECALL, core)
        frame = self.frame()
        assert (frame.kind, frame.id) == (f.RECALLED, core)
        return [int.from_bytes(frame.payload[i : i + 4], "little") for i in range(0, len(frame.payload), 4)]

    def trace(self, core: int = 0) -> tuple[int, str]:
        self.send(f.TRACE, core)
        frame = self.frame()
        assert (frame.kind, frame.id) == (f.TRACED, core)
        return frame.aux, frame.payload.decode()

    def interrupt(self, request: int, core: int = 0) -> bool:
        self.send(f.INTERRUPT, request, core)
        frame = self.frame()
        assert (frame.kind, frame.id) == (f.INTERRUPTED, request)
        return not frame.flags & f.REFUSED


class Gateway(Peer):
    """The router's end of a core connection."""

    def request(self, id: int, variables: dict[str, str], body: bytes = b"", whole: bool = True) -> None:
        packed = marshal.dumps(variables, 2)
        self.send(f.REQUEST, id, len(packed), packed + body, f.END if whole else 0)

    def answer(self, id: int) -> Answer:
        answer = Answer()
        while True:
            frame = self.frame()
            assert frame.id == id, (frame.kind, frame.id, id)
            if answer.add(frame):
                return answer

    def get(self, path: str = "/", method: str = "GET", body: bytes = b"", id: int = 1, **more: str) -> Answer:
        self.request(id, environ(path, method, **more), body)
        return self.answer(id)


class Server:
    """A master with one zygote."""

    def __init__(self, module: str | None = None, python: str = sys.executable, **boot: Any) -> None:
        self.directory = tempfile.mkdtemp(prefix="juwsgi-test-")
        control = os.path.join(self.directory, "control.sock")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(control)
        self.listener.listen(16)
        self.listener.settimeout(DEADLINE)
        app = {"mountpoint": "", "module": module, "file": None, "callable": None}
        self.boot: dict[str, Any] = {
            "control": control,
            "directory": self.directory,
            "calls": os.path.join(self.directory, "calls.sock"),
            "threads": 1,
            "processes": 1,
            "apps": [app] if module else [],
            "found": False,
            "chdir": APPS,
            "virtualenv": None,
            "pythonpath": [],
            "argv": [],
            "env": [],
            "need_app": False,
            "lazy": False,
            "manage_script_name": False,
            "catch_exceptions": False,
            "max_requests": 0,
            "process": {},
            "uwsgi": {"buffer_size": 4096, "opt": []},
        }
        self.boot.update(boot)
        self.stderr = tempfile.TemporaryFile()
        self.stdout = tempfile.TemporaryFile()
        self.zygote = subprocess.Popen(
            [python, os.path.join(SOURCES, "juwsgi_worker", "__main__.py")],
            stdin=subprocess.PIPE,
            stdout=self.stdout,
            stderr=self.stderr,
        )
        assert self.zygote.stdin is not None
        self.zygote.stdin.write(marshal.dumps(self.boot, 2))
        self.zygote.stdin.close()
        self.peer: Peer | None = None
        self.pids: list[int] = []
        self.peers: list[Peer] = []
        self.sockets: list[socket.socket] = []

    def accept(self) -> Peer:
        peer = Peer(self.listener.accept()[0])
        self.peers.append(peer)
        return peer

    def boot_frame(self) -> f.Frame:
        """Waits until the zygote has booted or failed."""
        self.peer = self.accept()
        hello = self.peer.frame()
        assert hello.kind == f.ZYGOTE and hello.aux == self.zygote.pid
        return self.peer.frame()

    def start(self, workers: int = 1) -> list[Worker]:
        frame = self.boot_frame()
        assert frame.kind == f.BOOTED, frame.payload.decode()
        return [self.spawn(number) for number in range(1, workers + 1)]

    def spawn(self, number: int) -> Worker:
        assert self.peer is not None
        self.peer.send(f.SPAWN, number)
        control = self.accept()
        spawned = self.peer.frame()
        assert (spawned.kind, spawned.id) == (f.SPAWNED, number)
        self.pids.append(spawned.aux)
        ready = control.frame()
        assert (ready.kind, ready.id, ready.aux) == (f.READY, number, spawned.aux), ready.payload
        return Worker(self, number, ready.aux, os.fsdecode(ready.payload), control)

    def exited(self) -> tuple[int, int, int]:
        """Waits for EXITED; returns worker, process id and wait status."""
        assert self.peer is not None
        frame = self.peer.frame()
        assert frame.kind == f.EXITED
        return frame.id, int.from_bytes(frame.payload, "little"), frame.aux

    def errors(self) -> str:
        return _content(self.stderr)

    def output(self) -> str:
        return _content(self.stdout)

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        for sock in self.sockets:
            sock.close()
        self.listener.close()
        try:
            self.zygote.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.zygote.kill()
            self.zygote.wait()
        for pid in self.pids:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.stderr.close()
        self.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def _content(file: Any) -> str:
    return os.pread(file.fileno(), 1 << 22, 0).decode("utf-8", "replace")


def alive(pid: int) -> bool:
    """Says whether a process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def eventually(condition: Callable[[], bool], seconds: float = DEADLINE) -> bool:
    """Asks again and again until the condition holds or the time is over."""
    for _ in _ticks(seconds):
        if condition():
            return True
    return condition()


def _ticks(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        select.select([], [], [], 0.005)
