//! SARIF 2.1.0, as GitHub's code scanning and other dashboards read it.

mod descriptor;
mod place;
mod result;
mod suppression;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::json::pretty;
use super::statistics::counted;
use super::{Setting, by_severity, severest_first, visible};
use crate::lint::{DocumentStatus, Failure, Report, Rule};
use descriptor::Descriptor;
use place::{Location, location_of, whole_file};
use result::Result;

/// How many results GitHub shows of one run.
pub const SARIF_RESULTS: usize = 5_000;

/// Before the ids of rules and errors, so that they are nobody else's.
const PREFIX: &str = concat!(env!("CARGO_PKG_NAME"), "/");

/// Writes one run. Of more than [`SARIF_RESULTS`] findings the most severe ones are written, and a notification says how
/// many are missing. What is accepted follows, if the report has it, each with who accepts it.
pub fn sarif(report: &Report, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
    let ran = |rule: &&&'static Rule| report.statistics.rules.contains_key(rule.id);
    let rules: Vec<_> = setting.rules.iter().filter(ran).copied().collect();
    let index = |id: &str| rules.iter().position(|rule| rule.id == id);
    let results = Each(|| {
        let own = report.suppressed.as_ref().map(|_| &[][..]);
        let reported = severest_first(&report.findings).map(move |finding| (finding, own));
        let suppressed = report.suppressed.as_deref().unwrap_or_default();
        let accepted = by_severity(suppressed, |one| one.finding.severity);
        let accepted = accepted.map(|one| (&one.finding, Some(one.by.as_slice())));
        let all = reported.chain(accepted).take(SARIF_RESULTS);
        all.map(|(finding, by)| Result::of(finding, by, index(finding.rule), setting))
    });
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: Each(|| rules.iter().map(|rule| Descriptor::of(rule))),
            },
        },
        automation_details: AutomationDetails { id: PREFIX },
        invocations: [Invocation {
            execution_successful: is_complete(report),
            tool_execution_notifications: notifications(report, setting),
        }],
        original_uri_base_ids: UriBaseIds {
            root: UriBase { description: Text::of("the root of the repository") },
        },
        column_kind: "utf16CodeUnits",
        results,
    };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<T> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [T; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a, D, R> {
    tool: Tool<D>,
    automation_details: AutomationDetails,
    invocations: [Invocation<'a>; 1],
    original_uri_base_ids: UriBaseIds,
    column_kind: &'static str,
    results: R,
}

#[derive(Serialize)]
struct Tool<D> {
    driver: Driver<D>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<D> {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: D,
}

/// The category of the analysis: everything before the last slash.
#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
struct UriBaseIds {
    #[serde(rename = "%SRCROOT%")]
    root: UriBase,
}

#[derive(Serialize)]
struct UriBase {
    description: Text<'static>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    descriptor: Reference,
    level: &'static str,
    message: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
}

/// Refers to a descriptor that is not in the file: errors have pages but are no rules.
#[derive(Serialize)]
struct Reference {
    id: String,
}

#[derive(Serialize)]
struct Text<'a> {
    text: std::borrow::Cow<'a, str>,
}

impl<'a> Text<'a> {
    fn of(text: impl Into<std::borrow::Cow<'a, str>>) -> Text<'a> {
        Text { text: text.into() }
    }
}

/// Members that are made one at a time, as they are written.
struct Each<F>(F);

impl<F: Fn() -> I, I: IntoIterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// How many findings of a report SARIF leaves out.
pub fn sarif_left_out(report: &Report) -> usize {
    let suppressed = report.suppressed.as_ref().map_or(0, Vec::len);
    (report.findings.len() + suppressed).saturating_sub(SARIF_RESULTS)
}

/// Whether everything was checked that was to be checked.
fn is_complete(report: &Report) -> bool {
    let has_failed = report.summary.failed > 0 || !report.errors.is_empty();
    !has_failed && report.documents.iter().all(|document| !document.incomplete)
}

/// What kept oasguard from checking everything, and what the file leaves out.
fn notifications<'a>(report: &'a Report, setting: &Setting<'_>) -> Vec<Notification<'a>> {
    let errors = report.errors.iter().map(|failure| of_failure(failure, setting));
    let linted = report.documents.iter().filter(|document| document.status == DocumentStatus::Linted);
    let incomplete = linted.filter(|document| document.incomplete).map(|document| {
        let path = visible(&document.path);
        let unresolved = counted(document.unresolved, "reference");
        let message = match document.unresolved {
            0 => format!("`{path}` was not checked as a whole."),
            _ => format!("`{path}` was not checked as a whole: {unresolved} could not be resolved."),
        };
        notification("incomplete", "error", message, vec![whole_file(&document.path, setting)])
    });
    let left_out = sarif_left_out(report);
    let left_out = (left_out > 0).then(|| {
        let (missing, shown) = (counted(left_out, "finding"), counted(SARIF_RESULTS, "finding"));
        let message = format!("{missing} left out: the {shown} that are most severe fill what GitHub shows.");
        notification("results-left-out", "warning", message, Vec::new())
    });
    errors.chain(incomplete).chain(left_out).collect()
}

fn of_failure<'a>(failure: &'a Failure, setting: &Setting<'_>) -> Notification<'a> {
    let place = match &failure.location {
        Some(location) => location_of(location, setting),
        None => whole_file(&failure.path, setting),
    };
    let message = sentences(&failure.message, &failure.help);
    notification(failure.rule, "error", message, vec![place])
}

fn notification<'a>(
    id: &str,
    level: &'static str,
    message: String,
    locations: Vec<Location<'a>>,
) -> Notification<'a> {
    let descriptor = Reference { id: format!("{PREFIX}{id}") };
    Notification { descriptor, level, message: Text::of(message), locations }
}

/// What is wrong and what to do, as sentences: the first one becomes the title of an alert.
fn sentences(message: &str, help: &str) -> String {
    let message = capitalized(&prose(message));
    if help.is_empty() { format!("{message}.") } else { format!("{message}. To fix: {}.", prose(help)) }
}

/// With a capital letter at the start, as a title.
fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + characters.as_str()
}

/// A text as a SARIF message shows it: brackets that could be read as a link are escaped (SARIF §3.11.6).
fn prose(text: &str) -> String {
    let text = visible(text);
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.into_owned()
    }
}
