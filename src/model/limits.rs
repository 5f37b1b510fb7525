//! What limits how often an operation may be called: documented responses, and quotas of gateways.

use super::api::Api;
use crate::syntax::{Atom, Node};

impl<'a> Api<'a> {
    /// Whether an extension of a gateway limits calls of the whole API.
    pub fn has_quota(&self) -> bool {
        let root = self.document.root();
        has_quota(root.node()) || root.field(Atom::PATHS).is_some_and(has_quota)
    }
}

/// Whether a status code covers 429.
pub(super) fn covers_rate_limit(code: &str) -> bool {
    code == "429" || code.eq_ignore_ascii_case("4XX")
}

/// Whether an extension of a gateway on the object limits calls.
pub(super) fn has_quota(object: Node<'_>) -> bool {
    object.entries().any(|entry| names_quota(entry.key))
}

/// Whether a key is an extension that limits calls: `x-ratelimit…`, `x-google-quota`, `x-kong-plugin-rate-limiting`,
/// `x-throttling-tier`, ….
pub(super) fn names_quota(key: Node<'_>) -> bool {
    if !key.is_extension() {
        return false;
    }
    let name = key.text().to_ascii_lowercase();
    ["ratelimit", "rate-limit", "throttl", "quota"].iter().any(|word| name.contains(word))
        || name == "x-google-management"
}
