//! How many entries a baseline has, how bad they are, and for how long they have been there.

use std::collections::BTreeMap;

use super::Baseline;
use crate::lint::{Date, Severity};

/// Entries counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// By severity, `info` first.
    pub by_severity: [usize; 4],
    /// The first day of the oldest.
    pub oldest: Option<Date>,
}

/// The entries of a baseline counted: all, and those of each rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ages {
    /// All.
    pub all: Counts,
    /// By rule.
    pub rules: BTreeMap<String, Counts>,
    /// In how many files they are.
    pub files: usize,
}

impl Counts {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_severity.iter().sum()
    }

    /// How many of a severity there are.
    pub fn of(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }

    fn add(&mut self, severity: Severity, since: Date) {
        self.by_severity[severity as usize] += 1;
        self.oldest = Some(self.oldest.map_or(since, |oldest| oldest.min(since)));
    }
}

impl Baseline {
    /// Counts the entries.
    pub fn ages(&self) -> Ages {
        let mut ages = Ages::default();
        for entry in &self.entries {
            ages.all.add(entry.severity, entry.since);
            ages.rules.entry(entry.rule.clone()).or_default().add(entry.severity, entry.since);
        }
        ages.files = self.entries.chunk_by(|one, next| one.path == next.path).count();
        ages
    }
}
