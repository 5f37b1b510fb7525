//! `security-never-applied`: schemes that nobody has to use.

use crate::lint::{Check, Confidence, Extent, Profile, Rule, Scope, Severity, Sink, Subsumption};
use crate::model::{Api, Origin};
use crate::syntax::Place;

pub(super) static RULE: Rule = Rule {
    id: "security-never-applied",
    birth_id: "security-never-applied",
    summary: "security schemes are declared, but nothing requires them: every operation is open",
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
    page: include_str!("../../../rules/authentication/security-never-applied.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let operations = api.ranked_operations();
    sink.examined(operations.len());
    // Of an empty global `security` `global-security-disabled` speaks; one that names a scheme is a requirement.
    if api.schemes.is_empty() || api.root_security.node.is_some() || api.has_too_many_operations {
        return;
    }
    // Webhooks and callbacks count: a scheme that they require is not forgotten.
    if api.operations.iter().any(|operation| operation.security.required().next().is_some()) {
        return;
    }
    // `security: []` on an operation states an intent.
    let open: Vec<_> =
        operations.iter().filter(|operation| operation.security.origin == Origin::Nowhere).collect();
    let (Some(container), false) = (api.schemes.container(), open.is_empty()) else { return };
    let mut names: Vec<&str> = api.schemes.iter().map(|(name, _)| name.text()).collect();
    names.sort_unstable();
    let (message, help) = match names.as_slice() {
        [name] => (
            format!("the security scheme `{name}` is declared, but no operation requires it"),
            format!("require it at the root: `security: [{{ {name}: [] }}]`"),
        ),
        _ => (
            format!("{} security schemes are declared, but no operation requires any", names.len()),
            "require what applies at the root with `security`, and state exceptions on operations".to_owned(),
        ),
    };
    let root = api.document.root();
    let version = root.openapi().or(root.swagger()).unwrap_or(crate::model::Object::node(root));
    let reason = match open.len() == operations.len() {
        true => "there is no `security` anywhere",
        false => "no `security` names a scheme",
    };
    sink.report(Place::key(container), message)
        .label("declared is not required")
        .help(help)
        .because(Place::key(version), reason)
        .groups(vec![api.group(open.into_iter().map(|operation| operation.id).collect())]);
}
