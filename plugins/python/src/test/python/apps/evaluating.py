"""Evaluates the query string with the module uwsgi at hand."""

from __future__ import annotations

import uwsgi
from uwsgidecorators import postfork

imported_in = uwsgi.worker_id()
forked: list[int] = []


@postfork
def note() -> None:
    forked.append(uwsgi.worker_id())


class Talked(Exception):
    pass


def websocket() -> None:
    uwsgi.websocket_handshake("", "", "chat")
    try:
        while True:
            message = uwsgi.websocket_recv()
            if message == b"poll":
                uwsgi.websocket_send_binary(uwsgi.websocket_recv_nb() or b"nothing")
            else:
                uwsgi.websocket_send(message)
    except OSError:
        raise Talked from None


def sender() -> None:
    uwsgi.websocket_handshake()
    try:
        while True:
            uwsgi.websocket_send("tick")
    except OSError:
        raise Talked from None


def application(environ, start_response):  # type: ignore[no-untyped-def]
    try:
        answer = repr(eval(environ["QUERY_STRING"]))
    except Talked:
        return []
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    start_response("200 OK", [])
    return [answer.encode()]
