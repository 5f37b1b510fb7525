//! Who may call: schemes, requirements, and operations without either.

mod api_key_in_query;
mod global_security_disabled;
mod no_security_schemes;
mod security_never_applied;
mod unauthenticated_write;
mod undefined_security_scheme;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &no_security_schemes::RULE,
    &security_never_applied::RULE,
    &global_security_disabled::RULE,
    &unauthenticated_write::RULE,
    &undefined_security_scheme::RULE,
    &api_key_in_query::RULE,
];
