//! `oasguard completions`: the script with which a shell completes our command line.

use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::output::to_stdout;
use super::{Exit, Refusal};

pub(super) fn run(options: &Completions) -> Result<Exit, Refusal> {
    // Made in memory: clap_complete panics where it cannot write, and a reader that goes away is no error.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "oasguard", &mut script);
    to_stdout(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}
