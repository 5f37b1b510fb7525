//! A baseline: a file of occurrences that are accepted for now, so that only what is new is reported.

mod ages;
mod read;
mod write;

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::engine::{Accepted, Known};
use crate::lint::{Completeness, Date, Record, Severity};
use crate::source::{display_path, normalize};

pub use ages::{Ages, Counts};
pub use read::Conflicts;

/// The name under which a baseline is found without being named.
pub const FILE_NAME: &str = "oasguard-baseline.yaml";

/// The version of the format.
const VERSION: u64 = 1;

/// What a file holds: entries sorted by path, rule and fingerprint, each path and fingerprint once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One occurrence that is accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The file that it is in, relative to the baseline's folder, with `/`.
    pub path: String,
    /// The document that reaches the file, if that is another one.
    pub root: Option<String>,
    /// The rule's id when it was written.
    pub rule: String,
    /// What it is.
    pub fingerprint: String,
    /// How bad it was.
    pub severity: Severity,
    /// The day on which it was first written.
    pub since: Date,
}

/// Of which entries a run can tell that they occur no more.
pub struct Coverage<'c> {
    /// What the run saw.
    pub record: &'c Record,
    /// Whether a rule, given second, was asked about all of a document (display path); true for one that is no more.
    pub has_rule: &'c dyn Fn(&str, &str) -> bool,
    /// Whether the run would have seen a document (display path) that is not there.
    pub is_missed: &'c dyn Fn(&str) -> bool,
}

/// What a run means for a baseline. Numbers are those of the baseline's entries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparison {
    /// Entries that occur no more.
    pub fixed: Vec<usize>,
    /// Entries of which the run could tell nothing.
    pub unseen: usize,
    /// Entries whose files have another name today.
    pub moved: usize,
}

impl Baseline {
    /// Sorts the entries, and joins those of the same occurrence: the worst that was accepted counts, since the first day.
    /// Two branches may both have written one.
    fn new(mut entries: Vec<Entry>) -> Baseline {
        entries.sort_by(|a, b| (&a.path, &a.fingerprint).cmp(&(&b.path, &b.fingerprint)));
        entries.dedup_by(|next, kept| {
            let is_same = (&next.path, &next.fingerprint) == (&kept.path, &kept.fingerprint);
            if is_same {
                kept.severity = kept.severity.max(next.severity);
                kept.since = kept.since.min(next.since);
                kept.root = kept.root.take().min(next.root.take());
            }
            is_same
        });
        entries.sort_by(|a, b| (&a.path, &a.rule, &a.fingerprint).cmp(&(&b.path, &b.rule, &b.fingerprint)));
        Baseline { entries }
    }

    /// The entries as the engine knows them, in their order; paths become relative to the working directory.
    pub fn known(&self, folder: &Path, working_directory: &Path) -> Known {
        let shown = |path: &str| display_path(&normalize(&folder.join(path)), working_directory);
        let entries = self.entries.iter().map(|entry| Accepted {
            path: shown(&entry.path),
            fingerprint: entry.fingerprint.clone(),
            severity: entry.severity,
            root: entry.root.as_deref().map(shown),
            since: Some(entry.since),
        });
        Known::new(entries.collect())
    }

    /// Compares with a run for which [`Baseline::known`] was known; `known` is what the run made of that.
    pub fn compare(&self, known: &Known, known_before: &Known, coverage: &Coverage<'_>) -> Comparison {
        let seen: FxHashSet<usize> = coverage.record.entries.iter().filter_map(|found| found.entry).collect();
        let mut comparison = Comparison::default();
        let today = known.entries().iter().zip(known_before.entries());
        for (number, (entry, before)) in today.enumerate() {
            comparison.moved += usize::from(entry.path != before.path);
            if seen.contains(&number) {
                continue;
            }
            if coverage.covers(before, &self.entries[number].rule) {
                comparison.fixed.push(number);
            } else {
                comparison.unseen += 1;
            }
        }
        comparison
    }

    /// The baseline without the entries of some numbers, the others under the paths of today.
    pub fn pruned(&self, fixed: &[usize], known: &Known, places: &Places<'_>) -> Baseline {
        let fixed: FxHashSet<usize> = fixed.iter().copied().collect();
        let left = self.entries.iter().enumerate().filter(|(number, _)| !fixed.contains(number));
        Baseline::new(left.map(|(number, entry)| self.of_today(number, entry, known, places)).collect())
    }

    /// The baseline that holds all that a run saw, and what it could not see. An entry that stays keeps its first day.
    pub fn updated(
        &self,
        comparison: &Comparison,
        known: &Known,
        record: &Record,
        places: &Places<'_>,
        today: Date,
    ) -> Baseline {
        let gone: FxHashSet<usize> = comparison.fixed.iter().copied().collect();
        let seen: FxHashSet<usize> = record.entries.iter().filter_map(|found| found.entry).collect();
        let is_unseen = |number: &usize| !gone.contains(number) && !seen.contains(number);
        let unseen = (0..self.entries.len()).filter(is_unseen);
        let unseen = unseen.map(|number| self.of_today(number, &self.entries[number], known, places));
        let found = record.entries.iter().map(|found| Entry {
            path: places.of_file(&found.path),
            root: found.root.as_deref().map(|root| places.of_file(root)),
            rule: found.rule.to_owned(),
            fingerprint: found.fingerprint.clone(),
            severity: found.severity,
            since: found.entry.map_or(today, |number| self.entries[number].since),
        });
        Baseline::new(unseen.chain(found).collect())
    }

    fn of_today(&self, number: usize, entry: &Entry, known: &Known, places: &Places<'_>) -> Entry {
        let path = places.of_file(&known.entries()[number].path);
        // A path is rewritten only if the file has moved.
        let is_moved = path != places.normal(&entry.path);
        Entry { path: if is_moved { path } else { entry.path.clone() }, ..entry.clone() }
    }
}

/// What paths are relative to: those of a baseline to its folder, those that are shown to the working directory.
#[derive(Clone, Copy, Debug)]
pub struct Places<'p> {
    /// The baseline's folder.
    pub folder: &'p Path,
    /// The working directory.
    pub working_directory: &'p Path,
}

impl Places<'_> {
    /// The path that a baseline has of a file that is shown.
    fn of_file(&self, shown: &str) -> String {
        display_path(&self.working_directory.join(shown), self.folder)
    }

    fn normal(&self, path: &str) -> String {
        display_path(&self.folder.join(path), self.folder)
    }
}

impl Coverage<'_> {
    /// Whether the run would have seen an occurrence if it were still there.
    fn covers(&self, entry: &Accepted, rule: &str) -> bool {
        let document = entry.root.as_ref().unwrap_or(&entry.path);
        let is_covered = match self.record.documents.get(document) {
            Some(completeness) => *completeness == Completeness::Complete,
            None => (self.is_missed)(document),
        };
        is_covered && (self.has_rule)(document, rule)
    }
}
