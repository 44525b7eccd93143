"""A worker: one application process, after the zygote has forked it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

from . import hooks, leaving, process
from .autoreload import Sources
from .control import Control, leave
from .core import INTERRUPT_SIGNAL, Core
from .errors import describe, report
from .frames import READY, WORKER_FAILED, Connection
from .loader import LoadError, load_all
from .server import server
from .watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .loader import Applications

BACKLOG = 64


def socket_path(directory: str, worker: int, pid: int) -> str:
    """Returns where a worker listens for links."""
    return f"{directory}/worker-{worker}-{pid}.sock"


def run(settings: dict[str, Any], worker: int, apps: Applications | None) -> int:
    """Runs a worker in the main thread of a process that was just forked; returns its exit code when it was stopped.

    :param apps: the applications, None when this worker is to load them itself
    """
    pid = os.getpid()
    me = server()
    me.calls.worker = worker
    # Before anything slow: whoever waits for this process must hear of its end, and it of theirs.
    try:
        master = connect(settings["control"])
    except OSError:
        leave()
    own = settings["process"]
    process.limit(own)
    process.tie(own, worker)
    process.name(own, f"uWSGI worker {worker}")
    try:
        hooks.run(own, "post-fork")
        if apps is None:
            with Watch(master):
                apps = load_all(settings)
            process.loaded(own)
            hooks.run(own, "post-app")
    except LoadError as error:
        master.send(WORKER_FAILED, worker, pid, str(error).encode("utf-8", "backslashreplace"))
        return 1
    _hook("post_fork_hook")
    path = socket_path(settings["directory"], worker, pid)
    listener = _listen(path)
    threads = max(1, settings["threads"])
    cores = [Core(index, apps, threads > 1, settings["processes"] > 1) for index in range(threads)]
    me.cores = cores
    _prepare_main_thread(worker, cores[0])
    others = [threading.Thread(target=core.run, name=_name(worker, core.index), daemon=True) for core in cores[1:]]
    for thread in others:
        thread.start()
    seconds = own.get("autoreload", 0)
    # One worker is enough to look; the first number is there whenever any is.
    sources = Sources(own.get("autoreload_ignore", ())) if seconds and worker == 1 else None
    control = Control(master, listener, cores, sources, seconds)
    threading.Thread(target=control.run, name=f"juwsgi-control-{worker}", daemon=True).start()
    leaving.tell(master, worker)
    # The gateway sees the whole file system.
    master.send(READY, worker, pid, os.fsencode(settings.get("root", "") + path))
    _accepting(own, worker)
    cores[0].run()
    for thread in others:
        thread.join()
    os.unlink(path)
    _hook("atexit")
    return 0


def _hook(name: str) -> None:
    """Calls what the application has put into its module uwsgi, and reports what that raises."""
    hook = getattr(sys.modules.get("uwsgi"), name, None)
    if hook is None:
        return
    try:
        hook()
    except Exception as error:
        report(f"juwsgi: uwsgi.{name} failed\n{describe(error)}")


def _accepting(own: dict[str, Any], worker: int) -> None:
    """Requests may come; what fails now is no reason to stop."""
    for moment in ("accepting", "accepting1") if worker == 1 else ("accepting",):
        try:
            hooks.run(own, moment)
        except LoadError as error:
            report(f"juwsgi: worker {worker}: {error}")


def connect(path: str) -> Connection:
    """Connects to the master's control socket."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(path)
    return Connection(sock)


def _listen(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    finally:
        os.umask(before)
    listener.listen(BACKLOG)
    return listener


def _prepare_main_thread(worker: int, core: Core) -> None:
    core.ident = threading.get_ident()
    threading.current_thread().name = _name(worker, core.index)
    signal.signal(INTERRUPT_SIGNAL, core.on_signal)


def _name(worker: int, core: int) -> str:
    return f"uWSGIWorker{worker}Core{core}"
