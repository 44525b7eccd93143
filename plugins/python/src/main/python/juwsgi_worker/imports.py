"""Lets applications import ``uwsgi`` and ``uwsgidecorators``, in juwsgi's processes and nowhere else.

They come before any file of that name: a stub beside the application, or the file that pip's uWSGI leaves behind.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

NAMES = {"uwsgi": "uwsgi_module.py", "uwsgidecorators": "uwsgi_decorators.py"}


class Finder:
    """Finds the modules in this package. Costs nothing until one is imported."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        file = NAMES.get(name)
        if file is None or path is not None:
            return None
        from importlib.util import spec_from_file_location

        package = sys.modules[__package__].__path__[0]
        return spec_from_file_location(name, os.path.join(package, file))


def install() -> None:
    """Lets this process and its children by fork find them."""
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
