//! A directive of a document with what became of it, as the rules about directives see it.

use super::Date;
use crate::model::{Statement, Word};

/// A directive and what it did.
#[derive(Clone, Debug)]
pub struct Judged<'j, 'a> {
    /// The directive as it is written.
    pub statement: &'j Statement<'a>,
    /// Its place among the directives of the document.
    pub number: usize,
    /// Its rules or categories, and what became of each.
    pub names: Vec<(Word<'a>, Fate)>,
    /// Its last day, or why that is none.
    pub until: Option<Result<Date, String>>,
    /// Whether that day is past.
    pub is_expired: bool,
    /// Whether it calls an operation public that demands authentication.
    pub is_moot: bool,
}

/// What became of a rule or category in a directive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// There is no such rule or category.
    Unknown,
    /// The configuration does not let documents suppress it.
    Locked,
    /// The directive is not in force, or not all of its rules ran on all of the document.
    Unjudged,
    /// The rules ran, and there was nothing to silence.
    Useless,
    /// It silenced something.
    Useful,
}
