//! `pagination-limit-without-maximum`: the caller chooses how much is read.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::{
    Check, Confidence, Description, GroupId, OptionKind, Profile, Rule, RuleOption, Scope, Severity, Sink,
};
use crate::model::naming::is_page_limit;
use crate::model::words::starts_with;
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
    options: &[&NAMES],
    check: Check::Api(check),
    page: include_str!("../../../rules/resource-consumption/pagination-limit-without-maximum.md"),
};

static NAMES: RuleOption = RuleOption {
    name: "names",
    kind: OptionKind::Names,
    doc: "further query parameters that say how much is read",
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let mut users: FxHashMap<(FileId, NodeId), Vec<OperationId>> = FxHashMap::default();
    let mut unbounded: Vec<(&str, Parameter<'a>)> = Vec::new();
    let parameters = api.parameters();
    let is_limit = parameters
        .judge(|one| one.location == "query" && (is_page_limit(one.name) || sink.lists(&NAMES, one.name)));
    for operation in api.ranked_operations() {
        let taken = parameters.of_operation(operation.id);
        sink.examined(taken.len());
        for parameter in taken.iter().filter(|one| is_limit.of(one) == Some(&true)) {
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
    // And so is its description.
    let mut maxima: FxHashMap<&str, Option<u64>> = FxHashMap::default();
    for (name, parameter) in unbounded {
        let schema = parameter.value_schema();
        let place = Place::value(
            schema.and_then(|schema| schema.type_()).or(parameter.name()).unwrap_or(parameter.node()),
        );
        let operations = users.remove(&parameter.node().identity()).unwrap_or_default();
        let group = *groups.entry(name).or_insert_with(|| open_group(name, sink));
        let occurrence = sink.report(place, format!("`{name}` has no maximum here"));
        occurrence.operations(operations).in_group(group);
        let stated = parameter.description().and_then(|prose| {
            let maximum = *maxima.entry(prose.text()).or_insert_with(|| stated_maximum(prose.text()));
            Some((prose, maximum?))
        });
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
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins = |byte: u8| matches!(byte.to_ascii_lowercase(), b'm' | b'b' | b'u' | b'a' | b'n' | b'1');
    let starts = (0..bytes.len()).filter(|&at| begins(bytes[at]) && (at == 0 || !is_word(bytes[at - 1])));
    let number = starts.filter_map(|at| after_announcement(&text[at..])).find_map(|rest| {
        let rest = rest.trim_start_matches([' ', ':', '`']);
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
        rest.starts_with(|c: char| c.is_ascii_digit()).then(|| rest[..end].replace(',', ""))
    });
    number?.parse().ok().filter(|&maximum| maximum > 1)
}

/// What follows words that announce a maximum, if the text starts with some.
fn after_announcement(text: &str) -> Option<&str> {
    if let Some(rest) = after(text, &["maximum", "max"]) {
        let rest = after(rest, &[" value", " number", " page size", " allowed"]).unwrap_or(rest);
        return Some(after(rest, &[" is", " of", ":"]).unwrap_or(rest));
    }
    if let Some(least) = after(text, &["between "]) {
        let rest = least.trim_start_matches(|c: char| c.is_ascii_digit());
        return after(rest, &[" and"]).filter(|_| rest.len() < least.len());
    }
    after(text, &["up to", "at most", "not exceed", "no more than", "1-", "1 -", "1to", "1 to"])
}

/// What follows the first of the words with which the text starts.
fn after<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find(|word| starts_with(text, word)).map(|word| &text[word.len()..])
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
            ("Must be between  and 7, at MOST: `30`", Some(30)),
            ("The MAXIMUM page size of 1,000,000", Some(1_000_000)),
            ("climax 7, max_9, max: 8", Some(8)),
            ("1 to 50", Some(50)),
            ("max 1, max 100", None),
            ("max ten", None),
            ("", None),
            ("default 20", None),
        ] {
            assert_eq!(stated_maximum(text), maximum, "{text}");
        }
    }
}
