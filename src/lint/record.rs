//! What a run saw, in full: every occurrence by its identity, also those that no report shows.

use std::collections::BTreeMap;

use super::Severity;

/// The occurrences of a run. Baselines and comparisons of revisions are made of it, so that grouping, profiles and what
/// one rule makes superfluous of another never decide whether something is new.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Sorted by path and fingerprint, each pair once. Without those that a directive suppresses.
    pub entries: Vec<Recorded>,
    /// The files that were looked at as documents (display paths), and whether that was done in full. Only of those does
    /// the absence of an entry mean anything.
    pub documents: BTreeMap<String, Completeness>,
}

/// Whether everything that a document says was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Completeness {
    /// Yes. A file that is no OpenAPI document says nothing.
    Complete,
    /// No: it, or a part of it, could not be read or resolved, or a rule failed.
    Partial,
}

/// One occurrence, or several of a rule that nothing tells apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Display path of the file of its place.
    pub path: String,
    /// What it is, whatever else is found: 128 bits in hexadecimal. A finding that is no group has the same.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is where it stands out; a finding may rate it lower where it is common.
    pub severity: Severity,
    /// Display path of the document that reaches the file, if that is another one; the first in the alphabet.
    pub root: Option<String>,
    /// The number of the entry that knew it before, if there is one.
    pub entry: Option<usize>,
    /// Whether that keeps it out of the report: it is no worse than it was.
    pub is_known: bool,
    /// With which severity it would be part of a report if nothing were known; nothing if it would not.
    pub reported: Option<Severity>,
}

impl Recorded {
    /// What identifies it.
    pub fn key(&self) -> (&str, &str) {
        (&self.path, &self.fingerprint)
    }

    /// Adds what is known of the same occurrence, seen once more.
    pub(crate) fn absorb(&mut self, other: Recorded) {
        self.severity = self.severity.max(other.severity);
        // Nothing comes first: a document of its own right.
        self.root = self.root.take().min(other.root);
        self.entry = self.entry.or(other.entry);
        self.is_known &= other.is_known;
        self.reported = self.reported.max(other.reported);
    }
}

impl Record {
    /// Sorts the entries and joins those that are the same.
    pub(crate) fn settle(&mut self) {
        self.entries.sort_by(|a, b| a.key().cmp(&b.key()));
        self.entries.dedup_by(|next, kept| {
            let is_same = next.key() == kept.key();
            if is_same {
                kept.absorb(next.clone());
            }
            is_same
        });
    }
}
