//! `oasguard tree`: the typed objects of a document with their places, for those who write rules.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use super::args::Tree;
use super::matrix::report;
use super::output::to_stdout;
use super::{Exit, Refusal, inputs, session_without_report};
use crate::lint::shortened;
use crate::model::{Document, ObjectType, reference_value};
use crate::report::visible_line;
use crate::source::{FileId, LineIndex};
use crate::syntax::{File, Files, Kind, Node, escape_token};

/// Characters of a scalar that are shown.
const SHOWN: usize = 40;

pub(super) fn run(options: &Tree) -> Result<Exit, Refusal> {
    let (mut session, _) = session_without_report(&options.reading)?;
    let path = inputs::single(&mut session, &options.file)?;
    let file = match session.parse(&path) {
        Ok(file) => Arc::new(file),
        Err(failures) => {
            failures.iter().for_each(report);
            return Ok(Exit::Trouble);
        }
    };
    let failures = session.syntax_failures(&file);
    let document = if failures.is_empty() { session.open(file.clone()).ok() } else { None };
    to_stdout(|out| {
        let mut out = BufWriter::new(out);
        match &document {
            Some(document) => typed(document, options, &mut out)?,
            None => untyped(file, options, &mut out)?,
        }
        out.flush()
    })?;
    failures.iter().for_each(report);
    Ok(if failures.is_empty() { Exit::Clean } else { Exit::Trouble })
}

/// The objects to which the specification gives a type, file by file.
fn typed(document: &Document, options: &Tree, out: &mut dyn Write) -> io::Result<()> {
    for (id, file) in document.files().iter() {
        let Some(root) = document.files().root(id) else { continue };
        if id != FileId::ROOT {
            writeln!(out, "\n{}", visible_line(&file.display))?;
        }
        let mut page = Page { lines: LineIndex::new(&file.text), file, out };
        walk(root, options.depth, |node, pointer, level| {
            let Some(object_type) = document.type_of(node) else { return Ok(Step::Through) };
            if options.types.is_empty() || options.types.contains(&object_type) {
                // Of a choice of types the levels between are missing: indents would say nothing.
                let level = if options.types.is_empty() { level } else { 0 };
                page.object(node, object_type, pointer, level)?;
            }
            Ok(Step::Down)
        })?;
    }
    Ok(())
}

/// Everything that could be read, by kinds and keys.
fn untyped(file: Arc<File>, options: &Tree, out: &mut dyn Write) -> io::Result<()> {
    let files = Files::new(file);
    let Some(root) = files.root(FileId::ROOT) else { return Ok(()) };
    let file = files.file(FileId::ROOT);
    let mut page = Page { lines: LineIndex::new(&file.text), file, out };
    walk(root, options.depth, |node, _, level| {
        page.value(node, level)?;
        Ok(Step::Down)
    })
}

/// How the walk goes on below a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Its children are one level deeper.
    Down,
    /// Its children are on its own level, as if it were not there.
    Through,
}

/// The way from a parent to a child.
enum Token<'a> {
    Root,
    Key(Node<'a>),
    Index(usize),
}

/// Visits a file's nodes from front to back, with pointer and level, down to a level. Not recursive: a document may be
/// as deep as the limits allow.
fn walk<'a>(
    root: Node<'a>,
    depth: Option<usize>,
    mut visit: impl FnMut(Node<'a>, &str, usize) -> io::Result<Step>,
) -> io::Result<()> {
    let mut pointer = String::new();
    let mut pending = vec![(root, Token::Root, 0, 0)];
    while let Some((node, token, parent, level)) = pending.pop() {
        pointer.truncate(parent);
        match token {
            Token::Root => {}
            Token::Key(key) => pointer.extend(["/", &*escape_token(key.text())]),
            Token::Index(index) => pointer.extend(["/", &index.to_string()]),
        }
        if depth.is_some_and(|depth| level > depth) {
            continue;
        }
        let level = level + usize::from(visit(node, &pointer, level)? == Step::Down);
        let first = pending.len();
        let at = pointer.len();
        if node.is_array() {
            let items = node.children().enumerate();
            pending.extend(items.map(|(index, item)| (item, Token::Index(index), at, level)));
        } else {
            let entries = node.written_entries();
            pending.extend(entries.map(|entry| (entry.written, Token::Key(entry.key), at, level)));
        }
        pending[first..].reverse();
    }
    Ok(())
}

/// The lines about one file.
struct Page<'a, 'o> {
    file: &'a File,
    lines: LineIndex,
    out: &'o mut dyn Write,
}

impl Page<'_, '_> {
    /// `Schema #/components/schemas/Pet 10:5-14:1`.
    fn object(
        &mut self,
        node: Node<'_>,
        object_type: ObjectType,
        pointer: &str,
        level: usize,
    ) -> io::Result<()> {
        let span = self.span(node);
        let target = reference_value(node).map_or_else(String::new, |value| format!(" -> {}", value.text()));
        let line = format!("{} #{pointer} {span}{target}", object_type.name());
        writeln!(self.out, "{}{}", indent(level), visible_line(&shortened(line)))
    }

    /// `title: string 3:3-3:10 "Pets"`.
    fn value(&mut self, node: Node<'_>, level: usize) -> io::Result<()> {
        let span = self.span(node);
        let key = node.key().map_or_else(String::new, |key| format!("{}: ", key.text()));
        let kind = kind_name(node.kind());
        let source = match node.kind() {
            Kind::Array | Kind::Object => String::new(),
            _ => {
                let source = node.source();
                let cut: String = source.chars().take(SHOWN).collect();
                let more = if cut.len() < source.len() { "…" } else { "" };
                format!(" {cut}{more}")
            }
        };
        let line = format!("{key}{kind} {span}{source}");
        writeln!(self.out, "{}{}", indent(level), visible_line(&shortened(line)))
    }

    /// `line:column` of the first character and of the one after the last.
    fn span(&self, node: Node<'_>) -> String {
        let range = node.span().range();
        let start = self.lines.line_column(&self.file.text, range.start);
        let end = self.lines.line_column(&self.file.text, range.end);
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    }
}

/// Two spaces a level, up to a depth at which nobody sees the difference any more.
fn indent(level: usize) -> String {
    const DEEPEST: usize = 100;
    "  ".repeat(level.min(DEEPEST))
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "boolean",
        Kind::Int => "integer",
        Kind::Float => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Alias => "alias",
    }
}
