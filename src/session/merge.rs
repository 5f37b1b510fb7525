//! The results of all inputs as one report, in path order; what several roots share is reported once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Linted;
use crate::config::Settings;
use crate::engine::Known;
use crate::lint::{
    Affected, Baselined, Completeness, DocumentStatus, Failure, Finding, Record, Report, Suppressed,
    Suppression,
};
use crate::rules::UNUSED_SUPPRESSION;

/// Joins the results with the errors of the run itself. Without any document the rules are those of `settings`.
pub(super) fn report(
    mut linted: Vec<Linted>,
    errors: Vec<Failure>,
    settings: &Settings,
    known: Option<&Known>,
) -> (Report, Record) {
    linted.sort_by(|a, b| a.document.path.cmp(&b.document.path));
    let (mut linted, others): (Vec<_>, Vec<_>) = linted.into_iter().partition(|one| one.is_affected);
    // What documents that the run is not about have a use for is not known.
    let elsewhere: FxHashSet<_> = others.into_iter().flat_map(|other| other.document.files).collect();
    let reached: FxHashSet<_> =
        linted.iter().flat_map(|linted| linted.document.files.iter().cloned()).collect();
    let mut report = Report { errors, ..Report::default() };
    let mut record = Record::default();
    let useful: FxHashSet<(String, u32)> =
        linted.iter_mut().flat_map(|linted| std::mem::take(&mut linted.outcome.useful)).collect();
    let mut suppressed: FxHashSet<u64> = FxHashSet::default();
    let mut directives: BTreeMap<(String, u32, u32), (Suppression, FxHashSet<u64>)> = BTreeMap::new();
    report.findings.reserve_exact(linted.iter().map(|linted| linted.outcome.findings.len()).sum());
    let mut said: FxHashSet<_> = report.errors.iter().map(key).collect();
    let mut seen: FxHashMap<(String, String), usize> = FxHashMap::default();
    let mut accepted: Vec<Suppressed> = Vec::new();
    // What could not be looked at may have a use for what is said in the configuration.
    let is_whole = report.errors.is_empty()
        && linted.iter().all(|one| one.document.status != DocumentStatus::Failed && !one.document.incomplete);
    for mut one in linted {
        record.entries.append(&mut one.outcome.record);
        let is_partial = one.document.incomplete || !one.outcome.failures.is_empty();
        let completeness = if is_partial { Completeness::Partial } else { Completeness::Complete };
        record.documents.insert(one.document.path.clone(), completeness);
        // A file that is no document itself but part of one was linted with that.
        if one.document.status == DocumentStatus::Skipped && reached.contains(&one.document.path) {
            continue;
        }
        match one.document.status {
            DocumentStatus::Linted => report.summary.linted += 1,
            DocumentStatus::Skipped => report.summary.skipped += 1,
            DocumentStatus::Failed => report.summary.failed += 1,
        }
        for (rule, (nodes, occurrences)) in &one.outcome.applied {
            let total = report.statistics.rules.entry(rule).or_default();
            *total = (total.0 + nodes, total.1 + occurrences);
        }
        report.statistics.operations += one.operations;
        report.statistics.bytes += one.bytes;
        report.timings.read += one.timings[0];
        report.timings.parse += one.timings[1];
        report.timings.model += one.timings[2];
        report.timings.rules += one.outcome.timings.0;
        report.timings.findings += one.outcome.timings.1;
        suppressed.extend(one.outcome.suppressed);
        for (suppression, covered) in one.outcome.suppressions {
            add(&mut directives, suppression, covered);
        }
        // What has no effect seen from one root may have one seen from another.
        let is_certain = |finding: &Finding| {
            let path = &finding.location.path;
            let is_of_document = *path == one.document.path || one.document.files.contains(path);
            let has_use = || useful.contains(&(path.clone(), finding.location.bytes.start));
            let is_judged = (is_whole || is_of_document) && !elsewhere.contains(path);
            finding.rule != UNUSED_SUPPRESSION.id || is_judged && !has_use()
        };
        accepted.extend(one.outcome.accepted.into_iter().filter(|accepted| is_certain(&accepted.finding)));
        for finding in one.outcome.findings.into_iter().filter(is_certain) {
            // Only what is part of a document, or governs it, can be so for several.
            let is_own = finding.location.path == one.document.path;
            if is_own && !reached.contains(&finding.location.path) {
                report.findings.push(finding);
                continue;
            }
            let key = (finding.location.path.clone(), finding.fingerprint.clone());
            match seen.get(&key) {
                Some(&index) => share(&mut report.findings[index], finding),
                None => {
                    seen.insert(key, report.findings.len());
                    report.findings.push(finding);
                }
            }
        }
        for failure in one.outcome.failures {
            if said.insert(key(&failure)) {
                report.errors.push(failure);
            }
        }
        report.documents.push(one.document);
    }
    report.summary.suppressed = suppressed.len();
    report.suppressed = Some(distinct(accepted, &report.findings));
    report.suppressions = directives.into_values().map(|(suppression, _)| suppression).collect();
    if report.summary.linted == 0 {
        let rules = settings.plan.rules().iter();
        report.statistics.rules = rules.map(|planned| (planned.rule.id, (0, 0))).collect();
    }
    for finding in &report.findings {
        report.summary.findings[finding.severity as usize] += 1;
    }
    record.settle();
    if let Some(known) = known {
        report.summary.baselined = baselined(&record, known);
    }
    (report, record)
}

/// What is accepted, each once. What is reported seen from another root is not accepted.
fn distinct(accepted: Vec<Suppressed>, reported: &[Finding]) -> Vec<Suppressed> {
    if accepted.is_empty() {
        return accepted;
    }
    let key = |finding: &Finding| (finding.location.path.clone(), finding.fingerprint.clone());
    let reported: FxHashSet<_> = reported.iter().map(key).collect();
    let mut seen: FxHashMap<(String, String), usize> = FxHashMap::default();
    let mut all: Vec<Suppressed> = Vec::new();
    for one in accepted {
        let key = key(&one.finding);
        if reported.contains(&key) {
            continue;
        }
        match seen.get(&key) {
            Some(&index) => {
                let known = &mut all[index];
                share(&mut known.finding, one.finding);
                for by in one.by {
                    if !known.by.iter().any(|other| other.is(&by)) {
                        known.by.push(by);
                    }
                }
            }
            None => {
                seen.insert(key, all.len());
                all.push(one);
            }
        }
    }
    all
}

/// What would be reported if nothing were known.
fn baselined(record: &Record, known: &Known) -> Baselined {
    let mut baselined = Baselined::default();
    for found in record.entries.iter().filter(|found| found.is_known) {
        let (Some(severity), Some(entry)) = (found.reported, found.entry) else { continue };
        baselined.by_severity[severity as usize] += 1;
        let since = [baselined.oldest, known.entries()[entry].since];
        baselined.oldest = since.into_iter().flatten().min();
    }
    baselined
}

/// Adds a directive; one in a file that several roots share is listed once.
fn add(
    directives: &mut BTreeMap<(String, u32, u32), (Suppression, FxHashSet<u64>)>,
    suppression: Suppression,
    covered: Vec<u64>,
) {
    let location = &suppression.directive.location;
    let key = (location.path.clone(), location.bytes.start, location.bytes.end);
    match directives.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert((suppression, covered.into_iter().collect()));
        }
        Entry::Occupied(mut entry) => {
            let (known, all) = entry.get_mut();
            let public = suppression.occurrences - covered.len();
            known.occurrences -= all.len();
            all.extend(covered);
            known.occurrences += all.len() + public;
        }
    }
}

/// What makes two errors the same.
fn key(failure: &Failure) -> (&'static str, String, Option<u32>, String) {
    let start = failure.location.as_ref().map(|location| location.bytes.start);
    (failure.rule, failure.path.clone(), start, failure.message.clone())
}

/// The same problem seen from another root.
fn share(finding: &mut Finding, other: Finding) {
    finding.roots.extend(other.roots);
    finding.severity = finding.severity.max(other.severity);
    let shown = Affected::<()>::SHOWN;
    let more = other
        .affected
        .items
        .into_iter()
        .filter(|item| !finding.affected.items.contains(item))
        .collect::<Vec<_>>();
    finding.affected.items.extend(more);
    finding.affected.items.truncate(shown);
    finding.affected.count += other.affected.count;
    finding.operation = None;
}
