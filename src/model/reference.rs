//! `$ref`: which file, which node, or why not. Each distinct text of a file is resolved once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::identifiers::Identifiers;
use super::node_set::NodeSet;
use super::pointers::{Pointers, descend};
use super::uri::{percent_decode, scheme};

use crate::source::{FileId, normalize};
use crate::syntax::{Atom, File, Files, Kind, Node, NodeId};

/// Where a reference leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolution<'a> {
    /// To this value, which may itself be a reference.
    Found(Node<'a>),
    /// Nowhere.
    Problem(Problem),
}

/// Why a reference leads nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Problem {
    /// The file is there, the value is not.
    NoValue,
    /// The file is not there.
    NoFile,
    /// It is a URL; nothing is fetched.
    Remote,
    /// It is an absolute path, a `file:` URL, or it leaves the root of the run.
    OutsideRoot,
    /// The file could not be read; the number is that of the failure in [`References::failures`].
    Unreadable(u32),
    /// The file has syntax errors.
    Broken(FileId),
    /// The references lead in a circle and never to a value.
    Circle,
    /// The chain of references is longer than the limit.
    TooLong,
}

/// Why the loader could not give a file.
#[derive(Debug)]
pub enum LoadError {
    /// There is no such file.
    NotFound,
    /// It lies outside the root of the run.
    OutsideRoot,
    /// It is there but cannot be used: the message of an `unreadable` or (if the flag is set) `limit-exceeded` error.
    Unreadable {
        /// Display path of the file.
        path: String,
        /// Why: lower case, no full stop.
        message: String,
        /// Whether a limit is the reason.
        is_limit: bool,
    },
}

/// A file that references name and that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadFailure {
    /// Display path of the file.
    pub path: String,
    /// Why.
    pub message: String,
    /// Whether a limit is the reason.
    pub is_limit: bool,
}

/// Gives the file at an absolute path, or says why not.
pub type Loader<'l> = dyn FnMut(&Path) -> Result<Arc<File>, LoadError> + 'l;

type Target = Result<(FileId, NodeId), Problem>;

/// A number for each reference of a file, in source order.
#[derive(Debug)]
struct Sites {
    nodes: NodeSet,
    numbers: Vec<u32>,
}

/// All references of a set of files, resolved.
#[derive(Debug, Default)]
pub struct References {
    /// By file: value node of a `$ref` -> index into `targets`.
    sites: Vec<Sites>,
    /// One hop, and the end of the chain.
    targets: Vec<(Target, Target)>,
    failures: Vec<LoadFailure>,
}

impl References {
    /// Loads every file that is reachable from the root of `files` and resolves every reference.
    pub fn resolve_all(
        files: &mut Files,
        loader: &mut Loader<'_>,
        limits: &crate::source::Limits,
    ) -> References {
        let mut references = References::default();
        let texts = load_all(files, loader, limits, &mut references.failures);
        let identifiers = Identifiers::collect(files);
        for (file, FileTexts { texts, sites }) in texts.into_iter().enumerate() {
            let id = FileId(file as u32);
            let mut pointers = Pointers::default();
            let mut resolved = |site, target_file| {
                let file = files.file(id);
                let text = file.tree.string(site, &file.text).unwrap_or_default();
                let target = resolve(files, &identifiers, &mut pointers, (id, site), text, target_file);
                (target, target)
            };
            let first = references.targets.len() as u32;
            // Without `$id` a text means the same everywhere in a file; with it, each place has its own base.
            let numbers = if identifiers.is_empty() {
                references.targets.extend(texts.into_iter().map(|(site, file)| resolved(site, file)));
                sites.iter().map(|&(_, text)| first + text).collect()
            } else {
                let places = sites.iter().map(|&(site, text)| resolved(site, texts[text as usize].1));
                references.targets.extend(places);
                (first..first + sites.len() as u32).collect()
            };
            let mut nodes = NodeSet::of_file(files.file(id).tree.len());
            sites.iter().for_each(|(node, _)| nodes.insert(*node));
            nodes.count();
            references.sites.push(Sites { nodes, numbers });
        }
        references.follow_chains(files, limits.reference_chain);
        references
    }

    /// Files that references name and that could not be read.
    pub fn failures(&self) -> &[LoadFailure] {
        &self.failures
    }

    /// Whether every reference leads to a value, one hop and in the end.
    pub fn all_lead_to_values(&self) -> bool {
        self.targets.iter().all(|(step, end)| step.is_ok() && end.is_ok())
    }

    /// Where the `$ref` of an object leads, one hop; nothing if the object has none.
    pub fn step<'a>(&self, files: &'a Files, object: Node<'_>) -> Option<Resolution<'a>> {
        Some(resolution(files, self.target_of(object)?.0))
    }

    /// Where a reference leads, one hop, by the value of its `$ref`.
    pub fn step_of<'a>(&self, files: &'a Files, value: Node<'_>) -> Option<Resolution<'a>> {
        Some(resolution(files, self.targets[self.number(value)?].0))
    }

    /// Where the chain of references that starts at `object` ends; nothing if the object is no reference.
    pub fn end<'a>(&self, files: &'a Files, object: Node<'_>) -> Option<Resolution<'a>> {
        Some(resolution(files, self.target_of(object)?.1))
    }

    fn target_of(&self, object: Node<'_>) -> Option<(Target, Target)> {
        Some(self.targets[self.number(reference_value(object)?)?])
    }

    /// The position in `targets` of a reference, by the value of its `$ref`.
    #[inline]
    fn number(&self, value: Node<'_>) -> Option<usize> {
        let sites = self.sites.get(value.file().index())?;
        Some(sites.numbers[sites.nodes.position(value.id())?] as usize)
    }

    /// Fills in the end of each chain, each link once, without recursion: a chain may be as long as a file allows.
    fn follow_chains(&mut self, files: &Files, limit: u32) {
        const UNKNOWN: u32 = u32::MAX;
        const OPEN: u32 = u32::MAX - 1;
        let mut length = vec![UNKNOWN; self.targets.len()];
        let mut trail = Vec::new();
        for start in 0..self.targets.len() {
            let mut at = start;
            // The end of the chain and its distance, seen from the last link of the trail.
            let (mut end, mut distance) = loop {
                match length[at] {
                    OPEN => break (Err(Problem::Circle), 0),
                    UNKNOWN => {}
                    known => break (self.targets[at].1, known),
                }
                length[at] = OPEN;
                trail.push(at);
                let target = self.targets[at].0;
                let Ok(identity) = target else { break (target, 0) };
                match reference_value(files.at(identity)).and_then(|value| self.number(value)) {
                    Some(next) => at = next,
                    None => break (target, 0),
                }
            };
            for link in trail.drain(..).rev() {
                distance += 1;
                if distance > limit && end.is_ok() {
                    end = Err(Problem::TooLong);
                }
                length[link] = distance.min(OPEN - 1);
                self.targets[link].1 = end;
            }
        }
    }
}

/// The value of an object's `$ref`, if it is a string. A schema property *named* `$ref` has an object as its value.
#[inline]
pub fn reference_value(object: Node<'_>) -> Option<Node<'_>> {
    object.reference().filter(|value| value.kind() == Kind::String)
}

fn resolution(files: &Files, target: Target) -> Resolution<'_> {
    match target {
        Ok(identity) => Resolution::Found(files.at(identity)),
        Err(problem) => Resolution::Problem(problem),
    }
}

/// The references of a file.
#[derive(Default)]
struct FileTexts {
    /// Of each distinct text the first node that holds it, and the file that it names, if it names one.
    texts: Vec<(NodeId, Option<Result<FileId, Problem>>)>,
    /// The nodes, in source order, with the positions of their texts.
    sites: Vec<(NodeId, u32)>,
}

/// Loads files until no reference names a new one; gives the references of each file.
fn load_all(
    files: &mut Files,
    loader: &mut Loader<'_>,
    limits: &crate::source::Limits,
    failures: &mut Vec<LoadFailure>,
) -> Vec<FileTexts> {
    let mut known: FxHashMap<PathBuf, Result<FileId, Problem>> = FxHashMap::default();
    known.insert(files.file(FileId::ROOT).path.clone(), Ok(FileId::ROOT));
    let mut all = Vec::new();
    while all.len() < files.len() {
        let file = files.file(FileId(all.len() as u32)).clone();
        all.push(texts_of(&file, |text| match Location::of(text, &file.path) {
            Location::Here => None,
            Location::Remote => Some(Err(Problem::Remote)),
            Location::Outside => Some(Err(Problem::OutsideRoot)),
            Location::File(path) => Some(match known.get(&path) {
                Some(target) => *target,
                None => {
                    let target = load(files, loader, limits, failures, &path);
                    known.insert(path, target);
                    target
                }
            }),
        }));
    }
    all
}

fn load(
    files: &mut Files,
    loader: &mut Loader<'_>,
    limits: &crate::source::Limits,
    failures: &mut Vec<LoadFailure>,
    path: &Path,
) -> Result<FileId, Problem> {
    let mut fail = |path: String, message: String, is_limit: bool| {
        failures.push(LoadFailure { path, message, is_limit });
        Err(Problem::Unreadable(failures.len() as u32 - 1))
    };
    if files.len() >= limits.files as usize {
        let root = files.file(FileId::ROOT).display.clone();
        return fail(root, format!("the document refers to more than {} files", limits.files), true);
    }
    match loader(path) {
        Ok(file) => match files.by_path(&file.path) {
            // Two spellings of one file, or a link.
            Some(id) => Ok(id),
            None => {
                let broken = !file.errors.is_empty();
                let id = files.add(file);
                if broken { Err(Problem::Broken(id)) } else { Ok(id) }
            }
        },
        Err(LoadError::NotFound) => Err(Problem::NoFile),
        Err(LoadError::OutsideRoot) => Err(Problem::OutsideRoot),
        Err(LoadError::Unreadable { path, message, is_limit }) => fail(path, message, is_limit),
    }
}

/// The references of a file; `file_of` says which file a text names, and is asked once for each.
fn texts_of(file: &File, mut file_of: impl FnMut(&str) -> Option<Result<FileId, Problem>>) -> FileTexts {
    let mut found = FileTexts::default();
    if !file.errors.is_empty() {
        return found;
    }
    let mut index: FxHashMap<&str, u32> = FxHashMap::default();
    for site in file.tree.values_of(Atom::DOLLAR_REF) {
        let Some(text) = file.tree.string(site, &file.text) else { continue };
        let number = *index.entry(text).or_insert_with(|| {
            found.texts.push((site, file_of(text)));
            found.texts.len() as u32 - 1
        });
        found.sites.push((site, number));
    }
    found
}

/// What the part of a reference before the `#` names.
#[derive(Debug, PartialEq, Eq)]
enum Location {
    Here,
    File(PathBuf),
    Remote,
    Outside,
}

impl Location {
    fn of(text: &str, from: &Path) -> Location {
        let (address, _) = address_and_fragment(text);
        if address.is_empty() {
            return Location::Here;
        }
        match scheme(address) {
            Some("file") => return Location::Outside,
            // A drive letter of Windows.
            Some(letter) if letter.len() == 1 => return Location::Outside,
            Some(_) => return Location::Remote,
            None => {}
        }
        if address.starts_with("//") {
            return Location::Remote;
        }
        let path = percent_decode(address.split('?').next().unwrap_or_default());
        if is_absolute(&path) {
            return Location::Outside;
        }
        let folder = from.parent().unwrap_or(Path::new(""));
        Location::File(normalize(&folder.join(&*path)))
    }
}

/// Whether a path names a place of its own on some platform: `/x`, `C:x`, and `\\host\share\x`, which Windows would ask
/// the network for.
fn is_absolute(path: &str) -> bool {
    let drive = |path: &str| path.as_bytes()[0].is_ascii_alphabetic() && path.as_bytes()[1] == b':';
    path.starts_with(['/', '\\']) || path.len() > 1 && drive(path)
}

/// The value that a reference names, if its file is one of those that were loaded.
pub(super) fn in_loaded_file<'a>(files: &'a Files, from: FileId, text: &str) -> Option<Node<'a>> {
    let Location::File(path) = Location::of(text, &files.file(from).path) else { return None };
    let root = files.root(files.by_path(&path)?)?;
    descend(root, &percent_decode(address_and_fragment(text).1))
}

/// The parts of a reference before and after the `#` (RFC 3986 §4.1). Most are nothing but a fragment.
fn address_and_fragment(text: &str) -> (&str, &str) {
    match text.strip_prefix('#') {
        Some(fragment) => ("", fragment),
        None => text.split_once('#').unwrap_or((text, "")),
    }
}

fn resolve(
    files: &Files,
    identifiers: &Identifiers,
    pointers: &mut Pointers,
    site: (FileId, NodeId),
    text: &str,
    target_file: Option<Result<FileId, Problem>>,
) -> Target {
    let (address, fragment) = address_and_fragment(text);
    if let Some(found) = identifiers.resolve(files, pointers, site, address, fragment) {
        return Ok(found);
    }
    let file = match target_file {
        None => site.0,
        Some(target) => target?,
    };
    let root = files.root(file).ok_or(Problem::NoValue)?;
    let fragment = percent_decode(fragment);
    if fragment.is_empty() {
        return Ok(root.identity());
    }
    if fragment.starts_with('/') {
        return pointers.find(root, &fragment).map(Node::identity).ok_or(Problem::NoValue);
    }
    identifiers.anchor((file, NodeId::ROOT), files, &fragment).ok_or(Problem::NoValue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_before_the_hash_names_a_file_or_something_that_is_never_read() {
        let from = Path::new("/api/main.yaml");
        for (text, location) in [
            ("#/a", Location::Here),
            ("", Location::Here),
            ("b.yaml#/a", Location::File("/api/b.yaml".into())),
            ("../c%20d.yaml", Location::File("/c d.yaml".into())),
            ("./x/../b.yaml", Location::File("/api/b.yaml".into())),
            ("http://169.254.169.254/latest", Location::Remote),
            ("//host/x", Location::Remote),
            ("urn:x:y", Location::Remote),
            ("file:///etc/passwd", Location::Outside),
            ("/etc/passwd", Location::Outside),
            ("C:\\x.yaml", Location::Outside),
            ("%43:x.yaml", Location::Outside),
            ("C%3a/x.yaml", Location::Outside),
            ("\\\\host\\share\\x.yaml", Location::Outside),
            ("%5c%5Chost/share/x.yaml", Location::Outside),
            ("%2f%2fhost/share/x.yaml", Location::Outside),
        ] {
            assert_eq!(Location::of(text, from), location, "{text}");
        }
    }
}
