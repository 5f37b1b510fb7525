//! Writes one directive into a text: a comment above an entry, or an extension in an object. No other byte is touched.

use crate::lint::Date;
use crate::syntax::{Entry, Node};

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'w> {
    pub(super) rule: &'w str,
    /// One line.
    pub(super) reason: &'w str,
    pub(super) until: Option<Date>,
}

/// The member that holds suppressions.
const KEY: &str = "x-oasguard-ignore";

impl Wish<'_> {
    /// The directive as a comment; nothing if a comment cannot hold the reason.
    pub(super) fn comment(&self, keyword: &str) -> Option<String> {
        let needs_quotes = self.reason.starts_with('"') || self.reason.contains(" until=");
        if needs_quotes && self.reason.contains('"') {
            return None;
        }
        let quote = if needs_quotes { "\"" } else { "" };
        let mut comment =
            format!("# oasguard: {keyword}[{}] reason={quote}{}{quote}", self.rule, self.reason);
        if let Some(until) = self.until {
            comment += &format!(" until={until}");
        }
        Some(comment)
    }

    /// The directive as a value of the extension.
    fn value(&self, space: &str) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut members = vec![("rule", text(self.rule)), ("reason", text(self.reason))];
        members.extend(self.until.map(|until| ("until", text(&until.to_string()))));
        let members: Vec<_> =
            members.iter().map(|(name, value)| format!("\"{name}\":{space}{value}")).collect();
        format!("{{{}}}", members.join(&format!(",{space}")))
    }
}

/// The text with a comment on a line of its own above the line of an offset, indented like that line.
pub(super) fn with_comment(text: &str, offset: usize, comment: &str) -> String {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let start = text[..offset].rfind(['\n', '\r']).map_or(mark, |at| at + 1);
    let line = &text[start..];
    let indentation = &line[..line.len() - line.trim_start_matches(' ').len()];
    inserted(text, start, &[indentation, comment, line_break(text, start)].concat())
}

/// The line break that ends the line of an offset, or else the one before.
fn line_break(text: &str, offset: usize) -> &str {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let bytes = text.as_bytes();
    let after = bytes[offset..].iter().position(is_break).map(|at| offset + at);
    match after.or_else(|| bytes[..offset].iter().position(is_break)) {
        Some(at) if text[at..].starts_with("\r\n") => &text[at..at + 2],
        Some(at) => &text[at..at + 1],
        None => "\n",
    }
}

fn inserted(text: &str, at: usize, what: &str) -> String {
    [&text[..at], what, &text[at..]].concat()
}

/// The text with an extension in an object, which must be written in braces. An extension that is there is extended.
/// Nothing if the object, or what is in it, is written in another way.
pub(super) fn with_extension(text: &str, object: Node<'_>, wish: &Wish<'_>) -> Option<String> {
    let range = object.span().range();
    if !object.is_object() || !text[range.clone()].starts_with('{') {
        return None;
    }
    let Some(first) = object.written_entries().next() else {
        let member = format!("\"{KEY}\": {}", wish.value(" "));
        return Some(inserted(text, range.start + 1, &member));
    };
    let start = first.key.span().range().start;
    let is_tight = text[first.key.span().range().end..].starts_with(':')
        && !text[first.key.span().range().end + 1..].starts_with(char::is_whitespace);
    let space = if is_tight { "" } else { " " };
    if let Some(known) = object.written_entries().find(|entry| entry.key.text() == KEY) {
        return extended(text, &known, &wish.value(space), space);
    }
    let member =
        format!("\"{KEY}\":{space}{},{}", wish.value(space), separator(&text[range.start + 1..start], space));
    Some(inserted(text, start, &member))
}

/// What stands between two members: a line break with indentation, or a blank.
fn separator<'t>(before: &'t str, space: &'t str) -> &'t str {
    match before.rfind(['\n', '\r']) {
        Some(at) if before[..=at].ends_with("\r\n") => &before[at - 1..],
        Some(at) => &before[at..],
        None => space,
    }
}

/// An array gets a further item; what is none becomes the first item of one.
fn extended(text: &str, known: &Entry<'_>, value: &str, space: &str) -> Option<String> {
    let range = known.written.span().range();
    let source = &text[range.clone()];
    if known.written.is_array() {
        let first = known.written.items().next().map(|item| item.span().range().start);
        return match first {
            _ if !source.starts_with('[') => None,
            Some(first) => {
                let separator = separator(&text[range.start + 1..first], space);
                Some(inserted(text, first, &format!("{value},{separator}")))
            }
            None => Some(inserted(text, range.start + 1, value)),
        };
    }
    // A plain scalar of YAML may mean something else within brackets.
    let is_closed = source.starts_with(['"', '{']) && known.written == known.value;
    is_closed.then(|| {
        let whole = format!("[{source},{space}{value}]");
        [&text[..range.start], &whole, &text[range.end..]].concat()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Limits};
    use crate::syntax::{File, Files};

    const WISH: Wish<'_> = Wish { rule: "r", reason: "why \"so\"", until: None };

    /// The text with the extension in its root object.
    fn extension(text: &str) -> Option<String> {
        let file = File::parse("a.yaml".into(), "a.yaml".into(), text.to_owned(), &Limits::default());
        let files = Files::new(std::sync::Arc::new(file));
        with_extension(text, files.root(FileId::ROOT)?, &WISH)
    }

    #[test]
    fn an_extension_is_written_as_the_object_is() {
        const V: &str = r#"{"rule": "r", "reason": "why \"so\""}"#;
        const TIGHT: &str = r#"{"rule":"r","reason":"why \"so\""}"#;
        for (text, expected) in [
            (r#"{}"#, r#"{"x-oasguard-ignore": V}"#),
            (r#"{ }"#, r#"{"x-oasguard-ignore": V }"#),
            (r#"{"a":1}"#, r#"{"x-oasguard-ignore":TIGHT,"a":1}"#),
            (r#"{"a": 1}"#, r#"{"x-oasguard-ignore": V, "a": 1}"#),
            (r#"{ "a": 1 }"#, r#"{ "x-oasguard-ignore": V, "a": 1 }"#),
            ("{\r\n\t\"a\" : 1\r\n}", "{\r\n\t\"x-oasguard-ignore\": V,\r\n\t\"a\" : 1\r\n}"),
            ("{\n\n  \"a\": 1\n}", "{\n\n  \"x-oasguard-ignore\": V,\n  \"a\": 1\n}"),
            (r#"{"x-oasguard-ignore": "a"}"#, r#"{"x-oasguard-ignore": ["a", V]}"#),
            (r#"{"x-oasguard-ignore": {"rule": "a"}}"#, r#"{"x-oasguard-ignore": [{"rule": "a"}, V]}"#),
            (r#"{"x-oasguard-ignore": ["a"]}"#, r#"{"x-oasguard-ignore": [V, "a"]}"#),
            (r#"{"x-oasguard-ignore": []}"#, r#"{"x-oasguard-ignore": [V]}"#),
            ("{x-oasguard-ignore: [\n  a]}", "{x-oasguard-ignore: [\n  V,\n  a]}"),
        ] {
            let expected = expected.replace("TIGHT", TIGHT).replace('V', V);
            assert_eq!(extension(text).as_deref(), Some(expected.as_str()), "{text}");
        }
        for text in ["a: 1\n", "{x-oasguard-ignore: a}", "{x-oasguard-ignore: \n  - a\n}"] {
            assert!(extension(text).is_none() || text.contains("- a"), "{text}");
        }
    }

    #[test]
    fn a_comment_has_the_indentation_and_the_line_break_of_its_line() {
        for (text, at, expected) in [
            ("a: 1\n", 0, "# c\na: 1\n"),
            ("\u{feff}a: 1\r\n", 3, "\u{feff}# c\r\na: 1\r\n"),
            ("a:\n  b: 1\n", 5, "a:\n  # c\n  b: 1\n"),
            ("a:\r\n  - b", 8, "a:\r\n  # c\r\n  - b"),
            ("a: 1", 0, "# c\na: 1"),
        ] {
            assert_eq!(with_comment(text, at, "# c"), expected, "{text:?}");
        }
    }

    #[test]
    fn a_reason_is_quoted_where_it_must_be() {
        let comment = |reason| Wish { reason, ..WISH }.comment("ignore");
        assert_eq!(comment("a b").as_deref(), Some("# oasguard: ignore[r] reason=a b"));
        assert_eq!(comment("a until=b").as_deref(), Some("# oasguard: ignore[r] reason=\"a until=b\""));
        assert_eq!(comment("a \"b\"").as_deref(), Some("# oasguard: ignore[r] reason=a \"b\""));
        assert_eq!(comment("\"b\""), None);
    }
}
