//! `oauth2-password-flow`: passwords that pass through clients.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Flow, SecurityScheme};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    id: "oauth2-password-flow",
    birth_id: "oauth2-password-flow",
    summary: "an OAuth 2.0 client collects the user's password: the flow `password`",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[522, 308],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/oauth2-password-flow.md"),
};

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    super::weak_flow(api, name, scheme, Flow::Password, "the client sees the password", sink);
}
