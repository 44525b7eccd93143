"""What goes to standard error when an application fails: one write, so that lines of threads do not mix."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

PACKAGE = os.path.dirname(__file__) + os.sep
OURS = (PACKAGE, "<frozen importlib", os.path.dirname(os.__file__) + os.sep + "importlib" + os.sep)
"""Where the frames come from that are at the root of a traceback and tell an application's author nothing."""


class Interrupted(BaseException):
    """Raised inside a request that ran over its deadline. Not an Exception, so that few applications swallow it."""


def one_line(error: BaseException) -> str:
    """Returns the kind and the text of an exception as one line."""
    text = " ".join(str(error).split())
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def stack(frame: FrameType) -> str:
    """Returns the stack that ends in this frame, without juwsgi's own frames at its root."""
    import traceback

    entries = traceback.extract_stack(frame)
    return "".join(traceback.format_list(entries[_after_ours(entries) :] or entries))


def _after_ours(entries: Any) -> int:
    """Returns the index after the first run of juwsgi's frames, 0 when there is none."""
    ours = [i for i, entry in enumerate(entries) if entry.filename.startswith(PACKAGE)]
    if not ours:
        return 0
    last = ours[0]
    while last + 1 in ours:
        last += 1
    return last + 1


def describe(error: BaseException) -> str:
    """Returns the traceback as Python prints it, without juwsgi's own frames at its root."""
    import traceback

    first: TracebackType | None = error.__traceback__
    while first is not None and first.tb_frame.f_code.co_filename.startswith(OURS):
        first = first.tb_next
    return "".join(traceback.format_exception(type(error), error, first))


def report(text: str) -> None:
    """Writes to standard error, whatever the application has made of it."""
    if not text.endswith("\n"):
        text += "\n"
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except Exception:
        os.write(2, text.encode("utf-8", "backslashreplace"))


def request_line(environ: dict[str, str]) -> str:
    """Returns request id, method and URL for the log; what a client wrote cannot break the line."""
    url = environ.get("REQUEST_URI") or environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    method = environ.get("REQUEST_METHOD", "-")
    return f"request_id={environ.get('juwsgi.request_id', '-')} {ascii(method)[1:-1]} {ascii(url)[1:-1]}"
