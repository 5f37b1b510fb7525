//! What responses give away.

mod internal_field_in_response;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[&internal_field_in_response::RULE];
