"""The module ``uwsgidecorators`` of applications: those decorators that work here.

The others need signals, spooler or mules of uWSGI and are missing, so that an import of one says so at once.
"""

from __future__ import annotations

import threading
from functools import wraps

import uwsgi  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Function = Callable[..., Any]

postfork_chain: list[Function] = []


def postfork_chain_hook() -> None:
    """Calls all functions that :func:`postfork` has gathered, in the order in which it did."""
    for function in postfork_chain:
        function()


uwsgi.post_fork_hook = postfork_chain_hook


class postfork:
    """Has a function called in each worker after it was forked; with ``wid`` in that worker only."""

    def __init__(self, function: Function | None = None, wid: int = 0) -> None:
        self.function = function if callable(function) else None
        self.wid = wid if callable(function) or function is None else int(function)
        if self.function is not None:
            postfork_chain.append(self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.function is not None:
            if self.wid and self.wid != uwsgi.worker_id():
                return None
            return self.function(*args, **kwargs)
        self.function = args[0]
        postfork_chain.append(self)
        return self.function


def lock(function: Function) -> Function:
    """Lets only one worker at a time run a function."""

    @wraps(function)
    def locked(*args: Any, **kwargs: Any) -> Any:
        uwsgi.lock()
        try:
            return function(*args, **kwargs)
        finally:
            uwsgi.unlock()

    return locked


class thread:
    """Has each call of a function run in a daemon thread of its own; returns the function."""

    def __init__(self, function: Function) -> None:
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Function:
        threading.Thread(target=self.function, args=args, kwargs=kwargs, daemon=True).start()
        return self.function


class harakiri:
    """Gives the running request a deadline for as long as a function runs."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __call__(self, function: Function) -> Function:
        @wraps(function)
        def limited(*args: Any, **kwargs: Any) -> Any:
            uwsgi.set_user_harakiri(self.seconds)
            try:
                return function(*args, **kwargs)
            finally:
                uwsgi.set_user_harakiri(0)

        return limited


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'uwsgidecorators' of juwsgi has no {name!r}: docs/python.md says what it has")
