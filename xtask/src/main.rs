//! Developer commands: `cargo xtask new-rule|corpus|speed|bless|man|dist|npm|ci`.

mod bless;
mod new_rule;
mod speed;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use oasguard::lint::Profile;
use xtask::corpus::{self, Survey};
use xtask::dist::{self, Target};
use xtask::{evidence, npm};

const USAGE: &str = "\
usage: cargo xtask <command>

  new-rule <category> <id>   write the source and the page of a new rule
  corpus [<folder>]          lint a folder, or else the public set of real documents, and count what is reported
  corpus --sample            lint the public set and draw the samples of docs/precision again
  speed                      fail if a lint became slower
  bless                      accept all snapshots, rewrite all generated files
  man <folder>               write the pages of the manual
  dist <target> <program> <folder>
                             write the archive of a platform, its checksum, and its package for npm
  npm <folder>               write the package for npm that starts those of the platforms
  ci                         run what a pull request must pass
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["new-rule", category, id] => new_rule::write(&root(), category, id).map(|done| println!("{done}")),
        // Timings of a build for debugging would say nothing.
        ["corpus", ..] if cfg!(debug_assertions) => {
            let mut release = Command::new("cargo");
            release.args(["run", "--quiet", "--release", "--package", "xtask", "--"]).args(&arguments);
            run(release)
        }
        ["corpus"] => public_set().and_then(|folder| survey(&folder)),
        ["corpus", "--sample"] => sample(),
        ["corpus", folder] => survey(Path::new(folder)),
        ["speed"] => speed::check(&root()).map(|done| println!("{done}")),
        ["bless"] => bless::run(&root()),
        ["man", folder] => dist::write_manual(Path::new(folder)),
        ["dist", target, program, folder] => release(target, Path::new(program), Path::new(folder)),
        ["npm", folder] => npm::launcher(&root(), &Path::new(folder).join("npm")).map(|_| ()),
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
    match std::env::var_os("TEST_OASGUARD_XTASK_ROOT") {
        Some(root) => root.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
    }
}

/// Runs a command in the project; its output goes where ours goes.
fn run(mut command: Command) -> Result<(), String> {
    let status = command.current_dir(root()).status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}

fn public_set() -> Result<PathBuf, String> {
    corpus::directory(&root()).map_or_else(|| corpus::fetch(&root()), Ok)
}

/// Prints what oasguard says about a folder.
fn survey(folder: &Path) -> Result<(), String> {
    let report = corpus::lint(folder, Profile::Default)?;
    print!("{}", Survey::of(&report));
    Ok(())
}

/// Writes what a release offers for one platform.
fn release(target: &str, program: &Path, folder: &Path) -> Result<(), String> {
    let target = Target::of(target)?;
    let archive = dist::archive(&root(), target, program, folder)?;
    npm::platform(&root(), target, program, &folder.join("npm"))?;
    println!("{}", archive.display());
    Ok(())
}

/// Draws the samples of all rules and says what is left to be read.
fn sample() -> Result<(), String> {
    let report = corpus::lint(&public_set()?, Profile::Default)?;
    let unread = evidence::update(&root(), &report)?;
    bless::precision(&root())?;
    unread.iter().for_each(|line| println!("{line}"));
    match unread.len() {
        0 => Ok(()),
        count => Err(format!("{count} findings have no verdict yet")),
    }
}
