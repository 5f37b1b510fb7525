//! How JSON is laid out: in lines that people can read or in one, without anything that a terminal obeys.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use super::visible;

/// Escapes what serde_json writes raw but a terminal or a build system obeys (C1 controls, changes of direction, `##[`). The
/// value that a parser reads stays the same.
///
/// In lines it is laid out as `serde_json` does, which writes each level of an indentation by itself: a fifth of the cost of
/// a report.
pub(super) struct Layout {
    /// Whether each member has a line of its own, indented by two spaces a level; else all is one line without spaces.
    has_lines: bool,
    depth: usize,
    has_members: bool,
}

impl Layout {
    /// One member a line.
    pub(super) const LINES: Layout = Layout { has_lines: true, depth: 0, has_members: false };
    /// All in one line.
    pub(super) const LINE: Layout = Layout { has_lines: false, depth: 0, has_members: false };

    /// Ends the line, after a comma if there is a member before, and indents the next.
    fn next_line<W: ?Sized + Write>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        const LINE: &[u8] = b",\n                                        ";
        const LEVELS: usize = (LINE.len() - 2) / 2;
        if !self.has_lines {
            return out.write_all(&LINE[usize::from(is_first)..1]);
        }
        let levels = self.depth.min(LEVELS);
        out.write_all(&LINE[usize::from(is_first)..2 + 2 * levels])?;
        (levels..self.depth).try_for_each(|_| out.write_all(b"  "))
    }

    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_members = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
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
        if !may_act(fragment.as_bytes()) {
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
        out.write_all(if self.has_lines { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_members = true;
        Ok(())
    }
}

/// Whether any byte is not printable ASCII, or a `#`. Eight bytes at a time: most names are no longer than twice that.
fn may_act(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // The high bit of each byte that is zero, or stands above one that is.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let acts = |word: u64| {
        let is = |byte: u8| zero(word ^ u64::from_ne_bytes([byte; 8]));
        let is_control = word.wrapping_sub(u64::from_ne_bytes([b' '; 8])) & !word & HIGH;
        (word & HIGH | is_control | is(0x7f) | is(b'#')) != 0
    };
    let (words, rest) = text.as_chunks::<8>();
    if words.iter().any(|word| acts(u64::from_ne_bytes(*word))) {
        return true;
    }
    match text.last_chunk::<8>() {
        Some(last) => acts(u64::from_ne_bytes(*last)),
        None => rest.iter().any(|&byte| !matches!(byte, b' '..=b'~') || byte == b'#'),
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn whatever_may_act_is_found_wherever_it_stands() {
        for length in 0..20 {
            let mut text = vec![b'a'; length];
            assert!(!may_act(&text), "{length}");
            for at in 0..length {
                for byte in 0..=255 {
                    text[at] = byte;
                    let expected = !matches!(byte, b' '..=b'~') || byte == b'#';
                    assert_eq!(may_act(&text), expected, "{byte} at {at} of {length}");
                }
                text[at] = b'z';
            }
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
