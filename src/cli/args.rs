//! What the command line accepts.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::values;
use crate::explain::Subject;
use crate::lint::{Date, Profile, Severity};
use crate::model::ObjectType;
use crate::source::Limits;

/// A static security linter for OpenAPI documents
///
/// Reads OpenAPI 2.0, 3.0, 3.1 and 3.2, JSON and YAML, one file or many joined by `$ref`. Works offline: no network, no
/// telemetry, no code from configuration.
#[derive(Debug, Parser)]
#[command(name = "oasguard", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes:
  0  clean
  1  findings at or above `--fail-on`
  2  usage, a file that cannot be read or parsed, a limit, an internal error, or incomplete input")]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check documents and report security problems
    Lint(Box<Lint>),
    /// Write a directive that suppresses one finding
    ///
    /// A comment above the entry, or in JSON an `x-oasguard-ignore`; no other byte of the file is touched. Before it is
    /// written, it is tried: exactly this finding must be gone. If nothing narrow does that, the whole operation or the
    /// whole file is tried, and what was written is said.
    Suppress(Box<Suppress>),
    /// List what is suppressed
    #[command(subcommand)]
    Suppressions(Suppressions),
    /// Accept what is found today, and report only what is new
    ///
    /// A baseline is a file of accepted findings, one a line, that is committed beside the documents. `oasguard lint`
    /// finds it by its name, `oasguard-baseline.yaml`, in the working directory or in a folder above it, up to the
    /// repository's.
    #[command(subcommand)]
    Baseline(Baseline),
    /// Show who may call each operation of a document, and where
    ///
    /// For every operation: the effective authentication (requirements in one line are needed together, `or` starts an
    /// alternative), the scopes, the effective servers, and the line that each comes from.
    Matrix(Matrix),
    /// Show the typed tree of a document with its spans
    ///
    /// One line for each object that the specification gives a type: type, JSON Pointer, `line:column` of its first
    /// character and of the one after its last. A file that is broken or no OpenAPI document is shown by kinds and keys,
    /// as far as it can be read.
    Tree(Tree),
    /// List the rules
    Rules(Rules),
    /// Print the page of a rule or an error
    Explain(Explain),
    /// Print the script that makes a shell complete `oasguard`
    ///
    /// For bash, for example: `oasguard completions bash > ~/.local/share/bash-completion/completions/oasguard`.
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Files, folders or globs; `-` is standard input [default: .]
    ///
    /// A folder is searched for .json, .yaml and .yml files, of which those with a top-level `openapi` or `swagger` key
    /// are checked. A glob (`*`, `**`, `?`, `[…]`, `{…}`) is expanded within oasguard, under the same conditions as a
    /// folder. A path that exists is never taken for a glob.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) inputs: InputOptions,

    /// List the files instead of findings: linted, fragment or skipped, and why
    ///
    /// Findings then neither show nor fail the run. `full` only: `json` and `json-lines` always have this list, `concise`
    /// and `gcc` never.
    #[arg(long, help_heading = "Files")]
    pub(super) show_files: bool,

    #[command(flatten)]
    pub(super) rules: RuleOptions,

    #[command(flatten)]
    pub(super) baseline: BaselineOptions,

    #[command(flatten)]
    pub(super) output: OutputOptions,

    /// Report only what is new since a revision of the git repository: a branch, a tag, a commit
    ///
    /// The documents are compared with the common ancestor of REF and HEAD, so that changes of others on REF are not
    /// taken for yours. What is not committed yet counts; renamed files are followed. git is not run, nothing is fetched.
    #[arg(long, value_name = "REF", conflicts_with = "baseline_strict", help_heading = "Only what changed")]
    pub(super) diff_base: Option<String>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Baseline")]
pub(super) struct BaselineOptions {
    /// Leave out what this file accepts [default: the nearest oasguard-baseline.yaml]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Report everything, also what a baseline accepts
    #[arg(long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,

    /// Exit with 1 if the baseline accepts what occurs no more
    #[arg(long, conflicts_with = "no_baseline")]
    pub(super) baseline_strict: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Baseline {
    /// Accept everything that is found, and forget what is fixed
    ///
    /// Entries that stay keep their first day. Entries of documents that are not among the PATHs, or that cannot be read,
    /// stay.
    Write(Box<BaselineRun>),
    /// List what is new and what is fixed
    ///
    /// Exits with 1 if there is a fixed entry, or a new finding that would fail `oasguard lint`.
    Check(Box<BaselineRun>),
    /// Forget what is fixed, and accept nothing new
    Prune(Box<BaselineRun>),
    /// Count what is accepted: how bad, and for how long
    ///
    /// No document is needed for that.
    Show(BaselineShow),
}

#[derive(Debug, Args)]
pub(super) struct BaselineRun {
    /// Files, folders or globs, as for `oasguard lint` [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The baseline [default: the nearest oasguard-baseline.yaml]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(super) inputs: InputOptions,

    #[command(flatten)]
    pub(super) rules: RuleOptions,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct BaselineShow {
    /// The baseline [default: the nearest oasguard-baseline.yaml]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// How the counts are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: TextOrJson,

    /// The date from which ages are counted, instead of the clock's
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Files")]
pub(super) struct InputOptions {
    /// Read further paths from a file, one a line or NUL-separated; `-` is standard input
    ///
    /// Each is a file or folder, never a glob, relative to the working directory.
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,

    /// Take standard input for the content of this file
    ///
    /// References to and from the file work as if it were saved; whatever is on disk under the name is not read.
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Leave out what matches (repeatable)
    ///
    /// Without a `/` the glob is compared with the name of every file and folder, with a `/` with the path relative to
    /// the working directory. Files that are named as PATH are checked all the same.
    #[arg(long, value_name = "GLOB", value_parser = values::glob)]
    pub(super) exclude: Vec<globset::Glob>,

    /// Look at ignored (.gitignore, .ignore) and hidden files as well
    #[arg(long)]
    pub(super) no_ignore: bool,

    /// Accept that there are no OpenAPI documents
    #[arg(long)]
    pub(super) allow_empty: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleOptions {
    /// For whom the rules speak; each profile contains the one before it
    #[arg(long, default_value = "default", value_parser = profile_parser())]
    pub(super) profile: Profile,

    /// Run these rules instead of the profile's (ids or categories; repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) select: Vec<String>,

    /// Run these rules as well
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) extend_select: Vec<String>,

    /// Do not run these rules, whatever else is said
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) ignore: Vec<String>,

    /// Exit with 1 if a finding is at least this severe
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub(super) fail_on: FailOn,

    /// Disregard `# oasguard: …` comments and `x-oasguard-…` extensions in the documents
    #[arg(long)]
    pub(super) no_inline_suppression: bool,

    /// The date on which rules rely, instead of the clock's
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputOptions {
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "full")]
    pub(super) output_format: ReportFormat,

    /// Write the report to a file, as a whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,

    /// Show every finding; otherwise 5 of a rule in a document (`full` only)
    #[arg(long)]
    pub(super) all: bool,

    /// Say nothing on standard output if there is nothing to report (`full` only)
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Show pointers, pages, every operation, and what was taken as public on purpose (`full` only)
    #[arg(short, long)]
    pub(super) verbose: bool,

    /// When to use colors
    ///
    /// `auto` heeds NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, and else asks whether standard output is a terminal.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,

    /// Show on standard error to how many nodes each rule was applied
    #[arg(long)]
    pub(super) statistics: bool,

    /// Show on standard error where the time went
    #[arg(long)]
    pub(super) timings: bool,
}

/// How files are read; every command that reads has these.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct Reading {
    /// Follow no reference and no link out of this folder
    ///
    /// By default the nearest folder with a `.git` at or above the document, else the working directory if the document
    /// is in it, else the document's folder.
    #[arg(long, value_name = "DIR", value_parser = values::root, help_heading = "Reading")]
    pub(super) root: Option<crate::source::Root>,

    /// Use this many threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = values::threads, help_heading = "Reading")]
    pub(super) threads: Option<NonZeroUsize>,

    /// Bytes of one file; K, M and G are powers of 1024
    #[arg(long, value_name = "BYTES", default_value = "256M", value_parser = values::bytes, hide_short_help = true)]
    pub(super) max_file_size: u64,

    /// Depth of nested objects and arrays
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) max_depth: u32,

    /// Values of one file
    #[arg(long, value_name = "N", default_value_t = Limits::default().nodes, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(Limits::default().nodes)))]
    pub(super) max_nodes: u32,

    /// Bytes of one key
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().key_bytes, hide_short_help = true)]
    pub(super) max_key_size: u32,

    /// Entries that the YAML merge keys of one file may contribute
    #[arg(long, value_name = "N", default_value_t = Limits::default().merge_copies, hide_short_help = true)]
    pub(super) max_merge_copies: u32,

    /// References followed one after the other to reach a target
    #[arg(long, value_name = "N", default_value_t = Limits::default().reference_chain, hide_short_help = true)]
    pub(super) max_references: u32,

    /// Files that one document may pull in through `$ref`
    #[arg(long, value_name = "N", default_value_t = Limits::default().files, hide_short_help = true)]
    pub(super) max_files: u32,

    /// Operations of one document, those of shared path items counted at each reference
    #[arg(long, value_name = "N", default_value_t = Limits::default().operations, hide_short_help = true)]
    pub(super) max_operations: u32,

    /// Steps taken to find the operations behind the schemas with findings
    #[arg(long, value_name = "N", default_value_t = Limits::default().usage_steps, hide_short_help = true)]
    pub(super) max_usage_steps: u64,
}

impl Reading {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            file_bytes: self.max_file_size,
            depth: self.max_depth,
            nodes: self.max_nodes,
            key_bytes: self.max_key_size,
            merge_copies: self.max_merge_copies,
            reference_chain: self.max_references,
            files: self.max_files,
            operations: self.max_operations,
            usage_steps: self.max_usage_steps,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Suppress {
    /// The fingerprint of the finding, or as much of its beginning as no other has
    #[arg(value_name = "FINGERPRINT")]
    pub(super) fingerprint: String,

    /// Files, folders or globs in which to look for it, as for `lint` [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,

    /// The last day on which it is accepted
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) until: Option<Date>,

    /// The profile with which the finding was reported
    #[arg(long, default_value = "default", value_parser = profile_parser())]
    pub(super) profile: Profile,

    /// The date on which rules rely, instead of the clock's
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Subcommand)]
pub(super) enum Suppressions {
    /// Every directive with its rules, its place, its reason, and how many occurrences it covers
    ///
    /// All rules run, those of every profile, so that a directive that covers nothing is of no use to anybody.
    List(Box<ListSuppressions>),
}

#[derive(Debug, Args)]
pub(super) struct ListSuppressions {
    /// Files, folders or globs, as for `lint` [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Only those that have expired or expire within so many days, such as `30d`
    #[arg(long, value_name = "DAYS", value_parser = values::days)]
    pub(super) expiring: Option<u32>,

    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: TextOrJson,

    /// The date by which they expire, instead of the clock's
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct Matrix {
    /// The document; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    /// How the matrix is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: TextOrJson,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct Tree {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    /// Show this many levels below the root
    #[arg(long, value_name = "N")]
    pub(super) depth: Option<usize>,

    /// Show objects of this type only (repeatable)
    #[arg(
        long = "type",
        value_name = "NAME",
        value_delimiter = ',',
        ignore_case = true,
        hide_possible_values = true
    )]
    #[arg(value_parser = type_parser())]
    pub(super) types: Vec<ObjectType>,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The id of a rule or an error
    #[arg(value_name = "RULE", value_parser = values::page)]
    pub(super) subject: Subject,

    /// When to use colors; see `oasguard lint --help`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people: excerpts, reasons, remedies
    Full,
    /// One line for each finding: `path:line:column: high[rule-id] message`
    Concise,
    /// As compilers write it: `path:line:column: warning: message [rule-id]`
    Gcc,
    /// For programs: version 1 of the format, see schemas/report-v1.schema.json
    Json,
    /// For programs: the same, one object a line, see schemas/report-lines-v1.schema.json
    JsonLines,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum FailOn {
    High,
    Medium,
    Low,
    Info,
    Never,
}

impl FailOn {
    /// The least severity that fails a run.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::High => Some(Severity::High),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::Low => Some(Severity::Low),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }
}

fn profile_parser() -> impl TypedValueParser<Value = Profile> {
    let names = Profile::ALL.iter().map(|profile| profile.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Profile>())
}

fn type_parser() -> impl TypedValueParser<Value = ObjectType> {
    let names = ObjectType::ALL.iter().map(|object_type| object_type.name());
    PossibleValuesParser::new(names).map(|name| {
        let named = ObjectType::ALL.iter().find(|object_type| object_type.name().eq_ignore_ascii_case(&name));
        *named.expect("only names of types are possible values")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_defaults_are_those_of_the_library() {
        let cli = Cli::parse_from(["oasguard", "lint"]);
        let Command::Lint(lint) = cli.command else { panic!("lint was parsed") };
        assert_eq!(lint.reading.limits(), Limits::default());
        assert_eq!(lint.rules.profile, Profile::default());
        assert_eq!(lint.rules.fail_on.severity(), Some(Severity::Low));
    }
}
