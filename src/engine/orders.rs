//! What a run wants of one document, besides the rules' own judgement.

use super::Known;
use crate::lint::{Date, Planned};

/// What to check in a document, and what to leave out of the report.
#[derive(Clone, Copy, Debug)]
pub struct Orders<'o> {
    /// The rules.
    pub rules: &'o [Planned],
    /// Whether findings carry excerpts.
    pub excerpts: Excerpts,
    /// On how many threads the rules run.
    pub threads: Threads,
    /// The day on which expiry dates are judged.
    pub today: Date,
    /// What was there before, and is not reported.
    pub known: Option<&'o Known>,
    /// Whether the outcome holds all occurrences. Where something is known, it does so anyway.
    pub recording: Recording,
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
