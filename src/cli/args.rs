//! What the command line accepts.

mod choices;
mod inputs;
mod say;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use super::values;
use crate::explain::Subject;
use crate::lint::{Date, Profile};
use crate::model::ObjectType;
use crate::source::Limits;

pub(super) use choices::{FailOn, ReportFormat, TextOrJson, When};
pub(super) use inputs::InputOptions;
pub(super) use say::of_word;

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
    /// Show settings and where each is said, or the JSON Schema of the file
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write a commented `oasguard.yaml` after looking at the documents here
    ///
    /// It lists them if they are few, says what a lint finds today, and shows the usual settings. A file that is there
    /// already is left alone.
    Init(Init),
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
    /// Findings then neither show nor fail the run. `full` only: `json` and `json-lines` always have this list, other
    /// formats never.
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

    /// Take the settings from that revision as well, and no baseline: the change decides nothing about how it is judged
    #[arg(long, requires = "diff_base", help_heading = "Only what changed")]
    pub(super) config_from_base: bool,

    /// Check the documents that PATHs are part of, for lists of changed files
    ///
    /// A document of the root of the run (see `--root`) is checked if it is one of PATHs or refers to one of them, through
    /// however many files; a changed file of settings or baseline concerns every document below it. All findings of such a
    /// document are reported. What no document refers to, and a file that is gone, is no error.
    #[arg(long, help_heading = "Only what changed")]
    pub(super) affected: bool,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Default, Args)]
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
    Show(Box<BaselineShow>),
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

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleOptions {
    /// For whom the rules speak; each profile contains the one before it [default: default]
    #[arg(long, value_parser = profile_parser())]
    pub(super) profile: Option<Profile>,

    /// Run these rules instead of the profile's (ids or categories; repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) select: Vec<String>,

    /// Run these rules as well
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) extend_select: Vec<String>,

    /// Do not run these rules, whatever else is said
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = values::rule)]
    pub(super) ignore: Vec<String>,

    /// Exit with 1 if a finding is at least this severe [default: low]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,

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
    /// How the report is written [default: full]
    #[arg(long, value_name = "FORMAT")]
    pub(super) output_format: Option<ReportFormat>,

    /// Write a further report (repeatable)
    ///
    /// `--report sarif=oasguard.sarif --report junit=oasguard.xml` writes two files from one run, each as a whole or not at
    /// all, besides the report on standard output. `-` as FILE is standard output, which then has that report alone.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = values::report)]
    pub(super) report: Vec<(ReportFormat, PathBuf)>,

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

    /// List what is suppressed or in the baseline as well, and why (`sarif`, `json` and `json-lines` only)
    ///
    /// Nothing of it counts or fails the run. GitHub's code scanning would show these results like any other.
    #[arg(long)]
    pub(super) show_suppressed: bool,

    /// When to use colors [default: auto]
    ///
    /// `auto` heeds NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM and CLICOLOR, and else asks whether standard output is a
    /// terminal.
    #[arg(long, value_name = "WHEN")]
    pub(super) color: Option<When>,

    /// When the ids of rules are links to their pages (`full` only)
    ///
    /// `auto` asks whether standard output is a terminal that is known to show links.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) hyperlinks: When,

    /// Show on standard error to how many nodes each rule was applied
    #[arg(long)]
    pub(super) statistics: bool,

    /// Show on standard error where the time went
    #[arg(long)]
    pub(super) timings: bool,
}

/// How files are read; every command that reads has these.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct Reading {
    /// Read this file of settings instead of looking for `oasguard.yaml`, or set a key (repeatable)
    ///
    /// A key is written as in the file, with dots: `--config rules.unbounded-string.severity=info`. It goes before what
    /// files and the environment say.
    #[arg(long, value_name = "FILE|KEY=VALUE", help_heading = "Configuration")]
    pub(super) config: Vec<String>,

    /// Read no file of settings
    #[arg(long, help_heading = "Configuration")]
    pub(super) isolated: bool,

    /// Follow no reference and no link out of this folder
    ///
    /// By default the nearest folder with a `.git` at or above the document, else the working directory if the document
    /// is in it, else the document's folder.
    #[arg(long, value_name = "DIR", value_parser = values::root, help_heading = "Reading")]
    pub(super) root: Option<crate::source::Root>,

    /// Use this many threads [default: one per processor; one for a single document below 8 MiB]
    #[arg(long, value_name = "N", value_parser = values::threads, help_heading = "Reading")]
    pub(super) threads: Option<NonZeroUsize>,

    /// Bytes of one file; K, M and G are powers of 1024 [default: 256M]
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, hide_short_help = true)]
    pub(super) max_file_size: Option<u64>,

    /// Depth of nested objects and arrays [default: 256]
    #[arg(long, value_name = "N", hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) max_depth: Option<u32>,

    /// Values of one file [default: 134215680]
    #[arg(long, value_name = "N", hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(Limits::default().nodes)))]
    pub(super) max_nodes: Option<u32>,

    /// Bytes of one key [default: 65536]
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    pub(super) max_key_size: Option<u32>,

    /// Entries that the YAML merge keys of one file may contribute [default: 1000000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_merge_copies: Option<u32>,

    /// References followed one after the other to reach a target [default: 10000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_references: Option<u32>,

    /// Files that one document may pull in through `$ref` [default: 100000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_files: Option<u32>,

    /// Operations of one document, those of shared path items counted at each reference [default: 1000000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_operations: Option<u32>,

    /// Steps taken to find the operations behind the schemas with findings [default: 50000000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_usage_steps: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print each setting that holds, and where it is said
    Show(Box<ConfigShow>),
    /// Print the JSON Schema of `oasguard.yaml`
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct ConfigShow {
    /// The document for which the settings hold, or a folder [default: .]
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// How the settings are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) output_format: TextOrJson,

    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    pub(super) reading: Reading,
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
    #[arg(long, value_parser = profile_parser())]
    pub(super) profile: Option<Profile>,

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
    pub(super) color: When,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
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
    use clap::{CommandFactory, ValueEnum};

    use super::say::word;
    use super::*;
    use crate::config::{Kind, SETTINGS};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_words_are_those_of_the_table_of_settings() {
        fn agree<V: ValueEnum>(key: &str) {
            let (first, rest) = key.split_once('.').unwrap_or((key, ""));
            let mut setting = SETTINGS.iter().find(|setting| setting.name == first).expect("a key");
            if let Kind::Object(table) = setting.kind {
                setting = table.iter().find(|setting| setting.name == rest).expect("a key");
            }
            let Kind::Choice(choices) = setting.kind else { panic!("{key} has words") };
            let mut words: Vec<_> = V::value_variants().iter().map(word).collect();
            let mut choices = choices.to_vec();
            words.sort();
            choices.sort_unstable();
            assert_eq!(words, choices, "{key}");
        }
        agree::<FailOn>("fail-on");
        agree::<ReportFormat>("output.format");
        agree::<When>("output.color");
    }

    #[test]
    fn the_defaults_that_help_shows_are_those_of_the_library() {
        let help =
            Cli::command().find_subcommand_mut("lint").expect("a command").render_long_help().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let table = SETTINGS.iter().find(|setting| setting.name == "limits").map(|setting| setting.kind);
        let Some(Kind::Object(limits)) = table else { panic!("limits are a table") };
        for limit in limits {
            let option = help.split(&format!("--max-{} ", limit.name)).nth(1).expect(limit.name);
            let shown = option.split("[default: ").nth(1).and_then(|rest| rest.split(']').next());
            assert_eq!(shown, Some(limit.default), "{}", limit.name);
        }
    }
}
