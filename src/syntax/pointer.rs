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
/// siblings does not lead past all the others, and the last way with its text, since nodes that are asked about one after
/// the other stand near each other.
#[derive(Debug, Default)]
pub struct Descent {
    /// The values in a container, in source order.
    children: FxHashMap<(FileId, NodeId), Vec<NodeId>>,
    /// The file of the last way.
    file: Option<FileId>,
    /// Of each step of the last way the position in its container and the value. It may lead beyond the last node.
    way: Vec<(usize, NodeId)>,
    /// The pointer of the first steps, up to the first one with which it is too long.
    pointer: String,
    /// Where each of these steps ends.
    ends: Vec<usize>,
}

impl Descent {
    /// The pointer of a node.
    pub fn pointer(&mut self, files: &Files, node: Node<'_>) -> Pointer {
        let Some((root, count)) = self.descend(files, node) else { return Pointer::default() };
        self.write(root, count);
        let text = match count.checked_sub(1) {
            Some(last) => &self.pointer[..self.ends.get(last).copied().unwrap_or(self.pointer.len())],
            None => "",
        };
        if text.len() <= Pointer::LONGEST {
            return Pointer(text.to_owned());
        }
        let text = &text[..text.floor_char_boundary(Pointer::LONGEST)];
        // No escape is cut in two.
        Pointer([text.strip_suffix('~').unwrap_or(text), "…"].concat())
    }

    /// The way from the root of a node's file to the node, as written (aliases are not followed).
    pub(crate) fn steps<'a>(&mut self, files: &'a Files, node: Node<'_>) -> Vec<Step<'a>> {
        let Some((root, count)) = self.descend(files, node) else { return Vec::new() };
        (0..count).map(|at| self.step(root, at)).collect()
    }

    /// Makes the last way one that leads to the node: the root of its file, and the number of steps from there.
    fn descend<'a>(&mut self, files: &'a Files, node: Node<'_>) -> Option<(Node<'a>, usize)> {
        let root = files.root(node.file())?;
        if self.file != Some(node.file()) {
            self.file = Some(node.file());
            self.way.clear();
            self.ends.clear();
        }
        let known = self.way.partition_point(|&(_, value)| root.sibling(value).contains(node));
        let mut at = self.before(root, known);
        if at.id() == node.id() {
            return Some((root, known));
        }
        self.way.truncate(known);
        self.ends.truncate(known);
        while at.id() != node.id() {
            let Some((index, child)) = self.child(at, node) else { break };
            self.way.push((index, child.id()));
            at = child;
        }
        Some((root, self.way.len()))
    }

    /// The value in which a step of the last way starts.
    fn before<'a>(&self, root: Node<'a>, step: usize) -> Node<'a> {
        step.checked_sub(1).map_or(root, |above| root.sibling(self.way[above].1))
    }

    /// A step of the last way.
    fn step<'a>(&self, root: Node<'a>, at: usize) -> Step<'a> {
        let (index, value) = self.way[at];
        let value = root.sibling(value);
        match value.key() {
            Some(key) if self.before(root, at).kind() == Kind::Object => Step::Key(key),
            _ => Step::Index(index, value),
        }
    }

    /// Writes the pointer of so many steps, unless it is too long before.
    fn write(&mut self, root: Node<'_>, count: usize) {
        self.pointer.truncate(self.ends.last().copied().unwrap_or_default());
        for at in self.ends.len()..count {
            if self.pointer.len() > Pointer::LONGEST {
                break;
            }
            self.pointer.push('/');
            match self.step(root, at) {
                Step::Key(key) => match key.atom() {
                    Some(keyword) => self.pointer.push_str(keyword.text()),
                    None => {
                        let text = key.text();
                        let text = &text[..text.floor_char_boundary(Pointer::LONGEST + 1)];
                        push_escaped(&mut self.pointer, text);
                    }
                },
                Step::Index(index, _) => self.pointer.push_str(&index.to_string()),
            }
            self.ends.push(self.pointer.len());
        }
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

/// The text of a key, escaped for a pointer. Most are keywords, in which nothing needs an escape.
pub(crate) fn escaped_key<'a>(key: Node<'a>) -> Cow<'a, str> {
    key.atom().map_or_else(|| escape_token(key.text()), |keyword| Cow::Borrowed(keyword.text()))
}

/// `~` and `/` escaped for a pointer (RFC 6901 §3).
pub fn escape_token(token: &str) -> Cow<'_, str> {
    if next_special(token).is_none() {
        return Cow::Borrowed(token);
    }
    let mut escaped = String::with_capacity(token.len() + 8);
    push_escaped(&mut escaped, token);
    Cow::Owned(escaped)
}

/// Appends a token to a pointer.
fn push_escaped(pointer: &mut String, token: &str) {
    let mut rest = token;
    while let Some(at) = next_special(rest) {
        pointer.push_str(&rest[..at]);
        pointer.push_str(if rest.as_bytes()[at] == b'~' { "~0" } else { "~1" });
        rest = &rest[at + 1..];
    }
    pointer.push_str(rest);
}

/// Where the first character stands that needs an escape. Most keys are too short for anything but a look at each byte.
fn next_special(token: &str) -> Option<usize> {
    token.bytes().position(|byte| matches!(byte, b'~' | b'/'))
}

/// A pointer's token without its escapes.
pub(crate) fn unescape_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Limits;
    use crate::syntax::File;

    #[test]
    fn a_pointer_does_not_depend_on_what_was_asked_before() {
        let long = "~/".repeat(600);
        let text = format!(
            r#"{{"a": {{"b~/c": [1, {{"d": [[], 2]}}, "x"], "": null}}, "{long}": {{"{long}": [{{"e": 3}}]}}}}"#
        );
        let file = File::parse("a.json".into(), "a.json".into(), text, &Limits::default());
        assert!(file.errors.is_empty());
        let files = Files::new(Arc::new(file));
        let mut nodes = vec![files.root(FileId::ROOT).expect("a root")];
        for at in 0.. {
            let Some(&node) = nodes.get(at) else { break };
            nodes.extend(node.children());
        }
        assert_eq!(nodes.len(), 14);
        let mut descent = Descent::default();
        for before in &nodes {
            for &node in &nodes {
                descent.pointer(&files, *before);
                let pointer = descent.pointer(&files, node);
                assert_eq!(pointer, Pointer::of(&files, node));
                let is_cut = pointer.as_str().ends_with('…');
                assert!(if is_cut { pointer.as_str().len() > 1900 } else { pointer.as_str().len() <= 2000 });
            }
        }
        let pointers: Vec<_> = nodes.iter().map(|&node| Pointer::of(&files, node).into_string()).collect();
        for expected in ["", "/a", "/a/b~0~1c/1/d/1", "/a/"] {
            assert!(pointers.iter().any(|pointer| pointer == expected), "{expected}: {pointers:?}");
        }
        assert_eq!(pointers.iter().filter(|pointer| pointer.ends_with("~0…")).count(), 4);
    }
}
