//! What a schema allows, through references and composition. All walks are iterative and visit a schema once, since a
//! document may compose schemas without end.

use rustc_hash::FxHashMap;

use super::objects::{Header, Object, Parameter, Schema};
use super::{Document, Version};
use crate::source::FileId;
use crate::syntax::{Atom, Kind, Node, NodeId};

/// A set of JSON types.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Types(u8);

impl Types {
    /// `null`.
    pub const NULL: Types = Types(1);
    /// `boolean`.
    pub const BOOLEAN: Types = Types(2);
    /// `integer`.
    pub const INTEGER: Types = Types(4);
    /// `number`.
    pub const NUMBER: Types = Types(8);
    /// `string`.
    pub const STRING: Types = Types(16);
    /// `array`.
    pub const ARRAY: Types = Types(32);
    /// `object`.
    pub const OBJECT: Types = Types(64);
    /// `file`, of 2.0.
    pub const FILE: Types = Types(128);

    /// The type with a name; empty for a name that no version knows.
    pub fn named(name: &str) -> Types {
        match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::INTEGER,
            "number" => Types::NUMBER,
            "string" => Types::STRING,
            "array" => Types::ARRAY,
            "object" => Types::OBJECT,
            "file" => Types::FILE,
            _ => Types(0),
        }
    }

    /// Whether the set has a type in common with another.
    pub fn intersects(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is in it: the schema does not say.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether everything but `null` in it is in `other`, and something is.
    pub fn is_only(self, other: Types) -> bool {
        let without_null = self.0 & !Types::NULL.0;
        without_null != 0 && without_null & !other.0 == 0
    }

    /// Both sets.
    pub fn union(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }
}

/// Why a schema stands below another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Edge {
    /// A named property.
    Property,
    /// Values of a map: `additionalProperties`, `patternProperties`, `unevaluatedProperties`.
    Value,
    /// Items of an array.
    Item,
    /// `allOf`, `$ref`, `dependentSchemas`, `then`, `else`: the same instance must satisfy it.
    All,
    /// `oneOf`, `anyOf`: the same instance may satisfy it.
    Any,
}

impl Edge {
    /// Whether the schema below describes the same instance as the one above.
    pub fn is_composition(self) -> bool {
        matches!(self, Edge::All | Edge::Any)
    }
}

impl<'a> Schema<'a> {
    /// The schema behind the reference that this one is, one hop. From 3.1 on there may be keywords beside the `$ref`
    /// that count as well; [`Schema::at`] leaves them behind.
    pub fn reference(self) -> Option<Schema<'a>> {
        match self.document().references().step(self.document().files(), self.node())? {
            super::Resolution::Found(target) => Some(Schema::new(self.document(), target)),
            super::Resolution::Problem(_) => None,
        }
    }

    /// The schema as a walk should see it: references without siblings followed, so that only a 3.1 reference with
    /// siblings stays one.
    #[inline]
    pub fn seen(document: &'a Document, written: Node<'a>) -> Option<Schema<'a>> {
        // Most are no reference.
        let is_reference = written.is_object() && super::reference_value(written).is_some();
        if is_reference {
            Schema::seen_through(document, written)
        } else {
            Some(Schema::new(document, written))
        }
    }

    /// [`Schema::seen`] for what is a reference.
    #[inline(never)]
    fn seen_through(document: &'a Document, written: Node<'a>) -> Option<Schema<'a>> {
        let siblings = document.version().allows_ref_siblings()
            && written.entries().any(|entry| !is_annotation(entry.key));
        if siblings { Some(Schema::new(document, written)) } else { Schema::at(document, written) }
    }

    /// Its own `type`, without composition.
    pub fn own_types(self) -> Types {
        let Some(node) = self.type_() else { return Types::default() };
        let named = |node: Node<'a>| Types::named(node.text());
        let mut types = match node.is_array() {
            true => node.items().map(named).fold(Types::default(), Types::union),
            false => named(node),
        };
        if self.nullable().and_then(Node::as_bool) == Some(true) {
            types = types.union(Types::NULL);
        }
        types
    }

    /// The types that an instance may have, as far as the schema says: its own `type`, else what the parts say, else
    /// what its keywords are about.
    pub fn types(self) -> Types {
        let own = self.own_types();
        if !own.is_empty() {
            return own;
        }
        let parts = self.parts();
        let stated = parts.iter().map(|part| part.own_types()).find(|types| !types.is_empty());
        if let Some(types) = stated {
            return types;
        }
        let branches = self.branches().into_iter().flatten();
        let union = branches.map(|branch| branch.own_types()).fold(Types::default(), Types::union);
        if !union.is_empty() {
            return union;
        }
        let has = |keyword| parts.iter().any(|part: &Schema<'a>| part.node().has(keyword));
        if has(Atom::PROPERTIES) {
            Types::OBJECT
        } else if has(Atom::ITEMS) || has(Atom::PREFIX_ITEMS) {
            Types::ARRAY
        } else {
            Types::default()
        }
    }

    /// The schemas that an instance must satisfy all at once: this one, what it refers to, and its `allOf` parts,
    /// theirs included. Bounded by [`Schema::PARTS`]; each part once.
    pub fn parts(self) -> Vec<Schema<'a>> {
        if !self.node().has(Atom::DOLLAR_REF) && !self.node().has(Atom::ALL_OF) {
            return vec![self];
        }
        let mut parts: Vec<Schema<'a>> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut pending = vec![self];
        while let Some(schema) = pending.pop() {
            if parts.len() >= Schema::PARTS || !seen.insert(schema.node().identity()) {
                continue;
            }
            parts.push(schema);
            let from = pending.len();
            pending.extend(schema.reference());
            pending.extend(schema.written_all_of().filter_map(|node| Schema::seen(schema.document(), node)));
            pending[from..].reverse();
        }
        parts
    }

    /// How many parts of one composition are looked at. Real documents stay below 100; a hostile one must not make each
    /// question about a schema cost its whole size.
    pub const PARTS: usize = 256;

    /// How many branches of one composition are looked at.
    const BRANCHES: usize = 4096;

    /// Each `oneOf` and `anyOf` of the schema's parts: an instance satisfies at least one schema of each list.
    pub fn branches(self) -> Vec<Vec<Schema<'a>>> {
        let mut lists = Vec::new();
        for part in self.parts() {
            for keyword in [Atom::ONE_OF, Atom::ANY_OF] {
                let items = part.field(keyword).into_iter().flat_map(Node::items);
                let list =
                    items.take(Schema::BRANCHES).filter_map(|node| Schema::seen(part.document(), node));
                let list: Vec<_> = list.collect();
                if !list.is_empty() {
                    lists.push(list);
                }
            }
        }
        lists
    }

    /// Whether every instance satisfies `test`, because a part of the schema does or each branch of a `oneOf` or
    /// `anyOf` does. Branches that allow only `null` do not count. Where a composition is too deep to tell, the
    /// answer is yes: rules about missing bounds stay silent.
    pub fn always(self, test: &dyn Fn(Schema<'a>) -> bool) -> bool {
        if !self.is_composed() {
            return test(self);
        }
        let mut known = FxHashMap::default();
        self.always_within(test, &mut known, 32)
    }

    fn always_within(
        self,
        test: &dyn Fn(Schema<'a>) -> bool,
        known: &mut FxHashMap<(FileId, NodeId), bool>,
        depth: u8,
    ) -> bool {
        if depth == 0 || known.len() > Schema::BRANCHES {
            return true;
        }
        let identity = self.node().identity();
        if let Some(&answer) = known.get(&identity) {
            return answer;
        }
        if !self.is_composed() {
            let answer = test(self);
            known.insert(identity, answer);
            return answer;
        }
        // A composition that comes back to itself adds nothing.
        known.insert(identity, false);
        let answer = self.parts().into_iter().any(test)
            || self.branches().into_iter().any(|list| {
                let mut real = list.into_iter().filter(|branch| branch.own_types() != Types::NULL).peekable();
                real.peek().is_some() && real.all(|branch| branch.always_within(test, known, depth - 1))
            });
        known.insert(identity, answer);
        answer
    }

    /// Whether other schemas have a say in what the schema allows: a reference, or `allOf`, `oneOf`, `anyOf`.
    pub fn is_composed(self) -> bool {
        const KEYWORDS: [Atom; 4] = [Atom::DOLLAR_REF, Atom::ALL_OF, Atom::ONE_OF, Atom::ANY_OF];
        KEYWORDS.iter().any(|&keyword| self.node().has(keyword))
    }

    /// Whether the schema takes part in dynamic references: what it allows is then open.
    pub fn is_dynamic(self) -> bool {
        self.node().has(Atom::DOLLAR_DYNAMIC_REF) || self.node().has(Atom::DOLLAR_DYNAMIC_ANCHOR)
    }

    /// The `allOf` items as written.
    pub(super) fn written_all_of(self) -> impl Iterator<Item = Node<'a>> {
        self.field(Atom::ALL_OF).into_iter().flat_map(Node::items)
    }

    /// Calls `visit` for every schema directly below this one that describes the same instance or a part of it, as
    /// written. `not`, `if`, `propertyNames` and definitions describe no part of an instance.
    pub fn for_each_child(self, mut visit: impl FnMut(Edge, Node<'a>)) {
        if !self.node().is_object() {
            return;
        }
        for entry in self.node().entries() {
            let Some(atom) = entry.key.atom() else { continue };
            let value = entry.value;
            match atom {
                Atom::PROPERTIES => value.entries().for_each(|inner| visit(Edge::Property, inner.value)),
                Atom::PATTERN_PROPERTIES => value.entries().for_each(|inner| visit(Edge::Value, inner.value)),
                Atom::ADDITIONAL_PROPERTIES | Atom::UNEVALUATED_PROPERTIES if value.is_object() => {
                    visit(Edge::Value, value)
                }
                Atom::ITEMS if value.is_array() => value.items().for_each(|item| visit(Edge::Item, item)),
                Atom::PREFIX_ITEMS => value.items().for_each(|item| visit(Edge::Item, item)),
                Atom::ITEMS | Atom::UNEVALUATED_ITEMS | Atom::CONTAINS if value.is_object() => {
                    visit(Edge::Item, value)
                }
                Atom::ALL_OF => value.items().for_each(|item| visit(Edge::All, item)),
                Atom::ONE_OF | Atom::ANY_OF => value.items().for_each(|item| visit(Edge::Any, item)),
                Atom::DEPENDENT_SCHEMAS => value.entries().for_each(|inner| visit(Edge::All, inner.value)),
                Atom::THEN | Atom::ELSE if value.is_object() => visit(Edge::All, value),
                _ => {}
            }
        }
    }
}

fn is_annotation(key: Node<'_>) -> bool {
    let keyword = key.atom();
    let known = [
        Atom::DOLLAR_REF,
        Atom::DESCRIPTION,
        Atom::SUMMARY,
        Atom::TITLE,
        Atom::DOLLAR_COMMENT,
        Atom::DEPRECATED,
    ];
    keyword.is_some_and(|keyword| known.contains(&keyword)) || key.is_extension()
}

impl<'a> Parameter<'a> {
    /// The schema of the parameter's value: its `schema`, the schema of its only `content`, or, in 2.0, the parameter
    /// itself, which has a schema's keywords.
    pub fn value_schema(self) -> Option<Schema<'a>> {
        schema_of_value(self.document(), self.node(), Atom::SCHEMA).or_else(|| {
            let in_itself = self.document().version() == Version::V2 && self.node().has(Atom::TYPE);
            in_itself.then(|| Schema::new(self.document(), self.node()))
        })
    }
}

impl<'a> Header<'a> {
    /// The schema of the header's value; see [`Parameter::value_schema`].
    pub fn value_schema(self) -> Option<Schema<'a>> {
        schema_of_value(self.document(), self.node(), Atom::SCHEMA).or_else(|| {
            let in_itself = self.document().version() == Version::V2 && self.node().has(Atom::TYPE);
            in_itself.then(|| Schema::new(self.document(), self.node()))
        })
    }
}

fn schema_of_value<'a>(document: &'a Document, node: Node<'a>, keyword: Atom) -> Option<Schema<'a>> {
    if let Some(written) = node.get(keyword) {
        return Schema::seen(document, written);
    }
    let content = node.get(Atom::CONTENT)?.entries().next()?;
    let media_type = document.follow(content.value).ok()?;
    Schema::seen(document, media_type.get(Atom::SCHEMA)?)
}

/// Whether a node could be a schema: an object, or `true` and `false`.
pub(super) fn is_schema_node(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Bool)
}
