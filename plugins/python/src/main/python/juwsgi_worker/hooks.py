"""What is done at certain moments of a process's life: exec-* and hook-* options."""

from __future__ import annotations

import os
import subprocess

from .errors import report
from .loader import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Settings = dict[str, Any]


def run(settings: Settings, phase: str) -> None:
    """Does in order what belongs to a moment; LoadError when something fails, except for safeexec."""
    for moment, action in settings.get("hooks", ()):
        if moment == phase:
            _act(phase, action)


def _act(phase: str, action: str) -> None:
    name, _, argument = action.partition(":")
    function = ACTIONS.get(name)
    if function is None:
        raise LoadError(f"hook-{phase}: unknown action {name!r} (expected: one of {', '.join(ACTIONS)})")
    try:
        function(argument)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise LoadError(f"{phase}: {action}: {error}") from error


def _exec(command: str) -> None:
    subprocess.run(command, shell=True, check=True)  # noqa: S602  The administrator's own command line.


def _safeexec(command: str) -> None:
    try:
        _exec(command)
    except (OSError, subprocess.CalledProcessError) as error:
        report(f"juwsgi: safeexec: {error}")


def _putenv(argument: str) -> None:
    name, equals, value = argument.partition("=")
    if not equals:
        raise ValueError("expected: NAME=VALUE")
    os.environ[name] = value


def _write(argument: str, mode: str = "w") -> None:
    path, _, text = argument.partition(" ")
    with open(path, mode, encoding="utf-8") as file:
        file.write(text)


def _chmod(argument: str) -> None:
    path, _, mode = argument.rpartition(" ")
    os.chmod(path, int(mode, 8))


def _print(text: str) -> None:
    print(text, flush=True)


ACTIONS: dict[str, Callable[[str], None]] = {
    "exec": _exec,
    "safeexec": _safeexec,
    "print": _print,
    "log": _print,
    "cd": os.chdir,
    "chdir": os.chdir,
    "mkdir": os.mkdir,
    "putenv": _putenv,
    "unlink": os.unlink,
    "create": _write,
    "write": _write,
    "append": lambda argument: _write(argument, "a"),
    "chmod": _chmod,
}
