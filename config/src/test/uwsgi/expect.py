#!/usr/bin/env python3
"""Fills the `expect` part of the golden cases with the answers of the uWSGI that is installed.

Usage: expect.py ../resources/golden/*.txt

A case that has a `differs` line states an answer of juwsgi's own and is left alone.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading

# What the distribution builds as plugins, and every case may use.
PLUGINS = "python3,http,logfile,router_redirect"
LONGEST = 20  # seconds
OWN = re.compile(r"^(plugins = " + PLUGINS + r"|show-config = true)$")


def answer(argv, env, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as out:
                out.write(text.encode())
        line = ["uwsgi", "--plugins", PLUGINS, *argv, "--show-config"]
        text = output(line, folder, {"PATH": os.environ["PATH"], "HOME": "/root", **env})
        text = text.replace(os.path.realpath(folder), "/DIR")
        found = re.search(r";uWSGI instance configuration\n\[uwsgi\]\n(.*?);end of configuration", text, re.S)
        if not found:
            return ["! " + (text.strip().splitlines() or ["nothing"])[-1]]
        return [x for x in found.group(1).splitlines() if not OWN.match(x)]


def output(line, folder, env):
    """What uWSGI prints until its configuration is shown; what it would start after that is stopped at once."""
    run = subprocess.Popen(
        line,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    text = ""
    # What a case names may keep it from getting so far: better no answer than none for ever.
    watch = threading.Timer(LONGEST, run.kill)
    watch.start()
    try:
        for printed in run.stdout:
            text += printed.decode("utf-8", "replace")
            if printed.startswith(b";end of configuration"):
                break
    finally:
        watch.cancel()
        try:
            os.killpg(run.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        run.wait()
    return text


def cases(text):
    return re.split(r"^(?=### )", text, flags=re.M)


def fill(case):
    if not case.startswith("### ") or re.search(r"^differs:", case, re.M):
        return case
    head = re.split(r"^--- ", case, flags=re.M)
    argv = re.search(r"^argv: (.*)$", head[0], re.M)
    env = dict(x.split("=", 1) for x in re.findall(r"^env: (.*)$", head[0], re.M))
    files = []
    for part in head[1:]:
        name, _, body = part.partition("\n")
        if name != "expect":
            files.append((name, body))
    lines = answer([x for x in argv.group(1).split("  ") if x] if argv else [], env, files)
    kept = "".join("--- " + name + "\n" + body for name, body in files)
    return head[0] + kept + "--- expect\n" + "".join(x + "\n" for x in lines) + "\n"


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as source:
        filled = "".join(fill(case) for case in cases(source.read()))
    with open(path, "w", encoding="utf-8") as out:
        out.write(filled)
