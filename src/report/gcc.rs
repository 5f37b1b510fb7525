//! The report as a C compiler writes it, which most editors and build systems can read.

use std::io::{self, BufWriter, Write};

use super::concise::place;
use super::visible::visible;
use super::{ERROR, level};
use crate::lint::Report;

/// Writes `path:line:column: warning: message [rule-id]` for each error and then each finding, and nothing else.
pub fn gcc(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for failure in &report.errors {
        let place = place(&failure.path, failure.location.as_ref());
        writeln!(out, "{place}: {}: {} [{}]", ERROR.gcc, visible(&failure.message), failure.rule)?;
    }
    for finding in &report.findings {
        let place = place(&finding.location.path, Some(&finding.location));
        let word = level(finding.severity).gcc;
        writeln!(out, "{place}: {word}: {} [{}]", visible(&finding.message), finding.rule)?;
    }
    out.flush()
}
