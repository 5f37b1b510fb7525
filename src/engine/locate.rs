//! Places of a document as locations that outlive it: path, pointer, line, column, excerpt.

use rustc_hash::FxHashMap;

use super::identity::Fingerprints;
use super::{Excerpts, LineHashes};
use crate::lint::{Label, Location, OperationName};
use crate::model::{Document, Operation, OperationKind};
use crate::source::{FileId, LineHash, LineIndex, Span, line_hashes};
use crate::syntax::{Descent, Node, NodeId, Part, Place};

/// How many aliases of one value are shown.
const SHOWN_ALIASES: usize = 3;

/// Turns places into locations; indexes the lines of a file when it is first asked about it.
pub struct Locator<'a> {
    document: &'a Document,
    excerpts: Excerpts,
    line_hashes: LineHashes,
    lines: FxHashMap<FileId, LineIndex>,
    /// Of the files with a location so far, if they are asked for.
    hashes: FxHashMap<FileId, Vec<LineHash>>,
    /// The ways to the places that were located so far.
    pub(super) descent: Descent,
    /// The hashes of the ways to findings.
    pub(super) fingerprints: Fingerprints,
    /// The first aliases of each anchored value, by file.
    aliases: FxHashMap<FileId, FxHashMap<NodeId, Vec<NodeId>>>,
}

impl<'a> Locator<'a> {
    /// A locator for the files of a document.
    pub fn new(document: &'a Document, excerpts: Excerpts) -> Locator<'a> {
        Locator {
            document,
            excerpts,
            line_hashes: LineHashes::Omit,
            lines: FxHashMap::default(),
            hashes: FxHashMap::default(),
            descent: Descent::default(),
            fingerprints: Fingerprints::default(),
            aliases: FxHashMap::default(),
        }
    }

    /// The same locator, with or without hashes of lines.
    pub fn with(self, line_hashes: LineHashes) -> Locator<'a> {
        Locator { line_hashes, ..self }
    }

    /// The location of a place. A value that spans several lines is shown by its key, so that every location is on one
    /// line.
    pub fn locate(&mut self, place: Place<'a>) -> Location {
        let text = &self.document.files().file(place.node.file()).text;
        let first_line = |span: Span| line_break(&text[span.range()]);
        let (mut place, mut span) = (place, place.span());
        let mut end = first_line(span);
        if end.is_some() && place.part == Part::Value {
            place = Place::key(place.node);
            span = place.span();
            // What has no key (an item of an array, a root) is shown by its first line.
            end = first_line(span);
        }
        span.end = end.map_or(span.end, |length| span.start + length as u32);
        let pointer = self.descent.pointer(self.document.files(), place.node);
        self.location(span, pointer.into_string(), place.part)
    }

    /// The location of a part of the text that is about a place: a comment. It is on one line.
    pub fn locate_part(&mut self, place: Place<'a>, mut span: Span) -> Location {
        let text = &self.document.files().file(span.file).text;
        let first_line = text[span.range()].find(['\n', '\r']).unwrap_or(span.range().len());
        span.end = span.start + first_line as u32;
        let pointer = self.descent.pointer(self.document.files(), place.node);
        self.location(span, pointer.into_string(), place.part)
    }

    /// The location of a span that belongs to no value: a syntax error.
    pub fn locate_span(&mut self, span: Span) -> Location {
        self.location(span, String::new(), Part::Value)
    }

    /// Labels of places, in their order.
    pub fn labels(&mut self, places: impl IntoIterator<Item = (Place<'a>, String)>) -> Vec<Label> {
        let labels =
            places.into_iter().map(|(place, message)| Label { message, location: self.locate(place) });
        labels.collect()
    }

    /// Labels for the aliases through which a node is reached, at most three.
    pub fn alias_labels(&mut self, node: Node<'a>) -> Vec<Label> {
        let files = self.document.files();
        let file = files.file(node.file());
        if file.tree.aliases().is_empty() {
            return Vec::new();
        }
        let by_target = self.aliases.entry(node.file()).or_insert_with(|| {
            let mut by_target: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
            for &(target, alias) in file.tree.aliases() {
                let aliases = by_target.entry(target).or_default();
                if aliases.len() < SHOWN_ALIASES {
                    aliases.push(alias);
                }
            }
            by_target
        });
        let way = self.descent.steps(files, node);
        let around = way.iter().map(|step| step.value().id());
        let mut aliases: Vec<NodeId> = std::iter::once(NodeId::ROOT)
            .chain(around)
            .filter_map(|around| by_target.get(&around))
            .flatten()
            .copied()
            .collect();
        aliases.sort();
        aliases.truncate(SHOWN_ALIASES);
        let alias_places = aliases.into_iter().map(|alias| Place::value(files.node(node.file(), alias)));
        self.labels(alias_places.map(|place| (place, "used here through an alias".to_owned())))
    }

    fn location(&mut self, span: Span, pointer: String, part: Part) -> Location {
        let file = self.document.files().file(span.file);
        let lines = self.lines.entry(span.file).or_insert_with(|| LineIndex::new(&file.text));
        let range = span.range();
        let location = Location::of(&file.display, &file.text, lines, range.clone());
        let line_hash = (self.line_hashes == LineHashes::Compute).then(|| {
            let hashes = self.hashes.entry(span.file).or_insert_with(|| line_hashes(&file.text));
            hashes.get(location.start.line as usize - 1).copied()
        });
        Location {
            pointer,
            part,
            line_hash: line_hash.flatten(),
            excerpt: (self.excerpts == Excerpts::Cut).then(|| crate::lint::cut(&file.text, lines, range)),
            ..location
        }
    }
}

/// Where the first line ends; in a minified file a value may be most of the text.
fn line_break(text: &str) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', text.as_bytes())
}

/// The name of an operation for outputs.
pub fn operation_name(operation: &Operation<'_>) -> OperationName {
    let name = |text: &str| crate::lint::shortened(text.to_owned());
    OperationName {
        kind: operation.kind,
        method: operation.method.upper(),
        path: if operation.kind == OperationKind::Webhook { String::new() } else { name(operation.path) },
        name: operation.name.map(name),
        operation_id: Some(operation.operation_id()).filter(|id| !id.is_empty()).map(name),
    }
}
