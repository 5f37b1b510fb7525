//! `global-security-disabled`: the default is to let everyone in.

use crate::lint::{Check, Confidence, Description, Members, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Access, Api, Operation, Origin};
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
    subsumed_by: &[super::ADMIN],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/global-security-disabled.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let Some(security) = api.root_security.node else { return };
    // Where no scheme is declared, no protection was switched off.
    let is_latent = api.schemes.is_empty();
    if is_latent && !sink.is_recorded() {
        return;
    }
    let operations = api.ranked_operations();
    sink.examined(if is_latent { 0 } else { operations.len() });
    let access = api.root_security.access();
    if access == Access::Protected {
        return;
    }
    // Logins and health checks are public, wherever that is written.
    let inherits = |operation: &&Operation<'a>| operation.security.origin == Origin::Root;
    let is_public = |operation: &&Operation<'a>| api.public_reason(operation).is_some();
    let anonymous = api.root_security.alternatives.iter().find(|one| one.schemes.is_empty());
    let place = anonymous.map_or(Place::key(security), |alternative| Place::value(alternative.node));
    let group = sink.group(Some(place), move |members| describe(access, members));
    let (public, inheriting): (Vec<_>, Vec<_>) = operations.into_iter().filter(inherits).partition(is_public);
    let softly_public = public.into_iter().filter(|operation| !api.is_public_anyhow(operation));
    sink.remember(softly_public.map(|operation| Place::key(operation.object.node())));
    let has_writes = inheriting.iter().any(|operation| operation.changes());
    for operation in inheriting {
        let place = Place::key(operation.object.node());
        let occurrence = sink.report(place, format!("{} inherits it", operation.title()));
        occurrence
            .related(place, "inherits it")
            .operation(operation.id)
            .subject(operation.title())
            .exposure(operation.exposure())
            .in_group(group);
        if !operation.changes() {
            occurrence.severity(Severity::Low);
        }
        if is_latent {
            occurrence.latent();
        }
        // Reading more when signed in is common.
        if access == Access::Optional && !has_writes {
            occurrence.profile(Profile::Pedantic);
        }
    }
}

/// One finding for all operations that inherit it.
fn describe(access: Access, members: &Members<'_>) -> Description {
    let subject = match members.count {
        1 => format!("{} inherits", members.first),
        2 => format!("{} and one more operation inherit", members.first),
        count => format!("{} and {} more operations inherit", members.first, count - 1),
    };
    let (message, label) = match access {
        Access::Optional => {
            (format!("{subject} a global `security` that is optional"), "anyone may leave it out")
        }
        _ => (format!("{subject} a global `security` that requires nothing"), "open unless said otherwise"),
    };
    let help = "require a scheme here, and say on the operations that really are public that they are";
    Description { message, label: label.into(), help: help.into() }
}
