//! Which schemas stand below which, from the operations down: found in one walk, and shared by every question about how
//! schemas are used. To look at the keys of each schema again for each of four questions took a sixth of a lint.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::Document;
use super::directions::Directions;
use super::heirs::Heirs;
use super::node_set::NodeSet;
use super::objects::{Object, Schema};
use super::schema::{Edge, is_schema_node};
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId};

/// The schemas that operations lead to. Each has a number, in the order of a breadth-first walk.
#[derive(Debug)]
pub(super) struct Graph {
    /// Of each file the objects, and how many the files before it have.
    objects: Vec<(usize, NodeSet)>,
    /// By the position of an object: its number as a schema, or [`NONE`].
    numbers: Vec<u32>,
    /// The numbers of what stands where the grammar has no object: only a discriminator may lead there.
    others: FxHashMap<(FileId, NodeId), u32>,
    /// By number.
    schemas: Vec<(FileId, NodeId)>,
    /// By number: where the links of a schema begin. One more than there are schemas.
    first: Vec<u32>,
    links: Vec<Link>,
}

const NONE: u32 = u32::MAX;

/// One schema below another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// The number of the schema below.
    pub(super) child: u32,
    /// The value that leads to it, in the file of the schema above: itself, or a reference.
    written: NodeId,
    /// Why it stands below.
    pub(super) edge: Edge,
    pub(super) form: LinkForm,
    /// The directions in which it is not there: a `readOnly` property is in no request, a `writeOnly` one in no response.
    pub(super) absent: Directions,
    /// The first byte of the key under which the value stands, in which most differ; 0 where there is none.
    key_byte: u8,
}

/// How a schema leads to one below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LinkForm {
    /// By its own `$ref`, which has siblings.
    Reference,
    /// By a keyword under which schemas stand.
    Keyword,
    /// By a discriminator: the schema below may stand in for the one above.
    Heir,
}

impl Graph {
    /// The number of the schema at a node; nothing if no operation leads to it.
    pub(super) fn number(&self, node: Node<'_>) -> Option<u32> {
        let number = match self.position(node) {
            Some(position) => self.numbers[position],
            None => self.others.get(&node.identity()).copied().unwrap_or(NONE),
        };
        (number != NONE).then_some(number)
    }

    /// How many schemas there are.
    pub(super) fn len(&self) -> usize {
        self.schemas.len()
    }

    /// The schema with a number.
    pub(super) fn schema<'a>(&self, document: &'a Document, number: u32) -> Schema<'a> {
        Schema::new(document, document.at(self.schemas[number as usize]))
    }

    /// What stands directly below a schema: what it refers to, then the rest in source order, then its heirs by name.
    pub(super) fn below(&self, number: u32) -> &[Link] {
        let [from, to] = [self.first[number as usize], self.first[number as usize + 1]];
        &self.links[from as usize..to as usize]
    }

    /// What stands directly below a schema, in an order that does not depend on that of keys: what it refers to, then the
    /// rest by keyword and key, then its heirs by name.
    pub(super) fn read_below(&self, document: &Document, number: u32, below: &mut Vec<Link>) {
        below.extend_from_slice(self.below(number));
        if below.len() < 2 {
            return;
        }
        let above = self.schema(document, number);
        let place = |link: &Link| match link.form {
            LinkForm::Reference => (0, 0, 0),
            LinkForm::Keyword => (1, link.edge as u8, link.key_byte),
            LinkForm::Heir => (2, 0, 0),
        };
        below.sort_by(|one, other| {
            place(one).cmp(&place(other)).then_with(|| match one.form {
                LinkForm::Keyword => one.written(above).key_text().cmp(other.written(above).key_text()),
                LinkForm::Reference | LinkForm::Heir => Ordering::Equal,
            })
        });
    }

    fn position(&self, node: Node<'_>) -> Option<usize> {
        let (before, objects) = &self.objects[node.file().index()];
        Some(before + objects.position(node.id())?)
    }
}

impl Link {
    /// The value that leads from a schema to the one below it.
    pub(super) fn written<'a>(self, above: Schema<'a>) -> Node<'a> {
        above.node().sibling(self.written)
    }
}

/// A graph to which schemas that operations use directly are added.
pub(super) struct GraphBuilder<'a> {
    document: &'a Document,
    graph: Graph,
    heirs: Heirs<'a>,
    /// Whether any file says `readOnly`, and `writeOnly`, at all; most do not.
    has_flags: [bool; 2],
}

impl<'a> GraphBuilder<'a> {
    pub(super) fn new(document: &'a Document) -> GraphBuilder<'a> {
        let has = |keyword| document.files().iter().any(|(_, file)| file.tree.has_keyword(keyword));
        let mut count = 0;
        let objects = document.object_sets().map(|objects| {
            let before = count;
            count += objects.len();
            (before, objects.clone())
        });
        let objects = objects.collect();
        let expected = document.nodes(Schema::TYPE).len();
        let graph = Graph {
            objects,
            numbers: vec![NONE; count],
            others: FxHashMap::default(),
            schemas: Vec::with_capacity(expected),
            first: Vec::with_capacity(expected + 1),
            links: Vec::with_capacity(expected),
        };
        let has_flags = [has(Atom::READ_ONLY), has(Atom::WRITE_ONLY)];
        GraphBuilder { document, graph, heirs: Heirs::of(document), has_flags }
    }

    /// Adds a schema that an operation uses directly; gives its number.
    pub(super) fn add(&mut self, schema: Schema<'a>) -> u32 {
        let node = schema.node();
        let next = self.graph.schemas.len() as u32;
        let number = match self.graph.position(node) {
            Some(position) => &mut self.graph.numbers[position],
            None => self.graph.others.entry(node.identity()).or_insert(NONE),
        };
        if *number == NONE {
            *number = next;
            self.graph.schemas.push(node.identity());
        }
        *number
    }

    /// Adds everything below what was added.
    pub(super) fn finish(mut self) -> Graph {
        let mut number = 0;
        while number < self.graph.schemas.len() {
            self.graph.first.push(self.graph.links.len() as u32);
            self.add_below(self.graph.schema(self.document, number as u32));
            number += 1;
        }
        self.graph.first.push(self.graph.links.len() as u32);
        self.graph
    }

    fn add_below(&mut self, schema: Schema<'a>) {
        if !self.document.is_partless_schema(schema.node()) {
            self.add_parts(schema);
        }
        self.add_heirs(schema);
    }

    fn add_parts(&mut self, schema: Schema<'a>) {
        let node = schema.node();
        let target = schema.reference().and_then(|target| Schema::seen(self.document, target.node()));
        if let Some(target) = target {
            let child = self.add(target);
            let (form, absent) = (LinkForm::Reference, Directions::default());
            let (written, edge) = (node.id(), Edge::All);
            self.graph.links.push(Link { child, written, edge, form, absent, key_byte: 0 });
        }
        schema.for_each_child(|edge, written| {
            if !is_schema_node(written) {
                return;
            }
            let Some(below) = Schema::seen(self.document, written) else { return };
            let (child, absent) = (self.add(below), self.absent(written, below));
            let (form, key_byte) = (LinkForm::Keyword, written.key().map_or(0, Node::first_byte));
            self.graph.links.push(Link { child, written: written.id(), edge, form, absent, key_byte });
        });
    }

    fn add_heirs(&mut self, schema: Schema<'a>) {
        let node = schema.node();
        for at in 0..self.heirs.of_parent(node.identity()).len() {
            let heir = self.heirs.of_parent(node.identity())[at];
            let child = self.add(heir);
            let (form, absent) = (LinkForm::Heir, Directions::default());
            let (written, edge) = (node.id(), Edge::Any);
            self.graph.links.push(Link { child, written, edge, form, absent, key_byte: 0 });
        }
    }

    fn absent(&self, written: Node<'a>, schema: Schema<'a>) -> Directions {
        let is = |keyword| {
            let flag = |node: Node<'a>| node.get(keyword).and_then(Node::as_bool) == Some(true);
            flag(written) || schema.node() != written && flag(schema.node())
        };
        let mut absent = Directions::default();
        if self.has_flags[0] && is(Atom::READ_ONLY) {
            absent = absent.union(Directions::SENT);
        }
        if self.has_flags[1] && is(Atom::WRITE_ONLY) {
            absent = absent.union(Directions::OUTPUT);
        }
        absent
    }
}
