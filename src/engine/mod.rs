//! Applies rules to one document and turns what they say into findings:
//! check -> occurrences -> silence -> subsume -> roll up -> sort. It does not know which rules there are.

mod check;
mod failure;
mod identity;
mod locate;
mod orders;
mod rollup;
mod subsume;

use std::collections::BTreeMap;

use crate::lint::{Failure, Finding};
use crate::model::Api;

pub use locate::{Locator, operation_name};
pub use orders::{Excerpts, Orders, Threads};

/// What one document yields.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, most severe first.
    pub findings: Vec<Finding>,
    /// What kept the document from being checked in full.
    pub failures: Vec<Failure>,
    /// For each rule: nodes it was applied to, and occurrences.
    pub applied: BTreeMap<&'static str, (usize, usize)>,
    /// References that lead nowhere.
    pub unresolved: usize,
    /// Time spent in rules and in making findings.
    pub timings: (std::time::Duration, std::time::Duration),
}

/// Checks a document.
pub fn check<'a>(api: &'a Api<'a>, orders: &Orders<'_>) -> Outcome {
    let started = std::time::Instant::now();
    let mut locator = Locator::new(api.document, orders.excerpts);
    let mut failures = failure::of_references(api, &mut locator);
    let unresolved = api.document.unresolved_references();
    let mut results = check::apply(api, orders.rules, orders.threads);
    let in_rules = started.elapsed();
    let mut applied = BTreeMap::new();
    for result in &results {
        applied.insert(result.planned.rule.id, (result.nodes, result.sink.occurrences.len()));
        failures
            .extend(result.panic.as_ref().map(|panic| failure::of_panic(api, result.planned.rule, panic)));
    }
    rollup::drop_hidden(&mut results);
    subsume::subsume(&mut results);
    rollup::drop_silenced(&mut results);
    let mut findings = rollup::findings(api, results, &mut locator);
    failures.extend(failure::of_usage(api));
    identity::make_unique(&mut findings);
    rollup::sort(&mut findings);
    let timings = (in_rules, started.elapsed() - in_rules);
    Outcome { findings, failures, applied, unresolved, timings }
}
