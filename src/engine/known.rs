//! Occurrences that were there before: those of a baseline, or of the revision that is compared with.

use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};

use super::check::RuleResult;
use super::identity::{self, Fingerprints};
use super::record::Sightings;
use crate::lint::{Date, Occurrence, Record, Rule, Scope, Severity, Silence};
use crate::model::Api;
use crate::source::FileId;
use crate::syntax::Descent;

/// What was there before, by path and fingerprint.
#[derive(Clone, Debug, Default)]
pub struct Known {
    entries: Vec<Accepted>,
    by_path: FxHashMap<String, FxHashMap<String, usize>>,
    /// Documents of entries that are gone, with the paths under which they were read.
    former_roots: Vec<(String, PathBuf)>,
}

/// One occurrence that was there before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// Display path of its file.
    pub path: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// How bad it was; the same occurrence is new where it is worse.
    pub severity: Severity,
    /// Display path of the document that reached the file, if that was another one.
    pub root: Option<String>,
    /// Since when somebody accepts it; nothing if it merely was there, at a revision.
    pub since: Option<Date>,
}

impl Known {
    /// Occurrences by path and fingerprint. Of two with the same the more severe one counts.
    pub fn new(entries: Vec<Accepted>) -> Known {
        let mut known = Known { entries, ..Known::default() };
        for (number, entry) in known.entries.iter().enumerate() {
            let of_path = known.by_path.entry(entry.path.clone()).or_default();
            let first = of_path.entry(entry.fingerprint.clone()).or_insert(number);
            if known.entries[*first].severity < entry.severity {
                *first = number;
            }
        }
        known
    }

    /// What either knows; the entries of `other` follow.
    pub fn and(self, other: Known) -> Known {
        Known::new(self.entries.into_iter().chain(other.entries).collect())
    }

    /// All entries, in the order in which they were given; a [record](crate::lint::Recorded::entry) refers to them by
    /// number. The paths of what has [moved](Known::follow) are those of today.
    pub fn entries(&self) -> &[Accepted] {
        &self.entries
    }

    /// The files and documents that the entries name, each once, in the order of the alphabet.
    pub fn files(&self) -> Vec<&str> {
        let roots = self.entries.iter().filter_map(|entry| entry.root.as_deref());
        let mut files: Vec<&str> = self.by_path.keys().map(String::as_str).chain(roots).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Follows files that were renamed: an entry of a file that `is_gone` moves to an occurrence with its fingerprint in a
    /// file without entries of its own, each to one and the first ones first. `record` holds the occurrences of today.
    pub fn follow(&mut self, record: &Record, former: impl Fn(&str) -> Option<PathBuf>) {
        let gone: Vec<_> =
            self.files().into_iter().filter_map(|f| Some((f.to_owned(), former(f)?))).collect();
        let is_gone: FxHashSet<&str> = gone.iter().map(|(file, _)| file.as_str()).collect();
        let mut orphans: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (number, entry) in self.entries.iter().enumerate() {
            if is_gone.contains(entry.path.as_str()) {
                orphans.entry(&entry.fingerprint).or_default().push(number);
            }
        }
        for numbers in orphans.values_mut() {
            // The first in the alphabet is taken first, whatever the order of the entries.
            numbers.sort_by(|&a, &b| (&self.entries[b].path, b).cmp(&(&self.entries[a].path, a)));
        }
        let mut moves = Vec::new();
        // A record is sorted by path.
        for found in record.entries.iter().filter(|found| !self.by_path.contains_key(&found.path)) {
            if let Some(number) = orphans.get_mut(found.fingerprint.as_str()).and_then(Vec::pop) {
                moves.push((number, found.path.clone()));
            }
        }
        for (number, path) in moves {
            self.entries[number].path = path;
        }
        let entries = std::mem::take(&mut self.entries);
        *self = Known { former_roots: gone, ..Known::new(entries) };
    }

    /// The number of the entry with a path and a fingerprint.
    pub fn find(&self, path: &str, fingerprint: &str) -> Option<usize> {
        self.by_path.get(path)?.get(fingerprint).copied()
    }
}

/// Silences the occurrences that are known, unless they have become worse.
pub(super) fn mark(
    api: &Api<'_>,
    known: &Known,
    results: &mut [RuleResult<'_>],
    sightings: &mut Sightings,
    descent: &mut Descent,
) {
    let root = &api.document.files().file(FileId::ROOT).display;
    // A document that has entries of its own was never renamed.
    let may_be_renamed = !known.former_roots.is_empty();
    for result in results {
        let rule = result.planned.rule;
        for occurrence in &mut result.sink.occurrences {
            let number = sightings.numbers[occurrence.position];
            let Some(found) = &mut sightings.entries[occurrence.position] else { continue };
            let entry = known.find(&found.path, &found.fingerprint).or_else(|| {
                let depends_on_root = rule.scope == Scope::Root && found.path != *root;
                (may_be_renamed && depends_on_root)
                    .then(|| find_below_former_root(api, known, rule, occurrence, number, descent))
                    .flatten()
            });
            let Some(entry) = entry else { continue };
            found.entry = Some(entry);
            if occurrence.gravity <= known.entries[entry].severity {
                found.is_known = true;
                occurrence.silence.get_or_insert(Silence::Known);
            }
        }
    }
}

/// What is said of a shared file depends on the document that reaches it; that may have had another name.
fn find_below_former_root(
    api: &Api<'_>,
    known: &Known,
    rule: &Rule,
    occurrence: &Occurrence<'_>,
    number: u32,
    descent: &mut Descent,
) -> Option<usize> {
    let files = api.document.files();
    let of_path = known.by_path.get(occurrence.place.node.file_display())?;
    known.former_roots.iter().find_map(|(display, path)| {
        let place = occurrence.place;
        let mut fingerprint = Fingerprints::default().below(
            path,
            files,
            descent,
            rule,
            place,
            &occurrence.details().discriminator,
        );
        identity::number(&mut fingerprint, number);
        let entry = *of_path.get(&fingerprint)?;
        (known.entries[entry].root.as_ref() == Some(display)).then_some(entry)
    })
}
