//! The JSON reader: strict RFC 8259, iterative, one pass over the bytes straight onto the tape.
//!
//! Strictness is a matter of security: where two readers disagree on a document, one of them enforces something the
//! other does not see. Duplicate keys are kept; a rule reports them. A lone surrogate escape becomes U+FFFD.

use super::atom::Short;
use super::parse::SyntaxError;
use super::{Format, Kind, Parsed, TreeBuilder};
use crate::source::Limits;

/// Reads a JSON text. The tree holds everything before the first error.
pub(super) fn parse(text: &str, limits: &Limits) -> Parsed {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let tree = TreeBuilder::new(text.len(), limits);
    let mut reader = Reader { text, bytes: text.as_bytes(), tree };
    let errors = reader.document(start).err().map(|error| *error).into_iter().collect();
    Parsed { tree: reader.tree.finish(text.len() as u32), errors, format: Format::Json }
}

/// What is read, and what it becomes. The position is passed on from step to step: in a register it costs a fifth less
/// than here.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    tree: TreeBuilder,
}

/// An error is rare and large: behind a pointer, a result fits into registers.
type Fault = Box<SyntaxError>;
/// Where the next step starts.
type Step = Result<usize, Fault>;

#[cold]
fn fault(start: usize, end: usize, message: impl Into<String>, help: &str) -> Fault {
    Box::new(SyntaxError::new(start, end, message, help))
}

impl Reader<'_> {
    fn document(&mut self, start: usize) -> Result<(), Fault> {
        // The innermost container decides what stands before and after a value.
        let mut around = Kind::Null;
        let (mut at, mut byte) = self.token(start);
        loop {
            // A value starts here, or its key.
            if around == Kind::Object {
                at = self.key(at)?;
                (at, byte) = self.token(at);
            }
            match byte {
                b'"' => at = self.string(at)?,
                b'{' | b'[' => {
                    let (kind, close) = if byte == b'{' { (Kind::Object, b'}') } else { (Kind::Array, b']') };
                    self.tree.open(kind, at as u32)?;
                    around = kind;
                    (at, byte) = self.token(at + 1);
                    if byte != close {
                        continue;
                    }
                }
                _ => at = self.scalar(at)?,
            }
            // A value ended here, or an empty container does.
            loop {
                (at, byte) = self.token(at);
                match (byte, around) {
                    (b',', Kind::Object | Kind::Array) => {
                        (at, byte) = self.token(at + 1);
                        break;
                    }
                    (b'}', Kind::Object) | (b']', Kind::Array) => {
                        at += 1;
                        self.tree.close(at as u32);
                        around = self.tree.innermost();
                    }
                    (_, Kind::Object) => return Err(self.unexpected(at, "`,` or `}`")),
                    (_, Kind::Array) => return Err(self.unexpected(at, "`,` or `]`")),
                    _ => return self.end(at),
                }
            }
        }
    }

    fn end(&self, at: usize) -> Result<(), Fault> {
        if at < self.bytes.len() { Err(self.unexpected(at, "the end of the file")) } else { Ok(()) }
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The first byte that is no blank, and where it is; 0 at the end.
    #[inline]
    fn token(&self, at: usize) -> (usize, u8) {
        let byte = self.peek(at).unwrap_or(0);
        if byte > b' ' { (at, byte) } else { self.token_behind(at) }
    }

    fn token_behind(&self, at: usize) -> (usize, u8) {
        let at = self.blanks(at);
        (at, self.peek(at).unwrap_or(0))
    }

    /// A line break and the next line's indent, the spaces eight at a step: 3 % of a whole lint.
    fn blanks(&self, at: usize) -> usize {
        let mut at = at;
        if let Some(b'\n') = self.peek(at) {
            at += 1;
            while self.bytes[at..].first_chunk::<8>() == Some(b"        ") {
                at += 8;
            }
        }
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek(at) {
            at += 1;
        }
        at
    }

    /// A key and its colon.
    #[inline]
    fn key(&mut self, at: usize) -> Step {
        let end = match self.short_key(at)? {
            Some(end) => end,
            None => self.any_key(at)?,
        };
        match self.token(end) {
            (colon, b':') => Ok(colon + 1),
            (at, _) => Err(self.unexpected(at, "`:`")),
        }
    }

    /// Where a key ends that is as most are: of less than 16 bytes, without escapes. It is found, hashed and compared as
    /// two numbers.
    #[inline]
    fn short_key(&mut self, at: usize) -> Result<Option<usize>, Fault> {
        let Some([b'"', chunk @ ..]) = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<17>()) else {
            return Ok(None);
        };
        let stops = stops_in(chunk);
        let length = stops.trailing_zeros() as usize / 8;
        if chunk.get(length) != Some(&b'"') {
            return Ok(None);
        }
        let before = (stops - 1) & !stops;
        let text = u128::from_le_bytes(*chunk) & before;
        let text = Short { first: text as u64, last: (text >> 64) as u64 };
        self.tree.short_key(at as u32, length as u32, text)?;
        Ok(Some(at + length + 2))
    }

    #[inline(never)]
    fn any_key(&mut self, at: usize) -> Step {
        if self.peek(at) != Some(b'"') {
            return Err(self.unexpected(at, "a key in double quotes"));
        }
        let (end, is_verbatim) = self.quoted(at)?;
        let key = &self.text[at + 1..end - 1];
        if is_verbatim {
            self.tree.key(Kind::String, at as u32, end as u32, key, true)?;
        } else {
            self.tree.key(Kind::String, at as u32, end as u32, &decode(key), false)?;
        }
        Ok(end)
    }

    /// A string as a value. Most that have escapes are prose that nobody asks for.
    #[inline]
    fn string(&mut self, at: usize) -> Step {
        let (end, is_verbatim) = self.quoted(at)?;
        if is_verbatim {
            self.tree.string(at as u32, end as u32, None)?;
        } else {
            self.tree.escaped(at as u32, end as u32)?;
        }
        Ok(end)
    }

    /// A number or a word.
    fn scalar(&mut self, start: usize) -> Step {
        if let Some(b'-' | b'0'..=b'9') = self.peek(start) {
            let (end, kind) = self.number(start)?;
            self.tree.scalar(kind, start as u32, end as u32)?;
            return Ok(end);
        }
        for (word, kind) in [("true", Kind::Bool), ("false", Kind::Bool), ("null", Kind::Null)] {
            if self.bytes[start..].starts_with(word.as_bytes()) {
                let end = start + word.len();
                self.tree.scalar(kind, start as u32, end as u32)?;
                return Ok(end);
            }
        }
        Err(self.unexpected(start, "a value"))
    }

    /// RFC 8259 §6. Where the number ends, and of which kind it is.
    fn number(&self, start: usize) -> Result<(usize, Kind), Fault> {
        let mut kind = Kind::Int;
        let whole = start + usize::from(self.peek(start) == Some(b'-'));
        let mut at = self.digits(whole);
        let leading_zero = at > whole + 1 && self.bytes[whole] == b'0';
        if at == whole || leading_zero {
            let (message, help) = if leading_zero {
                (
                    "a number starts with a superfluous zero",
                    "remove the zero, or quote the value if it is a string",
                )
            } else {
                ("a number has no digits", "complete the number")
            };
            return Err(fault(start, at, message, help));
        }
        if self.peek(at) == Some(b'.') {
            kind = Kind::Float;
            at = self.digits_after(start, at + 1, "its decimal point")?;
        }
        if let Some(b'e' | b'E') = self.peek(at) {
            kind = Kind::Float;
            let sign = matches!(self.peek(at + 1), Some(b'+' | b'-'));
            at = self.digits_after(start, at + 1 + usize::from(sign), "its exponent sign")?;
        }
        Ok((at, kind))
    }

    /// Where the digits end.
    fn digits(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn digits_after(&self, start: usize, at: usize, what: &str) -> Step {
        let end = self.digits(at);
        if end > at {
            return Ok(end);
        }
        Err(fault(start, at, format!("a number has no digits after {what}"), "complete the number"))
    }

    /// Where a string ends that starts with the quote at `open`, and whether its text is what stands between the quotes.
    #[inline(always)]
    fn quoted(&self, open: usize) -> Result<(usize, bool), Fault> {
        let at = skip_plain(self.bytes, open + 1);
        if self.peek(at) == Some(b'"') {
            return Ok((at + 1, true));
        }
        Ok((self.escaped(open, at)?, false))
    }

    /// The rest of a string, from its first escape on. Escapes are checked; [`decode`] reads them.
    fn escaped(&self, open: usize, at: usize) -> Step {
        let mut at = at;
        loop {
            match self.peek(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at = self.escape(at)?,
                Some(control) => {
                    let message = format!("a string holds the control character U+{control:04X}");
                    let help = if control == b'\n' || control == b'\r' {
                        "close the string before the line ends, or write the line break as `\\n`"
                    } else {
                        "write it as an escape"
                    };
                    return Err(fault(at, at + 1, message, help));
                }
                None => {
                    let end = (open + 1).min(self.bytes.len());
                    return Err(fault(open, end, "a string is not closed", "add the closing quote"));
                }
            }
            at = skip_plain(self.bytes, at);
        }
    }

    /// RFC 8259 §7. Where the escape at `start` ends.
    fn escape(&self, start: usize) -> Step {
        match self.peek(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(start + 2),
            Some(b'u') if hexadecimal(&self.bytes[start + 2..]).is_some() => Ok(start + 6),
            Some(b'u') => {
                let end = (start + 2).min(self.bytes.len());
                let message = "a `\\u` escape needs four hexadecimal digits";
                Err(fault(start, end, message, "complete the escape"))
            }
            _ => {
                let width = 1 + self.text[start + 1..].chars().next().map_or(0, char::len_utf8);
                let message = "a string holds an unknown escape";
                Err(fault(start, start + width, message, "write a backslash as `\\\\`"))
            }
        }
    }

    #[cold]
    fn unexpected(&self, at: usize, expected: &str) -> Fault {
        let Some(found) = self.text[at..].chars().next() else {
            let message = format!("the file ends where {expected} is expected");
            return fault(at, at, message, "complete the document");
        };
        let shown = if found.is_control() { format!("U+{:04X}", found as u32) } else { format!("`{found}`") };
        let help = match (expected, found) {
            ("a key in double quotes", '}') | ("a value", ']') => "remove the comma before it",
            ("a key in double quotes" | "a value", '\'') => "JSON strings stand in double quotes",
            (_, '/' | '#') => "JSON has no comments",
            _ => "correct the JSON here",
        };
        fault(at, at + found.len_utf8(), format!("{shown} where {expected} is expected"), help)
    }
}

/// The text of a string whose escapes were checked, from what stands between its quotes.
pub(super) fn decode(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let letter = rest.as_bytes().get(at + 1).copied();
        let (character, length) = match letter {
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => unicode_escape(&rest.as_bytes()[at..]),
            // A quote, a backslash and a slash are themselves.
            other => (other.map_or(char::REPLACEMENT_CHARACTER, char::from), 2),
        };
        text.push(character);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character of a `\\u` escape, or of two that are a surrogate pair, and how long that is.
fn unicode_escape(source: &[u8]) -> (char, usize) {
    let code = |at: usize| {
        source.get(at..).filter(|rest| rest.starts_with(b"\\u")).and_then(|rest| hexadecimal(&rest[2..]))
    };
    let (code, length) = match (code(0), code(6)) {
        (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
            (Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
        }
        (single, _) => (single, 6),
    };
    (code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), length)
}

/// The number that four hexadecimal digits are.
fn hexadecimal(bytes: &[u8]) -> Option<u32> {
    bytes
        .first_chunk::<4>()?
        .iter()
        .try_fold(0, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?))
}

/// The position of the next quote, backslash or control character.
#[inline(always)]
fn skip_plain(bytes: &[u8], start: usize) -> usize {
    let mut rest = &bytes[start..];
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        let stops = stops_in(chunk);
        if stops != 0 {
            return bytes.len() - rest.len() + stops.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let plain = rest.iter().take_while(|&&byte| rank(byte) != 0).count();
    bytes.len() - rest.len() + plain
}

/// A number with a 1 in place of each quote, backslash and control character, and else zeros. The compiler turns this
/// into a dozen vector instructions.
#[inline(always)]
fn stops_in(chunk: &[u8; 16]) -> u128 {
    let mut stops = *chunk;
    for byte in &mut stops {
        *byte = 1u8.saturating_sub(rank(*byte));
    }
    u128::from_le_bytes(stops)
}

/// 0 for a quote, a backslash and a control character; minima take fewer instructions than comparisons.
#[inline(always)]
fn rank(byte: u8) -> u8 {
    (byte ^ b'"').min(byte ^ b'\\').min(byte.saturating_sub(0x1f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Atom, NodeId, key_hash};

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
    fn escapes_are_read_as_rfc_8259_says() {
        for (body, text) in [
            (r#"a\"b\\c\/d"#, r#"a"b\c/d"#),
            (r"\b\f\n\r\t", "\u{8}\u{c}\n\r\t"),
            (r"\u00e9\ud83d\ude00!", "é😀!"),
            (r"\ud83dxxde00", "\u{fffd}xxde00"),
            (r"\ud83d\nde00", "\u{fffd}\nde00"),
            (r"\ud83d\u0041\ude00", "\u{fffd}A\u{fffd}"),
            ("ä\\\\", "ä\\"),
        ] {
            assert_eq!(decode(body), text, "{body}");
            let value = format!("[\"{body}\"]");
            assert_eq!(parse(&value, &Limits::default()).tree.text(NodeId(1), &value), text);
        }
    }

    #[test]
    fn a_string_ends_at_the_first_quote_however_long_it_is() {
        for length in 0..120 {
            let text = "aé~\u{7f}".chars().cycle().take(length).collect::<String>();
            for stop in ['"', '\\', '\n', '\u{1f}'] {
                for rest in ["", "\"aaaaaaaaaa", " \"\\ aaaaaaaaaaaaaaaaaa"] {
                    assert_eq!(skip_plain(format!("{text}{stop}{rest}").as_bytes(), 0), text.len());
                }
            }
            assert_eq!(skip_plain(text.as_bytes(), 0), text.len());
        }
    }

    #[test]
    fn keys_are_what_their_texts_are_however_they_are_read() {
        let long = "aé~properties$ref$dynamicAnchor";
        let mut keys: Vec<String> =
            (0..long.len()).filter_map(|end| long.get(..end)).map(str::to_owned).collect();
        keys.extend(
            ["get", "type", "properties", "additionalProperties", "additionalProper", "get\0"]
                .map(str::to_owned),
        );
        for key in keys {
            let plain = key.replace('\0', r"\u0000");
            let escaped: String = key.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
            // What follows the key is read with it, or is missing.
            for spelling in [plain, escaped] {
                for text in
                    [format!(r#"{{"{spelling}":1}}"#), format!(r#"{{"{spelling}" :"a longer value"}}"#)]
                {
                    let parsed = parse(&text, &Limits::default());
                    let (tree, id) = (parsed.tree, NodeId(1));
                    assert!(parsed.errors.is_empty() && tree.len() == 3, "{text}");
                    assert_eq!((tree.text(id, &text), tree.atom(id)), (&*key, Atom::of(&key)), "{text}");
                    assert_eq!(tree.key_hash(id), key_hash(&key), "{text}");
                    assert_eq!(tree.range(id), (1, spelling.len() as u32 + 3), "{text}");
                }
            }
        }
    }

    #[test]
    fn keys_beyond_the_limit_are_limit_errors() {
        for (bytes, key) in [(3, "type"), (3, "types and kinds of all"), (20, "types and kinds of all")] {
            let text = format!("{{\"{key}\":\"a value that is longer\"}}");
            let parsed = parse(&text, &Limits { key_bytes: bytes, ..Limits::default() });
            let found: Vec<_> = parsed.errors.iter().map(|error| (error.kind, error.start)).collect();
            assert_eq!(found, [(super::super::ErrorKind::Limit, 1)]);
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
