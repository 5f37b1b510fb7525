//! `security-misplaced`: protection that was written where nothing reads it.

use std::collections::BTreeMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Misplaced, Misplacement, Operation, SecurityKeyword, Version};
use crate::syntax::{Atom, Place};

pub(super) static RULE: Rule = Rule {
    id: "security-misplaced",
    birth_id: "security-misplaced",
    summary: "`security` or a declaration of schemes stands where nothing reads it, or is misspelt: it protects nothing",
    category: "authentication",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[306, 1173],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/security-misplaced.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(api.operations.len());
    // The same mistake on many paths is one finding.
    let mut groups: BTreeMap<(Misplacement, &str), GroupId> = BTreeMap::new();
    for misplaced in api.misplaced_security() {
        let key = misplaced.node.key_text();
        let group =
            *groups.entry((misplaced.place, key)).or_insert_with(|| open_group(api, &misplaced, sink));
        let whereabouts = whereabouts(api, &misplaced);
        let occurrence = sink.report(Place::key(misplaced.node), format!("`{key}` {whereabouts} is ignored"));
        occurrence.operations(misplaced.operations.clone()).subject(subject(api, &misplaced)).in_group(group);
        if let Some(exposure) = misplaced.operations.iter().map(|&id| api.operation(id).exposure()).min() {
            occurrence.exposure(exposure);
        }
        if let Some((place, label)) = right_place(api, &misplaced) {
            occurrence.related(place, label);
        }
        if is_left_over(api, &misplaced) {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
    }
}

/// Schemes that are all declared at the right place as well: nothing is lost.
fn is_left_over<'a>(api: &Api<'a>, misplaced: &Misplaced<'a>) -> bool {
    let declares = |name: &str| {
        let container = api.schemes.container();
        container.is_some_and(|container| container != misplaced.node && container.get_text(name).is_some())
    };
    misplaced.keyword == SecurityKeyword::Schemes
        && misplaced.node.entries().all(|entry| declares(entry.key.text()))
}

fn open_group<'a>(api: &'a Api<'a>, misplaced: &Misplaced<'a>, sink: &mut Sink<'a>) -> GroupId {
    let key = misplaced.node.key_text();
    let place = misplaced.place;
    let label = match (misplaced.is_misspelt, misplaced.keyword) {
        (true, SecurityKeyword::Requirements) => "no keyword: it is `security`",
        (true, SecurityKeyword::Schemes) if api.document.version() == Version::V2 => {
            "no keyword: it is `securityDefinitions`"
        }
        (true, SecurityKeyword::Schemes) => "no keyword: it is `securitySchemes`",
        _ => "nothing reads it here",
    };
    let schemes = api.document.schemes_keyword();
    let help = match (misplaced.keyword, place) {
        (SecurityKeyword::Schemes, _) => format!("declare the schemes under `{schemes}`"),
        (_, Misplacement::PathItem) => {
            "write `security` on each operation of the path, or at the root for all".to_owned()
        }
        (_, Misplacement::Operation) => "write `security`".to_owned(),
        (_, Misplacement::Responses) => "move it out of `responses`, to the operation".to_owned(),
        _ => "write it as `security` at the root".to_owned(),
    };
    let whereabouts = whereabouts(api, misplaced);
    sink.group(None, move |members| Description {
        message: match place {
            Misplacement::PathItem => format!("`{key}` on the path {} is ignored", members.named()),
            Misplacement::Operation => format!("`{key}` in {} is ignored", members.named()),
            Misplacement::Responses => {
                format!("`{key}` among the responses of {} is ignored", members.named())
            }
            _ => format!("`{key}` {whereabouts} is ignored"),
        },
        label: label.into(),
        help: help.clone(),
    })
}

fn subject<'a>(api: &Api<'a>, misplaced: &Misplaced<'a>) -> String {
    let owner = misplaced.owner.map(|owner| api.operation(owner));
    match misplaced.place {
        Misplacement::PathItem => owner.map_or_else(String::new, |owner| format!("`{}`", path(owner))),
        _ => owner.map_or_else(String::new, Operation::title),
    }
}

fn path<'a>(operation: &Operation<'a>) -> &'a str {
    operation.name.unwrap_or(operation.path)
}

fn whereabouts<'a>(api: &Api<'a>, misplaced: &Misplaced<'a>) -> String {
    match misplaced.place {
        Misplacement::Root
            if !misplaced.is_misspelt && misplaced.node.key_text() == "securityDefinitions" =>
        {
            format!("of 2.0 in a document of {}", api.document.written_version())
        }
        Misplacement::Components if api.document.version() == Version::V2 => {
            "of 3.0 in a document of 2.0".to_owned()
        }
        Misplacement::Root => "at the root".to_owned(),
        Misplacement::Info => "under `info`".to_owned(),
        Misplacement::Components => "under `components`".to_owned(),
        Misplacement::Paths => "under `paths`".to_owned(),
        Misplacement::PathItem => format!("on the path {}", subject(api, misplaced)),
        Misplacement::Operation => format!("in {}", subject(api, misplaced)),
        Misplacement::Responses => format!("among the responses of {}", subject(api, misplaced)),
    }
}

/// Where it would count.
fn right_place<'a>(api: &'a Api<'a>, misplaced: &Misplaced<'a>) -> Option<(Place<'a>, &'static str)> {
    let root = api.document.root();
    match (misplaced.keyword, misplaced.place) {
        (SecurityKeyword::Schemes, place) => {
            if let Some(container) = api.schemes.container().filter(|container| *container != misplaced.node)
            {
                return Some((Place::key(container), "schemes count here"));
            }
            let components = root.field(Atom::COMPONENTS);
            let outside = place != Misplacement::Components && api.document.version() != Version::V2;
            components.filter(|_| outside).map(|node| (Place::key(node), "schemes count in here"))
        }
        (_, Misplacement::PathItem) => {
            let first = misplaced.operations.first().map(|&id| api.operation(id))?;
            Some((Place::key(first.object.node()), "`security` would count here"))
        }
        (_, Misplacement::Responses) => {
            let owner = api.operation(misplaced.owner?);
            Some((Place::key(owner.object.node()), "`security` would count here"))
        }
        _ => None,
    }
}
