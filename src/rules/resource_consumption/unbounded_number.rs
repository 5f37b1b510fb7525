//! `unbounded-number`: a request may hold any number.

use super::{ADOPTED_PERCENT, Kind, Verdict};
use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::naming::is_id_or_time;
use crate::model::words::{is_one_of, is_spelled, words};
use crate::model::{Api, RequestSchema, RequestSchemas, Schema, Types};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    id: "unbounded-number",
    birth_id: "unbounded-number",
    summary: "a number in a request body has no `minimum` or no `maximum`",
    category: "resource-consumption",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[1284, 770],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[&ADOPTED_PERCENT],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/unbounded-number.md"),
};

static KIND: Kind = Kind {
    population: 5,
    nouns: ["number", "numbers"],
    missing: "no `minimum` or no `maximum`",
    effect: "may be any number",
    fix: "add `minimum` and `maximum`",
    remedy: "add `minimum` and `maximum` to numbers that clients send",
    pedantic: ["is an id or a time without bounds", "are ids or times without bounds"],
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    super::report_unbounded(api, sink, &KIND, |question| {
        let schema = question.schema;
        if !schema.types.intersects(Types::INTEGER.union(Types::NUMBER)) {
            return None;
        }
        let is_handle = is_handle(question.schemas, schema);
        let is_above = question.always("maximum", &|part| has_maximum(part) || is_finite(part));
        let is_below = question.always("minimum", &|part| has_minimum(part) || is_finite(part));
        if schema.schema.is_dynamic() || question.always("list", &is_finite) {
            return None;
        }
        Some(match (is_above, is_below) {
            (true, true) => Verdict::Bounded,
            // Nobody knows how many ids there will be, nor how late it is.
            (false, false) if is_handle => Verdict::Pedantic,
            _ if is_handle => Verdict::Bounded,
            (false, false) => Verdict::Unbounded(KIND.effect),
            (false, true) => Verdict::Unbounded("has no `maximum`"),
            (true, false) => Verdict::Unbounded("has no `minimum`"),
        })
    });
}

/// Whether a number is an id or a point in time, which has no meaningful largest value. Lists of integers are nearly
/// always lists of ids.
fn is_handle<'a>(schemas: &RequestSchemas<'a>, found: &RequestSchema<'a>) -> bool {
    let format = found.schema.format().map_or("", Node::text);
    is_id_or_time(schemas.property(found).unwrap_or_default())
        || is_id_or_time(format)
        || found.types.is_only(Types::INTEGER) && schemas.is_item(found)
        || found.schema.description().is_some_and(|prose| speaks_of_time(prose.text()))
}

/// "Unix timestamp", "seconds since 1/1/1970", "milliseconds since the epoch".
fn speaks_of_time(prose: &str) -> bool {
    words(prose).take(64).any(|word| is_one_of(word, &["timestamp", "epoch", "unix", "1970"]))
}

fn has_maximum(part: Schema<'_>) -> bool {
    // Up to 3.0 `exclusiveMaximum` is a boolean that qualifies `maximum`.
    part.maximum().is_some() || part.exclusive_maximum().is_some_and(|bound| bound.as_f64().is_some())
}

fn has_minimum(part: Schema<'_>) -> bool {
    part.minimum().is_some() || part.exclusive_minimum().is_some_and(|bound| bound.as_f64().is_some())
}

/// Whether what the schema itself says bounds the number on both sides: a list, or an integer of so many bits. 64 bits
/// bound nothing that a program does with the number, nor does the precision of a `float`.
fn is_finite(part: Schema<'_>) -> bool {
    const FINITE: &[&str] = &["int8", "int16", "int32", "uint8", "uint16", "uint32"];
    let has_finite_format = |format: Node<'_>| FINITE.iter().any(|finite| is_spelled(format.text(), finite));
    part.enumeration().is_some() || part.constant().is_some() || part.format().is_some_and(has_finite_format)
}
