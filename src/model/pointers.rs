//! Values by JSON Pointer (RFC 6901), for as many pointers as a document has references.

use rustc_hash::FxHashMap;

use crate::source::FileId;
use crate::syntax::{Node, NodeId, key_hash, unescape_token};

/// Pointer look-ups that share their beginnings: the container before the last `/` is found once, and indexed if it is
/// large.
#[derive(Default)]
pub(super) struct Pointers {
    containers: FxHashMap<(FileId, String), Option<NodeId>>,
    /// The container that was looked for last, which is mostly that of the next pointer as well.
    last: Option<(FileId, String, NodeId)>,
    index: FxHashMap<(FileId, NodeId), Index>,
}

/// What is in a large container.
enum Index {
    /// The keys by hash; of those with one hash the first that counts comes first.
    Keys(Vec<(u32, NodeId)>),
    Items(Vec<NodeId>),
}

impl Pointers {
    /// The value that a pointer other than `""` names in the file of `root`.
    pub(super) fn find<'a>(&mut self, root: Node<'a>, pointer: &str) -> Option<Node<'a>> {
        // Names are too short for anything but a look at each byte.
        let last = pointer.as_bytes().iter().rposition(|byte| *byte == b'/')?;
        let container = self.container(root, &pointer[..last])?;
        self.child(container, &pointer[last + 1..])
    }

    fn container<'a>(&mut self, root: Node<'a>, pointer: &str) -> Option<Node<'a>> {
        let known = self.last.as_ref().filter(|(file, last, _)| *file == root.file() && last == pointer);
        if let Some((_, _, id)) = known {
            return Some(root.sibling(*id));
        }
        let key = (root.file(), pointer.to_owned());
        let found = match self.containers.get(&key) {
            Some(&known) => known,
            None => {
                let mut tokens = pointer.split('/').skip(1);
                let found = tokens.try_fold(root, |at, token| self.child(at, token)).map(Node::id);
                self.containers.insert(key, found);
                found
            }
        };
        self.last = found.map(|id| (root.file(), pointer.to_owned(), id));
        found.map(|id| root.sibling(id))
    }

    pub(super) fn child<'a>(&mut self, container: Node<'a>, token: &str) -> Option<Node<'a>> {
        const SMALL: u32 = 64;
        let token = unescape_token(token);
        if container.end_id().0 - container.id().0 < SMALL {
            return child(container, &token);
        }
        match self.index.entry(container.identity()).or_insert_with(|| Index::of(container)) {
            Index::Items(items) => {
                let at = token.parse().ok().filter(|at: &usize| at.to_string() == token)?;
                items.get(at).map(|&id| container.sibling(id))
            }
            Index::Keys(keys) => {
                let hash = key_hash(&token);
                let from = keys.partition_point(|key| key.0 < hash);
                let alike = keys[from..].iter().take_while(|key| key.0 == hash);
                let key = alike.map(|key| container.sibling(key.1)).find(|key| key.text() == token)?;
                key.value()
            }
        }
    }
}

impl Index {
    fn of(container: Node<'_>) -> Index {
        if container.is_array() {
            return Index::Items(container.items().map(Node::id).collect());
        }
        let keys = container.entries().map(|entry| (entry.key.key_hash(), entry.key.id()));
        let mut keys: Vec<_> = keys.collect();
        // Own entries come first and win over merged ones, wherever these stand.
        keys.sort_by_key(|key| key.0);
        Index::Keys(keys)
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
