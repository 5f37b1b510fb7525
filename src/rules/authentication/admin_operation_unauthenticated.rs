//! `admin-operation-unauthenticated`: the back door is open.

use super::{describe_open, potentially_open};
use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{AdminSign, Api};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "admin-operation-unauthenticated",
    birth_id: "admin-operation-unauthenticated",
    summary: "an operation for administrators or for internal use has no effective security requirement",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API5:2023", "API2:2023"],
    cwe: &[306, 862],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[super::NO_SCHEMES, super::NEVER_APPLIED, super::MISPLACED],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/admin-operation-unauthenticated.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let counts = api.access_counts();
    sink.examined(counts.operations);
    sink.remember(potentially_open(api, |operation| api.admin_sign(operation).is_some()));
    if counts.secured == 0 {
        let open = api.unguarded().filter(|open| api.admin_sign(open.operation).is_some());
        return sink.remember(open.map(|open| Place::key(open.operation.object.node())));
    }
    for open in api.unguarded() {
        let operation = open.operation;
        let Some(sign) = api.admin_sign(operation) else { continue };
        let place = Place::key(operation.object.node());
        let message = format!("{} is for administrators and needs no authentication", operation.title());
        let occurrence = sink.report(place, message);
        occurrence.label("no `security` applies here");
        describe_open(api, open, occurrence);
        match sign {
            AdminSign::Segment(segment) => {
                occurrence.related(Place::key(operation.path_node), format!("`{segment}` in the path"))
            }
            AdminSign::Tag(tag) => occurrence.related(Place::value(tag), "the tag says so"),
            AdminSign::Internal(extension) => {
                occurrence.related(Place::key(extension), "not meant for everyone")
            }
        };
    }
}
