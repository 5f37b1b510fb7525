//! The JSON reader: strict RFC 8259, iterative, one pass over the bytes straight onto the tape.
//!
//! Strictness is a matter of security: where two readers disagree on a document, one of them enforces something the
//! other does not see. Duplicate keys are kept; a rule reports them. A lone surrogate escape becomes U+FFFD.

use super::parse::SyntaxError;
use super::{Format, Kind, Parsed, TreeBuilder};
use crate::source::Limits;

/// Reads a JSON text. The tree holds everything before the first error.
pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let tree = TreeBuilder::new(text.len(), limits);
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start, decoded: String::new(), tree };
    let errors = reader.document().err().map(|error| *error).into_iter().collect();
    Parsed { tree: reader.tree.finish(text.len() as u32), errors, format: Format::Json }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The text of the last string that had an escape.
    decoded: String,
    tree: TreeBuilder,
}

/// An error is rare and large: behind a pointer, a result fits into registers.
type Fault = Box<SyntaxError>;
type Step = Result<(), Fault>;

#[cold]
fn fault(start: usize, end: usize, message: impl Into<String>, help: &str) -> Fault {
    Box::new(SyntaxError::new(start, end, message, help))
}

impl Reader<'_> {
    fn document(&mut self) -> Step {
        // The innermost container decides what follows a value; `true` is an object.
        let mut containers: Vec<bool> = Vec::new();
        self.blanks();
        loop {
            // A value starts here.
            let opened = match self.peek() {
                Some(b'{') => {
                    self.tree.open(Kind::Object, self.at as u32)?;
                    containers.push(true);
                    true
                }
                Some(b'[') => {
                    self.tree.open(Kind::Array, self.at as u32)?;
                    containers.push(false);
                    true
                }
                _ => {
                    self.scalar()?;
                    false
                }
            };
            if opened {
                self.at += 1;
                self.blanks();
                match (containers.last(), self.peek()) {
                    (Some(true), Some(b'}')) | (Some(false), Some(b']')) => self.close(&mut containers),
                    (Some(true), _) => {
                        self.key()?;
                        continue;
                    }
                    _ => continue,
                }
            }
            // A value ended here.
            loop {
                self.blanks();
                let Some(&in_object) = containers.last() else { return self.end() };
                match (in_object, self.peek()) {
                    (true, Some(b',')) => {
                        self.at += 1;
                        self.blanks();
                        self.key()?;
                        break;
                    }
                    (false, Some(b',')) => {
                        self.at += 1;
                        self.blanks();
                        break;
                    }
                    (true, Some(b'}')) | (false, Some(b']')) => self.close(&mut containers),
                    (true, _) => return Err(self.unexpected("`,` or `}`")),
                    (false, _) => return Err(self.unexpected("`,` or `]`")),
                }
            }
        }
    }

    fn close(&mut self, containers: &mut Vec<bool>) {
        self.at += 1;
        self.tree.close(self.at as u32);
        containers.pop();
    }

    fn end(&self) -> Step {
        if self.at < self.bytes.len() { Err(self.unexpected("the end of the file")) } else { Ok(()) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn blanks(&mut self) {
        if let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.more_blanks();
        }
    }

    /// A line break and the next line's indent, the spaces eight at a step: 3 % of a whole lint.
    fn more_blanks(&mut self) {
        self.at += 1;
        while self.bytes[self.at..].first_chunk::<8>() == Some(b"        ") {
            self.at += 8;
        }
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// A key, its colon, and the blanks before the value.
    fn key(&mut self) -> Step {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let start = self.at;
        let verbatim = self.quoted()?;
        let key = if verbatim { &self.text[start + 1..self.at - 1] } else { &self.decoded };
        self.tree.key(Kind::String, start as u32, self.at as u32, key, verbatim)?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    fn scalar(&mut self) -> Step {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                if self.quoted()? {
                    self.tree.string(start as u32, self.at as u32, None)?;
                } else {
                    self.tree.string(start as u32, self.at as u32, Some(self.decoded.clone()))?;
                }
                return Ok(());
            }
            Some(b'-' | b'0'..=b'9') => {
                let kind = self.number()?;
                self.tree.scalar(kind, start as u32, self.at as u32)?;
                return Ok(());
            }
            _ => {}
        }
        for (word, kind) in [("true", Kind::Bool), ("false", Kind::Bool), ("null", Kind::Null)] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                self.tree.scalar(kind, start as u32, self.at as u32)?;
                return Ok(());
            }
        }
        Err(self.unexpected("a value"))
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        let mut kind = Kind::Int;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits();
        let leading_zero = whole > 1 && self.bytes[self.at - whole] == b'0';
        if whole == 0 || leading_zero {
            let (message, help) = if leading_zero {
                (
                    "a number starts with a superfluous zero",
                    "remove the zero, or quote the value if it is a string",
                )
            } else {
                ("a number has no digits", "complete the number")
            };
            return Err(fault(start, self.at, message, help));
        }
        if self.peek() == Some(b'.') {
            kind = Kind::Float;
            self.at += 1;
            self.digits_after(start, "its decimal point")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            kind = Kind::Float;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits_after(start, "its exponent sign")?;
        }
        Ok(kind)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn digits_after(&mut self, start: usize, what: &str) -> Step {
        if self.digits() > 0 {
            return Ok(());
        }
        Err(fault(start, self.at, format!("a number has no digits after {what}"), "complete the number"))
    }

    /// A string from its opening to its closing quote. Whether its text is what stands between them; else that is in
    /// `decoded`.
    #[inline]
    fn quoted(&mut self) -> Result<bool, Fault> {
        let open = self.at;
        self.at += 1;
        self.skip_plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(true);
        }
        self.escaped(open)?;
        Ok(false)
    }

    /// The rest of a string, from its first escape on.
    fn escaped(&mut self, open: usize) -> Step {
        let mut copied = open + 1;
        self.decoded.clear();
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.decoded.push_str(&self.text[copied..self.at]);
                    let character = self.escape()?;
                    self.decoded.push(character);
                    copied = self.at;
                }
                Some(control) => {
                    let message = format!("a string holds the control character U+{control:04X}");
                    let help = if control == b'\n' || control == b'\r' {
                        "close the string before the line ends, or write the line break as `\\n`"
                    } else {
                        "write it as an escape"
                    };
                    return Err(fault(self.at, self.at + 1, message, help));
                }
                None => {
                    let end = (open + 1).min(self.bytes.len());
                    return Err(fault(open, end, "a string is not closed", "add the closing quote"));
                }
            }
            self.skip_plain();
        }
        self.decoded.push_str(&self.text[copied..self.at]);
        self.at += 1;
        Ok(())
    }

    /// Moves to the next quote, backslash or control character.
    #[inline(always)]
    fn skip_plain(&mut self) {
        // Names and keywords end within 24 bytes; what is longer is prose.
        for _ in 0..3 {
            let Some(chunk) = self.bytes[self.at..].first_chunk::<8>() else { break };
            let stops = stops_in(chunk);
            if stops != 0 {
                self.at += stops.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        self.at += plain_length(&self.bytes[self.at..]);
    }

    /// RFC 8259 §7.
    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let letter = self.bytes.get(start + 1).copied();
        self.at += 2;
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => {
                self.at = start;
                let width = 1 + self.text[start + 1..].chars().next().map_or(0, char::len_utf8);
                let message = "a string holds an unknown escape";
                return Err(fault(start, start + width, message, "write a backslash as `\\\\`"));
            }
        };
        Ok(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        let Some(high) = self.hexadecimal() else {
            let end = (start + 2).min(self.bytes.len());
            let message = "a `\\u` escape needs four hexadecimal digits";
            return Err(fault(start, end, message, "complete the escape"));
        };
        if (0xd800..0xdc00).contains(&high) && self.bytes[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            if let Some(low @ 0xdc00..0xe000) = self.hexadecimal() {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        let mut code = 0;
        for &digit in digits {
            code = code * 16 + char::from(digit).to_digit(16)?;
        }
        self.at += 4;
        Some(code)
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let Some(found) = self.text[self.at..].chars().next() else {
            let message = format!("the file ends where {expected} is expected");
            return fault(self.at, self.at, message, "complete the document");
        };
        let shown = if found.is_control() { format!("U+{:04X}", found as u32) } else { format!("`{found}`") };
        let help = match (expected, found) {
            ("a key in double quotes", '}') | ("a value", ']') => "remove the comma before it",
            ("a key in double quotes" | "a value", '\'') => "JSON strings stand in double quotes",
            (_, '/' | '#') => "JSON has no comments",
            _ => "correct the JSON here",
        };
        fault(self.at, self.at + found.len_utf8(), format!("{shown} where {expected} is expected"), help)
    }
}

/// Eight bytes as a number in which the lowest set bit is in the first quote, backslash or control character; 0 if there
/// is none.
#[inline]
fn stops_in(chunk: &[u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(*chunk);
    // A subtraction sets the high bit of a byte that was 0, or below 0x20.
    let quote = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    // The lowest marked byte is exact; only bytes above a true one can be marked falsely.
    (quote | backslash | control) & !word & HIGH
}

/// How many bytes stand before the first quote, backslash or control character; 32 at a time, which the compiler turns
/// into vector instructions.
#[inline(never)]
fn plain_length(bytes: &[u8]) -> usize {
    // 0 for what ends the plain bytes; the least of 32 takes fewer instructions than any comparison.
    let rank = |byte: u8| (byte ^ b'"').min(byte ^ b'\\').min(byte.saturating_sub(0x1f));
    let is_plain = |chunk: &&[u8]| chunk.iter().fold(u8::MAX, |least, &byte| least.min(rank(byte))) != 0;
    let whole = bytes.chunks_exact(32).take_while(is_plain).count() * 32;
    let words = bytes[whole..].chunks_exact(8).filter_map(|chunk| chunk.first_chunk::<8>());
    let words = words.take_while(|chunk| stops_in(chunk) == 0).count() * 8;
    let rest = &bytes[whole + words..];
    whole + words + rest.iter().take_while(|&&byte| rank(byte) != 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<(u32, String)> {
        let error = parse(text, &Limits::default()).errors.into_iter().next()?;
        Some((error.start, error.message))
    }

    #[test]
    fn what_rfc_8259_allows_is_read() {
        for text in
            ["{}", " [ ] ", "null", "-0.5e+3", r#"{"a":[1,{"b":null}],"c":"\ud83d\ude00\n"}"#, "\u{feff}[0]"]
        {
            assert_eq!(error(text), None, "{text}");
        }
    }

    #[test]
    fn what_rfc_8259_forbids_is_an_error_at_its_byte() {
        for (text, start, message) in [
            ("", 0, "the file ends where a value is expected"),
            ("{\"a\":1,}", 7, "`}` where a key in double quotes is expected"),
            ("[1 2]", 3, "`2` where `,` or `]` is expected"),
            ("[01]", 1, "a number starts with a superfluous zero"),
            ("[1.]", 1, "a number has no digits after its decimal point"),
            ("[\"a", 1, "a string is not closed"),
            ("[\"a\nb\"]", 3, "a string holds the control character U+000A"),
            ("[\"\\x\"]", 2, "a string holds an unknown escape"),
            ("[\"\\u12g4\"]", 2, "a `\\u` escape needs four hexadecimal digits"),
            ("[1] x", 4, "`x` where the end of the file is expected"),
            ("{'a':1}", 1, "`'` where a key in double quotes is expected"),
            ("[\u{a0}1]", 1, "`\u{a0}` where a value is expected"),
        ] {
            assert_eq!(error(text), Some((start, message.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn a_string_ends_at_the_first_quote_however_long_it_is() {
        for length in 0..120 {
            for stop in ['"', '\\', '\n', '\u{1f}'] {
                let text = "aé~\u{7f}".chars().cycle().take(length).collect::<String>();
                assert_eq!(plain_length(format!("{text}{stop}\"aaaaaaaaaa").as_bytes()), text.len());
                assert_eq!(plain_length(format!("{text}{stop}").as_bytes()), text.len());
            }
            assert_eq!(plain_length("x".repeat(length).as_bytes()), length);
        }
    }

    #[test]
    fn nesting_beyond_the_limit_is_a_limit_error() {
        let text = "[".repeat(10_000);
        let parsed = parse(&text, &Limits::default());
        assert_eq!(parsed.errors[0].kind, super::super::ErrorKind::Limit);
        assert_eq!(parsed.errors[0].start, 256);
    }
}
