//! `unbounded-array`: a request may hold any number of items.

use super::{ADOPTED_PERCENT, Kind, Verdict};
use crate::lint::{Check, Confidence, Extent, Profile, Rule, Scope, Severity, Sink, Subsumption};
use crate::model::{Api, Schema, Types};
use crate::syntax::{Atom, Node};

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
    subsumed_by: &[Subsumption { rule: "unbounded-bulk-request", at: Extent::Place }],
    options: &[&ADOPTED_PERCENT],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/unbounded-array.md"),
};

static KIND: Kind = Kind {
    population: 5,
    nouns: ["array", "arrays"],
    missing: "no `maxItems`",
    effect: "takes any number of items",
    fix: "add `maxItems`",
    remedy: "add `maxItems` to arrays that clients send, and limit the size of request bodies",
    pedantic: [""; 2],
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    super::report_unbounded(api, sink, &KIND, |question| {
        // Only what says `type: array` itself: a composition is judged at the part that makes it an array.
        let schema = question.schema;
        schema.types.intersects(Types::ARRAY).then(|| {
            let is_bounded = schema.schema.is_dynamic()
                || question.always("items", &is_bounded)
                || has_finitely_many_items(schema.schema);
            if is_bounded { Verdict::Bounded } else { Verdict::Unbounded(KIND.effect) }
        })
    });
}

/// Whether a part of an array's composition limits the number of items.
pub(super) fn is_bounded(part: Schema<'_>) -> bool {
    let closed_tuple = part.field(Atom::PREFIX_ITEMS).is_some()
        && part.field(Atom::ITEMS).and_then(Node::as_bool) == Some(false);
    part.max_items().is_some() || part.enumeration().is_some() || part.constant().is_some() || closed_tuple
}

/// Unique items out of a list.
pub(super) fn has_finitely_many_items(schema: Schema<'_>) -> bool {
    let unique = schema.unique_items().and_then(Node::as_bool) == Some(true);
    let items = schema.items().map(|items| items.always(&|part| part.enumeration().is_some()));
    unique && items == Some(true)
}
