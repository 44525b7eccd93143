#!/usr/bin/python3
"""Times HTTP caches beside each other: juwsgi, nginx proxy_cache and Varnish under wrk, alternating, several rounds.

    bench/cache.py [--rounds 3] [--seconds 4] [--parts hits,memory,collapse] [--only juwsgi,nginx,varnish] [--write]

hits: answers from the cache, 1 KB and 100 KB over 64 keep-alive connections, as many as each takes, then 1 KB at about 18,000 a
second, which each takes easily. memory: 100,000 entries of 1 KB in juwsgi.
collapse: 1,000 clients that miss the same page at a time. Prints a Markdown report, with --write into bench/results/.
The application behind all caches is the same one, served by juwsgi.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import pathlib
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from compare import Load, spread

ROOT = pathlib.Path(__file__).resolve().parent.parent
PORTS = {"juwsgi": 18011, "nginx": 18012, "varnish": 18013, "origin": 18014}
APP = """
import os, time
BODIES = {'1k': b'x' * 1024, '100k': b'x' * 102400}

def app(environ, start_response):
    name = environ['PATH_INFO'].rsplit('/', 1)[1]
    if name == 'slow':
        with open('calls', 'ab') as calls:
            calls.write(b'.')
        time.sleep(2)
    body = BODIES.get(name, BODIES['1k'])
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body))),
                              ('Cache-Control', 'max-age=3600'), ('ETag', '"1"')])
    return [body]
"""
NGINX = """
daemon off; pid {dir}/nginx.pid; error_log stderr; worker_processes {cpus};
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; keepalive_requests 10000000; open_file_cache max=1000;
  proxy_temp_path {dir}/temp; client_body_temp_path {dir}/b; fastcgi_temp_path {dir}/f; scgi_temp_path {dir}/s;
  uwsgi_temp_path {dir}/u;
  proxy_cache_path {dir}/cache keys_zone=c:32m max_size=1g inactive=1h;
  server {{ listen 127.0.0.1:{port}; proxy_cache c; proxy_cache_lock on;
    location / {{ proxy_pass http://127.0.0.1:{origin}; }} }}
}}
"""
# 64 connections that wait for 1 to 5 ms before each request.
CALM = "math.randomseed(7)\nfunction delay() return math.random(1, 5) end\n"
VARNISH = 'vcl 4.1; backend default {{ .host = "127.0.0.1"; .port = "{origin}"; }}'


def command(name: str, home: pathlib.Path, more: list[str]) -> list[str]:
    """The command line of each server."""
    listen = f"127.0.0.1:{PORTS[name]}"
    juwsgi = [str(ROOT / "juwsgi"), "--http", listen, "--wsgi-file", "app.py", "--callable", "app", "--processes", "2",
              "--python", "/usr/bin/python3", "--disable-logging", "--max-connections", "4096",
              "--max-connections-per-address", "4096"]
    if name == "nginx":
        (home / "nginx.conf").write_text(NGINX.format(dir=home, port=PORTS[name], origin=PORTS["origin"],
                                                      cpus=os.cpu_count()))
        return ["nginx", "-c", str(home / "nginx.conf"), "-p", str(home)]
    if name == "varnish":
        (home / "default.vcl").write_text(VARNISH.format(origin=PORTS["origin"]))
        return ["varnishd", "-F", "-j", "none", "-n", str(home / "varnish"), "-a", listen, "-f", str(home / "default.vcl"),
                "-s", "malloc,256m"]
    return juwsgi if name == "origin" else [*juwsgi, "--http-cache", "--http-cache-size", "160m", "--ctl-socket",
                                            str(home / "ctl.sock"), *more]


class Server:
    """One started server: a process tree in a session of its own."""

    def __init__(self, name: str, home: pathlib.Path, more: list[str] = [], heap: str = "256m") -> None:
        self.name, self.home = name, home / name
        self.home.mkdir(exist_ok=True)
        (self.home / "app.py").write_text(APP)
        with (self.home / "log").open("wb") as out:
            self.process = subprocess.Popen(command(name, self.home, more), cwd=self.home, stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL, start_new_session=True,
                                            env={**os.environ, "JUWSGI_HEAP": heap})
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(self.url("1k"), timeout=5).read()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise SystemExit(f"{name} did not answer: {(self.home / 'log').read_text()}")
                time.sleep(0.02)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{PORTS[self.name]}/{path}"

    def ctl(self, *words: str) -> str:
        return subprocess.run([str(ROOT / "juwsgi"), "ctl", "--ctl-socket", str(self.home / "ctl.sock"), *words],
                              check=True, capture_output=True, text=True).stdout

    def rss_megabytes(self) -> float:
        """Proportional memory of the server's first process alone: workers hold no cache."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
        return 0

    def live_megabytes(self) -> float:
        """What is alive in the heap, by the JDK's own tool."""
        jcmd = pathlib.Path(f"/proc/{self.process.pid}/exe").resolve().with_name("jcmd")
        said = subprocess.run([jcmd, str(self.process.pid), "GC.class_histogram"], check=True, capture_output=True, text=True)
        return int(said.stdout.splitlines()[-1].split()[2]) / 2**20

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM if self.name in ("nginx", "varnish") else signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def hits(args: argparse.Namespace, names: list[str], home: pathlib.Path) -> list[str]:
    figures = {(n, p): [] for n in names for p in ("1k", "100k", "1k, calm")}
    calm = home / "calm.lua"
    calm.write_text(CALM)
    origin = Server("origin", home)
    servers = [Server(name, home, args.juwsgi_option) for name in names]
    try:
        for server in servers:
            Load(server.url("1k"), 64, args.warm_up)
            Load(server.url("100k"), 64, args.warm_up)
        for number in range(args.rounds):
            for path in ("1k", "100k", "1k, calm"):
                for server in servers:
                    script = ["-s", str(calm)] if path.endswith("calm") else []
                    load = Load(server.url(path.split(",")[0]), 64, args.seconds, *script)
                    figures[server.name, path].append(load)
                    print(f"round {number + 1} {path} {server.name}: {load.rate:,.0f}/s p50 {load.p50:.2f} "
                          f"p99 {load.p99:.2f} errors {load.errors}", file=sys.stderr)
    finally:
        for server in (*servers, origin):
            server.stop()
    lines = ["## Hits", "", f"64 connections, {args.rounds} rounds of {args.seconds} s, servers alternating; each cell: "
             "min / median / max.", "", "| | server | hits/s | p50 ms | p99 ms | p99/p50 | errors | juwsgi against it |",
             "|---|---|---|---|---|---|---|---|"]
    for path in ("1k", "100k", "1k, calm"):
        for name in names:
            loads = figures[name, path]
            own = figures["juwsgi", path] if "juwsgi" in names else loads
            ratio = [a.rate / b.rate for a, b in zip(own, loads)]
            lines.append(
                f"| {path} | {name} | {spread([l.rate for l in loads], 0)} | {spread([l.p50 for l in loads], 2)} | "
                f"{spread([l.p99 for l in loads], 2)} | {spread([l.p99 / l.p50 for l in loads], 1)} | "
                f"{sum(l.errors for l in loads)} | {spread(ratio, 2)} |")
    return lines


def memory(args: argparse.Namespace, home: pathlib.Path) -> list[str]:
    server = Server("juwsgi", home, args.juwsgi_option, heap="256m")
    script = home / "fill.lua"
    script.write_text("""
        local n = 0
        request = function() n = n + 1; return wrk.format("GET", "/" .. (n % 100000) .. "/1k") end
    """)
    try:
        before, live = server.rss_megabytes(), server.live_megabytes()
        deadline = time.monotonic() + 45
        while True:
            subprocess.run(["wrk", "-t1", "-c16", "-d5s", "-s", str(script), server.url("")], check=True,
                           capture_output=True)
            stats = server.ctl("cache", "stats")
            values = dict(line.split(": ", 1) for line in stats.splitlines() if ": " in line)
            if int(values["entries"].replace(",", "")) >= 100_000 or time.monotonic() > deadline:
                break
        after, held = server.rss_megabytes(), server.live_megabytes()
    finally:
        server.stop()
    return ["", "## Memory", "", f"{values['entries']} entries of 1 KB, counted as {int(values['bytes']) / 2**20:.0f} MB by the "
            f"cache, {values['evicted']} evicted. Alive in the heap: {live:.0f} MB before, {held:.0f} MB after; the server's process "
            f"{before:.0f} MB before, {after:.0f} MB after (PSS; heap limit 256 MB, of which some is free or garbage)."]


async def misses(port: int, count: int) -> int:
    """Opens all connections, then sends one request on each; returns how many answers were whole."""
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    for _, writer in pairs:
        writer.write(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answers = await asyncio.gather(*(reader.read() for reader, _ in pairs))
    for _, writer in pairs:
        writer.close()
    return sum(answer.endswith(b"x" * 1024) and b" 200 " in answer[:20] for answer in answers)


def collapse(args: argparse.Namespace, home: pathlib.Path) -> list[str]:
    server = Server("juwsgi", home, args.juwsgi_option)
    try:
        whole = asyncio.run(misses(PORTS["juwsgi"], 1000))
        calls = (server.home / "calls").stat().st_size
    finally:
        server.stop()
    return ["", "## Collapsing", "", f"1,000 simultaneous misses of a page that takes 2 s: {calls} request to the application, "
            f"{whole} whole answers."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--parts", default="hits,memory,collapse")
    parser.add_argument("--only", default="juwsgi,nginx,varnish")
    parser.add_argument("--juwsgi-option", action="append", default=[], help="one more argument for juwsgi")
    parser.add_argument("--write", action="store_true", help="write the report into bench/results/")
    args = parser.parse_args()
    day = datetime.datetime.now().strftime("%Y-%m-%d")
    lines = [f"# HTTP caches, {day}", "", f"{os.cpu_count()} processors, {platform.system()} {platform.release()}; wrk on the "
             "same machine.", ""]
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        home.chmod(0o755)
        if "hits" in args.parts:
            lines += hits(args, args.only.split(","), home)
        if "memory" in args.parts:
            lines += memory(args, home)
        if "collapse" in args.parts:
            lines += collapse(args, home)
    text = "\n".join(lines) + "\n"
    print(text)
    if args.write:
        (ROOT / "bench" / "results" / f"{day}-http-cache.md").write_text(text)


if __name__ == "__main__":
    main()
