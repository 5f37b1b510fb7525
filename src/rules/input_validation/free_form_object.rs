//! `free-form-object`: a request of which nothing is known.

use super::admits_everything;
use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::words::{is_one_of, words};
use crate::model::{Api, Directions, RequestSchema, Types};
use crate::syntax::{Atom, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "free-form-object",
    birth_id: "free-form-object",
    summary: "a request takes any object: no property is declared",
    category: "input-validation",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API3:2023", "API8:2023"],
    cwe: &[915, 20],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/input-validation/free-form-object.md"),
};

/// How many of the most exposed objects a finding shows.
const SHOWN: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let schemas = api.request_schemas();
    let mut groups = [None; 2];
    for found in schemas.iter().filter(|found| found.types.is_only(Types::OBJECT)) {
        sink.examined(1);
        if !is_free_form(found) {
            continue;
        }
        let is_body = found.body_of.is_some() && !is_free_on_purpose(found);
        let group = *groups[usize::from(is_body)].get_or_insert_with(|| {
            let group = sink.group(None, move |members| Description {
                message: match (members.distinct, is_body) {
                    (1, _) => format!("{} takes any object", members.first),
                    (count, true) => format!("{count} request bodies take any object: {}", members.listed()),
                    (count, false) => {
                        format!("{count} values in requests take any object: {}", members.listed())
                    }
                },
                label: "declares no properties".into(),
                help: "declare the properties that clients send, or the values of a map, and reject others"
                    .into(),
            });
            sink.group_mut(group).show(SHOWN);
            group
        });
        let name = match found.body_of {
            Some(operation) => format!("the body of {}", api.operation(operation).title()),
            None => schemas.full_name(api, found),
        };
        let schema = found.schema;
        let place = schema.type_().map_or(Place::key(schema.node()), Place::value);
        let occurrence = sink.report_of(place, name, "takes any object");
        occurrence.using(schema.node(), Directions::REQUEST);
        occurrence.exposure(found.exposure(api)).in_group(group);
        if !is_body {
            occurrence.profile(Profile::Pedantic);
        }
        if let Some(open) = schema.field(Atom::ADDITIONAL_PROPERTIES) {
            occurrence.related(Place::key(open), "admits everything, which is the default as well");
        }
    }
}

/// Whether the description says that anything goes: "arbitrary JSON of your choosing".
fn is_free_on_purpose(found: &RequestSchema<'_>) -> bool {
    const FREE: &[&str] = &["arbitrary", "freeform", "opaque", "unstructured", "schemaless"];
    found.schema.description().is_some_and(|prose| {
        let mut words = words(prose.text()).take(64).peekable();
        while let Some(word) = words.next() {
            let form = words.peek().is_some_and(|next| next.eq_ignore_ascii_case("form"));
            if is_one_of(word, FREE) || form && word.eq_ignore_ascii_case("free") {
                return true;
            }
        }
        false
    })
}

/// Whether a schema says no more of an object than that it is one.
fn is_free_form(found: &RequestSchema<'_>) -> bool {
    const SAYING: [Atom; 13] = [
        Atom::PROPERTIES,
        Atom::PATTERN_PROPERTIES,
        Atom::PROPERTY_NAMES,
        Atom::NOT,
        Atom::IF,
        Atom::DEPENDENT_SCHEMAS,
        Atom::DISCRIMINATOR,
        Atom::ENUM,
        Atom::CONST,
        Atom::DOLLAR_DYNAMIC_REF,
        Atom::DOLLAR_DYNAMIC_ANCHOR,
        Atom::REQUIRED,
        Atom::FORMAT,
    ];
    let schema = found.schema;
    let restricts = |keyword| schema.field(keyword).is_some_and(|value: Node<'_>| !admits_everything(value));
    !schema.is_composed()
        && (!found.is_part || found.body_of.is_some())
        && !SAYING.iter().any(|&keyword| schema.node().has(keyword))
        && !restricts(Atom::ADDITIONAL_PROPERTIES)
        && !restricts(Atom::UNEVALUATED_PROPERTIES)
}
