//! `unbounded-bulk-request`: one request may ask for any number of things at once.

use rustc_hash::FxHashSet;

use super::unbounded_array::{has_finitely_many_items, is_bounded};
use super::{SHOWN, place_of};
use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::words::{is_one_of, last_word};
use crate::model::{Api, Directions, Object, RequestSchema, Schema, Types};
use crate::syntax::Atom;

pub(super) static RULE: Rule = Rule {
    id: "unbounded-bulk-request",
    birth_id: "unbounded-bulk-request",
    summary: "a request body is an array without `maxItems`: one request does any number of things",
    category: "resource-consumption",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[770, 799],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/unbounded-bulk-request.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let schemas = api.request_schemas();
    let mut group = None;
    let mut seen = FxHashSet::default();
    for body in schemas.iter() {
        let Some(operation) = body.body_of else { continue };
        sink.examined(1);
        let Some((array, property)) = batch_of(api, body) else { continue };
        let schema = array.schema;
        if !seen.insert(array.index)
            || schema.is_dynamic()
            || schema.always(&is_bounded)
            || has_finitely_many_items(schema)
        {
            continue;
        }
        let group = *group.get_or_insert_with(|| {
            let group = sink.group(None, |members| Description {
                message: match members.count {
                    1 => format!("{} takes any number of items in one request", members.first),
                    _ => format!(
                        "{} bulk requests take any number of items: {}",
                        members.distinct,
                        members.listed()
                    ),
                },
                label: "takes any number of items".into(),
                help: "add `maxItems` with the largest batch that clients need, and reject larger ones"
                    .into(),
            });
            sink.group_mut(group).show(SHOWN);
            group
        });
        let title = api.operation(operation).title();
        let message = match property {
            Some(property) => format!("`{property}` is all of {title} and takes any number of items"),
            None => format!("the body of {title} takes any number of items"),
        };
        let occurrence = sink.report(place_of(array), message);
        occurrence.using(body.schema.node(), Directions::REQUEST).subject(title);
        occurrence.exposure(body.exposure(api)).in_group(group);
    }
}

/// The array that a body is: the body itself, or its only property with its name.
fn batch_of<'s, 'a>(
    api: &'s Api<'a>,
    body: &'s RequestSchema<'a>,
) -> Option<(&'s RequestSchema<'a>, Option<&'a str>)> {
    if body.types.is_only(Types::ARRAY) {
        return Some((body, None));
    }
    // Anything beside `properties` could bring in more of them.
    const OTHERS: [Atom; 3] = [Atom::PATTERN_PROPERTIES, Atom::DISCRIMINATOR, Atom::DEPENDENT_SCHEMAS];
    let node = body.schema.node();
    let is_open = node.get(Atom::ADDITIONAL_PROPERTIES).is_some_and(|value| value.as_bool() != Some(false));
    if is_open || body.schema.is_composed() || OTHERS.iter().any(|&keyword| node.has(keyword)) {
        return None;
    }
    let mut properties = body.schema.properties().filter_map(|property| {
        let schema = Schema::seen(body.schema.document(), property.written.dealiased())?;
        Some((api.request_schemas().of_node(api, schema.node())?, Some(property.written.key_text())))
    });
    let (only, None) = (properties.next()?, properties.next()) else { return None };
    (only.0.types.is_only(Types::ARRAY) && is_batch(only.0, only.1?)).then_some(only)
}

/// Whether each item of a property is a thing to be worked on, and not one more trait of a single thing (`scopes`).
fn is_batch(array: &RequestSchema<'_>, name: &str) -> bool {
    const THINGS: &[&str] = &[
        "ids", "items", "operations", "requests", "identifiers", "uuids", "guids", "keys", "entries",
        "records", "elements", "batch", "bulk", "urls", "names", "emails",
    ];
    let items = array.schema.items().map(|items| items.types());
    items.is_some_and(|types| types.intersects(Types::OBJECT))
        || last_word(name).is_some_and(|last| is_one_of(last, THINGS))
}
