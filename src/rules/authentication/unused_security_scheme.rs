//! `unused-security-scheme`: a scheme that nobody has to use.

use rustc_hash::FxHashSet;

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::Api;
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "unused-security-scheme",
    birth_id: "unused-security-scheme",
    summary: "a security scheme is declared that nothing requires, while others are required",
    category: "authentication",
    severity: Severity::Info,
    confidence: Confidence::High,
    profile: Profile::Pedantic,
    owasp: &["API9:2023"],
    cwe: &[1059],
    since: "0.1.0",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/authentication/unused-security-scheme.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    sink.examined(api.schemes.len());
    let schemes = api.root_security.required().filter_map(|required| required.scheme);
    let of_root: FxHashSet<_> = schemes.map(|scheme| scheme.node().identity()).collect();
    let (used, unused): (Vec<_>, Vec<_>) = api.schemes.iter().partition(|(_, scheme)| {
        !api.users(*scheme).is_empty() || of_root.contains(&scheme.node().identity())
    });
    // Of a document that requires none of its schemes other rules speak.
    let is_latent = used.is_empty();
    if is_latent && !sink.is_recorded() || api.has_too_many_operations {
        return;
    }
    let unused: FxHashSet<_> = unused.into_iter().map(|(name, _)| name.identity()).collect();
    let declared = api.schemes.container().into_iter().flat_map(Node::entries);
    for entry in declared.filter(|entry| unused.contains(&entry.key.identity())) {
        let name = entry.key.text();
        let message = format!("the security scheme `{name}` is required nowhere");
        let occurrence = sink.report(Place::key(entry.written), message);
        occurrence
            .label("declared is not required")
            .help(format!("remove `{name}`, or require it where it is accepted"));
        if is_latent {
            occurrence.latent();
        }
    }
}
