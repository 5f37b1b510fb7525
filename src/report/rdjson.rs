//! The report in the diagnostic format of reviewdog, which turns it into comments of a review.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::json::pretty;
use super::{ERROR, level, visible};
use crate::lint;
use crate::lint::{Failure, Finding, Report};

/// Writes a `DiagnosticResult` with each error and then each finding. Paths are relative to the working directory, in
/// which reviewdog runs as well; columns count bytes, those of a byte order mark included, and ends are exclusive.
pub fn rdjson(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let source = Source { name: env!("CARGO_PKG_NAME"), url: env!("CARGO_PKG_REPOSITORY") };
    pretty(&DiagnosticResult { source, diagnostics: Diagnostics(report) }, out)
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Diagnostics<'a>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

/// All diagnostics, made one at a time as they are written.
struct Diagnostics<'a>(&'a Report);

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Diagnostics(report) = self;
        let errors = report.errors.iter().map(Diagnostic::of_failure);
        serializer.collect_seq(errors.chain(report.findings.iter().map(Diagnostic::of)))
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: std::borrow::Cow<'a, str>,
    location: Location<'a>,
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a Finding) -> Diagnostic<'a> {
        let because = finding.because.iter().map(Related::of);
        Diagnostic {
            message: message(&finding.message, &finding.help),
            location: Location::of(&finding.location),
            severity: level(finding.severity).rdjson,
            code: Code { value: finding.rule, url: &finding.url },
            related: because.chain(finding.related.iter().map(Related::of)).collect(),
        }
    }

    fn of_failure(failure: &'a Failure) -> Diagnostic<'a> {
        let whole_file = || Location { path: &failure.path, range: None };
        Diagnostic {
            message: message(&failure.message, &failure.help),
            location: failure.location.as_ref().map_or_else(whole_file, Location::of),
            severity: ERROR.rdjson,
            code: Code { value: failure.rule, url: "" },
            related: failure.related.iter().map(Related::of).collect(),
        }
    }
}

fn message(message: &str, help: &str) -> String {
    match help {
        "" => visible(message).into_owned(),
        help => format!("{}\nhelp: {}", visible(message), visible(help)),
    }
}

impl<'a> Location<'a> {
    fn of(location: &'a lint::Location) -> Location<'a> {
        let start = Position { line: location.start.line, column: location.columns.start.bytes };
        let end = Position { line: location.end.line, column: location.columns.end.bytes };
        Location { path: &location.path, range: Some(Range { start, end }) }
    }
}

impl<'a> Related<'a> {
    fn of(label: &'a lint::Label) -> Related<'a> {
        Related { message: visible(&label.message), location: Location::of(&label.location) }
    }
}
