//! Fingerprints: what stays the same while a problem stays, however the text around it moves.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::lint::{Finding, Rule, Scope};
use crate::source::{FileId, display_path};
use crate::syntax::{Atom, Descent, Files, Node, Place, Step, escape_token};

/// The fingerprint of a rule's statement at a place: 128 bits of SHA-256 in hexadecimal.
pub(super) fn fingerprint(
    files: &Files,
    descent: &mut Descent,
    rule: &Rule,
    place: Place<'_>,
    discriminator: &str,
) -> String {
    fingerprint_below(&files.file(FileId::ROOT).path, files, descent, rule, place, discriminator)
}

/// The fingerprint that it would have if the root document were the file at `root`.
pub(super) fn fingerprint_below(
    root: &Path,
    files: &Files,
    descent: &mut Descent,
    rule: &Rule,
    place: Place<'_>,
    discriminator: &str,
) -> String {
    let mut hash = Sha256::new();
    let pointer = semantic_pointer(files, descent, place.node);
    for part in ["oasguard/1", rule.birth_id, &pointer, discriminator] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    // What depends on the root document is another problem for another root.
    if rule.scope == Scope::Root && place.node.file() != FileId::ROOT {
        // Seen from the file, so that the working directory plays no part.
        let folder = place.node.file_path().parent().unwrap_or(Path::new(""));
        hash.update(display_path(root, folder).as_bytes());
    }
    hexadecimal(&hash.finalize()[..16])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A pointer that names the items of the specification's arrays by what they are, so that inserting an item before
/// another does not make the other a new problem.
fn semantic_pointer(files: &Files, descent: &mut Descent, node: Node<'_>) -> String {
    let mut pointer = String::new();
    let mut container = "";
    for step in descent.steps(files, node) {
        pointer.push('/');
        match step {
            Step::Key(key) => {
                container = key.text();
                pointer.push_str(&escape_token(container));
            }
            Step::Index(index, item) => {
                let name = name_of(container, item.dealiased()).unwrap_or_else(|| index.to_string());
                pointer.push_str(&escape_token(&name));
            }
        }
    }
    pointer
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
