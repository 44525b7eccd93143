"""A zygote that forks real children and misbehaves as its boot bytes, one JSON object, say.

control     path of the control socket          directory   where link sockets are made
boot        "ok", "fail", "exit", "hang", "empty", "wait:PATH" (until the file exists)
worker      "ok", "failed" (WORKER_FAILED), "crash" (ends after READY), "early" (ends before READY),
            "stubborn" (ignores STOP), "outside" (names a link socket outside of the directory)
garbage     what the zygote writes on its control connection after BOOTED
refuse      how many times fork fails          output      lines to print at the start
exit_code   for "fail" and "exit"
"""

import json
import os
import select
import signal
import socket
import struct
import sys
import time

HEADER = struct.Struct("<IBBHIII")
ZYGOTE, BOOTED, BOOT_FAILED, SPAWNED, EXITED, READY, WORKER_FAILED = range(64, 71)
REFUSED = 2
SPAWN, QUIT, STOP, KILL = range(80, 84)


def connect(boot):
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(boot["control"])
    return control


def send(sock, kind, ident=0, aux=0, payload=b"", flags=0):
    sock.sendall(HEADER.pack(len(payload), kind, flags, 0, ident, aux, 0) + payload)


def receive(sock):
    data = b""
    while len(data) < HEADER.size:
        part = sock.recv(HEADER.size - len(data))
        if not part:
            return None
        data += part
    _, kind, _, _, ident, aux, _ = HEADER.unpack(data)
    return kind, ident, aux


def worker(boot, ident):
    mode = boot.get("worker", "ok")
    if mode == "early":
        os._exit(3)
    control = connect(boot)
    if mode == "failed":
        send(control, WORKER_FAILED, ident, os.getpid(), b"ImportError: no module named app")
        os._exit(1)
    path = os.path.join(boot["directory"], "worker-%d-%d.sock" % (ident, os.getpid()))
    if mode == "outside":
        path = "/tmp/elsewhere.sock"
    send(control, READY, ident, os.getpid(), path.encode())
    if mode == "crash":
        os._exit(4)
    while True:
        frame = receive(control)
        if frame is None:
            os._exit(0)
        if frame[0] == STOP and mode != "stubborn":
            print("worker %d stops" % ident, flush=True)
            os._exit(0)


def reap(control, children):
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        send(control, EXITED, children.pop(pid), status, struct.pack("<I", pid))


def serve(boot, control, wakeup):
    children = {}
    quitting = False
    while not (quitting and not children):
        ready = select.select([control, wakeup], [], [])[0]
        if wakeup in ready:
            os.read(wakeup, 512)
        reap(control, children)
        if control not in ready:
            continue
        frame = receive(control)
        if frame is None:
            return
        kind, ident, _ = frame
        if kind == QUIT:
            quitting = True
        elif kind == SPAWN:
            if boot.get("refuse", 0):
                boot["refuse"] -= 1
                send(control, SPAWNED, ident, 11, b"", REFUSED)
                continue
            pid = os.fork()
            if pid == 0:
                control.close()
                worker(boot, ident)
            children[pid] = ident
            send(control, SPAWNED, ident, pid)


def load(boot, control):
    mode = boot.get("boot", "ok")
    for line in boot.get("output", []):
        sys.stdout.buffer.write(line.encode("latin-1") + b"\n")
    sys.stdout.flush()
    if mode == "exit":
        os._exit(boot.get("exit_code", 1))
    if mode == "hang":
        time.sleep(3600)
    if mode.startswith("wait:"):
        while not os.path.exists(mode[5:]):
            time.sleep(0.01)
    if mode == "fail":
        print("Traceback (most recent call last): ImportError", file=sys.stderr, flush=True)
        send(control, BOOT_FAILED, 0, boot.get("exit_code", 1), b"ImportError: no module named app")
        os._exit(1)
    send(control, BOOTED, 0, 0 if mode == "empty" else 1)


def main():
    boot = json.loads(sys.stdin.buffer.read())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wakeup, tail = os.pipe()
    os.set_blocking(tail, False)
    signal.set_wakeup_fd(tail)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control = connect(boot)
    send(control, ZYGOTE, 0, os.getpid())
    load(boot, control)
    if "garbage" in boot:
        control.sendall(boot["garbage"].encode("latin-1"))
    serve(boot, control, wakeup)


main()
