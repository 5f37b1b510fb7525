//! Which API this is: versions.

mod deprecated_without_sunset;
mod multiple_live_versions;
mod unversioned_api;

use crate::lint::Rule;

/// The rules of this category.
pub(super) const RULES: &[&Rule] =
    &[&unversioned_api::RULE, &multiple_live_versions::RULE, &deprecated_without_sunset::RULE];
