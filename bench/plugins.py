#!/usr/bin/python3
"""What plugins cost: throughput with one and ten empty filters beside none, start-up with 30 bundled plugins beside five and
with fewer modules of the JDK. Everything alternates.

    bench/plugins.py [throughput] [start] [--rounds 8] [--seconds 4] [--starts 15]

Works on copies of the built program (./juwsgi builds it), each with an ahead-of-time cache of its own. Prints a Markdown
report and writes it into bench/results/.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import zipfile

from compare import PYTHON, ROOT, Load, Server, spread

DIST = ROOT / "cli" / "target" / "juwsgi"

# What a server with five plugins has; of juwsgi's own ones the others are left out there.
FIVE = ["python", "ssl", "headers", "cache", "loadbalancer"]

MODULE = """
module io.juwsgi.bench.plugin{n} {{
    requires io.juwsgi.spi;
    opens io.juwsgi.bench.plugin{n} to io.juwsgi.config;
    provides io.juwsgi.spi.Plugin with io.juwsgi.bench.plugin{n}.EmptyPlugin;
}}
"""

PLUGIN = """
package io.juwsgi.bench.plugin{n};

import io.juwsgi.config.typed.Default;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;

public final class EmptyPlugin implements io.juwsgi.spi.Plugin {{
    record Settings(@Default("1") int number) {{}}

    public String name() {{
        return "empty{n}";
    }}

    public void register(Extensions extensions) {{
        extensions.filter(Phase.ACCESS, new Extension<>("empty{n}", Settings.class, (s, c) -> new Empty()));
    }}

    static final class Empty implements Filter {{
        public void handle(Exchange exchange, Handler next) {{
            next.handle(exchange);
        }}
    }}
}}
"""


def compile_plugins(directory: pathlib.Path, count: int) -> list[pathlib.Path]:
    """Makes jars of so many named modules with one plugin each."""
    sources, classes, jars = directory / "src", directory / "classes", directory / "jars"
    names = [f"io.juwsgi.bench.plugin{n}" for n in range(count)]
    for n, name in enumerate(names):
        package = sources / name / name.replace(".", "/")
        package.mkdir(parents=True)
        (sources / name / "module-info.java").write_text(MODULE.format(n=n))
        (package / "EmptyPlugin.java").write_text(PLUGIN.format(n=n))
    javac = f'. "{ROOT}/.mvn/find-jdk.sh"; find_jdk; exec "$JAVA_HOME/bin/javac" "$@"'
    # Annotations that the SPI needs to be compiled against, and no program to run.
    jspecify = [str(jar) for jar in pathlib.Path.home().glob(".m2/repository/org/jspecify/jspecify/*/jspecify-*.jar")]
    subprocess.run(["sh", "-c", javac, "javac", "-nowarn", "-d", str(classes),
                    "-p", os.pathsep.join([str(DIST / "lib"), *jspecify[:1]]),
                    "--module-source-path", str(sources), "-m", ",".join(names)], check=True)
    jars.mkdir()
    for name in names:
        with zipfile.ZipFile(jars / f"{name}.jar", "w") as jar:
            for file in sorted((classes / name).rglob("*.class")):
                jar.write(file, file.relative_to(classes / name))
    return sorted(jars.iterdir())


def home(parent: pathlib.Path, name: str, jars: list[pathlib.Path], without: list[str] = [],
         modules: bool = True) -> pathlib.Path:
    """Copies the program, adds plugins and leaves out some, and trains it."""
    copy = parent / name
    (copy / ".mvn").mkdir(parents=True)
    shutil.copy(ROOT / ".mvn" / "find-jdk.sh", copy / ".mvn")
    shutil.copytree(DIST, copy / "cli" / "target" / "juwsgi",
                    ignore=shutil.ignore_patterns("juwsgi.aot", "built", "training.log", *without))
    for jar in jars:
        shutil.copy(jar, copy / "cli" / "target" / "juwsgi" / "lib")
    launcher = (ROOT / "juwsgi").read_text()
    if not modules:
        if "--add-modules java.se," not in launcher:
            raise SystemExit("the launcher does not add java.se")
        launcher = launcher.replace("--add-modules java.se,", "--add-modules ")
    (copy / "juwsgi").write_text(launcher)
    (copy / "juwsgi").chmod(0o755)
    dist = copy / "cli" / "target" / "juwsgi"
    subprocess.run([ROOT / "cli" / "src" / "main" / "sh" / "train", dist, copy / "juwsgi"], check=True)
    return copy


def serve(program: pathlib.Path, log: pathlib.Path, *more: str) -> Server:
    """Starts the hello application."""
    command = [str(program / "juwsgi"), "--http", "127.0.0.1:18001", "--wsgi-file", "app.py", "--callable", "app",
               "--processes", "2", "--threads", "2", "--python", PYTHON, "--disable-logging", *more]
    return Server("juwsgi", command, ROOT / "examples" / "hello", log)


def starts(programs: dict[str, pathlib.Path], count: int, log: pathlib.Path) -> dict[str, list[float]]:
    """Times the way to the first answer, in milliseconds; the first start of each does not count."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(count + 1):
        for name, program in programs.items():
            server = serve(program, log)
            server.stop()
            if turn:
                times[name].append(server.first_answer * 1000)
    return times


def throughput(program: pathlib.Path, rounds: int, seconds: int, log: pathlib.Path) -> dict[str, list[float]]:
    """Times all chains in turn, in requests a second; the order changes from round to round."""
    options = {"no filter": 0, "one empty filter": 1, "ten empty filters": 10}
    rates: dict[str, list[float]] = {name: [] for name in options}
    names = list(options)
    for turn in range(rounds):
        for name in names[turn % 3:] + names[:turn % 3]:
            server = serve(program, log, *[f"--empty{n}" for n in range(options[name])])
            Load(server.url, 64, 2)
            load = Load(server.url, 64, seconds)
            server.stop()
            if load.errors:
                raise SystemExit(f"{load.errors} errors with {name}")
            rates[name].append(load.rate)
    return rates


def table(title: str, unit: str, values: dict[str, list[float]], base: str) -> list[str]:
    lines = [f"| {title} | {unit}: min / median / max | median against {base} | ratio by round, median |", "|---|---|---|---|"]
    for name, each in values.items():
        ratio = statistics.median(each) / statistics.median(values[base])
        rounds = statistics.median(a / b for a, b in zip(each, values[base]))
        lines.append(f"| {name} | {spread(each, 0)} | {ratio:.3f} | {rounds:.3f} |")
    return [*lines, ""]


def own_plugins() -> list[str]:
    """Names the jars of juwsgi's own plugins."""
    return sorted(jar.name for jar in (DIST / "lib").glob("*.jar")
                  if "META-INF/services/io.juwsgi.spi.Plugin" in zipfile.ZipFile(jar).namelist())


def start_up(directory: pathlib.Path, jars: list[pathlib.Path], own: list[str], count: int,
             log: pathlib.Path) -> dict[str, list[float]]:
    """Makes the programs and times their starts."""
    others = [name for name in own if not any(one in name for one in FIVE)]
    if len(own) - len(others) != len(FIVE):
        raise SystemExit(f"the plugins {FIVE} are not all among {own}")
    return starts({"5 plugins": home(directory, "few", [], others),
                   "30 plugins": home(directory, "many", jars),
                   "5 plugins, without --add-modules java.se": home(directory, "bare", [], others, modules=False)},
                  count, log)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", help="throughput, start, or both without a word")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--starts", type=int, default=15)
    args = parser.parse_args()
    what = args.what or ["throughput", "start"]
    own = own_plugins()
    tables: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        log = directory / "log"
        jars = compile_plugins(directory, 30 - len(own))
        if "start" in what:
            tables += table("to the first answer", "ms", start_up(directory, jars, own, args.starts, log), "5 plugins")
        if "throughput" in what:
            program = directory / "many" if "start" in what else home(directory, "many", jars)
            tables += table("hello", "req/s", throughput(program, args.rounds, args.seconds, log), "no filter")
    today = datetime.date.today().isoformat()
    text = "\n".join([
        f"# plugins: {' and '.join(what)}, {today}", "",
        f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, wrk with 64 connections on the same "
        f"machine; {args.rounds} rounds of {args.seconds} s after 2 s of warm-up, {args.starts} starts, alternating. "
        f"Of 30 plugins {len(own)} are juwsgi's own, the others bring one empty filter each.", "",
        *tables])
    print(text)
    (ROOT / "bench" / "results" / f"{today}-plugins-{'-'.join(what)}.md").write_text(text)


if __name__ == "__main__":
    main()
