//! The flow collections of the fast reader, on one line or over several.

use super::scan::is_blank;
use super::{Bail, Reader, Step};
use crate::syntax::Kind;

impl Reader<'_> {
    /// A flow collection from its opening to after its closing bracket.
    pub(super) fn flow(&mut self) -> Step {
        loop {
            // A value starts here.
            let is_opened = match self.peek() {
                Some(b'{') => self.open_flow(Kind::Object)?,
                Some(b'[') => self.open_flow(Kind::Array)?,
                Some(&quote @ (b'"' | b'\'')) => {
                    let start = self.at;
                    let quoted = self.quoted(quote)?;
                    self.string(start, self.at, quoted)?;
                    false
                }
                _ => {
                    let start = self.at;
                    let end = self.flow_plain()?;
                    self.plain_scalar(start, end)?;
                    false
                }
            };
            if is_opened && self.is_next()? {
                continue;
            }
            // A value ended here.
            loop {
                self.flow_blanks()?;
                match (self.flows.last(), self.peek()) {
                    (Some(true), Some(b'}')) | (Some(false), Some(b']')) => self.close_flow(),
                    (_, Some(b',')) => {
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

    fn open_flow(&mut self, kind: Kind) -> Step<bool> {
        self.tree.open(kind, self.at as u32)?;
        self.flows.push(kind == Kind::Object);
        self.at += 1;
        Ok(true)
    }

    fn close_flow(&mut self) {
        self.at += 1;
        self.tree.close(self.at as u32);
        self.flows.pop();
        self.end = self.at;
    }

    /// After an opening bracket or a comma: whether a value follows, after its key if it has one. Else a bracket closes
    /// the collection.
    fn is_next(&mut self) -> Step<bool> {
        self.flow_blanks()?;
        match (self.flows.last(), self.peek()) {
            (Some(true), Some(b'}')) | (Some(false), Some(b']')) => Ok(false),
            (Some(true), _) => {
                self.flow_key()?;
                // A value that is not written stands after its `:`.
                let after = self.at;
                self.flow_blanks()?;
                if let Some(b',' | b'}') = self.peek() {
                    self.unwritten(after)?;
                    return Ok(false);
                }
                Ok(true)
            }
            _ => Ok(true),
        }
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
        while self.peek() == Some(&b' ') {
            self.at += 1;
        }
        let next = self.bytes.get(self.at + 1);
        let is_value = is_quoted || is_blank(next) || matches!(next, Some(b',' | b'}'));
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
