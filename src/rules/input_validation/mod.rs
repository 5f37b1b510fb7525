//! What requests may hold: objects that say nothing, and objects that take more than they say.

mod additional_properties_allowed;
mod free_form_object;

use crate::lint::Rule;
use crate::syntax::{Atom, Node};

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[&free_form_object::RULE, &additional_properties_allowed::RULE];

/// Whether the value of a keyword that holds a schema admits everything: `true`, or a schema that only describes.
fn admits_everything(value: Node<'_>) -> bool {
    const DESCRIPTIONS: [Atom; 6] =
        [Atom::TITLE, Atom::DESCRIPTION, Atom::EXAMPLE, Atom::EXAMPLES, Atom::DOLLAR_COMMENT, Atom::NULLABLE];
    let describes = |key: Node<'_>| {
        key.atom().is_some_and(|keyword| DESCRIPTIONS.contains(&keyword)) || key.is_extension()
    };
    match value.as_bool() {
        Some(everything) => everything,
        None => value.is_object() && value.entries().all(|entry| describes(entry.key)),
    }
}
