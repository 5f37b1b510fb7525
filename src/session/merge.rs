//! The results of all inputs as one report, in path order; what several roots share is reported once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Linted;
use crate::config::Plan;
use crate::lint::{Affected, DocumentStatus, Finding, Report};

/// Joins the results.
pub(super) fn report(mut linted: Vec<Linted>, plan: &Plan) -> Report {
    linted.sort_by(|a, b| a.document.path.cmp(&b.document.path));
    let reached: FxHashSet<_> =
        linted.iter().flat_map(|linted| linted.document.files.iter().cloned()).collect();
    let mut report = Report::default();
    for planned in plan.rules() {
        report.statistics.rules.insert(planned.rule.id, (0, 0));
    }
    let mut known: FxHashMap<(String, String), usize> = FxHashMap::default();
    for one in linted {
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
        for finding in one.outcome.findings {
            let key = (finding.location.path.clone(), finding.fingerprint.clone());
            match known.get(&key) {
                Some(&index) => share(&mut report.findings[index], finding),
                None => {
                    known.insert(key, report.findings.len());
                    report.findings.push(finding);
                }
            }
        }
        for failure in one.outcome.failures {
            let same = |other: &crate::lint::Failure| {
                (other.rule, &other.path, &other.message) == (failure.rule, &failure.path, &failure.message)
            };
            if !report.errors.iter().any(same) {
                report.errors.push(failure);
            }
        }
        report.documents.push(one.document);
    }
    for finding in &report.findings {
        report.summary.findings[finding.severity as usize] += 1;
    }
    report
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
