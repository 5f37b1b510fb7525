//! The flow collections of the fast reader, on one line or over several.

use super::scan::{is_blank, skip_spaces};
use super::{Bail, Reader, Step};
use crate::syntax::Kind;

/// A flow collection that is not complete yet.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flow {
    Sequence,
    Mapping,
    /// The mapping without brackets in `[a: b]`.
    Pair,
}

impl Reader<'_> {
    /// A flow collection from its opening to after its closing bracket.
    pub(super) fn flow(&mut self) -> Step {
        loop {
            // A value starts here.
            let is_opened = match self.peek() {
                Some(b'{') => self.open_flow(Flow::Mapping)?,
                Some(b'[') => self.open_flow(Flow::Sequence)?,
                _ => self.flow_scalar()?,
            };
            if is_opened && self.is_next()? {
                continue;
            }
            // A value ended here.
            loop {
                self.flow_blanks()?;
                match (self.flows.last(), self.peek()) {
                    (Some(Flow::Mapping), Some(b'}')) | (Some(Flow::Sequence), Some(b']')) => {
                        self.at += 1;
                        self.end = self.at;
                        self.close_flow();
                    }
                    (Some(Flow::Pair), Some(b',' | b']')) => self.close_flow(),
                    (Some(_), Some(b',')) => {
                        self.at += 1;
                        if self.is_next()? {
                            break;
                        }
                    }
                    (_, None) => return Err(Bail::Unclosed),
                    _ => return Err(Bail::Flow),
                }
                if self.flows.is_empty() {
                    return Ok(());
                }
            }
        }
    }

    /// Opens a collection with its bracket, or a pair.
    fn open_flow(&mut self, flow: Flow) -> Step<bool> {
        let kind = if flow == Flow::Sequence { Kind::Array } else { Kind::Object };
        self.tree.open(kind, self.at as u32)?;
        self.flows.push(flow);
        self.at += usize::from(flow != Flow::Pair);
        Ok(true)
    }

    fn close_flow(&mut self) {
        self.tree.close(self.end as u32);
        self.flows.pop();
    }

    /// A scalar; whether it is the key of a pair, which is opened here.
    fn flow_scalar(&mut self) -> Step<bool> {
        let start = self.at;
        let quoted = match self.peek() {
            Some(&quote @ (b'"' | b'\'')) => Some(self.quoted(quote)?),
            _ => None,
        };
        let end = if quoted.is_some() { self.at } else { self.flow_plain()? };
        if self.flows.last() == Some(&Flow::Sequence)
            && self.bytes.get(skip_spaces(self.bytes, end)) == Some(&b':')
        {
            self.at = start;
            return self.open_flow(Flow::Pair);
        }
        match quoted {
            Some(quoted) => self.string(start, end, quoted)?,
            None => self.plain_scalar(start, end)?,
        }
        Ok(false)
    }

    /// After an opening bracket or a comma: whether a value follows, after its key if it has one. Else a bracket closes
    /// the collection.
    fn is_next(&mut self) -> Step<bool> {
        self.flow_blanks()?;
        match (self.flows.last(), self.peek()) {
            (Some(Flow::Mapping), Some(b'}')) | (Some(Flow::Sequence), Some(b']')) => return Ok(false),
            (Some(Flow::Sequence), _) => return Ok(true),
            _ => self.flow_key()?,
        }
        // A value that is not written stands after its `:`.
        let after = self.at;
        self.flow_blanks()?;
        if let Some(b',' | b'}' | b']') = self.peek() {
            self.unwritten(after)?;
            return Ok(false);
        }
        Ok(true)
    }

    /// A key and its `:`, on one line.
    fn flow_key(&mut self) -> Step {
        let start = self.at;
        let is_quoted = match self.peek() {
            Some(&quote @ (b'"' | b'\'')) => {
                let quoted = self.quoted(quote)?;
                self.quoted_key(start, self.at, quoted)?;
                true
            }
            _ => {
                let end = self.flow_plain()?;
                self.plain_key(start, end)?;
                false
            }
        };
        self.at = skip_spaces(self.bytes, self.at);
        let next = self.bytes.get(self.at + 1);
        let is_value = is_quoted || is_blank(next) || matches!(next, Some(b',' | b'}' | b']'));
        if self.peek() != Some(&b':') || !is_value {
            return Err(Bail::Flow);
        }
        self.at += 1;
        Ok(())
    }

    /// A plain scalar on one line; where it ends. After it stands what ends it.
    fn flow_plain(&mut self) -> Step<usize> {
        let start = self.at;
        match (self.peek(), self.bytes.get(start + 1)) {
            (Some(b'-'), next) if is_blank(next) || next.is_some_and(|&byte| is_flow(byte)) => {
                return Err(Bail::Flow);
            }
            (Some(b'&'), _) => return Err(Bail::Anchor),
            (Some(b'*'), _) => return Err(Bail::Alias),
            (Some(b'!'), _) => return Err(Bail::Tag),
            (Some(b'?' | b':' | b'#' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`'), _) | (None, _) => {
                return Err(Bail::Flow);
            }
            (Some(&byte), _) if is_flow(byte) => return Err(Bail::Flow),
            _ => {}
        }
        while let Some(&byte) = self.peek() {
            match byte {
                b'\n' | b'\r' => break,
                b':' if self
                    .bytes
                    .get(self.at + 1)
                    .is_none_or(|&next| is_blank(Some(&next)) || is_flow(next)) =>
                {
                    break;
                }
                b'#' if matches!(self.bytes[self.at - 1], b' ' | b'\t') => break,
                _ if is_flow(byte) => break,
                _ => self.at += 1,
            }
        }
        let mut end = self.at;
        while let b' ' | b'\t' = self.bytes[end - 1] {
            end -= 1;
        }
        Ok(end)
    }

    /// Blanks, line breaks and comments.
    #[inline]
    fn flow_blanks(&mut self) -> Step {
        self.skip_blanks();
        match self.peek() {
            Some(b'\n' | b'\r') => {
                self.line_break()?;
                self.comments()?;
            }
            Some(b'#') if is_blank(self.bytes.get(self.at - 1)) => self.comments()?,
            Some(b'#') => return Err(Bail::Flow),
            _ => return Ok(()),
        }
        if self.is_marker() { Err(Bail::Marker) } else { Ok(()) }
    }
}

fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
