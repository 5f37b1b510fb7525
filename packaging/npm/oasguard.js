#!/usr/bin/env node
// Starts the program for this platform, which npm installed beside this package, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { optionalDependencies } = require("../package.json");

const TROUBLE = 2;

/** The packages that can hold a program for this machine, the best first. */
function candidates() {
  const name = `@oasguard/${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return [name];
  // Where node itself was linked against glibc, glibc is there. musl's program needs nothing.
  const { glibcVersionRuntime } = process.report.getReport().header;
  return glibcVersionRuntime ? [name, `${name}-musl`] : [`${name}-musl`];
}

function program() {
  const file = process.platform === "win32" ? "oasguard.exe" : "oasguard";
  for (const name of candidates()) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}

function complain() {
  const known = candidates().filter((name) => name in optionalDependencies);
  const help = known.length
    ? `the package \`${known[0]}\` is not installed\n` +
      "help: it is an optional dependency: install again without `--omit=optional` or `--no-optional`, and on this platform"
    : `there is no package for ${process.platform}-${process.arch}\nhelp: build it with \`cargo install oasguard\``;
  process.stderr.write(`error: ${help}\n`);
  process.exitCode = TROUBLE;
}

function run(path) {
  const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`error: \`${path}\` cannot be started: ${error.message}\n`);
    process.exitCode = TROUBLE;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code;
    if (!signal) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const path = program();
if (path) run(path);
else complain();
