//! Which files are looked at.

use std::path::PathBuf;

use clap::Args;

use crate::cli::values;

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Files")]
pub(in crate::cli) struct InputOptions {
    /// Read further paths from a file, one a line or NUL-separated; `-` is standard input
    ///
    /// Each is a file or folder, never a glob, relative to the working directory.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) files_from: Option<PathBuf>,

    /// Take standard input for the content of this file
    ///
    /// References to and from the file work as if it were saved; whatever is on disk under the name is not read.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) stdin_filename: Option<PathBuf>,

    /// Leave out what matches (repeatable)
    ///
    /// Without a `/` the glob is compared with the name of every file and folder, with a `/` with the path relative to
    /// the working directory. Files that are named as PATH are checked all the same, except with `--affected`.
    #[arg(long, value_name = "GLOB", value_parser = values::glob)]
    pub(in crate::cli) exclude: Vec<String>,

    /// Look at ignored (.gitignore, .ignore) and hidden files as well
    #[arg(long)]
    pub(in crate::cli) no_ignore: bool,

    /// Accept that there are no OpenAPI documents
    #[arg(long)]
    pub(in crate::cli) allow_empty: bool,
}
