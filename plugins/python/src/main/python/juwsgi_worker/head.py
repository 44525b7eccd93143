"""The head of a response: checks what the application gave to start_response and writes it as the wire wants it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    Headers = list[tuple[str, str]]

_PLAIN = 0
_DROPPED = 1
_LENGTH = 2

_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
"""Fields between two neighbours (RFC 9110 7.6.1): the gateway's business, dropped here."""

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")

_kinds: dict[str, int] = {}
"""What is known of a field name as it was spelled. Bounded: applications may make names up."""

_statuses: set[str] = set()
"""Statuses that were found to be good; bounded too."""

_MOST_KINDS = 1000


def make_head(status: str, headers: Headers) -> tuple[bytes, int | None]:
    """Returns the head for the wire and the Content-Length in it, None when there is none.

    :raises TypeError: when something is no str, or no (name, value)
    :raises ValueError: when a name, a value or the status has what must not be there
    """
    length = None
    kinds = _kinds
    lines = [status]
    try:
        for name, value in headers:
            line = name + ": " + value
            kind = kinds.get(name)
            if kind:
                if kind == _DROPPED:
                    continue
                length = _content_length(value)
            elif kind is None:
                kind = _learn(name)
                if kind == _DROPPED:
                    continue
                if kind == _LENGTH:
                    length = _content_length(value)
            lines.append(line)
        head = "\n".join(lines)
        if head.count("\n") != len(lines) - 1 or "\r" in head or "\0" in head:
            _complain(status, headers)
        if status not in _statuses:
            if not _is_status(status):
                _complain(status, headers)
            if len(_statuses) < _MOST_KINDS:
                _statuses.add(status)
        return head.encode("latin-1"), length
    except (TypeError, UnicodeEncodeError):
        _complain(status, headers)


def has_no_body(status: bytes) -> bool:
    """Says whether a response with this head never has a body (RFC 9110 6.4.1)."""
    return status[:3] in (b"204", b"304") or status[:1] == b"1"


def _is_status(status: str) -> bool:
    """Says whether it is three digits, and perhaps a space and a reason."""
    if not _DIGITS.issuperset(status[:3]) or len(status) < 3 or status[0] == "0" or status[3:4] not in ("", " "):
        return False
    return all(" " <= c != "\x7f" for c in status)


def _learn(name: str) -> int:
    if not name or not _TOKEN.issuperset(name):
        raise ValueError(f"name of a header field: {name!r} (expected: letters, digits and !#$%&'*+-.^_`|~)")
    lower = name.lower()
    kind = _DROPPED if lower in _HOP_BY_HOP else _LENGTH if lower == "content-length" else _PLAIN
    if len(_kinds) < _MOST_KINDS:
        _kinds[name] = kind
    return kind


def _content_length(value: str) -> int:
    digits = value.strip()
    if not digits or not _DIGITS.issuperset(digits):
        raise ValueError(f"Content-Length: {value!r} (expected: a decimal number)")
    return int(digits)


def _complain(status: str, headers: Headers) -> NoReturn:
    """Finds out what is wrong, slowly."""
    if type(status) is not str:
        raise TypeError(f"status: {status!r} (expected: a str such as '200 OK')")
    if not _is_status(status):
        raise ValueError(f"status: {status!r} (expected: three digits, a space and a reason, such as '200 OK')")
    if not hasattr(headers, "__iter__"):
        raise TypeError(f"headers: {headers!r} (expected: a list of tuples of two str)")
    for field in headers:
        if not isinstance(field, (tuple, list)) or len(field) != 2:
            raise TypeError(f"header field: {field!r} (expected: a tuple of name and value)")
        for part in field:
            if not isinstance(part, str):
                raise TypeError(f"header field: {field!r} (expected: a tuple of two str)")
            if any(c in part for c in "\r\n\0"):
                raise ValueError(f"header field: {field!r} (expected: no CR, LF or NUL)")
            try:
                part.encode("latin-1")
            except UnicodeEncodeError:
                raise ValueError(f"header field: {field!r} (expected: ISO 8859-1 characters only)") from None
    status.encode("latin-1")
    raise TypeError(f"headers: {headers!r} (expected: a list of tuples of two str)")
