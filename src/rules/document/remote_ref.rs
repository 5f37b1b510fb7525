//! `remote-ref`: a reference to a URL.

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Problem, Resolution, reference_value};
use crate::syntax::{Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "remote-ref",
    birth_id: "remote-ref",
    summary: "a `$ref` makes every reader of the document fetch from another host",
    category: "document",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API10:2023"],
    cwe: &[829, 494],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    check: Check::Reference(check),
    page: include_str!("../../../rules/document/remote-ref.md"),
};

fn check<'a>(api: &'a Api<'a>, object: Node<'a>, sink: &mut Sink<'a>) {
    let step = api.document.references().step(api.document.files(), object);
    let (Some(Resolution::Problem(Problem::Remote)), Some(value)) = (step, reference_value(object)) else {
        return;
    };
    let url = value.text();
    let cleartext = url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"));
    let (message, label) = if cleartext {
        (format!("`{url}` is fetched without encryption"), "anyone on the way can change it")
    } else {
        (format!("`{url}` is fetched from another host"), "not fetched, so not checked")
    };
    let occurrence = sink.report(Place::value(value), message);
    occurrence.label(label).help("keep a copy of the file beside the document and refer to that");
    if !cleartext {
        occurrence.severity(Severity::Low);
    }
}
