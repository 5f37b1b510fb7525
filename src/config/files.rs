//! Which files of settings govern a folder, and what lies beneath each.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::layer::{Layer, Origin, Value};
use super::read::{self, failure};
use crate::lint::Failure;
use crate::source::{ReadError, Reader, Root, display_path, normalize};

/// The names of the file of settings. In one folder there may be one of them.
pub const FILE_NAMES: [&str; 2] = ["oasguard.yaml", ".oasguard.yaml"];

/// Files that may lie beneath each other by `extends`.
const MOST_FILES: usize = 100;

/// The layers that govern a folder, the outermost first, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) layers: Vec<Arc<Layer>>,
    /// The files that were read for it, and those that could not be.
    pub(super) files: Vec<PathBuf>,
    pub(super) failures: Vec<Failure>,
}

/// Reads files of settings, each once.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    layers: Mutex<FxHashMap<PathBuf, Arc<Layer>>>,
    folders: Mutex<FxHashMap<PathBuf, [bool; 2]>>,
}

impl Shelf {
    /// The chain of a folder: nearest file wins, up to the folder with `.git`, else up to the working directory if that
    /// contains the folder, else the folder alone.
    pub(super) fn of_folder(&self, reader: &Reader, folder: &Path, working_directory: &Path) -> Chain {
        let top = Root::of_folder(folder, working_directory);
        let mut chain = Chain::default();
        let mut parts: Vec<Vec<Arc<Layer>>> = Vec::new();
        let mut end: Option<(Origin, String)> = None;
        for folder in folder.ancestors() {
            let there = self.names_in(reader, folder);
            let paths: Vec<PathBuf> = FILE_NAMES
                .iter()
                .zip(there)
                .filter(|(_, there)| *there)
                .map(|(name, _)| folder.join(name))
                .collect();
            if let [one, two] = &paths[..] {
                let [one, two] = [one, two].map(|path| display_path(path, working_directory));
                if end.is_none() {
                    let message = format!("`{one}` and `{two}` are both in one folder");
                    chain.failures.push(failure(&one, message, "keep one of them", None));
                }
            } else if let [path] = &paths[..] {
                let mut open = Extending { shelf: self, reader, root: &top, working_directory, count: 0 };
                let mut part = Chain::default();
                open.add(path, &mut Vec::new(), &mut part);
                chain.files.append(&mut part.files);
                let own = part.layers.last().cloned();
                match &end {
                    // Above a file that says it is the first, only what is locked matters.
                    Some((origin, display)) => {
                        let locks = own.is_some_and(|layer| locks(&layer));
                        if locks {
                            let above = display_path(path, working_directory);
                            let message = format!("`root` would leave out what `{above}` locks");
                            let help = "remove `root: true`, or `locked` above";
                            chain.failures.push(failure(display, message, help, origin.location().cloned()));
                        }
                    }
                    None => {
                        chain.failures.append(&mut part.failures);
                        end = own.and_then(|layer| Some((layer.root.clone()?, layer.display.clone())));
                        parts.push(part.layers);
                    }
                }
            }
            if folder == top.folder() {
                break;
            }
        }
        chain.layers = parts.into_iter().rev().flatten().collect();
        chain
    }

    /// The chain that one file makes.
    pub(super) fn of_file(&self, reader: &Reader, path: &Path, working_directory: &Path) -> Chain {
        let path = reader.identity(&working_directory.join(path));
        let root = Root::of_document(&path, working_directory);
        let mut chain = Chain::default();
        let mut open = Extending { shelf: self, reader, root: &root, working_directory, count: 0 };
        open.add(&path, &mut Vec::new(), &mut chain);
        chain
    }

    /// Which of the names are in a folder.
    fn names_in(&self, reader: &Reader, folder: &Path) -> [bool; 2] {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(folder) {
            return *known;
        }
        let there = FILE_NAMES.map(|name| reader.has(&folder.join(name)));
        folders.insert(folder.to_owned(), there);
        there
    }

    fn layer(
        &self,
        reader: &Reader,
        path: &Path,
        root: &Root,
        display: String,
    ) -> Result<Arc<Layer>, ReadError> {
        let known = self.layers.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(layer) = known {
            return Ok(layer);
        }
        let text = reader.read_within(path, root, &read::limits())?;
        let folder: Arc<Path> = path.parent().unwrap_or(Path::new("/")).into();
        let layer = Arc::new(read::layer(path.to_owned(), display, text, folder));
        let mut layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster; what it read is the same.
        Ok(layers.entry(path.to_owned()).or_insert(layer).clone())
    }
}

/// Follows `extends`.
struct Extending<'e> {
    shelf: &'e Shelf,
    reader: &'e Reader,
    root: &'e Root,
    working_directory: &'e Path,
    count: usize,
}

impl Extending<'_> {
    /// Adds a file on top of those that it extends. `stack` holds the files that lead here.
    fn add(&mut self, path: &Path, stack: &mut Vec<PathBuf>, chain: &mut Chain) {
        let display = display_path(path, self.working_directory);
        chain.files.push(path.to_owned());
        let layer = match self.shelf.layer(self.reader, path, self.root, display.clone()) {
            Ok(layer) => layer,
            Err(error) => {
                let message = format!("`{display}` cannot be read: {}", reason(&error));
                let help = "check the path and the permissions";
                return chain.failures.push(failure(&display, message, help, None));
            }
        };
        chain.failures.extend(layer.failures.iter().cloned());
        stack.push(path.to_owned());
        for item in &layer.extends {
            let mut fail = |message: String, help: &str| {
                chain.failures.push(failure(&display, message, help, item.origin.location().cloned()));
            };
            let below = self.reader.identity(&normalize(&item.folder.join(&item.text)));
            self.count += 1;
            if self.count > MOST_FILES {
                fail(format!("more than {MOST_FILES} files lie beneath each other"), "extend fewer files");
                break;
            }
            if stack.contains(&below) {
                fail(format!("`{}` extends itself", item.text), "break the circle");
                continue;
            }
            let shown = display_path(&below, self.working_directory);
            match self.shelf.layer(self.reader, &below, self.root, shown) {
                Ok(_) => self.add(&below, stack, chain),
                Err(error) => {
                    chain.files.push(below);
                    let message = format!("`{}` cannot be extended: {}", item.text, reason(&error));
                    fail(message, "correct the path, which is relative to this file");
                }
            }
        }
        stack.pop();
        chain.layers.push(layer);
    }
}

fn reason(error: &ReadError) -> String {
    match error {
        ReadError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "there is no such file".to_owned()
        }
        error => error.to_string(),
    }
}

/// Whether a layer locks anything.
pub(super) fn locks(layer: &Layer) -> bool {
    layer.statements.iter().any(|s| s.key == "locked" && matches!(&s.value, Value::List(l) if !l.is_empty()))
}
