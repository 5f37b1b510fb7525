//! Makes findings of what is accepted, for reports that list that as well.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::check::RuleResult;
use super::record::Sightings;
use super::{Known, Locator, rollup, suppress};
use crate::lint::{Acceptance, Date, Occurrence, Rule, Silence, Suppressed, Suppression};
use crate::model::Api;

/// Who accepts what.
pub(super) struct Acceptances<'s, 'a> {
    api: &'a Api<'a>,
    suppressions: &'s [(Suppression, Vec<u64>)],
    /// The numbers of the directives that cover an occurrence, by its identity.
    directives: FxHashMap<u64, Vec<usize>>,
    known: Option<(&'s Known, &'s Sightings)>,
}

/// One who accepts, as one of many.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Directive(usize),
    Baseline(Date),
}

impl<'s, 'a> Acceptances<'s, 'a> {
    pub(super) fn of(
        api: &'a Api<'a>,
        suppressions: &'s [(Suppression, Vec<u64>)],
        known: Option<&'s Known>,
        sightings: Option<&'s Sightings>,
    ) -> Acceptances<'s, 'a> {
        let mut directives: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (number, (_, covered)) in suppressions.iter().enumerate() {
            covered.iter().for_each(|&identity| directives.entry(identity).or_default().push(number));
        }
        Acceptances { api, suppressions, directives, known: known.zip(sightings) }
    }

    /// Who accepts an occurrence that is silenced. What was merely there at a revision nobody accepts.
    fn by(&self, rule: &Rule, occurrence: &Occurrence<'a>) -> Vec<By> {
        match occurrence.silence {
            Some(Silence::Suppressed) => {
                let identity = suppress::identity(self.api, rule.id, rule.scope, occurrence);
                let directives = self.directives.get(&identity).into_iter().flatten();
                directives.map(|&number| By::Directive(number)).collect()
            }
            Some(Silence::Known) => {
                let since = self.known.and_then(|(known, sightings)| {
                    let found = sightings.entries[occurrence.position].as_ref()?;
                    known.entries()[found.entry?].since
                });
                since.into_iter().map(By::Baseline).collect()
            }
            None => Vec::new(),
        }
    }

    fn named(&self, by: By) -> Acceptance {
        match by {
            By::Directive(number) => {
                Acceptance::Directive(Box::new(self.suppressions[number].0.directive.clone()))
            }
            By::Baseline(since) => Acceptance::Baseline(since),
        }
    }
}

/// Rolls up the occurrences that were taken out of the results, most severe first.
pub(super) fn findings<'a>(
    results: &mut [RuleResult<'a>],
    silenced: Vec<Vec<Occurrence<'a>>>,
    acceptances: &Acceptances<'_, 'a>,
    locator: &mut Locator<'a>,
) -> Vec<Suppressed> {
    for (result, mut silenced) in results.iter_mut().zip(silenced) {
        silenced.retain(|occurrence| !acceptances.by(result.planned.rule, occurrence).is_empty());
        result.sink.occurrences = silenced;
    }
    let clusters = results.iter().flat_map(rollup::clusters);
    let all = clusters.map(|cluster| {
        let occurrences = cluster.occurrences.iter();
        let by: BTreeSet<By> =
            occurrences.flat_map(|occurrence| acceptances.by(cluster.rule, occurrence)).collect();
        let finding = rollup::finding_of(acceptances.api, &cluster, locator);
        Suppressed { finding, by: by.into_iter().map(|by| acceptances.named(by)).collect() }
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| rollup::order(&a.finding, &b.finding));
    all
}
