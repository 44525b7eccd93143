"""One application with a path for each thing that an application may do."""

import atexit
import gzip
import io
import os
import signal
import sys
import tempfile
import threading
import time
from wsgiref.validate import validator

SCRATCH = os.environ.get("SCRATCH", "")
OK = "200 OK"
TEXT = [("Content-Type", "text/plain")]

closed = []


@atexit.register
def goodbye():
    if SCRATCH:
        with open(os.path.join(SCRATCH, f"atexit-{os.getpid()}"), "w") as f:
            f.write("bye")


def wait_for(name):
    """Waits until the test makes a file of this name."""
    path = os.path.join(SCRATCH, name)
    for _ in range(4000):
        if os.path.exists(path):
            return
        time.sleep(0.005)
    raise TimeoutError(path)


def mark(name):
    with open(os.path.join(SCRATCH, name), "w"):
        pass


def application(environ, start_response):
    return globals()["case_" + environ["PATH_INFO"].strip("/").replace("/", "_")](environ, start_response)


class Body:
    """An iterable that remembers how often it was closed."""

    def __init__(self, items, name="body"):
        self.items = iter(items)
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.items)

    def close(self):
        closed.append(self.name)


def case_closed(environ, start_response):
    start_response(OK, TEXT)
    body = ",".join(closed).encode()
    closed.clear()
    return [body]


def case_hello(environ, start_response):
    start_response(OK, [*TEXT, ("Content-Length", "5")])
    return [b"hello"]


def case_environ(environ, start_response):
    start_response(OK, TEXT)
    return ["".join(f"{k}={v!r}\n" for k, v in sorted(environ.items())).encode("utf-8")]


def case_name(environ, start_response):
    start_response(OK, TEXT)
    names = sorted(t.name for t in threading.enumerate())
    return [
        f"{threading.current_thread().name} {threading.current_thread() is threading.main_thread()} {names}".encode()
    ]


def case_list(environ, start_response):
    start_response(OK, TEXT)
    return [b"a", b"", b"bc", b"d"]


def case_tuple(environ, start_response):
    start_response(OK, TEXT)
    return (b"a", b"b")


def case_empty(environ, start_response):
    start_response(OK, TEXT)
    return []


def case_bytes(environ, start_response):
    start_response(OK, TEXT)
    return b"a bytes object is sent whole"


def case_str(environ, start_response):
    start_response(OK, TEXT)
    return ["text"]


def case_none(environ, start_response):
    start_response(OK, TEXT)
    return None


def case_nostart(environ, start_response):
    return [b"x"]


def case_nostart_lazy(environ, start_response):
    return iter([b"x"])


def case_nostart_empty(environ, start_response):
    return iter([])


def case_large(environ, start_response):
    start_response(OK, TEXT)
    return [b"x" * 3_000_000]


def case_lazy(environ, start_response):
    start_response(OK, TEXT)

    def items():
        yield b"first"
        wait_for("second")
        yield b""
        yield b"second"

    return Body(items(), "lazy")


def case_early_hints(environ, start_response):
    hint = environ["wsgi.early_hints"]
    hint([("Link", "</a.css>; rel=preload")])
    wait_for("hinted")
    start_response(OK, TEXT)
    yield b"pa"
    hint([("Link", "</late.css>")])
    yield b"ge"


def case_late_start(environ, start_response):
    def items():
        start_response(OK, TEXT)
        yield b""
        yield b"late"

    return items()


def case_lazy_length(environ, start_response):
    start_response(OK, [*TEXT, ("Content-Length", "4")])
    return Body([b"ab", b"cd"], "length")


def case_write(environ, start_response):
    write = start_response(OK, TEXT)
    write(b"one ")
    mark("written")
    wait_for("go")
    write(b"two ")
    return [b"three"]


def case_twice(environ, start_response):
    start_response(OK, TEXT)
    start_response(OK, TEXT)
    return []


def case_replaced(environ, start_response):
    start_response(OK, TEXT)
    try:
        raise KeyError("oops")
    except KeyError:
        start_response("500 Oops", [("Content-Type", "text/plain"), ("X-Replaced", "yes")], sys.exc_info())
    return [b"replaced"]


def case_too_late(environ, start_response):
    def items():
        start_response(OK, TEXT)
        yield b"sent"
        try:
            raise KeyError("after the head")
        except KeyError:
            start_response("500 Oops", [], sys.exc_info())

    return Body(items(), "late")


def case_raise(environ, start_response):
    environ.clear()
    raise ValueError("a secret for the log")


def case_raise_lazy(environ, start_response):
    start_response(OK, TEXT)

    def items():
        yield b"some"
        raise ValueError("in the middle")

    return Body(items(), "raised")


def case_raise_close(environ, start_response):
    start_response(OK, TEXT)

    class Bad(Body):
        def close(self):
            raise ValueError("in close")

    return Bad([b"fine"])


def case_exit(environ, start_response):
    sys.exit(3)


def case_keyboard(environ, start_response):
    raise KeyboardInterrupt


def case_os_exit(environ, start_response):
    os._exit(9)


def case_long(environ, start_response):
    start_response(OK, [("Content-Length", "3")])
    return [b"abcdef"]


def case_long_lazy(environ, start_response):
    start_response(OK, [("Content-Length", "3")])
    return iter([b"ab", b"cd", b"ef"])


def case_short(environ, start_response):
    start_response(OK, [("Content-Length", "9")])
    return [b"abc"]


def case_short_lazy(environ, start_response):
    start_response(OK, [("Content-Length", "9")])
    return iter([b"abc"])


def case_not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"x"')])
    return [b"never sent"]


def case_fields(environ, start_response):
    start_response(
        "200 Fine",
        [
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Connection", "close"),
            ("TRANSFER-ENCODING", "chunked"),
            ("keep-alive", "3"),
            ("Upgrade", "h2c"),
            ("X-Latin", "caf\xe9"),
        ],
    )
    return [b"ok"]


def case_bad_field(environ, start_response):
    start_response(OK, [("X-Split", "a\r\nSet-Cookie: evil=1")])
    return [b"never"]


def case_echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response(OK, [("Content-Length", str(len(body)))])
    return [body]


def case_echo_sized(environ, start_response):
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response(OK, [*TEXT, ("Content-Length", str(len(body)))])
    return [body]


def case_sizes(environ, start_response):
    source = environ["wsgi.input"]
    parts = [source.read(3), source.readline(), source.readline(2), source.read(0)]
    parts += source.readlines(4) + list(source)
    parts += [source.read(5), source.read(), source.readline()]
    start_response(OK, TEXT)
    return [repr(parts).encode()]


def case_count(environ, start_response):
    """Reads the body in small parts and tells how much memory that took."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = 0
    source = environ["wsgi.input"]
    while True:
        part = source.read(8192)
        if not part:
            break
        total += len(part)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    start_response(OK, TEXT)
    return [f"{total} {grown}".encode()]


def case_ignore_body(environ, start_response):
    start_response(OK, TEXT)
    return [b"ignored"]


def case_cut(environ, start_response):
    try:
        environ["wsgi.input"].read()
        answer = b"no error"
    except OSError as error:
        answer = f"{type(error).__name__}: {error}".encode()
    start_response(OK, TEXT)
    return [answer]


def case_wait(environ, start_response):
    """Blocks until the test says so."""
    mark("waiting-" + environ["QUERY_STRING"])
    wait_for("go-" + environ["QUERY_STRING"])
    start_response(OK, TEXT)
    return [b"waited"]


def case_sleep(environ, start_response):
    try:
        mark("sleeping")
        time.sleep(60)
    finally:
        mark("woken")
    start_response(OK, TEXT)
    return [b"slept"]


def case_spin(environ, start_response):
    mark("spinning")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass
    start_response(OK, TEXT)
    return [b"spun"]


def case_stream_forever(environ, start_response):
    start_response(OK, TEXT)

    def items():
        while True:
            yield b"x" * 100
            time.sleep(0.01)

    return Body(items(), "forever")


def case_swallow(environ, start_response):
    """Keeps an interrupt to itself."""
    mark("spinning")
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            pass
    except BaseException:
        pass
    start_response(OK, TEXT)
    return [b"swallowed"]


def _file(environ, start_response, f, fields=(), block=8192):
    start_response(OK, [*TEXT, *fields])
    return environ["wsgi.file_wrapper"](f, block)


def _content(size=300_000):
    path = os.path.join(SCRATCH, "content")
    with open(path, "wb") as f:
        f.write(bytes(i % 251 for i in range(size)))
    return path


class Closing(io.FileIO):
    pass


def case_file(environ, start_response):
    f = open(_content(), "rb")
    f.read(10)
    return _file(environ, start_response, f)


def case_file_part(environ, start_response):
    f = open(_content(), "rb")
    f.seek(1000)
    return _file(environ, start_response, f, [("Content-Length", "200000")])


def case_file_small(environ, start_response):
    return _file(environ, start_response, open(_content(5000), "rb"))


def case_file_temporary(environ, start_response):
    f = tempfile.NamedTemporaryFile()
    f.write(b"t" * 100_000)
    f.seek(50)
    return _file(environ, start_response, f)


def case_file_gzip(environ, start_response):
    path = os.path.join(SCRATCH, "content.gz")
    with gzip.open(path, "wb", compresslevel=0) as f:
        f.write(b"z" * 200_000)
    return _file(environ, start_response, gzip.open(path, "rb"))


def case_file_bytes(environ, start_response):
    return _file(environ, start_response, io.BytesIO(b"b" * 100_000))


def case_file_short(environ, start_response):
    return _file(environ, start_response, open(_content(), "rb"), [("Content-Length", "400000")])


def case_errors(environ, start_response):
    environ["wsgi.errors"].write("written to wsgi.errors: \u20ac\n")
    environ["wsgi.errors"].flush()
    print("printed to stdout: \u20ac")
    start_response(OK, TEXT)
    return [b""]


def case_fork_child(environ, start_response):
    import subprocess

    done = subprocess.run(["sh", "-c", "exit 7"])
    start_response(OK, TEXT)
    return [str(done.returncode).encode()]


validated = validator(application)
