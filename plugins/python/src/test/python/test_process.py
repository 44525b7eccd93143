"""What the process plane's options ask of a process: each test asks it of a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

from juwsgi_worker import process
from juwsgi_worker.autoreload import Sources
from juwsgi_worker.loader import LoadError

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(process.__file__)))


def run(code: str, *arguments: str) -> str:
    """Runs code that has the module as ``process`` and returns what it prints."""
    prelude = f"import os, sys\nsys.path.insert(0, {PACKAGE!r})\nfrom juwsgi_worker import process\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


class NameTest(unittest.TestCase):
    SHOW = """
        print(open("/proc/self/comm").read().strip())
        print(open("/proc/self/cmdline", "rb").read().replace(b"\\0", b" ").decode().strip())
    """

    def named(self, settings: str, role: str = "uWSGI worker 1") -> list[str]:
        # The name has no more room than the command line that is there.
        return run(f"process.name({settings}, {role!r})\n" + textwrap.dedent(self.SHOW), "x" * 200).splitlines()

    def test_a_name_is_what_ps_and_top_show(self) -> None:
        self.assertEqual(["uWSGI worker 1", "uWSGI worker 1"], self.named("{'auto_procname': True}"))

    def test_a_prefix_and_an_appendix_stand_around_it(self) -> None:
        settings = "{'procname_prefix': 'shop ', 'procname_append': ' (blue)'}"
        self.assertEqual(["shop uWSGI work", "shop uWSGI worker 1 (blue)"], self.named(settings))

    def test_procname_names_all_alike(self) -> None:
        self.assertEqual("shop", self.named("{'procname': 'shop'}")[1])

    def test_without_an_option_the_name_stays(self) -> None:
        self.assertTrue(self.named("{}")[-1].endswith("x" * 200))

    def test_a_name_is_cut_to_the_room_there_is(self) -> None:
        self.assertLess(len(self.named("{'procname': 'y' * 5000}")[1]), 4900)


class EnterTest(unittest.TestCase):
    def test_the_umask_is_octal(self) -> None:
        self.assertEqual("0o27", run("process.enter({'umask': '027'}, {}); print(oct(os.umask(0)))").split()[-1])

    def test_a_wrong_umask_is_named(self) -> None:
        with self.assertRaisesRegex(LoadError, r"umask: 9z \(expected: an octal number\)"):
            process.enter({"umask": "9z"}, {})

    def test_unknown_users_and_groups_are_named(self) -> None:
        with self.assertRaisesRegex(LoadError, "uid: no-such-user: there is no such user"):
            process.enter({"uid": "no-such-user"}, {})
        with self.assertRaisesRegex(LoadError, "gid: no-such-group: there is no such group"):
            process.enter({"gid": "no-such-group"}, {})

    def test_whoever_one_is_already_needs_nothing(self) -> None:
        process.enter({"uid": str(os.getuid()), "gid": str(os.getgid())}, {})

    def test_a_change_of_user_is_for_good_or_refused(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            control = os.path.join(directory, "control")
            open(control, "w").close()
            calls = os.path.join(directory, "calls")
            open(calls, "w").close()
            boot = f"{{'directory': {directory!r}, 'control': {control!r}, 'calls': {calls!r}}}"
            printed = run(f"""
                from juwsgi_worker.loader import LoadError
                try:
                    process.enter({{'uid': '65534', 'gid': '65534', 'add_gid': ['65533']}}, {boot})
                except LoadError as error:
                    print(error)
                else:
                    print(os.getresuid(), os.getresgid(), os.getgroups())
            """)
            if os.geteuid() == 0:
                self.assertIn("(65534, 65534, 65534) (65534, 65534, 65534) [65533]", printed)
                self.assertTrue(os.path.isdir(os.path.join(directory, "links-65534")))
            else:
                self.assertIn("uid, gid: cannot change", printed)


class AroundTest(unittest.TestCase):
    def test_the_second_directory_is_entered_when_all_is_loaded(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            printed = run(f"process.loaded({{'chdir2': {directory!r}}}); print(os.getcwd())")
            self.assertEqual(os.path.realpath(directory), printed.strip())

    def test_a_missing_second_directory_is_named(self) -> None:
        with self.assertRaisesRegex(LoadError, "chdir2: .*no/such"):
            process.loaded({"chdir2": "/no/such"})

    def test_workers_stand_beside_each_other_on_the_processors(self) -> None:
        there = sorted(os.sched_getaffinity(0))
        for worker in (1, 2, 3):
            printed = run(f"process.tie({{'cpu_affinity': 1}}, {worker}); print(os.sched_getaffinity(0))")
            self.assertEqual(f"{{{there[(worker - 1) % len(there)]}}}", printed.strip())

    def test_address_space_is_limited_in_megabytes(self) -> None:
        printed = run("process.limit({'limit_as': 4096})\nimport resource\nprint(resource.getrlimit(resource.RLIMIT_AS))")
        self.assertEqual(f"({4096 << 20}, {4096 << 20})", printed.strip())


class SourcesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "watched_module.py")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("x = 1\n")
        sys.path.insert(0, folder.name)
        self.addCleanup(sys.path.remove, folder.name)
        self.addCleanup(sys.modules.pop, "watched_module", None)

    def touch(self, seconds: int) -> None:
        os.utime(self.path, (seconds, seconds))

    def test_a_changed_file_is_told_once(self) -> None:
        __import__("watched_module")
        sources = Sources(())
        self.assertIsNone(sources.changed())
        self.touch(1_000_000)
        self.assertEqual(self.path, sources.changed())
        self.assertIsNone(sources.changed())

    def test_a_module_that_comes_later_is_only_noted(self) -> None:
        sources = Sources(())
        __import__("watched_module")
        self.assertIsNone(sources.changed())
        self.touch(1_000_000)
        self.assertEqual(self.path, sources.changed())

    def test_an_ignored_module_may_change(self) -> None:
        __import__("watched_module")
        sources = Sources(["watched_module"])
        self.touch(1_000_000)
        self.assertIsNone(sources.changed())

    def test_a_file_that_is_away_for_a_moment_is_no_change(self) -> None:
        __import__("watched_module")
        sources = Sources(())
        os.rename(self.path, self.path + "~")
        self.assertIsNone(sources.changed())
        os.rename(self.path + "~", self.path)
        self.assertIsNone(sources.changed())


if __name__ == "__main__":
    unittest.main()
