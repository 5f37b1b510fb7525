//! Runs about changed files: which documents a change concerns.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Session, may_be_document};
use crate::model::{Document, percent_decode};
use crate::source::{Root, normalize};
use crate::syntax::File;

impl Session {
    /// Whether a file is among those that the run is about, or the run is about all.
    pub(super) fn is_changed(&self, path: &Path) -> bool {
        self.changed.as_ref().is_none_or(|changed| changed.contains(&self.reader.identity(path)))
    }

    /// Whether a part of a document that could not be read may refer to a changed file.
    pub(super) fn may_be_affected(&self, document: &Document) -> bool {
        let mut broken = document.files().iter().filter(|(_, file)| !file.errors.is_empty());
        !document.references().failures().is_empty() || broken.any(|(_, file)| self.names_changed(file))
    }

    /// Whether a file that could not be parsed names a changed file, itself or through the files that it names. Its text
    /// is all there is, so that whatever looks like the name of a file is taken for one.
    pub(super) fn names_changed(&self, file: &File) -> bool {
        let Some(changed) = &self.changed else { return true };
        let root = || Root::of_document(&file.path, &self.working_directory);
        let root = self.root.clone().unwrap_or_else(root);
        let mut seen: FxHashSet<PathBuf> = FxHashSet::default();
        let mut waiting = vec![(file.path.clone(), file.text.to_string())];
        while let Some((path, text)) = waiting.pop() {
            let folder = path.parent().unwrap_or(Path::new(""));
            for name in names_of_files(&text) {
                let named = self.reader.identity(&normalize(&folder.join(&name)));
                if changed.contains(&named) {
                    return true;
                }
                // What cannot be read names nothing; where too much is named, nobody knows.
                if seen.len() > self.limits.files as usize {
                    return true;
                }
                if seen.insert(named.clone())
                    && let Ok(text) = self.reader.read_within(&named, &root, &self.limits)
                {
                    waiting.push((named, text));
                }
            }
        }
        false
    }
}

/// What a text holds that ends as the names of documents do: between quotation marks, and between spaces and brackets.
fn names_of_files(text: &str) -> FxHashSet<String> {
    let quoted = text.split(['"', '\'', '\n']);
    let bare = text.split(|c: char| c.is_whitespace() || "\"',[]{}()<>|".contains(c));
    let names = quoted.chain(bare).filter_map(|part| {
        let name = part.split('#').next().unwrap_or_default().trim();
        may_be_document(Path::new(name)).then(|| percent_decode(&name.replace("\\/", "/")).into_owned())
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        for text in [
            "$ref: ../a%20b.yaml#/X",
            "{\"$ref\":\"..\\/a b.yaml\"",
            "x: {$ref: '../a b.yaml#', y: [",
            "- \"../a b.yaml\"",
        ] {
            assert!(names_of_files(text).contains("../a b.yaml"), "{text}: {:?}", names_of_files(text));
        }
        assert!(names_of_files("$ref: '#/components/a'\nversion: 1.2\n").is_empty());
    }
}
