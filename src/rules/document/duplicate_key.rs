//! `duplicate-key`: one key twice in an object.

use rustc_hash::FxHashMap;

use crate::lint::{Check, Confidence, Profile, Rule, Scope, Severity, Sink};
use crate::syntax::{Node, Place};

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
    options: &[],
    check: Check::Repeating(check),
    page: include_str!("../../../rules/document/duplicate-key.md"),
};

/// Up to this many keys are compared with one another, which is faster than to sort them.
const SMALL: usize = 48;

fn check<'a>(object: Node<'a>, sink: &mut Sink<'a>) {
    if repeats_hash(object) {
        report(object, sink);
    }
}

/// Whether keys of an object have the same hash, which the tree knows: no text needs to be looked at.
fn repeats_hash(object: Node<'_>) -> bool {
    // A bit for each hash seen; different ones may share it.
    let mut seen = [0u64; 8];
    for (index, hash) in object.key_hashes().enumerate() {
        // The lowest byte says less than the others.
        let (word, bit) = ((hash >> 14) as usize % seen.len(), 1 << (hash >> 8 & 63));
        let is_new = seen[word] & bit == 0;
        seen[word] |= bit;
        if index == SMALL {
            let mut hashes: Vec<u32> = object.key_hashes().collect();
            hashes.sort_unstable();
            return hashes.windows(2).any(|pair| pair[0] == pair[1]);
        }
        if !is_new && object.key_hashes().take(index).any(|earlier| earlier == hash) {
            return true;
        }
    }
    false
}

fn report<'a>(object: Node<'a>, sink: &mut Sink<'a>) {
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
