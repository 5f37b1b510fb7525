//! The identities of all occurrences of a document, before anything is grouped, hidden or made superfluous.

use super::check::RuleResult;
use super::identity::{self, Fingerprints};
use crate::lint::{Recorded, Silence};
use crate::model::Api;
use crate::source::FileId;
use crate::syntax::Descent;

/// What is recorded of each occurrence, by [position](crate::lint::Occurrence). Nothing of what a directive suppresses.
pub(super) struct Sightings {
    pub(super) entries: Vec<Option<Recorded>>,
    /// Of occurrences that have the same fingerprint at different places of a file: which one it is, from 1.
    pub(super) numbers: Vec<u32>,
}

/// Records every occurrence. Those of one rule at one place have one identity if they say the same.
pub(super) fn sight(api: &Api<'_>, results: &mut [RuleResult<'_>], descent: &mut Descent) -> Sightings {
    let files = api.document.files();
    let root = &files.file(FileId::ROOT).display;
    let mut fingerprints = Fingerprints::default();
    let mut entries = Vec::new();
    let mut places = Vec::new();
    for result in results {
        let rule = result.planned.rule;
        for occurrence in &mut result.sink.occurrences {
            occurrence.position = entries.len();
            let place = occurrence.place;
            let span = place.span();
            places.push((span.file, span.start, span.end));
            entries.push(Recorded {
                path: place.node.file_display().to_owned(),
                fingerprint: fingerprints.of(
                    files,
                    descent,
                    rule,
                    place,
                    &occurrence.details().discriminator,
                ),
                rule: rule.id,
                severity: occurrence.gravity,
                root: (span.file != FileId::ROOT).then(|| root.clone()),
                entry: None,
                is_known: false,
                reported: None,
            });
        }
    }
    let numbers = numbers(&entries, &places);
    for (entry, &number) in entries.iter_mut().zip(&numbers) {
        identity::number(&mut entry.fingerprint, number);
    }
    Sightings { entries: entries.into_iter().map(Some).collect(), numbers }
}

/// Numbers the places of equal fingerprints: two equal parameters in one list, say.
fn numbers(entries: &[Recorded], places: &[(FileId, u32, u32)]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let key = |at: usize| (places[at].0, &entries[at].fingerprint, places[at]);
    order.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
    let mut numbers = vec![1; entries.len()];
    for pair in order.windows(2) {
        let ((file, fingerprint, place), (next_file, next, next_place)) = (key(pair[0]), key(pair[1]));
        if (file, fingerprint) == (next_file, next) {
            numbers[pair[1]] = numbers[pair[0]] + u32::from(place != next_place);
        }
    }
    numbers
}

impl Sightings {
    /// Leaves out what directives suppress. It keeps its number, so that the others keep theirs.
    pub(super) fn forget_suppressed(&mut self, results: &[RuleResult<'_>]) {
        for occurrence in results.iter().flat_map(|result| &result.sink.occurrences) {
            if occurrence.silence == Some(Silence::Suppressed) {
                self.entries[occurrence.position] = None;
            }
        }
    }

    /// Notes that the occurrences that are left would be reported if nothing were known.
    pub(super) fn note_reported(&mut self, results: &[RuleResult<'_>]) {
        for occurrence in results.iter().flat_map(|result| &result.sink.occurrences) {
            if let Some(entry) = &mut self.entries[occurrence.position] {
                entry.reported = Some(occurrence.severity);
            }
        }
    }
}
