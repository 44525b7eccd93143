"""Signals that ask a process to end. The master decides when a worker goes: whoever signals one alone, or all processes of a
service at once as systemd does, loses no request.
"""

from __future__ import annotations

import os
import signal
import threading

from .frames import LEAVING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .frames import Connection

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


def ignore() -> dict[int, Any]:
    """Leaves the end of a zygote to the master alone; returns what its signals meant before."""
    meant = {}
    for number in ENDING:
        if signal.getsignal(number) in DEFAULTS:
            meant[int(number)] = signal.signal(number, signal.SIG_IGN)
    return meant


def restore(meant: dict[int, Any]) -> None:
    """Gives signals their meaning back, in a process that a zygote has forked."""
    for number, handler in meant.items():
        signal.signal(number, signal.SIG_DFL if handler is signal.default_int_handler else handler)


def tell(master: Connection, worker: int) -> None:
    """Tells the master when this worker is asked to end, which then replaces it. What the application handles stays its own."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        try:
            master.send(LEAVING, worker, number)
        except OSError:  # The master has gone, and so will this process.
            pass

    taken = [number for number in ENDING if signal.getsignal(number) in DEFAULTS]
    for number in taken:
        signal.signal(number, on_signal)
    _release_children(taken, on_signal)


def _release_children(taken: list[signal.Signals], handler: Any) -> None:
    """Lets processes that the application forks end as any process does, also by a signal that comes in the midst of the fork."""
    forking = threading.local()

    def before() -> None:
        forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, taken)

    def in_parent() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, forking.mask)

    def in_child() -> None:
        for number in taken:
            if signal.getsignal(number) is handler:
                signal.signal(number, signal.SIG_DFL)
        in_parent()

    os.register_at_fork(before=before, after_in_parent=in_parent, after_in_child=in_child)
