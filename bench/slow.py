#!/usr/bin/python3
"""Measures a second client's latency while slowhttptest holds thousands of slow connections.

    bench/slow.py [--connections 4000] [--seconds 12] [--write]

Modes: slow heads (slowloris), slow bodies, slow readers, many ranges. Prints the latency without an attack and during each.
"""

from __future__ import annotations

import argparse
import collections
import csv
import dataclasses
import datetime
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time

import compare
import idle

MODES = {
    "slow heads": ["-H", "-i", "2"],
    "slow bodies": ["-B", "-i", "2", "-s", "200000", "-t", "POST"],
    "slow readers": ["-X", "-w", "10", "-y", "20", "-z", "5"],
    "ranges": ["-R"],
}


@dataclasses.dataclass
class Attack:
    """What a mode did, over all its runs: one ends early when the server has answered or closed every connection."""

    times: list[float]
    most: int = 0
    closed: int = 0
    ends: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def run(self, mode: list[str], args: argparse.Namespace, port: int, until: float) -> None:
        with tempfile.TemporaryDirectory() as folder:
            command = ["slowhttptest", "-c", str(args.connections), "-r", str(args.connections // 2), "-p", "3",
                       "-l", str(max(1, round(until - time.monotonic()))), "-g", "-o", f"{folder}/a",
                       *mode, "-u", f"http://127.0.0.1:{port}/"]
            with open(f"{folder}/said", "w+", encoding="latin-1") as said:
                process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
                try:
                    while process.poll() is None:
                        self.times += idle.latencies(port, 50)
                finally:
                    process.kill()
                    process.wait()
                said.seek(0)
                # With the colours of a terminal.
                end = re.search(r"Exit status:(?:\s|\x1b\[[\d;]*m)*([\w ]+)", said.read())
            self._count(pathlib.Path(f"{folder}/a.csv"))
        self.ends[end.group(1).strip() if end else f"code {process.returncode}"] += 1

    def _count(self, file: pathlib.Path) -> None:
        rows = list(csv.DictReader(file.open())) if file.exists() else []
        self.most = max([self.most, *(int(row["Connected"]) for row in rows)])
        self.closed += max((int(row["Closed"]) for row in rows), default=0)


def attack(mode: list[str], args: argparse.Namespace, port: int) -> Attack:
    made = Attack([])
    until = time.monotonic() + args.seconds
    while time.monotonic() < until:
        made.run(mode, args, port, until)
    return made


def line(name: str, times: list[float], done: Attack | None = None) -> str:
    cut = statistics.quantiles(times, n=100)
    ends = ", ".join(f"{count}x {end}" for end, count in done.ends.items()) if done else ""
    seen = f"{done.most} | {done.closed} | {ends}" if done else "- | - | -"
    return f"| {name} | {len(times)} | {statistics.median(times):.2f} | {cut[98]:.2f} | {max(times):.1f} | {seen} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=4000)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    port = compare.PORTS["juwsgi"]
    log = compare.ROOT / "bench" / "target" / "slow.log"
    log.parent.mkdir(exist_ok=True)
    server = compare.Server("juwsgi", compare.commands(compare.APPS["hello"], [])["juwsgi"], compare.APPS["hello"], log)
    try:
        idle.latencies(port, 2000)
        rows = [line("none", idle.latencies(port, 2000))]
        for name, mode in MODES.items():
            done = attack(mode, args, port)
            rows.append(line(name, done.times, done))
        memory = server.pss_megabytes()
    finally:
        server.stop()
    text = "\n".join([
        f"# {args.connections} slow connections, {datetime.date.today()}",
        "",
        "2 cores, Debian 12, JDK 25; slowhttptest and the second client on the same machine.",
        "",
        "| attack | requests of the second client, all answered | median ms | p99 ms | max ms | most open at once "
        "| ended by the server | slowhttptest ended |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"PSS of all processes at the end: {memory:.0f} MB.",
        "",
    ])
    print(text)
    if args.write:
        (compare.ROOT / "bench" / "results" / f"{datetime.date.today()}-slow-{args.connections}.md").write_text(text)


if __name__ == "__main__":
    main()
