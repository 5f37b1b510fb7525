//! The `oasguard` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    oasguard::cli::main()
}
