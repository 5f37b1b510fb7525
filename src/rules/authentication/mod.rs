//! Who may call: schemes, requirements, and operations without either.

mod admin_operation_unauthenticated;
mod api_key_in_query;
mod credential_as_parameter;
mod explicitly_public_operation;
mod global_security_disabled;
mod http_basic_auth;
mod inconsistent_path_security;
mod no_security_schemes;
mod oauth2_endpoint_cleartext;
mod oauth2_implicit_flow;
mod oauth2_password_flow;
mod optional_authentication;
mod security_misplaced;
mod security_never_applied;
mod security_scheme_incomplete;
mod unauthenticated_read;
mod unauthenticated_write;
mod undefined_security_scheme;
mod unused_security_scheme;

use crate::lint::{Extent, Occurrence, Profile, Rule, Severity, Sink, Subsumption};
use crate::model::{Api, Flow, Operation, SecurityScheme, Unguarded};
use crate::syntax::{Node, Place};

/// The rules of this category.
pub(super) const RULES: &[&Rule] = &[
    &no_security_schemes::RULE,
    &security_never_applied::RULE,
    &global_security_disabled::RULE,
    &admin_operation_unauthenticated::RULE,
    &inconsistent_path_security::RULE,
    &unauthenticated_write::RULE,
    &unauthenticated_read::RULE,
    &optional_authentication::RULE,
    &explicitly_public_operation::RULE,
    &undefined_security_scheme::RULE,
    &security_misplaced::RULE,
    &security_scheme_incomplete::RULE,
    &api_key_in_query::RULE,
    &credential_as_parameter::RULE,
    &oauth2_implicit_flow::RULE,
    &oauth2_password_flow::RULE,
    &oauth2_endpoint_cleartext::RULE,
    &http_basic_auth::RULE,
    &unused_security_scheme::RULE,
];

/// A document without any scheme is one finding, whatever its operations are.
const NO_SCHEMES: Subsumption = Subsumption { rule: "no-security-schemes", at: Extent::Document };

/// A document whose schemes nobody has to use is one finding.
const NEVER_APPLIED: Subsumption = Subsumption { rule: "security-never-applied", at: Extent::Document };

/// What was written in a wrong place is the cause of what is missing in the right one.
const MISPLACED: Subsumption = Subsumption { rule: "security-misplaced", at: Extent::Operation };

/// What a global `security` leaves open has one cause.
const GLOBALLY_OPEN: Subsumption = Subsumption { rule: "global-security-disabled", at: Extent::Operation };

/// An open operation that is for administrators.
const ADMIN: Subsumption = Subsumption { rule: "admin-operation-unauthenticated", at: Extent::Operation };

/// An open operation beside protected ones on the same path.
const INCONSISTENT: Subsumption = Subsumption { rule: "inconsistent-path-security", at: Extent::Operation };

/// Says of an operation without a requirement what every rule about one says: which it is, why nothing is required, how
/// a protected one looks, what to do.
fn describe_open<'a>(api: &'a Api<'a>, open: Unguarded<'a, 'a>, occurrence: &mut Occurrence<'a>) {
    let operation = open.operation;
    occurrence.operation(operation.id).subject(operation.title()).exposure(operation.exposure());
    occurrence.help(match api.schemes.iter().next() {
        Some((scheme, _)) if api.schemes.len() == 1 => {
            format!("require `{}` here, or state with `security: []` that it is public", scheme.text())
        }
        _ => "add `security` here, or state with `security: []` that it is public".to_owned(),
    });
    let root = api.document.root();
    let version = root.openapi().or(root.swagger()).unwrap_or(crate::model::Object::node(root));
    match api.root_security.node {
        Some(security) => occurrence.because(Place::key(security), "the global `security` is empty"),
        None => occurrence.because(Place::key(version), "there is no global `security` to inherit"),
    };
    if let Some(protected) = open.neighbour {
        occurrence.related(Place::key(protected.object.node()), requires(protected));
    }
}

/// The open operations of which a rule does not speak, and would speak if the document declared a scheme, required one
/// somewhere, or protected another method of a path.
fn potentially_open<'a>(
    api: &'a Api<'a>,
    condition: impl Fn(&'a Operation<'a>) -> bool,
) -> impl Iterator<Item = Place<'a>> {
    let open = std::iter::once_with(|| api.potentially_unguarded()).flatten();
    open.filter(move |operation| condition(operation)).map(|operation| Place::key(operation.object.node()))
}

/// "`GET /orders` requires `token`".
fn requires(operation: &Operation<'_>) -> String {
    format!("{} requires `{}`", operation.title(), operation.security)
}

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
