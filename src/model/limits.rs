//! What limits how often an operation may be called: documented responses, and quotas of gateways.

use super::api::{Api, Operation};
use crate::syntax::{Atom, Node};

impl<'a> Api<'a> {
    /// Whether an extension of a gateway limits calls of the whole API.
    pub fn has_quota(&self) -> bool {
        let root = self.document.root();
        has_quota(root.node()) || root.field(Atom::PATHS).is_some_and(has_quota)
    }
}

impl<'a> Operation<'a> {
    /// Whether a response or an extension of a gateway says that calls are limited.
    pub fn is_rate_limited(&self) -> bool {
        self.rate_limit_response().is_some()
            || has_quota(self.object.node())
            || self.items().any(|item| has_quota(item.node()))
    }

    /// The response that covers 429: by its number or by the range `4XX` (3.2 §4.16; some write it in lower case).
    pub fn rate_limit_response(&self) -> Option<Node<'a>> {
        let covers = |code: &str| code == "429" || code.eq_ignore_ascii_case("4XX");
        let of_caller = |written: &Node<'a>| written.key().is_some_and(|key| key.first_byte() == b'4');
        self.written_responses().filter(of_caller).find(|written| covers(written.key_text()))
    }
}

/// Whether an extension of a gateway on the object limits calls: `x-ratelimit…`, `x-google-quota`,
/// `x-kong-plugin-rate-limiting`, `x-throttling-tier`, ….
fn has_quota(object: Node<'_>) -> bool {
    let extensions = object.entries().map(|entry| entry.key).filter(|key| key.is_extension());
    extensions.map(Node::text).any(|name| {
        let name = name.to_ascii_lowercase();
        ["ratelimit", "rate-limit", "throttl", "quota"].iter().any(|word| name.contains(word))
            || name == "x-google-management"
    })
}
