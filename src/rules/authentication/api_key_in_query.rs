//! `api-key-in-query`: a credential in every URL.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, SchemeKind, SecurityScheme};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "api-key-in-query",
    birth_id: "api-key-in-query",
    summary: "an API key travels in the URL, where logs, histories and `Referer` headers keep it",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[598, 522],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/api-key-in-query.md"),
};

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    let Some(location) = scheme.location() else { return };
    // `path` is no legal location (3.2 §4.27), but it means a URL as well.
    if scheme.kind() != SchemeKind::ApiKey || !matches!(location.text(), "query" | "path") {
        return;
    }
    let key = scheme.name().map_or(name.text(), Node::text);
    let occurrence = sink.report(
        Place::value(location),
        format!("the API key `{key}` of `{}` is sent in the {}", name.text(), location.text()),
    );
    occurrence.label("logged with every URL").help(format!("send `{key}` in a header: `in: header`"));
    let users = api.users(scheme);
    match users.first() {
        Some((required, _)) => {
            occurrence.related(Place::key(required.node), "required here");
        }
        // Declared and never required: nobody sends it yet.
        None => {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
    }
    occurrence.groups(users.iter().map(|(_, operations)| operations.clone()).collect());
}
