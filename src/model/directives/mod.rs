//! What people say in a document about findings: "ignore this rule here", "this operation is public on purpose".
//!
//! A statement stands in a YAML comment (`# oasguard: …`) or in an extension (`x-oasguard-…`). Here it is read and given
//! what it is about; whether it holds, the engine decides.

mod comment;
mod extension;
mod target;

use rustc_hash::FxHashMap;

use super::{Api, OperationId};
use crate::source::{FileId, Span};
use crate::syntax::{Files, Node, NodeId, Place};

/// A statement of a document, as it is written.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// What is said.
    pub kind: StatementKind,
    /// How it is written.
    pub form: StatementForm,
    /// The names of rules or categories; none in a statement about an intent.
    pub rules: Vec<Word<'a>>,
    /// Why, in the author's words.
    pub reason: Option<Word<'a>>,
    /// The last day on which it holds, as it is written.
    pub until: Option<Word<'a>>,
    /// What it is about.
    pub target: Target<'a>,
    /// The value that it is about, or the root of the file.
    pub place: Place<'a>,
    /// Where it is written: the comment from its `oasguard` on; of an extension the first rule, or the key.
    pub span: Span,
    /// What is wrong with it. A statement with faults has no effect.
    pub faults: Vec<Fault<'a>>,
}

/// What a statement says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum StatementKind {
    /// Findings of some rules are accepted.
    Ignore,
    /// An operation, or each of a path item, is open to everyone on purpose.
    Public,
}

/// How a statement is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum StatementForm {
    /// `# oasguard: …`
    Comment,
    /// `x-oasguard-…`
    Extension,
}

/// What a statement is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target<'a> {
    /// A value with its key and everything in it.
    Node(Node<'a>),
    /// All of a file.
    File(FileId),
    /// Nothing: it is a comment after which nothing begins.
    Nothing,
}

/// A part of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word<'a> {
    /// The text as it is meant.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// What is wrong with a statement, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault<'a> {
    /// What is wrong.
    pub kind: FaultKind<'a>,
    /// Where.
    pub span: Span,
}

/// What can be wrong with a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind<'a> {
    /// A comment begins `oasguard ignore`, without the colon.
    NoColon,
    /// Neither `ignore` nor `ignore-file` nor `public`.
    UnknownKeyword(&'a str),
    /// No rules in brackets.
    NoBrackets,
    /// The bracket is not closed.
    OpenBracket,
    /// No rule, or nothing between two commas.
    NoRule,
    /// `reason` or `until` twice, or both `rule` and `rules`.
    Repeated(&'a str),
    /// Nothing after `reason=` or `until=`.
    NoValue(&'a str),
    /// The quotation mark is not closed.
    OpenQuote,
    /// Neither `reason=` nor `until=`, or a key that an extension does not have.
    Unexpected(&'a str),
    /// A value of a kind that means nothing here.
    WrongKind,
    /// Nothing begins after the comment.
    NoTarget,
    /// What is public must be an operation or a path item.
    NoOperation,
}

impl<'a> Statement<'a> {
    /// A statement of which nothing is known but where it stands.
    fn at(kind: StatementKind, form: StatementForm, place: Place<'a>, span: Span) -> Statement<'a> {
        Statement {
            kind,
            form,
            rules: Vec::new(),
            reason: None,
            until: None,
            target: Target::Node(place.node),
            place,
            span,
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, kind: FaultKind<'a>, span: Span) {
        self.faults.push(Fault { kind, span });
    }
}

/// The operations that a value stands for.
pub(super) type OperationsByNode = FxHashMap<(FileId, NodeId), Vec<OperationId>>;

impl<'a> Api<'a> {
    /// What people say in the files of the document, file by file: first the comments in source order, then the
    /// extensions in the order of the walk.
    pub fn statements(&self) -> &[Statement<'a>] {
        self.statements.get_or_init(|| self.read_statements())
    }

    /// The operations that a value stands for: an Operation Object for itself, a path item for all of its operations,
    /// where it is written and where it is referred to.
    pub fn operations_at(&self, node: Node<'_>) -> &[OperationId] {
        let operations = self.by_node.get_or_init(|| self.operations_by_node());
        operations.get(&node.identity()).map_or(&[], Vec::as_slice)
    }

    fn read_statements(&self) -> Vec<Statement<'a>> {
        let files: &'a Files = self.document.files();
        let whole = files.iter().filter(|(_, file)| file.errors.is_empty());
        let mut all: Vec<Statement<'a>> = whole.flat_map(|(id, _)| comment::statements(files, id)).collect();
        extension::read(self.document, &mut all);
        let publics = all.iter_mut().filter(|one| one.kind == StatementKind::Public && one.faults.is_empty());
        for statement in publics {
            let is_operation = match statement.target {
                Target::Node(node) => !self.operations_at(node).is_empty(),
                Target::File(_) | Target::Nothing => false,
            };
            if !is_operation {
                statement.fault(FaultKind::NoOperation, statement.span);
            }
        }
        all
    }

    fn operations_by_node(&self) -> OperationsByNode {
        let mut operations = OperationsByNode::default();
        for operation in &self.operations {
            let items = operation.items().map(|item| item.node());
            for node in [operation.object.node(), operation.path_node].into_iter().chain(items) {
                let known = operations.entry(node.identity()).or_default();
                // The same path item is written and referred to where it has no reference.
                if known.last() != Some(&operation.id) {
                    known.push(operation.id);
                }
            }
        }
        operations
    }
}

#[cfg(test)]
mod tests;
