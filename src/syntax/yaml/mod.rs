//! The YAML reader: YAML 1.2 with the core schema, onto the same tape as JSON.

mod error;
mod full;
mod merge;
#[cfg(test)]
mod tests;

use super::Parsed;
use crate::source::Limits;

/// Reads a YAML text. The tree holds everything before the first error. A text without a document (nothing but
/// blanks and comments) has an empty tree and no error; a document without a value (`---`) is null.
pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    full::parse(text, limits)
}
