//! The report in the form of Checkstyle, which many dashboards read.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use super::visible::visible;
use super::xml::safe;
use super::{ERROR, level};
use crate::lint::{DocumentStatus, Failure, Finding, Location, Report};

/// Writes each file with its errors and findings; a file without any has none. Paths are relative to the working
/// directory, columns count characters.
pub fn checkstyle(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(BufWriter::new(out), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("checkstyle").with_attribute(("version", VERSION));
    let files = files(report);
    if files.is_empty() {
        root.write_empty()?;
    } else {
        root.write_inner_content(|xml| {
            files.iter().try_for_each(|(path, entries)| file(path, entries, xml))
        })?;
    }
    let mut out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

/// The version of Checkstyle whose form this is.
const VERSION: &str = "8.0";

/// What is wrong in a file.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Failure(&'a Failure),
    Finding(&'a Finding),
}

/// The entries of each file, in the order of the report.
fn files(report: &Report) -> BTreeMap<&str, Vec<Entry<'_>>> {
    let mut files: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for document in report.documents.iter().filter(|document| document.status == DocumentStatus::Linted) {
        files.entry(&document.path).or_default();
    }
    for failure in &report.errors {
        let path = failure.location.as_ref().map_or(&failure.path, |location| &location.path);
        files.entry(path).or_default().push(Entry::Failure(failure));
    }
    for finding in &report.findings {
        files.entry(&finding.location.path).or_default().push(Entry::Finding(finding));
    }
    files
}

fn file<W: Write>(path: &str, entries: &[Entry<'_>], xml: &mut Writer<W>) -> io::Result<()> {
    let path = visible(path);
    let element = xml.create_element("file").with_attribute(("name", &*safe(&path)));
    if entries.is_empty() {
        element.write_empty()?;
    } else {
        element.write_inner_content(|xml| entries.iter().try_for_each(|entry| error(*entry, xml)))?;
    }
    Ok(())
}

fn error<W: Write>(entry: Entry<'_>, xml: &mut Writer<W>) -> io::Result<()> {
    let (location, severity, message, help) = match entry {
        Entry::Failure(failure) => {
            (failure.location.as_ref(), ERROR.checkstyle, &failure.message, &failure.help)
        }
        Entry::Finding(finding) => {
            (Some(&finding.location), level(finding.severity).checkstyle, &finding.message, &finding.help)
        }
    };
    let source = match entry {
        Entry::Failure(failure) => format!("{}.errors.{}", env!("CARGO_PKG_NAME"), failure.rule),
        Entry::Finding(finding) => {
            format!("{}.{}.{}", env!("CARGO_PKG_NAME"), finding.category, finding.rule)
        }
    };
    // What concerns a whole file is shown at its first line.
    let line = location.map_or(1, |location| location.start.line).to_string();
    let column = location.map(|Location { start, .. }| start.column.to_string());
    let message = match help.as_str() {
        "" => visible(message).into_owned(),
        help => format!("{}; {}", visible(message), visible(help)),
    };
    let element = xml.create_element("error").with_attribute(("line", line.as_str()));
    let column = column.as_deref().map(|column| ("column", column));
    element
        .with_attributes(column)
        .with_attribute(("severity", severity))
        .with_attribute(("message", &*safe(&message)))
        .with_attribute(("source", &*safe(&source)))
        .write_empty()?;
    Ok(())
}
