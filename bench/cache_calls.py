#!/usr/bin/python3
"""What a call from Python costs: uwsgi.cache_get and cache_set of 100 bytes in juwsgi beside real uWSGI, alternating.

    bench/cache_calls.py [--rounds 7] [--calls 20000] [--write]

One worker with one thread measures itself within a request. uWSGI's caches are memory that its workers share; juwsgi's are in the
gateway. Prints a Markdown report; with --write also into bench/results/.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import platform
import statistics
import tempfile
import urllib.request

from compare import PORTS, PYTHON, ROOT, Server

APP = """
import json, time, urllib.parse
import uwsgi

def app(environ, start_response):
    start_response('200 OK', [])
    count = int(environ['QUERY_STRING'] or 0)
    results = {}
    if count:
        uwsgi.cache_update('key', b'v' * 100)
        for name, call in (('cache_get', lambda: uwsgi.cache_get('key')),
                           ('cache_update', lambda: uwsgi.cache_update('key', b'w' * 100)),
                           ('cache_inc', lambda: uwsgi.cache_inc('number'))):
            each = []
            for _ in range(count):
                begin = time.perf_counter_ns()
                call()
                each.append(time.perf_counter_ns() - begin)
            each.sort()
            results[name] = [each[count // 2] / 1000, each[count * 99 // 100] / 1000, sum(each) / count / 1000]
    return [json.dumps(results).encode()]
"""

COMMANDS = {
    "juwsgi": [str(ROOT / "juwsgi"), "--http", f"127.0.0.1:{PORTS['juwsgi']}", "--wsgi-file", "app.py", "--callable", "app",
               "--python", PYTHON, "--disable-logging", "--cache2", "name=c,items=1000"],
    "uwsgi": ["uwsgi", "--plugins", "python3", "--http-socket", f"127.0.0.1:{PORTS['uwsgi']}", "--wsgi-file", "app.py",
              "--callable", "app", "--master", "--disable-logging", "--cache2", "name=c,items=1000"],
}


def measure(server: Server, calls: int) -> dict[str, list[float]]:
    with urllib.request.urlopen(f"{server.url}?{calls}", timeout=120) as answer:
        result: dict[str, list[float]] = json.load(answer)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=20000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    medians: dict[str, dict[str, list[float]]] = {name: {} for name in COMMANDS}
    tails: dict[str, dict[str, list[float]]] = {name: {} for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        directory = pathlib.Path(folder)
        (directory / "app.py").write_text(APP)
        servers = [Server(name, command, directory, directory / f"{name}.log") for name, command in COMMANDS.items()]
        try:
            for server in servers:
                measure(server, options.calls)
            for _ in range(options.rounds):
                for server in servers:
                    for function, (median, tail, _) in measure(server, options.calls).items():
                        medians[server.name].setdefault(function, []).append(median)
                        tails[server.name].setdefault(function, []).append(tail)
        finally:
            for server in servers:
                server.stop()
    report(options, medians, tails)


def report(options: argparse.Namespace, medians: dict[str, dict[str, list[float]]],
           tails: dict[str, dict[str, list[float]]]) -> None:
    today = datetime.date.today()
    lines = [
        f"# Calls of caches from Python, {today}",
        "",
        f"{platform.machine()}, 2 cores, CPython {platform.python_version()}; {options.rounds} rounds of {options.calls} calls,"
        " values of 100 bytes, one thread; microseconds a call.",
        "",
        "| function | server | median of a round: min / median / max | p99 of a round: median |",
        "|---|---|---|---|",
    ]
    for function in medians["juwsgi"]:
        for name in COMMANDS:
            each = medians[name][function]
            lines.append(
                f"| `{function}` | {name} | {min(each):.1f} / {statistics.median(each):.1f} / {max(each):.1f}"
                f" | {statistics.median(tails[name][function]):.1f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (ROOT / "bench" / "results" / f"{today}-cache-calls.md").write_text(text)


if __name__ == "__main__":
    main()
