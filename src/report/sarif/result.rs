//! A finding as SARIF writes it.

use serde::Serialize;

use super::place::{Location, location_of};
use super::suppression::Suppression;
use super::{PREFIX, Setting, Text, sentences};
use crate::lint::{Acceptance, Finding};
use crate::report::level;

/// A `result`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result<'a> {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_flows: Option<[CodeFlow<'a>; 1]>,
    partial_fingerprints: Fingerprints<'a>,
    /// None of a finding that is reported. On all results or on none (SARIF §3.27.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'a>>>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow<'a> {
    thread_flows: [ThreadFlow<'a>; 1],
}

#[derive(Serialize)]
struct ThreadFlow<'a> {
    locations: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    location: Location<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints<'a> {
    /// By which GitHub knows an alert again.
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_location_line_hash: Option<String>,
    #[serde(rename = "oasguard/v1")]
    own: &'a str,
}

#[derive(Serialize)]
struct Properties<'a> {
    severity: &'static str,
    confidence: &'static str,
    profile: &'static str,
    affected: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<String>,
    roots: &'a [String],
}

/// How many places of one result GitHub keeps.
const PLACES: usize = 100;

/// How many steps of one flow GitHub keeps.
const STEPS: usize = 1_000;

impl<'a> Result<'a> {
    pub(super) fn of(
        finding: &'a Finding,
        accepted_by: Option<&'a [Acceptance]>,
        rule_index: Option<usize>,
        setting: &Setting<'_>,
    ) -> Result<'a> {
        let here = || location_of(&finding.location, setting);
        let main = here().with_message(&finding.label);
        Result {
            rule_id: format!("{PREFIX}{}", finding.rule),
            rule_index,
            level: level(finding.severity).sarif,
            message: Text::of(sentences(&finding.message, &finding.help)),
            locations: [main.with_names(&finding.location, finding.operation.as_ref())],
            related_locations: related(finding, setting),
            code_flows: code_flow(finding, setting),
            partial_fingerprints: Fingerprints {
                primary_location_line_hash: finding.location.line_hash.map(|hash| hash.to_string()),
                own: &finding.fingerprint,
            },
            suppressions: accepted_by.map(|by| by.iter().map(|by| Suppression::of(by, setting)).collect()),
            properties: Properties {
                severity: level(finding.severity).json,
                confidence: finding.confidence.name(),
                profile: finding.profile.name(),
                affected: finding.affected.count,
                operations: finding.affected.items.iter().map(ToString::to_string).collect(),
                roots: &finding.roots,
            },
        }
    }
}

/// Further places: those that the rule names, then those that were rolled up.
fn related<'a>(finding: &'a Finding, setting: &Setting<'_>) -> Vec<Location<'a>> {
    let labels = finding
        .related
        .iter()
        .map(|label| location_of(&label.location, setting).with_message(&label.message));
    let others = finding.occurrences.items.iter().filter(|place| **place != finding.location);
    let others = others.map(|place| location_of(place, setting).with_message("also found here"));
    let all = labels.chain(others).take(PLACES - 1);
    all.enumerate().map(|(number, location)| location.numbered(number + 1)).collect()
}

/// The reasons, and where they lead.
fn code_flow<'a>(finding: &'a Finding, setting: &Setting<'_>) -> Option<[CodeFlow<'a>; 1]> {
    if finding.because.is_empty() {
        return None;
    }
    let reasons = finding.because.iter().map(|reason| (&reason.location, reason.message.as_str()));
    let steps = reasons.take(STEPS - 1).chain([(&finding.location, finding.message.as_str())]);
    let steps =
        steps.map(|(place, message)| Step { location: location_of(place, setting).with_message(message) });
    Some([CodeFlow { thread_flows: [ThreadFlow { locations: steps.collect() }] }])
}
