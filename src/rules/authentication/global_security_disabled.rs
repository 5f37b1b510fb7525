//! `global-security-disabled`: the default is to let everyone in.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Access, Api, Origin};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "global-security-disabled",
    birth_id: "global-security-disabled",
    summary: "the global `security` lets anonymous callers in, and operations inherit it",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/global-security-disabled.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    // Where no scheme is declared, no protection was switched off.
    let (Some(security), false) = (api.root_security.node, api.schemes.is_empty()) else { return };
    let operations = api.ranked_operations();
    sink.examined(operations.len());
    let access = api.root_security.access();
    if access == Access::Protected {
        return;
    }
    // Logins and health checks are public, wherever that is written.
    let inherits = |operation: &crate::model::Operation<'a>| {
        operation.security.origin == Origin::Root && api.public_reason(operation).is_none()
    };
    let inheriting: Vec<_> = operations.into_iter().filter(|operation| inherits(operation)).collect();
    let has_writes = inheriting.iter().any(|operation| operation.is_write());
    let inheriting = api.group(inheriting.into_iter().map(|operation| operation.id).collect());
    let Some(&first) = inheriting.first() else { return };
    let first = api.operation(first);
    let subject = match inheriting.len() {
        1 => format!("{} inherits", first.title()),
        2 => format!("{} and one more operation inherit", first.title()),
        count => format!("{} and {} more operations inherit", first.title(), count - 1),
    };
    let anonymous = api.root_security.alternatives.iter().find(|one| one.schemes.is_empty());
    let place = anonymous.map_or(Place::key(security), |alternative| Place::value(alternative.node));
    let (message, label) = match access {
        Access::Optional => {
            (format!("{subject} a global `security` that is optional"), "anyone may leave it out")
        }
        _ => (format!("{subject} a global `security` that requires nothing"), "open unless said otherwise"),
    };
    let occurrence = sink.report(place, message);
    occurrence
        .label(label)
        .help("require a scheme here, and say on the operations that really are public that they are")
        .related(Place::key(first.object.node()), "inherits it")
        .groups(vec![inheriting]);
    match access {
        _ if has_writes => {}
        // Reading more when signed in is common.
        Access::Optional => {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
        _ => {
            occurrence.severity(Severity::Low);
        }
    }
}
