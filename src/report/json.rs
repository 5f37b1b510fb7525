//! The JSON report, version 1: frozen types of its own, so that a change of ours never changes the format by accident.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use super::layout::Layout;
use super::level;
use crate::lint;

/// Writes the report as `schemas/report-v1.schema.json` describes it. Every order is the report's, nothing depends on
/// the clock or the machine; each part is written as it is made, so that the text never stands in memory as a whole.
pub fn json(report: &lint::Report, out: &mut dyn Write) -> io::Result<()> {
    pretty(&Report::of(report), out)
}

/// Writes a value as JSON that is safe on a terminal: what acts there is escaped.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Layout::LINES))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a value as one line of JSON, safe like the above. Line breaks within texts are escaped by JSON itself.
pub(super) fn compact(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Layout::LINE))?;
    out.write_all(b"\n")
}

/// The version of the format.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    documents: Each<'a, lint::DocumentReport, Document<'a>>,
    findings: Each<'a, lint::Finding, Finding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<Each<'a, lint::Suppressed, Suppressed<'a>>>,
    errors: Each<'a, lint::Failure, Error<'a>>,
    suppressions: Each<'a, lint::Suppression, Suppression<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison<'a>>,
    summary: Summary,
}

impl Report<'_> {
    fn of(report: &lint::Report) -> Report<'_> {
        Report {
            version: VERSION,
            tool: Tool::this(),
            documents: Each(&report.documents, Document::of),
            findings: Each(&report.findings, Finding::of),
            suppressed: report.suppressed.as_deref().map(|all| Each(all, Suppressed::of as fn(_) -> _)),
            errors: Each(&report.errors, Error::of),
            suppressions: Each(&report.suppressions, Suppression::of),
            comparison: report.comparison.as_ref().map(Comparison::of),
            summary: Summary::of(&report.summary),
        }
    }
}

/// What the report is compared with.
#[derive(Serialize)]
pub(super) struct Comparison<'a> {
    base: &'a str,
    commit: &'a str,
    silenced: Each<'a, lint::Silenced, Silenced<'a>>,
}

#[derive(Serialize)]
struct Silenced<'a> {
    by: &'static str,
    path: &'a str,
    line: Option<u32>,
    what: &'a str,
    reason: Option<&'a str>,
}

impl Comparison<'_> {
    pub(super) fn of(comparison: &lint::Comparison) -> Comparison<'_> {
        Comparison {
            base: &comparison.base,
            commit: &comparison.commit,
            silenced: Each(&comparison.silenced, |one| Silenced {
                by: one.by.name(),
                path: &one.path,
                line: one.line,
                what: &one.what,
                reason: one.reason.as_deref(),
            }),
        }
    }
}

/// Writes directives as `schemas/suppressions-v1.schema.json` describes it.
pub fn suppressions(directives: &[lint::Suppression], out: &mut dyn Write) -> io::Result<()> {
    let suppressions = Each(directives, Suppression::of);
    pretty(&Suppressions { version: VERSION, tool: Tool::this(), suppressions }, out)
}

#[derive(Serialize)]
struct Suppressions<'a> {
    version: u32,
    tool: Tool,
    suppressions: Each<'a, lint::Suppression, Suppression<'a>>,
}

/// Members that are turned into their frozen form one at a time, as they are written.
struct Each<'a, T, U>(&'a [T], fn(&'a T) -> U);

impl<T, U: Serialize> Serialize for Each<'_, T, U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// A text of a finding, of which there are many. Of a `str` `serde_json` looks at each byte by itself, which made a fifth
/// of the cost of a report; what are bytes to it [`Layout`] writes as the text that they are.
struct Text<'a>(&'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_bytes())
    }
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) fn this() -> Tool {
        Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
pub(super) struct Document<'a> {
    path: &'a str,
    status: &'static str,
    openapi: Option<&'a str>,
    reason: Option<&'a str>,
    operations: usize,
    files: &'a [String],
    incomplete: bool,
    public: Public<'a>,
}

impl Document<'_> {
    pub(super) fn of(document: &lint::DocumentReport) -> Document<'_> {
        let public = &document.public;
        Document {
            path: &document.path,
            status: document.status.name(),
            openapi: document.openapi.as_deref(),
            reason: document.reason.as_deref(),
            operations: document.operations,
            files: &document.files,
            incomplete: document.incomplete,
            public: Public {
                count: public.count,
                operations: Each(&public.operations, |(operation, reason)| PublicOperation {
                    operation: Operation::of(operation),
                    reason,
                }),
                truncated: public.count > public.operations.len(),
            },
        }
    }
}

#[derive(Serialize)]
struct Public<'a> {
    count: usize,
    operations: Each<'a, (lint::OperationName, String), PublicOperation<'a>>,
    truncated: bool,
}

#[derive(Serialize)]
struct PublicOperation<'a> {
    operation: Operation<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    rule: Text<'a>,
    category: Text<'a>,
    severity: Text<'a>,
    confidence: Text<'a>,
    profile: Text<'a>,
    message: Text<'a>,
    help: Text<'a>,
    location: Location<'a>,
    related: Each<'a, lint::Label, Label<'a>>,
    because: Each<'a, lint::Label, Label<'a>>,
    operation: Option<Operation<'a>>,
    affected: Affected<'a>,
    occurrences: Occurrences<'a>,
    roots: Each<'a, String, Text<'a>>,
    owasp: Each<'a, &'static str, Text<'a>>,
    cwe: Each<'a, u16, String>,
    fingerprint: Text<'a>,
    url: Text<'a>,
}

impl Finding<'_> {
    pub(super) fn of(finding: &lint::Finding) -> Finding<'_> {
        let lint::Finding { affected, occurrences, .. } = finding;
        Finding {
            rule: Text(finding.rule),
            category: Text(finding.category),
            severity: Text(level(finding.severity).json),
            confidence: Text(finding.confidence.name()),
            profile: Text(finding.profile.name()),
            message: Text(&finding.message),
            help: Text(&finding.help),
            location: Location::of(&finding.location),
            related: Each(&finding.related, Label::of),
            because: Each(&finding.because, Label::of),
            operation: finding.operation.as_ref().map(Operation::of),
            affected: Affected {
                count: affected.count,
                operations: Each(&affected.items, Operation::of),
                truncated: affected.is_truncated(),
            },
            occurrences: Occurrences {
                count: occurrences.count,
                items: Each(&occurrences.items, |location| Occurrence { location: Location::of(location) }),
                truncated: occurrences.is_truncated(),
            },
            roots: Each(&finding.roots, |root| Text(root)),
            owasp: Each(finding.owasp, |name| Text(name)),
            cwe: Each(finding.cwe, |number| format!("CWE-{number}")),
            fingerprint: Text(&finding.fingerprint),
            url: Text(&finding.url),
        }
    }
}

/// A finding that is accepted.
#[derive(Serialize)]
pub(super) struct Suppressed<'a> {
    finding: Finding<'a>,
    by: Each<'a, lint::Acceptance, Acceptance<'a>>,
}

/// Who accepts it.
#[derive(Serialize)]
struct Acceptance<'a> {
    /// How it is said: the spelling of a directive, or `baseline`.
    kind: &'static str,
    reason: Option<&'a str>,
    since: Option<String>,
    until: Option<String>,
    location: Option<Location<'a>>,
}

impl Suppressed<'_> {
    pub(super) fn of(suppressed: &lint::Suppressed) -> Suppressed<'_> {
        Suppressed {
            finding: Finding::of(&suppressed.finding),
            by: Each(&suppressed.by, |by| match by {
                lint::Acceptance::Directive(directive) => Acceptance {
                    kind: directive.spelling.name(),
                    reason: directive.reason.as_deref(),
                    since: None,
                    until: directive.until.map(|day| day.to_string()),
                    location: Some(Location::of(&directive.location)),
                },
                lint::Acceptance::Baseline(since) => Acceptance {
                    kind: "baseline",
                    reason: None,
                    since: Some(since.to_string()),
                    until: None,
                    location: None,
                },
            }),
        }
    }
}

#[derive(Serialize)]
struct Affected<'a> {
    count: usize,
    operations: Each<'a, lint::OperationName, Operation<'a>>,
    truncated: bool,
}

#[derive(Serialize)]
struct Occurrences<'a> {
    count: usize,
    items: Each<'a, lint::Location, Occurrence<'a>>,
    truncated: bool,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    location: Location<'a>,
}

#[derive(Serialize)]
struct Operation<'a> {
    kind: Text<'a>,
    method: Text<'a>,
    path: Text<'a>,
    name: Option<Text<'a>>,
    #[serde(rename = "operationId")]
    operation_id: Option<Text<'a>>,
}

impl Operation<'_> {
    fn of(operation: &lint::OperationName) -> Operation<'_> {
        Operation {
            kind: Text(operation.kind.name()),
            method: Text(&operation.method),
            path: Text(&operation.path),
            name: operation.name.as_deref().map(Text),
            operation_id: operation.operation_id.as_deref().map(Text),
        }
    }
}

#[derive(Serialize)]
struct Label<'a> {
    message: Text<'a>,
    location: Location<'a>,
}

impl Label<'_> {
    fn of(label: &lint::Label) -> Label<'_> {
        Label { message: Text(&label.message), location: Location::of(&label.location) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    path: Text<'a>,
    pointer: Text<'a>,
    part: Text<'a>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    byte_start: u32,
    byte_end: u32,
}

impl Location<'_> {
    fn of(location: &lint::Location) -> Location<'_> {
        Location {
            path: Text(&location.path),
            pointer: Text(&location.pointer),
            part: Text(match location.part {
                lint::Part::Key => "key",
                lint::Part::Value => "value",
            }),
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
            byte_start: location.bytes.start,
            byte_end: location.bytes.end,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Error<'a> {
    rule: &'a str,
    message: &'a str,
    help: &'a str,
    path: &'a str,
    location: Option<Location<'a>>,
    related: Each<'a, lint::Label, Label<'a>>,
}

impl Error<'_> {
    pub(super) fn of(failure: &lint::Failure) -> Error<'_> {
        Error {
            rule: failure.rule,
            message: &failure.message,
            help: &failure.help,
            path: &failure.path,
            location: failure.location.as_ref().map(Location::of),
            related: Each(&failure.related, Label::of),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Suppression<'a> {
    kind: &'static str,
    rules: &'a [String],
    spelling: &'static str,
    state: &'static str,
    reason: Option<&'a str>,
    until: Option<String>,
    occurrences: usize,
    location: Location<'a>,
}

impl Suppression<'_> {
    pub(super) fn of(suppression: &lint::Suppression) -> Suppression<'_> {
        let lint::Suppression { directive, names, standing, occurrences } = suppression;
        Suppression {
            kind: match directive.what {
                lint::Claim::Ignore(_) => "ignore",
                lint::Claim::Public => "public",
            },
            rules: names,
            spelling: directive.spelling.name(),
            state: standing.name(),
            reason: directive.reason.as_deref(),
            until: directive.until.map(|day| day.to_string()),
            occurrences: *occurrences,
            location: Location::of(&directive.location),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Summary {
    documents: Documents,
    findings: Findings,
    suppressed: usize,
    baselined: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
}

#[derive(Serialize)]
struct Baseline {
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
    oldest: Option<String>,
}

impl Baseline {
    fn of(known: &lint::Baselined) -> Baseline {
        Baseline {
            high: known.of(lint::Severity::High),
            medium: known.of(lint::Severity::Medium),
            low: known.of(lint::Severity::Low),
            info: known.of(lint::Severity::Info),
            oldest: known.oldest.map(|day| day.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Documents {
    linted: usize,
    skipped: usize,
    failed: usize,
}

#[derive(Serialize)]
struct Findings {
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

impl Summary {
    pub(super) fn of(summary: &lint::Summary) -> Summary {
        Summary {
            documents: Documents { linted: summary.linted, skipped: summary.skipped, failed: summary.failed },
            findings: Findings {
                high: summary.of(lint::Severity::High),
                medium: summary.of(lint::Severity::Medium),
                low: summary.of(lint::Severity::Low),
                info: summary.of(lint::Severity::Info),
            },
            suppressed: summary.suppressed,
            baselined: summary.baselined.count(),
            baseline: (summary.baselined.count() > 0).then(|| Baseline::of(&summary.baselined)),
        }
    }
}
