//! The arena: one pre-order tape of 16-byte nodes a file.
//!
//! An object is followed by key, value, key, value, …; an array by its items. Each node knows where its subtree
//! ends (`next`), so that a sibling is one step away. Strings stay in the source text; only what the source does not
//! hold verbatim (escapes, folded lines) is stored decoded, if need be when it is first asked for. Measured on 425 MB of real JSON: 1.6 bytes of memory a
//! byte of input.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::atom::hash;
use super::parse::SyntaxError;
use super::{Atom, Atoms, json, yaml};
use crate::source::Limits;

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

const KINDS: [Kind; 8] =
    [Kind::Null, Kind::Bool, Kind::Int, Kind::Float, Kind::String, Kind::Array, Kind::Object, Kind::Alias];

/// `info` is: 3 bits of kind, 1 bit "is a key", 28 bits of payload.
/// The payload of a string or key is 0 (its text is in the source), an atom's number, or `DECODED` or `LATER` + an index.
/// The payload of an alias is its target, that of an object says where its `$ref` is; see [`Tree::reference`].
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

/// The payload of an object whose `$ref` has to be looked for: it has a merge key. No `$ref` stands so near.
const UNKNOWN: u32 = 1;

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

    /// The objects in source order.
    pub fn objects(&self) -> impl Iterator<Item = NodeId> {
        let nodes = self.nodes.iter().zip(0..);
        nodes.filter(|(raw, _)| raw.info & 7 == Kind::Object as u32).map(|(_, id)| NodeId(id))
    }

    /// The value nodes of every entry with this key, in source order.
    pub fn values_of(&self, keyword: Atom) -> impl Iterator<Item = NodeId> {
        let wanted = KEY | keyword.number() << PAYLOAD_SHIFT;
        let nodes = if self.has_keyword(keyword) { self.nodes.as_slice() } else { &[] };
        let keys = nodes.iter().enumerate().filter(move |(_, raw)| raw.info & !7 == wanted);
        keys.map(|(key, _)| NodeId(key as u32 + 1)).filter(|value| value.index() < self.nodes.len())
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
        KINDS[(self.nodes[id.index()].info & 7) as usize]
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

    /// The value and the next key of the entry whose key is `key`, in an object that ends at `end`; nothing at the end,
    /// nor for a key without a value, which a tree that ended early may hold.
    #[inline]
    pub(super) fn entry(&self, key: NodeId, end: NodeId) -> Option<(Kind, NodeId)> {
        if key.0 + 1 >= end.0 {
            return None;
        }
        let value = &self.nodes[key.index() + 1];
        Some((KINDS[(value.info & 7) as usize], NodeId(value.next)))
    }

    /// The value of an object's first `$ref`, as written: the most frequent question of all. The builder has noted the
    /// answer: to look at all keys each time cost 15 % of a whole lint.
    #[inline]
    pub(super) fn reference(&self, object: NodeId) -> Result<Option<NodeId>, IsMerged> {
        let raw = &self.nodes[object.index()];
        match raw.info >> PAYLOAD_SHIFT {
            _ if raw.info & 7 != Kind::Object as u32 => Ok(None),
            0 => Ok(None),
            UNKNOWN => Err(IsMerged),
            distance => Ok(Some(NodeId(object.0 + distance)).filter(|value| value.0 < raw.next)),
        }
    }

    /// Whether a key is YAML 1.1's merge key, which is plain: in JSON and in quotes `<<` is a key like any other.
    pub(super) fn is_merge_key(&self, id: NodeId) -> bool {
        self.nodes[id.index()].is_merge_key()
    }

    /// The value under a keyword among an object's own entries, as it is written; and whether a merge key stands before
    /// it.
    pub(super) fn find_keyword(&self, object: NodeId, keyword: Atom) -> (Option<NodeId>, bool) {
        let wanted = KEY | keyword.number() << PAYLOAD_SHIFT;
        let raw = self.nodes[object.index()];
        let mut merges = false;
        // Half of all questions are about keywords that the file does not have at all.
        if raw.info & 7 != Kind::Object as u32 || !self.has_keyword(keyword) {
            return (None, false);
        }
        let has_merge_keys = self.has_keyword(Atom::MERGE);
        let mut key = object.index() + 1;
        // A tree that ended early may hold a key without a value.
        while key + 1 < raw.next as usize {
            let [node, value] = [&self.nodes[key], &self.nodes[key + 1]];
            if node.info & !7 == wanted && !(has_merge_keys && node.is_merge_key()) {
                return (Some(NodeId(key as u32 + 1)), merges);
            }
            merges |= has_merge_keys && node.is_merge_key();
            key = value.next as usize;
        }
        (None, merges)
    }

    pub(super) fn alias_target(&self, id: NodeId) -> NodeId {
        debug_assert_eq!(self.kind(id), Kind::Alias);
        NodeId(self.payload(id))
    }

    /// The text of a scalar or key.
    pub(super) fn text<'a>(&'a self, id: NodeId, source: &'a str) -> &'a str {
        let raw = self.nodes[id.index()];
        match raw.info >> PAYLOAD_SHIFT {
            0 => {
                let text = &source[raw.start as usize..raw.end as usize];
                let quoted = matches!(text.as_bytes().first(), Some(b'"' | b'\'')) && text.len() >= 2;
                if quoted { &text[1..text.len() - 1] } else { text }
            }
            index if index >= LATER => {
                let later = &self.later[(index - LATER) as usize];
                later.text.get_or_init(|| {
                    let scalar = &source[raw.start as usize..later.end as usize];
                    match later.indent {
                        JSON_STRING => json::decode(&scalar[1..scalar.len() - 1]).into_boxed_str(),
                        indent => yaml::decode(scalar, indent as usize),
                    }
                })
            }
            index if index >= DECODED => &self.decoded[(index - DECODED) as usize],
            number => Atom::from_number(number).map_or("", Atom::text),
        }
    }

    #[inline]
    fn payload(&self, id: NodeId) -> u32 {
        self.nodes[id.index()].info >> PAYLOAD_SHIFT
    }
}

/// A container has more children than were asked about.
pub(super) struct TooMany;

/// An object has a merge key, so that its own entries do not tell all.
pub(super) struct IsMerged;

/// A scalar that aliases use as a key: its text may be long and is looked at once.
#[derive(Clone, Copy, Debug)]
struct KeyText {
    keyword: Option<Atom>,
    payload: u32,
    hash: u32,
}

/// Writes a tape from front to back. The readers of JSON and YAML both end here.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
    open: Vec<NodeId>,
    limits: Limits,
    /// The anchored scalars that aliases use as keys.
    key_texts: FxHashMap<NodeId, KeyText>,
}

impl TreeBuilder {
    /// A builder for a text of `bytes` bytes.
    pub fn new(bytes: usize, limits: &Limits) -> TreeBuilder {
        let tree = Tree { nodes: Vec::with_capacity(bytes / 12), ..Tree::default() };
        TreeBuilder { tree, open: Vec::new(), limits: limits.clone(), key_texts: FxHashMap::default() }
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The number that the next node will have.
    pub fn next_id(&self) -> NodeId {
        NodeId(self.tree.nodes.len() as u32)
    }

    /// Starts an object or array. Fails when the depth or node limit is exceeded.
    #[inline]
    pub fn open(&mut self, kind: Kind, start: u32) -> Result<NodeId, Box<SyntaxError>> {
        debug_assert!(matches!(kind, Kind::Object | Kind::Array));
        if self.open.len() >= self.limits.depth as usize {
            return Err(Box::new(SyntaxError::too_deep(&self.limits, start)));
        }
        let id = self.push(kind, start, start, 0)?;
        self.open.push(id);
        Ok(id)
    }

    /// Ends the innermost open container.
    #[inline]
    pub fn close(&mut self, end: u32) {
        if let Some(id) = self.open.pop() {
            let next = self.tree.nodes.len() as u32;
            let raw = &mut self.tree.nodes[id.index()];
            raw.end = end;
            raw.next = next;
        }
    }

    /// Adds a null, boolean or number, whose text is the source text.
    #[inline]
    pub fn scalar(&mut self, kind: Kind, start: u32, end: u32) -> Result<NodeId, Box<SyntaxError>> {
        self.push(kind, start, end, 0)
    }

    /// Adds a string. `start..end` includes the quotes. `decoded` is its text where the source between the quotes is
    /// not that text.
    #[inline]
    pub fn string(
        &mut self,
        start: u32,
        end: u32,
        decoded: Option<String>,
    ) -> Result<NodeId, Box<SyntaxError>> {
        let payload = self.decoded(decoded);
        self.push(Kind::String, start, end, payload)
    }

    /// Adds a string of YAML whose text is decoded when it is first asked for, from the source from its `start` to
    /// `source_end`; `indent` is the indentation of a block scalar's content.
    #[inline]
    pub(super) fn later(
        &mut self,
        start: u32,
        end: u32,
        source_end: u32,
        indent: u32,
    ) -> Result<NodeId, Box<SyntaxError>> {
        let payload = self.tree.later.len() as u32 + LATER;
        self.tree.later.push(Later { text: OnceLock::new(), end: source_end, indent });
        self.push(Kind::String, start, end, payload)
    }

    /// Adds a string of JSON with escapes, which are decoded when its text is first asked for.
    #[inline]
    pub(super) fn escaped(&mut self, start: u32, end: u32) -> Result<NodeId, Box<SyntaxError>> {
        self.later(start, end, end, JSON_STRING)
    }

    /// Adds a key; `kind` is what the scalar would be as a value (`200:` is an integer). `text` is its decoded text,
    /// which `verbatim` says the source holds between the quotes.
    #[inline]
    pub fn key(
        &mut self,
        kind: Kind,
        start: u32,
        end: u32,
        text: &str,
        verbatim: bool,
    ) -> Result<NodeId, Box<SyntaxError>> {
        if text.len() > self.limits.key_bytes as usize {
            return Err(self.too_long(start));
        }
        let hash = hash(text);
        let payload = match Atom::hashed(text, hash) {
            Some(atom) => self.keyword(atom),
            None if verbatim => 0,
            None => self.decoded(Some(text.to_owned())),
        };
        self.push_key(kind, start, end, payload, hash)
    }

    /// Adds an alias of a node that stands before it.
    pub fn alias(&mut self, start: u32, end: u32, target: NodeId) -> Result<NodeId, Box<SyntaxError>> {
        let id = self.push(Kind::Alias, start, end, target.0)?;
        self.tree.aliases.push((target, id));
        Ok(id)
    }

    /// Adds a key that is an alias of a scalar; it has the scalar's kind and text. The text is stored once, however
    /// many aliases there are.
    pub(super) fn alias_key(
        &mut self,
        start: u32,
        end: u32,
        target: NodeId,
        source: &str,
    ) -> Result<NodeId, Box<SyntaxError>> {
        let kind = self.tree.kind(target);
        let known = self.key_texts.get(&target).copied();
        let KeyText { keyword, payload, hash } = known.unwrap_or_else(|| self.key_text(target, source));
        let payload = keyword.map_or(payload, |keyword| self.keyword(keyword));
        self.push_key(kind, start, end, payload, hash)
    }

    /// What a scalar is as a key, for all aliases that use it as one.
    fn key_text(&mut self, target: NodeId, source: &str) -> KeyText {
        let text = self.tree.text(target, source);
        let hash = hash(text);
        let keyword = Atom::hashed(text, hash);
        let payload = match self.tree.payload(target) {
            0 if keyword.is_none() => {
                let text = text.to_owned();
                self.decoded(Some(text))
            }
            payload => payload,
        };
        *self.key_texts.entry(target).or_insert(KeyText { keyword, payload, hash })
    }

    /// What was added so far.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Adds a comment; comments come in source order.
    pub fn comment(&mut self, start: u32, end: u32) {
        self.tree.comments.push(Comment { start, end });
    }

    /// Whether `id` is a container that is still open.
    pub fn is_open(&self, id: NodeId) -> bool {
        // Open containers lie within each other, so their numbers ascend.
        self.open.binary_search(&id).is_ok()
    }

    /// Corrects the span of a node that was already added.
    pub fn set_range(&mut self, id: NodeId, start: u32, end: u32) {
        let raw = &mut self.tree.nodes[id.index()];
        (raw.start, raw.end) = (start, end);
    }

    /// The tree; containers that are still open end where the text ends.
    pub fn finish(mut self, end: u32) -> Tree {
        while !self.open.is_empty() {
            self.close(end);
        }
        self.tree.nodes.shrink_to_fit();
        self.tree
    }

    #[inline]
    fn decoded(&mut self, text: Option<String>) -> u32 {
        let Some(text) = text else { return 0 };
        self.tree.decoded.push(text.into_boxed_str());
        self.tree.decoded.len() as u32 - 1 + DECODED
    }

    /// The payload of a key that is a keyword and comes next.
    #[inline]
    fn keyword(&mut self, keyword: Atom) -> u32 {
        self.tree.keywords.insert(keyword);
        if matches!(keyword, Atom::DOLLAR_REF | Atom::MERGE) {
            self.note_in_object(keyword);
        }
        keyword.number()
    }

    /// Notes in the innermost object where its first `$ref` is; see [`Tree::reference`].
    fn note_in_object(&mut self, keyword: Atom) {
        let value = self.tree.nodes.len() as u32 + 1;
        let Some(&object) = self.open.last() else { return };
        let raw = &mut self.tree.nodes[object.index()];
        let payload = match raw.info >> PAYLOAD_SHIFT {
            _ if keyword == Atom::MERGE => UNKNOWN,
            0 => value - object.0,
            first => first,
        };
        raw.info = raw.info & (KEY | 7) | payload << PAYLOAD_SHIFT;
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: u32, end: u32, payload: u32) -> Result<NodeId, Box<SyntaxError>> {
        let next = self.tree.nodes.len() as u32 + 1;
        self.push_raw(Raw { start, end, next, info: kind as u32 | payload << PAYLOAD_SHIFT })
    }

    #[inline]
    fn push_key(
        &mut self,
        kind: Kind,
        start: u32,
        end: u32,
        payload: u32,
        hash: u32,
    ) -> Result<NodeId, Box<SyntaxError>> {
        self.push_raw(Raw { start, end, next: hash, info: kind as u32 | KEY | payload << PAYLOAD_SHIFT })
    }

    #[inline]
    fn push_raw(&mut self, raw: Raw) -> Result<NodeId, Box<SyntaxError>> {
        let id = self.tree.nodes.len() as u32;
        if id >= self.limits.nodes {
            return Err(self.too_many(raw.start, raw.end));
        }
        self.tree.nodes.push(raw);
        Ok(NodeId(id))
    }

    #[cold]
    fn too_long(&self, start: u32) -> Box<SyntaxError> {
        let message = format!("a key has more than {} bytes", self.limits.key_bytes);
        Box::new(SyntaxError::limit(start, start + 1, message, "shorten the key"))
    }

    #[cold]
    fn too_many(&self, start: u32, end: u32) -> Box<SyntaxError> {
        let message = format!("the file has more than {} values", self.limits.nodes);
        Box::new(SyntaxError::limit(start, end.max(start + 1), message, "split the document"))
    }
}
