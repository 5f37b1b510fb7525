//! The report as a table for spreadsheets: comma-separated values (RFC 4180).

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::visible::{path_at_start, visible};
use super::{ERROR, level};
use crate::lint::{Failure, Finding, Report};

/// What the columns hold. New ones are added at the end.
const COLUMNS: [&str; 16] = [
    "path", "line", "column", "end_line", "end_column", "severity", "confidence", "rule", "category",
    "message", "help", "operation", "owasp", "cwe", "fingerprint", "url",
];

/// Writes a line with the names of the columns, then a line for each error and each finding.
pub fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut builder = WriterBuilder::new();
    let mut out = builder.terminator(Terminator::CRLF).quote_style(QuoteStyle::Necessary).from_writer(out);
    out.write_record(COLUMNS)?;
    for failure in &report.errors {
        out.write_record(of_failure(failure).iter().map(|value| cell(value).into_owned()))?;
    }
    for finding in &report.findings {
        out.write_record(of_finding(finding).iter().map(|value| cell(value).into_owned()))?;
    }
    out.flush()
}

type Row = [String; COLUMNS.len()];

fn of_finding(finding: &Finding) -> Row {
    let location = &finding.location;
    let cwe: Vec<_> = finding.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    [
        path_at_start(&location.path).into_owned(),
        location.start.line.to_string(),
        location.start.column.to_string(),
        location.end.line.to_string(),
        location.end.column.to_string(),
        level(finding.severity).full.to_owned(),
        finding.confidence.name().to_owned(),
        finding.rule.to_owned(),
        finding.category.to_owned(),
        finding.message.clone(),
        finding.help.clone(),
        finding.operation.as_ref().map_or(String::new(), ToString::to_string),
        finding.owasp.join("; "),
        cwe.join("; "),
        finding.fingerprint.clone(),
        finding.url.clone(),
    ]
}

fn of_failure(failure: &Failure) -> Row {
    let mut row = Row::default();
    row[0] = path_at_start(&failure.path).into_owned();
    if let Some(location) = &failure.location {
        let (start, end) = (location.start, location.end);
        let numbers = [start.line, start.column, end.line, end.column];
        row[0] = path_at_start(&location.path).into_owned();
        row[1..5].iter_mut().zip(numbers).for_each(|(cell, number)| *cell = number.to_string());
    }
    row[5] = ERROR.full.to_owned();
    row[7] = failure.rule.to_owned();
    row[9].clone_from(&failure.message);
    row[10].clone_from(&failure.help);
    row
}

/// A value that a spreadsheet takes for text: what starts like a formula gets an apostrophe in front, as OWASP advises
/// against CSV injection. Line breaks become visible, so that a row is a line.
fn cell(value: &str) -> Cow<'_, str> {
    let text = visible(value);
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    // What controls the terminal is a picture by now, but a reader may turn it back.
    let is_formula = is_formula || value.starts_with(|first: char| first.is_control());
    if is_formula { format!("'{text}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'␉=1"),
            ("\r=1", "'␍=1"),
            (" =1", "' =1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("`-1`", "`-1`"),
            ("", ""),
        ] {
            assert_eq!(cell(value), expected, "{value:?}");
        }
    }
}
