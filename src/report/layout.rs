//! How JSON is laid out: in lines that people can read or in one, without anything that a terminal obeys.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::Formatter;

use super::visible;

/// Escapes what serde_json writes raw but a terminal or a build system obeys (C1 controls, changes of direction, `##[`). The
/// value that a parser reads stays the same.
///
/// In lines it is laid out as `serde_json` does, which writes each level of an indentation by itself: a fifth of the cost of
/// a report. Bytes are those of a text: nothing else in our reports is bytes.
pub(super) struct Layout {
    /// Where in [`LINE`] the end of a line and the indentation of the next one end; in one line, where the comma does.
    end: usize,
    /// By how much a level is indented; not at all in one line.
    step: usize,
    has_members: bool,
}

/// What stands between two members: a comma, the end of the line, and the indentation of the next one.
const LINE: &[u8] = b",\n                                        ";

impl Layout {
    /// One member a line, indented by two spaces a level.
    pub(super) const LINES: Layout = Layout { end: 2, step: 2, has_members: false };
    /// All in one line without spaces.
    pub(super) const LINE: Layout = Layout { end: 1, step: 0, has_members: false };

    /// Ends the line, after a comma if there is a member before, and indents the next.
    #[inline]
    fn next_line<W: ?Sized + Write>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        match LINE.get(usize::from(is_first)..self.end) {
            Some(line) => out.write_all(line),
            None => self.deep_line(out, is_first),
        }
    }

    #[cold]
    fn deep_line<W: ?Sized + Write>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        out.write_all(&LINE[usize::from(is_first)..])?;
        (LINE.len()..self.end).try_for_each(|_| out.write_all(b" "))
    }

    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.end += self.step;
        self.has_members = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.end -= self.step;
        if self.has_members {
            self.next_line(out, true)?;
        }
        self.has_members = true;
        out.write_all(bracket)
    }
}

impl Formatter for Layout {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all text. To look at each character made half of the cost of a report.
        if is_plain(fragment.as_bytes()) {
            return out.write_all(fragment.as_bytes());
        }
        let (mut copied, mut previous) = (0, None);
        for (at, character) in fragment.char_indices() {
            // Build systems obey `##[command]` and `##word[command]` anywhere in a line of their log.
            let is_order = character == '#' && previous == Some('#');
            previous = Some(character);
            if visible::is_active(character) || is_order {
                out.write_all(&fragment.as_bytes()[copied..at])?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                copied = at + character.len_utf8();
            }
        }
        out.write_all(&fragment.as_bytes()[copied..])
    }

    fn write_byte_array<W: ?Sized + Write>(&mut self, out: &mut W, text: &[u8]) -> io::Result<()> {
        if is_plain(text) {
            out.write_all(b"\"")?;
            out.write_all(text)?;
            return out.write_all(b"\"");
        }
        let text = std::str::from_utf8(text).map_err(io::Error::other)?;
        Ok(text.serialize(&mut serde_json::Serializer::with_formatter(out, Layout::LINE))?)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next_line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_members = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next_line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.step > 0 { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_members = true;
        Ok(())
    }
}

/// Whether a text is written as it is, with nothing to escape and nothing that may act: printable ASCII but `"`, `\` and
/// `#`. Sixteen or eight bytes at a time; the last ones overlap those before.
fn is_plain(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk() {
        return text.as_chunks().0.iter().all(is_plain_block) && is_plain_block(last);
    }
    if let (Some(&first), Some(&last)) = (text.first_chunk(), text.last_chunk()) {
        return is_plain_word(u64::from_ne_bytes(first)) && is_plain_word(u64::from_ne_bytes(last));
    }
    if let (Some(&first), Some(&last)) = (text.first_chunk(), text.last_chunk()) {
        let [first, last] = [first, last].map(|half| u64::from(u32::from_ne_bytes(half)));
        return is_plain_word(first << 32 | last);
    }
    text.iter().all(|&byte| is_plain_byte(byte))
}

/// In this form without branches many bytes are looked at in one step; `"` and `#` differ in one bit.
#[inline]
fn is_plain_byte(byte: u8) -> bool {
    (byte.wrapping_sub(b' ') <= b'~' - b' ') & (byte | 1 != b'#') & (byte != b'\\')
}

#[inline]
fn is_plain_block(block: &[u8; 16]) -> bool {
    block.iter().fold(true, |all, &byte| all & is_plain_byte(byte))
}

#[inline]
fn is_plain_word(word: u64) -> bool {
    let all = |byte: u8| u64::from_ne_bytes([byte; 8]);
    // The high bit of each byte that is zero, or stands above one that is.
    let zero = |word: u64| word.wrapping_sub(all(1)) & !word;
    let is_control = word.wrapping_sub(all(b' ')) & !word;
    let is_special = zero(word ^ all(0x7f)) | zero((word | all(1)) ^ all(b'#')) | zero(word ^ all(b'\\'));
    (word | is_control | is_special) & all(0x80) == 0
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn whatever_may_act_or_is_escaped_is_found_wherever_it_stands() {
        for length in 0..40 {
            let mut text = vec![b'a'; length];
            assert!(is_plain(&text), "{length}");
            for at in 0..length {
                for byte in 0..=255 {
                    text[at] = byte;
                    let expected = matches!(byte, b' '..=b'~') && !b"\"\\#".contains(&byte);
                    assert_eq!(is_plain(&text), expected, "{byte} at {at} of {length}");
                }
                text[at] = b'z';
            }
        }
    }

    #[test]
    fn bytes_are_written_as_the_text_that_they_are() {
        struct Bytes<'a>(&'a str);
        impl serde::Serialize for Bytes<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(self.0.as_bytes())
            }
        }
        fn written(value: impl serde::Serialize) -> String {
            let mut written = Vec::new();
            let serializer = &mut serde_json::Serializer::with_formatter(&mut written, Layout::LINES);
            value.serialize(serializer).expect("written");
            String::from_utf8(written).expect("text")
        }
        for text in
            ["", "a", "/paths/~1v1~1orders/get", "a \"b\" \\ \n", "##[error]", "\u{9b}1m", "ö\u{202e}"]
        {
            let expected = written(json!([{"a": text}, text, 1]));
            assert_eq!(written([Bytes(text)]), written([text]));
            assert_eq!(serde_json::from_str::<Value>(&written([Bytes(text)])).expect("JSON"), json!([text]));
            assert!(expected.contains(&written(Bytes(text))), "{expected}");
        }
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let deep = (0..40).fold(json!([1]), |inner, _| json!({"a": inner, "b": [], "c": {}}));
        for value in
            [json!({}), json!([[], {}, [[]], {"a": {}}, "x"]), json!({"a": [1, 2], "b": {"c": null}}), deep]
        {
            let written = |layout: Layout| {
                let mut written = Vec::new();
                let serializer = &mut serde_json::Serializer::with_formatter(&mut written, layout);
                value.serialize(serializer).expect("written");
                String::from_utf8(written).expect("text")
            };
            assert_eq!(
                written(Layout::LINES),
                serde_json::to_string_pretty::<Value>(&value).expect("written")
            );
            assert_eq!(written(Layout::LINE), serde_json::to_string::<Value>(&value).expect("written"));
        }
    }
}
