//! Whose objects: ids that can be counted through.

mod numeric_resource_id;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[&numeric_resource_id::RULE];
