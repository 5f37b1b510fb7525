//! JSON Pointer (RFC 6901): to write where a node is, and to find a node.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Files, Kind, Node, NodeId};
use crate::source::FileId;

/// The path from a file's root to a node. Longer than [`Pointer::LONGEST`] it ends with `…`.
#[derive(Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The longest pointer in bytes. Many findings may be below the same key, which may have as many bytes as the limits
    /// allow, so that their pointers could be far longer than the document.
    pub const LONGEST: usize = 2000;

    /// The pointer of a node, found by descent from the root of its file. For few nodes: it costs as many steps as
    /// there are siblings before each ancestor. See [`Descent`] for many.
    pub fn of(files: &Files, node: Node<'_>) -> Pointer {
        Descent::default().pointer(files, node)
    }

    /// The text of the pointer.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pointer as a plain string.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// One step of the way from a file's root to a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// Into the value of this key.
    Key(Node<'a>),
    /// Into this item of an array.
    Index(usize, Node<'a>),
}

impl<'a> Step<'a> {
    /// The value to which the step leads, as it is written.
    pub(crate) fn value(self) -> Node<'a> {
        match self {
            Step::Key(key) => key.sibling(NodeId(key.id().0 + 1)),
            Step::Index(_, item) => item,
        }
    }

    /// What tells it from its siblings: the key, or the item.
    pub(crate) fn node(self) -> Node<'a> {
        match self {
            Step::Key(node) | Step::Index(_, node) => node,
        }
    }

    /// The key that it leads into.
    pub(crate) fn key(&self) -> Option<Node<'a>> {
        match *self {
            Step::Key(key) => Some(key),
            Step::Index(..) => None,
        }
    }
}

/// Finds the ways from roots to nodes. It remembers the children of large containers, so that the way to each of many
/// siblings does not lead past all the others, and the last way, since nodes that are asked about one after the other stand
/// near each other.
#[derive(Debug, Default)]
pub struct Descent {
    /// The values in a container, in source order.
    children: FxHashMap<(FileId, NodeId), Vec<NodeId>>,
    /// The file of the last way, and of each step the position in its container and the value.
    last: (Option<FileId>, Vec<(usize, NodeId)>),
}

impl Descent {
    /// The pointer of a node.
    pub fn pointer(&mut self, files: &Files, node: Node<'_>) -> Pointer {
        // As long as most are, so that it need not grow.
        let mut pointer = String::with_capacity(128);
        for step in self.steps(files, node) {
            pointer.push('/');
            match step {
                Step::Key(key) => {
                    let text = key.text();
                    pointer.push_str(&escape_token(&text[..text.floor_char_boundary(Pointer::LONGEST + 1)]));
                }
                Step::Index(index, _) => pointer.push_str(&index.to_string()),
            }
            if pointer.len() > Pointer::LONGEST {
                let end = pointer.floor_char_boundary(Pointer::LONGEST);
                // No escape is cut in two.
                pointer.truncate(end - usize::from(pointer[..end].ends_with('~')));
                pointer.push('…');
                break;
            }
        }
        Pointer(pointer)
    }

    /// The way from the root of a node's file to the node, as written (aliases are not followed).
    pub(crate) fn steps<'a>(&mut self, files: &'a Files, node: Node<'_>) -> Vec<Step<'a>> {
        let mut steps = Vec::with_capacity(16);
        let Some(mut at) = files.root(node.file()) else { return steps };
        if self.last.0 != Some(node.file()) {
            self.last = (Some(node.file()), Vec::new());
        }
        while at.id() != node.id() {
            let known = self.last.1.get(steps.len()).map(|&(index, child)| (index, at.sibling(child)));
            let (index, child) = match known.filter(|(_, child)| child.contains(node)) {
                Some(known) => known,
                None => {
                    self.last.1.truncate(steps.len());
                    let Some((index, child)) = self.child(at, node) else { break };
                    self.last.1.push((index, child.id()));
                    (index, child)
                }
            };
            steps.push(match child.key() {
                Some(key) if at.kind() == Kind::Object => Step::Key(key),
                _ => Step::Index(index, child),
            });
            at = child;
        }
        steps
    }

    /// The child of a container in which a node stands, with its position.
    fn child<'a>(&mut self, container: Node<'a>, node: Node<'_>) -> Option<(usize, Node<'a>)> {
        // To remember the children costs as much as to pass them a dozen times.
        const PASSED: usize = 64;
        let is_known = self.children.contains_key(&container.identity());
        if !is_known && let Ok(found) = container.tree().child_around(container.id(), node.id(), PASSED) {
            return found.map(|(index, child)| (index, container.sibling(child)));
        }
        let children = self
            .children
            .entry(container.identity())
            .or_insert_with(|| container.children().map(Node::id).collect());
        let index = children.partition_point(|&child| child <= node.id()).checked_sub(1)?;
        let child = container.sibling(children[index]);
        child.contains(node).then_some((index, child))
    }
}

/// `~` and `/` escaped for a pointer (RFC 6901 §3).
pub fn escape_token(token: &str) -> Cow<'_, str> {
    let mut special = memchr::memchr2_iter(b'~', b'/', token.as_bytes()).peekable();
    if special.peek().is_none() {
        return Cow::Borrowed(token);
    }
    let mut escaped = String::with_capacity(token.len() + 8);
    let mut copied = 0;
    for at in special {
        escaped.push_str(&token[copied..at]);
        escaped.push_str(if token.as_bytes()[at] == b'~' { "~0" } else { "~1" });
        copied = at + 1;
    }
    escaped.push_str(&token[copied..]);
    Cow::Owned(escaped)
}

/// A pointer's token without its escapes.
pub(crate) fn unescape_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}
