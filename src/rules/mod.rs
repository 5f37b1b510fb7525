//! The rules: one file each, by category. To add one, write its file and its page and name it in [`all`].

mod authentication;
mod authorization;
mod data_exposure;
mod document;
mod errors;
mod input_validation;
mod inventory;
mod resource_consumption;
mod suggest;
mod suppression;
mod transport;

use crate::lint::Rule;

pub use errors::{ErrorRule, errors};
use suggest::Suggestions;
pub use suggest::{Unknown, by_id, nearest};
pub use suppression::{EXPIRED_SUPPRESSION, UNUSED_SUPPRESSION};

/// Every rule, by category, then as the categories list them.
pub fn all() -> Vec<&'static Rule> {
    [
        authentication::RULES,
        authorization::RULES,
        transport::RULES,
        input_validation::RULES,
        resource_consumption::RULES,
        data_exposure::RULES,
        inventory::RULES,
        document::RULES,
        suppression::RULES,
    ]
    .concat()
}

/// The categories in the order of [`all`].
pub fn categories() -> Vec<&'static str> {
    let mut categories: Vec<_> = all().into_iter().map(|rule| rule.category).collect();
    categories.dedup();
    categories
}
