//! `unresolved-ref`: a reference to something that is not there.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Problem, Resolution, reference_value};
use crate::rules::Suggestions;
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId, Place};

pub(super) static RULE: Rule = Rule {
    id: "unresolved-ref",
    birth_id: "unresolved-ref",
    summary: "a `$ref` leads nowhere, so that nothing below it is validated or checked",
    category: "document",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023"],
    cwe: &[1173],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/document/unresolved-ref.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // The same missing target is one problem, however many references name it.
    let mut groups: BTreeMap<(FileId, &str), GroupId> = BTreeMap::new();
    let mut circles: FxHashMap<(FileId, NodeId), GroupId> = FxHashMap::default();
    let mut suggestions = Suggestions::new();
    sink.examined(api.document.reference_objects().len());
    for (value, problem) in super::problems(api, is_missing) {
        let place = Place::value(value);
        let text = value.text();
        if problem == Problem::Circle {
            let group = circle(api, value, &mut circles, sink);
            sink.report(place, "").in_group(group);
            continue;
        }
        if let Some(&group) = groups.get(&(value.file(), text)) {
            sink.report(place, "").in_group(group);
            continue;
        }
        let (message, help) = match problem {
            Problem::NoValue => {
                (format!("nothing is at `{text}`"), suggestion(api, value, text, &mut suggestions))
            }
            _ => {
                let file = text.split('#').next().unwrap_or(text);
                (format!("there is no file `{file}`"), "correct the path, or add the file".to_owned())
            }
        };
        let group = sink.group(None, move |_| Description {
            message: message.clone(),
            label: "not found".into(),
            help: help.clone(),
        });
        groups.insert((value.file(), text), group);
        sink.report(place, "").in_group(group);
    }
}

fn is_missing(problem: Problem) -> bool {
    matches!(problem, Problem::NoValue | Problem::NoFile | Problem::Circle)
}

/// The group of a circle: of every reference in it, and of every one that leads into it.
fn circle<'a>(
    api: &'a Api<'a>,
    start: Node<'a>,
    circles: &mut FxHashMap<(FileId, NodeId), GroupId>,
    sink: &mut Sink<'a>,
) -> GroupId {
    let (references, files) = (api.document.references(), api.document.files());
    let group = sink.next_group();
    let mut at = Some(start);
    // Each reference is passed once: those that were passed before have a group.
    while let Some(value) = at {
        if let Some(&known) = circles.get(&value.identity()) {
            if known == group {
                break;
            }
            return join(api, start, known, circles);
        }
        circles.insert(value.identity(), group);
        at = match references.step_of(files, value) {
            Some(Resolution::Found(target)) => reference_value(target),
            _ => None,
        };
    }
    let text = start.text();
    sink.group(None, move |_| Description {
        message: format!("`{text}` leads back to itself through references only"),
        label: "never reaches a value".into(),
        help: "let one of the references be the object itself".to_owned(),
    })
}

/// Gives the references from `start` up to a known circle that circle's group.
fn join<'a>(
    api: &'a Api<'a>,
    start: Node<'a>,
    group: GroupId,
    circles: &mut FxHashMap<(FileId, NodeId), GroupId>,
) -> GroupId {
    let (references, files) = (api.document.references(), api.document.files());
    let mut at = Some(start);
    while let Some(value) = at.filter(|value| circles.insert(value.identity(), group) != Some(group)) {
        at = match references.step_of(files, value) {
            Some(Resolution::Found(target)) => reference_value(target),
            _ => None,
        };
    }
    group
}

/// What to do, with the name that was probably meant.
fn suggestion(api: &Api<'_>, at: Node<'_>, text: &str, suggestions: &mut Suggestions) -> String {
    let (_, name) = text.rsplit_once('/').unwrap_or(("", text));
    let container = text.split('/').rev().nth(1).unwrap_or_default();
    let root = api.document.files().root(at.file());
    let candidates = root.into_iter().flat_map(|root| {
        let components = root.get(Atom::COMPONENTS).unwrap_or(root);
        components.get_text(container).into_iter().flat_map(Node::entries).map(|entry| entry.key.text())
    });
    match suggestions.nearest(name, candidates) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "correct the reference, or declare what it names".to_owned(),
    }
}
