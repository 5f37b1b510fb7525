//! What the configuration says of rules for certain operations only.

use super::{Selector, Severity};

/// Changes to what rules say of some operations. Whatever is said of other operations as well stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Adjustment {
    /// The operations.
    pub selector: Selector,
    /// Rules (ids of today) that are not applied to them.
    pub ignore: Vec<&'static str>,
    /// How severe rules are there instead.
    pub severities: Vec<(&'static str, Severity)>,
}
