#!/usr/bin/python3
"""Holds many idle keep-alive connections to juwsgi and asks over a further one meanwhile.

    bench/idle.py [--connections 10000] [--write]

Prints whether every connection still answers at the end, the latency of the busy connection before and during, and the
memory of all processes before and during.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import resource
import socket
import statistics
import time

import compare

REQUEST = b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n"


def ask(connection: socket.socket) -> bool:
    """Sends a request and reads the answer's head and body; true for a 200."""
    connection.sendall(REQUEST)
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            return False
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(4096)
    return head.startswith(b"HTTP/1.1 200")


def latencies(port: int, count: int) -> list[float]:
    client = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for _ in range(count):
        started = time.perf_counter()
        client.request("GET", "/")
        client.getresponse().read()
        times.append((time.perf_counter() - started) * 1000)
    client.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    port = compare.PORTS["juwsgi"]
    command = compare.commands(compare.APPS["hello"], ["--http-keepalive=600"])["juwsgi"]
    log = compare.ROOT / "bench" / "target" / "idle.log"
    log.parent.mkdir(exist_ok=True)
    server = compare.Server("juwsgi", command, compare.APPS["hello"], log)
    try:
        latencies(port, 2000)
        before, memory_before = latencies(port, 1000), server.pss_megabytes()
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(args.connections)]
        answered = sum(map(ask, idle))
        during, memory_during = latencies(port, 1000), server.pss_megabytes()
        again = sum(map(ask, idle))
    finally:
        server.stop()
    grown = (memory_during - memory_before) * 1024 / args.connections
    text = "\n".join([
        f"# {args.connections} idle keep-alive connections, {datetime.date.today()}",
        "",
        "| | before | with the idle connections |",
        "|---|---|---|",
        f"| latency of one busy connection, ms: median (p99) | {statistics.median(before):.2f} "
        f"({statistics.quantiles(before, n=100)[98]:.2f}) | {statistics.median(during):.2f} "
        f"({statistics.quantiles(during, n=100)[98]:.2f}) |",
        f"| PSS MB, all processes | {memory_before:.0f} | {memory_during:.0f} |",
        "",
        f"Answered on the idle connections: {answered} at first, {again} again at the end. "
        f"{grown:.1f} KiB a connection.",
        "",
    ])
    print(text)
    if args.write:
        (compare.ROOT / "bench" / "results" / f"{datetime.date.today()}-idle-{args.connections}.md").write_text(text)


if __name__ == "__main__":
    main()
