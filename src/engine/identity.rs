//! Fingerprints: what stays the same while a problem stays, however the text around it moves.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::lint::{Finding, Rule, Scope, Suppressed};
use crate::source::{FileId, display_path};
use crate::syntax::{Atom, Descent, Files, Node, NodeId, Place, Step, escape_token, escaped_key};

/// Makes fingerprints. The pointers of findings that follow each other begin alike, and each of their steps may be as
/// long as the document: what the last one had in common with the next is hashed once.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// Whose pointers these are.
    subject: Option<(&'static str, FileId)>,
    /// The steps of the last pointer, each by its key or item, with the hash up to there.
    way: Vec<(NodeId, Sha256)>,
}

impl Fingerprints {
    /// The fingerprint of a rule's statement at a place: 128 bits of SHA-256 in hexadecimal.
    pub(super) fn of(
        &mut self,
        files: &Files,
        descent: &mut Descent,
        rule: &Rule,
        place: Place<'_>,
        discriminator: &str,
    ) -> String {
        self.below(&files.file(FileId::ROOT).path, files, descent, rule, place, discriminator)
    }

    /// The fingerprint that it would have if the root document were the file at `root`.
    pub(super) fn below(
        &mut self,
        root: &Path,
        files: &Files,
        descent: &mut Descent,
        rule: &Rule,
        place: Place<'_>,
        discriminator: &str,
    ) -> String {
        let mut hash = self.up_to(rule, &descent.steps(files, place.node), place.node.file());
        hash.update([0]);
        hash.update(discriminator.as_bytes());
        hash.update([0]);
        // What depends on the root document is another problem for another root.
        if rule.scope == Scope::Root && place.node.file() != FileId::ROOT {
            // Seen from the file, so that the working directory plays no part.
            let folder = place.node.file_path().parent().unwrap_or(Path::new(""));
            hash.update(display_path(root, folder).as_bytes());
        }
        hexadecimal(&hash.finalize()[..16])
    }

    /// The hash of the rule and of a pointer that names the items of the specification's arrays by what they are, so that
    /// inserting an item before another does not make the other a new problem.
    fn up_to(&mut self, rule: &Rule, steps: &[Step<'_>], file: FileId) -> Sha256 {
        if self.subject != Some((rule.birth_id, file)) {
            *self = Fingerprints { subject: Some((rule.birth_id, file)), way: Vec::new() };
        }
        let known = self.way.iter().zip(steps).take_while(|((id, _), step)| *id == step.node().id()).count();
        self.way.truncate(known);
        let mut hash = match self.way.last() {
            Some((_, hash)) => hash.clone(),
            None => Sha256::new_with_prefix(["oasguard/1", rule.birth_id, ""].join("\0")),
        };
        let above = steps[..known].iter().rev().find_map(Step::key);
        let mut container = above.map_or("", Node::text);
        for step in &steps[known..] {
            hash.update("/");
            match *step {
                Step::Key(key) => {
                    container = key.text();
                    hash.update(&*escaped_key(key));
                }
                Step::Index(index, item) => {
                    let name = name_of(container, item.dealiased()).unwrap_or_else(|| index.to_string());
                    hash.update(&*escape_token(&name));
                }
            }
            self.way.push((step.node().id(), hash.clone()));
        }
        hash
    }
}

/// The fingerprint of a rule's statement about something outside of documents, told from others by a text; of several with
/// the same text by their number, from 1.
pub fn fingerprint_of(rule: &Rule, text: &str, count: u32) -> String {
    let mut hash = Sha256::new_with_prefix(["oasguard/1", rule.birth_id, "", text].join("\0"));
    hash.update([0]);
    let mut fingerprint = hexadecimal(&hash.finalize()[..16]);
    number(&mut fingerprint, count);
    fingerprint
}

/// What tells such a statement in a file from all other occurrences of a run.
pub fn identity_of(path: &str, fingerprint: &str) -> u64 {
    let digest = Sha256::digest([path, fingerprint].join("\0"));
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has more than 8 bytes"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for half in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        text.push(char::from(DIGITS[usize::from(half)]));
    }
    text
}

fn name_of(container: &str, item: Node<'_>) -> Option<String> {
    if let Some(reference) = crate::model::reference_value(item) {
        return Some(reference.text().to_owned());
    }
    let text = |keyword| item.get(keyword).map(Node::text);
    match container {
        "parameters" => Some(format!("{}:{}", text(Atom::IN)?, text(Atom::NAME)?)),
        "servers" => Some(text(Atom::URL)?.to_owned()),
        "tags" => Some(text(Atom::NAME)?.to_owned()),
        "schemes" => item.as_str().map(str::to_owned),
        "security" => {
            let names: Vec<_> = item.entries().map(|entry| entry.key.text()).collect();
            Some(format!("{{{}}}", names.join("+")))
        }
        _ => None,
    }
}

/// Makes (path, fingerprint) unique by numbering what would be the same: two equal parameters in one list, say.
pub(super) fn make_unique(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&findings[a], &findings[b]);
        name(a).cmp(&name(b)).then_with(|| position(a).cmp(&position(b)))
    });
    let same = |a: &usize, b: &usize| name(&findings[*a]) == name(&findings[*b]);
    let numbered = order.chunk_by(same).flat_map(|same| same.iter().zip(1..).skip(1));
    let numbered: Vec<(usize, u32)> = numbered.map(|(&index, count)| (index, count)).collect();
    for (index, count) in numbered {
        let finding = &mut findings[index];
        number(&mut finding.fingerprint, count);
    }
}

/// Does the same for what is accepted: numbered after what is reported, whose fingerprints stay what they are.
pub(super) fn make_unique_beside(reported: &[Finding], accepted: &mut [Suppressed]) {
    let own = |finding: &Finding| (finding.location.path.clone(), finding.fingerprint.clone());
    let mut taken: FxHashSet<(String, String)> = reported.iter().map(own).collect();
    let mut counts: FxHashMap<(String, String), u32> = FxHashMap::default();
    for Suppressed { finding, .. } in accepted {
        let first = own(finding);
        let count = counts.entry(first.clone()).or_default();
        loop {
            *count += 1;
            let mut key = first.clone();
            number(&mut key.1, *count);
            if taken.insert(key.clone()) {
                finding.fingerprint = key.1;
                break;
            }
        }
    }
}

/// Makes the fingerprint of the second and every further one of what is the same another one.
pub(super) fn number(fingerprint: &mut String, count: u32) {
    if count > 1 {
        let mut hash = Sha256::new();
        hash.update(format!("{fingerprint}#{count}"));
        *fingerprint = hexadecimal(&hash.finalize()[..16]);
    }
}

fn name(finding: &Finding) -> (&str, &str) {
    (&finding.location.path, &finding.fingerprint)
}

fn position(finding: &Finding) -> (u32, &str, &str) {
    (finding.location.bytes.start, finding.rule, &finding.message)
}
