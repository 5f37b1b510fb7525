//! Options that take one of a few words.

use clap::ValueEnum;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
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
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For GitHub Actions: workflow commands that annotate changed lines
    Github,
    /// For GitLab: a code quality report
    Gitlab,
    /// For build servers: test results, a suite for each document
    Junit,
    /// For dashboards that know Checkstyle
    Checkstyle,
    /// For reviewdog: its diagnostic format
    Rdjson,
    /// For the summary of a job or a comment: a table of at most 65,536 characters
    Markdown,
    /// For spreadsheets: comma-separated values
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum FailOn {
    High,
    Medium,
    Low,
    Info,
    Never,
}
