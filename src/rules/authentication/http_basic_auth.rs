//! `http-basic-auth`: a password in every request.

use crate::lint::{Check, Confidence, Extent, Profile, Rule, Scope, Severity, Sink, Subsumption};
use crate::model::{Api, SchemeKind, SecurityScheme};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "http-basic-auth",
    birth_id: "http-basic-auth",
    summary: "HTTP basic authentication is required: each request carries the password itself",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Pedantic,
    owasp: &["API2:2023"],
    cwe: &[522, 1390],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[Subsumption { rule: "credentials-over-cleartext", at: Extent::Operation }],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/http-basic-auth.md"),
};

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    let Some(kind) = scheme.scheme().or(scheme.type_()) else { return };
    let users = api.users(scheme);
    // Declared and never required: nobody sends a password.
    let (SchemeKind::Basic, Some((required, _))) = (scheme.kind(), users.first()) else { return };
    sink.report(Place::value(kind), format!("`{}` uses HTTP basic authentication", name.text()))
        .label("the password is in every request")
        .help("use short-lived tokens: OAuth 2.0 or OpenID Connect")
        .related(Place::key(required.node), "required here")
        .groups(users.iter().map(|(_, operations)| operations.clone()).collect());
}
