//! The arena: one pre-order tape of 16-byte nodes a file.
//!
//! An object is followed by key, value, key, value, …; an array by its items. Each node knows where its subtree
//! ends (`next`), so that a sibling is one step away. Strings stay in the source text; only what the source does not
//! hold verbatim (escapes, folded lines) is stored decoded, if need be when it is first asked for. Measured on 425 MB of real JSON: 1.6 bytes of memory a
//! byte of input.

mod builder;

use std::sync::OnceLock;

use super::atom::hash;
use super::keys::Keys;
use super::parse::SyntaxError;
use super::{Atom, Atoms, json, yaml};

pub use builder::TreeBuilder;

/// The number of a node on its file's tape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The root value of a file.
    pub const ROOT: NodeId = NodeId(0);

    /// The position on the tape.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is: the JSON types, with numbers told apart as written, and YAML's alias.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum Kind {
    /// `null`; in YAML also `~` and nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without fraction and exponent.
    Int,
    /// Any other number.
    Float,
    /// A string.
    String,
    /// An array (YAML: sequence).
    Array,
    /// An object (YAML: mapping).
    Object,
    /// A YAML alias (`*name`), an edge to the anchor's node.
    Alias,
}

impl Kind {
    /// The kind of a node by its `info`.
    #[inline]
    fn of(info: u32) -> Kind {
        match info & 7 {
            0 => Kind::Null,
            1 => Kind::Bool,
            2 => Kind::Int,
            3 => Kind::Float,
            4 => Kind::String,
            5 => Kind::Array,
            6 => Kind::Object,
            _ => Kind::Alias,
        }
    }
}

/// `info` is: 3 bits of kind, 1 bit "is a key", 28 bits of payload.
/// The payload of a string or key is 0 (its text is in the source), an atom's number, or `DECODED` or `LATER` + an index.
/// The payload of an alias is its target, that of an object says which keys it may have; see [`Keys`].
#[derive(Clone, Copy, Debug)]
struct Raw {
    start: u32,
    end: u32,
    /// The first node after the subtree; of a key, after which comes its value, the hash of its text.
    next: u32,
    info: u32,
}

impl Raw {
    fn is_merge_key(self) -> bool {
        self.info & !7 == KEY | Atom::MERGE.number() << PAYLOAD_SHIFT && self.end - self.start == 2
    }
}

const KEY: u32 = 1 << 3;
const PAYLOAD_SHIFT: u32 = 4;
const DECODED: u32 = 1024;
const LATER: u32 = 1 << 27;

/// A comment of a YAML file, `#` included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Offset of the `#`.
    pub start: u32,
    /// Offset after the comment's last byte; the line break is not part of it.
    pub end: u32,
}

/// A text that the source does not hold verbatim, and that is decoded when somebody asks for it.
#[derive(Clone, Debug)]
struct Later {
    text: OnceLock<Box<str>>,
    /// Where its source ends.
    end: u32,
    /// The indentation of a block scalar's content, or [`JSON_STRING`].
    indent: u32,
}

impl Later {
    /// The text of a scalar that starts here.
    #[inline(never)]
    fn text(&self, start: u32, source: &str) -> &str {
        self.text.get_or_init(|| {
            let scalar = &source[start as usize..self.end as usize];
            match self.indent {
                JSON_STRING => json::decode(&scalar[1..scalar.len() - 1]).into_boxed_str(),
                indent => yaml::decode(scalar, indent as usize),
            }
        })
    }
}

/// In place of an indentation: the escapes are those of JSON.
const JSON_STRING: u32 = u32::MAX;

/// One file's tape. Use it through [`Node`](super::Node), which knows the text as well.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Raw>,
    decoded: Vec<Box<str>>,
    /// Texts that are decoded when they are first asked for.
    later: Vec<Later>,
    /// The keywords that are keys somewhere.
    keywords: Atoms,
    comments: Vec<Comment>,
    /// Nodes that have an anchor (`&name`), with the alias nodes that point there, in source order.
    aliases: Vec<(NodeId, NodeId)>,
    /// How many objects the file has.
    objects: usize,
    /// The objects that may have a key twice, in source order.
    repeating: Vec<NodeId>,
}

impl Tree {
    /// How many nodes the file has. Zero only if nothing could be read.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing at all was read.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The comments in source order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Pairs (anchored node, alias node), in the order of the aliases.
    pub fn aliases(&self) -> &[(NodeId, NodeId)] {
        &self.aliases
    }

    /// Whether any key is this keyword.
    #[inline]
    pub fn has_keyword(&self, keyword: Atom) -> bool {
        self.keywords.contains(keyword)
    }

    /// How many objects the file has.
    pub fn objects(&self) -> usize {
        self.objects
    }

    /// The objects that may have a key twice, in source order: few, which the others are known not to have.
    pub fn repeating(&self) -> &[NodeId] {
        &self.repeating
    }

    /// The value nodes of every entry with this key, in source order.
    pub fn values_of(&self, keyword: Atom) -> impl Iterator<Item = NodeId> {
        const CHUNK: usize = 16;
        let wanted = KEY | keyword.number() << PAYLOAD_SHIFT;
        let nodes = if self.has_keyword(keyword) { self.nodes.as_slice() } else { &[] };
        let (chunks, rest) = nodes.as_chunks::<CHUNK>();
        // Most have none, which is found out without a decision for each node.
        let has_any =
            move |chunk: &[Raw; CHUNK]| chunk.iter().fold(false, |any, raw| any | (raw.info & !7 == wanted));
        let numbered = chunks.iter().enumerate().filter(move |(_, chunk)| has_any(chunk));
        let in_chunks = numbered.flat_map(move |(at, chunk)| values_behind(chunk, at * CHUNK, wanted));
        let in_rest = values_behind(rest, nodes.len() - rest.len(), wanted);
        in_chunks.chain(in_rest).filter(|value| value.index() < self.nodes.len())
    }

    /// The objects that have a string under `keyword`, each with that string, in one pass.
    pub fn strings_in<'a>(&'a self, keyword: Atom, source: &'a str) -> Vec<(NodeId, &'a str)> {
        let mut found = Vec::new();
        let mut around: Vec<NodeId> = Vec::new();
        let mut at = 0;
        for value in self.values_of(keyword) {
            for index in at..value.0 {
                let id = NodeId(index);
                while around.last().is_some_and(|&outer| self.next(outer) <= id) {
                    around.pop();
                }
                if matches!(self.kind(id), Kind::Object | Kind::Array) && !self.is_key(id) {
                    around.push(id);
                }
            }
            at = value.0;
            while around.last().is_some_and(|&outer| self.next(outer) <= value) {
                around.pop();
            }
            if let (Some(&object), Some(text)) = (around.last(), self.string(value, source)) {
                found.push((object, text));
            }
        }
        found
    }

    /// The text of a node, if it is a string.
    pub fn string<'a>(&'a self, id: NodeId, source: &'a str) -> Option<&'a str> {
        (self.kind(id) == Kind::String).then(|| self.text(id, source))
    }

    #[inline]
    pub(super) fn kind(&self, id: NodeId) -> Kind {
        Kind::of(self.nodes[id.index()].info)
    }

    #[inline]
    pub(super) fn is_key(&self, id: NodeId) -> bool {
        self.nodes[id.index()].info & KEY != 0
    }

    pub(super) fn range(&self, id: NodeId) -> (u32, u32) {
        let raw = self.nodes[id.index()];
        (raw.start, raw.end)
    }

    /// The first node after the subtree of `id`.
    #[inline]
    pub(super) fn next(&self, id: NodeId) -> NodeId {
        let raw = self.nodes[id.index()];
        NodeId(if raw.info & KEY == 0 { raw.next } else { id.0 + 1 })
    }

    /// The hash of a key's text; different ones mean different texts.
    #[inline]
    pub(super) fn key_hash(&self, key: NodeId) -> u32 {
        debug_assert!(self.is_key(key));
        self.nodes[key.index()].next
    }

    /// The entries of an object as written; none for what is no object.
    #[inline]
    pub(super) fn entries(&self, object: NodeId) -> TreeEntries<'_> {
        let raw = &self.nodes[object.index()];
        let is_object = raw.info & (KEY | 7) == Kind::Object as u32;
        let nodes = if is_object { self.nodes.get(..raw.next as usize) } else { None };
        TreeEntries { nodes: nodes.unwrap_or_default(), key: object.0 + 1 }
    }

    #[inline]
    pub(super) fn atom(&self, id: NodeId) -> Option<Atom> {
        // The payload of an alias is a node's number.
        if self.is_key(id) { Atom::from_number(self.payload(id)) } else { None }
    }

    /// The position and the value of the entry or item of a container that holds `node`, among the first `limit`.
    pub(super) fn child_around(
        &self,
        container: NodeId,
        node: NodeId,
        limit: usize,
    ) -> Result<Option<(usize, NodeId)>, TooMany> {
        let step = match self.kind(container) {
            Kind::Object => 1,
            Kind::Array => 0,
            _ => return Ok(None),
        };
        let end = self.nodes[container.index()].next;
        let mut child = container.0 + 1 + step;
        for index in 0..limit {
            if child >= end || node.0 < child {
                return Ok(None);
            }
            let next = self.nodes[child as usize].next;
            if node.0 < next {
                return Ok(Some((index, NodeId(child))));
            }
            child = next + step;
        }
        Err(TooMany)
    }

    /// The keys that an object may have, of which it has all if it has a merge key; none for what is no object.
    #[inline]
    pub(super) fn keys(&self, object: NodeId) -> Keys {
        let raw = &self.nodes[object.index()];
        let is_object = raw.info & (KEY | 7) == Kind::Object as u32;
        Keys::of(if is_object { raw.info >> PAYLOAD_SHIFT } else { 0 })
    }

    /// Whether a key is YAML 1.1's merge key, which is plain: in JSON and in quotes `<<` is a key like any other.
    pub(super) fn is_merge_key(&self, id: NodeId) -> bool {
        self.nodes[id.index()].is_merge_key()
    }

    /// The value under a keyword among an object's own entries, as it is written.
    #[inline]
    pub(super) fn find_keyword(&self, object: NodeId, keyword: Atom) -> Option<NodeId> {
        let wanted = KEY | keyword.number() << PAYLOAD_SHIFT;
        let mut entries = self.entries(object);
        let found = entries.find(|entry| entry.raw.info & !7 == wanted && !entry.raw.is_merge_key());
        found.map(TreeEntry::value)
    }

    pub(super) fn alias_target(&self, id: NodeId) -> NodeId {
        debug_assert_eq!(self.kind(id), Kind::Alias);
        NodeId(self.payload(id))
    }

    /// The text of a scalar or key; empty for what is none.
    pub(super) fn text<'a>(&'a self, id: NodeId, source: &'a str) -> &'a str {
        let raw = &self.nodes[id.index()];
        match raw.info >> PAYLOAD_SHIFT {
            _ if matches!(Kind::of(raw.info), Kind::Object | Kind::Array | Kind::Alias) => "",
            0 => {
                let (start, end) = (raw.start as usize, raw.end as usize);
                let is_quoted =
                    matches!(source.as_bytes().get(start), Some(b'"' | b'\'')) && end - start >= 2;
                if is_quoted { &source[start + 1..end - 1] } else { &source[start..end] }
            }
            index if index >= LATER => self.later[(index - LATER) as usize].text(raw.start, source),
            index if index >= DECODED => &self.decoded[(index - DECODED) as usize],
            number => Atom::from_number(number).map_or("", Atom::text),
        }
    }

    #[inline]
    fn payload(&self, id: NodeId) -> u32 {
        self.nodes[id.index()].info >> PAYLOAD_SHIFT
    }
}

/// What stands behind each of the wanted keys among some nodes, by the position of the first node.
fn values_behind(nodes: &[Raw], first: usize, wanted: u32) -> impl Iterator<Item = NodeId> {
    let keys = nodes.iter().zip(first..).filter(move |(raw, _)| raw.info & !7 == wanted);
    keys.map(|(_, key)| NodeId(key as u32 + 1))
}

/// The entries of an object as written. See [`Tree::entries`].
#[derive(Clone)]
pub(super) struct TreeEntries<'a> {
    /// Everything up to the end of the object.
    nodes: &'a [Raw],
    key: u32,
}

/// One entry of an object.
#[derive(Clone, Copy)]
pub(super) struct TreeEntry<'a> {
    key: u32,
    raw: &'a Raw,
    raw_value: &'a Raw,
}

impl<'a> Iterator for TreeEntries<'a> {
    type Item = TreeEntry<'a>;

    #[inline]
    fn next(&mut self) -> Option<TreeEntry<'a>> {
        let key = self.key;
        // A tree that ended early may hold a key without a value.
        let Some([raw, raw_value]) = self.nodes.get(key as usize..key as usize + 2) else { return None };
        self.key = raw_value.next;
        Some(TreeEntry { key, raw, raw_value })
    }
}

impl TreeEntry<'_> {
    #[inline]
    pub(super) fn key(self) -> NodeId {
        NodeId(self.key)
    }

    #[inline]
    pub(super) fn value(self) -> NodeId {
        NodeId(self.key + 1)
    }

    /// Whether the value is an alias.
    #[inline]
    pub(super) fn is_alias(self) -> bool {
        Kind::of(self.raw_value.info) == Kind::Alias
    }

    /// The hash of the key's text.
    #[inline]
    pub(super) fn hash(self) -> u32 {
        self.raw.next
    }
}

/// A container has more children than were asked about.
pub(super) struct TooMany;
