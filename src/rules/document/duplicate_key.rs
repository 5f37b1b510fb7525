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

/// Up to this many keys those that look alike are compared, which is faster than hashing.
const SMALL: usize = 48;

/// How many looks a name may have.
const LOOKS: usize = 128;

/// What different names mostly differ in.
fn look(name: &str) -> usize {
    let byte = |at: usize| usize::from(name.as_bytes().get(at).copied().unwrap_or_default());
    let last = name.len().wrapping_sub(1);
    (name.len() + 3 * byte(0) + 7 * byte(name.len() / 2) + 13 * byte(last)) % LOOKS
}

fn check<'a>(object: Node<'a>, sink: &mut Sink<'a>) {
    let mut keywords = Atoms::default();
    let mut looks = [false; LOOKS];
    for (index, entry) in object.written_entries().enumerate() {
        // Most keys are keywords, and these are numbers.
        if let Some(keyword) = entry.key.atom() {
            if !keywords.insert(keyword) {
                return check_large(object, sink);
            }
            continue;
        }
        let name = entry.key.text();
        let looks_known = std::mem::replace(&mut looks[look(name)], true);
        let is_known = || object.written_entries().take(index).any(|earlier| earlier.key.text() == name);
        if index == SMALL || looks_known && is_known() {
            return check_large(object, sink);
        }
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
