"""The zygote: what it loads, how it says that it cannot, how it forks and how everything ends."""

from __future__ import annotations

import ast
import os
import signal
import sys
import time
import unittest
from typing import Any

import harness
from harness import APPS, Server, alive, eventually, f


def app(module: str | None = None, file: str | None = None, name: str | None = None, at: str = "") -> dict:
    return {"mountpoint": at, "module": module, "file": file, "callable": name}


class ZygoteCase(unittest.TestCase):
    def server(self, *apps: dict[str, Any], **boot: Any) -> Server:
        server = Server(apps=list(apps), **boot)
        self.addCleanup(server.close)
        return server

    def body(self, server: Server, path: str = "/", **more: str) -> str:
        """Starts a worker and returns its answer."""
        gateway = server.start()[0].link(0)
        self.addCleanup(gateway.close)
        answer = gateway.get(path, **more)
        self.assertIsNone(answer.failed, server.errors())
        return answer.body.decode()


class LoadTest(ZygoteCase):
    def test_the_ways_to_name_an_application(self) -> None:
        for named, expected in (
            (app("hello"), "Hello World\n"),
            (app("factories:app"), "app  /"),
            (app("factories", name="app"), "app  /"),
            (app("factories:make()"), "made  /"),
            (app("factories", name="make()"), "made  /"),
            (app("factories:Holder.deeper.app"), "deeper  /"),
            (app(file="hello.py"), "Hello World\n"),
            (app(file="factories.py", name="app"), "app  /"),
            (app(file=os.path.join(APPS, "hello.py")), "Hello World\n"),
        ):
            with self.subTest(named):
                self.assertEqual(expected, self.body(self.server(named)))

    def test_a_file_finds_the_modules_beside_it(self) -> None:
        text = self.body(self.server(app(file="elsewhere/plain.wsgi")))
        self.assertRegex(text, r"^helped uwsgi_file_\w+_elsewhere_plain_wsgi$")

    def test_an_application_that_was_found_may_have_any_usual_name(self) -> None:
        self.assertEqual("app  /", self.body(self.server(app(file="factories.py"), found=True)))
        self.assertEqual("Hello World\n", self.body(self.server(app(file="hello.py"), found=True)))

    def test_start_lines_are_those_of_uwsgi(self) -> None:
        server = self.server(app("hello"), app("factories:app", at="/more"))
        server.start()
        version = sys.version.replace("\n", "")
        self.assertIn(f"Python version: {version}\n", server.output())
        self.assertRegex(
            server.output(),
            r"WSGI app 0 \(mountpoint=''\) ready in 0 seconds on interpreter 0x[0-9a-f]+ pid: \d+ \(default app\)\n"
            r"WSGI app 1 \(mountpoint='/more'\) ready in 0 seconds on interpreter 0x[0-9a-f]+ pid: \d+\n",
        )


class MountTest(ZygoteCase):
    def test_the_longest_mount_below_script_name_or_the_default(self) -> None:
        server = self.server(app("hello"), app("factories:app", at="/a"), app("factories:make()", at="/a/b"))
        gateway = server.start()[0].link(0)
        for script, expected in (
            ("/a", b"app /a /x"),
            ("/a/c", b"app /a/c /x"),
            ("/a/b", b"made /a/b /x"),
            ("/ab", b"Hello World\n"),
            ("", b"Hello World\n"),
        ):
            self.assertEqual(expected, gateway.get("/x", SCRIPT_NAME=script).body)
        self.assertEqual(b"Hello World\n", gateway.get("/a/x").body, "only with manage-script-name")

    def test_manage_script_name_splits_the_path(self) -> None:
        server = self.server(app("factories:app", at="/a"), app("factories:make()", at="/a/b"), manage_script_name=True)
        gateway = server.start()[0].link(0)
        self.assertEqual(b"app /a /x", gateway.get("/a/x").body)
        self.assertEqual(b"app /a ", gateway.get("/a").body)
        self.assertEqual(b"made /a/b /", gateway.get("/a/b/").body)
        answer = gateway.get("/abc")
        self.assertEqual("no application is mounted at /abc", answer.failed)
        self.assertTrue(eventually(lambda: "GET /abc: no application is mounted at /abc" in server.errors()))


class BootFailureTest(ZygoteCase):
    def failure(self, *apps: dict[str, Any], code: int = 1, **boot: Any) -> str:
        server = self.server(*apps, **boot)
        frame = server.boot_frame()
        self.assertEqual((f.BOOT_FAILED, code), (frame.kind, frame.aux))
        self.assertEqual(code, server.zygote.wait(harness.DEADLINE))
        text = frame.payload.decode()
        self.assertNotIn("\n", text)
        self.stderr = server.errors()
        return text

    def test_one_line_says_what_is_missing(self) -> None:
        for named, expected in (
            (
                app("hello:nothing"),
                "module 'hello' has no attribute 'nothing' (it has 'application': name it with --callable)",
            ),
            (
                app("factories"),
                "module 'factories' has no attribute 'application' (it has 'app': name it with --callable)",
            ),
            (app("factories:Holder.no"), "'Holder' of module 'factories' has no attribute 'no'"),
            (app("factories:number"), "module 'factories': 'number' is not callable, it is of type int"),
            (app("factories:fails()"), "module 'factories': 'fails()' cannot be loaded: ValueError: the factory fails"),
            (app("nowhere"), f"module 'nowhere': no module named 'nowhere' for the interpreter {sys.executable}"),
            (
                app("broken"),
                f"module 'broken': no module named 'no_such_framework' for the interpreter {sys.executable}",
            ),
            (app("leaving"), "module 'leaving' cannot be loaded: SystemExit: no licence"),
            (app(file="gone.py"), f"file 'gone.py' does not exist in {APPS}"),
        ):
            with self.subTest(named):
                self.assertEqual(expected, self.failure(named))

    def test_syntax_errors_name_the_line(self) -> None:
        self.assertRegex(
            self.failure(app("syntax")), r"^module 'syntax' cannot be loaded: SyntaxError: .*syntax.py, line 1\)$"
        )
        self.assertEqual(1, self.stderr.count("def application(:"))

    def test_the_traceback_is_written_once(self) -> None:
        self.failure(app("broken"))
        self.assertEqual(1, self.stderr.count("Traceback"))
        self.assertNotIn("juwsgi_worker", self.stderr)

    def test_nothing_by_a_usual_name_was_found(self) -> None:
        text = self.failure(app(file="elsewhere/helper_beside.py"), found=True)
        self.assertEqual(
            "file 'elsewhere/helper_beside.py' has none of the attributes application, app, create_app(), make_app():"
            " name one with --callable",
            text,
        )

    def test_need_app_exits_with_22(self) -> None:
        self.failure(app("broken"), code=22, need_app=True)
        self.failure(code=22, need_app=True)

    def test_no_application_is_no_failure_without_need_app(self) -> None:
        server = self.server()
        frame = server.boot_frame()
        self.assertEqual((f.BOOTED, 0), (frame.kind, frame.aux))
        answer = server.spawn(1).link(0).get("/")
        self.assertEqual("no application is loaded", answer.failed)


class ProcessTest(ZygoteCase):
    def facts(self, **boot: Any) -> dict[str, Any]:
        self.running = self.server(app("facts"), **boot)
        facts: dict[str, Any] = ast.literal_eval(self.body(self.running))
        return facts

    def test_the_application_is_imported_once_before_the_fork(self) -> None:
        self.assertFalse(self.facts()["imported_here"])
        self.running.spawn(2)
        self.assertEqual(1, self.running.output().count("imported"))

    def test_lazy_apps_imports_in_each_worker(self) -> None:
        self.assertTrue(self.facts(lazy=True)["imported_here"])
        self.running.spawn(2)
        self.assertEqual(2, self.running.output().count("imported"))

    def test_a_lazy_worker_that_cannot_load_says_so(self) -> None:
        server = self.server(app("broken"), lazy=True)
        frame = server.boot_frame()
        self.assertEqual((f.BOOTED, 1), (frame.kind, frame.aux))
        assert server.peer is not None
        server.peer.send(f.SPAWN, 3)
        worker = server.accept()
        failed = worker.frame()
        spawned = server.peer.frame()
        self.assertEqual((f.WORKER_FAILED, 3, spawned.aux), (failed.kind, failed.id, failed.aux))
        self.assertIn(b"no module named 'no_such_framework'", failed.payload)
        self.assertEqual((3, spawned.aux, 1 << 8), server.exited())

    def test_a_worker_that_is_to_prints_into_a_pipe_of_its_own(self) -> None:
        server = self.server(app("broken"), lazy=True)
        server.boot_frame()
        assert server.peer is not None
        server.peer.send(f.SPAWN, 3, 1)
        server.accept().frame()
        spawned = server.peer.frame()
        end = int.from_bytes(spawned.payload, "little")
        server.exited()
        with open(f"/proc/{server.zygote.pid}/fd/{end}", "rb") as pipe:
            self.assertIn(b"no_such_framework", pipe.read())
        self.assertNotIn("no_such_framework", server.output() + server.errors())

    def test_directory_path_arguments_and_environment(self) -> None:
        os.environ["UNSET_ME"] = "x"
        self.addCleanup(os.environ.pop, "UNSET_ME")
        facts = self.facts(
            pythonpath=["/first", "relative", os.path.join(APPS, "else*")],
            argv=["one", "two"],
            env=[["ADDED", "gr\u00fc\u00df"], ["HOME", None]],
            virtualenv="/venv",
        )
        self.assertEqual(APPS, facts["cwd"])
        self.assertEqual(["uwsgi", "one", "two"], facts["argv"])
        self.assertEqual([os.path.join(APPS, "elsewhere"), "relative", "/first", APPS], facts["path"][:4])
        self.assertEqual(harness.SOURCES, facts["path"][-1])
        self.assertEqual({"ADDED": "gr\u00fc\u00df", "HOME": None, "VIRTUAL_ENV": "/venv"}, facts["env"])

    def test_workers_have_a_session_of_their_own_and_no_input(self) -> None:
        facts = self.facts()
        self.assertTrue(facts["session"])
        self.assertEqual("/dev/null", facts["stdin"])
        ignored = [s for s in signal.Signals if int(facts["signals"], 16) >> (s - 1) & 1]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGURG):
            self.assertNotIn(number, ignored)

    def test_signals_that_the_starter_ignores_reach_workers(self) -> None:
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_IGN))
        ignored = int(self.facts()["signals"], 16)
        self.assertEqual(0, ignored >> (signal.SIGHUP - 1) & 1)

    def test_flags_tell_the_truth(self) -> None:
        self.assertEqual((False, False), self.facts()["multi"])
        self.assertEqual((True, False), self.facts(threads=2)["multi"])
        self.assertEqual((False, True), self.facts(processes=2)["multi"])

    def test_a_worker_holds_no_connection_of_the_zygote(self) -> None:
        facts = self.facts()
        sockets = [fd for fd in facts["fds"] if fd.startswith("socket:")]
        self.assertLessEqual(len(sockets), 3, "master, listener, link")

    def test_threads_that_do_not_survive_the_fork_are_told_once(self) -> None:
        self.facts(env=[["WITH_THREAD", "1"]])
        self.running.spawn(2)
        self.assertEqual(1, self.running.errors().count("the application started 1 thread(s) when it was loaded"))


class LifeTest(ZygoteCase):
    def setUp(self) -> None:
        self.running = self.server(app("hello"))
        self.workers = self.running.start(3)

    def gone(self, pids: list[int], seconds: float) -> bool:
        return eventually(lambda: not any(alive(pid) for pid in pids), seconds)

    def test_a_worker_that_is_asked_to_end_tells_the_master_and_goes_on(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            os.kill(self.workers[1].pid, number)
            frame = self.workers[1].control.frame()
            self.assertEqual((f.LEAVING, 2, number), (frame.kind, frame.id, frame.aux))
        self.assertEqual(b"Hello World\n", self.workers[1].link(0).get().body)

    def test_a_zygote_is_ended_by_its_master_alone(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            os.kill(self.running.zygote.pid, number)
        self.assertEqual(b"Hello World\n", self.running.spawn(4).link(0).get().body)

    def test_what_the_application_forks_ends_as_any_process(self) -> None:
        running = self.server(app("signals"))
        answer = running.start()[0].link(0).get()
        self.assertEqual(b"killed by 15", answer.body, running.errors())

    def test_a_replacement_serves_after_a_kill(self) -> None:
        os.kill(self.workers[1].pid, signal.SIGKILL)
        self.assertEqual((2, self.workers[1].pid, 9), self.running.exited())
        self.assertEqual(b"Hello World\n", self.running.spawn(2).link(0).get().body)

    def test_many_that_die_at_once_are_all_reported(self) -> None:
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGKILL)
        self.assertEqual([1, 2, 3], sorted(self.running.exited()[0] for _ in self.workers))

    def test_kill_signals_one_worker(self) -> None:
        assert self.running.peer is not None
        self.running.peer.send(f.KILL, 3, signal.SIGUSR1)
        self.assertEqual((3, self.workers[2].pid, signal.SIGUSR1), self.running.exited())
        self.running.peer.send(f.KILL, 99, signal.SIGUSR1)
        self.assertTrue(alive(self.workers[0].pid))

    def test_quit_waits_for_the_last_child(self) -> None:
        assert self.running.peer is not None
        self.running.peer.send(f.QUIT)
        self.running.peer.send(f.SPAWN, 4)
        refused = self.running.peer.frame()
        self.assertEqual((f.SPAWNED, 4, f.REFUSED), (refused.kind, refused.id, refused.flags))
        for worker in self.workers:
            worker.control.send(f.STOP)
            self.assertEqual(0, self.running.exited()[2])
        self.assertEqual(0, self.running.zygote.wait(harness.DEADLINE))

    def test_the_master_that_goes_takes_every_process_with_it_within_a_second(self) -> None:
        pids = [self.running.zygote.pid, *(worker.pid for worker in self.workers)]
        for peer in self.running.peers:
            peer.close()
        start = time.monotonic()
        self.running.zygote.wait(harness.DEADLINE)
        self.assertTrue(self.gone(pids, harness.DEADLINE))
        self.assertLess(time.monotonic() - start, 1)

    def test_a_stopped_worker_dies_with_the_master_too(self) -> None:
        os.kill(self.workers[0].pid, signal.SIGSTOP)
        for peer in self.running.peers:
            peer.close()
        self.assertTrue(self.gone([worker.pid for worker in self.workers], harness.DEADLINE))

    def test_the_master_that_goes_ends_an_import_too(self) -> None:
        for lazy in (False, True):
            with self.subTest(lazy=lazy):
                server = self.server(app("endless"), lazy=lazy)
                server.peer = server.accept()
                self.assertEqual(f.ZYGOTE, server.peer.frame().kind)
                pids = [server.zygote.pid]
                if lazy:
                    self.assertEqual(f.BOOTED, server.peer.frame().kind)
                    server.peer.send(f.SPAWN, 1)
                    pids.append(server.peer.frame().aux)
                self.assertTrue(eventually(lambda: "importing" in server.output()))
                for peer in [*server.peers, server.accept()] if lazy else server.peers:
                    peer.close()
                server.zygote.wait(harness.DEADLINE)
                self.assertTrue(self.gone(pids, harness.DEADLINE))

    def test_garbage_from_the_master_ends_everything(self) -> None:
        assert self.running.peer is not None
        self.running.peer.sock.sendall(b"\xff" * 40)
        self.assertEqual(0, self.running.zygote.wait(harness.DEADLINE))
        self.assertTrue(self.gone([worker.pid for worker in self.workers], harness.DEADLINE))
        self.assertIn("bad frame from the master", self.running.errors())

    def test_an_interrupt_of_the_terminal_does_not_reach_the_processes(self) -> None:
        for pid in [self.running.zygote.pid, *(worker.pid for worker in self.workers)]:
            self.assertEqual(self.running.zygote.pid, os.getsid(pid))
        self.assertNotEqual(os.getsid(0), os.getsid(self.running.zygote.pid))


class FrameworkTest(ZygoteCase):
    """The distribution's Flask and Django, as the examples use them."""

    PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    EXAMPLES = os.path.abspath(os.path.join(harness.HERE, "..", "..", "..", "..", "..", "examples"))

    def example(self, name: str, found: dict[str, Any], **boot: Any) -> Server:
        return self.server(found, python=self.PYTHON, found=True, chdir=os.path.join(self.EXAMPLES, name), **boot)

    def test_flask(self) -> None:
        server = self.example("flask", app(file="app.py"))
        gateway = server.start()[0].link(0)
        answer = gateway.get("/")
        self.assertEqual(b"Hello from Flask\n", answer.body)
        self.assertEqual(1, len(answer.frames), "one frame, though its body is an iterator")
        self.assertEqual(b"0\n1\n2\n", gateway.get("/count?to=3").body)
        echoed = gateway.get("/echo", "POST", b"x" * 1000, CONTENT_LENGTH="1000", CONTENT_TYPE="text/plain")
        self.assertEqual(b"x" * 1000, echoed.body)
        self.assertTrue(gateway.get("/fail").status.startswith("500"))

    def test_django(self) -> None:
        server = self.example("django", app("mysite.wsgi"))
        gateway = server.start()[0].link(0)
        answer = gateway.get("/")
        self.assertEqual(b"Hello from Django\n", answer.body)
        self.assertEqual(1, len(answer.frames))
        admin = gateway.get("/admin/")
        self.assertEqual(("302 Found", "/admin/login/?next=/admin/"), (admin.status, dict(admin.fields)["Location"]))
        self.assertIn(b"csrfmiddlewaretoken", gateway.get("/admin/login/").body)


if __name__ == "__main__":
    unittest.main()
