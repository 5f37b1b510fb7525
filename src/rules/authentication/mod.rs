//! Who may call: schemes, requirements, and operations without either.

mod api_key_in_query;
mod no_security_schemes;
mod unauthenticated_write;
mod undefined_security_scheme;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &no_security_schemes::RULE,
    &unauthenticated_write::RULE,
    &undefined_security_scheme::RULE,
    &api_key_in_query::RULE,
];
