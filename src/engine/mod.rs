//! Applies rules to one document and turns what they say into findings:
//! check -> adjust -> record -> silence -> subsume -> roll up -> sort. It does not know which rules there are.

mod accepted;
mod adjust;
mod check;
mod failure;
mod identity;
mod known;
mod locate;
mod orders;
mod record;
mod rollup;
mod subsume;
mod suppress;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::lint::{Failure, Finding, Recorded, Silence, Suppressed, Suppression};
use crate::model::Api;

use accepted::Acceptances;
use check::RuleResult;
pub use identity::{fingerprint_of, identity_of};
pub use known::{Accepted, Known};
pub use locate::{Locator, operation_name};
pub use orders::{Excerpts, Inline, LineHashes, Orders, Recording, SuppressedFindings, Threads};
pub use rollup::sort;
use suppress::Applied;
pub use suppress::api;

/// What one document yields.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, most severe first.
    pub findings: Vec<Finding>,
    /// What is accepted, in the same order, if that was ordered.
    pub accepted: Vec<Suppressed>,
    /// What kept the document from being checked in full.
    pub failures: Vec<Failure>,
    /// Every occurrence, if that was ordered.
    pub record: Vec<Recorded>,
    /// For each rule: nodes it was applied to, and occurrences.
    pub applied: BTreeMap<&'static str, (usize, usize)>,
    /// References that lead nowhere.
    pub unresolved: usize,
    /// The directives that are about the document, each with the identities of the occurrences that it covers.
    pub suppressions: Vec<(Suppression, Vec<u64>)>,
    /// Where names of rules stand in directives that silenced something: path and byte offset.
    pub useful: Vec<(String, u32)>,
    /// The identities of the occurrences that would be reported if no directive silenced them.
    pub suppressed: FxHashSet<u64>,
    /// Time spent in rules and in making findings.
    pub timings: (std::time::Duration, std::time::Duration),
}

/// Checks a document.
pub fn check<'a>(api: &'a Api<'a>, orders: &Orders<'_>) -> Outcome {
    let started = std::time::Instant::now();
    let mut locator = Locator::new(api.document, orders.excerpts).with(orders.line_hashes);
    let mut failures = failure::of_references(api, &mut locator);
    let unresolved = api.document.unresolved_references();
    let is_recorded = orders.known.is_some() || orders.recording == Recording::Keep;
    let mut results = check::apply(api, orders.rules, orders.threads, is_recorded);
    let in_rules = started.elapsed();
    let mut applied = BTreeMap::new();
    for result in &results {
        let said = result.sink.occurrences.iter().filter(|occurrence| !occurrence.is_latent);
        applied.insert(result.planned.rule.id, (result.nodes, said.count()));
        failures
            .extend(result.panic.as_ref().map(|panic| failure::of_panic(api, result.planned.rule, panic)));
    }
    adjust::adjust(api, &mut results, orders.adjustments);
    let is_complete = unresolved == 0 && !api.has_too_many_operations;
    let Applied { mut suppressions, useful } =
        suppress::apply(api, orders, &mut results, is_complete, &mut locator);
    let mut sightings = is_recorded.then(|| record::sight(api, &mut results, &mut locator.descent));
    if let Some(sightings) = &mut sightings {
        sightings.forget_suppressed(&results);
        if let Some(known) = orders.known {
            known::mark(api, known, &mut results, sightings, &mut locator.descent);
        }
    }
    rollup::drop_hidden(&mut results);
    subsume::subsume(&mut results);
    let suppressed = suppressed(api, &results);
    suppressions.iter_mut().for_each(|suppression| count(suppression, &suppressed));
    if let Some(sightings) = &mut sightings {
        sightings.note_reported(&results);
    }
    let silenced = rollup::take_silenced(&mut results);
    let mut findings = rollup::findings(api, &mut results, &mut locator);
    identity::make_unique(&mut findings);
    rollup::sort(&mut findings);
    let mut accepted = Vec::new();
    if orders.accepted == SuppressedFindings::Keep {
        let acceptances = Acceptances::of(api, &suppressions, orders.known, sightings.as_ref());
        accepted = accepted::findings(&mut results, silenced, &acceptances, &mut locator);
        identity::make_unique_beside(&findings, &mut accepted);
    }
    failures.extend(failure::of_usage(api));
    let timings = (in_rules, started.elapsed() - in_rules);
    let record = sightings.map_or_else(Vec::new, |all| all.entries.into_iter().flatten().collect());
    Outcome {
        findings,
        accepted,
        failures,
        record,
        applied,
        unresolved,
        suppressions,
        useful,
        suppressed,
        timings,
    }
}

/// The identities of the occurrences that directives silence.
fn suppressed(api: &Api<'_>, results: &[RuleResult<'_>]) -> FxHashSet<u64> {
    let mut identities = FxHashSet::default();
    for RuleResult { planned, sink, .. } in results {
        let silenced = sink.occurrences.iter().filter(|one| one.silence == Some(Silence::Suppressed));
        identities
            .extend(silenced.map(|one| suppress::identity(api, planned.rule.id, planned.rule.scope, one)));
    }
    identities
}

/// Counts what a directive covers, without what would not be reported anyway.
fn count((suppression, covered): &mut (Suppression, Vec<u64>), suppressed: &FxHashSet<u64>) {
    let public = suppression.occurrences - covered.len();
    covered.retain(|identity| suppressed.contains(identity));
    suppression.occurrences = covered.len() + public;
}
