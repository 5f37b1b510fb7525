//! `unauthenticated-read`: one read among protected ones is open.

use super::{describe_open, potentially_open};
use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{AccessCounts, Api, Exposure, Operation};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "unauthenticated-read",
    birth_id: "unauthenticated-read",
    summary: "an operation that reads has no effective security requirement, although others have",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[
        super::NO_SCHEMES,
        super::NEVER_APPLIED,
        super::MISPLACED,
        super::GLOBALLY_OPEN,
        super::ADMIN,
        super::INCONSISTENT,
    ],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/unauthenticated-read.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let counts = api.access_counts();
    sink.examined(counts.operations);
    sink.remember(potentially_open(api, reads));
    // Where nothing is protected, this one is no exception.
    if counts.secured == 0 {
        let open = api.unguarded().map(|open| open.operation).filter(|operation| reads(operation));
        return sink.remember(open.map(|operation| Place::key(operation.object.node())));
    }
    let mut group = None;
    for open in api.unguarded().filter(|open| reads(open.operation)) {
        let operation = open.operation;
        // Of the reads that stand out, those in an area that is wholly open are public on purpose more often than not.
        let is_forgotten = counts.is_outlier(operation) && !open.in_open_area;
        let group = (!is_forgotten).then(|| *group.get_or_insert_with(|| open_group(counts, sink)));
        let place = Place::key(operation.object.node());
        let occurrence =
            sink.report(place, format!("{} can be read without authentication", operation.title()));
        occurrence.label("no `security` applies here");
        describe_open(api, open, occurrence);
        // A search by `post` exposes no more than other reads.
        occurrence.exposure(Exposure::of(true, false));
        if let Some(group) = group {
            occurrence.in_group(group).usual(Severity::Low).profile(Profile::Pedantic);
        }
    }
}

/// Whether it reads data: a search by `post` does, preflight requests do not.
fn reads(operation: &Operation<'_>) -> bool {
    matches!(operation.method.standard(), "get" | "head" | "query") || operation.is_lookup()
}

/// One finding for a document in which open operations are nothing unusual.
fn open_group(counts: AccessCounts, sink: &mut Sink<'_>) -> GroupId {
    sink.group(None, move |members| Description {
        message: match members.count {
            1 => format!("{} can be read without authentication", members.first),
            count => format!("{count} operations can be read without authentication"),
        },
        label: "no `security` applies here".into(),
        help: format!(
            "add `security` to them or at the root ({} of {} operations have one), or state with `security: []` \
             that they are public",
            counts.secured, counts.operations
        ),
    })
}
