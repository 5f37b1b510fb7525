//! `pagination-limit-without-maximum`: the caller chooses how much is read.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::naming::is_page_limit;
use crate::model::{Api, OperationId, Parameter, Schema, Types};
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId, Place};

pub(super) static RULE: Rule = Rule {
    id: "pagination-limit-without-maximum",
    birth_id: "pagination-limit-without-maximum",
    summary: "a page size that the caller chooses has no maximum",
    category: "resource-consumption",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API4:2023"],
    cwe: &[770, 1284],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/pagination-limit-without-maximum.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let mut users: FxHashMap<(FileId, NodeId), Vec<OperationId>> = FxHashMap::default();
    let mut unbounded: Vec<(&str, Parameter<'a>)> = Vec::new();
    let parameters = api.named_parameters();
    let is_limit = parameters.judge(|one| one.location == "query" && is_page_limit(one.name));
    for operation in api.ranked_operations() {
        sink.examined(operation.parameters().iter().filter(|member| member.object.is_some()).count());
        for parameter in parameters.of_operation(operation.id).iter().filter(|one| is_limit[one.name]) {
            let parameter = parameter.object;
            let operations = users.entry(parameter.node().identity()).or_insert_with(|| {
                if is_unbounded(parameter) {
                    unbounded.push((parameter.name().map_or("", Node::text), parameter));
                }
                Vec::new()
            });
            operations.push(operation.id);
        }
    }
    // One finding a name: it is nearly always the same parameter, repeated.
    let mut groups: BTreeMap<&str, GroupId> = BTreeMap::new();
    for (name, parameter) in unbounded {
        let schema = parameter.value_schema();
        let place = Place::value(
            schema.and_then(|schema| schema.type_()).or(parameter.name()).unwrap_or(parameter.node()),
        );
        let operations = users.remove(&parameter.node().identity()).unwrap_or_default();
        let group = *groups.entry(name).or_insert_with(|| open_group(name, sink));
        let occurrence = sink.report(place, format!("`{name}` has no maximum here"));
        occurrence.operations(operations).in_group(group);
        let stated = parameter.description().and_then(|prose| Some((prose, stated_maximum(prose.text())?)));
        match stated {
            Some((prose, maximum)) => occurrence
                .help(format!("add `maximum: {maximum}`, as the description says"))
                .because(Place::value(prose), "the description states a maximum, the schema does not"),
            None => occurrence.help("add a `maximum`, and enforce it"),
        };
    }
}

fn open_group(name: &str, sink: &mut Sink<'_>) -> GroupId {
    let message = format!("the page size `{name}` has no maximum");
    sink.group(None, move |_| Description {
        message: message.clone(),
        label: "a caller may ask for everything".into(),
        help: String::new(),
    })
}

fn is_unbounded(parameter: Parameter<'_>) -> bool {
    let Some(schema) = parameter.value_schema() else { return false };
    schema.types().is_only(Types::INTEGER.union(Types::NUMBER))
        && !schema.is_dynamic()
        && !schema.always(&has_upper_bound)
}

fn has_upper_bound(schema: Schema<'_>) -> bool {
    // Up to 3.0 `exclusiveMaximum` is a boolean that qualifies `maximum`.
    let exclusive = schema.exclusive_maximum().is_some_and(|maximum| maximum.as_f64().is_some());
    schema.maximum().is_some() || exclusive || schema.node().has(Atom::ENUM) || schema.node().has(Atom::CONST)
}

/// The maximum that a description states: "max 100", "maximum is 50", "up to 1,000", "cannot exceed 200".
fn stated_maximum(text: &str) -> Option<u64> {
    use std::sync::LazyLock;
    static STATED: LazyLock<regex::Regex> = LazyLock::new(|| {
        let pattern = r"(?i)(?-u:\b)(?:max(?:imum)?(?: value| number| page size| allowed)?(?: is| of|:)?|up to|at most|not exceed|no more than|between [0-9]+ and|1 ?(?:-|to))[ :`]*([0-9][0-9,]*)";
        regex::Regex::new(pattern).expect("the pattern is constant and well-formed")
    });
    let number = STATED.captures(text)?.get(1)?.as_str().replace(',', "");
    number.parse().ok().filter(|&maximum| maximum > 1)
}

#[cfg(test)]
mod tests {
    use super::stated_maximum;

    #[test]
    fn a_maximum_in_prose_is_found() {
        for (text, maximum) in [
            ("Page size, max 100.", Some(100)),
            ("The maximum is 50", Some(50)),
            ("Number of items (1-200)", Some(200)),
            ("Up to 1,000 rows", Some(1000)),
            ("between 1 and 100", Some(100)),
            ("default 20", None),
        ] {
            assert_eq!(stated_maximum(text), maximum, "{text}");
        }
    }
}
