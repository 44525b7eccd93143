"""Calls to the server, and the module that applications import, against a server in miniature."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from typing import Callable

from harness import DEADLINE, SOURCES, Peer, Server, environ

from juwsgi_worker import frames as f
from juwsgi_worker.calls import CallError, Calls

Answer = Callable[[str, "list[bytes]"], "list[bytes]"]


class Gateway:
    """Answers calls on a socket; each connection has a thread."""

    def __init__(self, path: str, answer: Answer) -> None:
        self.answer = answer
        self.hellos: list[tuple[int, int]] = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(16)
        self.listener.settimeout(DEADLINE)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(Peer(sock),), daemon=True).start()

    def _serve(self, peer: Peer) -> None:
        try:
            hello = peer.frame()
            assert hello.kind == f.HELLO
            self.hellos.append((hello.id, hello.aux))
            while True:
                call = peer.frame()
                assert call.kind == f.CALL
                name, arguments = call.payload[: call.aux].decode(), split(call.payload[call.aux :])
                try:
                    values = self.answer(name, arguments)
                except ValueError as error:
                    peer.send(f.REPLY, call.id, 0, str(error).encode(), f.END | f.REFUSED)
                else:
                    payload = b"".join(struct.pack("<I", len(value)) + value for value in values)
                    peer.send(f.REPLY, call.id, len(values), payload, f.END)
        except (EOFError, OSError):
            peer.close()

    def close(self) -> None:
        self.listener.close()


def split(payload: bytes) -> list[bytes]:
    parts = []
    while payload:
        size = struct.unpack_from("<I", payload)[0]
        parts.append(payload[4 : 4 + size])
        payload = payload[4 + size :]
    return parts


def echo(name: str, arguments: list[bytes]) -> list[bytes]:
    if name == "refuse":
        raise ValueError("no such thing")
    return [name.encode(), *arguments]


class CallsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "calls.sock")
        self.calls = Calls({"calls": self.path})
        self.calls.worker = 7

    def gateway(self, answer: Answer = echo) -> Gateway:
        gateway = Gateway(self.path, answer)
        self.addCleanup(gateway.close)
        return gateway

    def test_arguments_and_values_arrive(self) -> None:
        gateway = self.gateway()
        self.assertEqual([b"f", b"", b"\0\xff", b"x" * 1_000_000], self.calls.call(b"f", b"", b"\0\xff", b"x" * 1_000_000))
        self.assertEqual([b"g"], self.calls.call(b"g"))
        self.assertEqual([(7, os.getpid())], gateway.hellos)

    def test_a_refusal_is_an_error_and_the_connection_lives(self) -> None:
        gateway = self.gateway()
        with self.assertRaisesRegex(CallError, "no such thing"):
            self.calls.call(b"refuse")
        self.assertEqual([b"f"], self.calls.call(b"f"))
        self.assertEqual(1, len(gateway.hellos))

    def test_each_thread_has_its_own_connection(self) -> None:
        gateway = self.gateway()
        self.calls.call(b"f")
        threads = [threading.Thread(target=self.calls.call, args=(b"f",)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(4, len(gateway.hellos))

    def test_a_fork_opens_another(self) -> None:
        gateway = self.gateway()
        self.calls.call(b"f")
        pid = os.fork()
        if pid == 0:
            os._exit(0 if self.calls.call(b"f", b"child") == [b"f", b"child"] else 1)
        self.assertEqual((pid, 0), os.waitpid(pid, 0))
        self.assertEqual([b"f"], self.calls.call(b"f"))
        self.assertEqual([os.getpid(), pid], [pid for _, pid in gateway.hellos])

    def test_without_a_server_there_is_an_os_error_at_once_when_its_directory_has_gone(self) -> None:
        calls = Calls({"calls": "/no/such/directory/calls.sock"})
        with self.assertRaises(OSError):
            calls.call(b"f")

    def test_the_first_call_waits_for_the_server(self) -> None:
        made: list[Gateway] = []
        timer = threading.Timer(0.1, lambda: made.append(self.gateway()))
        timer.start()
        self.assertEqual([b"f"], self.calls.call(b"f"))
        timer.join()

    def test_a_call_that_was_broken_off_does_not_meet_the_next_one(self) -> None:
        class Interruption(BaseException):
            pass

        def interrupt(number: int, frame: object) -> None:
            raise Interruption

        import signal

        release = threading.Event()

        def slow(name: str, arguments: list[bytes]) -> list[bytes]:
            if name == "slow":
                os.kill(os.getpid(), signal.SIGUSR1)
                release.wait(DEADLINE)
            return [name.encode()]

        self.gateway(slow)
        before = signal.signal(signal.SIGUSR1, interrupt)
        try:
            with self.assertRaises(Interruption):
                self.calls.call(b"slow")
            self.assertEqual([b"next"], self.calls.call(b"next"))
        finally:
            signal.signal(signal.SIGUSR1, before)
            release.set()

    def test_too_long_arguments_are_refused_here(self) -> None:
        self.gateway()
        with self.assertRaisesRegex(CallError, "expected: at most"):
            self.calls.call(b"f", b"x" * (f.MAX_PAYLOAD + 1))
        self.assertEqual([b"f"], self.calls.call(b"f"))


class ModuleTest(unittest.TestCase):
    """What an application sees, in a real worker."""

    def start(self, opt: list[list[str | None]], answer: Answer) -> Callable[[str], str]:
        server = Server("evaluating", uwsgi={"buffer_size": 4096, "opt": opt})
        self.addCleanup(server.close)
        gateway = Gateway(server.boot["calls"], answer)
        self.addCleanup(gateway.close)
        link = server.start()[0].link(0)
        return lambda text: link.get(QUERY_STRING=text).body.decode()

    def test_the_functions_of_caches_are_there_when_there_is_a_cache(self) -> None:
        asked: list[tuple[str, list[bytes]]] = []

        def answer(name: str, arguments: list[bytes]) -> list[bytes]:
            asked.append((name, arguments))
            if name == "cache_keys":
                raise ValueError("no local uWSGI cache available")
            return {"cache_get": [b"v"], "cache_num": [struct.pack("<q", -7)]}.get(name, [b"\1"])

        evaluate = self.start([["cache2", "name=c,items=2"], ["master", None]], answer)
        self.assertEqual("b'v'", evaluate("uwsgi.cache_get('k')"))
        self.assertEqual("True", evaluate("uwsgi.cache_set('k', b'v', 5, 'c')"))
        self.assertEqual("True", evaluate("uwsgi.cache_inc('n')"))
        self.assertEqual("True", evaluate("uwsgi.cache_mul('n')"))
        self.assertEqual("-7", evaluate("uwsgi.cache_num('n')"))
        self.assertEqual("ValueError: no local uWSGI cache available", evaluate("uwsgi.cache_keys('x')"))
        self.assertEqual("TypeError: a bytes-like object is required, not 'int'", evaluate("uwsgi.cache_set('k', 1)"))
        self.assertIn("TypeError", evaluate("uwsgi.cache_get(key='k')"))
        number, none = struct.pack("<q", 5), struct.pack("<q", 0)
        self.assertEqual(("cache_get", [b"", b"k"]), asked[0])
        self.assertEqual(("cache_set", [b"c", b"k", b"v", number]), asked[1])
        self.assertEqual(("cache_inc", [b"", b"n", struct.pack("<q", 1), none]), asked[2])
        self.assertEqual(("cache_mul", [b"", b"n", struct.pack("<q", 2), none]), asked[3])
        self.assertEqual("{'cache2': b'name=c,items=2', 'master': True}", evaluate("uwsgi.opt"))

    def test_what_is_not_there_is_missing_and_says_where_to_look(self) -> None:
        evaluate = self.start([], echo)
        self.assertEqual("False", evaluate("hasattr(uwsgi, 'cache_get')"))
        self.assertIn("docs/python.md", evaluate("uwsgi.register_signal"))
        self.assertIn("ImportError", evaluate("exec('from uwsgidecorators import timer')"))
        self.assertEqual("1", evaluate("uwsgi.worker_id()"))
        self.assertEqual("[1]", evaluate("forked"))
        self.assertEqual("0", evaluate("imported_in"))

    def test_nobody_else_finds_the_modules(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.append({SOURCES!r})\nimport uwsgi"], stderr=subprocess.PIPE
        )
        self.assertIn(b"No module named 'uwsgi'", done.stderr)


class RequestTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server("evaluating")
        self.addCleanup(self.server.close)
        self.worker = self.server.start()[0]
        self.link = self.worker.link(0)

    def ask(self, text: str) -> None:
        self.link.request(1, environ(QUERY_STRING=text))

    def test_a_deadline_and_a_log_variable_go_with_the_request(self) -> None:
        self.ask("uwsgi.set_user_harakiri(5), uwsgi.set_logvar('a', 'b'), uwsgi.get_logvar('a'), uwsgi.get_logvar('x')")
        deadline, logvar = self.link.frame(), self.link.frame()
        self.assertEqual((f.DEADLINE, 1, 5), (deadline.kind, deadline.id, deadline.aux))
        self.assertEqual((f.LOGVAR, 1, 1, b"ab"), (logvar.kind, logvar.id, logvar.aux, logvar.payload))
        self.assertEqual(b"(None, None, b'b', None)", self.link.answer(1).body)
        self.assertEqual(b"None", self.link.get(QUERY_STRING="uwsgi.get_logvar('a')").body)

    def test_messages_of_a_websocket(self) -> None:
        self.ask("websocket()")
        asked = self.link.frame()
        self.assertEqual((f.WEBSOCKET, b"chat"), (asked.kind, asked.payload))
        self.link.send(f.ACCEPTED, 1)
        for message in (b"one", b"", b"x" * 300_000):
            self.link.send(f.MESSAGE, 1, 1, message)
            echoed = self.link.frame()
            self.assertEqual((f.SEND, 1, message), (echoed.kind, echoed.aux, echoed.payload))
        self.link.send(f.MESSAGE, 1, 0, b"poll")
        polled = self.link.frame()
        self.assertEqual((f.SEND, 0, b"nothing"), (polled.kind, polled.aux, polled.payload))
        self.link.send(f.CLOSED, 1, 1000, b"", f.END)
        closed = self.link.frame()
        self.assertEqual((f.DATA, f.END), (closed.kind, closed.flags))
        self.assertEqual(b"1", self.link.get(id=2, QUERY_STRING="1").body)

    def test_a_handshake_that_is_refused_is_an_os_error(self) -> None:
        self.ask("uwsgi.websocket_handshake()")
        self.assertEqual(f.WEBSOCKET, self.link.frame().kind)
        self.link.send(f.ACCEPTED, 1, 0, b"", f.REFUSED)
        self.assertEqual(b"OSError: unable to complete websocket handshake", self.link.answer(1).body)

    def test_requests_behind_a_websocket_are_given_back(self) -> None:
        self.ask("websocket()")
        self.link.frame()
        self.link.request(2, environ(QUERY_STRING="2"))
        self.link.send(f.ACCEPTED, 1)
        self.link.send(f.MESSAGE, 1, 1, b"here")
        self.assertEqual(b"here", self.link.frame().payload)
        self.assertEqual([2], self.worker.side().recall())
        self.link.send(f.MESSAGE, 1, 1, b"still there")
        self.assertEqual(b"still there", self.link.frame().payload)

    def test_a_client_that_goes_before_the_answer_ends_a_sender(self) -> None:
        self.ask("sender()")
        self.link.frame()
        self.link.send(f.ACCEPTED, 1)
        for _ in range(3):
            self.assertEqual(b"tick", self.link.frame().payload)
        self.link.send(f.CLOSED, 1, 1006, b"", f.END)
        while True:
            frame = self.link.frame()
            if frame.kind != f.SEND:
                break
        self.assertEqual((f.DATA, f.END), (frame.kind, frame.flags))


if __name__ == "__main__":
    unittest.main()
