//! Developer commands: `cargo xtask new-rule|bless|ci`.

mod bless;
mod new_rule;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask <command>

  new-rule <category> <id>   write the source and the page of a new rule
  bless                      accept all snapshots, rewrite all generated files
  ci                         run what a pull request must pass
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["new-rule", category, id] => new_rule::write(&root(), category, id).map(|done| println!("{done}")),
        ["bless"] => bless::run(&root()),
        ["ci"] => run(Command::new(root().join(".ci/run"))),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// The project that this program belongs to, or the one that a test names.
fn root() -> PathBuf {
    match std::env::var_os("OASGUARD_XTASK_ROOT") {
        Some(root) => root.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
    }
}

/// Runs a command in the project; its output goes where ours goes.
fn run(mut command: Command) -> Result<(), String> {
    let status = command.current_dir(root()).status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}
