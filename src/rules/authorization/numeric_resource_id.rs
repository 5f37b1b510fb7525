//! `numeric-resource-id`: ids that can be counted through.

use rustc_hash::FxHashMap;

use crate::lint::{
    Check, Confidence, Description, GroupId, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink,
};
use crate::model::naming::{is_resource_id, is_sensitive_resource};
use crate::model::{Api, Exposure, OperationId, Parameter, Types};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "numeric-resource-id",
    birth_id: "numeric-resource-id",
    summary: "resources are identified by numbers, so that a caller can try one after the other",
    category: "authorization",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API1:2023"],
    cwe: &[639, 340],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[&ACCEPTED],
    check: Check::Api(check),
    page: include_str!("../../../rules/authorization/numeric-resource-id.md"),
};

static ACCEPTED: RuleOption = RuleOption {
    name: "accepted",
    kind: OptionKind::Templates,
    doc: "paths, up to and with the id, whose ids may be counted through: `/currencies/{number}`",
};

/// A resource with a numeric id: `/orders/{orderId}`.
struct Resource<'a> {
    /// What stands in the path before the id.
    noun: &'a str,
    parameter: Parameter<'a>,
    /// The operations at or below it.
    operations: Vec<OperationId>,
    has_write: bool,
}

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // Writes at or below an id make it worth guessing: 88 % of such findings matter, 25 % of the read-only ones.
    let mut groups: [Option<GroupId>; 2] = [None, None];
    sink.examined(api.path_operations().count());
    for (path, resource) in numeric_resources(api) {
        if sink.lists(&ACCEPTED, path) {
            continue;
        }
        let group = &mut groups[usize::from(resource.has_write)];
        let group = *group.get_or_insert_with(|| open_group(resource.has_write, sink));
        let place = Place::value(type_node(resource.parameter));
        let occurrence = sink.report(place, format!("`{path}` is numbered"));
        // Within a group the resources that matter most come first.
        let rank =
            if is_sensitive_resource(resource.noun) { Exposure::of(true, true) } else { Exposure::LEAST };
        occurrence.operations(resource.operations).discriminator(path).in_group(group);
        occurrence.subject(format!("`{path}`")).exposure(rank);
        if !resource.has_write {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic).confidence(Confidence::Low);
        }
    }
}

fn open_group(has_write: bool, sink: &mut Sink<'_>) -> GroupId {
    sink.group(None, move |members| Description {
        message: format!(
            "{} can be {} by a number that is easy to guess",
            members.named(),
            if has_write { "changed" } else { "read" }
        ),
        label: "can be counted through".into(),
        help: "use ids that cannot be guessed (UUIDs), and check on every request that the caller owns the object".into(),
    })
}

/// The resources with numeric ids, by the path up to the id, in the order of the operations' rank.
fn numeric_resources<'a>(api: &'a Api<'a>) -> Vec<(&'a str, Resource<'a>)> {
    let mut found: FxHashMap<&'a str, usize> = FxHashMap::default();
    let mut resources: Vec<(&'a str, Resource<'a>)> = Vec::new();
    let parameters = api.parameters();
    let in_path = parameters.judge(|one| Some(one.name).filter(|_| one.location == "path"));
    // The same ids stand in many paths.
    let mut known: FxHashMap<(&str, &str), bool> = FxHashMap::default();
    let mut is_resource = |noun, name| {
        let noun_of = || Some(noun).filter(|noun: &&str| !noun.is_empty());
        *known.entry((noun, name)).or_insert_with(|| is_resource_id(name, noun_of()))
    };
    // Those of the last path, which the next operation mostly has as well.
    let mut ids: (&str, Vec<_>) = ("", Vec::new());
    for operation in api.ranked_operations() {
        if ids.0 != operation.path {
            let resources = ids_of(operation.path).filter(|&(_, noun, name)| is_resource(noun, name));
            ids = (operation.path, resources.collect());
        }
        for &(path, noun, name) in &ids.1 {
            // The first of the name.
            let mut own = parameters.of_operation(operation.id).iter();
            let parameter = own.find(|one| in_path.of(one) == Some(&Some(name))).map(|one| one.object);
            let Some(parameter) = parameter.filter(is_numeric) else { continue };
            let index = *found.entry(path).or_insert_with(|| {
                resources
                    .push((path, Resource { noun, parameter, operations: Vec::new(), has_write: false }));
                resources.len() - 1
            });
            let resource = &mut resources[index].1;
            resource.operations.push(operation.id);
            resource.has_write |= operation.is_write();
        }
    }
    resources
}

/// The variables of a path template: the path up to and with the variable, the literal segment before it, its name.
fn ids_of(path: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut before = "";
    let mut at = 0;
    path.split('/').filter_map(move |segment| {
        let end = at + segment.len();
        at = end + 1;
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Some((&path[..end], before, name)),
            None => {
                before = segment;
                None
            }
        }
    })
}

fn is_numeric(parameter: &Parameter<'_>) -> bool {
    let schema = parameter.value_schema();
    schema.is_some_and(|schema| schema.types().is_only(Types::INTEGER.union(Types::NUMBER)))
}

/// The `type` that makes it a number; behind a reference, the parameter's name.
fn type_node(parameter: Parameter<'_>) -> Node<'_> {
    let types = parameter.value_schema().and_then(|schema| schema.type_());
    types.or(parameter.name()).unwrap_or(crate::model::Object::node(parameter))
}

#[cfg(test)]
mod tests {
    use super::ids_of;

    #[test]
    fn the_ids_of_a_path_come_with_what_they_identify() {
        let ids: Vec<_> = ids_of("/shops/{shopId}/orders/{id}/lines").collect();
        assert_eq!(
            ids,
            [("/shops/{shopId}", "shops", "shopId"), ("/shops/{shopId}/orders/{id}", "orders", "id")]
        );
        assert_eq!(ids_of("/{id}.json/x").count(), 0);
    }
}
