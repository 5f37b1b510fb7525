//! `oauth2-implicit-flow`: tokens in redirects.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Flow, SecurityScheme};
use crate::syntax::Node;

pub(super) static RULE: Rule = Rule {
    id: "oauth2-implicit-flow",
    birth_id: "oauth2-implicit-flow",
    summary: "OAuth 2.0 tokens are handed out by the implicit flow, in the URL of a redirect",
    category: "authentication",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[522, 477],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    options: &[],
    check: Check::SecurityScheme(check),
    page: include_str!("../../../rules/authentication/oauth2-implicit-flow.md"),
};

fn check<'a>(api: &'a Api<'a>, name: Node<'a>, scheme: SecurityScheme<'a>, sink: &mut Sink<'a>) {
    super::weak_flow(api, name, scheme, Flow::Implicit, "the token stands in a URL", sink);
}
