//! A handle on one value of a file: what it is, where it stands, what is in it.

use super::atom::hash;
use super::file::Member;
use super::keys::Keys;
use super::tree::{TreeEntries, TreeEntry};
use super::{Atom, Files, Kind, NodeId, Tree};
use crate::source::{FileId, Span};

/// A value of a file. Copy it freely: it is a pointer and a number.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    member: &'a Member,
    id: NodeId,
}

/// One entry of an object.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: Node<'a>,
    /// The value, behind its alias if it is one.
    pub value: Node<'a>,
    /// The value as it is written: the alias where there is one.
    pub written: Node<'a>,
}

/// Whether a place is the key of a value or the value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Part {
    /// The key under which the value stands.
    Key,
    /// The value.
    Value,
}

/// Where something is said: a value, or the key of a value.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The value.
    pub node: Node<'a>,
    /// Its key or itself.
    pub part: Part,
}

impl<'a> Place<'a> {
    /// The value itself.
    pub fn value(node: Node<'a>) -> Place<'a> {
        Place { node, part: Part::Value }
    }

    /// The key of the value; the value itself where it has no key (an array's item, a root).
    pub fn key(node: Node<'a>) -> Place<'a> {
        Place { node, part: if node.key().is_some() { Part::Key } else { Part::Value } }
    }

    /// The span of the key or of the value.
    pub fn span(self) -> Span {
        match (self.part, self.node.key()) {
            (Part::Key, Some(key)) => key.span(),
            _ => self.node.span(),
        }
    }
}

impl<'a> Node<'a> {
    #[inline]
    pub(super) fn new(member: &'a Member, id: NodeId) -> Node<'a> {
        Node { member, id }
    }

    /// Another node of the same file, by its number.
    pub fn sibling(self, id: NodeId) -> Node<'a> {
        Node::new(self.member, id)
    }

    /// The number of the file.
    #[inline]
    pub fn file(self) -> FileId {
        self.member.id
    }

    /// The number of the node in its file.
    #[inline]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The numbers that identify the node in its set of files.
    #[inline]
    pub fn identity(self) -> (FileId, NodeId) {
        (self.member.id, self.id)
    }

    /// The path of the file as outputs show it.
    pub fn file_display(self) -> &'a str {
        &self.member.file.display
    }

    /// The path that identifies the file.
    pub fn file_path(self) -> &'a std::path::Path {
        &self.member.file.path
    }

    /// What the node is; [`Kind::Alias`] only for a node reached as it is written.
    #[inline]
    pub fn kind(self) -> Kind {
        self.tree().kind(self.id)
    }

    /// Whether it is an object.
    #[inline]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether it is an array.
    #[inline]
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// Where it stands; quotes and brackets are part of it.
    pub fn span(self) -> Span {
        let (start, end) = self.tree().range(self.id);
        Span { file: self.member.id, start, end }
    }

    /// The key under which it stands, if it is the value of an object's entry.
    #[inline]
    pub fn key(self) -> Option<Node<'a>> {
        let before = NodeId(self.id.0.checked_sub(1)?);
        self.tree().is_key(before).then(|| Node::new(self.member, before))
    }

    /// The value of the entry whose key it is, behind its alias if it is one.
    #[inline]
    pub fn value(self) -> Option<Node<'a>> {
        let value = NodeId(self.id.0 + 1);
        let is_key = self.tree().is_key(self.id) && value.index() < self.tree().len();
        is_key.then(|| Node::new(self.member, value).dealiased())
    }

    /// The text of its key; empty where it has none.
    pub fn key_text(self) -> &'a str {
        self.key().map_or("", Node::text)
    }

    /// The text of a scalar or key as the document means it; empty for an object or array.
    pub fn text(self) -> &'a str {
        self.tree().text(self.id, &self.member.file.text)
    }

    /// The text as written, quotes and escapes included.
    pub fn source(self) -> &'a str {
        &self.member.file.text[self.span().range()]
    }

    /// The text, if it is a string.
    pub fn as_str(self) -> Option<&'a str> {
        (self.kind() == Kind::String).then(|| self.text())
    }

    /// The boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| matches!(self.text().as_bytes().first(), Some(b't' | b'T')))
    }

    /// The number, if it is one that a double holds; YAML's `.inf` and `.nan` are.
    pub fn as_f64(self) -> Option<f64> {
        match self.kind() {
            Kind::Int => {
                let text = self.text();
                // Nearly all; to read 128 bits takes longer.
                let short = || text.parse::<i64>().ok().map(|n| n as f64);
                let long = || super::scalar::integer(text).map(|n| n as f64);
                short().or_else(long).or_else(|| text.parse().ok())
            }
            Kind::Float => super::scalar::float(self.text()),
            _ => None,
        }
    }

    /// The number, if it is a whole one from 0 to 2^64 - 1, however written (`10`, `1e1`, `10.0`).
    pub fn as_u64(self) -> Option<u64> {
        match self.kind() {
            Kind::Int => super::scalar::integer(self.text()).and_then(|n| u64::try_from(n).ok()),
            Kind::Float => {
                let number = super::scalar::float(self.text())?;
                let whole = number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number);
                whole.then_some(number as u64)
            }
            _ => None,
        }
    }

    /// The keyword, if it is a key that is one.
    #[inline]
    pub fn atom(self) -> Option<Atom> {
        self.tree().atom(self.id)
    }

    /// The hash of a key's text, which is known without a look at the text; different ones mean different texts.
    #[inline]
    pub(crate) fn key_hash(self) -> u32 {
        self.tree().key_hash(self.id)
    }

    /// The hashes of an object's keys as written, see [`Node::key_hash`].
    pub(crate) fn key_hashes(self) -> impl Iterator<Item = u32> {
        self.tree().entries(self.id).map(TreeEntry::hash)
    }

    /// The first byte of a key's text, 0 if it has none; known without a look at the text.
    #[inline]
    pub fn first_byte(self) -> u8 {
        self.key_hash() as u8
    }

    /// Whether it is a key that is an extension: its text starts with `x-`. Most others are told without a look at it,
    /// which would have to come from far away in memory.
    #[inline]
    pub fn is_extension(self) -> bool {
        self.first_byte() == b'x' && self.text().starts_with("x-")
    }

    /// The value of an object's `$ref`, whatever it is.
    #[inline]
    pub fn reference(self) -> Option<Node<'a>> {
        self.get(Atom::DOLLAR_REF)
    }

    /// The value under a keyword. An explicit entry wins over one from a YAML merge key; of duplicates the first.
    #[inline]
    pub fn get(self, keyword: Atom) -> Option<Node<'a>> {
        // Three of four questions end here.
        if self.keys().may_hold(keyword) { self.look_up(keyword) } else { None }
    }

    /// The keys that an object may have, of which it may have all if it has a merge key; none for what is no object.
    #[inline]
    pub(crate) fn keys(self) -> Keys {
        self.tree().keys(self.id)
    }

    #[inline(never)]
    fn look_up(self, keyword: Atom) -> Option<Node<'a>> {
        match self.tree().find_keyword(self.id, keyword) {
            Some(value) => Some(Node::new(self.member, value).dealiased()),
            None if self.may_merge() => self.look_up_merged(keyword),
            None => None,
        }
    }

    #[cold]
    fn look_up_merged(self, keyword: Atom) -> Option<Node<'a>> {
        self.find(|key| key.atom() == Some(keyword))
    }

    /// Whether an object may have a merge key.
    #[inline]
    fn may_merge(self) -> bool {
        self.tree().has_keyword(Atom::MERGE) && self.keys() == Keys::ANY
    }

    /// The value under any key; like [`Node::get`].
    pub fn get_text(self, name: &str) -> Option<Node<'a>> {
        match Atom::of(name) {
            Some(keyword) => self.get(keyword),
            None => {
                let hash = hash(name);
                self.find(|key| key.key_hash() == hash && key.text() == name)
            }
        }
    }

    /// Whether the object has the keyword, whatever its value.
    pub fn has(self, keyword: Atom) -> bool {
        self.get(keyword).is_some()
    }

    /// The entries of an object, those of merge keys (`<<`) after its own and without those it overrides; nothing
    /// for other kinds.
    #[inline]
    pub fn entries(self) -> Entries<'a> {
        Entries::new(self)
    }

    /// The entries of an object exactly as written: `<<` is a key, duplicates are all there.
    pub fn written_entries(self) -> impl Iterator<Item = Entry<'a>> {
        Written::of(self)
    }

    /// The items of an array, behind their aliases; nothing for other kinds.
    pub fn items(self) -> Items<'a> {
        let written = self.written_items();
        Items { written }
    }

    /// The children of an object (values) or array as written, aliases as themselves.
    pub fn children(self) -> impl Iterator<Item = Node<'a>> {
        let values = Written::of(self).map(|entry| entry.written);
        values.chain(self.written_items())
    }

    /// The node behind an alias; the node itself if it is none.
    #[inline]
    pub fn dealiased(self) -> Node<'a> {
        let mut node = self;
        // An alias points backwards, so the chain ends.
        while node.kind() == Kind::Alias {
            node = Node::new(node.member, node.tree().alias_target(node.id));
        }
        node
    }

    /// Whether `other` is this node or stands in it.
    pub fn contains(self, other: Node<'_>) -> bool {
        self.file() == other.file() && self.id <= other.id && other.id < self.tree().next(self.id)
    }

    /// The first node number after this node's subtree.
    pub fn end_id(self) -> NodeId {
        self.tree().next(self.id)
    }

    #[inline]
    pub(super) fn tree(self) -> &'a Tree {
        &self.member.file.tree
    }

    fn written_items(self) -> WrittenItems<'a> {
        let children = self.is_array();
        let end = if children { self.tree().next(self.id) } else { self.id };
        WrittenItems { member: self.member, next: NodeId(self.id.0 + 1), end }
    }

    fn find(self, mut matches: impl FnMut(Node<'a>) -> bool) -> Option<Node<'a>> {
        let mut merged = false;
        for entry in Written::of(self) {
            if matches(entry.key) {
                return Some(entry.value);
            }
            merged |= is_merge(entry.key);
        }
        // Only an object with a merge key pays for looking into what is merged.
        if !merged {
            return None;
        }
        Entries::new(self).find(|entry| matches(entry.key)).map(|entry| entry.value)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.member, other.member) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (start, end) = self.tree().range(self.id);
        write!(f, "{:?} {}..{} of {}", self.kind(), start, end, self.member.file.display)
    }
}

/// YAML 1.1's merge key; in JSON `<<` is a key like any other.
fn is_merge(key: Node<'_>) -> bool {
    key.tree().is_merge_key(key.id)
}

/// The entries of one object as written.
#[derive(Clone)]
struct Written<'a> {
    member: &'a Member,
    entries: TreeEntries<'a>,
}

impl<'a> Written<'a> {
    #[inline]
    fn of(object: Node<'a>) -> Written<'a> {
        Written { member: object.member, entries: object.tree().entries(object.id) }
    }
}

impl<'a> Iterator for Written<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let entry = self.entries.next()?;
        let key = Node::new(self.member, entry.key());
        let written = Node::new(self.member, entry.value());
        let value = if entry.is_alias() { written.dealiased() } else { written };
        Some(Entry { key, value, written })
    }
}

/// The entries of an object, merge keys applied. See [`Node::entries`].
pub struct Entries<'a> {
    written: Written<'a>,
    /// Instead, if the object has a merge key. Behind a pointer, so that the rest may stay in registers.
    merged: Option<Box<Merge<'a>>>,
}

/// The entries of an object that has a merge key.
struct Merge<'a> {
    /// The object's own entries that are still to be given.
    own: Written<'a>,
    /// Objects still to be merged, the next one last.
    pending: Vec<Node<'a>>,
    current: Written<'a>,
    /// The values of the merge keys of the current object.
    nested: Vec<Node<'a>>,
    /// Keys that were already given, so that later ones are overridden.
    seen: rustc_hash::FxHashSet<&'a str>,
    /// Objects that were already merged: their entries were all given.
    done: rustc_hash::FxHashSet<NodeId>,
}

impl<'a> Entries<'a> {
    #[inline]
    fn new(object: Node<'a>) -> Entries<'a> {
        let merged = if object.may_merge() { Some(Merge::new(object)) } else { None };
        Entries { written: Written::of(object), merged }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        match &mut self.merged {
            None => self.written.next(),
            Some(merged) => merged.next(),
        }
    }
}

impl<'a> Merge<'a> {
    #[cold]
    fn new(object: Node<'a>) -> Box<Merge<'a>> {
        let mut merge = Merge {
            own: Written::of(object),
            pending: Vec::new(),
            current: Written::of(object),
            nested: Vec::new(),
            seen: Default::default(),
            done: [object.id].into_iter().collect(),
        };
        for entry in merge.current.by_ref() {
            if is_merge(entry.key) {
                merge.nested.push(entry.value);
            } else {
                merge.seen.insert(entry.key.text());
            }
        }
        Box::new(merge)
    }

    /// Puts what the current object merges before what is still to be merged: it is nearer. A merge key names an object,
    /// or an array of objects of which earlier ones win.
    fn descend(&mut self) {
        for value in self.nested.drain(..).rev() {
            let start = self.pending.len();
            if value.is_array() {
                self.pending.extend(value.items());
                self.pending[start..].reverse();
            } else {
                self.pending.push(value);
            }
        }
    }

    #[cold]
    fn next(&mut self) -> Option<Entry<'a>> {
        if let Some(entry) = self.own.find(|entry| !is_merge(entry.key)) {
            return Some(entry);
        }
        loop {
            for entry in self.current.by_ref() {
                if is_merge(entry.key) {
                    self.nested.push(entry.value);
                } else if self.seen.insert(entry.key.text()) {
                    return Some(entry);
                }
            }
            self.descend();
            let object = self.pending.pop()?;
            if object.is_object() && self.done.insert(object.id) {
                self.current = Written::of(object);
            }
        }
    }
}

#[derive(Clone)]
struct WrittenItems<'a> {
    member: &'a Member,
    next: NodeId,
    end: NodeId,
}

impl<'a> Iterator for WrittenItems<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next.0 >= self.end.0 {
            return None;
        }
        let node = Node::new(self.member, self.next);
        self.next = node.end_id();
        Some(node)
    }
}

/// The items of an array. See [`Node::items`].
#[derive(Clone)]
pub struct Items<'a> {
    written: WrittenItems<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.written.next().map(Node::dealiased)
    }
}

impl Files {
    /// The node of a span's numbers; the inverse of [`Node::identity`].
    pub fn at(&self, identity: (FileId, NodeId)) -> Node<'_> {
        self.node(identity.0, identity.1)
    }
}
