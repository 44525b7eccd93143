#!/usr/bin/python3
"""Times whole servers beside each other: juwsgi, uWSGI, Gunicorn and Waitress under wrk, alternating, several rounds.

    bench/compare.py [--rounds 5] [--seconds 6] [--connections 64] [--app hello|flask] [--only juwsgi,uwsgi]

Prints a Markdown report with min/median/max and, for each round, the ratio to each peer, and writes it into
bench/results/. All servers run the same application with 4 processes x 2 threads (Waitress: 8 threads), request logs off.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
APPS = {"hello": ROOT / "examples" / "hello", "flask": ROOT / "examples" / "flask"}
PORTS = {"juwsgi": 18001, "uwsgi": 18002, "gunicorn": 18003, "waitress": 18004}


def commands(app: pathlib.Path, extra: list[str]) -> dict[str, list[str]]:
    """The command line of each server; every one is the usual way to start it for this application."""
    address = {name: f"127.0.0.1:{port}" for name, port in PORTS.items()}
    return {
        "juwsgi": [str(ROOT / "juwsgi"), "--http", address["juwsgi"], "--wsgi-file", "app.py", "--callable", "app",
                   "--processes", "4", "--threads", "2", "--python", PYTHON, "--disable-logging", *extra],
        "uwsgi": ["uwsgi", "--plugins", "http,python3", "--http", address["uwsgi"], "--http-keepalive=75",
                  "--wsgi-file", "app.py", "--callable", "app", "--master", "--processes", "4", "--threads", "2",
                  "--disable-logging", "--listen", "1024"],
        "gunicorn": ["gunicorn", "-k", "gthread", "-w", "4", "--threads", "2", "--keep-alive", "75",
                     "-b", address["gunicorn"], "app:app"],
        "waitress": ["waitress-serve", "--threads=8", f"--listen={address['waitress']}", "app:app"],
    }


class Server:
    """One started server: a process tree in a session of its own."""

    def __init__(self, name: str, command: list[str], directory: pathlib.Path, log: pathlib.Path) -> None:
        self.name = name
        started = time.monotonic()
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, cwd=directory, stdout=out, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL, start_new_session=True)
        self.first_answer = self._first_answer(started)

    def _first_answer(self, started: float) -> float:
        while time.monotonic() - started < 60:
            try:
                with urllib.request.urlopen(self.url, timeout=5) as answer:
                    answer.read()
                return time.monotonic() - started
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.005)
        raise SystemExit(f"{self.name} did not answer: exit code {self.process.poll()}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{PORTS[self.name]}/"

    def pss_megabytes(self) -> float:
        """Proportional memory of the whole tree."""
        total = 0
        for pid in self._tree():
            try:
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
            total += int(found.group(1)) if found else 0
        return total / 1024

    def _tree(self) -> list[int]:
        parents: dict[int, int] = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.parent.name)] = int(fields[1])
        tree = [self.process.pid]
        for pid in tree:
            tree.extend(child for child, parent in parents.items() if parent == pid)
        return tree

    def stop(self) -> None:
        pids = self._tree()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            self.process.wait()


class Load:
    """The result of one wrk run."""

    def __init__(self, url: str, connections: int, seconds: int, *more: str) -> None:
        text = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *more, url],
                              check=True, capture_output=True, text=True).stdout
        self.rate = float(self._find(r"Requests/sec:\s+([\d.]+)", text))
        self.p50 = self._millis(self._find(r"(?m)^\s+50%\s+(\S+)", text))
        self.p99 = self._millis(self._find(r"(?m)^\s+99%\s+(\S+)", text))
        errors = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
        self.errors = int(errors.group(1)) if errors else 0
        self.errors += sum(map(int, sockets.groups())) if sockets else 0

    @staticmethod
    def _find(pattern: str, text: str) -> str:
        found = re.search(pattern, text)
        if not found:
            raise SystemExit(f"wrk printed no {pattern}:\n{text}")
        return found.group(1)

    @staticmethod
    def _millis(text: str) -> float:
        number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
        return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def spread(values: list[float], digits: int) -> str:
    """min / median / max."""
    return " / ".join(f"{v:,.{digits}f}" for v in (min(values), statistics.median(values), max(values)))


def measure(args: argparse.Namespace, names: list[str], logs: pathlib.Path) -> dict[str, dict[str, list[float]]]:
    figures = {n: {k: [] for k in ("rate", "p50", "p99", "errors", "pss", "start")} for n in names}
    lines = commands(APPS[args.app], args.juwsgi_option)
    for round_number in range(args.rounds):
        for name in names:
            server = Server(name, lines[name], APPS[args.app], logs / f"{name}.log")
            try:
                Load(server.url, args.connections, args.warm_up)
                load = Load(server.url, args.connections, args.seconds)
                pss = server.pss_megabytes()
            finally:
                server.stop()
            row = figures[name]
            for key, value in (("rate", load.rate), ("p50", load.p50), ("p99", load.p99), ("errors", load.errors),
                               ("pss", pss), ("start", server.first_answer * 1000)):
                row[key].append(value)
            print(f"round {round_number + 1} {name}: {load.rate:,.0f} req/s, p99 {load.p99:.1f} ms, "
                  f"{load.errors} errors, {pss:.0f} MB, first answer {server.first_answer * 1000:.0f} ms",
                  file=sys.stderr)
    return figures


def report(args: argparse.Namespace, names: list[str], figures: dict[str, dict[str, list[float]]]) -> str:
    now = datetime.datetime.now().strftime("%Y-%m-%d")
    lines = [
        f"# {args.app}: {args.connections} keep-alive connections, {now}",
        "",
        f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}; wrk on "
        f"the same machine; {args.rounds} rounds of {args.seconds} s after {args.warm_up} s of warm-up, servers "
        "alternating. Each cell: min / median / max.",
        "",
        "| server | req/s | p50 ms | p99 ms | errors | PSS MB, all processes | first answer ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names:
        row = figures[name]
        lines.append(f"| {name} | {spread(row['rate'], 0)} | {spread(row['p50'], 1)} | {spread(row['p99'], 1)} | "
                     f"{sum(row['errors']):.0f} | {spread(row['pss'], 0)} | {spread(row['start'], 0)} |")
    if "juwsgi" in names:
        lines += ["", "| juwsgi against | throughput ratio | p99 ratio |", "|---|---|---|"]
        for name in names:
            if name != "juwsgi":
                rate = [a / b for a, b in zip(figures["juwsgi"]["rate"], figures[name]["rate"])]
                p99 = [a / b for a, b in zip(figures["juwsgi"]["p99"], figures[name]["p99"])]
                lines.append(f"| {name} | {spread(rate, 2)} | {spread(p99, 2)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--app", choices=sorted(APPS), default="hello")
    parser.add_argument("--only", default=",".join(PORTS))
    parser.add_argument("--juwsgi-option", action="append", default=[], help="one more argument for juwsgi")
    parser.add_argument("--write", action="store_true", help="write the report into bench/results/")
    args = parser.parse_args()
    names = args.only.split(",")
    logs = ROOT / "bench" / "target"
    logs.mkdir(exist_ok=True)
    text = report(args, names, measure(args, names, logs))
    print(text)
    if args.write:
        day = datetime.datetime.now().strftime("%Y-%m-%d")
        (ROOT / "bench" / "results" / f"{day}-{args.app}-{args.connections}.md").write_text(text)


if __name__ == "__main__":
    main()
