//! `additional-properties-allowed`: an object that says what it takes, and takes everything else as well.

use super::admits_everything;
use crate::lint::{Check, Confidence, Description, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Directions, Object, RequestSchema, Version};
use crate::syntax::{Atom, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "additional-properties-allowed",
    birth_id: "additional-properties-allowed",
    summary: "an object in a request declares its properties and explicitly takes any others",
    category: "input-validation",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API3:2023"],
    cwe: &[915],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/input-validation/additional-properties-allowed.md"),
};

/// How many of the most exposed objects a finding shows.
const SHOWN: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let schemas = api.request_schemas();
    let mut group = None;
    for found in schemas.iter() {
        // What completes a composition has to be open: other parts declare other properties.
        if found.is_part && found.body_of.is_none() {
            continue;
        }
        let declares =
            found.schema.field(Atom::PROPERTIES).is_some_and(|declared| declared.entries().next().is_some());
        if !declares {
            continue;
        }
        sink.examined(1);
        let Some(open) = open_keyword(found) else { continue };
        let group = *group.get_or_insert_with(|| {
            let group = sink.group(None, |members| Description {
                message: match members.count {
                    1 => format!("{} takes properties that it does not declare", members.first),
                    count => format!(
                        "{count} objects in requests take properties that they do not declare: {}",
                        members.listed()
                    ),
                },
                label: "takes any property beside those".into(),
                help: String::new(),
            });
            sink.group_mut(group).show(SHOWN);
            group
        });
        let name = schemas.full_name(api, found);
        let occurrence = sink.report_of(Place::key(open), name, "takes properties that it does not declare");
        occurrence.using(found.schema.node(), Directions::REQUEST).help(help(found));
        occurrence.exposure(found.exposure(api)).in_group(group);
    }
}

/// The keyword by which an object explicitly takes any property.
fn open_keyword<'a>(found: &RequestSchema<'a>) -> Option<Node<'a>> {
    let keywords = [Atom::ADDITIONAL_PROPERTIES, Atom::UNEVALUATED_PROPERTIES];
    keywords
        .into_iter()
        .filter_map(|keyword| found.schema.field(keyword))
        .find(|value| admits_everything(*value))
}

/// `additionalProperties: false` would forbid what other parts of a composition declare.
fn help(found: &RequestSchema<'_>) -> &'static str {
    match (found.schema.is_composed(), found.schema.document().version() >= Version::V3_1) {
        (false, _) => "set `additionalProperties: false`, or say what values other properties may have",
        (true, true) => "remove it, and set `unevaluatedProperties: false`",
        (true, false) => "remove it, and drop properties that are not declared before they reach a database",
    }
}
