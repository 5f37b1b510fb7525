//! In which directions, and by which operations, each schema is used.
//!
//! Directions are marked in one walk from the operations; a schema is walked again only when it gains a direction, so
//! the cost is linear in the document. The operations behind a schema are looked up the other way round, and only for
//! schemas with findings.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use super::api::{Api, Body, Operation, OperationId, OperationKind};
use super::objects::{MediaType, Object, Response, Schema};
use super::pointers::Pointers;
use super::schema::is_schema_node;
use super::{Document, Member};
use crate::source::FileId;
use crate::syntax::{Atom, Files, Node, NodeId, escape_token};

/// A set of directions.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Hash, PartialOrd, Ord)]
pub struct Directions(u8);

impl Directions {
    /// In the body of a request.
    pub const REQUEST: Directions = Directions(1);
    /// In a parameter.
    pub const PARAMETER: Directions = Directions(2);
    /// In a response that reports success.
    pub const SUCCESS: Directions = Directions(4);
    /// In a response that reports an error.
    pub const ERROR: Directions = Directions(8);
    /// In a callback or webhook, either way.
    pub const CALLBACK: Directions = Directions(16);
    /// What a client sends.
    pub const INPUT: Directions = Directions(3);
    /// What the API sends back.
    pub const OUTPUT: Directions = Directions(12);
    /// In the body of a request that anyone may send. Never without [`Directions::REQUEST`].
    const UNAUTHENTICATED: Directions = Directions(32);
    /// In the body of a request that changes something.
    const WRITE: Directions = Directions(64);
    /// [`Directions::INPUT`] with all that is known of it: where a `readOnly` property is not.
    const SENT: Directions = Directions(3 | 32 | 64);

    /// Whether the sets have a direction in common.
    pub fn intersects(self, other: Directions) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub fn union(self, other: Directions) -> Directions {
        Directions(self.0 | other.0)
    }

    /// Those that are not in the other set.
    fn without(self, other: Directions) -> Directions {
        Directions(self.0 & !other.0)
    }

    /// Whether nothing uses the schema.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How exposed an operation or a field is; smaller is more exposed, so that sorting puts the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Exposure(u8);

impl Exposure {
    /// What nothing is known of comes last.
    pub const LEAST: Exposure = Exposure(4);

    /// Unauthenticated before protected, and of these writes before reads.
    pub fn of(unauthenticated: bool, write: bool) -> Exposure {
        Exposure(match (unauthenticated, write) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        })
    }
}

impl Operation<'_> {
    /// How exposed the operation is.
    pub fn exposure(&self) -> Exposure {
        Exposure::of(self.access().is_unauthenticated(), self.is_write())
    }
}

/// The use of every schema of a document.
#[derive(Debug)]
pub struct Usage {
    /// By file and node.
    directions: Vec<Vec<Directions>>,
    /// The schemas that operations use directly.
    roots: Vec<Root>,
    /// The same in the order of the schemas: to look through all for each finding cost a tenth of a lint of 100 MB.
    roots_by_schema: OnceLock<Vec<Root>>,
    /// Of schemas that clients send, and of those that they receive.
    parents: [OnceLock<Parents>; 2],
    reading_order: OnceLock<ReadingOrder>,
    /// What is left of [`Limits::usage_steps`](crate::source::Limits::usage_steps).
    steps_left: AtomicU64,
}

/// A schema that an operation uses directly, in which directions, and the operation.
type Root = ((FileId, NodeId), Directions, OperationId);

/// The places of the schemas in the order of [`Usage::reading_order`], by file and node.
#[derive(Debug)]
pub struct ReadingOrder(Vec<Vec<u32>>);

/// The place of what is not read.
const UNREAD: u32 = u32::MAX;

impl ReadingOrder {
    /// The place of a schema; nothing if no operation leads to it.
    pub fn get(&self, schema: &(FileId, NodeId)) -> Option<&u32> {
        self.0[schema.0.index()].get(schema.1.index()).filter(|number| **number != UNREAD)
    }
}

/// The schemas directly above each schema.
#[derive(Debug)]
struct Parents {
    /// By file and node: the position of the schema's last edge plus one, or 0. A map with a list for each schema cost
    /// twice as much.
    last: Vec<Vec<u32>>,
    /// The schema above, and the position of the edge before plus one.
    edges: Vec<((FileId, NodeId), u32)>,
}

impl Parents {
    fn add(&mut self, child: (FileId, NodeId), parent: (FileId, NodeId)) {
        let last = &mut self.last[child.0.index()][child.1.index()];
        self.edges.push((parent, *last));
        *last = self.edges.len() as u32;
    }

    fn of(&self, child: (FileId, NodeId)) -> impl Iterator<Item = (FileId, NodeId)> {
        let mut next = self.last[child.0.index()][child.1.index()];
        std::iter::from_fn(move || {
            let (parent, before) = self.edges[next.checked_sub(1)? as usize];
            next = before;
            Some(parent)
        })
    }
}

impl Usage {
    pub(super) fn of(api: &Api<'_>) -> Usage {
        let files = api.document.files();
        let directions = files.iter().map(|(_, file)| vec![Directions::default(); file.tree.len()]).collect();
        let mut usage = Usage {
            directions,
            roots: Vec::new(),
            roots_by_schema: OnceLock::new(),
            parents: Default::default(),
            reading_order: OnceLock::new(),
            steps_left: AtomicU64::new(api.document.limits().usage_steps),
        };
        let mut roots: FxHashMap<(FileId, NodeId), (Schema<'_>, Directions)> = FxHashMap::default();
        for operation in &api.operations {
            for_each_root(operation, &mut |schema, directions| {
                let directions = match operation.kind {
                    OperationKind::Path => directions,
                    _ => Directions::CALLBACK,
                };
                usage.roots.push((schema.node().identity(), directions, operation.id));
                let all = roots.entry(schema.node().identity()).or_insert((schema, Directions::default()));
                all.1 = all.1.union(directions);
            });
        }
        let heirs = api.heirs();
        // Each starts with all its directions, which spares a third of the visits. The order does not matter: marks only
        // grow.
        let mut pending: Vec<_> = roots.into_values().collect();
        while let Some((schema, directions)) = pending.pop() {
            let mark = &mut usage.directions[schema.node().file().index()][schema.node().id().index()];
            let new = directions.without(*mark);
            if new.is_empty() {
                continue;
            }
            *mark = mark.union(new);
            heirs.for_each_neighbour(schema, new, &mut |child, directions| pending.push((child, directions)));
        }
        usage
    }

    /// The directions in which the schema at a node is used; empty if no operation reaches it.
    pub fn directions(&self, node: Node<'_>) -> Directions {
        self.directions[node.file().index()][node.id().index()]
    }

    /// How exposed the most exposed request that carries the schema in its body is.
    pub fn exposure(&self, node: Node<'_>) -> Exposure {
        let directions = self.directions(node);
        Exposure::of(
            directions.intersects(Directions::UNAUTHENTICATED),
            directions.intersects(Directions::WRITE),
        )
    }

    /// Whether the operations behind some schemas were not looked up because that would have taken too many steps.
    pub fn is_exhausted(&self) -> bool {
        self.steps_left.load(Ordering::Relaxed) == 0
    }

    /// The operations that reach any of the schemas in one of the `wanted` directions, by number; none once
    /// [`Usage::is_exhausted`]. The directions are of one side: [`Directions::INPUT`] or [`Directions::OUTPUT`].
    pub fn operations(&self, api: &Api<'_>, schemas: &[Node<'_>], wanted: Directions) -> Vec<OperationId> {
        let side = if wanted.intersects(Directions::INPUT) { Directions::INPUT } else { Directions::OUTPUT };
        let slot = &self.parents[usize::from(side == Directions::OUTPUT)];
        let parents = slot.get_or_init(|| self.find_parents(api, side));
        let mut seen: FxHashSet<(FileId, NodeId)> = schemas.iter().map(|node| node.identity()).collect();
        let mut pending: Vec<_> = seen.iter().copied().collect();
        let mut left = self.steps_left.load(Ordering::Relaxed);
        while let Some(schema) = pending.pop() {
            left = left.saturating_sub(1 + parents.of(schema).count() as u64);
            if left == 0 {
                break;
            }
            for parent in parents.of(schema) {
                let used = self.directions[parent.0.index()][parent.1.index()];
                if used.intersects(wanted) && seen.insert(parent) {
                    pending.push(parent);
                }
            }
        }
        let roots = self.roots_by_schema.get_or_init(|| {
            let mut roots = self.roots.clone();
            roots.sort_unstable_by_key(|root| root.0);
            roots
        });
        let mut operations = Vec::new();
        for schema in &seen {
            let from = roots.partition_point(|root| root.0 < *schema);
            let own = roots[from..].iter().take_while(|root| root.0 == *schema);
            operations.extend(own.filter(|root| root.1.intersects(wanted)).map(|root| root.2));
        }
        left = left.saturating_sub(operations.len() as u64);
        self.steps_left.store(left, Ordering::Relaxed);
        if left == 0 {
            return Vec::new();
        }
        operations.sort();
        operations.dedup();
        operations
    }

    /// The schemas that are bodies of requests, each with an operation; those of one operation are in the order of
    /// their media types.
    pub(super) fn bodies(&self) -> impl Iterator<Item = ((FileId, NodeId), OperationId)> {
        let requests = self.roots.iter().filter(|root| root.1.intersects(Directions::REQUEST));
        requests.map(|root| (root.0, root.2))
    }

    /// The schemas in the order in which a reader who starts at the operations, by [`Api::rank`], meets them. Neither the
    /// order of keys nor the file that a schema stands in matters.
    pub fn reading_order(&self, api: &Api<'_>) -> &ReadingOrder {
        self.reading_order.get_or_init(|| self.find_reading_order(api))
    }

    fn find_reading_order(&self, api: &Api<'_>) -> ReadingOrder {
        let heirs = api.heirs();
        let mut roots: Vec<_> = self.roots.iter().collect();
        roots.sort_by_key(|root| std::cmp::Reverse(api.rank(root.2)));
        // Of one operation the first was pushed first; it must be met first.
        let mut pending = Vec::with_capacity(roots.len());
        for same in roots.chunk_by(|a, b| a.2 == b.2) {
            pending.extend(same.iter().rev().map(|root| root.0));
        }
        let files = api.document.files().iter();
        let mut order = ReadingOrder(files.map(|(_, file)| vec![UNREAD; file.tree.len()]).collect());
        let mut children = Vec::new();
        let mut next = 0;
        while let Some(identity) = pending.pop() {
            let number = &mut order.0[identity.0.index()][identity.1.index()];
            if *number != UNREAD {
                continue;
            }
            *number = next;
            next += 1;
            let schema = Schema::new(api.document, api.document.at(identity));
            schema.for_each_child(|edge, written| children.push((edge as u8, written.key_text(), written)));
            children.sort_by_key(|&(edge, key, _)| (edge, key));
            let children = children
                .drain(..)
                .filter_map(|child| Schema::seen(api.document, child.2))
                .chain(heirs.of_parent(identity).iter().copied());
            let from = pending.len();
            let target = schema.reference().and_then(|target| Schema::seen(api.document, target.node()));
            pending.extend(target.into_iter().chain(children).map(|child| child.node().identity()));
            pending[from..].reverse();
        }
        order
    }

    fn find_parents(&self, api: &Api<'_>, side: Directions) -> Parents {
        let heirs = api.heirs();
        let nodes = || api.document.files().iter().map(|(_, file)| file.tree.len());
        let mut parents = Parents { last: nodes().map(|count| vec![0; count]).collect(), edges: Vec::new() };
        let mut seen: Vec<Vec<bool>> = nodes().map(|count| vec![false; count]).collect();
        let roots = self.roots.iter().filter(|root| root.1.intersects(side));
        let mut pending: Vec<_> = roots.map(|root| root.0).collect();
        while let Some(identity) = pending.pop() {
            if std::mem::replace(&mut seen[identity.0.index()][identity.1.index()], true) {
                continue;
            }
            let schema = Schema::new(api.document, api.document.at(identity));
            heirs.for_each_neighbour(schema, side, &mut |child, _| {
                let child = child.node().identity();
                parents.add(child, identity);
                pending.push(child);
            });
        }
        parents
    }
}

/// Calls `visit` for every schema that an operation uses directly, with the direction.
fn for_each_root<'a>(operation: &Operation<'a>, visit: &mut dyn FnMut(Schema<'a>, Directions)) {
    let document = operation.object.document();
    for parameter in operation.parameters() {
        let Some(parameter) = parameter.object else { continue };
        let in_body = matches!(parameter.location().map_or("", Node::text), "body" | "formData");
        if let Some(schema) = parameter.value_schema().filter(|_| !in_body) {
            visit(schema, Directions::PARAMETER);
        }
    }
    let mut request = Directions::REQUEST;
    if operation.access().is_unauthenticated() {
        request = request.union(Directions::UNAUTHENTICATED);
    }
    if operation.is_write() {
        request = request.union(Directions::WRITE);
    }
    match operation.body() {
        Some(Body::Object(body)) => visit_content(document, body.content(), request, visit),
        Some(Body::Swagger2(parameters)) => {
            parameters
                .into_iter()
                .filter_map(|parameter| parameter.value_schema())
                .for_each(|s| visit(s, request));
        }
        None => {}
    }
    // The first digit of a status code says enough.
    let first_byte = |written: Node<'a>| written.key().map_or(0, Node::first_byte);
    let has_success = operation.written_responses().any(|written| first_byte(written) == b'2');
    for member in operation.responses() {
        let Some(response) = member.object else { continue };
        let is_default = member.written.key().and_then(Node::atom) == Some(Atom::DEFAULT);
        let directions = match first_byte(member.written) {
            b'4' | b'5' => Directions::ERROR,
            _ if is_default && has_success => Directions::ERROR,
            _ if is_default => Directions::OUTPUT,
            _ => Directions::SUCCESS,
        };
        visit_response(document, response, directions, visit);
    }
}

fn visit_response<'a>(
    document: &'a Document,
    response: Response<'a>,
    directions: Directions,
    visit: &mut dyn FnMut(Schema<'a>, Directions),
) {
    if let Some(schema) = response.field(Atom::SCHEMA).and_then(|written| Schema::seen(document, written)) {
        visit(schema, directions);
    }
    for header in response.headers().filter_map(|header| header.object) {
        if let Some(schema) = header.value_schema() {
            visit(schema, directions);
        }
    }
    visit_content(document, response.content(), directions, visit);
}

fn visit_content<'a>(
    document: &'a Document,
    content: impl Iterator<Item = Member<'a, MediaType<'a>>>,
    directions: Directions,
    visit: &mut dyn FnMut(Schema<'a>, Directions),
) {
    // By name: the order of keys means nothing.
    let mut content: Vec<_> = content.collect();
    content.sort_by_key(|member| member.written.key_text());
    for media_type in content.into_iter().filter_map(|member| member.object) {
        for keyword in [Atom::SCHEMA, Atom::ITEM_SCHEMA] {
            if let Some(schema) =
                media_type.field(keyword).and_then(|written| Schema::seen(document, written))
            {
                visit(schema, directions);
            }
        }
    }
}

/// Schemas that stand in for another: those that a `discriminator` maps to, and those that extend a schema with a
/// discriminator by `allOf` (3.2 §4.25).
#[derive(Debug)]
pub(super) struct Heirs<'a> {
    document: &'a Document,
    by_parent: FxHashMap<(FileId, NodeId), Vec<Schema<'a>>>,
    /// Whether any file says `readOnly`, and `writeOnly`, at all; most do not.
    has_flags: [bool; 2],
}

impl<'a> Heirs<'a> {
    pub(super) fn of(document: &'a Document) -> Heirs<'a> {
        let has = |keyword| document.files().iter().any(|(_, file)| file.tree.has_keyword(keyword));
        let has_flags = [has(Atom::READ_ONLY), has(Atom::WRITE_ONLY)];
        let mut heirs = Heirs { document, by_parent: FxHashMap::default(), has_flags };
        if !has(Atom::DISCRIMINATOR) {
            return heirs;
        }
        let mut pointers = Pointers::default();
        for node in document.nodes(Schema::TYPE) {
            let schema = Schema::new(document, node);
            for parent in schema.written_all_of() {
                let Ok(target) = document.follow(parent) else { continue };
                if target != parent && target.has(Atom::DISCRIMINATOR) {
                    heirs.by_parent.entry(target.identity()).or_default().push(schema);
                }
            }
            if let Some(mapping) = node.get(Atom::DISCRIMINATOR).and_then(|d| d.get(Atom::MAPPING)) {
                let mapped = mapping
                    .entries()
                    .filter_map(|entry| mapped_schema(document.files(), node, entry.value, &mut pointers));
                let mapped = mapped.map(|target| Schema::new(document, target));
                heirs.by_parent.entry(node.identity()).or_default().extend(mapped);
            }
        }
        for heirs in heirs.by_parent.values_mut() {
            heirs.sort_by_key(|heir| heir.node().key_text());
        }
        heirs
    }

    /// The schemas that may stand in for one.
    pub(super) fn of_parent(&self, parent: (FileId, NodeId)) -> &[Schema<'a>] {
        self.by_parent.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Calls `visit` for every schema below one with those of the given directions in which it is there: a `readOnly`
    /// property is in no request, a `writeOnly` one in no response.
    fn for_each_neighbour(
        &self,
        schema: Schema<'a>,
        directions: Directions,
        visit: &mut dyn FnMut(Schema<'a>, Directions),
    ) {
        if let Some(target) = schema.reference()
            && let Some(target) = Schema::seen(self.document, target.node())
        {
            visit(target, directions);
        }
        schema.for_each_child(|_, written| {
            if !is_schema_node(written) {
                return;
            }
            let Some(child) = Schema::seen(self.document, written) else { return };
            let is = |keyword| {
                let flag = |node: Node<'a>| node.get(keyword).and_then(Node::as_bool) == Some(true);
                flag(written) || child.node() != written && flag(child.node())
            };
            let mut directions = directions;
            if self.has_flags[0] && directions.intersects(Directions::SENT) && is(Atom::READ_ONLY) {
                directions = directions.without(Directions::SENT);
            }
            if self.has_flags[1] && directions.intersects(Directions::OUTPUT) && is(Atom::WRITE_ONLY) {
                directions = directions.without(Directions::OUTPUT);
            }
            if !directions.is_empty() {
                visit(child, directions);
            }
        });
        for heir in self.of_parent(schema.node().identity()) {
            visit(*heir, directions);
        }
    }
}

/// The schema that a value of a discriminator's mapping names: a reference, or the name of a component.
fn mapped_schema<'a>(
    files: &'a Files,
    schema: Node<'a>,
    value: Node<'a>,
    pointers: &mut Pointers,
) -> Option<Node<'a>> {
    let root = files.root(schema.file())?;
    let text = value.as_str()?;
    if let Some(pointer) = text.strip_prefix('#') {
        return pointers.find(root, pointer);
    }
    // A name is that of a component: of the entry document, also in another file (3.2 §4.25).
    let component = format!("/components/schemas/{}", escape_token(text));
    let mut find = |file| pointers.find(files.root(file)?, &component);
    find(FileId::ROOT)
        .or_else(|| find(schema.file()))
        .or_else(|| super::reference::in_loaded_file(files, schema.file(), text))
}
