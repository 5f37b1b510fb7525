//! What gets out: secrets in URLs, fields of the implementation in responses.

mod credential_in_url_parameter;
mod internal_field_in_response;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[&credential_in_url_parameter::RULE, &internal_field_in_response::RULE];
