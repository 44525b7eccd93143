"""Notices that the file of a loaded module has changed, for development."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Sources:
    """The files of all modules with the times of their last change. One thread owns it."""

    def __init__(self, ignored: Iterable[str]) -> None:
        self._ignored = frozenset(ignored)
        self._times: dict[str, int] = {}
        self.changed()

    def changed(self) -> str | None:
        """Returns one of the files that have changed since the last call; files of new modules only become known."""
        found = None
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if not isinstance(path, str) or name in self._ignored:
                continue
            try:
                time = os.stat(path).st_mtime_ns
            except OSError:  # In an archive, or an editor is about to put it back.
                continue
            if self._times.setdefault(path, time) != time:
                self._times[path] = time
                found = path
        return found
