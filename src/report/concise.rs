//! The report in a line per finding, for logs, `grep` and editors: `path:line:column: high[rule-id] message`.

use std::io::{self, BufWriter, Write};

use super::visible::{path_at_start, visible};
use super::{ERROR, level};
use crate::lint::{Location, Report};

/// Writes each error and then each finding in one line, all of them, and nothing else.
pub fn concise(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for failure in &report.errors {
        let place = place(&failure.path, failure.location.as_ref());
        writeln!(out, "{place}: {}[{}] {}", ERROR.full, failure.rule, visible(&failure.message))?;
    }
    for finding in &report.findings {
        let place = place(&finding.location.path, Some(&finding.location));
        let word = level(finding.severity).full;
        writeln!(out, "{place}: {word}[{}] {}", finding.rule, visible(&finding.message))?;
    }
    out.flush()
}

/// What a line starts with: `path:line:column`, or `path` alone.
pub(super) fn place(path: &str, location: Option<&Location>) -> String {
    match location {
        Some(Location { path, start, .. }) => {
            format!("{}:{}:{}", path_at_start(path), start.line, start.column)
        }
        None => path_at_start(path).into_owned(),
    }
}
