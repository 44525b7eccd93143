#!/usr/bin/python3
"""Measures a second client's latency while slowhttptest holds thousands of slow connections.

    bench/slow.py [--connections 4000] [--seconds 12] [--write]

Modes: slow heads (slowloris), slow bodies, slow readers, many ranges. Prints the latency without an attack and during each.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import statistics
import subprocess
import time

import compare
import idle

MODES = {
    "slow heads": ["-H", "-i", "2"],
    "slow bodies": ["-B", "-i", "2", "-s", "200000", "-t", "POST"],
    "slow readers": ["-X", "-w", "10", "-y", "20", "-z", "5"],
    "ranges": ["-R"],
}


def attack(mode: list[str], args: argparse.Namespace, port: int) -> tuple[list[float], str]:
    command = ["slowhttptest", "-c", str(args.connections), "-r", str(args.connections // 2), "-l", str(args.seconds),
               *mode, "-u", f"http://127.0.0.1:{port}/"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(4)
    times: list[float] = []
    try:
        while process.poll() is None and len(times) < 20_000:
            times += idle.latencies(port, 100)
    finally:
        process.kill()
        said = process.communicate()[0].decode("latin-1")
    states = [line for line in said.splitlines() if "connected:" in line or "closed:" in line]
    return times, " ".join(" ".join(states[-2:]).split())


def line(name: str, times: list[float]) -> str:
    cut = statistics.quantiles(times, n=100)
    return f"| {name} | {len(times)} | {statistics.median(times):.2f} | {cut[98]:.2f} | {max(times):.1f} |"


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
            times, _ = attack(mode, args, port)
            rows.append(line(name, times))
        memory = server.pss_megabytes()
    finally:
        server.stop()
    text = "\n".join([
        f"# {args.connections} slow connections, {datetime.date.today()}",
        "",
        "2 cores, Debian 12, JDK 25; slowhttptest and the second client on the same machine.",
        "",
        "| attack | requests of the second client, all answered | median ms | p99 ms | max ms |",
        "|---|---|---|---|---|",
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
