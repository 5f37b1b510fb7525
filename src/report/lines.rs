//! The JSON report in lines: the frozen types of version 1, one object a line, for programs that read while we write.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::json::{
    Comparison, Document, Error, Finding, Summary, Suppressed, Suppression, Tool, VERSION, compact,
};
use crate::lint;

/// Writes the report as `schemas/report-lines-v1.schema.json` describes it: the tool, then each document followed by its
/// errors and findings in the order of the paths, what is accepted, the directives, what it is compared with, and last the summary, so that
/// a reader knows a report that was cut off.
pub fn json_lines(report: &lint::Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    compact(&Line::Tool { version: VERSION, tool: Tool::this() }, &mut out)?;
    for part in parts(report) {
        let line = match part {
            Part::Document(document) => Line::Document(Document::of(document)),
            Part::Error(failure) => Line::Error(Error::of(failure)),
            Part::Finding(finding) => Line::Finding(Finding::of(finding)),
        };
        compact(&line, &mut out)?;
    }
    for suppressed in report.suppressed.iter().flatten() {
        compact(&Line::Suppressed(Suppressed::of(suppressed)), &mut out)?;
    }
    for suppression in &report.suppressions {
        compact(&Line::Suppression(Suppression::of(suppression)), &mut out)?;
    }
    if let Some(comparison) = &report.comparison {
        compact(&Line::Comparison(Comparison::of(comparison)), &mut out)?;
    }
    compact(&Line::Summary(Summary::of(&report.summary)), &mut out)?;
    out.flush()
}

/// One line. `type` is a member of each, so no type of version 1 may ever have a member of that name.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[allow(clippy::large_enum_variant, reason = "one stands on the stack at a time")]
enum Line<'a> {
    Tool { version: u32, tool: Tool },
    Document(Document<'a>),
    Error(Error<'a>),
    Finding(Finding<'a>),
    Suppressed(Suppressed<'a>),
    Suppression(Suppression<'a>),
    Comparison(Comparison<'a>),
    Summary(Summary),
}

/// What has a path.
#[derive(Clone, Copy)]
enum Part<'a> {
    Document(&'a lint::DocumentReport),
    Error(&'a lint::Failure),
    Finding(&'a lint::Finding),
}

impl<'a> Part<'a> {
    /// The document to which it belongs, and its place among the parts of that.
    fn key(self) -> (&'a str, u8) {
        match self {
            Part::Document(document) => (&document.path, 0),
            Part::Error(failure) => (&failure.path, 1),
            Part::Finding(finding) => (finding.roots.first().unwrap_or(&finding.location.path), 2),
        }
    }
}

/// All parts in order; what belongs to one document stays in the report's order.
fn parts(report: &lint::Report) -> Vec<Part<'_>> {
    let documents = report.documents.iter().map(Part::Document);
    let errors = report.errors.iter().map(Part::Error);
    let findings = report.findings.iter().map(Part::Finding);
    let mut parts: Vec<Part<'_>> = documents.chain(errors).chain(findings).collect();
    parts.sort_by_key(|part| part.key());
    parts
}
