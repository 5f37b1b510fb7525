//! The schemas that stand in for another because of a discriminator.

use rustc_hash::FxHashMap;

use super::Document;
use super::objects::{Object, Schema};
use super::pointers::Pointers;
use crate::source::FileId;
use crate::syntax::{Atom, Files, Node, NodeId, escape_token};

/// Schemas that stand in for another: those that a `discriminator` maps to, and those that extend a schema with a
/// discriminator by `allOf` (3.2 §4.25).
#[derive(Debug)]
pub(super) struct Heirs<'a> {
    by_parent: FxHashMap<(FileId, NodeId), Vec<Schema<'a>>>,
}

impl<'a> Heirs<'a> {
    pub(super) fn of(document: &'a Document) -> Heirs<'a> {
        let mut heirs = Heirs { by_parent: FxHashMap::default() };
        if !document.files().iter().any(|(_, file)| file.tree.has_keyword(Atom::DISCRIMINATOR)) {
            return heirs;
        }
        let mut pointers = Pointers::default();
        for node in document.nodes(Schema::TYPE) {
            let schema = Schema::new(document, node);
            for parent in schema.written_all_of() {
                let Ok(target) = document.follow(parent) else { continue };
                if target != parent && target.has(Atom::DISCRIMINATOR) {
                    heirs.by_parent.entry(target.identity()).or_default().push(schema);
                }
            }
            if let Some(mapping) = node.get(Atom::DISCRIMINATOR).and_then(|d| d.get(Atom::MAPPING)) {
                let mapped = mapping
                    .entries()
                    .filter_map(|entry| mapped_schema(document.files(), node, entry.value, &mut pointers));
                let mapped = mapped.map(|target| Schema::new(document, target));
                heirs.by_parent.entry(node.identity()).or_default().extend(mapped);
            }
        }
        for heirs in heirs.by_parent.values_mut() {
            heirs.sort_by_key(|heir| heir.node().key_text());
        }
        heirs
    }

    /// The schemas that may stand in for one.
    pub(super) fn of_parent(&self, parent: (FileId, NodeId)) -> &[Schema<'a>] {
        self.by_parent.get(&parent).map_or(&[], Vec::as_slice)
    }
}

/// The schema that a value of a discriminator's mapping names: a reference, or the name of a component.
fn mapped_schema<'a>(
    files: &'a Files,
    schema: Node<'a>,
    value: Node<'a>,
    pointers: &mut Pointers,
) -> Option<Node<'a>> {
    let root = files.root(schema.file())?;
    let text = value.as_str()?;
    if let Some(pointer) = text.strip_prefix('#') {
        return pointers.find(root, pointer);
    }
    // A name is that of a component: of the entry document, also in another file (3.2 §4.25).
    let component = format!("/components/schemas/{}", escape_token(text));
    let mut find = |file| pointers.find(files.root(file)?, &component);
    find(FileId::ROOT)
        .or_else(|| find(schema.file()))
        .or_else(|| super::reference::in_loaded_file(files, schema.file(), text))
}
