//! `remote-ref`: a reference to a URL.

use crate::lint::{Check, Confidence, Occurrence, Profile, Rule, Scope, Severity, Sink};
use crate::model::{Api, Example, Problem, Resolution, Schema, reference_value};
use crate::syntax::{Atom, Node, Place};

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
    options: &[],
    check: Check::Api(check),
    page: include_str!("../../../rules/document/remote-ref.md"),
};

fn check<'a>(api: &'a Api<'a>, sink: &mut Sink<'a>) {
    let document = api.document;
    sink.examined(document.reference_objects().len());
    for object in document.references_in_doubt() {
        let step = document.references().step(document.files(), object);
        if let (Some(Resolution::Problem(Problem::Remote)), Some(value)) = (step, reference_value(object)) {
            report(value, sink);
        }
    }
    for value in document.values_of::<Example<'a>>(Atom::EXTERNAL_VALUE) {
        if is_remote(value.text()) {
            // Only those who read the documentation see it, and nothing is built from it.
            lower(value, report(value, sink), Severity::Low);
        }
    }
    let dialects = document.values_of::<Schema<'a>>(Atom::DOLLAR_SCHEMA);
    for value in document.root().json_schema_dialect().into_iter().chain(dialects) {
        if is_remote(value.text()) && !is_known_dialect(value.text()) {
            // An identifier first of all: some validators fetch what they do not know.
            lower(value, report(value, sink), Severity::Medium);
        }
    }
}

fn report<'s, 'a>(value: Node<'a>, sink: &'s mut Sink<'a>) -> &'s mut Occurrence<'a> {
    let url = value.text();
    let (message, label) = if is_cleartext(url) {
        (format!("`{url}` is fetched without encryption"), "anyone on the way can change it")
    } else {
        (format!("`{url}` is fetched from another host"), "not fetched, so not checked")
    };
    let occurrence = sink.report(Place::value(value), message);
    occurrence.label(label).help("keep a copy of the file beside the document and refer to that");
    if !is_cleartext(url) {
        occurrence.severity(Severity::Low);
    }
    occurrence
}

/// Lowers what is fetched less often than a `$ref`.
fn lower<'a>(value: Node<'a>, occurrence: &mut Occurrence<'a>, severity: Severity) {
    occurrence.severity(severity).confidence(Confidence::Medium);
    if !is_cleartext(value.text()) {
        occurrence.profile(Profile::Pedantic);
    }
}

fn is_cleartext(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
}

fn is_remote(text: &str) -> bool {
    is_cleartext(text) || text.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
}

/// The dialects that every validator brings along; their URLs are names (JSON Schema 2020-12 §8.1.1).
fn is_known_dialect(url: &str) -> bool {
    let host = url.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    ["json-schema.org", "spec.openapis.org"].iter().any(|known| host.eq_ignore_ascii_case(known))
}
