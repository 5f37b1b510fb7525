//! What clients send: every schema of a request body, each once, with the name by which messages call it.

use rustc_hash::FxHashMap;

use super::Member;
use super::api::Api;
use super::directions::{Directions, Exposure};
use super::graph::LinkForm;
use super::objects::Schema;
use super::operation::OperationId;
use super::schema::{Edge, Types};
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId};

/// The schemas of all request bodies, in the order in which a reader who starts at the operations, by
/// [`Api::rank`](super::Api::rank), meets them. Neither the order of keys nor the file that a schema stands in matters.
#[derive(Debug)]
pub struct RequestSchemas<'a> {
    schemas: Vec<RequestSchema<'a>>,
    holders: Vec<Holder<'a>>,
    /// By the number of a schema: its position, or [`NONE`].
    known: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// One schema of a request body.
#[derive(Clone, Copy, Debug)]
pub struct RequestSchema<'a> {
    /// The schema.
    pub schema: Schema<'a>,
    /// Its own `type`, without composition.
    pub types: Types,
    /// Its position among all.
    pub index: u32,
    /// The operation whose whole body it is, if there is one; of several the most exposed.
    pub body_of: Option<OperationId>,
    /// How many properties, maps and arrays stand between the body and the schema; counted up to 255.
    pub depth: u8,
    /// What it is a part of: a component or a body. The same number means the same.
    pub holder: u32,
    /// Whether other schemas are composed with it: somewhere it is a part of an `allOf`, a `oneOf`, an `anyOf`.
    pub is_part: bool,
    /// Whether it was met in more than one place.
    is_shared: bool,
    /// The position of the schema above, or [`NONE`].
    above: u32,
    /// Why it stands below that.
    edge: Edge,
    /// The value in that which leads to it: itself, or a reference.
    written: NodeId,
}

/// What schemas are parts of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder<'a> {
    /// A named schema.
    Component(&'a str),
    /// The body of an operation, where the schema has no name.
    Body(OperationId),
}

/// A schema that the walk is about to visit.
struct Visit<'a> {
    /// The number of the schema.
    number: u32,
    written: Node<'a>,
    above: Option<(u32, Edge)>,
    /// The operation whose body it is.
    body_of: Option<OperationId>,
}

impl Visit<'_> {
    fn is_part(&self) -> bool {
        self.above.is_some_and(|(_, edge)| edge.is_composition())
    }
}

impl<'a> RequestSchemas<'a> {
    pub(super) fn of(api: &Api<'a>) -> RequestSchemas<'a> {
        let mut found = RequestSchemas { schemas: Vec::new(), holders: Vec::new(), known: Vec::new() };
        let document = api.document;
        let (usage, graph) = (api.usage(), api.usage().graph());
        let mut pending = bodies(api);
        if pending.is_empty() {
            return found;
        }
        let is_sent = |number: u32| usage.directions_of(number).intersects(Directions::REQUEST);
        found.schemas.reserve_exact((0..graph.len() as u32).filter(|&number| is_sent(number)).count());
        found.known = vec![NONE; graph.len()];
        let mut holders = Holders::of(api);
        let mut below = Vec::new();
        while let Some(visit) = pending.pop() {
            let index = found.known[visit.number as usize];
            if index != NONE {
                found.schemas[index as usize].meet_again(api, &visit);
                continue;
            }
            let schema = graph.schema(document, visit.number);
            let index = found.schemas.len() as u32;
            found.known[visit.number as usize] = index;
            let above = visit.above.map(|(above, edge)| (&found.schemas[above as usize], edge));
            let is_deeper = above.is_some_and(|(_, edge)| !edge.is_composition());
            let new = RequestSchema {
                schema,
                types: schema.own_types(),
                index,
                body_of: visit.body_of,
                depth: above.map_or(0, |(above, _)| above.depth.saturating_add(u8::from(is_deeper))),
                holder: holders.find(
                    &visit,
                    schema,
                    above.map(|(above, _)| above.holder),
                    &mut found.holders,
                ),
                is_part: visit.is_part(),
                is_shared: false,
                above: visit.above.map_or(NONE, |(above, _)| above),
                edge: visit.above.map_or(Edge::All, |(_, edge)| edge),
                written: visit.written.id(),
            };
            found.schemas.push(new);
            graph.read_below(document, visit.number, &mut below);
            let heirs = below.partition_point(|link| link.form != LinkForm::Heir);
            below[heirs..].sort_by_key(|link| holders.name(link.child, graph.schema(document, link.child)));
            for link in below.drain(..).rev().filter(|link| is_sent(link.child)) {
                let child = graph.schema(document, link.child).node();
                if child.is_object() {
                    let written = if link.form == LinkForm::Heir { child } else { link.written(schema) };
                    let above = Some((index, link.edge));
                    pending.push(Visit { number: link.child, written, above, body_of: None });
                }
            }
        }
        found
    }

    /// Each schema.
    pub fn iter(&self) -> std::slice::Iter<'_, RequestSchema<'a>> {
        self.schemas.iter()
    }

    /// The schema at a node, if requests carry it.
    pub fn of_node(&self, api: &Api<'a>, node: Node<'_>) -> Option<&RequestSchema<'a>> {
        let number = api.usage().graph().number(node)?;
        self.schemas.get(*self.known.get(number as usize)? as usize)
    }

    /// What a schema is a part of.
    pub fn holder(&self, schema: &RequestSchema<'a>) -> Holder<'a> {
        self.holders[schema.holder as usize]
    }

    /// What [`RequestSchemas::user`] numbers, in backticks: "`Order`", "the body of `POST /orders`".
    pub fn user_name(&self, api: &Api<'a>, user: u32) -> String {
        match self.holders[user as usize] {
            Holder::Component(name) => format!("`{name}`"),
            Holder::Body(operation) => format!("the body of {}", api.operation(operation).title()),
        }
    }

    /// What a schema is called within its holder, in backticks: "`lines`", "an item of `lines`"; nothing where it is
    /// the holder.
    pub fn name(&self, schema: &RequestSchema<'a>) -> Option<String> {
        let way = self.way(schema, Vec::new());
        (!way.properties.is_empty()).then(|| way.quoted(None, 0))
    }

    /// What a schema is called in the document, in backticks: "`Order.lines`", "an item of `Lines`", "`lines` of
    /// `POST /orders`", "the body of `POST /orders`". For many see [`Names`].
    pub fn full_name(&self, api: &Api<'a>, schema: &RequestSchema<'a>) -> String {
        Names::of(api, self).full(schema)
    }

    /// What a schema is a field of: its holder; if it has a name of its own, that of the schema above.
    pub fn user(&self, schema: &RequestSchema<'a>) -> u32 {
        self.above(schema).map_or(schema.holder, |(above, _)| above.holder)
    }

    /// The name of the property whose value, or a part of whose value, a schema describes.
    pub fn property(&self, schema: &RequestSchema<'a>) -> Option<&'a str> {
        if let Some(name) = form_parameter(schema) {
            return Some(name);
        }
        let property = self.steps_up(schema).find(|(edge, _)| *edge == Edge::Property);
        property.map(|(_, written)| written.key_text())
    }

    /// Whether a schema describes the items of an array.
    pub fn is_item(&self, schema: &RequestSchema<'a>) -> bool {
        self.steps_up(schema)
            .find(|(edge, _)| !edge.is_composition())
            .is_some_and(|(edge, _)| edge == Edge::Item)
    }

    /// The schema that every instance of this one satisfies as well, because this is a part of its composition and of
    /// nothing else.
    pub fn whole(&self, schema: &RequestSchema<'a>) -> Option<&RequestSchema<'a>> {
        let (above, edge) = self.above(schema)?;
        (edge.is_composition() && !schema.is_shared).then_some(above)
    }

    /// The schema above, and why it stands below that.
    fn above(&self, schema: &RequestSchema<'a>) -> Option<(&RequestSchema<'a>, Edge)> {
        Some((self.schemas.get(schema.above as usize)?, schema.edge))
    }

    /// Whether a schema describes the property by which a discriminator tells apart: its values are the names of
    /// schemas.
    pub fn is_discriminator(&self, schema: &RequestSchema<'a>) -> bool {
        const COMPOSITIONS: usize = 8;
        let Some((above, Edge::Property)) = self.above(schema) else { return false };
        let name = schema.written_below(above).key_text();
        let mut at = above;
        for _ in 0..COMPOSITIONS {
            if let Some(discriminator) = at.schema.node().get(Atom::DISCRIMINATOR) {
                // In 2.0 the value is the name itself.
                let property = discriminator.get(Atom::PROPERTY_NAME).unwrap_or(discriminator);
                if property.text() == name {
                    return true;
                }
            }
            match self.above(at) {
                Some((above, edge)) if edge.is_composition() => at = above,
                _ => return false,
            }
        }
        false
    }

    /// The way from the holder to a schema, written into the room of another one.
    fn way(&self, schema: &RequestSchema<'a>, mut room: Vec<&'a str>) -> Way<'a> {
        room.clear();
        let mut way = Way { properties: room, part: "" };
        if let Some(name) = form_parameter(schema) {
            way.properties.push(name);
            return way;
        }
        for (edge, written) in self.steps_up(schema) {
            let is_last = way.properties.is_empty() && way.part.is_empty();
            match edge {
                Edge::Property => way.properties.push(written.key_text()),
                Edge::Item if is_last => way.part = ITEM,
                Edge::Value if is_last => way.part = "a value of ",
                _ => {}
            }
        }
        way.properties.reverse();
        way
    }

    /// The steps from a schema up to its holder, each with the value that leads there.
    fn steps_up<'s>(
        &'s self,
        schema: &'s RequestSchema<'a>,
    ) -> impl Iterator<Item = (Edge, Node<'a>)> + use<'s, 'a> {
        /// How far up names are looked for; references may make a way as long as the document.
        const STEPS: usize = 64;
        let mut at = schema;
        let steps = std::iter::from_fn(move || {
            let (above, edge) = self.above(at)?;
            let written = (above.holder == at.holder).then(|| at.written_below(above))?;
            at = above;
            Some((edge, written))
        });
        steps.take(STEPS)
    }
}

/// The name of a form parameter of 2.0, which is its own schema.
fn form_parameter<'a>(schema: &RequestSchema<'a>) -> Option<&'a str> {
    let node = schema.schema.node();
    let is_parameter = schema.above == NONE && node.has(Atom::IN);
    is_parameter.then(|| node.get(Atom::NAME).map(Node::text)).flatten()
}

const ITEM: &str = "an item of ";

/// The way from what holds a schema to the schema.
struct Way<'a> {
    /// The names of the properties.
    properties: Vec<&'a str>,
    /// "an item of " or "a value of ", if the schema describes only a part of the last property.
    part: &'static str,
}

impl Way<'_> {
    /// The part, and the properties below a component: "an item of `Order.lines`". With room for so many bytes more.
    fn quoted(&self, component: Option<&str>, room: usize) -> String {
        let names = || component.into_iter().chain(self.properties.iter().copied());
        let length = names().map(|name| name.len() + 1).sum::<usize>();
        let mut text = String::with_capacity(self.part.len() + length + 1 + room);
        text.push_str(self.part);
        for (index, name) in names().enumerate() {
            text.push(if index == 0 { '`' } else { '.' });
            text.push_str(name);
        }
        text.push('`');
        text
    }
}

/// Says what schemas are called. Those that follow each other are mostly of one body, whose title is made once.
#[derive(Debug)]
pub struct Names<'s, 'a> {
    api: &'s Api<'a>,
    schemas: &'s RequestSchemas<'a>,
    /// The title of the last operation.
    title: Option<(OperationId, String)>,
    /// The room that the last way took.
    room: Vec<&'a str>,
}

impl<'s, 'a> Names<'s, 'a> {
    /// The names of the schemas of a document.
    pub fn of(api: &'s Api<'a>, schemas: &'s RequestSchemas<'a>) -> Names<'s, 'a> {
        Names { api, schemas, title: None, room: Vec::new() }
    }

    /// See [`RequestSchemas::full_name`]. It has room for what a message goes on to say.
    pub fn full(&mut self, schema: &RequestSchema<'a>) -> String {
        self.full_and_own(schema).0
    }

    /// The same, and how many of its bytes are the [name](RequestSchemas::name) within the holder, if it begins with that.
    pub fn full_and_own(&mut self, schema: &RequestSchema<'a>) -> (String, Option<usize>) {
        let way = self.schemas.way(schema, std::mem::take(&mut self.room));
        let name = self.named(schema, &way);
        self.room = way.properties;
        name
    }

    fn named(&mut self, schema: &RequestSchema<'a>, way: &Way<'a>) -> (String, Option<usize>) {
        const ROOM: usize = 40;
        let operation = match self.schemas.holder(schema) {
            Holder::Component(name) => return (way.quoted(Some(name), ROOM), None),
            Holder::Body(operation) => operation,
        };
        let (_, title) = match self.title.take().filter(|(known, _)| *known == operation) {
            Some(known) => self.title.insert(known),
            None => self.title.insert((operation, self.api.operation(operation).title())),
        };
        let (mut name, of) = match way.properties.is_empty() {
            false => (way.quoted(None, title.len() + ROOM), " of "),
            true => (way.part.to_owned(), "the body of "),
        };
        let own = (!way.properties.is_empty()).then_some(name.len());
        name.push_str(of);
        name.push_str(title);
        (name, own)
    }
}

impl<'a> RequestSchema<'a> {
    /// How exposed the most exposed request that carries it is.
    pub fn exposure(&self, api: &Api<'a>) -> Exposure {
        api.usage().exposure(self.schema.node())
    }

    /// The value that leads to it in the schema above.
    fn written_below(&self, above: &RequestSchema<'a>) -> Node<'a> {
        above.schema.node().sibling(self.written)
    }

    fn meet_again(&mut self, api: &Api<'a>, visit: &Visit<'a>) {
        if let Some(operation) = visit.body_of {
            let exposure = |operation| (api.operation(operation).exposure(), api.rank(operation));
            if self.body_of.is_none_or(|known| exposure(operation) < exposure(known)) {
                self.body_of = Some(operation);
            }
        }
        self.is_part |= visit.is_part();
        self.is_shared |= visit.above.map_or(NONE, |(above, _)| above) != self.above;
    }
}

/// The bodies of requests, the first to be read last.
fn bodies<'a>(api: &Api<'a>) -> Vec<Visit<'a>> {
    let mut bodies: Vec<_> = api.usage().bodies().collect();
    bodies.sort_by_key(|&(_, operation)| api.rank(operation));
    let graph = api.usage().graph();
    let bodies = bodies.into_iter().filter_map(|(number, operation)| {
        let written = graph.schema(api.document, number).node();
        let body_of = Some(operation);
        written.is_object().then_some(Visit { number, written, above: None, body_of })
    });
    let mut bodies: Vec<_> = bodies.collect();
    bodies.reverse();
    bodies
}

/// The named schemas of a document.
struct Holders<'a> {
    /// The name of each component, by the number of the schema behind it.
    names: FxHashMap<u32, &'a str>,
    numbers: FxHashMap<u32, u32>,
}

impl<'a> Holders<'a> {
    fn of(api: &Api<'a>) -> Holders<'a> {
        let mut names: FxHashMap<u32, &'a str> = FxHashMap::default();
        let graph = api.usage().graph();
        let mut add = |component: Member<'a, Schema<'a>>| {
            let Some(number) = component.object.and_then(|schema| graph.number(schema.node())) else {
                return;
            };
            let name = component.written.key_text();
            // A component may be another's alias; the order of keys decides nothing.
            let first = names.entry(number).or_insert(name);
            *first = name.min(first);
        };
        let root = api.document.root();
        root.components().into_iter().for_each(|components| components.schemas().for_each(&mut add));
        root.definitions().for_each(&mut add);
        Holders { names, numbers: FxHashMap::default() }
    }

    /// The name of a component, whatever file it stands in; else its key.
    fn name(&self, number: u32, schema: Schema<'a>) -> &'a str {
        self.names.get(&number).copied().unwrap_or(schema.node().key_text())
    }

    /// The number of what a schema is a part of: itself, if it has a name, or what the schema above is a part of.
    fn find(
        &mut self,
        visit: &Visit<'a>,
        schema: Schema<'a>,
        above: Option<u32>,
        holders: &mut Vec<Holder<'a>>,
    ) -> u32 {
        let node = schema.node();
        let is_elsewhere = node.file() != FileId::ROOT && node.file() != visit.written.file();
        let name = self.names.get(&visit.number).copied();
        let name = name.or_else(|| {
            is_elsewhere
                .then(|| Some(node.key_text()).filter(|key| !key.is_empty()).unwrap_or(file_stem(node)))
        });
        match (name, above) {
            (None, Some(above)) => above,
            (name, _) => *self.numbers.entry(visit.number).or_insert_with(|| {
                let body = || Holder::Body(visit.body_of.expect("what stands below nothing is a body"));
                holders.push(name.map_or_else(body, Holder::Component));
                holders.len() as u32 - 1
            }),
        }
    }
}

/// The name of a schema that is a whole file: `Order` for `schemas/Order.yaml`, from wherever it is looked at.
fn file_stem(node: Node<'_>) -> &str {
    let name = node.file_display().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Api, Document};
    use crate::source::Limits;
    use crate::syntax::File;

    #[test]
    fn schemas_are_found_in_reading_order_and_named() {
        let text = r##"{"openapi":"3.0.3","paths":{
            "/b":{"put":{"requestBody":{"content":{"a/b":{"schema":{"$ref":"#/components/schemas/Order"}}}}}},
            "/a":{"post":{"requestBody":{"content":{"a/b":{"schema":{"properties":{"tags":{"items":{}},"map":{"additionalProperties":{}}}}}}}}}},
            "components":{"schemas":{"Order":{"properties":{"z":{"properties":{"in":{}}},"own":{"readOnly":true},"next":{"$ref":"#/components/schemas/Order"}}}}}}"##;
        let document = Document::of_text("a.json", text);
        let api = Api::of(&document);
        let schemas = api.request_schemas();
        let names: Vec<_> = schemas.iter().map(|schema| schemas.full_name(&api, schema)).collect();
        let expected = [
            "the body of `POST /a`",
            "`map` of `POST /a`",
            "a value of `map` of `POST /a`",
            "`tags` of `POST /a`",
            "an item of `tags` of `POST /a`",
            "`Order`",
            "`Order.z`",
            "`Order.z.in`",
        ];
        assert_eq!(names, expected);
        let mut names = super::Names::of(&api, schemas);
        for schema in schemas.iter() {
            let (full, own) = names.full_and_own(schema);
            assert_eq!(full, schemas.full_name(&api, schema));
            let own = own.map(|length| full[..length].to_owned());
            let is_in_body = matches!(schemas.holder(schema), super::Holder::Body(_));
            assert_eq!(own, schemas.name(schema).filter(|_| is_in_body));
        }
        let depths: Vec<_> = schemas.iter().map(|schema| (schema.depth, schema.body_of.is_some())).collect();
        assert_eq!(depths[0], (0, true));
        assert_eq!(depths[4], (2, false));
    }

    #[test]
    fn what_a_reference_with_siblings_leads_to_is_named_in_one_file_as_in_many() {
        let parse = |name: &str, text: String| {
            Arc::new(File::parse(name.into(), name.to_owned(), text, &Limits::default()))
        };
        let root = |reference: &str, components: &str| {
            let text = format!(
                r##"{{"openapi":"3.1.0","paths":{{"/a":{{"post":{{"requestBody":{{"content":{{"a/b":{{"schema":
                {{"$ref":"{reference}","maxProperties":5}}}}}}}}}}}}}}{components}}}"##
            );
            parse("/a.json", text)
        };
        let order = r#"{"Order":{"properties":{"name":{}}}}"#;
        let together = root("#/components/schemas/Order", &format!(r#","components":{{"schemas":{order}}}"#));
        let apart = root("b.json#/Order", "");
        for file in [together, apart] {
            let mut load = |_: &std::path::Path| Ok(parse("/b.json", order.to_owned()));
            let document = Document::load(file, &mut load, &Limits::default()).expect("an OpenAPI document");
            let api = Api::of(&document);
            let schemas = api.request_schemas();
            let names: Vec<_> = schemas.iter().map(|schema| schemas.full_name(&api, schema)).collect();
            assert_eq!(names, ["the body of `POST /a`", "`Order`", "`Order.name`"]);
        }
    }
}
