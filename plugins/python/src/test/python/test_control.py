"""Commands from beside: recall, trace, interrupt, stop, and what comes of broken peers."""

from __future__ import annotations

import marshal
import os
import random
import signal
import threading
import time
import unittest

import harness
from harness import Answer, Server, environ, f
from test_wsgi import WorkerCase


class SideTest(WorkerCase):
    threads = 2

    def setUp(self) -> None:
        super().setUp()
        self.side = self.worker.side()
        self.addCleanup(self.side.close)

    def batch(self, paths: list[str], first: int = 1) -> None:
        """Sends several requests at once, as a router does."""
        packed = [marshal.dumps(environ(path), 2) for path in paths]
        self.gateway.sock.sendall(
            b"".join(f.encode(f.REQUEST, first + i, len(p), p, f.END) for i, p in enumerate(packed))
        )

    def wait(self, name: str, id: int = 1) -> None:
        """Sends a request that blocks until ``go(name)``."""
        self.gateway.request(id, environ(f"/wait?{name}"))
        self.assertTrue(self.marked(f"waiting-{name}"))


class RecallTest(SideTest):
    def test_an_idle_core_gives_nothing_back(self) -> None:
        self.assertEqual([], self.side.recall())

    def test_everything_behind_a_slow_request_comes_back(self) -> None:
        self.wait("slow")
        self.batch(["/hello"] * 78, 2)
        self.assertEqual(list(range(2, 80)), self.side.recall())
        self.assertEqual([], self.side.recall())
        self.gateway.request(80, environ("/hello"))
        self.go("go-slow")
        self.assertEqual(b"waited", self.gateway.answer(1).body)
        self.assertEqual(b"hello", self.gateway.answer(80).body)

    def test_what_was_read_together_with_the_slow_request_comes_back(self) -> None:
        self.batch(["/wait?batch", "/hello", "/hello"])
        self.assertTrue(self.marked("waiting-batch"))
        self.assertEqual([2, 3], self.side.recall())
        self.go("go-batch")
        self.assertEqual(b"waited", self.gateway.answer(1).body)

    def test_finished_answers_are_written_out(self) -> None:
        self.batch(["/hello", "/wait?flush"])
        self.assertTrue(self.marked("waiting-flush"))
        self.side.recall()
        self.assertEqual(b"hello", self.gateway.answer(1).body)
        self.go("go-flush")
        self.assertEqual(b"waited", self.gateway.answer(2).body)

    def test_a_request_of_which_a_part_has_come_is_given_back(self) -> None:
        self.wait("part")
        packed = marshal.dumps(environ("/hello"), 2)
        frame = f.encode(f.REQUEST, 2, len(packed), packed, f.END)
        self.gateway.sock.sendall(frame[:50])
        self.assertEqual([2], self.side.recall())
        self.gateway.sock.sendall(frame[50:])
        self.gateway.request(3, environ("/hello"))
        self.go("go-part")
        self.assertEqual(b"waited", self.gateway.answer(1).body)
        self.assertEqual(b"hello", self.gateway.answer(3).body)

    def test_a_streamed_request_is_given_back_with_its_body(self) -> None:
        self.wait("stream")
        self.gateway.request(2, environ("/echo", "POST"), b"given", whole=False)
        self.gateway.send(f.BODY, 2, 0, b" back")
        self.assertEqual([2], self.side.recall())
        self.gateway.send(f.BODY, 2, 0, b"", f.END)
        self.go("go-stream")
        self.assertEqual(b"waited", self.gateway.answer(1).body)
        self.gateway.request(3, environ("/echo", "POST"), b"next")
        self.assertEqual(b"next", self.gateway.answer(3).body)

    def test_a_core_that_waits_for_a_body_gives_back_what_follows(self) -> None:
        self.gateway.request(1, environ("/echo", "POST"), b"a", whole=False)
        self.gateway.request(2, environ("/hello"))
        ids: list[int] = []
        self.assertTrue(harness.eventually(lambda: bool(ids.extend(self.side.recall()) or ids)))
        self.assertEqual([2], ids)
        self.gateway.send(f.BODY, 1, 0, b"b")
        self.side.recall()
        self.gateway.send(f.BODY, 1, 0, b"c", f.END)
        self.assertEqual(b"abc", self.gateway.answer(1).body)

    def test_each_request_is_begun_or_given_back_never_both(self) -> None:
        total = 5_000
        recalled: list[int] = []
        answered: list[int] = []
        done = threading.Event()

        def write() -> None:
            for start in range(0, total, 50):
                self.batch(["/hello"] * 50, start)

        def recall() -> None:
            while not done.is_set():
                recalled.extend(self.side.recall())

        threads = [threading.Thread(target=write), threading.Thread(target=recall)]
        for thread in threads:
            thread.start()
        try:
            end = time.monotonic() + 60
            while len(answered) + len(recalled) < total and time.monotonic() < end:
                if not self.gateway.is_quiet(0.01):
                    frame = self.gateway.frame()
                    self.assertEqual((f.RESPONSE, f.END), (frame.kind, frame.flags))
                    answered.append(frame.id)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        self.assertEqual(sorted(answered), answered)
        self.assertEqual(list(range(total)), sorted(answered + recalled))
        self.assertTrue(answered)
        self.assertTrue(recalled)
        self.assertEqual(b"hello", self.gateway.get("/hello").body)


class TraceTest(SideTest):
    def trace(self, part: str, core: int = 0) -> tuple[int, str]:
        """Asks where a core is until it has come to where it stays."""
        deadline = time.monotonic() + harness.DEADLINE
        while True:
            request, text = self.side.trace(core)
            if part in text or time.monotonic() > deadline:
                return request, text

    def test_a_blocked_core_shows_where_it_is(self) -> None:
        self.wait("trace", id=77)
        request, text = self.trace("in wait_for\n")
        self.assertEqual(77, request)
        self.assertIn("in case_wait\n    wait_for(", text)
        self.assertIn("in wait_for\n", text)
        self.assertNotIn("juwsgi_worker", text)
        self.go("go-trace")
        self.assertEqual(b"waited", self.gateway.answer(77).body)

    def test_an_idle_core_works_on_nothing(self) -> None:
        for core in (0, 1):
            request, text = self.trace("File ", core)
            self.assertEqual(0, request)
            self.assertIn("File ", text)


class InterruptTest(SideTest):
    def interrupted(self, core: int, path: str, mark: str) -> Answer:
        self.gateway = self.link(core)
        self.gateway.request(31, environ(path))
        self.assertTrue(self.marked(mark))
        self.assertFalse(self.side.interrupt(30, core))
        self.assertTrue(self.side.interrupt(31, core))
        answer = self.gateway.answer(31)
        self.assertEqual("interrupted", answer.failed)
        self.assertEqual(b"hello", self.gateway.get("/hello").body)
        return answer

    def test_the_main_threads_system_call_returns(self) -> None:
        self.interrupted(0, "/sleep", "sleeping")
        self.assertTrue(self.marked("woken"))
        self.assertTrue(self.logged("GET /sleep: interrupted"))

    def test_python_code_of_any_core_ends(self) -> None:
        self.interrupted(0, "/spin", "spinning")
        os.unlink(os.path.join(self.scratch, "spinning"))
        self.interrupted(1, "/spin", "spinning")

    def test_an_application_that_keeps_the_interrupt_to_itself_fails_or_ends(self) -> None:
        for core in (0, 1):
            self.gateway = self.link(core)
            self.gateway.request(31, environ("/swallow"))
            self.assertTrue(self.marked("spinning"))
            self.side.interrupt(31, core)
            self.gateway.answer(31)
            self.assertEqual(b"hello", self.gateway.get("/hello").body)
            os.unlink(os.path.join(self.scratch, "spinning"))

    def test_waiting_for_a_body_ends(self) -> None:
        for core in (0, 1):
            self.gateway = self.link(core)
            self.gateway.request(5, environ("/echo", "POST"), b"half", whole=False)
            self.assertTrue(harness.eventually(lambda: self.side.trace(core)[0] == 5))
            self.assertTrue(harness.eventually(lambda: "wait_body" in self.side.trace(core)[1]))
            self.assertTrue(self.side.interrupt(5, core))
            if core:  # Another thread's system call cannot be ended; the exception comes when it returns.
                self.gateway.send(f.BODY, 5, 0, b"more")
            self.assertEqual("interrupted", self.gateway.answer(5).failed)
            self.assertEqual(b"hello", self.gateway.get("/hello").body)

    def test_an_endless_stream_ends_and_is_closed(self) -> None:
        for core in (0, 1):
            self.gateway = self.link(core)
            self.gateway.get("/closed")
            self.gateway.request(6, environ("/stream_forever"))
            answer = Answer()
            answer.add(self.gateway.frame())
            self.assertTrue(self.side.interrupt(6, core))
            while not answer.add(self.gateway.frame()):
                pass
            self.assertEqual("interrupted", answer.failed)
            self.assertEqual(b"forever", self.gateway.get("/closed").body)

    def test_interrupts_at_any_moment_leave_the_connection_whole(self) -> None:
        chance = random.Random(1)
        for core in (0, 1):
            self.gateway = self.link(core)
            for id in range(1, 400):
                path = chance.choice(["/hello", "/lazy_length", "/environ", "/list"])
                self.gateway.request(id, environ(path))
                if chance.random() < 0.5:
                    for _ in range(chance.randrange(2000)):
                        pass
                self.side.interrupt(id, core)
                answer = self.gateway.answer(id)
                self.assertIn(answer.failed, (None, "interrupted"))
            self.assertEqual(b"hello", self.gateway.get("/hello").body)


class BrokenPeerTest(SideTest):
    def still_serves(self) -> None:
        self.assertEqual(b"hello", self.link().get("/hello").body)

    def test_garbage_ends_a_core_connection_only(self) -> None:
        for garbage in (
            b"\xff" * 64,
            f.HEADER.pack(f.MAX_PAYLOAD + 1, f.REQUEST, 1, 0, 1, 0, 0),
            f.HEADER.pack(0, f.REQUEST, 1, 7, 1, 0, 0),
            f.encode(99),
            f.encode(f.REQUEST, 1, 100, b"short", f.END),
        ):
            with self.subTest(garbage[:24]):
                gateway = self.link()
                gateway.sock.sendall(garbage)
                self.assertTrue(gateway.ended())
                self.still_serves()
        self.assertTrue(
            self.logged("bad frame from the gateway: frame length: 4294967295 (expected: at most 16777216)")
        )

    def test_a_connection_that_ends_in_the_middle_of_a_frame(self) -> None:
        packed = marshal.dumps(environ("/hello"), 2)
        frame = f.encode(f.REQUEST, 1, len(packed), packed, f.END)
        for cut in (1, 19, 20, 21, len(frame) - 1):
            gateway = self.link()
            gateway.sock.sendall(frame[:cut])
            gateway.close()
        self.still_serves()

    def test_frames_that_arrive_byte_by_byte(self) -> None:
        packed = marshal.dumps(environ("/echo", "POST"), 2)
        for byte in f.encode(f.REQUEST, 8, len(packed), packed + b"slow", f.END):
            self.gateway.sock.sendall(bytes([byte]))
        self.assertEqual(b"slow", self.gateway.answer(8).body)

    def test_a_connection_without_a_proper_hello_ends(self) -> None:
        for first in (f.encode(f.REQUEST, 1), f.encode(f.HELLO, 2), f.encode(f.HELLO, 0, 0, b"payload"), b"\xff" * 20):
            with self.subTest(first):
                peer = harness.Peer(self.worker.raw())
                peer.sock.sendall(first)
                self.assertTrue(peer.ended())
                peer.close()
        self.still_serves()

    def test_garbage_ends_a_side_connection_only(self) -> None:
        for garbage in (f.encode(f.STOP), f.encode(f.RECALL, 2), f.encode(f.INTERRUPT, 1, 9), b"\xff" * 40):
            with self.subTest(garbage):
                side = self.worker.side()
                side.sock.sendall(garbage)
                self.assertTrue(side.ended())
                side.close()
        self.assertEqual([], self.side.recall())

    def test_a_link_that_closes_in_a_request_leaves_the_core_usable(self) -> None:
        self.wait("gone")
        self.gateway.close()
        self.gateway = self.link()
        self.gateway.request(2, environ("/hello"))
        self.go("go-gone")
        self.assertEqual(b"hello", self.gateway.answer(2).body)

    def test_a_body_that_ends_with_the_connection_raises_in_the_application(self) -> None:
        self.gateway.request(1, environ("/echo", "POST"), b"half", whole=False)
        self.assertTrue(harness.eventually(lambda: "wait_body" in self.side.trace()[1]))
        self.gateway.close()
        self.still_serves()

    def test_a_second_connection_takes_a_core_over(self) -> None:
        second = self.link()
        self.assertEqual(b"hello", second.get("/hello").body)
        self.assertTrue(self.gateway.ended())

    def test_a_gateway_that_does_not_read_blocks_neither_trace_nor_recall(self) -> None:
        self.gateway.request(1, environ("/large"))
        self.gateway.request(2, environ("/hello"))
        self.assertTrue(harness.eventually(lambda: "sendall" in self.side.trace()[1]))
        self.assertEqual([2], self.side.recall())
        self.assertEqual(3_000_000, len(self.gateway.answer(1).body))


class StopTest(unittest.TestCase):
    def setUp(self) -> None:
        self.scratch = harness.tempfile.mkdtemp(prefix="juwsgi-scratch-")
        self.addCleanup(harness.shutil.rmtree, self.scratch)
        self.server = Server("cases", threads=2, env=[["SCRATCH", self.scratch]])
        self.addCleanup(self.server.close)
        self.worker = self.server.start()[0]

    def exists(self, name: str) -> bool:
        return os.path.exists(os.path.join(self.scratch, name))

    def test_an_idle_worker_runs_atexit_and_leaves(self) -> None:
        self.worker.link(1)
        self.worker.control.send(f.STOP)
        self.assertEqual((1, self.worker.pid, 0), self.server.exited())
        self.assertTrue(self.exists(f"atexit-{self.worker.pid}"))
        self.assertFalse(os.path.exists(self.worker.path))

    def test_requests_that_it_holds_are_answered_first(self) -> None:
        links = [self.worker.link(core) for core in (0, 1)]
        for core, link in enumerate(links):
            link.request(1, environ(f"/wait?{core}"))
            link.request(2, environ("/hello"))
        self.assertTrue(harness.eventually(lambda: self.exists("waiting-0") and self.exists("waiting-1")))
        self.worker.control.send(f.STOP)
        self.assertTrue(links[0].is_quiet(0.05))
        for core, link in enumerate(links):
            with open(os.path.join(self.scratch, f"go-{core}"), "w"):
                pass
            self.assertEqual(b"waited", link.answer(1).body)
            self.assertEqual(b"hello", link.answer(2).body)
        self.assertEqual((1, self.worker.pid, 0), self.server.exited())

    def test_a_worker_that_exits_in_a_request_is_reported(self) -> None:
        link = self.worker.link(0)
        link.request(1, environ("/os_exit"))
        self.assertEqual((1, self.worker.pid, 9 << 8), self.server.exited())
        self.assertTrue(link.ended())

    def test_a_killed_worker_is_reported_at_once(self) -> None:
        os.kill(self.worker.pid, signal.SIGKILL)
        start = time.monotonic()
        self.assertEqual((1, self.worker.pid, signal.SIGKILL), self.server.exited())
        self.assertLess(time.monotonic() - start, 5)
        self.assertFalse(os.path.exists(self.worker.path))

    def test_the_master_that_goes_takes_a_busy_worker_with_it(self) -> None:
        link = self.worker.link(0)
        link.request(1, environ("/spin"))
        self.assertTrue(harness.eventually(lambda: self.exists("spinning")))
        self.worker.control.close()
        self.assertEqual((1, self.worker.pid, 0), self.server.exited())


if __name__ == "__main__":
    unittest.main()
