//! `undefined-security-scheme`: a requirement that names nothing.

use std::collections::BTreeMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, OperationGroup, Origin, Required, Security, Version};
use crate::rules::Suggestions;
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "undefined-security-scheme",
    birth_id: "undefined-security-scheme",
    summary: "a security requirement names a scheme that is not declared, so that it protects nothing",
    category: "authentication",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[287, 1173],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[super::MISPLACED],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/undefined-security-scheme.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // The same missing name is one problem, however many requirements use it.
    let mut declared: Vec<&str> = api.schemes.iter().map(|(name, _)| name.text()).collect();
    declared.sort_unstable();
    let mut groups = Groups { by_name: BTreeMap::new(), declared, suggestions: Suggestions::new() };
    let is_root = |security: &Security<'a>| security.origin == Origin::Root;
    let inheriting = api.by_security().iter().find(|(security, _)| is_root(security));
    for required in api.root_security.required() {
        report(api, required, inheriting.map(|(_, operations)| operations), &mut groups, sink);
    }
    let mut own: Vec<_> = api.by_security().iter().filter(|(security, _)| !is_root(security)).collect();
    own.sort_by_key(|(_, operations)| operations.first().map(|&operation| api.rank(operation)));
    for (security, operations) in own {
        for required in security.required() {
            report(api, required, Some(operations), &mut groups, sink);
        }
    }
}

fn report<'a>(
    api: &'a Api<'a>,
    required: &Required<'a>,
    operations: Option<&OperationGroup>,
    groups: &mut Groups<'a>,
    sink: &mut Sink<'a>,
) {
    sink.examined(1);
    let name = required.name();
    if required.scheme.is_some() || api.schemes.declares(name) || may_be_uri(api, name) {
        return;
    }
    let place = Place::key(required.node);
    let group = match groups.by_name.get(name) {
        Some(group) => *group,
        None => {
            let group = open_group(api, name, groups, sink);
            groups.by_name.insert(name, group);
            group
        }
    };
    sink.report(place, "").groups(operations.into_iter().cloned().collect()).in_group(group);
}

/// One group a missing name.
struct Groups<'a> {
    by_name: BTreeMap<&'a str, GroupId>,
    /// The names that are declared, in the order of the alphabet.
    declared: Vec<&'a str>,
    suggestions: Suggestions,
}

fn open_group<'a>(api: &'a Api<'a>, name: &'a str, groups: &mut Groups<'a>, sink: &mut Sink<'a>) -> GroupId {
    let declared = &groups.declared;
    let help = match groups.suggestions.nearest(name, declared.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? Otherwise declare `{name}`"),
        None => format!("declare `{name}` among the security schemes, or require one that is declared"),
    };
    let group = sink.group(None, move |_| Description {
        message: format!("the security scheme `{name}` is not declared"),
        label: "protects nothing".into(),
        help: help.clone(),
    });
    if let Some(container) = api.schemes.container() {
        let more = if declared.len() > 5 { ", …" } else { "" };
        let names: Vec<_> = declared.iter().take(5).map(|name| format!("`{name}`")).collect();
        sink.group_mut(group)
            .related(Place::key(container), format!("declared here: {}{more}", names.join(", ")));
    }
    group
}

/// From 3.2 on a requirement may name a scheme by a URI reference (§4.30).
fn may_be_uri(api: &Api<'_>, name: &str) -> bool {
    api.document.version() >= Version::V3_2 && name.contains(['/', '#', ':'])
}
