//! The scalars of the fast reader: where they end, and whether their text stands in the source as it is.

use super::scan::{find, is_blank, skip_spaces};
use super::{Bail, KEY_BYTES, Reader, Step};
use crate::syntax::Kind;
use crate::syntax::scalar::plain_kind;
use crate::syntax::yaml::decode;

/// What is known of a quoted string.
#[derive(Clone, Copy)]
pub(super) struct Quoted {
    /// Its text stands between the quotes as it is.
    is_verbatim: bool,
    has_lines: bool,
}

impl Reader<'_> {
    /// A line of a plain scalar of a block collection: where its text ends, and whether a `:` makes it a key. After it
    /// stands that `:`, a comment or the end of the line.
    #[inline]
    pub(super) fn plain(&mut self) -> Step<(usize, bool)> {
        self.starts_plain()?;
        self.plain_line()
    }

    #[inline]
    fn plain_line(&mut self) -> Step<(usize, bool)> {
        let start = self.at;
        let mut at = start;
        let is_key = loop {
            at = find(self.bytes, at, b':', b'#');
            match self.bytes.get(at) {
                None | Some(b'\n' | b'\r') => break false,
                Some(b':') if is_blank(self.bytes.get(at + 1)) => break true,
                Some(b'#') if matches!(self.bytes[at - 1], b' ' | b'\t') => break false,
                _ => at += 1,
            }
        };
        self.at = at;
        let mut end = at;
        while let b' ' | b'\t' = self.bytes[end - 1] {
            end -= 1;
        }
        Ok((end, is_key))
    }

    /// Gives up unless a plain scalar starts here.
    #[inline]
    fn starts_plain(&self) -> Step {
        let Some(&byte) = self.peek() else { return Err(Bail::Value) };
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'$' => Ok(()),
            b'-' | b':' if !is_blank(self.bytes.get(self.at + 1)) => Ok(()),
            b'?' if is_blank(self.bytes.get(self.at + 1)) => Err(Bail::Key),
            b'?' => Ok(()),
            b'&' => Err(Bail::Anchor),
            b'*' => Err(Bail::Alias),
            b'!' => Err(Bail::Tag),
            b'%' => Err(Bail::Directive),
            b'\t' => Err(Bail::Tab),
            b'\n' | b'\r' => Err(Bail::Value),
            b'-' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'|' | b'>' | b'\'' | b'"' | b'@'
            | b'`' => Err(Bail::Value),
            _ => Ok(()),
        }
    }

    #[inline]
    pub(super) fn plain_key(&mut self, start: usize, end: usize) -> Step {
        let key = &self.text[start..end];
        if key == "<<" {
            return Err(Bail::MergeKey);
        }
        if key.len() > KEY_BYTES {
            return Err(Bail::Key);
        }
        self.tree.key(kind(key), start as u32, end as u32, key, true)?;
        Ok(())
    }

    pub(super) fn quoted_key(&mut self, start: usize, end: usize, quoted: Quoted) -> Step {
        if quoted.has_lines || end - start > KEY_BYTES {
            return Err(Bail::Key);
        }
        let decoded;
        let key = if quoted.is_verbatim {
            &self.text[start + 1..end - 1]
        } else {
            decoded = decode(&self.text[start..end], 0);
            &decoded
        };
        self.tree.key(Kind::String, start as u32, end as u32, key, quoted.is_verbatim)?;
        Ok(())
    }

    /// A plain scalar whose first line was read, with the lines that continue it.
    #[inline]
    pub(super) fn plain_value(&mut self, start: usize, end: usize) -> Step {
        if self.peek() == Some(&b'#') {
            self.plain_scalar(start, end)?;
            return self.rest_of_line();
        }
        self.line_break()?;
        match self.more_lines()? {
            None => self.plain_scalar(start, end)?,
            Some(end) => {
                // The text has a space or a line break, so that it is nothing but a string.
                self.tree.later(start as u32, end as u32, end as u32, 0)?;
                self.end = end;
            }
        }
        self.comments()
    }

    /// The lines that continue a plain scalar; where the last one ends, if there is one.
    #[inline]
    fn more_lines(&mut self) -> Step<Option<usize>> {
        let column = self.innermost().column;
        let mut last = None;
        while self.column() > column && !matches!(self.peek(), None | Some(b'#')) {
            let (end, is_key) = self.plain_line()?;
            if is_key {
                return Err(Bail::Value);
            }
            last = Some(end);
            if self.peek() == Some(&b'#') {
                break;
            }
            self.line_break()?;
        }
        Ok(last)
    }

    /// The key after a `?`, which may go over lines, up to the `:` on a line of its own.
    pub(super) fn explicit_key(&mut self) -> Step {
        let start = self.at;
        match self.peek() {
            Some(&quote @ (b'"' | b'\'')) => {
                let joins = self.joins;
                let quoted = self.quoted(quote)?;
                // The complete reader joins no lines of keys.
                if self.joins != joins {
                    return Err(Bail::QuotedIndentation);
                }
                self.quoted_key(start, self.at, Quoted { has_lines: false, ..quoted })?;
                self.at = skip_spaces(self.bytes, self.at);
                if !matches!(self.peek(), Some(b'\n' | b'\r')) {
                    return Err(Bail::Key);
                }
                self.line_break()
            }
            _ => {
                let (end, is_key) = self.plain()?;
                if is_key || self.peek() == Some(&b'#') {
                    return Err(Bail::Key);
                }
                self.line_break()?;
                let Some(end) = self.more_lines()? else { return self.plain_key(start, end) };
                if end - start > KEY_BYTES {
                    return Err(Bail::Key);
                }
                let text = decode(&self.text[start..end], 0);
                self.tree.key(Kind::String, start as u32, end as u32, &text, false)?;
                Ok(())
            }
        }
    }

    #[inline]
    pub(super) fn plain_scalar(&mut self, start: usize, end: usize) -> Step {
        match kind(&self.text[start..end]) {
            Kind::String => self.tree.string(start as u32, end as u32, None)?,
            kind => self.tree.scalar(kind, start as u32, end as u32)?,
        };
        self.end = end;
        Ok(())
    }

    #[inline]
    pub(super) fn string(&mut self, start: usize, end: usize, quoted: Quoted) -> Step {
        if quoted.is_verbatim {
            self.tree.string(start as u32, end as u32, None)?;
        } else {
            self.tree.later(start as u32, end as u32, end as u32, 0)?;
        }
        self.end = end;
        Ok(())
    }

    /// From the opening to after the closing quote.
    #[inline]
    pub(super) fn quoted(&mut self, quote: u8) -> Step<Quoted> {
        let mut quoted = Quoted { is_verbatim: true, has_lines: false };
        // In single quotes a backslash is nothing special.
        let escape = if quote == b'"' { b'\\' } else { quote };
        self.at += 1;
        loop {
            self.at = find(self.bytes, self.at, quote, escape);
            match self.peek() {
                None => return Err(Bail::Unclosed),
                Some(b'\n' | b'\r') => {
                    quoted = Quoted { is_verbatim: false, has_lines: true };
                    self.quoted_line_break(quote)?;
                }
                Some(b'\\') => {
                    quoted.is_verbatim = false;
                    self.at += 1;
                    if let Some(b'\n' | b'\r') = self.peek() {
                        quoted.has_lines = true;
                        self.quoted_line_break(quote)?;
                    } else {
                        self.escape()?;
                    }
                }
                Some(&byte) if byte == quote => {
                    self.at += 1;
                    if quote == b'"' || self.peek() != Some(&b'\'') {
                        return Ok(quoted);
                    }
                    quoted.is_verbatim = false;
                    self.at += 1;
                }
                // A tab.
                Some(_) => self.at += 1,
            }
        }
    }

    /// A line break in a quoted string. The next line is indented deeper than the collection that the string stands in,
    /// or the complete reader has to read the text once more, which it does a few times only.
    fn quoted_line_break(&mut self, quote: u8) -> Step {
        let start = self.at;
        self.line_break()?;
        let is_indented = self.column() > self.innermost().column || self.peek() == Some(&quote);
        if self.bytes[start..self.at].contains(&b'\t') {
            return Err(Bail::Tab);
        }
        if self.at == self.line && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"...")) {
            return Err(Bail::QuotedIndentation);
        }
        if is_indented || self.at < self.joined {
            return Ok(());
        }
        // It joins the lines up to the next quote.
        let rest = &self.bytes[self.at..];
        self.joined = self.at + memchr::memchr2(b'"', b'\'', rest).ok_or(Bail::Unclosed)?;
        if self.joined == self.at || self.joins == 0 {
            return Err(Bail::QuotedIndentation);
        }
        self.joins -= 1;
        Ok(())
    }

    /// What follows a backslash (YAML 1.2.2 §5.7).
    fn escape(&mut self) -> Step {
        let digits = match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'n' | b't' | b'r' | b' ' | b'\t') => 0,
            Some(b'0' | b'a' | b'b' | b'v' | b'f' | b'e' | b'N' | b'_' | b'L' | b'P') => 0,
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return Err(Bail::Escape),
        };
        self.at += 1;
        if digits == 0 {
            return Ok(());
        }
        let mut code = self.hexadecimal(digits)?;
        if digits == 4 && (0xd800..0xdc00).contains(&code) {
            if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                return Err(Bail::Escape);
            }
            self.at += 2;
            if !(0xdc00..0xe000).contains(&self.hexadecimal(4)?) {
                return Err(Bail::Escape);
            }
            code = 0x1_0000;
        }
        if char::from_u32(code).is_some() { Ok(()) } else { Err(Bail::Escape) }
    }

    fn hexadecimal(&mut self, digits: usize) -> Step<u32> {
        let text = self.text.get(self.at..self.at + digits).ok_or(Bail::Escape)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Bail::Escape);
        }
        self.at += digits;
        u32::from_str_radix(text, 16).map_err(|_| Bail::Escape)
    }

    /// A block scalar from its header on, and everything up to the next value.
    pub(super) fn block_scalar(&mut self) -> Step {
        let start = self.at;
        let outer = self.innermost().column;
        let (explicit, is_kept) = self.block_indicators()?;
        let header_end = self.at;
        self.skip_blanks();
        if self.peek() == Some(&b'#') && self.at > header_end {
            self.comment();
        }
        match self.peek() {
            None => {}
            Some(b'\n') => self.at += 1,
            Some(b'\r') => self.at += 2,
            Some(_) => return Err(Bail::BlockScalar),
        }
        let indent = match explicit {
            Some(increment) => outer.max(0) as usize + increment,
            None => self.block_indent((outer + 1) as usize)?,
        };
        let content = self.at;
        let end = self.block_lines(indent, is_kept)?;
        // The end of the file among empty lines has rules of its own.
        if is_kept && end.is_none() && self.at == self.bytes.len() && self.at > content {
            return Err(Bail::BlockScalar);
        }
        let end = end.unwrap_or(header_end);
        self.tree.later(start as u32, end as u32, self.at as u32, indent as u32)?;
        self.end = end;
        self.line_start()?;
        self.comments()
    }

    /// The indicators of a header: the indentation that they give, and whether empty lines at the end are kept.
    fn block_indicators(&mut self) -> Step<(Option<usize>, bool)> {
        self.at += 1;
        let mut explicit = None;
        let mut chomping = None;
        loop {
            match self.peek() {
                Some(&byte @ (b'+' | b'-')) if chomping.is_none() => chomping = Some(byte),
                Some(&digit @ b'1'..=b'9') if explicit.is_none() => {
                    explicit = Some(usize::from(digit - b'0'))
                }
                Some(b'0'..=b'9' | b'+' | b'-') => return Err(Bail::BlockScalar),
                _ => return Ok((explicit, chomping == Some(b'+'))),
            }
            self.at += 1;
        }
    }

    /// The indentation of a block scalar's content, which is that of its first line that is not empty.
    fn block_indent(&self, least: usize) -> Step<usize> {
        let mut at = self.at;
        let mut longest = 0;
        loop {
            let content = skip_spaces(self.bytes, at);
            let column = content - at;
            match self.bytes.get(content) {
                Some(b'\n') => at = content + 1,
                Some(b'\r') => at = content + 2,
                Some(b'\t') if column < least => return Err(Bail::Tab),
                // A scalar without a line.
                _ if column < least => return Ok(longest.max(least)),
                // Empty lines that are longer than the content is indented.
                _ if longest > column => return Err(Bail::BlockScalar),
                _ => return Ok(column),
            }
            longest = longest.max(column);
        }
    }

    /// The lines of a block scalar. After them stands the line that ends it; the answer is where the last line ends
    /// that is not blank.
    fn block_lines(&mut self, indent: usize, is_kept: bool) -> Step<Option<usize>> {
        let mut end = None;
        loop {
            let first = skip_spaces(self.bytes, self.at);
            let column = first - self.at;
            match self.bytes.get(first) {
                None if column == 0 => return Ok(end),
                // Spaces at the end of the file are a line of content, or an empty line, or nothing.
                None if column > indent || is_kept || end.is_none() => return Err(Bail::BlockScalar),
                None => {
                    self.at = first;
                    return Ok(end);
                }
                Some(b'\n') => self.at = first + 1,
                Some(b'\r') => self.at = first + 2,
                Some(b'\t') if column < indent => return Err(Bail::Tab),
                // The header says that this line is indented deeper.
                Some(_) if column < indent && column as isize > self.innermost().column && end.is_none() => {
                    return Err(Bail::BlockScalar);
                }
                Some(_) if column < indent => return Ok(end),
                Some(_) => end = self.block_line(first)?.or(end),
            }
        }
    }

    /// A line of a block scalar that holds more than spaces; where it ends, if it holds more than tabs.
    fn block_line(&mut self, first: usize) -> Step<Option<usize>> {
        let (end, next) = self.line_end(first);
        self.at = next;
        if self.bytes[first..end].iter().any(|byte| !matches!(byte, b' ' | b'\t')) {
            return Ok(Some(end));
        }
        // At the end of the file the complete reader takes it for something else.
        if end == next { Err(Bail::BlockScalar) } else { Ok(None) }
    }
}

/// The kind of a plain scalar; most of them start with a letter that no number, boolean or null starts with.
#[inline]
fn kind(text: &str) -> Kind {
    match text.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' | b'.' | b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' => plain_kind(text),
        _ => Kind::String,
    }
}
