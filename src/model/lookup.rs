//! Operations that only look something up although their method is `post`: a query may be too long for a URL.

use super::objects::{self, Object};
use super::operation::Operation;
use super::words::{is_one_of, words};
use crate::syntax::{Atom, Node};

/// What an operation that reads is called.
const READS: &[&str] =
    &["search", "query", "lookup", "find", "list", "get", "fetch", "retrieve", "resolve", "filter"];

/// What computes an answer from what it is sent.
const COMPUTES: &[&str] = &["convert", "validate", "calculate", "compute", "estimate", "preview"];

/// How prose begins that says so. "List" begins offers for sale as well.
const SAYS: &[&str] = &[
    "search", "searches", "query", "queries", "lookup", "find", "finds", "get", "gets", "fetch", "fetches",
    "retrieve", "retrieves", "resolve", "resolves", "returns",
];

/// What changes something as well: "get or create".
const CHANGES: &[&str] = &[
    "create", "add", "update", "delete", "remove", "save", "replace", "store", "import", "register", "send",
];

impl Operation<'_> {
    /// Whether it changes something, as far as can be told: a `post` that only [looks something up](Self::is_lookup)
    /// does not.
    pub fn changes(&self) -> bool {
        self.is_write() && !self.is_lookup()
    }

    /// Whether it is a `post` that reads or computes, judged by the end of its path, its `operationId` and its prose.
    pub fn is_lookup(&self) -> bool {
        let says = |prose: Option<Node<'_>>| prose.is_some_and(|prose| says_lookup(prose.text()));
        self.method.standard() == "post"
            && (is_lookup_path(self.path)
                || is_lookup_name(self.operation_id())
                || says(self.summary())
                || says(self.description())
                || self.is_twin_of_get())
    }

    /// Whether the `get` of the same path is described in the same words.
    fn is_twin_of_get(&self) -> bool {
        let get = self.items().find_map(|item| item.field(Atom::GET));
        let get = get.and_then(|node| objects::Operation::at(self.object.document(), node));
        let words_of = |operation: objects::Operation<'_>| {
            let text = |node: Option<Node<'_>>| node.map_or("", Node::text).trim().to_owned();
            [text(operation.summary()), text(operation.description())]
        };
        get.map(words_of)
            .is_some_and(|words| words.iter().any(|text| !text.is_empty()) && words == words_of(self.object))
    }
}

/// `/orders/search`, `/orders:query`, `/convert`.
fn is_lookup_path(path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    let mut parts = words(last);
    let Some(first) = parts.next() else { return false };
    let leads = is_one_of(first, READS) || is_one_of(first, COMPUTES);
    let ends = words(last).last().is_some_and(|word| is_one_of(word, &["search", "query", "lookup"]));
    !last.contains('{') && (leads || ends) && !words(last).any_of(CHANGES)
}

/// `searchOrders`, `Orders.FindByName`, `post_query`.
fn is_lookup_name(operation_id: &str) -> bool {
    let name = operation_id.rsplit('.').next().unwrap_or_default();
    let first = words(name).find(|word| !is_one_of(word, &["post", "api"]));
    first.is_some_and(|word| is_one_of(word, READS)) && !words(name).any_of(CHANGES)
}

/// "Find orders by name", "Bulk lookup of orders".
fn says_lookup(prose: &str) -> bool {
    /// In so many words a sentence has said what is done.
    const BEGINNING: usize = 8;
    let mut beginning = words(prose);
    let (first, second) = (beginning.next().unwrap_or_default(), beginning.next().unwrap_or_default());
    let says = is_one_of(first, SAYS) || is_one_of(second, &["lookup", "search"]);
    says && !words(prose).take(BEGINNING).any(|word| is_one_of(word, CHANGES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_says_what_is_done() {
        for path in ["/orders/search", "/orders:query", "/validateAddress", "/convert/", "/v1/name-lookup"] {
            assert!(is_lookup_path(path), "{path}");
        }
        for path in ["/orders", "/search/{id}", "/orders/getOrCreate", "/listings", "/", ""] {
            assert!(!is_lookup_path(path), "{path}");
        }
    }

    #[test]
    fn a_name_begins_with_what_is_done() {
        for name in ["searchOrders", "Orders.FindByName", "post_query", "getOrderByName"] {
            assert!(is_lookup_name(name), "{name}");
        }
        for name in ["createSearch", "getOrCreateOrder", "orders", "updateList", ""] {
            assert!(!is_lookup_name(name), "{name}");
        }
    }

    #[test]
    fn prose_begins_with_what_is_done() {
        for prose in ["Bulk lookup of orders", "Resolve a set of IDs to names", "Returns matching orders."] {
            assert!(says_lookup(prose), "{prose}");
        }
        for prose in ["Get or create an order", "Creates a search", "List an item for sale", "Orders", ""] {
            assert!(!says_lookup(prose), "{prose}");
        }
    }
}
