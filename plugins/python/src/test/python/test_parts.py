"""The parts that need no process: frames, heads, the sorting of what arrives on a link."""

from __future__ import annotations

import io
import os
import random
import socket
import tempfile
import unittest
from typing import Any

from harness import f

from juwsgi_worker.files import FileWrapper, regular_file
from juwsgi_worker.head import make_head
from juwsgi_worker.link import Link
from juwsgi_worker.loader import Applications


class ConnectionTest(unittest.TestCase):
    def setUp(self) -> None:
        ours, self.theirs = socket.socketpair()
        self.connection = f.Connection(ours)
        self.addCleanup(ours.close)
        self.addCleanup(self.theirs.close)

    def test_frames_come_whole_however_they_are_cut(self) -> None:
        wire = f.encode(f.RECALL, 1) + f.encode(f.TRACE, 2, 3, b"payload") + f.encode(f.STOP)
        for cut in range(1, len(wire)):
            frames = []
            for part in (wire[:cut], wire[cut:]):
                self.theirs.sendall(part)
                self.assertTrue(self.connection.receive())
                frames += self.connection.frames()
            self.assertEqual([(f.RECALL, 1), (f.TRACE, 2), (f.STOP, 0)], [(x.kind, x.id) for x in frames])
            self.assertEqual((3, b"payload"), (frames[1].aux, frames[1].payload))

    def test_bad_headers_are_refused_before_their_payload_comes(self) -> None:
        for header, text in (
            (
                f.HEADER.pack(f.MAX_PAYLOAD + 1, 1, 0, 0, 0, 0, 0),
                r"frame length: 16777217 \(expected: at most 16777216\)",
            ),
            (f.HEADER.pack(0, 1, 0, 1, 0, 0, 0), r"bytes 6 and 7 of a frame: 1 \(expected: 0\)"),
        ):
            connection = f.Connection(self.connection.sock)
            self.theirs.sendall(header)
            connection.receive()
            with self.assertRaisesRegex(f.FrameError, text):
                list(connection.frames())

    def test_the_end_of_the_connection(self) -> None:
        self.theirs.close()
        self.assertFalse(self.connection.receive())


class HeadTest(unittest.TestCase):
    def test_a_head_is_status_and_fields_by_lines(self) -> None:
        head, length = make_head("200 OK", [("Content-Type", "text/plain"), ("X-Empty", ""), ("content-length", " 12")])
        self.assertEqual(b"200 OK\nContent-Type: text/plain\nX-Empty: \ncontent-length:  12", head)
        self.assertEqual(12, length)
        self.assertEqual((b"404", None), make_head("404", []))

    def test_hop_by_hop_fields_are_dropped_in_any_spelling_and_again(self) -> None:
        for _ in range(2):
            self.assertEqual((b"200 OK", None), make_head("200 OK", [("cOnNeCtIoN", "x"), ("TE", "y")]))

    def test_what_is_wrong_is_named(self) -> None:
        for status, headers, kind, text in (
            (200, [], TypeError, r"status: 200 \(expected: a str such as '200 OK'\)"),
            ("OK", [], ValueError, "status: 'OK'"),
            ("2000 OK", [], ValueError, "status: '2000 OK'"),
            ("200 a\nb", [], ValueError, "status: '200 a"),
            ("200 OK\n", [], ValueError, "status: '200 OK"),
            ("\u0662\u0660\u0660 OK", [], ValueError, "status: "),
            ("200 \u20ac", [], UnicodeEncodeError, "latin-1"),
            ("200 OK", [("A", 1)], TypeError, r"header field: \('A', 1\) \(expected: a tuple of two str\)"),
            ("200 OK", [("A", b"x")], TypeError, "a tuple of two str"),
            ("200 OK", [("A", "x", "y")], ValueError, "too many values"),
            ("200 OK", [7], TypeError, r"header field: 7 \(expected: a tuple of name and value\)"),
            ("200 OK", None, TypeError, r"headers: None"),
            ("200 OK", [("A", "x\ny")], ValueError, "no CR, LF or NUL"),
            ("200 OK", [("A", "x\ry")], ValueError, "no CR, LF or NUL"),
            ("200 OK", [("A", "x\0")], ValueError, "no CR, LF or NUL"),
            ("200 OK", [("A\n", "x")], ValueError, "name of a header field: 'A"),
            ("200 OK", [("A B", "x")], ValueError, "name of a header field: 'A B'"),
            ("200 OK", [("", "x")], ValueError, "name of a header field: ''"),
            ("200 OK", [("A:", "x")], ValueError, "name of a header field"),
            ("200 OK", [("A", "\u20ac")], ValueError, "ISO 8859-1 characters only"),
            ("200 OK", [("Content-Length", "-1")], ValueError, "Content-Length: '-1'"),
            ("200 OK", [("Content-Length", "\u0661")], ValueError, "Content-Length"),
            ("200 OK", [("Content-Length", "")], ValueError, "Content-Length"),
        ):
            with self.subTest(status=status, headers=headers):
                with self.assertRaisesRegex(kind, text):
                    make_head(status, headers)  # type: ignore[arg-type]

    def test_names_that_applications_make_up_fill_no_memory(self) -> None:
        from juwsgi_worker import head

        for number in range(3000):
            make_head(f"200 {number}", [(f"X-{number}", "y")])
        self.assertLessEqual(len(head._kinds), head._MOST_KINDS)
        self.assertLessEqual(len(head._statuses), head._MOST_KINDS)


class LinkTest(unittest.TestCase):
    def setUp(self) -> None:
        ours, self.theirs = socket.socketpair()
        self.link = Link(ours)
        self.addCleanup(ours.close)
        self.addCleanup(self.theirs.close)

    def sort(self, wire: bytes) -> None:
        self.theirs.sendall(wire)
        while self.theirs_unread():
            self.link.receive()

    def theirs_unread(self) -> bool:
        try:
            return bool(self.link._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return False

    def test_any_cut_gives_the_same_requests_and_bodies(self) -> None:
        wire = (
            f.encode(f.REQUEST, 1, 3, b"envbody", f.END)
            + f.encode(f.REQUEST, 2, 3, b"env", 0)
            + f.encode(f.BODY, 2, 0, b"one")
            + f.encode(f.BODY, 99, 0, b"of nobody", f.END)
            + f.encode(f.BODY, 2, 0, b"two", f.END)
            + f.encode(f.REQUEST, 3, 0, b"", f.END)
        )
        for cut in range(len(wire)):
            self.sort(wire[:cut])
            self.sort(wire[cut:])
            first, second, third = [self.link.pending.popleft() for _ in range(3)]
            self.assertEqual((1, b"env", b"body", None), first)
            self.assertEqual((3, b"", b"", None), third)
            feed = second[3]
            assert feed is not None
            self.assertEqual((True, False, [b"one", b"two"]), (feed.ended, feed.cut, list(feed.parts)))
            self.assertEqual({}, self.link._feeds)

    def test_garbage_ends_in_a_frame_error_and_in_nothing_else(self) -> None:
        chance = random.Random(7)
        good = f.encode(f.REQUEST, 1, 3, b"envbody", f.END) + f.encode(f.BODY, 1, 0, b"xyz")
        for _ in range(3000):
            wire = bytearray(good * 2)
            for _ in range(chance.randrange(1, 4)):
                wire[chance.randrange(len(wire))] = chance.randrange(256)
            link = Link(self.link._sock)
            try:
                link._take_in(bytes(wire))
                link.recall(0)
            except f.FrameError:
                pass

    def test_what_does_not_fit_is_kept_when_answers_are_written_out_of_turn(self) -> None:
        data = os.urandom(3_000_000)
        self.link.out.append(data)
        self.assertEqual([], self.link.recall(0))
        received = self.theirs.recv(1 << 20)
        self.link.out.append(b"the end")
        while len(received) < len(data) + 7:
            self.link.recall(0)
            received += self.theirs.recv(1 << 20)
        self.assertEqual(data + b"the end", received)


class FileTest(unittest.TestCase):
    def test_only_plain_files_are_regular(self) -> None:
        with tempfile.NamedTemporaryFile() as named, open(os.devnull, "rb") as null:
            named.write(b"content")
            self.assertEqual((named.fileno(), 7, 0), regular_file(named))
            named.seek(3)
            self.assertEqual((named.fileno(), 3, 4), regular_file(named))
            with open(named.name, "rb", buffering=0) as raw:
                raw.read(2)
                self.assertEqual((raw.fileno(), 2, 5), regular_file(raw))
            with open(named.name) as text:
                others: list[Any] = [text, null, io.BytesIO(b"x"), object(), raw]
                self.assertEqual([None] * 5, [regular_file(other) for other in others])

    def test_the_wrapper_has_close_only_when_its_file_has(self) -> None:
        class Reader:
            def read(self, size: int) -> bytes:
                return b""

        self.assertEqual([], list(FileWrapper(Reader())))
        self.assertFalse(hasattr(FileWrapper(Reader()), "close"))
        source = io.BytesIO(b"abcdef")
        wrapper = FileWrapper(source, 4)
        self.assertEqual([b"abcd", b"ef"], list(wrapper))
        wrapper.close()
        self.assertTrue(source.closed)


class ApplicationsTest(unittest.TestCase):
    def test_the_root_is_the_default_application(self) -> None:
        apps = Applications(False)
        apps.add("/", print)  # type: ignore[arg-type]
        self.assertIs(print, apps.default)
        self.assertTrue(apps.only_default)


if __name__ == "__main__":
    unittest.main()
