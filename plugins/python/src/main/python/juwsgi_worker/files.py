"""wsgi.file_wrapper: a file that the gateway sends by itself when it is a real one."""

from __future__ import annotations

import io
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FileWrapper:
    """Iterates over a file-like object in blocks; the class behind ``environ['wsgi.file_wrapper']``."""

    def __init__(self, filelike: Any, block_size: int = 32768) -> None:
        self.filelike = filelike
        self.block_size = block_size
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self) -> FileWrapper:
        return self

    def __next__(self) -> bytes:
        data: bytes = self.filelike.read(self.block_size)
        if data:
            return data
        raise StopIteration


def regular_file(filelike: Any) -> tuple[int, int, int] | None:
    """Returns descriptor, position and the number of bytes from there, or None when it cannot be sent as it is.

    Only objects whose ``read`` gives exactly what the descriptor holds count: ``gzip.GzipFile`` has a ``fileno`` too.
    """
    if type(filelike).__module__ == "tempfile":  # NamedTemporaryFile
        filelike = filelike.file
    if type(filelike) in (io.BufferedReader, io.BufferedRandom):
        if type(filelike.raw) is not io.FileIO:
            return None
    elif type(filelike) is not io.FileIO:
        return None
    try:
        if filelike.writable():
            filelike.flush()
        position = filelike.tell()
        status = os.fstat(filelike.fileno())
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return filelike.fileno(), position, max(0, status.st_size - position)
