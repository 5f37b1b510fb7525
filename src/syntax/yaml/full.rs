//! The complete reader: the events of `granit-parser`, with their spans made exact, onto the tape.
//!
//! Spans are those of the text that a person sees as the value: a scalar without its tag and anchor, a quoted one with
//! its quotes, a block scalar from its `|` or `>` to its last line that is not blank, a flow collection with its
//! brackets, a block mapping from its first key and a block sequence from its first `-` to the end of its last child.
//! A value that is not written (`a:`) has an empty span right after the `:` or `-` that announces it.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::error;
use super::merge::MergeBudget;
use crate::source::Limits;
use crate::syntax::scalar::{float, plain_kind};
use crate::syntax::{Format, Kind, NodeId, Parsed, SyntaxError, TreeBuilder};

/// YAML 1.2.2 §7.4.2 limits an implicit key to 1,024 characters so that a parser need not look further ahead. Real
/// paths and generated names are longer, so keys may be; beyond this a parser that looks ahead costs too much memory.
const KEY_CHARACTERS: usize = 1 << 16;

/// How often a file, and how many bytes of it, may be read again for a quoted string that is indented too little. Where
/// a closing quote is missing, the rest of the file looks like such a string.
const READ_AGAIN: usize = 20;
const BYTES_READ_AGAIN: usize = 32 << 20;

/// Reads any text.
pub fn parse(text: &str, limits: &Limits) -> Parsed {
    // A line of a quoted string must be indented deeper than the key (YAML 1.2.2 §7.3.1, rule 69), but libyaml and
    // most other readers do not ask for it, and well-known documents lack it. Such a line is joined to the one before
    // without moving anything, and the string is decoded from the text as it is.
    let mut joined = Cow::Borrowed(text);
    let mut lines = Vec::new();
    loop {
        let mut reader = Reader::new(text, limits, &lines);
        let error = reader.stream(&joined, limits).err();
        if let Some(line) = reader.too_little_indented
            && lines.len() < joins(text)
            && let Some(mended) = join_lines(&joined, line)
        {
            joined = Cow::Owned(mended);
            lines.push(line);
            continue;
        }
        return reader.finish(error);
    }
}

/// How often a text may be read again.
pub(super) fn joins(text: &str) -> usize {
    READ_AGAIN.min(BYTES_READ_AGAIN / text.len().max(1))
}

/// The text with the lines of a quoted string from `line`, an offset after an indentation, on joined to what stands
/// before it: up to the next quote they are certainly lines of that string.
fn join_lines(text: &str, line: usize) -> Option<String> {
    let start = text[..line].trim_end_matches([' ', '\t', '\r', '\n']).len();
    let mut end = text[line..].find(['"', '\'']).map_or(text.len(), |length| line + length);
    // A marker of a document within a string is an error that must not go unseen.
    let markers = ["\n---", "\n...", "\r---", "\r..."];
    for marker in markers {
        end = text[start..end].find(marker).map_or(end, |length| start + length);
    }
    (end > line)
        .then(|| format!("{}{}{}", &text[..start], text[start..end].replace(['\r', '\n'], " "), &text[end..]))
}

struct Reader<'a> {
    text: &'a str,
    /// Where the last key or value ended, or the `-` of the sequence that was just opened: nothing that stands before
    /// it is still to come.
    at: usize,
    tree: TreeBuilder,
    frames: Vec<Frame>,
    /// The anchored nodes by the parser's numbers of their anchors. A name that is anchored again has a new number.
    anchors: Vec<Option<NodeId>>,
    comments: Vec<(u32, u32)>,
    merges: MergeBudget,
    documents: usize,
    /// The lines of quoted strings that were joined for the parser, in order.
    joined_lines: &'a [usize],
    /// The line at which reading ended because it is indented too little for a quoted string.
    too_little_indented: Option<usize>,
}

/// A collection that is not complete yet.
struct Frame {
    id: NodeId,
    is_mapping: bool,
    /// It has brackets of its own. A block collection has none, nor has the single pair in `[a: b]`.
    is_bracketed: bool,
    wants_key: bool,
    is_empty: bool,
    has_merge_key: bool,
}

/// What the next node is to the innermost open collection.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Root,
    Item,
    Key,
    Value,
}

type Step = Result<(), SyntaxError>;

impl<'a> Reader<'a> {
    fn new(text: &'a str, limits: &Limits, joined_lines: &'a [usize]) -> Reader<'a> {
        Reader {
            text,
            at: 0,
            tree: TreeBuilder::new(text.len(), limits),
            frames: Vec::new(),
            anchors: Vec::new(),
            comments: Vec::new(),
            merges: MergeBudget::new(limits),
            documents: 0,
            joined_lines,
            too_little_indented: None,
        }
    }

    fn finish(mut self, error: Option<SyntaxError>) -> Parsed {
        // The parser reports the comment of a block scalar's header after the scalar.
        self.comments.sort_unstable();
        for &(start, end) in &self.comments {
            self.tree.comment(start, end);
        }
        let tree = self.tree.finish(self.text.len() as u32);
        let mut errors: Vec<_> = error.into_iter().collect();
        for error in &mut errors {
            // The builder, which reports limits, does not know the text.
            error.end = self.text.ceil_char_boundary(error.end as usize) as u32;
        }
        Parsed { tree, errors, format: Format::Yaml }
    }

    /// Reads `joined`, which is the text but for the line breaks before joined lines.
    fn stream(&mut self, joined: &str, limits: &Limits) -> Step {
        let depth = limits.depth as usize;
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            // The parser's own limits must not be stricter than ours, and must end hostile nesting early.
            flow_nesting_limit: depth,
            block_nesting_limit: depth,
            simple_key_max_lookahead: KEY_CHARACTERS,
            max_buffered_comment_events: usize::MAX,
        };
        let mut second: Option<Range<usize>> = None;
        for next in Parser::new_from_str_with_options(joined, options) {
            let (event, span) = next.map_err(|error| {
                self.too_little_indented = error::too_little_indented(&error);
                error::from_parser(&error, self.text, limits)
            })?;
            let range = self.range(span);
            if let Event::DocumentStart(is_written, _) = event {
                self.documents += 1;
                if is_written {
                    self.at = range.end;
                }
                if self.documents > 1 {
                    second.get_or_insert(range);
                }
                continue;
            }
            match &second {
                None => self.event(event, range)?,
                // A `---` that nothing follows is no second document.
                Some(at) if event.is_node() && !is_unwritten(&event, &range) => {
                    let end = at.end.max(at.start + self.width(at.start));
                    let message = "a second document starts here";
                    let help = "a file holds one OpenAPI document; move the others to files of their own";
                    return Err(SyntaxError::new(at.start, end, message, help));
                }
                Some(_) => self.comment(&event, &range),
            }
        }
        Ok(())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(self.at..self.at);
        // After a byte order mark in the header of a block scalar the parser's offsets are not those of characters.
        let end = self.text.floor_char_boundary(range.end);
        self.text.floor_char_boundary(range.start).min(end)..end
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Step {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), range)
            }
            Event::SequenceStart(style, anchor, _) => self.sequence(style, anchor, range),
            Event::MappingStart(_, anchor, _) => self.mapping(anchor, range),
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            Event::Alias(anchor) => self.alias(anchor, range),
            Event::UnresolvedAlias(name) => {
                let message = format!("no anchor `&{name}` stands before the alias `*{name}`");
                let help = "define the anchor before it, or quote the value if it is a text";
                Err(SyntaxError::new(range.start, range.end, message, help))
            }
            other => {
                self.comment(&other, &range);
                Ok(())
            }
        }
    }

    fn comment(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if let Event::Comment(..) = event {
            self.comments.push((range.start as u32, range.end as u32));
        }
    }

    fn role(&self) -> Role {
        match self.frames.last() {
            None => Role::Root,
            Some(frame) if !frame.is_mapping => Role::Item,
            Some(frame) if frame.wants_key => Role::Key,
            Some(_) => Role::Value,
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) -> Step {
        let role = self.role();
        let is_plain = style == ScalarStyle::Plain;
        let is_unwritten = is_plain && range.is_empty();
        // The parser calls a value that is not written `~`.
        let mut text = if is_unwritten { Cow::Borrowed("") } else { text };
        let Range { start, end } = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let range = self.block_scalar(range);
                // The parser adds the line break that the last line of a file may lack (YAML 1.2.2 §8.1.1.2, rule 165).
                if range.end == self.text.len() && text.ends_with('\n') {
                    text.to_mut().pop();
                }
                range
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if self.first_joined(&range).is_some() => {
                if let (Role::Key, Some(line)) = (role, self.first_joined(&range)) {
                    return Err(error::joined_key(line, line + self.width(line)));
                }
                text = Cow::Owned(decoded_alone(&self.text[range.clone()]).unwrap_or(text.into_owned()));
                range
            }
            _ if is_unwritten && anchor == 0 && tag.is_none() => self.unwritten(role, range.start),
            _ => range,
        };
        let verbatim = match style {
            ScalarStyle::Plain => self.text[start..end] == *text,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => self.text[start + 1..end - 1] == *text,
            _ => false,
        };
        let kind = kind(&text, is_plain, verbatim, tag);
        let (from, to) = (start as u32, end as u32);
        let id = match (role, kind) {
            (Role::Key, _) => {
                self.start_key(start, is_plain && *text == *"<<");
                self.tree.key(kind, from, to, &text, verbatim)?
            }
            (_, Kind::String) => self.tree.string(from, to, (!verbatim).then(|| text.into_owned()))?,
            _ => self.tree.scalar(kind, from, to)?,
        };
        self.anchor(anchor, id);
        self.end_node(role, end);
        Ok(())
    }

    /// The first joined line in a range.
    fn first_joined(&self, range: &Range<usize>) -> Option<usize> {
        let index = self.joined_lines.partition_point(|&line| line < range.start);
        self.joined_lines.get(index).copied().filter(|&line| line < range.end)
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Step {
        let role = self.role();
        let (start, end) = (range.start as u32, range.end as u32);
        let target = self.anchors.get(anchor).copied().flatten();
        let Some(target) = target.filter(|&target| !self.tree.is_open(target)) else {
            let message = "an alias stands within the value that it names";
            return Err(SyntaxError::new(
                range.start,
                range.end,
                message,
                "write the value out, or use a `$ref`",
            ));
        };
        if role == Role::Key {
            if matches!(self.tree.tree().kind(target), Kind::Array | Kind::Object) {
                return Err(self.compound_key(range));
            }
            self.start_key(range.start, false);
            self.tree.alias_key(start, end, target, self.text)?;
        } else {
            self.tree.alias(start, end, target)?;
        }
        self.end_node(role, range.end);
        Ok(())
    }

    fn sequence(&mut self, style: StructureStyle, anchor: usize, range: Range<usize>) -> Step {
        let role = self.role();
        // The items of a mapping's sequence may be indented like its keys; the parser then starts at the first item.
        let start = match (style, role) {
            (StructureStyle::Block, Role::Value) => self.seek(b"-", b":").unwrap_or(range.start),
            _ => range.start,
        };
        let is_bracketed = style == StructureStyle::Flow;
        self.open(Kind::Array, anchor, role, start..range.end, is_bracketed)?;
        self.at = if is_bracketed { range.end } else { start };
        Ok(())
    }

    fn mapping(&mut self, anchor: usize, range: Range<usize>) -> Step {
        let role = self.role();
        let is_bracketed = self.text[range.clone()].starts_with('{');
        if is_bracketed {
            self.at = range.end;
        }
        self.open(Kind::Object, anchor, role, range, is_bracketed)
    }

    fn open(
        &mut self,
        kind: Kind,
        anchor: usize,
        role: Role,
        range: Range<usize>,
        is_bracketed: bool,
    ) -> Step {
        if role == Role::Key {
            return Err(self.compound_key(range));
        }
        let id = self.tree.open(kind, range.start as u32)?;
        self.anchor(anchor, id);
        let is_mapping = kind == Kind::Object;
        self.frames.push(Frame {
            id,
            is_mapping,
            is_bracketed,
            wants_key: is_mapping,
            is_empty: true,
            has_merge_key: false,
        });
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) -> Step {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        // The parser ends a collection without brackets where the next token starts.
        let end = if frame.is_bracketed { range.end } else { self.at };
        self.tree.close(end as u32);
        if frame.has_merge_key {
            self.merges.count(self.tree.tree(), frame.id)?;
        }
        self.end_node(self.role(), end);
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        // Number 0 is no anchor.
        if anchor > 0 {
            self.anchors.resize(self.anchors.len().max(anchor + 1), None);
            self.anchors[anchor] = Some(id);
        }
    }

    fn start_key(&mut self, start: usize, is_merge_key: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.has_merge_key |= is_merge_key;
        if frame.is_empty && !frame.is_bracketed {
            self.tree.set_range(frame.id, start as u32, start as u32);
        }
        frame.is_empty = false;
    }

    fn end_node(&mut self, role: Role, end: usize) {
        self.at = end;
        if let Some(frame) = self.frames.last_mut() {
            frame.wants_key = role == Role::Value;
        }
    }

    fn compound_key(&self, range: Range<usize>) -> SyntaxError {
        let end = range.end.max(range.start + self.width(range.start));
        let help = match self.text.as_bytes().get(range.start) {
            Some(b'{' | b'[') => "quote the value if the bracket is part of a text",
            _ => "use a string as the key",
        };
        SyntaxError::new(range.start, end, "a mapping or sequence is used as a key", help)
    }

    /// The length of the character at an offset; zero at the end.
    fn width(&self, at: usize) -> usize {
        self.text[at..].chars().next().map_or(0, char::len_utf8)
    }

    /// Where a value stands that is not written and has neither tag nor anchor.
    fn unwritten(&self, role: Role, start: usize) -> Range<usize> {
        let at = match role {
            // Without a colon (`? a`) the next key may start with one (`::`).
            Role::Value => match self.seek(b":", b"") {
                Some(colon) if self.ends_indicator(colon + 1) => colon + 1,
                _ => self.at,
            },
            Role::Item => self.seek(b"-", b"").map_or(start, |dash| dash + 1),
            Role::Key | Role::Root => start,
        };
        at..at
    }

    /// Whether an indicator before this offset is not the start of a text.
    fn ends_indicator(&self, at: usize) -> bool {
        match self.text.as_bytes().get(at) {
            None | Some(b' ' | b'\t' | b'\r' | b'\n') => true,
            // The parent of a single pair has the brackets; no block collection stands in a flow collection.
            Some(b',' | b']' | b'}') => self.frames.iter().rev().take(2).any(|frame| frame.is_bracketed),
            Some(_) => false,
        }
    }

    /// A block scalar from its header on; `content` is the parser's span, which may end after blank lines.
    fn block_scalar(&self, content: Range<usize>) -> Range<usize> {
        let start = self.seek(b"|>", b":-?").unwrap_or(content.start);
        let header =
            self.text[start..].bytes().skip(1).take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-'));
        let header_end = (start + 1 + header.count()).min(self.text.len());
        // Where nothing follows, the parser's span is the header with its comment.
        if content.start <= start {
            return start..header_end;
        }
        let body = &self.text[content.start.max(header_end)..content.end.max(header_end)];
        let Some(last) = body.rfind(|character| !matches!(character, ' ' | '\t' | '\r' | '\n')) else {
            return start..header_end;
        };
        // Blanks at the end of the last line are content.
        let line_end = body[last..].find(['\r', '\n']).map_or(body.len(), |length| last + length);
        start..content.start.max(header_end) + line_end
    }

    /// The first of the wanted indicators after `at`, past blanks, comments, tags, anchors and the passed indicators.
    fn seek(&self, wanted: &[u8], passed: &[u8]) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            let byte = *bytes.get(at)?;
            if wanted.contains(&byte) {
                return Some(at);
            }
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                _ if passed.contains(&byte) && self.ends_indicator(at + 1) => at += 1,
                b'#' => at += memchr::memchr2(b'\n', b'\r', &bytes[at..])?,
                b'&' | b'!' => at += bytes[at..].iter().position(u8::is_ascii_whitespace)?,
                // The byte order mark.
                0xef if self.text[at..].starts_with('\u{feff}') => at += 3,
                _ => return None,
            }
        }
    }
}

/// Whether a node is a value that is not written, without tag and anchor.
fn is_unwritten(event: &Event<'_>, range: &Range<usize>) -> bool {
    range.is_empty() && matches!(event, Event::Scalar(_, ScalarStyle::Plain, 0, None))
}

/// The text of a quoted string that is read as a document of its own, where no line needs indentation.
fn decoded_alone(source: &str) -> Option<String> {
    Parser::new_from_str(source).find_map(|next| match next {
        Ok((Event::Scalar(text, ..), _)) => Some(text.into_owned()),
        _ => None,
    })
}

/// The kind of a scalar. A tag of the core schema decides where the text is of its type, and is ignored otherwise; the
/// text of a number, boolean or null has to stand in the source as it is.
fn kind(text: &str, is_plain: bool, verbatim: bool, tag: Option<&Tag>) -> Kind {
    let untagged = || if is_plain { plain_kind(text) } else { Kind::String };
    let Some(tag) = tag else { return untagged() };
    let wanted = match tag.core_suffix() {
        Some("str") => return Kind::String,
        Some("null") => Kind::Null,
        Some("bool") => Kind::Bool,
        Some("int") => Kind::Int,
        Some("float") => Kind::Float,
        // The non-specific tag `!` makes any scalar a string (YAML 1.2.2 §6.9.1).
        _ if tag.parts() == ("", "!") => return Kind::String,
        _ => return untagged(),
    };
    let is_float = wanted == Kind::Float && plain_kind(text) == Kind::Int && float(text).is_some();
    if verbatim && (is_float || plain_kind(text) == wanted) { wanted } else { untagged() }
}
