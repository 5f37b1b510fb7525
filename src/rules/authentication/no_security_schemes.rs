//! `no-security-schemes`: a document that says nothing about authentication.

use crate::lint::{Check, Confidence, Extent, Profile, Rule, Scope, Severity, Sink, Subsumption};
use crate::model::{Api, Evidence};
use crate::syntax::{Atom, Place};

pub(super) static RULE: Rule = Rule {
    id: "no-security-schemes",
    birth_id: "no-security-schemes",
    summary: "the document declares no security scheme and no requirement: every operation is open",
    category: "authentication",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API2:2023"],
    cwe: &[306],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[Subsumption { rule: "security-misplaced", at: Extent::Document }],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/no-security-schemes.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let root = api.document.root();
    let Some(paths) = root.field(Atom::PATHS) else { return };
    let operations: Vec<_> = api.path_operations().collect();
    sink.examined(operations.len());
    if operations.is_empty() || !api.schemes.is_empty() || api.has_security_keyword() {
        return;
    }
    // A declaration that could not be read is no missing declaration.
    if api.schemes.container().is_some_and(|container| container.entries().next().is_some()) {
        return;
    }
    let writes = operations.iter().filter(|operation| operation.changes()).count();
    let evidence = api.authentication_evidence();
    let message = match (&evidence, writes) {
        (Some(_), _) => {
            "authentication exists but is not described: no security scheme is declared".to_owned()
        }
        (None, 0) => "no security scheme is declared; the API can only be read".to_owned(),
        (None, 1) => "no security scheme is declared, and one operation changes something".to_owned(),
        (None, writes) => format!("no security scheme is declared, and {writes} operations change something"),
    };
    let occurrence = sink.report(Place::key(paths), message);
    occurrence
        .label("every operation here is open")
        .help("declare how callers authenticate under `components.securitySchemes` and require it at the root with `security`")
        .operations(operations.iter().map(|operation| operation.id).collect());
    match evidence {
        Some(Evidence::Parameter(name)) => {
            occurrence
                .because(Place::value(name), format!("`{}` is taken as an ordinary parameter", name.text()));
        }
        Some(Evidence::Denial(response)) => {
            occurrence.because(Place::key(response), "callers can be turned away");
        }
        Some(Evidence::Prose(description)) => {
            occurrence.because(Place::key(description), "the description speaks of credentials");
        }
        None => {}
    }
    match (&evidence, writes) {
        (Some(_), _) => occurrence.severity(Severity::Medium).confidence(Confidence::Medium),
        // Public data: weather, timetables, open government.
        (None, 0) => occurrence.severity(Severity::Info),
        (None, _) => occurrence,
    };
    if let Some(container) = api.schemes.container() {
        occurrence.related(Place::key(container), "present but empty");
    }
}
