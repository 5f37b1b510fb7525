//! A file that was read and parsed, and the set of files that one root document reaches.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Format, Node, NodeId, SyntaxError, Tree};
use crate::source::{FileId, Span};

/// One file: where it is, its text, its tree, its syntax errors.
#[derive(Debug)]
pub struct File {
    /// Absolute, symbolic links resolved; identifies the file.
    pub path: PathBuf,
    /// The path as outputs show it.
    pub display: String,
    /// The decoded text.
    pub text: String,
    /// What was read of it.
    pub tree: Tree,
    /// Syntax errors; with any, no rule runs on the file.
    pub errors: Vec<SyntaxError>,
    /// The syntax that it was read as.
    pub format: Format,
}

impl File {
    /// Reads `text` as the content of the file at `path`; the file extension decides between JSON and YAML.
    pub fn parse(path: PathBuf, display: String, text: String, limits: &crate::source::Limits) -> File {
        let hint = match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
            _ => Format::Yaml,
        };
        let parsed = super::parse(&text, hint, limits);
        File { path, display, text, tree: parsed.tree, errors: parsed.errors, format: parsed.format }
    }
}

/// The files that one root document reaches; the root is file 0, the others follow in the order of discovery.
#[derive(Debug, Default)]
pub struct Files {
    members: Vec<Member>,
    by_path: FxHashMap<PathBuf, FileId>,
}

/// A file together with its number in the set, so that a node needs one pointer for both.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: FileId,
    pub(super) file: Arc<File>,
}

impl Files {
    /// A set with its root document.
    pub fn new(root: Arc<File>) -> Files {
        let mut files = Files::default();
        files.add(root);
        files
    }

    /// Adds a file. Call it once a file.
    pub fn add(&mut self, file: Arc<File>) -> FileId {
        let id = FileId(self.members.len() as u32);
        self.by_path.entry(file.path.clone()).or_insert(id);
        self.members.push(Member { id, file });
        id
    }

    /// The file with a number of this set.
    pub fn file(&self, id: FileId) -> &Arc<File> {
        &self.members[id.index()].file
    }

    /// The files by number.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Arc<File>)> {
        self.members.iter().map(|member| (member.id, &member.file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Never: there is always the root document.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The number of the file at an absolute, resolved path.
    pub fn by_path(&self, path: &Path) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The root value of a file, if anything could be read.
    pub fn root(&self, id: FileId) -> Option<Node<'_>> {
        let member = &self.members[id.index()];
        (!member.file.tree.is_empty()).then(|| Node::new(member, NodeId::ROOT))
    }

    /// A node by its numbers.
    pub fn node(&self, file: FileId, id: NodeId) -> Node<'_> {
        Node::new(&self.members[file.index()], id)
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.range()]
    }
}
