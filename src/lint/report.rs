//! Everything one run has to say.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Comparison, Date, Finding, Label, Location, OperationName, Severity, Suppressed, Suppression};
use crate::syntax::{ErrorKind, File, SyntaxError};

/// The result of a run: documents in path order; findings and errors sorted as they are shown.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every file that was looked at and is not a mere fragment.
    pub documents: Vec<DocumentReport>,
    /// Sorted by path of the document, then most severe first.
    pub findings: Vec<Finding>,
    /// What is found and accepted, in the same order, if the caller asked for it.
    pub suppressed: Option<Vec<Suppressed>>,
    /// What kept oasguard from doing its job; with any, the run's exit code is 2.
    pub errors: Vec<Failure>,
    /// What people said about findings: in the documents, and in the configuration. Sorted by place.
    pub suppressions: Vec<Suppression>,
    /// What the documents were compared with, if only what is new was wanted.
    pub comparison: Option<Comparison>,
    /// Counts.
    pub summary: Summary,
    /// What ran: zero findings must be evidence.
    pub statistics: Statistics,
    /// Where the time went; never part of a report on stdout.
    pub timings: Timings,
}

/// What became of one file.
#[derive(Clone, Debug)]
pub struct DocumentReport {
    /// Display path.
    pub path: String,
    /// What became of it.
    pub status: DocumentStatus,
    /// The version as written, such as `3.0.3`; nothing if the file is no OpenAPI document.
    pub openapi: Option<String>,
    /// Why it was skipped or failed.
    pub reason: Option<String>,
    /// How many operations stand under `paths`.
    pub operations: usize,
    /// Display paths of the fragments that it reaches through `$ref`, sorted.
    pub files: Vec<String>,
    /// Whether a part of the document could not be read or resolved, so that silence proves nothing.
    pub incomplete: bool,
    /// How many references lead nowhere.
    pub unresolved: usize,
    /// The operations that were taken as public on purpose.
    pub public: Public,
}

/// Whether a file was linted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum DocumentStatus {
    /// An OpenAPI document, checked.
    Linted,
    /// Not an OpenAPI document.
    Skipped,
    /// Could not be read or parsed.
    Failed,
}

impl DocumentStatus {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            DocumentStatus::Linted => "linted",
            DocumentStatus::Skipped => "skipped",
            DocumentStatus::Failed => "failed",
        }
    }
}

/// Operations without authentication that were taken as public by intent, and why.
#[derive(Clone, Debug, Default)]
pub struct Public {
    /// How many.
    pub count: usize,
    /// The first [`Affected::SHOWN`](super::Affected::SHOWN), each with the reason.
    pub operations: Vec<(OperationName, String)>,
}

/// An error: something that kept oasguard from doing its job.
#[derive(Clone, Debug)]
pub struct Failure {
    /// `syntax-error`, `unreadable`, `limit-exceeded`, `configuration-error` or `internal-error`.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The file that could not be used.
    pub path: String,
    /// Where, if it is a place in a text.
    pub location: Option<Location>,
    /// Further places.
    pub related: Vec<Label>,
}

impl Failure {
    /// The error for a fault in a file's syntax, at a location that the caller resolved.
    pub(crate) fn of_syntax(file: &File, error: &SyntaxError, location: Location) -> Failure {
        Failure {
            rule: match error.kind {
                ErrorKind::Syntax => "syntax-error",
                ErrorKind::Limit => "limit-exceeded",
            },
            message: error.message.clone(),
            help: error.help.clone(),
            path: file.display.clone(),
            location: Some(location),
            related: Vec::new(),
        }
    }
}

/// Counts of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Documents checked.
    pub linted: usize,
    /// Files that are no OpenAPI documents.
    pub skipped: usize,
    /// Files that could not be read or parsed, and arguments that matched nothing.
    pub failed: usize,
    /// Findings by severity, `info` first.
    pub findings: [usize; 4],
    /// Occurrences silenced by a suppression.
    pub suppressed: usize,
    /// Occurrences that were known before.
    pub baselined: Baselined,
}

/// Occurrences that would be reported if they were not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Baselined {
    /// How many of each severity, `info` first.
    pub by_severity: [usize; 4],
    /// Since when the oldest is known, if that was written down.
    pub oldest: Option<Date>,
}

impl Baselined {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_severity.iter().sum()
    }

    /// How many there are of one severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }
}

impl Summary {
    /// The number of findings of one severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.findings[severity as usize]
    }
}

/// What the rules were applied to.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// For each rule that ran: how many nodes it was applied to, and how many occurrences it reported.
    pub rules: BTreeMap<&'static str, (usize, usize)>,
    /// Operations of all documents, webhooks and callbacks included.
    pub operations: usize,
    /// Bytes of all files that were read.
    pub bytes: u64,
}

/// Processor time by phase, summed over threads.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Reading and decoding files.
    pub read: Duration,
    /// Parsing.
    pub parse: Duration,
    /// Resolving references and building the model.
    pub model: Duration,
    /// Running rules.
    pub rules: Duration,
    /// Grouping, sorting, resolving places.
    pub findings: Duration,
}
