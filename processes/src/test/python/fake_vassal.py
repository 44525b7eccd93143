"""A vassal that only says what it was told and does what the words in its file say."""

import os
import signal
import socket
import sys

words = open(sys.argv[sys.argv.index("--ini") + 1]).read().split()
print("arguments", *(os.path.basename(a) for a in sys.argv[1:]), flush=True)
print("own variables", *sorted(n for n in os.environ if "UWSGI" in n or n == "WATCHDOG_USEC"), flush=True)
print("runs as", os.getuid(), os.getgid(), os.getgroups(), flush=True)
if "broken" in words:
    sys.exit(1)


def stop(number: int, frame: object) -> None:
    print("stopped by", signal.Signals(number).name, flush=True)
    sys.exit(0)


signal.signal(signal.SIGHUP, lambda number, frame: print("reloads", flush=True))
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in words or "deaf" in words else stop)
signal.signal(signal.SIGINT, signal.SIG_IGN if "deaf" in words else stop)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.connect(os.environ["NOTIFY_SOCKET"])
notify.send(b"not news")
notify.send(b"READY=1\nSTATUS=well")
if "silent" in words:
    notify.send(b"WATCHDOG=1")
print("serves", *words, flush=True)
while True:
    signal.pause()
