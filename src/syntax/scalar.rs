//! Numbers of the YAML 1.2 core schema, and where a part of a decoded scalar stands in the source.

use super::{Kind, Node};

/// An integer of JSON or of YAML's core schema (YAML 1.2.2 §10.3.2): decimal, `0o` octal, `0x` hexadecimal.
pub(super) fn integer(text: &str) -> Option<i128> {
    if let Some(octal) = text.strip_prefix("0o") {
        return i128::from_str_radix(octal, 8).ok();
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return i128::from_str_radix(hexadecimal, 16).ok();
    }
    text.parse().ok()
}

/// A floating point number of JSON or of YAML's core schema, `.inf` and `.nan` included.
pub(super) fn float(text: &str) -> Option<f64> {
    match text.trim_start_matches(['+', '-']) {
        ".inf" | ".Inf" | ".INF" => {
            return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    text.parse().ok()
}

/// The kind of a plain scalar in YAML's core schema (YAML 1.2.2 §10.3.2).
pub(super) fn plain_kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Kind::Bool,
        ".nan" | ".NaN" | ".NAN" => return Kind::Float,
        _ => {}
    }
    let bytes = text.as_bytes();
    if let Some(octal) = bytes.strip_prefix(b"0o") {
        let digits = !octal.is_empty() && octal.iter().all(|b| (b'0'..=b'7').contains(b));
        return if digits { Kind::Int } else { Kind::String };
    }
    if let Some(hexadecimal) = bytes.strip_prefix(b"0x") {
        let digits = !hexadecimal.is_empty() && hexadecimal.iter().all(u8::is_ascii_hexdigit);
        return if digits { Kind::Int } else { Kind::String };
    }
    let unsigned = bytes.strip_prefix(b"-").or(bytes.strip_prefix(b"+")).unwrap_or(bytes);
    if matches!(unsigned, b".inf" | b".Inf" | b".INF") {
        return Kind::Float;
    }
    decimal_kind(unsigned)
}

/// `[0-9]+`, or `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn decimal_kind(bytes: &[u8]) -> Kind {
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(0);
    let mut at = whole;
    if at == bytes.len() && whole > 0 {
        return Kind::Int;
    }
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole == 0 && fraction == 0 {
        return Kind::String;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let exponent = digits(at);
        if exponent == 0 {
            return Kind::String;
        }
        at += exponent;
    }
    if at == bytes.len() { Kind::Float } else { Kind::String }
}

/// Where a range of a scalar's decoded text stands in the source, as absolute byte offsets; nothing where the two
/// cannot be mapped, and the caller then takes the whole scalar. In a scalar of several lines only a range that starts
/// and ends with a character that is not blank can be mapped; what it maps to may hold line breaks.
pub fn source_range(scalar: Node<'_>, decoded: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let (text, source, span) = (scalar.text(), scalar.source(), scalar.span());
    text.get(decoded.clone())?;
    let quote = source.bytes().next().filter(|b| matches!(b, b'"' | b'\'') && source.len() >= 2);
    let body = if quote.is_some() { &source[1..source.len() - 1] } else { source };
    let base = span.start as usize + usize::from(quote.is_some());
    if body == text {
        return Some(base + decoded.start..base + decoded.end);
    }
    if body.contains(['\n', '\r']) {
        let range = range_over_lines(body, quote, text, decoded)?;
        return Some(base + range.start..base + range.end);
    }
    let units = match quote {
        Some(b'"') => double_quoted_units(body)?,
        Some(b'\'') => single_quoted_units(body),
        _ => return None,
    };
    // Each unit is (length in the text, length in the source).
    let (mut at_text, mut at_source) = (0, 0);
    let mut start = None;
    for (in_text, in_source) in units {
        if at_text == decoded.start {
            start.get_or_insert(at_source);
        }
        if at_text >= decoded.end {
            break;
        }
        at_text += in_text;
        at_source += in_source;
    }
    if at_text == decoded.start {
        start.get_or_insert(at_source);
    }
    (at_text == decoded.end).then(|| start.map(|start| base + start..base + at_source)).flatten()
}

/// Lines are folded and indentation is removed, but whatever is not blank stands in the source in the same order.
fn range_over_lines(
    body: &str,
    quote: Option<u8>,
    text: &str,
    decoded: std::ops::Range<usize>,
) -> Option<std::ops::Range<usize>> {
    let is_mark = |character: &char| !matches!(character, ' ' | '\t' | '\n' | '\r');
    let marks = |text: &str| text.chars().filter(is_mark).count();
    let part = text.get(decoded.clone())?;
    if !part.starts_with(|c| is_mark(&c)) || !part.ends_with(|c| is_mark(&c)) {
        return None;
    }
    let content = match quote {
        Some(b'"') if body.contains('\\') => return None,
        Some(_) => 0,
        // The header of a block scalar; a plain scalar cannot start with these.
        None if body.starts_with(['|', '>']) => body.find(['\n', '\r'])?,
        None => 0,
    };
    let mut source = Vec::new();
    let mut characters = body[content..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let mut width = character.len_utf8();
        if quote == Some(b'\'')
            && character == '\''
            && characters.next_if(|&(_, next)| next == '\'').is_some()
        {
            width += 1;
        }
        if is_mark(&character) {
            source.push((content + at, content + at + width));
        }
    }
    if source.len() != marks(text) {
        return None;
    }
    let first = marks(&text[..decoded.start]);
    Some(source[first].0..source[first + marks(part) - 1].1)
}

fn single_quoted_units(body: &str) -> Vec<(usize, usize)> {
    let mut units = Vec::new();
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        let doubled = character == '\'' && characters.next_if_eq(&'\'').is_some();
        units.push((character.len_utf8(), character.len_utf8() + usize::from(doubled)));
    }
    units
}

/// Escapes of JSON (RFC 8259 §7) and YAML (1.2.2 §5.7).
fn double_quoted_units(body: &str) -> Option<Vec<(usize, usize)>> {
    let mut units = Vec::new();
    let mut rest = body;
    while let Some(character) = rest.chars().next() {
        let (in_text, in_source) = if character == '\\' {
            let letter = rest[1..].chars().next()?;
            let hexadecimal = |digits: usize| u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok();
            match letter {
                'x' => (char::from_u32(hexadecimal(2)?)?.len_utf8(), 4),
                'U' => (char::from_u32(hexadecimal(8)?)?.len_utf8(), 10),
                'u' => match hexadecimal(4)? {
                    0xd800..0xdc00 if is_low_surrogate(&rest[6..]) => (4, 12),
                    0xd800..0xe000 => (3, 6),
                    code => (char::from_u32(code)?.len_utf8(), 6),
                },
                'N' | '_' => (2, 2),
                'L' | 'P' => (3, 2),
                other => (1, 1 + other.len_utf8()),
            }
        } else {
            (character.len_utf8(), character.len_utf8())
        };
        units.push((in_text, in_source));
        rest = rest.get(in_source..)?;
    }
    Some(units)
}

fn is_low_surrogate(escape: &str) -> bool {
    let code = escape.strip_prefix("\\u").and_then(|digits| u32::from_str_radix(digits.get(..4)?, 16).ok());
    code.is_some_and(|code| (0xdc00..0xe000).contains(&code))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{FileId, Limits};
    use crate::syntax::{File, Files};

    /// `part` of the text of the scalar that is the whole document stands in the source as `expected`.
    #[track_caller]
    fn check(name: &str, document: &str, part: &str, expected: Option<&str>) {
        let file = File::parse(name.into(), name.into(), document.into(), &Limits::default());
        let files = Files::new(Arc::new(file));
        let scalar = files.root(FileId::ROOT).expect("a value");
        let start = scalar.text().find(part).expect("a part of the text");
        let range = source_range(scalar, start..start + part.len());
        assert_eq!(range.map(|range| &document[range]), expected, "{document:?} {:?}", scalar.text());
    }

    #[test]
    fn a_part_of_a_text_is_found_in_the_source() {
        for (document, part, expected) in [
            (r#""abc""#, "b", Some("b")),
            (r#""ab""#, "ab", Some("ab")),
            (r#""ä😀b""#, "😀", Some("😀")),
            (r#""a\nb\/\"c""#, "b/\"c", Some(r#"b\/\"c"#)),
            (r#""a\u00e4b""#, "ä", Some(r"\u00e4")),
            (r#""a\ud83d\ude00b""#, "😀", Some(r"\ud83d\ude00")),
            (r#""a\ud83d\u0041b""#, "A", Some(r"\u0041")),
            (r#""a\ud83db""#, "b", Some("b")),
            (r#""a\ud83d""#, "a", Some("a")),
            (r#""a\nb""#, "", Some("")),
        ] {
            check("a.json", document, part, expected);
        }
        for (document, part, expected) in [
            ("abc", "b", Some("b")),
            ("\u{feff}  äbc # d", "bc", Some("bc")),
            ("'it''s'", "t's", Some("t''s")),
            ("'it''s'", "'", Some("''")),
            ("'a b'", " ", Some(" ")),
            (r#""a\x41\u00e4\U0001F600\N\_\L\P\e\ b""#, "Aä", Some(r"\x41\u00e4")),
            (r#""a\x41\u00e4\U0001F600\N\_\L\P\e\ b""#, "😀", Some(r"\U0001F600")),
            (r#""a\x41\u00e4\U0001F600\N\_\L\P\e\ b""#, "\u{2029}\u{1b} b", Some(r"\P\e\ b")),
            ("a\n  bc\n\n  d", "bc", Some("bc")),
            ("a\n  bc\n\n  d", "c\nd", Some("c\n\n  d")),
            ("a\n  bc\n\n  d", " b", None),
            ("'a\n  it''s\n  d'", "t's", Some("t''s")),
            ("'a\n  it''s\n  d'", "d", Some("d")),
            ("\"a\n  b\n  d\"", "b", Some("b")),
            ("\"a\n  b\\t\n  d\"", "b", None),
            ("|\n  a\n   bc\n", "bc", Some("bc")),
            (">- # bc\n  a\n  bc\n", "bc", Some("bc")),
            ("|\r\n  ä\r\n  bc\r\n", "bc", Some("bc")),
            ("|\n  a\n", "\n", None),
        ] {
            check("a.yaml", document, part, expected);
        }
    }

    #[test]
    fn a_range_that_cuts_a_character_or_leaves_the_text_is_not_found() {
        let file = File::parse("a".into(), "a".into(), r#""a\u00e4b""#.into(), &Limits::default());
        let files = Files::new(Arc::new(file));
        let scalar = files.root(FileId::ROOT).expect("a value");
        for range in [2..3, 1..2, 3..9] {
            assert_eq!(source_range(scalar, range.clone()), None, "{range:?}");
        }
    }

    #[test]
    fn the_core_schema_decides_the_kind_of_a_plain_scalar() {
        for (text, kind) in [
            ("~", Kind::Null),
            ("true", Kind::Bool),
            ("yes", Kind::String),
            ("on", Kind::String),
            ("200", Kind::Int),
            ("-1", Kind::Int),
            ("010", Kind::Int),
            ("0o17", Kind::Int),
            ("0o8", Kind::String),
            ("0x1F", Kind::Int),
            ("1_000", Kind::String),
            ("1.8", Kind::Float),
            ("1.", Kind::Float),
            (".5", Kind::Float),
            (".", Kind::String),
            ("1e3", Kind::Float),
            ("1e", Kind::String),
            ("+.inf", Kind::Float),
            ("1.0.0", Kind::String),
            ("2020-07-13", Kind::String),
            ("12:30", Kind::String),
        ] {
            assert_eq!(plain_kind(text), kind, "{text}");
        }
    }
}
