//! Writes a tape from front to back: what the readers of JSON and YAML end in.

use rustc_hash::FxHashMap;

use super::super::atom::Short;
use super::*;
use crate::source::Limits;

/// A scalar that aliases use as a key: its text may be long and is looked at once.
#[derive(Clone, Copy, Debug)]
struct KeyText {
    keyword: Option<Atom>,
    payload: u32,
    hash: u32,
}

/// A container that is not complete yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    id: NodeId,
    /// Null for what stands around the whole text.
    kind: Kind,
    keys: Keys,
}

/// Writes a tape from front to back. The readers of JSON and YAML both end here.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
    /// The innermost container. What is asked of it with each key is no step away: 1 % of a whole lint.
    innermost: Open,
    /// What stands around it, from the outside in.
    outer: Vec<Open>,
    limits: Limits,
    /// The anchored scalars that aliases use as keys.
    key_texts: FxHashMap<NodeId, KeyText>,
}

impl TreeBuilder {
    /// A builder for a text of `bytes` bytes.
    pub fn new(bytes: usize, limits: &Limits) -> TreeBuilder {
        let tree = Tree { nodes: Vec::with_capacity(bytes / 12), ..Tree::default() };
        let innermost = Open { id: NodeId::ROOT, kind: Kind::Null, keys: Keys::default() };
        TreeBuilder {
            tree,
            innermost,
            outer: Vec::new(),
            limits: limits.clone(),
            key_texts: FxHashMap::default(),
        }
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.outer.len()
    }

    /// The number that the next node will have.
    pub fn next_id(&self) -> NodeId {
        NodeId(self.tree.nodes.len() as u32)
    }

    /// Starts an object or array. Fails when the depth or node limit is exceeded.
    #[inline(always)]
    pub fn open(&mut self, kind: Kind, start: u32) -> Result<NodeId, Box<SyntaxError>> {
        debug_assert!(matches!(kind, Kind::Object | Kind::Array));
        if self.outer.len() >= self.limits.depth as usize {
            return Err(self.too_deep(start));
        }
        let id = self.push(kind, start, start, 0)?;
        self.outer.push(self.innermost);
        self.innermost = Open { id, kind, keys: Keys::default() };
        Ok(id)
    }

    /// Ends the innermost open container.
    #[inline]
    pub fn close(&mut self, end: u32) {
        if let Some(outer) = self.outer.pop() {
            let open = std::mem::replace(&mut self.innermost, outer);
            let next = self.tree.nodes.len() as u32;
            let raw = &mut self.tree.nodes[open.id.index()];
            raw.end = end;
            raw.next = next;
            raw.info |= open.keys.number() << PAYLOAD_SHIFT;
            self.tree.objects += usize::from(open.kind == Kind::Object);
            if open.keys.may_repeat() {
                self.tree.repeating.push(open.id);
            }
        }
    }

    /// The kind of the innermost open container; null if there is none.
    #[inline]
    pub(in crate::syntax) fn innermost(&self) -> Kind {
        self.innermost.kind
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
    pub(in crate::syntax) fn later(
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
    pub(in crate::syntax) fn escaped(&mut self, start: u32, end: u32) -> Result<NodeId, Box<SyntaxError>> {
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

    /// Adds a key between quotes whose text, of `length` bytes, is given as numbers.
    #[inline]
    pub(in crate::syntax) fn short_key(
        &mut self,
        start: u32,
        length: u32,
        text: Short,
    ) -> Result<NodeId, Box<SyntaxError>> {
        if length > self.limits.key_bytes {
            return Err(self.too_long(start));
        }
        let hash = text.hash();
        let payload = text.atom(hash).map_or(0, |keyword| self.keyword(keyword));
        self.push_key(Kind::String, start, start + length + 2, payload, hash)
    }

    /// Adds an alias of a node that stands before it.
    pub fn alias(&mut self, start: u32, end: u32, target: NodeId) -> Result<NodeId, Box<SyntaxError>> {
        let id = self.push(Kind::Alias, start, end, target.0)?;
        self.tree.aliases.push((target, id));
        Ok(id)
    }

    /// Adds a key that is an alias of a scalar; it has the scalar's kind and text. The text is stored once, however
    /// many aliases there are.
    pub(in crate::syntax) fn alias_key(
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
    pub(in crate::syntax) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Adds a comment; comments come in source order.
    pub fn comment(&mut self, start: u32, end: u32) {
        self.tree.comments.push(Comment { start, end });
    }

    /// Whether `id` is a container that is still open.
    pub fn is_open(&self, id: NodeId) -> bool {
        // Open containers lie within each other, so their numbers ascend.
        let outer = self.outer.get(1..).unwrap_or_default();
        !self.outer.is_empty() && id == self.innermost.id
            || outer.binary_search_by_key(&id, |open| open.id).is_ok()
    }

    /// Corrects the span of a node that was already added.
    pub fn set_range(&mut self, id: NodeId, start: u32, end: u32) {
        let raw = &mut self.tree.nodes[id.index()];
        (raw.start, raw.end) = (start, end);
    }

    /// The tree; containers that are still open end where the text ends.
    pub fn finish(mut self, end: u32) -> Tree {
        while self.depth() > 0 {
            self.close(end);
        }
        self.tree.nodes.shrink_to_fit();
        // What stands within another ends before it.
        self.tree.repeating.sort_unstable();
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
        if keyword == Atom::MERGE {
            self.innermost.keys = Keys::ANY;
        }
        keyword.number()
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
        self.innermost.keys.insert(hash);
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
    fn too_deep(&self, start: u32) -> Box<SyntaxError> {
        Box::new(SyntaxError::too_deep(&self.limits, start))
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
