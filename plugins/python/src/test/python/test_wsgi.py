"""What an application may do by PEP 3333, through a real worker."""

from __future__ import annotations

import os
import unittest

import harness
from harness import Answer, Gateway, Server, environ, f


class WorkerCase(unittest.TestCase):
    """Has a server with one worker for all of its tests, and a connection for each."""

    module = "cases"
    threads = 1
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        scratch = harness.tempfile.mkdtemp(prefix="juwsgi-scratch-")
        cls.addClassCleanup(harness.shutil.rmtree, scratch)
        cls.scratch = scratch
        cls.server = Server(cls.module, threads=cls.threads, env=[["SCRATCH", scratch]])
        cls.addClassCleanup(cls.server.close)
        cls.worker = cls.server.start()[0]

    def setUp(self) -> None:
        for name in os.listdir(self.scratch):
            os.unlink(os.path.join(self.scratch, name))
        self.gateway = self.link()

    def link(self, core: int = 0) -> Gateway:
        gateway = self.worker.link(core)
        self.addCleanup(gateway.close)
        return gateway

    def get(self, path: str, method: str = "GET", body: bytes = b"", **more: str) -> Answer:
        return self.gateway.get(path, method, body, **more)

    def go(self, name: str) -> None:
        with open(os.path.join(self.scratch, name), "w"):
            pass

    def marked(self, name: str) -> bool:
        return harness.eventually(lambda: os.path.exists(os.path.join(self.scratch, name)))

    def closed(self) -> str:
        return self.get("/closed").body.decode()

    def logged(self, text: str) -> bool:
        return harness.eventually(lambda: text in self.server.errors())


class ResponseTest(WorkerCase):
    def test_a_list_goes_out_as_one_frame(self) -> None:
        answer = self.get("/hello")
        self.assertEqual(("200 OK", b"hello"), (answer.status, answer.body))
        self.assertEqual(1, len(answer.frames))

    def test_lists_and_tuples_are_joined(self) -> None:
        self.assertEqual(b"abcd", self.get("/list").body)
        self.assertEqual(b"ab", self.get("/tuple").body)

    def test_an_empty_iterable_still_has_a_head(self) -> None:
        answer = self.get("/empty")
        self.assertEqual(("200 OK", b""), (answer.status, answer.body))

    def test_a_bytes_object_is_sent_whole(self) -> None:
        answer = self.get("/bytes")
        self.assertEqual(b"a bytes object is sent whole", answer.body)
        self.assertEqual(1, len(answer.frames))

    def test_a_large_body_comes_in_several_frames(self) -> None:
        answer = self.get("/large")
        self.assertEqual(b"x" * 3_000_000, answer.body)
        self.assertLess(max(len(frame.payload) for frame in answer.frames), f.MAX_PAYLOAD)

    def test_each_item_of_a_lazy_body_is_sent_before_the_next_is_made(self) -> None:
        self.closed()
        self.gateway.request(5, environ("/lazy"))
        first = self.gateway.frame()
        self.assertEqual((f.RESPONSE, 0, 5), (first.kind, first.flags, first.id))
        self.assertTrue(first.payload.endswith(b"first"))
        self.assertTrue(self.gateway.is_quiet(0.05))
        self.go("second")
        answer = Answer()
        answer.add(first)
        while not answer.add(self.gateway.frame()):
            pass
        self.assertEqual(b"firstsecond", answer.body)
        self.assertEqual("lazy", self.closed())

    def test_the_head_of_a_generator_waits_for_its_first_item(self) -> None:
        self.assertEqual(b"late", self.get("/late_start").body)

    def test_a_lazy_body_with_its_length_ends_with_its_last_byte(self) -> None:
        self.closed()
        answer = self.get("/lazy_length")
        self.assertEqual(b"abcd", answer.body)
        self.assertEqual("length", self.closed())

    def test_early_hints_are_sent_before_the_response_and_not_after_it(self) -> None:
        self.gateway.request(1, environ("/early_hints"))
        hints = self.gateway.frame()
        self.assertEqual((f.INTERIM, 1), (hints.kind, hints.id))
        self.assertEqual(b"103 Early Hints\nLink: </a.css>; rel=preload", hints.payload)
        self.go("hinted")
        self.assertEqual(b"page", self.gateway.answer(1).body)
        self.assertEqual(b"hello", self.get("/hello").body)

    def test_write_sends_at_once(self) -> None:
        self.gateway.request(1, environ("/write"))
        first = self.gateway.frame()
        self.assertTrue(self.marked("written"))
        self.assertTrue(first.payload.endswith(b"one "))
        self.go("go")
        answer = Answer()
        answer.add(first)
        while not answer.add(self.gateway.frame()):
            pass
        self.assertEqual(b"one two three", answer.body)

    def test_repeated_fields_stay_and_hop_by_hop_fields_go(self) -> None:
        answer = self.get("/fields")
        self.assertEqual("200 Fine", answer.status)
        self.assertEqual([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Latin", "caf\xe9")], answer.fields)

    def test_head_requests_get_no_body_but_its_length(self) -> None:
        for path in ("/hello", "/list", "/bytes", "/large"):
            with self.subTest(path):
                answer = self.get(path, "HEAD")
                self.assertEqual(("200 OK", b""), (answer.status, answer.body))
                length = dict(answer.fields)["Content-Length"]
                self.assertEqual(len(self.get(path).body), int(length))

    def test_head_requests_end_lazy_bodies_early_and_close_them(self) -> None:
        answer = self.get("/stream_forever", "HEAD")
        self.assertEqual(b"", answer.body)
        self.assertEqual("forever", self.closed())

    def test_not_modified_has_no_body(self) -> None:
        answer = self.get("/not_modified")
        self.assertEqual(("304 Not Modified", b""), (answer.status, answer.body))

    def test_a_body_beyond_its_length_is_cut_off_and_told(self) -> None:
        self.assertEqual(b"abc", self.get("/long").body)
        self.assertTrue(self.logged("/long: the body is longer than its Content-Length, 3: cut off"))
        self.assertEqual(b"abc", self.get("/long_lazy").body)
        self.assertTrue(self.logged("/long_lazy: the body is longer"))

    def test_a_body_below_its_length_fails(self) -> None:
        answer = self.get("/short")
        self.assertEqual(("application exception", None), (answer.failed, answer.head))
        self.assertEqual("application exception", self.get("/short_lazy").failed)
        self.assertTrue(self.logged("the body has 3 bytes, its Content-Length says 9"))

    def test_the_time_is_told_with_the_last_frame(self) -> None:
        self.get("/hello")
        self.assertGreater(harness.frame_micros[1], 0)

    def test_answers_of_a_pipeline_come_in_order(self) -> None:
        for id in range(1, 101):
            self.gateway.request(id, environ("/list" if id % 2 else "/lazy_length"))
        for id in range(1, 101):
            self.assertEqual(b"abcd", self.gateway.answer(id).body)


class ErrorTest(WorkerCase):
    def failed(self, path: str, logged: str) -> Answer:
        answer = self.get(path, **{"juwsgi.request_id": "rid-of" + path.replace("/", "-")})
        self.assertEqual("application exception", answer.failed)
        self.assertTrue(self.logged(logged), self.server.errors())
        return answer

    def test_an_exception_is_told_in_the_log_and_not_to_the_client(self) -> None:
        answer = self.failed("/raise", "ValueError: a secret for the log")
        self.assertIsNone(answer.head)
        self.assertIn(
            "request_id=rid-of-raise GET /raise: application exception\nTraceback (most recent call last):\n",
            self.server.errors(),
        )
        own = self.server.errors().partition("request_id=rid-of-raise GET")[2].partition("request_id")[0]
        self.assertNotIn("juwsgi_worker", own)

    def test_what_a_client_wrote_cannot_forge_a_line_of_the_log(self) -> None:
        self.get("/raise", REQUEST_URI="/raise?\nforged=1\x1b[31m")
        self.assertTrue(self.logged("/raise?\\nforged=1\\x1b[31m: application exception"))

    def test_an_exception_after_the_head_fails_and_closes(self) -> None:
        answer = self.failed("/raise_lazy", "ValueError: in the middle")
        self.assertEqual(("200 OK", b"some"), (answer.status, answer.body))
        self.assertEqual("raised", self.closed())

    def test_an_exception_in_close_is_told_and_the_answer_stands(self) -> None:
        answer = self.get("/raise_close")
        self.assertEqual(b"fine", answer.body)
        self.assertTrue(self.logged("ValueError: in close"))
        self.assertEqual(b"hello", self.get("/hello").body)

    def test_exits_and_keyboard_interrupts_fail_only_their_request(self) -> None:
        self.failed("/exit", "SystemExit: 3")
        self.failed("/keyboard", "KeyboardInterrupt")
        self.assertEqual(b"hello", self.get("/hello").body)

    def test_start_response_twice_is_an_error(self) -> None:
        self.failed("/twice", "start_response was called twice without exc_info")

    def test_exc_info_replaces_a_head_that_was_not_sent(self) -> None:
        answer = self.get("/replaced")
        self.assertEqual(("500 Oops", b"replaced"), (answer.status, answer.body))
        self.assertIn(("X-Replaced", "yes"), answer.fields)

    def test_exc_info_is_raised_again_when_the_head_was_sent(self) -> None:
        self.failed("/too_late", "KeyError: 'after the head'")
        self.assertEqual("late", self.closed())

    def test_a_missing_start_response_is_an_error(self) -> None:
        self.failed("/nostart", "the application returned without calling start_response")
        self.failed("/nostart_lazy", "start_response was not called before the first item of the body")
        self.failed("/nostart_empty", "the application returned without calling start_response")

    def test_wrong_bodies_are_named(self) -> None:
        self.failed("/str", "item of the application's body: str (expected: bytes)")
        self.failed("/none", "the application returned NoneType (expected: an iterable of bytes)")

    def test_a_split_header_is_refused(self) -> None:
        answer = self.failed("/bad_field", "(expected: no CR, LF or NUL)")
        self.assertIsNone(answer.head)

    def test_garbage_as_environ_fails_the_request_only(self) -> None:
        self.gateway.send(f.REQUEST, 3, 4, b"\xffabc", f.END)
        self.assertEqual("application exception", self.gateway.answer(3).failed)
        self.assertEqual(b"hello", self.get("/hello").body)

    def test_errors_and_prints_appear_at_once(self) -> None:
        self.get("/errors")
        self.assertTrue(self.logged("written to wsgi.errors: \u20ac"))
        self.assertTrue(harness.eventually(lambda: "printed to stdout: \u20ac" in self.server.output()))

    def test_close_is_called_when_the_gateway_has_gone(self) -> None:
        self.gateway.request(1, environ("/stream_forever"))
        self.gateway.frame()
        self.gateway.close()
        self.gateway = self.link()
        self.assertEqual("forever", self.closed())


class InputTest(WorkerCase):
    def streamed(self, path: str, parts: list, cut: bool = False) -> Answer:
        self.gateway.request(9, environ(path, "POST"), parts[0], whole=False)
        for part in parts[1:]:
            self.gateway.send(f.BODY, 9, 0, part)
        self.gateway.send(f.BODY, 9, 0, b"", f.END | (f.REFUSED if cut else 0))
        return self.gateway.answer(9)

    def test_a_whole_body_is_read(self) -> None:
        self.assertEqual(b"the body", self.get("/echo", "POST", b"the body").body)
        self.assertEqual(b"", self.get("/echo", "POST", b"").body)

    def test_sizes_lines_and_iteration(self) -> None:
        body = b"abcdef\nghi\njk\nlm\nno"
        wanted = repr([b"abc", b"def\n", b"gh", b"", b"i\n", b"jk\n", b"lm\n", b"no", b"", b"", b""]).encode()
        self.assertEqual(wanted, self.get("/sizes", "POST", body).body)
        parts = [body[:5], body[5:6], body[6:12], b"", body[12:]]
        self.assertEqual(wanted, self.streamed("/sizes", parts).body)

    def test_a_body_in_parts_is_read(self) -> None:
        parts = [os.urandom(size) for size in (10, 1, 65536, 3, 200_000)]
        self.assertEqual(b"".join(parts), self.streamed("/echo", parts).body)

    def test_a_frame_of_the_largest_size_is_read(self) -> None:
        part = os.urandom(f.MAX_PAYLOAD)
        self.assertEqual(part, self.streamed("/echo", [b"", part]).body)

    def test_reading_never_goes_into_the_next_request(self) -> None:
        self.gateway.request(1, environ("/echo", "POST"), b"first")
        self.gateway.request(2, environ("/echo", "POST"), b"sec", whole=False)
        self.gateway.request(3, environ("/echo", "POST"), b"third")
        self.gateway.send(f.BODY, 2, 0, b"ond", f.END)
        self.assertEqual([b"first", b"second", b"third"], [self.gateway.answer(id).body for id in (1, 2, 3)])

    def test_a_large_body_needs_little_memory(self) -> None:
        total = 200 << 20
        part = b"p" * (1 << 18)
        self.gateway.request(1, environ("/count", "POST"), b"", whole=False)
        for _ in range(total // len(part)):
            self.gateway.send(f.BODY, 1, 0, part)
        self.gateway.send(f.BODY, 1, 0, b"", f.END)
        counted, grown = map(int, self.gateway.answer(1).body.split())
        self.assertEqual(total, counted)
        self.assertLess(grown, 16 << 10, "KiB")

    def test_a_body_that_is_not_read_is_discarded(self) -> None:
        self.gateway.request(1, environ("/ignore_body", "POST"), b"some", whole=False)
        self.assertEqual(b"ignored", self.gateway.answer(1).body)
        self.gateway.send(f.BODY, 1, 0, b"more")
        self.gateway.send(f.BODY, 1, 0, b"", f.END | f.REFUSED)
        self.assertEqual(b"hello", self.get("/hello", id=2).body)

    def test_a_body_that_was_cut_off_raises_an_error(self) -> None:
        answer = self.streamed("/cut", [b"half"], cut=True)
        self.assertIn(b"BodyCut: the request's body was cut off", answer.body)


class FileTest(WorkerCase):
    def ask(self, path: str, method: str = "GET") -> f.Frame | None:
        """Returns FILE, with the head in ``self.answer``."""
        self.gateway.request(4, environ(path, method))
        self.answer = Answer()
        self.assertFalse(self.answer.add(self.gateway.frame()))
        frame = self.gateway.frame()
        self.assertEqual(f.FILE, frame.kind)
        return frame

    def taken(self, frame: f.Frame) -> bytes:
        """Reads the file as a gateway does."""
        offset, count = (int.from_bytes(frame.payload[i : i + 8], "little") for i in (0, 8))
        with open(f"/proc/{self.worker.pid}/fd/{frame.aux}", "rb") as file:
            self.gateway.send(f.FILE_TAKEN, 4)
            last = self.gateway.frame()
            self.assertEqual((f.DATA, f.END, b""), (last.kind, last.flags, last.payload))
            file.seek(offset)
            return file.read(count)

    def content(self) -> bytes:
        with open(os.path.join(self.scratch, "content"), "rb") as file:
            return file.read()

    def test_the_gateway_sends_a_regular_file_from_where_it_stands(self) -> None:
        self.assertEqual(self.taken(self.ask("/file")), self.content()[10:])

    def test_the_content_length_limits_a_file(self) -> None:
        self.assertEqual(self.taken(self.ask("/file_part")), self.content()[1000:201000])

    def test_a_temporary_file_is_flushed_before(self) -> None:
        self.assertEqual(self.taken(self.ask("/file_temporary")), b"t" * 99_950)

    def test_a_refused_file_is_streamed(self) -> None:
        self.ask("/file")
        self.gateway.send(f.FILE_TAKEN, 4, 0, b"", f.REFUSED)
        while not self.answer.add(self.gateway.frame()):
            pass
        self.assertEqual(self.answer.body, self.content()[10:])

    def test_a_small_file_goes_the_short_way(self) -> None:
        answer = self.get("/file_small")
        self.assertEqual(answer.body, self.content())

    def test_what_is_no_real_file_is_streamed(self) -> None:
        self.assertEqual(self.get("/file_gzip").body, b"z" * 200_000)
        self.assertEqual(self.get("/file_bytes").body, b"b" * 100_000)

    def test_a_file_below_its_content_length_fails(self) -> None:
        self.assertEqual("application exception", self.get("/file_short").failed)

    def test_head_of_a_file_sends_no_file(self) -> None:
        answer = self.get("/file", "HEAD")
        self.assertEqual(("200 OK", b""), (answer.status, answer.body))

    def test_a_gateway_that_goes_away_leaves_the_worker_usable(self) -> None:
        self.ask("/file")
        self.gateway.close()
        self.gateway = self.link()
        self.assertEqual(b"hello", self.get("/hello").body)


class EnvironTest(WorkerCase):
    threads = 2

    def environ(self, **more: str) -> str:
        return self.get("/environ", **more).body.decode()

    def test_what_the_worker_adds(self) -> None:
        text = self.environ()
        for line in (
            "wsgi.version=(1, 0)",
            "wsgi.url_scheme='http'",
            "wsgi.multithread=True",
            "wsgi.multiprocess=False",
            "wsgi.run_once=False",
            "wsgi.input_terminated=True",
            "juwsgi.request_id='rid-1'",
        ):
            self.assertIn(line + "\n", text)

    def test_the_scheme_is_what_the_gateway_says(self) -> None:
        self.assertIn("wsgi.url_scheme='https'\n", self.environ(HTTPS="on"))
        self.assertIn("wsgi.url_scheme='https'\n", self.environ(**{"wsgi.url_scheme": "https"}))
        self.assertIn("wsgi.url_scheme='http'\n", self.environ(HTTP_X_FORWARDED_PROTO="https"))

    def test_script_name_and_path_info_are_always_there(self) -> None:
        variables = environ("/environ")
        del variables["SCRIPT_NAME"]
        self.gateway.request(1, variables)
        self.assertIn("SCRIPT_NAME=''\n", self.gateway.answer(1).body.decode())

    def test_strings_hold_one_byte_a_char(self) -> None:
        self.assertIn(
            "HTTP_X='caf\\xc3\\xa9'",
            ascii(self.environ(HTTP_X="caf\xc3\xa9")).replace("\\\\", "\\").replace("\\'", "'"),
        )

    def test_core_0_runs_in_the_main_thread_and_threads_have_names(self) -> None:
        self.assertTrue(self.get("/name").body.startswith(b"uWSGIWorker1Core0 True "))
        self.gateway = self.link(1)
        answer = self.get("/name").body
        self.assertTrue(answer.startswith(b"uWSGIWorker1Core1 False "), answer)

    def test_children_of_the_application_are_its_own(self) -> None:
        self.assertEqual(b"7", self.get("/fork_child").body)


class ValidatorTest(WorkerCase):
    """wsgiref.validate around the application finds nothing to complain of."""

    module = "cases:validated"

    def test_validator_finds_nothing(self) -> None:
        for path, method, body in (
            ("/hello", "GET", b""),
            ("/list", "GET", b""),
            ("/late_start", "GET", b""),
            ("/echo_sized", "POST", b"some text"),
            ("/replaced", "GET", b""),
            ("/hello", "HEAD", b""),
        ):
            with self.subTest(path=path, method=method):
                variables = environ(path, method)
                variables["CONTENT_LENGTH"] = str(len(body))
                self.gateway.request(1, variables, body)
                answer = self.gateway.answer(1)
                self.assertIsNone(answer.failed, self.server.errors())
        self.assertEqual("", self.server.errors())


if __name__ == "__main__":
    unittest.main()
