//! Values by JSON Pointer (RFC 6901), for as many pointers as a document has references.

use rustc_hash::FxHashMap;

use crate::source::FileId;
use crate::syntax::{Node, NodeId, unescape_token};

/// Pointer look-ups that share their beginnings: the container before the last `/` is found once, and indexed by key
/// if it is large.
#[derive(Default)]
pub(super) struct Pointers {
    containers: FxHashMap<(FileId, String), Option<NodeId>>,
    index: FxHashMap<(FileId, NodeId), FxHashMap<String, NodeId>>,
}

impl Pointers {
    /// The value that a pointer other than `""` names in the file of `root`.
    pub(super) fn find<'a>(&mut self, root: Node<'a>, pointer: &str) -> Option<Node<'a>> {
        let (container, token) = pointer.rsplit_once('/')?;
        let key = (root.file(), container.to_owned());
        let container = match self.containers.get(&key) {
            Some(id) => root.sibling((*id)?),
            None => {
                let mut tokens = container.split('/').skip(1);
                let found = tokens.try_fold(root, |at, token| self.child(at, token));
                self.containers.insert(key, found.map(Node::id));
                found?
            }
        };
        self.child(container, token)
    }

    pub(super) fn child<'a>(&mut self, container: Node<'a>, token: &str) -> Option<Node<'a>> {
        const SMALL: u32 = 64;
        let token = unescape_token(token);
        if container.end_id().0 - container.id().0 < SMALL {
            return child(container, &token);
        }
        let index = self.index.entry(container.identity()).or_insert_with(|| {
            let mut index = FxHashMap::default();
            for entry in container.entries() {
                index.entry(entry.key.text().to_owned()).or_insert(entry.value.id());
            }
            index.extend(container.items().enumerate().map(|(at, item)| (at.to_string(), item.id())));
            index
        });
        index.get(token.as_ref()).map(|&id| container.sibling(id))
    }
}

/// The value that a JSON Pointer (RFC 6901 §4) names, from any node.
pub(super) fn descend<'a>(from: Node<'a>, pointer: &str) -> Option<Node<'a>> {
    let mut at = from;
    for token in pointer.split('/').skip(1) {
        at = child(at, &unescape_token(token))?;
    }
    Some(at)
}

fn child<'a>(container: Node<'a>, token: &str) -> Option<Node<'a>> {
    if container.is_array() {
        return container.items().nth(token.parse().ok()?);
    }
    container.get_text(token)
}
