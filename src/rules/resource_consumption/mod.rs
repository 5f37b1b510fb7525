//! How much a caller may take: sizes, pages, rates.

mod missing_rate_limit_response;
mod pagination_limit_without_maximum;
mod unbounded_array;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] =
    &[&unbounded_array::RULE, &pagination_limit_without_maximum::RULE, &missing_rate_limit_response::RULE];
