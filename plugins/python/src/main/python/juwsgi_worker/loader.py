"""Finds and imports applications, and says in one line what is missing when it cannot."""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module

from .errors import describe, one_line, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from .wsgi import Application, Environ

CANDIDATES = ("application", "app", "create_app()", "make_app()")
"""What an application that was found, not named, may be called."""

DEFAULT_CALLABLE = "application"


class LoadError(Exception):
    """An application cannot be loaded; the text is one line for the user."""


class Applications:
    """The applications of this server and where they are mounted."""

    def __init__(self, manage_script_name: bool) -> None:
        self.default: Application | None = None
        self.only_default = True
        self.count = 0
        self._mounts: list[tuple[str, Application]] = []
        self._manage_script_name = manage_script_name

    def add(self, mountpoint: str, application: Application) -> None:
        self.count += 1
        if mountpoint in ("", "/"):
            self.default = application
            return
        self._mounts.append((mountpoint.rstrip("/"), application))
        self._mounts.sort(key=lambda mount: len(mount[0]), reverse=True)
        self.only_default = False

    def find(self, environ: Environ) -> Application | None:
        """Returns the application for a request; with manage-script-name moves the mountpoint into SCRIPT_NAME."""
        script = environ["SCRIPT_NAME"]
        for mountpoint, application in self._mounts:
            if script and _below(mountpoint, script):
                return application
        if self._manage_script_name:
            path = script + environ["PATH_INFO"]
            for mountpoint, application in self._mounts:
                if _below(mountpoint, path):
                    environ["SCRIPT_NAME"] = mountpoint
                    environ["PATH_INFO"] = path[len(mountpoint) :]
                    return application
        return self.default


def _below(mountpoint: str, path: str) -> bool:
    return path.startswith(mountpoint) and (len(path) == len(mountpoint) or path[len(mountpoint)] == "/")


def load_all(settings: dict[str, Any]) -> Applications:
    """Loads every application of the boot settings and prints a line for each.

    :raises LoadError: for the first one that cannot be loaded, after its traceback went to standard error
    """
    apps = Applications(bool(settings.get("manage_script_name")))
    for wanted in settings["apps"]:
        started = time.monotonic()
        mountpoint = wanted["mountpoint"]
        application = load(wanted.get("module"), wanted.get("file"), wanted.get("callable"), bool(settings["found"]))
        kind = " (default app)" if mountpoint in ("", "/") else ""
        print(
            f"WSGI app {apps.count} (mountpoint='{mountpoint}') ready in {round(time.monotonic() - started)} seconds"
            f" on interpreter {hex(id(sys.modules))} pid: {os.getpid()}{kind}"
        )
        apps.add(mountpoint, application)
    return apps


def load(module: str | None, file: str | None, name: str | None, found: bool) -> Application:
    """Loads one application, from a module or else from a file."""
    if module is not None:
        module, _, attribute = module.partition(":")
        what = f"module '{module}'"
        loaded = _import(module, what)
    elif file is not None:
        attribute = ""
        what = f"file '{file}'"
        loaded = _import_file(file, what)
    else:
        raise LoadError("neither module nor wsgi-file is given for an application")
    wanted = name or attribute
    if not wanted and found:
        wanted = _candidate(loaded, what)
    application: Application = _resolve(loaded, wanted or DEFAULT_CALLABLE, what)
    if not callable(application):
        raise LoadError(
            f"{what}: '{wanted or DEFAULT_CALLABLE}' is not callable, it is of type {type(application).__name__}"
        )
    return application


def _import(name: str, what: str) -> ModuleType:
    try:
        return import_module(name)
    except BaseException as error:
        raise _failure(what, error) from None


def _import_file(path: str, what: str) -> ModuleType:
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import ModuleType

    if not os.path.isfile(path):
        raise LoadError(f"{what} does not exist in {os.getcwd()}")
    path = os.path.abspath(path)
    name = "uwsgi_file_" + "".join(c if c.isalnum() else "_" for c in path)
    directory = os.path.dirname(path)
    if directory not in sys.path:
        sys.path.append(directory)
    loader = SourceFileLoader(name, path)
    spec = ModuleSpec(name, loader, origin=path)
    spec.has_location = True
    module = ModuleType(name)
    module.__spec__, module.__loader__, module.__file__ = spec, loader, path
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        raise _failure(what, error) from None
    return module


def _failure(what: str, error: BaseException) -> LoadError:
    """Writes the traceback and returns the line that says what is missing."""
    report(describe(error))
    if isinstance(error, ModuleNotFoundError) and error.name:
        return LoadError(f"{what}: no module named '{error.name}' for the interpreter {sys.executable}")
    return LoadError(f"{what} cannot be loaded: {one_line(error)}")


def _candidate(module: ModuleType, what: str) -> str:
    for candidate in CANDIDATES:
        if hasattr(module, candidate.partition("(")[0]):
            return candidate
    raise LoadError(f"{what} has none of the attributes {', '.join(CANDIDATES)}: name one with --callable")


def _resolve(module: ModuleType, wanted: str, what: str) -> Any:
    """Returns what ``name``, ``name.name`` or ``name()`` stands for in the module."""
    path = wanted.strip()
    calls = path.endswith("()")
    value: Any = module
    owner = what
    for name in (path[:-2] if calls else path).split("."):
        try:
            value = getattr(value, name)
        except AttributeError:
            raise LoadError(f"{owner} has no attribute '{name}'{_hint(module, value, wanted)}") from None
        except BaseException as error:
            raise _failure(f"{owner}, attribute '{name}'", error) from None
        owner = f"'{name}' of {what}"
    if not calls:
        return value
    try:
        return value()
    except BaseException as error:
        raise _failure(f"{what}: '{wanted}'", error) from None


def _hint(module: ModuleType, value: Any, wanted: str) -> str:
    """Names what the user may have meant."""
    if value is not module:
        return ""
    there = [name for name in CANDIDATES if name != wanted and hasattr(module, name.partition("(")[0])]
    return f" (it has '{there[0]}': name it with --callable)" if there else ""
