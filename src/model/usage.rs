//! In which directions, and by which operations, each schema is used.
//!
//! Directions are marked from the operations down the [`Graph`], in a time linear in the document. The operations behind a
//! schema are looked up the other way round, and only for schemas with findings.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::api::Api;
use super::directions::{Directions, Exposure};
use super::graph::{Graph, GraphBuilder};
use super::objects::{MediaType, Response, Schema};
use super::operation::{Body, Operation, OperationId, OperationKind};
use super::{Document, Member};
use crate::syntax::{Atom, Node};

impl Operation<'_> {
    /// How exposed the operation is.
    pub fn exposure(&self) -> Exposure {
        Exposure::of(self.access().is_unauthenticated(), self.is_write())
    }
}

/// The use of every schema of a document.
#[derive(Debug)]
pub struct Usage {
    graph: Graph,
    /// By number.
    directions: Vec<Directions>,
    /// The schemas that operations use directly.
    roots: Vec<Root>,
    /// The same by schema: to look through all for each finding cost a tenth of a lint of 100 MB.
    roots_by_schema: OnceLock<BySchema<(Directions, OperationId)>>,
    /// The schemas directly above each schema: of those that clients send, and of those that they receive.
    parents: [OnceLock<BySchema<u32>>; 2],
    /// A bit for each schema, all 0 while nobody looks for operations: to make room for them anew for each finding would
    /// cost the product of findings and schemas.
    seen: Mutex<Vec<u64>>,
    /// By number, see [`Usage::reading_place`].
    reading_places: OnceLock<Vec<u32>>,
    /// What is left of [`Limits::usage_steps`](crate::source::Limits::usage_steps).
    steps_left: AtomicU64,
}

/// The number of a schema that an operation uses directly, in which directions, and the operation.
type Root = (u32, Directions, OperationId);

/// The place of what is not read.
const UNREAD: u32 = u32::MAX;

/// Something of each schema. The order is that of schemas only.
#[derive(Debug)]
struct BySchema<T> {
    /// By number: where what a schema has begins. One more than there are schemas.
    first: Vec<u32>,
    all: Vec<T>,
}

impl<T: Copy + Default> BySchema<T> {
    /// Of pairs of a schema's number and what it has; `count` is that of schemas.
    fn of(count: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> BySchema<T> {
        let mut first = vec![0; count + 1];
        pairs.clone().for_each(|(number, _)| first[number as usize] += 1);
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            // The end of what it has, from which that is filled in backwards.
            *count = sum;
        }
        let mut all = vec![T::default(); sum as usize];
        pairs.for_each(|(number, one)| {
            let at = &mut first[number as usize];
            *at -= 1;
            all[*at as usize] = one;
        });
        BySchema { first, all }
    }

    fn of_schema(&self, number: u32) -> &[T] {
        &self.all[self.first[number as usize] as usize..self.first[number as usize + 1] as usize]
    }
}

impl Usage {
    pub(super) fn of(api: &Api<'_>) -> Usage {
        let mut graph = GraphBuilder::new(api.document);
        let mut roots: Vec<Root> = Vec::new();
        for operation in &api.operations {
            for_each_root(api, operation, &mut |schema, directions| {
                let directions = match operation.kind {
                    OperationKind::Path => directions,
                    _ => Directions::CALLBACK,
                };
                roots.push((graph.add(schema), directions, operation.id));
            });
        }
        let graph = graph.finish();
        Usage {
            directions: directions(&graph, &roots),
            graph,
            roots,
            roots_by_schema: OnceLock::new(),
            parents: Default::default(),
            seen: Mutex::default(),
            reading_places: OnceLock::new(),
            steps_left: AtomicU64::new(api.document.limits().usage_steps),
        }
    }

    /// The directions in which the schema at a node is used; empty if no operation reaches it.
    pub fn directions(&self, node: Node<'_>) -> Directions {
        self.graph.number(node).map_or(Directions::default(), |number| self.directions_of(number))
    }

    /// The directions of the schema with a number.
    pub(super) fn directions_of(&self, number: u32) -> Directions {
        self.directions[number as usize]
    }

    /// Which schemas stand below which.
    pub(super) fn graph(&self) -> &Graph {
        &self.graph
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
    pub fn operations(&self, schemas: &[Node<'_>], wanted: Directions) -> Vec<OperationId> {
        let side = if wanted.intersects(Directions::INPUT) { Directions::INPUT } else { Directions::OUTPUT };
        let slot = &self.parents[usize::from(side == Directions::OUTPUT)];
        let parents = slot.get_or_init(|| {
            let graph = &self.graph;
            let on_side = (0..graph.len() as u32).filter(|&above| self.directions_of(above).intersects(side));
            let pairs = on_side.flat_map(|above| {
                let there = graph.below(above).iter().filter(|link| !side.without(link.absent).is_empty());
                there.map(move |link| (link.child, above))
            });
            BySchema::of(graph.len(), pairs)
        });
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.resize(self.graph.len().div_ceil(64), 0);
        let mut is_new = |number: u32| {
            let (word, bit) = (&mut seen[number as usize / 64], 1 << (number % 64));
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        };
        let mut found: Vec<u32> = Vec::new();
        for number in schemas.iter().filter_map(|node| self.graph.number(*node)) {
            if is_new(number) {
                found.push(number);
            }
        }
        let mut left = self.steps_left.load(Ordering::Relaxed);
        let mut next = 0;
        while let Some(&schema) = found.get(next) {
            next += 1;
            let above = parents.of_schema(schema);
            left = left.saturating_sub(1 + above.len() as u64);
            if left == 0 {
                break;
            }
            for &parent in above {
                if self.directions_of(parent).intersects(wanted) && is_new(parent) {
                    found.push(parent);
                }
            }
        }
        found.iter().for_each(|number| seen[*number as usize / 64] = 0);
        let roots = self.roots_by_schema.get_or_init(|| {
            let pairs =
                self.roots.iter().map(|&(number, directions, operation)| (number, (directions, operation)));
            BySchema::of(self.graph.len(), pairs)
        });
        let mut operations = Vec::new();
        for &schema in &found {
            let own = roots.of_schema(schema).iter().filter(|root| root.0.intersects(wanted));
            operations.extend(own.map(|root| root.1));
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

    /// The schemas that are bodies of requests, by number, each with an operation; those of one operation are in the
    /// order of their media types.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (u32, OperationId)> {
        let requests = self.roots.iter().filter(|root| root.1.intersects(Directions::REQUEST));
        requests.map(|root| (root.0, root.2))
    }

    /// The place of a schema in the order in which a reader who starts at the operations, by [`Api::rank`], meets them;
    /// what no operation leads to is last. Neither the order of keys nor the file that a schema stands in matters.
    pub fn reading_place(&self, api: &Api<'_>, schema: Node<'_>) -> u32 {
        let places = self.reading_places.get_or_init(|| self.find_reading_places(api));
        self.graph.number(schema).map_or(UNREAD, |number| places[number as usize])
    }

    fn find_reading_places(&self, api: &Api<'_>) -> Vec<u32> {
        let mut roots: Vec<_> = self.roots.iter().collect();
        roots.sort_by_key(|root| std::cmp::Reverse(api.rank(root.2)));
        // Of one operation the first was pushed first; it must be met first.
        let mut pending = Vec::with_capacity(roots.len());
        for same in roots.chunk_by(|a, b| a.2 == b.2) {
            pending.extend(same.iter().rev().map(|root| root.0));
        }
        let mut places = vec![UNREAD; self.graph.len()];
        let mut below = Vec::new();
        let mut next = 0;
        while let Some(number) = pending.pop() {
            let place = &mut places[number as usize];
            if *place != UNREAD {
                continue;
            }
            *place = next;
            next += 1;
            self.graph.read_below(api.document, number, &mut below);
            pending.extend(below.drain(..).rev().map(|link| link.child));
        }
        places
    }
}

/// The directions of each schema. One is looked at again only when it gains a direction.
fn directions(graph: &Graph, roots: &[Root]) -> Vec<Directions> {
    let mut at_roots = vec![Directions::default(); graph.len()];
    for &(number, directions, _) in roots {
        let all = &mut at_roots[number as usize];
        *all = all.union(directions);
    }
    // Each starts with all its directions, which spares a third of the visits. The order does not matter: marks only grow.
    let starts = at_roots.into_iter().zip(0..).filter(|(directions, _)| !directions.is_empty());
    let mut pending: Vec<(u32, Directions)> =
        starts.map(|(directions, number)| (number, directions)).collect();
    let mut marks = vec![Directions::default(); graph.len()];
    while let Some((number, directions)) = pending.pop() {
        let mark = &mut marks[number as usize];
        let new = directions.without(*mark);
        if new.is_empty() {
            continue;
        }
        *mark = mark.union(new);
        for link in graph.below(number) {
            let directions = new.without(link.absent);
            if !directions.without(marks[link.child as usize]).is_empty() {
                pending.push((link.child, directions));
            }
        }
    }
    marks
}

/// Calls `visit` for every schema that an operation uses directly, with the direction.
fn for_each_root<'a>(
    api: &Api<'a>,
    operation: &Operation<'a>,
    visit: &mut dyn FnMut(Schema<'a>, Directions),
) {
    let document = api.document;
    for parameter in api.parameters_of(operation) {
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
    match api.body_of(operation) {
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
    mut content: impl Iterator<Item = Member<'a, MediaType<'a>>>,
    directions: Directions,
    visit: &mut dyn FnMut(Schema<'a>, Directions),
) {
    let mut visit_one = |member: Member<'a, MediaType<'a>>| {
        for keyword in [Atom::SCHEMA, Atom::ITEM_SCHEMA] {
            let written = member.object.and_then(|media_type| media_type.field(keyword));
            if let Some(schema) = written.and_then(|written| Schema::seen(document, written)) {
                visit(schema, directions);
            }
        }
    };
    let Some(first) = content.next() else { return };
    // Nearly all have one, which needs no list.
    let Some(second) = content.next() else { return visit_one(first) };
    let mut all: Vec<_> = [first, second].into_iter().chain(content).collect();
    // By name: the order of keys means nothing.
    all.sort_by_key(|member| member.written.key_text());
    all.into_iter().for_each(visit_one);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// The operations whose requests carry a component, by path, and whether any does.
    fn senders(component: &str) -> (Vec<String>, bool) {
        let body = |schema: &str| {
            format!(r#"{{"post":{{"requestBody":{{"content":{{"a/b":{{"schema":{schema}}}}}}}}}}}"#)
        };
        let reference = |name: &str| format!(r##"{{"$ref":"#/components/schemas/{name}"}}"##);
        let paths = [
            ("/animals", body(&reference("Animal"))),
            ("/persons", body(&reference("Person"))),
            // What is `readOnly` is sent by nobody, though it is the schema that others send.
            (
                "/dogs",
                body(r##"{"properties":{"owner":{"$ref":"#/components/schemas/Person","readOnly":true}}}"##),
            ),
        ];
        let paths = paths.map(|(path, item)| format!(r#""{path}":{item}"#)).join(",");
        let components = r##"{
            "Animal": {"discriminator": {"propertyName": "kind", "mapping": {"fish": "Fish"}}},
            "Dog": {"allOf": [{"$ref": "#/components/schemas/Animal"}, {"properties": {"name": {}}}]},
            "Fish": {"properties": {"depth": {}}},
            "Stone": {"allOf": [{"properties": {"name": {}}}]},
            "Person": {"properties": {"name": {}}}
        }"##;
        let text =
            format!(r#"{{"openapi":"3.0.3","paths":{{{paths}}},"components":{{"schemas":{components}}}}}"#);
        let document = Document::of_text("a.json", &text);
        let api = Api::of(&document);
        let pointer = format!("/components/schemas/{component}");
        let node = document.value_at(FileId::ROOT, &pointer).expect("a component");
        let operations = api.usage().operations(&[node], Directions::REQUEST);
        // Asked again, the answer is the same.
        assert_eq!(operations, api.usage().operations(&[node], Directions::REQUEST));
        let paths = operations.into_iter().map(|id| api.operation(id).path.to_owned()).collect();
        (paths, api.usage().directions(node).intersects(Directions::REQUEST))
    }

    #[test]
    fn heirs_are_sent_where_their_parent_is() {
        for heir in ["Animal", "Dog", "Fish"] {
            assert_eq!(senders(heir), (vec!["/animals".to_owned()], true), "{heir}");
        }
        assert_eq!(senders("Stone"), (Vec::new(), false));
    }

    #[test]
    fn what_is_read_only_is_sent_by_others_only() {
        assert_eq!(senders("Person"), (vec!["/persons".to_owned()], true));
    }
}
