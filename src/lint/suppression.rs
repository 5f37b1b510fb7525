//! A directive as reports list it.

use super::Directive;

/// A directive, as it is written, and how much it silences.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The directive.
    pub directive: Directive,
    /// Its rules or categories as they are written; none in a statement that something is public.
    pub names: Vec<String>,
    /// Whether it has an effect.
    pub standing: Standing,
    /// How many occurrences it covers; of a statement that something is public, how many open operations.
    pub occurrences: usize,
}

/// Whether a directive has an effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Standing {
    /// It is in force.
    Active,
    /// Its last day is past.
    Expired,
    /// It is malformed, names no rule that may be suppressed, or belongs to nothing.
    Invalid,
}

impl Standing {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Active => "active",
            Standing::Expired => "expired",
            Standing::Invalid => "invalid",
        }
    }
}
