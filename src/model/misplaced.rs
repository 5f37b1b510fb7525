//! Security that is written where the specification has no place for it, or under a name that it does not know. Nothing
//! reads it, although its author believes that it protects.

use rustc_hash::{FxHashMap, FxHashSet};

use super::api::Api;
use super::objects::PathItem;
use super::operation::{Operation, OperationId};
use super::security::Origin;
use super::{Document, Version, reference_value};
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId};

/// What the author wanted to write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SecurityKeyword {
    /// `security`: requirements.
    Requirements,
    /// `securitySchemes`, in 2.0 `securityDefinitions`.
    Schemes,
}

/// Where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Misplacement {
    /// At the root.
    Root,
    /// Under `info`.
    Info,
    /// Under `components`.
    Components,
    /// Under `paths`, beside the paths.
    Paths,
    /// On a path item, in [`Misplaced::owner`].
    PathItem,
    /// On an operation.
    Operation,
    /// Among the responses of an operation.
    Responses,
}

/// Requirements or schemes that nothing reads.
#[derive(Clone, Debug)]
pub struct Misplaced<'a> {
    /// The value; its key is what is ignored.
    pub node: Node<'a>,
    /// What was wanted.
    pub keyword: SecurityKeyword,
    /// Where it stands.
    pub place: Misplacement,
    /// Whether the key is no keyword of any version.
    pub is_misspelt: bool,
    /// The operation that it stands in, or the first one on the path.
    pub owner: Option<OperationId>,
    /// The operations that lack what is written here.
    pub operations: Vec<OperationId>,
}

impl<'a> Api<'a> {
    /// Requirements and schemes that nothing reads, in the order of the enumeration of places, then by
    /// [`Api::rank`].
    pub fn misplaced_security(&self) -> Vec<Misplaced<'a>> {
        let root = self.document.root();
        let mut found = Vec::new();
        let fixed = [
            (Misplacement::Root, Some(root.node())),
            (Misplacement::Info, root.field(Atom::INFO)),
            (Misplacement::Components, root.field(Atom::COMPONENTS)),
            (Misplacement::Paths, root.field(Atom::PATHS)),
        ];
        for (place, object) in fixed {
            let object = object.and_then(|object| self.document.follow(object).ok());
            found.extend(object.into_iter().flat_map(|object| self.ignored(object, place, None)));
        }
        let mut items: FxHashMap<(FileId, NodeId), Vec<&Operation<'a>>> = FxHashMap::default();
        let mut order: Vec<PathItem<'a>> = Vec::new();
        let mut operations: Vec<&Operation<'a>> = self.operations.iter().collect();
        operations.sort_by_key(|operation| self.rank(operation.id));
        let mut seen = FxHashSet::default();
        for operation in operations {
            for item in operation.items() {
                let users = items.entry(item.node().identity()).or_insert_with(|| {
                    order.push(item);
                    Vec::new()
                });
                users.push(operation);
            }
            let object = operation.object.node();
            if !operation.may_misplace_security() || !seen.insert(object.identity()) {
                continue;
            }
            found.extend(self.ignored(object, Misplacement::Operation, Some(operation)));
            let responses = operation.field(Atom::RESPONSES);
            let responses = responses.and_then(|responses| self.document.follow(responses).ok());
            found.extend(
                responses.into_iter().flat_map(|r| self.ignored(r, Misplacement::Responses, Some(operation))),
            );
        }
        for item in order {
            let users = &items[&item.node().identity()];
            for mut misplaced in self.ignored(item.node(), Misplacement::PathItem, users.first().copied()) {
                misplaced.operations = without_own(users.iter().copied());
                found.push(misplaced);
            }
        }
        found.sort_by_key(|m| (m.place, m.owner.map(|owner| self.rank(owner)), m.node.key_text()));
        for misplaced in &mut found {
            self.add_operations(misplaced);
        }
        found
    }

    fn ignored(
        &self,
        object: Node<'a>,
        place: Misplacement,
        owner: Option<&Operation<'a>>,
    ) -> impl Iterator<Item = Misplaced<'a>> {
        let version = self.document.version();
        let owner = owner.map(|operation| operation.id);
        let keys = object.entries().filter(move |entry| may_be_misplaced(entry.key, place));
        keys.filter_map(move |entry| {
            let (keyword, is_misspelt) = meant(entry.key.text())?;
            let counts = !is_misspelt && is_read(entry.key, place, version);
            let wanted = !counts && looks_like(keyword, entry.value);
            wanted.then_some(Misplaced {
                node: entry.value,
                keyword,
                place,
                is_misspelt,
                owner,
                operations: Vec::new(),
            })
        })
    }

    /// Whom it concerns: those who would inherit the requirements, or who require one of the schemes.
    fn add_operations(&self, misplaced: &mut Misplaced<'a>) {
        let under_paths = || self.path_operations();
        misplaced.operations = match (misplaced.keyword, misplaced.place) {
            (SecurityKeyword::Schemes, _) => {
                let names: FxHashSet<&str> = misplaced.node.entries().map(|entry| entry.key.text()).collect();
                let lacks = |operation: &&Operation<'a>| {
                    operation.security.required().any(|r| r.scheme.is_none() && names.contains(r.name()))
                };
                under_paths().filter(lacks).map(|operation| operation.id).collect()
            }
            (_, Misplacement::PathItem) => std::mem::take(&mut misplaced.operations),
            (_, Misplacement::Operation | Misplacement::Responses) => {
                without_own(misplaced.owner.map(|owner| self.operation(owner)).into_iter())
            }
            _ => without_own(under_paths()),
        };
        misplaced.operations.sort_by_key(|&operation| self.rank(operation));
    }
}

fn without_own<'o, 'a: 'o>(operations: impl Iterator<Item = &'o Operation<'a>>) -> Vec<OperationId> {
    operations.filter(|o| o.security.origin != Origin::Operation).map(|o| o.id).collect()
}

/// Whether a key may be of interest at a place. The first letter spares nearly all keys the comparison, and no other
/// keyword is a misspelling.
pub(super) fn may_be_misplaced(key: Node<'_>, place: Misplacement) -> bool {
    matches!(key.first_byte(), b's' | b'S')
        && match key.atom() {
            None | Some(Atom::SECURITY_SCHEMES | Atom::SECURITY_DEFINITIONS) => true,
            Some(Atom::SECURITY) => !matches!(place, Misplacement::Root | Misplacement::Operation),
            Some(_) => false,
        }
}

/// Whether a version reads a keyword, written as it should be, at a place.
fn is_read(key: Node<'_>, place: Misplacement, version: Version) -> bool {
    match (key.text(), place) {
        ("security", Misplacement::Root | Misplacement::Operation) => true,
        ("securityDefinitions", Misplacement::Root) => version == Version::V2,
        ("securitySchemes", Misplacement::Components) => version != Version::V2,
        _ => false,
    }
}

/// Which keyword a key is or was meant to be, and whether it is misspelt.
fn meant(key: &str) -> Option<(SecurityKeyword, bool)> {
    use SecurityKeyword::{Requirements, Schemes};
    match key {
        "security" => return Some((Requirements, false)),
        "securitySchemes" | "securityDefinitions" => return Some((Schemes, false)),
        _ => {}
    }
    // No misspelling is longer, and what begins with `x-` is an extension.
    let is_extension = key.starts_with("x-") || key.starts_with("X-");
    if key.len() > 24
        || is_extension
        || !key.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
    {
        return None;
    }
    let letters: Vec<u8> =
        key.bytes().filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_lowercase()).collect();
    const SCHEMES: &[&str] =
        &["securityschemes", "securitydefinitions", "securityschema", "securityschemas", "securitydefs"];
    if is_near(&letters, b"security") {
        Some((Requirements, true))
    } else if SCHEMES.iter().any(|known| is_near(&letters, known.as_bytes())) {
        Some((Schemes, true))
    } else {
        None
    }
}

/// Whether two words differ by one letter at most: another one, one more, one less, or two that changed places.
fn is_near(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Greater => a.len() == b.len() + 1 && a[1..] == *b,
        std::cmp::Ordering::Less => b.len() == a.len() + 1 && b[1..] == *a,
        std::cmp::Ordering::Equal => {
            a.len() < 2 || a[1..] == b[1..] || a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]
        }
    }
}

/// Whether a value is what stands under the keyword. `security: []` asks for nothing and loses nothing.
fn looks_like(keyword: SecurityKeyword, value: Node<'_>) -> bool {
    match keyword {
        SecurityKeyword::Requirements => {
            let is_requirement =
                |node: Node<'_>| node.is_object() && node.entries().all(|e| e.value.is_array());
            let mut items = value.items().peekable();
            let list = value.is_array() && items.peek().is_some() && items.all(is_requirement);
            let alone = value.is_object() && value.entries().next().is_some() && is_requirement(value);
            list && value.items().any(|item| item.entries().next().is_some()) || alone
        }
        SecurityKeyword::Schemes => value.entries().any(|entry| {
            entry.value.is_object() && (entry.value.has(Atom::TYPE) || reference_value(entry.value).is_some())
        }),
    }
}

impl Document {
    /// Where schemes are declared in this version, as messages write it.
    pub fn schemes_keyword(&self) -> &'static str {
        if self.version() == Version::V2 { "securityDefinitions" } else { "components.securitySchemes" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_too_many_too_few_or_in_the_wrong_place() {
        for key in ["Security", "securty", "secuirty", "securitys", "sécurity", "securiti"] {
            let expected = key.is_ascii().then_some((SecurityKeyword::Requirements, true));
            assert_eq!(meant(key), expected, "{key}");
        }
        for key in
            ["securitySchema", "securityScheme", "security_schemes", "SecuritySchemes", "securityDefinition"]
        {
            assert_eq!(meant(key), Some((SecurityKeyword::Schemes, true)), "{key}");
        }
        for key in ["securities", "secure", "x-security", "server", "schemas", "secrets", "", "s"] {
            assert_eq!(meant(key), None, "{key}");
        }
        assert_eq!(meant("security"), Some((SecurityKeyword::Requirements, false)));
    }
}
