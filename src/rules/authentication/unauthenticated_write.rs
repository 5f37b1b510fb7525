//! `unauthenticated-write`: anyone may change something.

use super::{describe_open, potentially_open};
use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{AccessCounts, Api};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "unauthenticated-write",
    birth_id: "unauthenticated-write",
    summary: "an operation that changes something has no effective security requirement",
    category: "authentication",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023", "API5:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[
        super::NO_SCHEMES,
        super::NEVER_APPLIED,
        super::GLOBALLY_OPEN,
        super::ADMIN,
        super::INCONSISTENT,
        super::MISPLACED,
    ],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/unauthenticated-write.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let counts = api.access_counts();
    sink.examined(counts.operations);
    sink.remember(potentially_open(api, |operation| operation.changes()));
    let mut group = None;
    for open in api.unguarded().filter(|open| open.operation.changes()) {
        let operation = open.operation;
        let group =
            (!counts.is_outlier(operation)).then(|| *group.get_or_insert_with(|| open_group(counts, sink)));
        let place = Place::key(operation.object.node());
        let occurrence =
            sink.report(place, format!("{} can be called without authentication", operation.title()));
        occurrence.label("no `security` applies here");
        describe_open(api, open, occurrence);
        if let Some(group) = group {
            occurrence.in_group(group).usual(Severity::Medium).confidence(Confidence::Medium);
        }
    }
}

/// One finding for a document in which open operations are nothing unusual.
fn open_group(counts: AccessCounts, sink: &mut Sink<'_>) -> GroupId {
    sink.group(None, move |members| Description {
        message: match members.count {
            1 => format!("{} can be called without authentication", members.first),
            count => format!("{count} operations that change something can be called without authentication"),
        },
        label: "no `security` applies here".into(),
        help: format!(
            "add `security` to them or at the root ({} of {} operations have one), or state with `security: []` \
             that they are public",
            counts.secured, counts.operations
        ),
    })
}
