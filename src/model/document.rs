//! A loaded document: its files, its references resolved, its objects found. What it means is in [`Api`](super::Api).

use std::sync::Arc;

use super::node_set::NodeSet;
use super::objects::{Object, ObjectType, Root};
use super::reference::{Loader, Problem, References, Resolution};
use super::version::{Recognition, Version, recognize};
use super::walk::Objects;
use crate::source::{FileId, Limits, Span};
use crate::syntax::{Atom, File, Files, Node, NodeId};

/// Why a file is no OpenAPI document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotOpenApi {
    /// It is another kind of description.
    #[error("{0} is not checked")]
    Other(&'static str),
    /// Its top level names no kind of description.
    #[error("no `openapi` or `swagger` key at the top level")]
    Unknown,
}

/// An OpenAPI document with every file that it reaches.
#[derive(Debug)]
pub struct Document {
    pub(super) files: Files,
    pub(super) references: References,
    objects: Objects,
    version: Version,
    written_version: Span,
    limits: Limits,
}

impl Document {
    /// Builds the document whose root is `root`; `loader` gives the files that its references name. Fails if the file is
    /// no OpenAPI document.
    pub fn load(root: Arc<File>, loader: &mut Loader<'_>, limits: &Limits) -> Result<Document, NotOpenApi> {
        let mut files = Files::new(root);
        let (version, node) = match files.root(FileId::ROOT).map_or(Recognition::Unknown, recognize) {
            Recognition::OpenApi(version, node) => (version, node),
            Recognition::Other(name) => return Err(NotOpenApi::Other(name)),
            Recognition::Unknown => return Err(NotOpenApi::Unknown),
        };
        let written_version = node.span();
        let references = References::resolve_all(&mut files, loader, limits);
        let objects = Objects::find(&files, &references);
        Ok(Document { files, references, objects, version, written_version, limits: limits.clone() })
    }

    /// A document of one file, for tests and examples: references to other files lead nowhere.
    pub fn of_file(root: Arc<File>) -> Result<Document, NotOpenApi> {
        Document::load(root, &mut |_| Err(super::LoadError::NotFound), &Limits::default())
    }

    /// The document of a text without errors.
    #[cfg(test)]
    pub(crate) fn of_text(name: &str, text: &str) -> Document {
        let file = File::parse(name.into(), name.into(), text.to_owned(), &Limits::default());
        assert!(file.errors.is_empty(), "{:?}\n{text}", file.errors);
        Document::of_file(Arc::new(file)).expect("an OpenAPI document")
    }

    /// The OpenAPI Object.
    pub fn root(&self) -> Root<'_> {
        let node = self.files.root(FileId::ROOT).expect("a document that was recognised has a root value");
        Root::new(self, node)
    }

    /// The version, by its features.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The version as written, such as `3.0.3`.
    pub fn written_version(&self) -> &str {
        self.files.text(self.written_version).trim_matches(['"', '\''])
    }

    /// The files; the root document is the first.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The references.
    pub fn references(&self) -> &References {
        &self.references
    }

    /// The limits under which it was loaded.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Every object of type `T` that the root reaches, each once, in the order of the walk; references themselves are
    /// not among them.
    pub fn all<'a, T: Object<'a> + 'a>(&'a self) -> impl Iterator<Item = T> {
        self.nodes(T::TYPE)
            .filter(|node| super::reference::reference_value(*node).is_none())
            .map(|n| T::new(self, n))
    }

    /// What stands under a keyword in the objects of type `T`, in the order of the walk. A keyword that no file has as a key
    /// costs nothing.
    pub fn values_of<'a, T: Object<'a> + 'a>(&'a self, keyword: Atom) -> impl Iterator<Item = Node<'a>> {
        let is_there = self.files.iter().any(|(_, file)| file.tree.has_keyword(keyword));
        let objects = is_there.then(|| self.all::<T>()).into_iter().flatten();
        objects.filter_map(move |object| object.node().get(keyword))
    }

    /// The nodes of every object of a type, references among them.
    pub fn nodes(&self, object_type: ObjectType) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.objects.of(object_type).iter().map(|&identity| self.files.at(identity))
    }

    /// Of each file the nodes of objects, references among them.
    pub(super) fn object_sets(&self) -> impl Iterator<Item = &NodeSet> {
        self.objects.sets()
    }

    /// Every object that is a reference, in the order of the walk.
    pub fn reference_objects(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.objects.references().iter().map(|&identity| self.files.at(identity))
    }

    /// The objects that are references, if any reference of the document leads nowhere: in most documents none does.
    pub fn references_in_doubt(&self) -> impl Iterator<Item = Node<'_>> {
        let count = if self.references.all_lead_to_values() { 0 } else { usize::MAX };
        self.reference_objects().take(count)
    }

    /// How many references lead nowhere; those to other machines are not meant to be followed.
    pub fn unresolved_references(&self) -> usize {
        let is_lost = |object: &Node<'_>| match self.references.end(&self.files, *object) {
            Some(Resolution::Problem(problem)) => problem != Problem::Remote,
            _ => false,
        };
        self.references_in_doubt().filter(is_lost).count()
    }

    /// The value that a JSON Pointer names in a file.
    pub fn value_at(&self, file: FileId, pointer: &str) -> Option<Node<'_>> {
        let root = self.files.root(file)?;
        if pointer.is_empty() { Some(root) } else { super::pointers::descend(root, pointer) }
    }

    /// What an object is, if the walk reached it.
    pub fn type_of(&self, node: Node<'_>) -> Option<ObjectType> {
        self.objects.type_of(node)
    }

    /// Whether a node is known to be a schema without a `$ref` and without schemas below its keywords, as most are.
    pub(super) fn is_partless_schema(&self, node: Node<'_>) -> bool {
        self.objects.is_partless_schema(node)
    }

    /// A node by its numbers.
    pub fn at(&self, identity: (FileId, NodeId)) -> Node<'_> {
        self.files.at(identity)
    }
}

impl PartialEq for Document {
    /// A document is equal to itself only.
    fn eq(&self, other: &Document) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Document {}
