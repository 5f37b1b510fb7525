//! `duplicate-key`: one key twice in an object.

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::syntax::{Atoms, Node, Place};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    birth_id: "duplicate-key",
    summary: "an object has the same key twice, and readers disagree on which value counts",
    category: "document",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023"],
    cwe: &[694, 436],
    since: "0.1.0",
    scope: Scope::Definition,
    subsumed_by: &[],
    check: Check::Mapping(check),
    page: include_str!("../../../rules/document/duplicate-key.md"),
};

/// Up to this many names are compared pair by pair, which is faster than hashing.
const SMALL: usize = 12;

fn check<'a>(object: Node<'a>, sink: &mut Sink<'a>) {
    let mut keywords = Atoms::default();
    let (mut names, mut count) = ([""; SMALL], 0);
    for entry in object.written_entries() {
        // Most keys are keywords, and these are numbers.
        if let Some(keyword) = entry.key.atom() {
            if !keywords.insert(keyword) {
                return check_large(object, sink);
            }
            continue;
        }
        let name = entry.key.text();
        if count == SMALL || names[..count].contains(&name) {
            return check_large(object, sink);
        }
        names[count] = name;
        count += 1;
    }
}

fn check_large<'a>(object: Node<'a>, sink: &mut Sink<'a>) {
    let mut first: FxHashMap<&str, Node<'a>> = FxHashMap::default();
    for (index, entry) in object.written_entries().enumerate() {
        let name = entry.key.text();
        let Some(&earlier) = first.get(name) else {
            first.insert(name, entry.written);
            continue;
        };
        sink.report(Place::key(entry.written), format!("the key `{name}` stands here once more"))
            .label("some readers take this value, others the first")
            .help(format!("keep one `{name}` and remove the other"))
            .related(Place::key(earlier), "the first one")
            .discriminator(index.to_string());
    }
}
