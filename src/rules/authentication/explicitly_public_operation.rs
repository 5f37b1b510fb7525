//! `explicitly-public-operation`: an exception from the global requirement.

use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Access, Api, Origin};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "explicitly-public-operation",
    birth_id: "explicitly-public-operation",
    summary: "an operation removes the global `security` and lets everyone in",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Pedantic,
    owasp: &["API2:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[super::NO_SCHEMES],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/explicitly-public-operation.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let operations = api.ranked_operations();
    sink.examined(operations.len());
    let requires = matches!(api.root_security.access(), Access::Protected | Access::Optional);
    let root = api.root_security.node.filter(|_| requires);
    if root.is_none() && !sink.is_recorded() {
        return;
    }
    let mut group = None;
    for operation in operations {
        let security = &operation.security;
        let (Origin::Operation, Access::Open, Some(own)) =
            (security.origin, security.access(), security.node)
        else {
            continue;
        };
        let is_public = api.public_reason(operation).is_some();
        let Some(root) = root.filter(|_| !is_public) else {
            let is_public = is_public && api.is_public_anyhow(operation);
            sink.remember((!is_public).then(|| Place::key(own)));
            continue;
        };
        let reads = !operation.changes();
        let group = reads.then(|| *group.get_or_insert_with(|| open_group(sink)));
        let message = format!("{} does without the global `security`", operation.title());
        let occurrence = sink.report(Place::key(own), message);
        occurrence
            .label("anyone may call it")
            .help("check that it is public on purpose; if not, remove its `security`")
            .related(Place::key(root), format!("removes `{}`", api.root_security))
            .operation(operation.id)
            .subject(operation.title())
            .exposure(operation.exposure());
        if let Some(group) = group {
            occurrence.severity(Severity::Info).in_group(group);
        }
    }
}

/// The reads of a document are one finding.
fn open_group(sink: &mut Sink<'_>) -> GroupId {
    sink.group(None, |members| Description {
        message: match members.count {
            1 => format!("{} does without the global `security`", members.first),
            _ => format!("{} do without the global `security`", members.named()),
        },
        label: "anyone may call it".into(),
        help: String::new(),
    })
}
