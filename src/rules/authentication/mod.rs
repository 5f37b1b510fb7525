//! Who may call: schemes, requirements, and operations without either.

mod api_key_in_query;
mod global_security_disabled;
mod no_security_schemes;
mod oauth2_implicit_flow;
mod oauth2_password_flow;
mod security_never_applied;
mod unauthenticated_write;
mod undefined_security_scheme;

use crate::lint::{Profile, Rule, Severity, Sink};
use crate::model::{Api, Flow, SecurityScheme};
use crate::syntax::{Node, Place};

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &no_security_schemes::RULE,
    &security_never_applied::RULE,
    &global_security_disabled::RULE,
    &unauthenticated_write::RULE,
    &undefined_security_scheme::RULE,
    &api_key_in_query::RULE,
    &oauth2_implicit_flow::RULE,
    &oauth2_password_flow::RULE,
];

/// Reports a flow that RFC 9700 advises against, where a scheme offers it.
fn weak_flow<'a>(
    api: &'a Api<'a>,
    name: Node<'a>,
    scheme: SecurityScheme<'a>,
    flow: Flow,
    label: &'static str,
    sink: &mut Sink<'a>,
) {
    let Some(place) = scheme.flow_place(flow) else { return };
    let better = scheme.flow_place(Flow::AuthorizationCode);
    let occurrence =
        sink.report(place, format!("`{}` offers the OAuth 2.0 flow `{}`", name.text(), flow.name()));
    occurrence.label(label).help(match better {
        Some(_) => format!("remove `{}`: clients can use the authorization code flow beside it", flow.name()),
        None => "use the authorization code flow with PKCE".to_owned(),
    });
    let users = api.users(scheme);
    match users.first() {
        Some((required, _)) => {
            occurrence.related(Place::key(required.node), "required here");
        }
        // Declared and never required: nobody uses it yet.
        None => {
            occurrence.severity(Severity::Low).profile(Profile::Pedantic);
        }
    }
    if let Some(better) = better {
        occurrence.related(better, "use this flow instead");
    }
    occurrence.groups(users.iter().map(|(_, operations)| operations.clone()).collect());
}
