//! `inconsistent-path-security`: some methods of a path are protected, others are not.

use super::{describe_open, potentially_open, requires};
use crate::lint::{Check, Confidence, Description, GroupId, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Access, Api, Operation, Unguarded};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "inconsistent-path-security",
    birth_id: "inconsistent-path-security",
    summary: "an operation is open, while other methods of the same path are protected",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Default,
    owasp: &["API5:2023", "API1:2023"],
    cwe: &[862],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[
        super::NO_SCHEMES,
        super::NEVER_APPLIED,
        super::MISPLACED,
        super::ADMIN,
        super::GLOBALLY_OPEN,
    ],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/inconsistent-path-security.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let counts = api.access_counts();
    sink.examined(counts.operations);
    sink.remember(potentially_open(api, |_| true));
    let mut groups: [Option<GroupId>; 2] = [None, None];
    for open in api.unguarded() {
        let operation = open.operation;
        let Some(protected) = protected_sibling(api, operation) else {
            // Whoever protects the other methods first brings nothing new to this one.
            sink.remember([Place::key(operation.object.node())]);
            continue;
        };
        // Where reading is open in general, a read beside a protected write is no exception.
        let is_exception = operation.changes() || counts.protects_reads();
        let group = *groups[usize::from(is_exception)].get_or_insert_with(|| open_group(sink));
        let title = operation.title();
        let message = format!("{title} is open, while {} of the same path", requires(protected));
        let occurrence = sink.report(Place::key(operation.object.node()), message);
        occurrence.label("no `security` applies here").in_group(group);
        describe_open(api, Unguarded { neighbour: None, ..open }, occurrence);
        if !is_exception {
            occurrence.usual(Severity::Low).profile(Profile::Pedantic);
        }
        if let Some(security) = protected.security.node {
            occurrence.related(Place::key(security), requires(protected));
        }
    }
}

/// An operation on the same path that shows that this one was forgotten.
fn protected_sibling<'a>(api: &'a Api<'a>, operation: &'a Operation<'a>) -> Option<&'a Operation<'a>> {
    let protected = api.siblings(operation).filter(|sibling| sibling.access() == Access::Protected);
    protected.min_by_key(|sibling| (sibling.is_write() != operation.is_write(), api.rank(sibling.id)))
}

/// One finding a document.
fn open_group(sink: &mut Sink<'_>) -> GroupId {
    sink.group(None, move |members| Description {
        message: match members.count {
            1 => format!("{} is open, while other methods of the same path are protected", members.first),
            count => format!("{count} operations are open, while other methods of their paths are protected"),
        },
        label: "no `security` applies here".into(),
        help: String::new(),
    })
}
