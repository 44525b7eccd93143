"""The zygote: imports the application once and forks a worker whenever the master asks for one.

It lives as long as its connection to the master. One loop waits for the master's frames and for SIGCHLD.
"""

from __future__ import annotations

import errno
import gc
import marshal
import os
import select
import signal
import socket
import sys
import threading
import time

from . import hooks, imports, leaving, process, server, worker
from .errors import report
from .frames import (
    BOOT_FAILED,
    BOOTED,
    EXITED,
    KILL,
    QUIT,
    REFUSED,
    SPAWN,
    SPAWNED,
    ZYGOTE,
    Connection,
    Frame,
    FrameError,
)
from .loader import LoadError, load_all
from .watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from .loader import Applications

    Settings = dict[str, Any]

NO_APPLICATION = 22
"""uWSGI's exit code when need-app finds none."""

OWN_OUTPUT = 1
"""In SPAWN: the worker is to print into a pipe of its own."""

OUTPUT_SECONDS = 60.0
"""How long the reading end of such a pipe stays open for the master at least."""


def main() -> None:
    """Runs the zygote, and in each process that it forks a worker."""
    settings: Settings = marshal.loads(sys.stdin.buffer.read())
    _detach()
    _prepare(settings)
    server.install(settings)
    imports.install()
    master = worker.connect(settings["control"])
    master.send(ZYGOTE, 0, os.getpid())
    print("Python version: " + sys.version.replace("\n", ""))
    apps = _boot(settings, master)
    number = Zygote(settings, master).run()
    sys.exit(worker.run(settings, number, apps))


def _detach() -> None:
    """Leaves the terminal's foreground, so that Ctrl-C there is the master's business, and standard input.

    Signals that whoever started the gateway ignores (``nohup``) have their meaning again for the application.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    try:
        os.setsid()
    except PermissionError:  # It leads a group already.
        pass
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _prepare(settings: Settings) -> None:
    """Makes the process what the application is to find."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    for name, value in settings["env"]:
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if settings["virtualenv"]:
        os.environ["VIRTUAL_ENV"] = settings["virtualenv"]
    if settings["chdir"]:
        os.chdir(settings["chdir"])
    sys.path.insert(0, os.getcwd())
    for entry in settings["pythonpath"]:
        sys.path[0:0] = _expand(entry)
    sys.argv = ["uwsgi", *settings["argv"]]


def _expand(entry: str) -> list[str]:
    if "*" not in entry:
        return [entry]
    import glob

    return sorted(glob.glob(entry))


def _boot(settings: Settings, master: Connection) -> Applications | None:
    """Loads the applications, unless each worker is to do that, and tells the master."""
    try:
        if settings["need_app"] and not settings["apps"]:
            raise LoadError("no application was named or found, and need-app is set")
        own = settings["process"]
        hooks.run(own, "asap")
        hooks.run(own, "pre-jail")
        process.jail(own, settings)
        for moment in ("post-jail", "in-jail", "as-root"):
            hooks.run(own, moment)
        process.enter(own, settings)
        hooks.run(own, "as-user")
        hooks.run(own, "pre-app")
        apps = None
        if not settings["lazy"]:
            with Watch(master):
                apps = load_all(settings)
            process.loaded(own)
            hooks.run(own, "post-app")
        hooks.run(own, "master-start")
        process.name(own, "uWSGI zygote")
    except LoadError as error:
        code = NO_APPLICATION if settings["need_app"] else 1
        master.send(BOOT_FAILED, 0, code, str(error).encode("utf-8", "backslashreplace"))
        _exit(code)
    master.send(BOOTED, 0, len(settings["apps"]) if apps is None else apps.count)
    _warm_up()
    return apps


def _warm_up() -> None:
    """Does once what each worker would do, and lets the memory stay shared with them."""
    import traceback  # noqa: F401

    if hasattr(gc, "freeze"):
        gc.freeze()


def _print_into(pipe: tuple[int, int]) -> None:
    """Makes a pipe the standard output and error of this process."""
    os.dup2(pipe[1], 1)
    os.dup2(pipe[1], 2)
    os.close(pipe[0])
    os.close(pipe[1])


def _exit(code: int) -> NoReturn:
    """Ends the zygote; what the application has registered with atexit is for workers."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class Zygote:
    """The loop of the process that forks workers. Its one thread owns it."""

    def __init__(self, settings: Settings, master: Connection) -> None:
        self._own = settings["process"]
        self._directory = settings["directory"]
        self._master = master
        self._children: dict[int, int] = {}
        """Worker number by process id."""
        self._quitting = False
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._warned = False
        self._meant: dict[int, Any] = {}
        """What signals did before the zygote left them to its master."""
        self._outputs: dict[int, tuple[int, float]] = {}
        """Reading end of the pipe that a worker prints into, and when it was forked, by process id."""

    def run(self) -> int:
        """Serves the master. Returns in each forked process, with the worker's number; never in the zygote."""
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self._meant = leaving.ignore()
        signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        try:
            while True:
                for fd, _ in poll.poll():
                    if fd == self._master.fileno():
                        number = self._commands()
                        if number:
                            return number
                    else:
                        self._drain()
                self._reap()
                if self._quitting and not self._children:
                    self._leave()
        except ConnectionError:
            self._abandon()
        except FrameError as error:
            report(f"juwsgi: zygote: bad frame from the master: {error}")
            self._abandon()

    def _commands(self) -> int:
        """Obeys the frames that have arrived; returns a worker's number in that worker, else 0."""
        if not self._master.receive():
            self._abandon()
        for frame in self._master.frames():
            if frame.kind == SPAWN:
                if self._fork(frame.id, frame.aux == OWN_OUTPUT):
                    return frame.id
            elif frame.kind == KILL:
                self._kill(frame)
            elif frame.kind == QUIT:
                self._quitting = True
            else:
                raise FrameError(f"frame type from the master: {frame.kind} (expected: 80, 81 or 83)")
        return 0

    def _fork(self, number: int, own_output: bool) -> bool:
        """Forks a worker; True in it.

        :param own_output: whether it is to print into a pipe of its own, which the master opens by the number it is sent
        """
        if self._quitting:
            self._master.send(SPAWNED, number, errno.ECANCELED, b"", REFUSED)
            return False
        self._warn_of_threads()
        sys.stdout.flush()
        sys.stderr.flush()
        pipe: tuple[int, int] | None = None
        try:
            if own_output:
                pipe = os.pipe()
            pid = os.fork()
        except OSError as error:
            for end in pipe or ():
                os.close(end)
            report(f"juwsgi: zygote: cannot fork worker {number}: {error.strerror}")
            self._master.send(SPAWNED, number, error.errno or 0, b"", REFUSED)
            return False
        if pid == 0:
            self._become_worker()
            if pipe:
                _print_into(pipe)
            return True
        self._children[pid] = number
        output = b""
        if pipe:
            os.close(pipe[1])
            self._outputs[pid] = (pipe[0], time.monotonic())
            output = pipe[0].to_bytes(4, "little")
        self._master.send(SPAWNED, number, pid, output)
        return False

    def _close_outputs(self) -> None:
        """Closes the pipes of workers that have gone; the master has had its time to open them."""
        before = time.monotonic() - OUTPUT_SECONDS
        for pid, (end, forked) in list(self._outputs.items()):
            if pid not in self._children and forked < before:
                del self._outputs[pid]
                os.close(end)

    def _warn_of_threads(self) -> None:
        count = threading.active_count() - 1
        if count and not self._warned:
            self._warned = True
            report(
                f"juwsgi: the application started {count} thread(s) when it was loaded; they do not run in the workers:"
                " use --lazy-apps"
            )

    def _become_worker(self) -> None:
        """Sheds in a forked process what is the zygote's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        leaving.restore(self._meant)
        self._wake_read.close()
        self._wake_write.close()
        self._master.close()
        for end, _ in self._outputs.values():
            os.close(end)

    def _kill(self, frame: Frame) -> None:
        """Signals the newest process of a worker."""
        for pid, number in reversed(list(self._children.items())):
            if number == frame.id:
                os.kill(pid, frame.aux)
                return

    def _drain(self) -> None:
        try:
            while self._wake_read.recv(512):
                pass
        except BlockingIOError:
            pass

    def _reap(self) -> None:
        """Reports every child that has ended. Asks for each by its id: the application may have children of its own."""
        self._close_outputs()
        for pid, number in list(self._children.items()):
            try:
                ended, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:  # The application waits for every process; how this one ended is not known.
                ended, status = pid, 0
            if ended:
                del self._children[pid]
                self._unlink(worker.socket_path(self._directory, number, pid))
                self._master.send(EXITED, number, status, pid.to_bytes(4, "little"))

    def _unlink(self, path: str) -> None:
        try:
            os.unlink(path)
        except OSError:
            pass

    def _leave(self) -> NoReturn:
        """The last worker has gone, as was asked for."""
        try:
            hooks.run(self._own, "as-user-atexit")
        except LoadError as error:
            report(f"juwsgi: zygote: {error}")
        _exit(0)

    def _abandon(self) -> NoReturn:
        """The master has gone: no process outlives it, however stuck."""
        for pid in self._children:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        _exit(0)
