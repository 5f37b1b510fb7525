//! The command line: reads arguments, runs a session, writes the result, chooses the exit code.

mod affected;
mod args;
mod baseline;
mod compare;
mod completions;
mod config;
mod heap;
mod init;
mod inputs;
mod lint;
mod matrix;
mod output;
mod progress;
mod reports;
mod rules;
mod suppress;
mod suppressions;
mod tree;
mod values;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::config::{Configuration, Discovery, Layer, Run, environment, inline};
use crate::report::visible;
use crate::session::Session;
use args::{Cli, Command, Reading};

/// Runs the program with the arguments of the process.
///
/// 0: clean; 1: findings; 2: usage, unreadable or broken input, a limit, an internal error, incomplete input.
pub fn main() -> ExitCode {
    heap::prefer_huge_pages();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(name) = affected::ambiguous(&arguments) {
        let name = visible(&name.to_string_lossy()).into_owned();
        let message =
            format!("`{name}` is an option and the name of a file: write `--` before the names of files");
        return refuse(usage_error(message), &arguments);
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(error, &arguments),
    };
    // A rule's panic is caught and becomes an error of the report: a trace on the terminal would only hide that.
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|value| value == "0") {
        std::panic::set_hook(Box::new(|_| {}));
    }
    output::leave_nothing_when_interrupted();
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| run(&cli.command)));
    let done = done.unwrap_or_else(|_| {
        Err(Refusal::failed(
            "oasguard itself failed; with RUST_BACKTRACE=1 it says where: please report that as a bug",
        ))
    });
    match done {
        Ok(code) => ExitCode::from(code.number()),
        Err(Refusal::Usage(message)) => refuse(usage_error(message), &arguments),
        Err(Refusal::Failed(message)) => {
            output::complain(&message);
            ExitCode::from(Exit::Trouble.number())
        }
    }
}

/// The command line as data, from which pages of the manual and completions are made.
pub fn command() -> clap::Command {
    Cli::command()
}

/// An error of the only command whose arguments can contradict each other.
fn usage_error(message: String) -> clap::Error {
    let mut command = command();
    command.build();
    let lint = command.find_subcommand_mut("lint").expect("`lint` is a command");
    lint.error(ErrorKind::ArgumentConflict, message)
}

fn run(command: &Command) -> Result<Exit, Refusal> {
    match command {
        Command::Lint(options) => lint::run(options),
        Command::Suppress(options) => suppress::run(options),
        Command::Suppressions(options) => suppressions::run(options),
        Command::Baseline(command) => baseline::run(command),
        Command::Matrix(options) => matrix::run(options),
        Command::Tree(options) => tree::run(options),
        Command::Config(command) => config::run(command),
        Command::Init(options) => init::run(options),
        Command::Rules(options) => rules::list(options),
        Command::Explain(options) => rules::explain(options),
        Command::Completions(options) => completions::run(options),
    }
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Exit {
    /// Nothing to report.
    Clean,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Something was not checked.
    Trouble,
}

impl Exit {
    fn number(self) -> u8 {
        self as u8
    }
}

/// Why a command cannot run or cannot finish.
#[derive(Debug)]
enum Refusal {
    /// The arguments contradict each other.
    Usage(String),
    /// The machine refuses.
    Failed(String),
}

impl Refusal {
    fn usage(message: impl Into<String>) -> Refusal {
        Refusal::Usage(message.into())
    }

    fn failed(message: impl Into<String>) -> Refusal {
        Refusal::Failed(message.into())
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Refusal {
        Refusal::failed(format!("the output cannot be written: {error}"))
    }
}

/// Prints what clap says: help and version on standard output, errors on standard error.
fn refuse(error: clap::Error, arguments: &[OsString]) -> ExitCode {
    let code = u8::try_from(error.exit_code()).unwrap_or(Exit::Trouble.number());
    // The message repeats arguments, and what acts on a terminal must not reach it.
    let shown: Vec<OsString> =
        arguments.iter().map(|argument| visible(&argument.to_string_lossy()).into_owned().into()).collect();
    let is_hostile = error.use_stderr() && shown != arguments;
    let error = if is_hostile { Cli::try_parse_from(shown).err().unwrap_or(error) } else { error };
    // Where nobody listens, there is nobody to tell.
    let _ = error.print();
    ExitCode::from(code)
}

/// A session as files, environment and options want it, and what holds for the run. `say` adds further options.
fn session(reading: &Reading, say: impl FnOnce(&mut Layer, &Path)) -> Result<(Session, Run), Refusal> {
    let working_directory: PathBuf = std::env::current_dir()
        .map_err(|error| Refusal::failed(format!("there is no working directory: {error}")))?;
    let mut session = Session::new(&working_directory);
    let folder = session.working_directory.clone();
    let (discovery, mut above) = configured(reading, &folder)?;
    let mut options = Layer::of_argument("the command line");
    say(&mut options, &folder);
    above.push(options);
    session.configuration = Configuration::new(discovery, &folder, above);
    let (run, _) = session.configuration.of_run(&session.reader);
    session.limits = run.limits.clone();
    session.threads = run.threads;
    session.root.clone_from(&reading.root);
    Ok((session, run))
}

/// Where settings are read from, and what environment and `--config` say.
fn configured(reading: &Reading, folder: &Path) -> Result<(Discovery, Vec<Layer>), Refusal> {
    let variables = std::env::vars_os();
    let variables = variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let variables = variables.map(|(name, value)| (name, value.to_string_lossy().into_owned()));
    let environment = environment(variables, folder);
    for note in &environment.notes {
        output::to_stderr(|out| writeln!(out, "note: {}", visible(note)));
    }
    if !environment.errors.is_empty() {
        return Err(Refusal::usage(environment.errors.join("; ")));
    }
    let mut above = vec![environment.layer];
    let mut file = None;
    for text in &reading.config {
        if text.contains('=') && !Path::new(text).exists() {
            let layer = inline(text, folder);
            above.push(layer.map_err(|error| Refusal::usage(format!("`--config {text}`: {error}")))?);
        } else if file.replace(folder.join(text)).is_some() {
            return Err(Refusal::usage("`--config` names two files: let one extend the other"));
        }
    }
    if reading.isolated && file.is_some() {
        return Err(Refusal::usage("`--isolated` reads no file, and `--config` names one"));
    }
    let discovery = match file.or(environment.file) {
        _ if reading.isolated => Discovery::Isolated,
        Some(file) => Discovery::File(file),
        None => Discovery::Nearest,
    };
    Ok((discovery, above))
}

/// A session, and what holds for the run, for a command that has no list of errors: a broken configuration is refused.
fn session_without_report(reading: &Reading) -> Result<(Session, Run), Refusal> {
    let (session, run) = session(reading, |layer, folder| reading.say(layer, folder))?;
    let (_, failures) = session.configuration.of_run(&session.reader);
    match failures.first() {
        None => Ok((session, run)),
        Some(failure) => {
            let at = failure.location.as_ref();
            let at = at.map_or_else(|| failure.path.clone(), |at| format!("{}:{}", at.path, at.start.line));
            Err(Refusal::failed(format!("{at}: {}", failure.message)))
        }
    }
}
