"""What is done at certain moments of a process's life: exec-* and hook-* options."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time

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


def _chown(argument: str) -> None:
    path, user, group = argument.rsplit(" ", 2)
    shutil.chown(path, int(user) if user.isdigit() else user, int(group) if group.isdigit() else group)


def _wait_for(test: Callable[[str], bool], argument: str) -> None:
    """Waits until something is there: PATH or PATH SECONDS, 30 if not given."""
    path, _, seconds = argument.partition(" ")
    end = time.monotonic() + float(seconds or 30)
    while not test(path):
        if time.monotonic() >= end:
            raise OSError(f"{path} is not there")
        time.sleep(0.1)


def _is_socket(path: str) -> bool:
    return os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode)


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
    "writen": lambda argument: _write(argument + "\n"),
    "append": lambda argument: _write(argument, "a"),
    "appendn": lambda argument: _write(argument + "\n", "a"),
    "chown": _chown,
    "wait_for_fs": lambda argument: _wait_for(os.path.exists, argument),
    "wait_for_file": lambda argument: _wait_for(os.path.isfile, argument),
    "wait_for_dir": lambda argument: _wait_for(os.path.isdir, argument),
    "wait_for_socket": lambda argument: _wait_for(_is_socket, argument),
    "chmod": _chmod,
}
