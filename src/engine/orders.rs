//! What a run wants of one document, besides the rules' own judgement.

use super::Known;
use crate::lint::{Adjustment, Date, Planned, Selected};

/// What to check in a document, and what to leave out of the report.
#[derive(Clone, Copy, Debug)]
pub struct Orders<'o> {
    /// The rules.
    pub rules: &'o [Planned],
    /// What is configured for some operations only.
    pub adjustments: &'o [Adjustment],
    /// Whether findings carry excerpts.
    pub excerpts: Excerpts,
    /// Whether locations carry the hash of their line.
    pub line_hashes: LineHashes,
    /// On how many threads the rules run.
    pub threads: Threads,
    /// The day on which expiry dates are judged.
    pub today: Date,
    /// What was there before, and is not reported.
    pub known: Option<&'o Known>,
    /// Whether the outcome holds all occurrences. Where something is known, it does so anyway.
    pub recording: Recording,
    /// Whether the outcome holds what is accepted.
    pub accepted: SuppressedFindings,
    /// What the configuration says about findings and operations.
    pub suppressions: &'o [Selected],
    /// Whether what stands in the document is heeded.
    pub inline: Inline,
    /// The ids of rules that a document may not suppress.
    pub locked: &'o [&'static str],
    /// The ids that the name of a rule or category stands for; none for an unknown name.
    pub named: fn(&str) -> Vec<&'static str>,
}

/// Whether all occurrences are recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Recording {
    /// No: only findings are wanted.
    #[default]
    Omit,
    /// Yes.
    Keep,
}

/// Whether findings are made of what is accepted as well, for reports that list that.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SuppressedFindings {
    /// No: it is only counted.
    #[default]
    Omit,
    /// Yes.
    Keep,
}

/// Whether directives in the document are heeded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Inline {
    /// Yes.
    #[default]
    Heed,
    /// No: as if they were not there.
    Disregard,
}

/// On how many threads the rules of one document run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Threads {
    /// On the caller's.
    One,
    /// On those of the pool that the caller runs in, if the document is large.
    Many,
}

/// Whether findings carry excerpts of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Excerpts {
    /// No: the report does not show any.
    #[default]
    Omit,
    /// Yes.
    Cut,
}

/// Whether locations carry the hash of their line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LineHashes {
    /// No: to compute it takes a pass over each file with findings.
    #[default]
    Omit,
    /// Yes.
    Compute,
}
