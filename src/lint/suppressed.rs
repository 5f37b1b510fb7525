//! What is found and not reported, because somebody accepts it.

use super::{Date, Directive, Finding};

/// A finding that is accepted, or the part of one that is.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What would be reported.
    pub finding: Finding,
    /// Who accepts it, each once; one at least. Where several places are one finding, each of these covers a part of it.
    pub by: Vec<Acceptance>,
}

/// What keeps a finding out of the report.
#[derive(Clone, Debug)]
pub enum Acceptance {
    /// A directive in the document or in the configuration.
    Directive(Box<Directive>),
    /// The baseline, which has it since a day.
    Baseline(Date),
}

impl Acceptance {
    /// Whether both are the same.
    pub(crate) fn is(&self, other: &Acceptance) -> bool {
        match (self, other) {
            (Acceptance::Directive(one), Acceptance::Directive(other)) => one.location == other.location,
            (Acceptance::Baseline(one), Acceptance::Baseline(other)) => one == other,
            _ => false,
        }
    }
}
