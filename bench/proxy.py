#!/usr/bin/python3
"""Times gateways beside each other: juwsgi, nginx and HAProxy in front of the same back ends.

    bench/proxy.py [--rounds 3] [--seconds 4] [--connections 64] [--loops 1] [--only http,uwsgi,latency] [--write]

http: a back end (nginx) that answers 1 KB over kept connections. uwsgi: real uWSGI behind a Unix socket. latency: what a gateway adds
to the back end's own latency at 1,000 requests a second that come one by one. Prints a Markdown report and, with --write, puts it
into bench/results/.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import compare
from compare import ROOT, Load, Server, spread

BACK, UWSGI = 18100, 18101
GATES = {"juwsgi": 18110, "nginx": 18111, "haproxy": 18112}
NGINX = """
daemon off; pid {dir}/{name}.pid; error_log /dev/null; worker_processes {loops};
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {dir}/{name}-body; proxy_temp_path {dir}/{name}-proxy; fastcgi_temp_path {dir}/{name}-fcgi;
  scgi_temp_path {dir}/{name}-scgi; uwsgi_temp_path {dir}/{name}-uwsgi;
  {http}
}}
"""
HAPROXY = """
global
    nbthread {loops}
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    http-reuse always
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    server one 127.0.0.1:{back}
"""
APP = "def app(e, s):\n    s('200 OK', [('Content-Length', '1024')])\n    return [b'x' * 1024]\n"


def nginx(directory: pathlib.Path, name: str, http: str, loops: int = 1) -> list[str]:
    conf = directory / f"{name}.conf"
    conf.write_text(NGINX.format(dir=directory, name=name, http=http, loops=loops))
    return ["/usr/sbin/nginx", "-c", str(conf), "-p", str(directory)]


def juwsgi(server: str, *more: str) -> list[str]:
    return [str(ROOT / "juwsgi"), "--http", f"127.0.0.1:{GATES['juwsgi']}", "--disable-logging",
            f"--upstreams=name=a,keepalive=128,servers={server}", "--routes=name=a,upstream=a", *more]


def gates(directory: pathlib.Path, kind: str, loops: int) -> dict[str, list[str]]:
    port = GATES["nginx"]
    if kind == "uwsgi":
        uwsgi = f"upstream u {{ server unix:{directory}/uwsgi.sock; }} server {{ listen 127.0.0.1:{port};" \
                " location / { include /etc/nginx/uwsgi_params; uwsgi_pass u; } }"
        return {"juwsgi": juwsgi(f"uwsgi://{directory}/uwsgi.sock", f"--http-processes={loops}"),
                "nginx": nginx(directory, "gate", uwsgi, loops)}
    http = f"upstream u {{ server 127.0.0.1:{BACK}; keepalive 128; keepalive_requests 1000000000; }}" \
           f" server {{ listen 127.0.0.1:{port}; location / {{" \
           " proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://u; } }"
    haproxy = directory / "haproxy.cfg"
    haproxy.write_text(HAPROXY.format(port=GATES["haproxy"], back=BACK, loops=loops))
    return {"juwsgi": juwsgi(f"http://127.0.0.1:{BACK}", f"--http-processes={loops}"),
            "nginx": nginx(directory, "gate", http, loops),
            "haproxy": ["/usr/sbin/haproxy", "-db", "-f", str(haproxy)]}


# Each connection waits for 1 to 39 ms before each request, so that 20 of them make 1,000 requests a second that come one by one.
SPREAD = """
math.randomseed(7)
function delay() return math.random(1, 39) end
"""


class Latency:
    """Latencies at a fixed rate, in milliseconds."""

    def __init__(self, url: str, seconds: int, directory: pathlib.Path) -> None:
        script = directory / "spread.lua"
        script.write_text(SPREAD)
        load = Load(url, 20, seconds, "-s", str(script))
        self.p50, self.p99 = load.p50, load.p99


def throughput(args: argparse.Namespace, kind: str, directory: pathlib.Path) -> list[str]:
    figures: dict[str, list[Load]] = {}
    for _ in range(args.rounds):
        for name, command in gates(directory, kind, args.loops).items():
            server = Server(name, command, directory, directory / f"{name}.log")
            try:
                Load(server.url, args.connections, args.warm_up)
                load = Load(server.url, args.connections, args.seconds)
            finally:
                server.stop()
            figures.setdefault(name, []).append(load)
            print(f"{kind} {name}: {load.rate:,.0f} req/s, p99 {load.p99:.1f} ms, {load.errors} errors", file=sys.stderr)
    lines = [f"## {kind}", "", "| gateway | req/s | p50 ms | p99 ms | errors |", "|---|---|---|---|---|"]
    for name, loads in figures.items():
        lines.append(f"| {name} | {spread([o.rate for o in loads], 0)} | {spread([o.p50 for o in loads], 1)} | "
                     f"{spread([o.p99 for o in loads], 1)} | {sum(o.errors for o in loads)} |")
    lines += ["", "| juwsgi against | throughput ratio |", "|---|---|"]
    for name, loads in figures.items():
        if name != "juwsgi":
            ratios = [own.rate / other.rate for own, other in zip(figures["juwsgi"], loads)]
            lines.append(f"| {name} | {spread(ratios, 2)} |")
    return lines + [""]


def latency(args: argparse.Namespace, directory: pathlib.Path) -> list[str]:
    direct = [Latency(f"http://127.0.0.1:{BACK}/", args.seconds, directory) for _ in range(args.rounds)]
    base50, base99 = statistics.median(d.p50 for d in direct), statistics.median(d.p99 for d in direct)
    lines = ["## latency at 1,000 req/s", "", f"The back end alone: p50 {base50:.2f} ms, p99 {base99:.2f} ms.", "",
             "| gateway | adds to p50, ms | adds to p99, ms |", "|---|---|---|"]
    for name, command in gates(directory, "http", args.loops).items():
        server = Server(name, command, directory, directory / f"{name}.log")
        try:
            Load(server.url, args.connections, 4)
            taken = [Latency(server.url, args.seconds, directory) for _ in range(args.rounds)]
        finally:
            server.stop()
        lines.append(f"| {name} | {spread([t.p50 - base50 for t in taken], 2)} | "
                     f"{spread([t.p99 - base99 for t in taken], 2)} |")
        print(lines[-1], file=sys.stderr)
    return lines + [""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--warm-up", type=int, default=6)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--loops", type=int, default=1, help="worker processes or event loop threads of each gateway")
    parser.add_argument("--only", default="http,uwsgi,latency")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    compare.PORTS.update(GATES, back=BACK, uwsgi=UWSGI)
    now = datetime.datetime.now().strftime("%Y-%m-%d")
    lines = [f"# Proxying 1 KB, {args.connections} connections, {now}", "",
             f"{os.cpu_count()} processors, {platform.system()} {platform.release()}; wrk on the same machine; "
             f"{args.rounds} rounds of {args.seconds} s after {args.warm_up} s of warm-up, gateways alternating, {args.loops} worker "
             "process or thread each. "
             "Each cell: min / median / max.", ""]
    with tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        directory.chmod(0o755)
        (directory / "app.py").write_text(APP)
        answer = f'server {{ listen 127.0.0.1:{BACK}; location / {{ return 200 "{"x" * 1024}"; }} }}'
        back = Server("back", nginx(directory, "back", answer), directory, directory / "back.log")
        uwsgi = Server("uwsgi", ["uwsgi", "--plugins", "python3", "--socket", f"{directory}/uwsgi.sock",
                                 "--chmod-socket=666", "--http-socket", f"127.0.0.1:{UWSGI}", "--module", "app:app",
                                 "--master", "--processes", "2", "--disable-logging", "--listen", "1024"],
                       directory, directory / "uwsgi.log")
        try:
            for kind in args.only.split(","):
                lines += latency(args, directory) if kind == "latency" else throughput(args, kind, directory)
        finally:
            uwsgi.stop()
            back.stop()
    report = "\n".join(lines)
    print(report)
    if args.write:
        (ROOT / "bench" / "results" / f"{now}-proxy-{args.connections}{f'-loops-{args.loops}' if args.loops > 1 else ''}.md").write_text(report)


if __name__ == "__main__":
    main()
