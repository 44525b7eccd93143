#!/usr/bin/python3
"""Compares TLS and HTTP/2 of juwsgi with plain HTTP and with nginx, in alternating rounds.

    bench/edge.py [--rounds 4] [--seconds 3] [--idle 2000] [--write]

Prints ratios: TLS keep-alive against plain, beside the same ratio of nginx; new TLS 1.3 connections against nginx; HTTP/2
(h2load -c 16 -m 32) of a Python application and of a constant answer against nginx `return 200`; and the memory of an idle
connection, plain and TLS.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import re
import resource
import socket
import ssl
import statistics
import subprocess
import tempfile
import time

import compare

TLS, NGINX, NGINX_PLAIN = 18443, 18444, 18445


def certificate(folder: pathlib.Path) -> tuple[str, str]:
    pem, key = str(folder / "c.pem"), str(folder / "c.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-days", "2", "-out", pem, "-keyout", key],
                   check=True, capture_output=True)
    return pem, key


def nginx(folder: pathlib.Path, pem: str, key: str) -> subprocess.Popen[bytes]:
    conf = folder / "nginx.conf"
    conf.write_text(f"""daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
        events {{ worker_connections 20000; }}
        http {{ access_log off; keepalive_requests 100000000;
        server {{ listen 127.0.0.1:{NGINX} ssl http2; listen 127.0.0.1:{NGINX_PLAIN};
        ssl_certificate {pem}; ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off; location / {{ return 200 "hello"; }} }} }}""")
    return subprocess.Popen(["/usr/sbin/nginx", "-c", str(conf), "-p", str(folder)], stderr=subprocess.DEVNULL)


def handshakes(port: int, seconds: int) -> float:
    """New TLS 1.3 connections a second, one request on each."""
    command = ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-tls1_3", "-www", "/", "-time", str(seconds)]
    started = time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True)
    # By our clock: s_time goes on to the end of a second and counts whole ones.
    took = time.monotonic() - started
    found = re.search(r"(\d+) connections in \d+ real seconds", ran.stdout)
    if not found or ran.returncode != 0:
        raise SystemExit(f"openssl s_time said: {ran.stdout[-300:]} {ran.stderr}")
    return int(found.group(1)) / took


def h2(url: str, seconds: int) -> float:
    said = subprocess.run(["h2load", "-c", "16", "-m", "32", "-t", "1", "-D", str(seconds), "--warm-up-time", "1", url],
                          capture_output=True, text=True).stdout
    found = re.search(r"finished in .*?, ([\d.]+) req/s", said)
    if not found or " 0 failed" not in said:
        raise SystemExit(f"h2load said: {said}")
    return float(found.group(1))


def idle_kib(server: compare.Server, port: int, count: int, context: ssl.SSLContext | None) -> float:
    before = server.pss_megabytes()
    held = []
    for _ in range(count):
        plain = socket.create_connection(("127.0.0.1", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        held.append(context.wrap_socket(plain, server_hostname="localhost") if context else plain)
        held[-1].sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
        held[-1].recv(4096)
    time.sleep(1)
    grown = server.pss_megabytes() - before
    for one in held:
        one.close()
    return grown * 1024 / count


def ratio(name: str, mine: list[float], other: list[float], aim: str) -> str:
    each = [a / b for a, b in zip(mine, other)]
    return (f"| {name} | {compare.spread(mine, 0)} | {compare.spread(other, 0)} | "
            f"{min(each):.2f} / {statistics.median(each):.2f} / {max(each):.2f} | {aim} |")


def measure(args: argparse.Namespace, server: compare.Server, pem: str) -> list[str]:
    plain, secure = server.url, f"https://127.0.0.1:{TLS}/"
    nginx_plain, nginx_secure = f"http://127.0.0.1:{NGINX_PLAIN}/", f"https://127.0.0.1:{NGINX}/"
    load = lambda url: compare.Load(url, 64, args.seconds).rate
    kinds = {
        "plain": lambda: load(plain),
        "tls": lambda: load(secure),
        "nginx plain": lambda: load(nginx_plain),
        "nginx tls": lambda: load(nginx_secure),
        "new": lambda: handshakes(TLS, args.seconds),
        "nginx new": lambda: handshakes(NGINX, args.seconds),
        "h2": lambda: h2(secure, args.seconds),
        "h2 constant": lambda: h2(secure + "constant", args.seconds),
        "nginx h2": lambda: h2(nginx_secure, args.seconds),
    }
    for kind in ("plain", "tls", "h2", "h2 constant", "plain", "tls", "h2"):
        kinds[kind]()
    seen: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(args.rounds):
        for kind, take in kinds.items():
            seen[kind].append(take())
    context = ssl.create_default_context(cafile=pem)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return [
        "| | first | compared with | ratio: min / median / max | aim |",
        "|---|---|---|---|---|",
        ratio("keep-alive WSGI hello, TLS against plain, req/s", seen["tls"], seen["plain"], ">= 0.85"),
        ratio("the same of nginx, `return 200`", seen["nginx tls"], seen["nginx plain"], "-"),
        ratio("new TLS 1.3 connections/s, against nginx", seen["new"], seen["nginx new"], ">= 0.7"),
        ratio("HTTP/2 WSGI hello, against nginx `return 200`, req/s", seen["h2"], seen["nginx h2"], ">= 0.7"),
        ratio("HTTP/2 `return:200` of a route, against the same", seen["h2 constant"], seen["nginx h2"], "-"),
        "",
        f"Memory of an idle connection that has asked once: {idle_kib(server, compare.PORTS['juwsgi'], args.idle, None):.1f} "
        f"KiB plain (aim: < 8), {idle_kib(server, TLS, args.idle, context):.1f} KiB TLS (aim: < 30).",
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pem, key = certificate(folder)
        other = nginx(folder, pem, key)
        log = compare.ROOT / "bench" / "target" / "edge.log"
        log.parent.mkdir(exist_ok=True)
        command = compare.commands(compare.APPS["hello"], ["--https", f"127.0.0.1:{TLS},{pem},{key}",
                                                              "--route", "^/constant$ return:200"])["juwsgi"]
        server = compare.Server("juwsgi", command, compare.APPS["hello"], log)
        try:
            rows = measure(args, server, pem)
        finally:
            server.stop()
            other.terminate()
            other.wait()
    text = "\n".join([
        f"# TLS and HTTP/2, {datetime.date.today()}",
        "",
        f"2 cores, Debian 12, JDK 25, {args.rounds} alternating rounds of {args.seconds} s; loads on the same machine; P-256 keys; "
        "nginx with one worker.",
        "",
        *rows,
    ])
    print(text)
    if args.write:
        (compare.ROOT / "bench" / "results" / f"{datetime.date.today()}-edge.md").write_text(text)


if __name__ == "__main__":
    main()
