//! The YAML reader: YAML 1.2 with the core schema, onto the same tape as JSON.

mod decode;
mod error;
mod fast;
mod full;
mod merge;
#[cfg(test)]
mod tests;

use super::Parsed;
use crate::source::Limits;

pub(super) use decode::decode;
pub use fast::{Bail, parse as parse_fast};
pub use full::parse as parse_full;

/// Reads a YAML text. The tree holds everything before the first error. A text without a document (nothing but
/// blanks and comments) has an empty tree and no error; a document without a value (`---`) is null.
pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    parse_fast(text, limits).unwrap_or_else(|_| parse_full(text, limits))
}
