"""Actions at moments."""

from __future__ import annotations

import io
import os
import socket
import stat
import tempfile
import unittest
from contextlib import redirect_stdout

from juwsgi_worker import hooks
from juwsgi_worker.loader import LoadError


class HooksTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def do(self, *actions: str) -> None:
        hooks.run({"hooks": [("now", action) for action in actions]}, "now")

    def content(self, name: str) -> str:
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def test_only_what_belongs_to_the_moment_is_done_in_order(self) -> None:
        path = self.path("log")
        settings = {"hooks": [("now", f"append:{path} a"), ("later", f"append:{path} b"), ("now", f"append:{path} c")]}
        hooks.run(settings, "now")
        self.assertEqual("ac", self.content("log"))
        hooks.run({}, "now")

    def test_files_are_written_with_and_without_a_line_end(self) -> None:
        path = self.path("file")
        self.do(f"write:{path} one two", f"append:{path} !")
        self.assertEqual("one two!", self.content("file"))
        self.do(f"writen:{path} one", f"appendn:{path} two")
        self.assertEqual("one\ntwo\n", self.content("file"))
        self.do(f"create:{path}")
        self.assertEqual("", self.content("file"))
        self.do(f"unlink:{path}")
        self.assertFalse(os.path.exists(path))

    def test_directories_and_rights(self) -> None:
        path = self.path("folder")
        self.do(f"mkdir:{path}", f"chmod:{path} 711", f"chown:{path} {os.getuid()} {os.getgid()}")
        self.assertEqual(0o711, stat.S_IMODE(os.stat(path).st_mode))

    def test_variables_and_the_working_directory(self) -> None:
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        self.addCleanup(os.environ.pop, "FROM_A_HOOK", None)
        self.do("putenv:FROM_A_HOOK=a=b", f"cd:{self.folder}")
        self.assertEqual("a=b", os.environ["FROM_A_HOOK"])
        self.assertEqual(os.path.realpath(self.folder), os.getcwd())

    def test_commands_run_in_a_shell(self) -> None:
        self.do(f"exec:echo $((1 + 2)) > {self.path('sum')}")
        self.assertEqual("3\n", self.content("sum"))

    def test_a_command_that_fails_ends_the_start_unless_it_is_safe(self) -> None:
        with self.assertRaisesRegex(LoadError, "now: exec:exit 7: .*exit status 7"):
            self.do("exec:exit 7")
        self.do("safeexec:exit 7", f"create:{self.path('after')}")
        self.assertTrue(os.path.exists(self.path("after")))

    def test_lines_are_printed(self) -> None:
        with redirect_stdout(io.StringIO()) as out:
            self.do("print:one", "log:two")
        self.assertEqual("one\ntwo\n", out.getvalue())

    def test_what_is_there_is_not_waited_for(self) -> None:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(self.path("socket"))
            self.do(
                f"create:{self.path('file')}",
                f"wait_for_fs:{self.folder}",
                f"wait_for_dir:{self.folder} 1",
                f"wait_for_file:{self.path('file')}",
                f"wait_for_socket:{self.path('socket')}",
            )

    def test_what_never_comes_is_waited_for_no_longer_than_asked(self) -> None:
        for action in ("wait_for_fs", "wait_for_file", "wait_for_dir", "wait_for_socket"):
            with self.assertRaisesRegex(LoadError, f"now: {action}:.*: .*/none is not there"):
                self.do(f"{action}:{self.path('none')} 0.01")

    def test_mistakes_name_the_moment_and_what_was_expected(self) -> None:
        for action, text in (
            ("dance:now", r"hook-now: unknown action 'dance' \(expected: one of exec, safeexec"),
            ("putenv:NAME", "now: putenv:NAME: expected: NAME=VALUE"),
            (f"chmod:{self.folder} rwx", "now: chmod:"),
            ("chown:file", "now: chown:"),
            (f"mkdir:{self.folder}", "now: mkdir:"),
        ):
            with self.assertRaisesRegex(LoadError, text):
                self.do(action)


if __name__ == "__main__":
    unittest.main()
