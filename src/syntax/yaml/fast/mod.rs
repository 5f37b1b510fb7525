//! The fast reader: block and flow collections, plain, quoted and block scalars, comments, one leading `---`. That is
//! what people and emitters write; on anything else it gives up, and the complete reader reads the text.
//!
//! The reference is the complete reader of this crate: `granit-parser` with its default, lenient indentation (its
//! option `strict_indentation` is off), spans made exact as `full.rs` says. Whenever this reader answers, the nodes,
//! their kinds, texts and spans and the comments are those of the reference, and where the reference reports an error,
//! this reader gives up. So it knows no errors of its own, and whatever is rare or hard to be sure of is given up too.
//!
//! It reads line by line. The open block collections with their columns are a stack; after each value stands the first
//! character of the next line that is neither blank nor a comment, and its column decides what it belongs to. Texts
//! that are not in the source as they are are only found here, and decoded when they are asked for.

mod flow;
mod scalar;
mod scan;
#[cfg(test)]
mod tests;

use super::full;
use crate::source::Limits;
use crate::syntax::{Format, Kind, Parsed, SyntaxError, TreeBuilder};
use flow::Flow;
use scan::{is_blank, is_ordinary, skip_spaces};

/// A longer key is left to the complete reader, which has a limit on them.
const KEY_BYTES: usize = 1024;

/// Why the fast reader gives up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Bail {
    /// A text without a value.
    Nothing,
    /// The whole document is a scalar, or a flow collection.
    Root,
    /// `&name`.
    Anchor,
    /// `*name`.
    Alias,
    /// `!name`.
    Tag,
    /// `<<`.
    MergeKey,
    /// `%NAME`.
    Directive,
    /// A second `---`, or `...`.
    Marker,
    /// An unusual `? key`, a key over several lines, or one that is very long.
    Key,
    /// A tab where it could be indentation.
    Tab,
    /// A control character, a byte order mark or a carriage return within the text.
    Character,
    /// A line that is indented like nothing around it.
    Indentation,
    /// A line of a quoted string that is indented no deeper than its key.
    QuotedIndentation,
    /// A character that starts no value, or a value that is followed by something.
    Value,
    /// An escape that is unknown, or half of a surrogate pair.
    Escape,
    /// A string or a bracket that is not closed.
    Unclosed,
    /// An unusual flow collection: a key without a `:`, a text over several lines.
    Flow,
    /// An unusual block scalar.
    BlockScalar,
    /// What is read is too much.
    Limit,
}

impl From<Box<SyntaxError>> for Bail {
    fn from(_: Box<SyntaxError>) -> Bail {
        Bail::Limit
    }
}

type Step<T = ()> = Result<T, Bail>;

/// Reads a text, if it is an ordinary one.
pub fn parse(text: &str, limits: &Limits) -> Result<Parsed, Bail> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let bytes = text.as_bytes();
    if !is_ordinary(&bytes[start..]) {
        return Err(Bail::Character);
    }
    let mut reader = Reader {
        text,
        bytes,
        at: start,
        line: start,
        end: start,
        awaited: None,
        joined: start,
        joins: full::joins(text),
        blocks: Vec::new(),
        flows: Vec::new(),
        tree: TreeBuilder::new(text.len(), limits),
    };
    reader.document()?;
    Ok(Parsed { tree: reader.tree.finish(text.len() as u32), errors: Vec::new(), format: Format::Yaml })
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// What is read next.
    at: usize,
    /// Where its line starts.
    line: usize,
    /// Where the last value ended.
    end: usize,
    /// The offset after the `:` or `-` whose value is not on its line.
    awaited: Option<usize>,
    /// Up to where the complete reader would have joined the lines of a quoted string that is indented too little, and
    /// how often it would still do so.
    joined: usize,
    joins: usize,
    blocks: Vec<Block>,
    flows: Vec<Flow>,
    tree: TreeBuilder,
}

/// A block collection that is not complete yet.
#[derive(Clone, Copy)]
struct Block {
    /// The column of its keys or dashes.
    column: isize,
    is_mapping: bool,
}

/// What stands around a document: a column left of all others.
const NO_BLOCK: Block = Block { column: -1, is_mapping: false };

impl Reader<'_> {
    fn document(&mut self) -> Step {
        self.line_start()?;
        self.comments()?;
        if self.bytes[self.at..].starts_with(b"---") && self.is_marker() {
            self.at += 3;
            self.rest_of_line()?;
        }
        if self.at == self.bytes.len() {
            return Err(Bail::Nothing);
        }
        if self.is_marker() {
            return Err(Bail::Marker);
        }
        self.node()?;
        if self.blocks.is_empty() {
            return Err(Bail::Root);
        }
        while self.at < self.bytes.len() {
            self.next_line()?;
        }
        if let Some(at) = self.awaited.take() {
            self.unwritten(at)?;
        }
        while !self.blocks.is_empty() {
            self.close();
        }
        Ok(())
    }

    /// The column of what is read next.
    fn column(&self) -> isize {
        (self.at - self.line) as isize
    }

    fn peek(&self) -> Option<&u8> {
        self.bytes.get(self.at)
    }

    fn innermost(&self) -> Block {
        self.blocks.last().copied().unwrap_or(NO_BLOCK)
    }

    /// A `---` or `...` at the start of a line.
    fn is_marker(&self) -> bool {
        self.at == self.line
            && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
            && is_blank(self.bytes.get(self.at + 3))
    }

    fn is_dash(&self) -> bool {
        self.peek() == Some(&b'-') && is_blank(self.bytes.get(self.at + 1))
    }

    /// A line of a block collection, from its first character on.
    #[inline]
    fn next_line(&mut self) -> Step {
        let column = self.column();
        if column == 0 && self.is_marker() {
            return Err(Bail::Marker);
        }
        let mut block = self.innermost();
        if let Some(at) = self.awaited.take() {
            // The items of a mapping's sequence may be indented like its keys.
            if column > block.column || column == block.column && block.is_mapping && self.is_dash() {
                return self.node();
            }
            self.unwritten(at)?;
        }
        while block.column > column {
            self.close();
            block = self.innermost();
        }
        if block.column == column && !block.is_mapping && !self.is_dash() {
            self.close();
            block = self.innermost();
        }
        match block.is_mapping {
            _ if block.column != column => Err(Bail::Indentation),
            true => self.entry(),
            false if self.is_dash() => {
                if self.item()? {
                    self.node()
                } else {
                    Ok(())
                }
            }
            false => Err(Bail::Indentation),
        }
    }

    /// A value that starts a line or follows a dash, so that it may be a block collection.
    fn node(&mut self) -> Step {
        while self.is_dash() {
            self.open(Kind::Array)?;
            if !self.item()? {
                return Ok(());
            }
        }
        match self.peek() {
            Some(&quote @ (b'"' | b'\'')) => {
                let (start, column) = (self.at, self.column());
                let quoted = self.quoted(quote)?;
                let end = self.at;
                self.at = skip_spaces(self.bytes, end);
                if self.peek() != Some(&b':') {
                    self.string(start, end, quoted)?;
                    return self.rest_of_line();
                }
                self.open_at(Kind::Object, start, column)?;
                self.quoted_key(start, end, quoted)?;
                self.value()
            }
            Some(b'[' | b'{') => self.flow_collection(),
            Some(b'|' | b'>') => self.block_scalar(),
            Some(b'?') if is_blank(self.bytes.get(self.at + 1)) => {
                let column = self.column();
                self.open_at(Kind::Object, skip_spaces(self.bytes, self.at + 1), column)?;
                self.explicit_entry()
            }
            _ => {
                let (start, column) = (self.at, self.column());
                let (end, is_key) = self.plain()?;
                if !is_key {
                    return self.plain_value(start, end);
                }
                self.open_at(Kind::Object, start, column)?;
                self.plain_key(start, end)?;
                self.value()
            }
        }
    }

    /// A key of the innermost mapping, and what of its value stands on the line.
    #[inline]
    fn entry(&mut self) -> Step {
        let start = self.at;
        match self.peek() {
            Some(&quote @ (b'"' | b'\'')) => {
                let quoted = self.quoted(quote)?;
                let end = self.at;
                self.at = skip_spaces(self.bytes, end);
                self.quoted_key(start, end, quoted)?;
            }
            Some(b'?') if is_blank(self.bytes.get(start + 1)) => return self.explicit_entry(),
            _ => {
                let (end, is_key) = self.plain()?;
                if !is_key {
                    return Err(Bail::Value);
                }
                self.plain_key(start, end)?;
            }
        }
        self.value()
    }

    /// A key after a `?`, as emitters write long ones, with its `:` below the `?`.
    fn explicit_entry(&mut self) -> Step {
        let column = self.column();
        self.at = skip_spaces(self.bytes, self.at + 1);
        self.explicit_key()?;
        if self.column() != column || self.peek() != Some(&b':') || !is_blank(self.bytes.get(self.at + 1)) {
            return Err(Bail::Key);
        }
        if self.item()? { self.node() } else { Ok(()) }
    }

    /// A dash of the innermost sequence, or the `:` of a key after a `?`; whether its value stands on the line.
    fn item(&mut self) -> Step<bool> {
        let after = self.at + 1;
        self.at = skip_spaces(self.bytes, after);
        if !matches!(self.peek(), None | Some(b'\n' | b'\r' | b'#')) {
            return Ok(true);
        }
        self.awaited = Some(after);
        self.rest_of_line()?;
        Ok(false)
    }

    /// The `:` after a key, and what of the value stands on the line.
    #[inline]
    fn value(&mut self) -> Step {
        let after = self.at + 1;
        if self.peek() != Some(&b':') || !is_blank(self.bytes.get(after)) {
            return Err(Bail::Value);
        }
        self.at = skip_spaces(self.bytes, after);
        self.skip_blanks();
        match self.peek() {
            None | Some(b'\n' | b'\r' | b'#') => {
                self.awaited = Some(after);
                self.rest_of_line()
            }
            Some(&quote @ (b'"' | b'\'')) => {
                let start = self.at;
                let quoted = self.quoted(quote)?;
                self.string(start, self.at, quoted)?;
                self.rest_of_line()
            }
            Some(b'[' | b'{') => self.flow_collection(),
            Some(b'|' | b'>') => self.block_scalar(),
            _ => {
                let start = self.at;
                let (end, is_key) = self.plain()?;
                if is_key {
                    return Err(Bail::Value);
                }
                self.plain_value(start, end)
            }
        }
    }

    fn flow_collection(&mut self) -> Step {
        self.flow()?;
        self.end = self.at;
        self.rest_of_line()
    }

    fn open(&mut self, kind: Kind) -> Step {
        self.open_at(kind, self.at, self.column())
    }

    fn open_at(&mut self, kind: Kind, start: usize, column: isize) -> Step {
        self.tree.open(kind, start as u32)?;
        self.blocks.push(Block { column, is_mapping: kind == Kind::Object });
        Ok(())
    }

    /// Ends the innermost block collection, with its last value.
    fn close(&mut self) {
        self.tree.close(self.end as u32);
        self.blocks.pop();
    }

    /// A value that is not written stands after its indicator.
    fn unwritten(&mut self, at: usize) -> Step {
        self.tree.scalar(Kind::Null, at as u32, at as u32)?;
        self.end = at;
        Ok(())
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Blanks and a comment up to the end of the line, then everything up to the next value.
    #[inline]
    fn rest_of_line(&mut self) -> Step {
        self.skip_blanks();
        match self.peek() {
            None => return Ok(()),
            Some(b'\n' | b'\r') => {}
            Some(b'#') if matches!(self.bytes[self.at - 1], b' ' | b'\t') => return self.comments(),
            Some(_) => return Err(Bail::Value),
        }
        self.line_break()?;
        self.comments()
    }

    /// Comments up to a line that holds something else; the first one starts here, if there is one.
    #[inline]
    fn comments(&mut self) -> Step {
        while self.peek() == Some(&b'#') {
            self.comment();
            self.line_break()?;
        }
        Ok(())
    }

    /// A comment, without its line break.
    fn comment(&mut self) {
        let (end, _) = self.line_end(self.at);
        self.tree.comment(self.at as u32, end as u32);
        self.at = end;
    }

    /// Where a line ends, without and with its line break.
    fn line_end(&self, from: usize) -> (usize, usize) {
        match memchr::memchr(b'\n', &self.bytes[from..]) {
            None => (self.bytes.len(), self.bytes.len()),
            Some(length) => {
                let end = from + length;
                (end - usize::from(end > from && self.bytes[end - 1] == b'\r'), end + 1)
            }
        }
    }

    /// From the end of a line to the first character of the next one that is not blank.
    #[inline]
    fn line_break(&mut self) -> Step {
        if self.peek() == Some(&b'\r') {
            self.at += 1;
        }
        if self.at == self.bytes.len() {
            return Ok(());
        }
        self.at += 1;
        self.line_start()
    }

    /// From the start of a line to the first character, of this line or a later one, that is not blank.
    #[inline]
    fn line_start(&mut self) -> Step {
        loop {
            self.line = self.at;
            self.at = skip_spaces(self.bytes, self.at);
            match self.peek() {
                Some(b'\n') => self.at += 1,
                Some(b'\r') => self.at += 2,
                Some(b'\t') => {
                    // Tabs are nothing on a line that is blank.
                    self.skip_blanks();
                    match self.peek() {
                        Some(b'\n') => self.at += 1,
                        Some(b'\r') => self.at += 2,
                        _ => return Err(Bail::Tab),
                    }
                }
                _ => return Ok(()),
            }
        }
    }
}
