#!/usr/bin/python3
"""Times static files beside nginx: both under wrk over HTTP/1.1 keep-alive, alternating, several rounds.

    bench/static.py [--rounds 5] [--seconds 4] [--connections 64] [--sizes 1,100]

Prints a Markdown report with min/median/max and, for each round, the ratio to nginx, and with --write writes it into
bench/results/. nginx has one worker a processor and sendfile on; neither server writes a log of requests.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import signal
import subprocess
import sys
import tempfile
import time

from compare import ROOT, Load, spread

PORTS = {"juwsgi": 18011, "nginx": 18012}
NGINX = """
worker_processes auto;
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport;
        root {files};
    }}
}}
"""


def commands(directory: pathlib.Path, files: pathlib.Path, extra: list[str]) -> dict[str, list[str]]:
    config = directory / "nginx.conf"
    config.write_text(NGINX.format(directory=directory, files=files, port=PORTS["nginx"]))
    return {
        "juwsgi": [str(ROOT / "juwsgi"), "--http", f"127.0.0.1:{PORTS['juwsgi']}", "--check-static", str(files),
                   "--disable-logging", *extra],
        "nginx": ["nginx", "-c", str(config), "-p", str(directory)],
    }


class Server:
    """One started server."""

    def __init__(self, name: str, command: list[str], directory: pathlib.Path) -> None:
        self.name = name
        with (directory / f"{name}.log").open("wb") as out:
            self.process = subprocess.Popen(command, cwd=directory, stdout=out, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL, start_new_session=True)

    def url(self, size: int) -> str:
        return f"http://127.0.0.1:{PORTS[self.name]}/{size}k.bin"

    def ready(self, size: int) -> None:
        """Waits until the whole file comes."""
        for _ in range(2000):
            got = subprocess.run(["curl", "-s", "-m5", self.url(size)], capture_output=True).stdout
            if len(got) == size * 1024:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise SystemExit(f"{self.name} did not answer: exit code {self.process.poll()}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def measure(args: argparse.Namespace, size: int, directory: pathlib.Path, files: pathlib.Path) -> dict[str, list[Load]]:
    lines = commands(directory, files, args.juwsgi_option)
    loads: dict[str, list[Load]] = {name: [] for name in lines}
    servers = {name: Server(name, line, directory) for name, line in lines.items()}
    try:
        for server in servers.values():
            server.ready(size)
            Load(server.url(size), args.connections, args.warm_up)
        for number in range(args.rounds):
            for name, server in servers.items():
                load = Load(server.url(size), args.connections, args.seconds)
                loads[name].append(load)
                print(f"{size} KB, round {number + 1}, {name}: {load.rate:,.0f} req/s, p99 {load.p99:.1f} ms, "
                      f"{load.errors} errors", file=sys.stderr)
    finally:
        for server in servers.values():
            server.stop()
    return loads


def report(args: argparse.Namespace, results: dict[int, dict[str, list[Load]]]) -> str:
    now = datetime.datetime.now().strftime("%Y-%m-%d")
    lines = [
        f"# Static files: {args.connections} keep-alive connections, {now}",
        "",
        f"{os.cpu_count()} processors, {platform.system()} {platform.release()}; wrk on the same machine, one thread; "
        f"{args.rounds} rounds of {args.seconds} s after {args.warm_up} s of warm-up, servers alternating; nginx with one "
        "worker a processor and sendfile. Each cell: min / median / max.",
        "",
        "| file | server | req/s | p50 ms | p99 ms | errors | throughput against nginx |",
        "|---|---|---|---|---|---|---|",
    ]
    for size, loads in results.items():
        ratio = [a.rate / b.rate for a, b in zip(loads["juwsgi"], loads["nginx"])]
        for name, row in loads.items():
            lines.append(f"| {size} KB | {name} | {spread([r.rate for r in row], 0)} | {spread([r.p50 for r in row], 1)} | "
                         f"{spread([r.p99 for r in row], 1)} | {sum(r.errors for r in row)} | "
                         f"{spread(ratio, 2) if name == 'juwsgi' else '1'} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--warm-up", type=int, default=8)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--sizes", default="1,100", help="sizes of files in KB")
    parser.add_argument("--juwsgi-option", action="append", default=[], help="one more argument for juwsgi")
    parser.add_argument("--write", action="store_true", help="write the report into bench/results/")
    args = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        # nginx's workers are another user.
        directory.chmod(0o755)
        files = directory / "files"
        files.mkdir()
        for size in map(int, args.sizes.split(",")):
            file = files / f"{size}k.bin"
            file.write_bytes(os.urandom(size * 1024))
            # As if it had been there for long: what was just changed is not kept in memory.
            os.utime(file, (time.time() - 3600, time.time() - 3600))
            results[size] = measure(args, size, directory, files)
    text = report(args, results)
    print(text)
    if args.write:
        day = datetime.datetime.now().strftime("%Y-%m-%d")
        (ROOT / "bench" / "results" / f"{day}-static-{args.connections}.md").write_text(text)


if __name__ == "__main__":
    main()
