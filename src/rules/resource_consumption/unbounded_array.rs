//! `unbounded-array`: a request may hold any number of items.

use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Directions, Object, ObjectType, Schema, Types};
use crate::source::FileId;
use crate::syntax::{Atom, Descent, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "unbounded-array",
    birth_id: "unbounded-array",
    summary: "an array in a request body has no `maxItems`",
    category: "resource-consumption",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[770],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/unbounded-array.md"),
};

/// Below this share of bounded arrays a document has not adopted bounds at all, and one finding says so.
const ADOPTED_PERCENT: usize = 20;
/// Below this number of arrays a share says nothing.
const POPULATION: usize = 5;
/// How many of the most exposed fields the one finding names.
const NAMED: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let usage = api.usage();
    let requested = api.document.nodes(ObjectType::Schema).chain(body_parameters(api));
    let arrays = requested.filter(|node| usage.directions(*node).intersects(Directions::REQUEST));
    let (mut bounded, mut unbounded) = (0, Vec::new());
    for schema in arrays.map(|node| Schema::new(api.document, node)).filter(|schema| is_array(*schema)) {
        sink.examined(1);
        if is_bounded(schema) {
            bounded += 1;
        } else {
            unbounded.push(schema);
        }
    }
    let total = bounded + unbounded.len();
    if unbounded.is_empty() {
        return;
    }
    // In the order of reading, so that neither the order of keys nor the files decide which is named first.
    let order = usage.reading_order(api);
    unbounded.sort_by_key(|schema| order.get(&schema.node().identity()).copied().unwrap_or(u32::MAX));
    let adopted = total >= POPULATION && 100 * bounded >= ADOPTED_PERCENT * total;
    let group = (!adopted).then(|| {
        let group = sink.group(None, move |members| Description {
            message: match members.count {
                1 => format!("{} takes any number of items", members.first),
                count => format!("{count} of {total} arrays in request bodies have no `maxItems`"),
            },
            label: "takes any number of items".into(),
            help: "add `maxItems` to arrays that clients send, and limit the size of request bodies".into(),
        });
        sink.group_mut(group).show(NAMED);
        group
    });
    let mut descent = Descent::default();
    for schema in unbounded {
        let place = place_of(schema);
        let name = name_of(api, schema, &mut descent);
        let message = match group {
            Some(_) => format!("{name} takes any number of items"),
            None => format!("{name} has no `maxItems` although most arrays of this document have"),
        };
        let occurrence = sink.report(place, message);
        occurrence
            .label("takes any number of items")
            .help("add `maxItems`, as most arrays of this document have it")
            .using(schema.node(), Directions::REQUEST)
            .subject(name)
            .exposure(usage.exposure(schema.node()));
        if let Some(group) = group {
            occurrence.in_group(group);
        }
    }
}

/// In 2.0 a form parameter is a schema itself.
fn body_parameters<'a>(api: &'a Api<'a>) -> impl Iterator<Item = Node<'a>> {
    api.document.nodes(ObjectType::Parameter).filter(|node| node.has(Atom::TYPE))
}

/// Only what says `type: array` itself: a composition is judged at the part that makes it an array.
fn is_array(schema: Schema<'_>) -> bool {
    schema.own_types().intersects(Types::ARRAY)
}

fn is_bounded(schema: Schema<'_>) -> bool {
    schema.is_dynamic()
        || schema.always(&|part| {
            let closed_tuple = part.field(Atom::PREFIX_ITEMS).is_some()
                && part.field(Atom::ITEMS).and_then(Node::as_bool) == Some(false);
            part.max_items().is_some()
                || part.enumeration().is_some()
                || part.constant().is_some()
                || closed_tuple
        })
        || has_finitely_many_items(schema)
}

/// Unique items out of a list.
fn has_finitely_many_items(schema: Schema<'_>) -> bool {
    let unique = schema.unique_items().and_then(Node::as_bool) == Some(true);
    let items = schema.items().map(|items| items.always(&|part| part.enumeration().is_some()));
    unique && items == Some(true)
}

fn place_of(schema: Schema<'_>) -> Place<'_> {
    schema.type_().map_or(Place::key(schema.node()), Place::value)
}

/// What holds the array: a property with its component, a parameter, the body.
fn name_of(api: &Api<'_>, schema: Schema<'_>, descent: &mut Descent) -> String {
    let named =
        schema.field(Atom::NAME).filter(|name| name.as_str().is_some() && schema.field(Atom::IN).is_some());
    if let Some(name) = named {
        return format!("`{}`", name.text());
    }
    let pointer = descent.pointer(api.document.files(), schema.node());
    let mut steps: Vec<&str> = pointer.as_str().split('/').collect();
    let is_item = steps.last() == Some(&"items");
    while matches!(steps.last(), Some(&("items" | "schema"))) {
        steps.pop();
    }
    let component = match steps.as_slice() {
        ["", "components", "schemas", name, ..] | ["", "definitions", name, ..] => Some(*name),
        _ => None,
    };
    let property = steps.iter().rposition(|step| *step == "properties").and_then(|at| steps.get(at + 1));
    let name = match (component, property) {
        (Some(component), Some(property)) => format!("`{component}.{property}`"),
        (Some(name), None) => format!("`{name}`"),
        (None, Some(name)) => format!("`{name}`"),
        (None, None) if schema.node().file() != FileId::ROOT => format!("`{}`", schema.node().file_display()),
        (None, None) => "the body".to_owned(),
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if is_item { format!("an item of {name}") } else { name }
}
