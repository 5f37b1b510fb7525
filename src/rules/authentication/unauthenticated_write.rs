//! `unauthenticated-write`: anyone may change something.

use crate::lint::{
    Check, Confidence, Description, Extent, GroupId, Profile, Rule, Scope, Severity, Sink, Subsumption,
};
use crate::model::{Access, AccessCounts, Api, Operation, Origin};
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
        Subsumption { rule: "no-security-schemes", at: Extent::Document },
        Subsumption { rule: "security-never-applied", at: Extent::Document },
    ],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/unauthenticated-write.md"),
};

/// Where fewer operations than this exist, what most of them do says little.
const POPULATION: usize = 5;

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    if api.schemes.is_empty() && !api.has_security_keyword() {
        return;
    }
    let counts = api.access_counts();
    let operations = api.ranked_operations();
    let examples = protected_neighbours(&operations);
    let mut group = None;
    for (operation, example) in operations.into_iter().zip(examples) {
        sink.examined(1);
        // `security: []` on the operation itself states an intent; at the root it is merely inherited.
        let stated = operation.security.origin == Origin::Operation && operation.access() == Access::Open;
        let open = operation.access().is_unauthenticated() && !stated;
        if !open || !operation.is_write() || api.public_reason(operation).is_some() {
            continue;
        }
        let group = (!is_outlier(counts)).then(|| *group.get_or_insert_with(|| open_group(counts, sink)));
        report(api, operation, example, group, sink);
    }
}

/// Whether so many operations are secured that an open one was probably forgotten. Of 108 such operations in real
/// documents 85 % were.
fn is_outlier(counts: AccessCounts) -> bool {
    let share = |percent: usize| 100 * counts.secured >= percent * counts.operations;
    counts.operations >= POPULATION && (share(90) || share(80) && counts.secured >= 10)
}

/// For each operation a protected one to compare it with: the one whose path begins most alike. In the order of paths
/// that is the nearest before or after it.
fn protected_neighbours<'a>(operations: &[&'a Operation<'a>]) -> Vec<Option<&'a Operation<'a>>> {
    let nearest = |last: &mut Option<&'a Operation<'a>>, operation: &'a Operation<'a>| {
        let seen = *last;
        if operation.access() == Access::Protected {
            *last = Some(operation);
        }
        Some(seen)
    };
    let before: Vec<_> = operations.iter().copied().scan(None, nearest).collect();
    let mut after: Vec<_> = operations.iter().rev().copied().scan(None, nearest).collect();
    after.reverse();
    let common = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let pairs = operations.iter().zip(before.into_iter().zip(after));
    let choices = pairs.map(|(operation, neighbours)| match neighbours {
        (Some(before), Some(after)) => {
            let is_nearer = common(after.path, operation.path) > common(before.path, operation.path);
            Some(if is_nearer { after } else { before })
        }
        (before, after) => before.or(after),
    });
    choices.collect()
}

fn report<'a>(
    api: &'a Api<'a>,
    operation: &'a Operation<'a>,
    example: Option<&'a Operation<'a>>,
    group: Option<GroupId>,
    sink: &mut Sink<'a>,
) {
    let place = Place::key(operation.object.node());
    let occurrence =
        sink.report(place, format!("{} can be called without authentication", operation.title()));
    occurrence
        .label("no `security` applies here")
        .help(match api.schemes.iter().next() {
            Some((scheme, _)) if api.schemes.len() == 1 => {
                format!("require `{}` here, or state with `security: []` that it is public", scheme.text())
            }
            _ => "add `security` here, or state with `security: []` that it is public".to_owned(),
        })
        .operation(operation.id)
        .subject(operation.title())
        .exposure(operation.exposure());
    let (root, reason) = inherited(api);
    occurrence.because(root, reason);
    if let Some(protected) = example {
        let text = format!("{} requires `{}`", protected.title(), protected.security);
        occurrence.related(Place::key(protected.object.node()), text);
    }
    if let Some(group) = group {
        occurrence.in_group(group).severity(Severity::Medium).confidence(Confidence::Medium);
    }
}

/// Why nothing is inherited.
fn inherited<'a>(api: &'a Api<'a>) -> (Place<'a>, &'static str) {
    if let Some(root) = api.root_security.node {
        return (Place::key(root), "the global `security` is empty");
    }
    let root = api.document.root();
    let version = root.openapi().or(root.swagger()).unwrap_or(crate::model::Object::node(root));
    (Place::key(version), "there is no global `security` to inherit")
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
