//! Byte offsets to lines and columns. This is the only place where a line or a column exists.

use std::ops::Range;
use std::sync::OnceLock;

/// A 1-based line and a 1-based column, counted in Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LineColumn {
    /// 1-based line. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// 1-based column in Unicode scalar values; a byte order mark has no width.
    pub column: u32,
}

/// A 1-based column in the units in which other programs count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Columns {
    /// In bytes of UTF-8, those of a byte order mark included: where the byte stands in the line.
    pub bytes: u32,
    /// In UTF-16 code units; a byte order mark has no width.
    pub utf16: u32,
}

/// A place in a text, in every unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line, and the column as people count.
    pub shown: LineColumn,
    /// The column as programs count.
    pub columns: Columns,
}

/// Where the lines of one text start, counted at every kilobyte: most lines are never asked about.
#[derive(Clone, Debug)]
pub struct LineIndex {
    steps: Vec<Step>,
    line_breaks: LineBreaks,
    /// How many lines the text has.
    lines: usize,
    /// What stands before every [`STEP`]th byte, counted when a line turns out to be longer than a step: without it, ten
    /// thousand places in one minified line of megabytes would each count from the line's start.
    widths: OnceLock<Vec<Width>>,
}

/// Bytes between two entries of the index. To find a line costs as much as to look through these.
const STEP: usize = 1024;

/// What comes before a multiple of [`STEP`].
#[derive(Clone, Copy, Debug)]
struct Step {
    /// How many line breaks.
    breaks: u32,
    /// Where the last one ends.
    line_start: u32,
}

/// Which line breaks a text has. Those of the first kind are counted 32 bytes at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
enum LineBreaks {
    /// Line feeds only.
    LineFeeds,
    /// Carriage returns as well.
    Any,
}

impl LineBreaks {
    /// The offsets of the last bytes of line breaks in a range.
    fn of(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = usize> {
        let start = range.start;
        let breaks = memchr::memchr2_iter(b'\n', b'\r', &bytes[range]).map(move |at| start + at);
        // In `\r\n` the line feed ends the line, not the carriage return.
        breaks.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
    }

    fn count(self, bytes: &[u8], range: Range<usize>) -> usize {
        match self {
            LineBreaks::LineFeeds => memchr::memchr_iter(b'\n', &bytes[range]).count(),
            LineBreaks::Any => LineBreaks::of(bytes, range).count(),
        }
    }

    fn first(self, bytes: &[u8], range: Range<usize>) -> Option<usize> {
        match self {
            LineBreaks::LineFeeds => memchr::memchr(b'\n', &bytes[range.clone()]).map(|at| range.start + at),
            LineBreaks::Any => LineBreaks::of(bytes, range).next(),
        }
    }

    fn last(self, bytes: &[u8], range: Range<usize>) -> Option<usize> {
        match self {
            LineBreaks::LineFeeds => memchr::memrchr(b'\n', &bytes[range.clone()]).map(|at| range.start + at),
            LineBreaks::Any => LineBreaks::of(bytes, range).last(),
        }
    }
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let has_returns = memchr::memchr(b'\r', bytes).is_some();
        let line_breaks = if has_returns { LineBreaks::Any } else { LineBreaks::LineFeeds };
        let mut steps = Vec::with_capacity(bytes.len() / STEP + 1);
        let mut step = Step { breaks: 0, line_start: 0 };
        let mut next = line_breaks.first(bytes, 0..bytes.len());
        for start in (0..=bytes.len()).step_by(STEP) {
            steps.push(step);
            let range = start..bytes.len().min(start + STEP);
            // Minified texts have long lines.
            if next.is_none_or(|next| next >= range.end) {
                continue;
            }
            step.breaks += line_breaks.count(bytes, range.clone()) as u32;
            if let Some(last) = line_breaks.last(bytes, range.clone()) {
                step.line_start = last as u32 + 1;
            }
            next = line_breaks.first(bytes, range.end..bytes.len());
        }
        LineIndex { steps, line_breaks, lines: step.breaks as usize + 1, widths: OnceLock::new() }
    }

    /// The line and column of a byte offset. An offset inside a character counts as that character's start.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        self.position(text, offset).shown
    }

    /// The place of a byte offset in every unit; see [`LineIndex::line_column`].
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let (start, end) = self.up_to(text, offset);
        let line = self.line(text, offset) as u32 + 1;
        let Width { characters, pairs } = self.width(text.as_bytes(), start, end);
        let first =
            if start == BYTE_ORDER_MARK.len_utf8() && text.starts_with(BYTE_ORDER_MARK) { 0 } else { start };
        Position {
            shown: LineColumn { line, column: characters + 1 },
            columns: Columns { bytes: (end - first) as u32 + 1, utf16: characters + pairs + 1 },
        }
    }

    /// The places of both ends of a range. The end is counted from the start where both stand in one line.
    pub fn positions(&self, text: &str, range: Range<usize>) -> Range<Position> {
        let start = self.position(text, range.start);
        let inside = text.as_bytes().get(range.clone()).filter(|inside| inside.len() <= STEP);
        let Some(inside) = inside.filter(|inside| {
            let is_whole = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
            is_whole
                && !inside.starts_with(BYTE_ORDER_MARK_BYTES)
                && memchr::memchr2(b'\n', b'\r', inside).is_none()
        }) else {
            return start..self.position(text, range.end);
        };
        let Width { characters, pairs } = Width::of(inside);
        let Position { shown, columns } = start;
        let end = Position {
            shown: LineColumn { column: shown.column + characters, ..shown },
            columns: Columns {
                bytes: columns.bytes + inside.len() as u32,
                utf16: columns.utf16 + characters + pairs,
            },
        };
        start..end
    }

    /// Where the text of an offset's line starts, after a byte order mark, and the offset's character.
    fn up_to(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = offset.min(text.len());
        let step = offset / STEP;
        let last = self.line_breaks.last(text.as_bytes(), self.breaks_before(offset));
        let mut start = last.map_or(self.steps[step].line_start as usize, |last| last + 1);
        if start == 0 && text.starts_with(BYTE_ORDER_MARK) {
            start = BYTE_ORDER_MARK.len_utf8();
        }
        (start, text.floor_char_boundary(offset).max(start))
    }

    /// What stands in `start..end`.
    fn width(&self, bytes: &[u8], start: usize, end: usize) -> Width {
        if end - start <= STEP {
            return Width::of(&bytes[start..end]);
        }
        let widths = self.widths.get_or_init(|| Width::by_step(bytes));
        let before = |offset: usize| {
            let step = offset / STEP;
            let before_step = widths[step];
            // Where every byte of a step starts a character, and none a pair, nothing is counted again.
            let is_plain = widths.get(step + 1).is_some_and(|next| {
                next.characters - before_step.characters == STEP as u32 && next.pairs == before_step.pairs
            });
            let part = &bytes[step * STEP..offset];
            before_step + if is_plain { Width::of_ascii(part) } else { Width::of(part) }
        };
        before(end) - before(start)
    }

    /// The 0-based line of a byte offset.
    pub fn line(&self, text: &str, offset: usize) -> usize {
        let offset = offset.min(text.len());
        let before = self.breaks_before(offset);
        self.steps[offset / STEP].breaks as usize + self.line_breaks.count(text.as_bytes(), before)
    }

    /// The part of an offset's step before it, of which nothing has to be looked at if the whole step has no line break.
    fn breaks_before(&self, offset: usize) -> Range<usize> {
        let step = offset / STEP;
        let next = self.steps.get(step + 1).map_or(self.lines - 1, |next| next.breaks as usize);
        let is_in_line = next == self.steps[step].breaks as usize;
        if is_in_line { offset..offset } else { step * STEP..offset }
    }

    /// Where a 0-based line starts; nothing if the text has fewer.
    fn start(&self, text: &str, line: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let step = self.steps.partition_point(|step| (step.breaks as usize) < line);
        // The line break before the line is the `nth` after the last step with fewer.
        let Some(step) = step.checked_sub(1) else { return Some(0) };
        let nth = line - self.steps[step].breaks as usize - 1;
        let range = step * STEP..bytes.len().min((step + 1) * STEP);
        LineBreaks::of(bytes, range).nth(nth).map(|at| at + 1)
    }

    /// The byte range of a 0-based line, without its line break.
    pub fn line_range(&self, text: &str, line: usize) -> Range<usize> {
        let start = self.start(text, line).unwrap_or(text.len());
        let end = self.start(text, line + 1).unwrap_or(text.len());
        let body = text[start..end].trim_end_matches(['\n', '\r']);
        start..start + body.len()
    }

    /// How many lines the text has; at least one.
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Never: even an empty text has one line.
    pub fn is_empty(&self) -> bool {
        false
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';
const BYTE_ORDER_MARK_BYTES: &[u8] = "\u{feff}".as_bytes();

/// How wide a part of a text is in other units than bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    /// How many characters start in it.
    characters: u32,
    /// How many of them are two code units in UTF-16.
    pairs: u32,
}

impl Width {
    /// What stands before each multiple of [`STEP`].
    fn by_step(bytes: &[u8]) -> Vec<Width> {
        let mut total = Width::default();
        let mut widths = Vec::with_capacity(bytes.len() / STEP + 2);
        widths.push(total);
        for step in bytes.chunks(STEP) {
            total = total + Width::of(step);
            widths.push(total);
        }
        widths
    }

    /// The width of bytes that may begin or end inside a character.
    fn of(bytes: &[u8]) -> Width {
        // Most text is ASCII, which is told faster than it is counted.
        if bytes.is_ascii() {
            return Width::of_ascii(bytes);
        }
        let mut width = Width::default();
        // The counts of less than 256 bytes are bytes, of which vector instructions add sixteen at a time.
        for chunk in bytes.chunks(128) {
            let (mut characters, mut pairs) = (0u8, 0u8);
            for &byte in chunk {
                // Every byte but the continuation bytes 0x80..=0xBF starts a character; as signed numbers these are
                // below -64. The characters from U+10000 on are those of four bytes.
                characters += u8::from(byte as i8 >= -64);
                pairs += u8::from(byte >= 0xf0);
            }
            width = width + Width { characters: characters.into(), pairs: pairs.into() };
        }
        width
    }

    /// The width of bytes that are ASCII.
    fn of_ascii(bytes: &[u8]) -> Width {
        Width { characters: bytes.len() as u32, pairs: 0 }
    }
}

impl std::ops::Add for Width {
    type Output = Width;

    fn add(self, other: Width) -> Width {
        Width { characters: self.characters + other.characters, pairs: self.pairs + other.pairs }
    }
}

impl std::ops::Sub for Width {
    type Output = Width;

    fn sub(self, other: Width) -> Width {
        Width { characters: self.characters - other.characters, pairs: self.pairs - other.pairs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, line: u32, column: u32) {
        assert_eq!(
            LineIndex::new(text).line_column(text, offset),
            LineColumn { line, column },
            "{text:?} at {offset}"
        );
    }

    #[test]
    fn columns_count_unicode_scalar_values() {
        check("abc", 2, 1, 3);
        check("äö: x", 6, 1, 5);
        check("a\n😀b", 6, 2, 2);
    }

    #[test]
    fn columns_in_other_units() {
        let check = |text: &str, offset: usize, bytes: u32, utf16: u32| {
            let columns = LineIndex::new(text).position(text, offset).columns;
            assert_eq!(columns, Columns { bytes, utf16 }, "{text:?} at {offset}");
        };
        check("abc", 2, 3, 3);
        check("äö: x", 6, 7, 5);
        check("a\r\n😀b", 7, 5, 3);
        check("\u{feff}😀b", 7, 8, 3);
        check("\u{feff}ab", 3, 4, 1);
        check("\u{feff}a\nb", 5, 1, 1);
        check("", 0, 1, 1);
        let far = format!("x\n{}b", "a😀".repeat(STEP));
        check(&far, far.len() - 1, 5 * STEP as u32 + 1, 3 * STEP as u32 + 1);
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        check("a\r\nb", 3, 2, 1);
        check("a\rb", 2, 2, 1);
        check("a\r\n\r\nb", 5, 3, 1);
    }

    #[test]
    fn both_ends_of_a_range_are_as_if_asked_alone() {
        for text in [
            "",
            "\u{feff}",
            "\u{feff}a\u{feff}😀b",
            "a\r\nb\rc\nä€",
            "x😀\n\n😀",
            &"ab€".repeat(STEP),
            &"😀\n".repeat(STEP),
        ] {
            let lines = LineIndex::new(text);
            let offsets: Vec<usize> = (0..=text.len()).filter(|at| at % 97 < 13 || text.len() < 50).collect();
            for (number, &start) in offsets.iter().enumerate() {
                for &end in offsets[number..].iter().take(40) {
                    let alone = lines.position(text, start)..lines.position(text, end);
                    assert_eq!(lines.positions(text, start..end), alone, "{start}..{end} of {text:.30?}");
                }
            }
        }
    }

    #[test]
    fn a_byte_order_mark_has_no_width() {
        check("\u{feff}ab", 4, 1, 2);
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        check("a\n", 2, 2, 1);
        check("", 0, 1, 1);
    }
    #[test]
    fn columns_of_long_lines_are_exact_around_every_checkpoint() {
        for unit in ["a", "ä", "a€", "x😀"] {
            for lead in ["", "\u{feff}", "short\r\n", "é\n"] {
                let text = format!("{lead}{}\nend", unit.repeat(3 * STEP / unit.len()));
                let lines = LineIndex::new(&text);
                for step in [0, STEP, 2 * STEP] {
                    for offset in step.saturating_sub(6)..step + 6 {
                        let end = text.floor_char_boundary(offset);
                        let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
                        let column =
                            text[start..end].trim_start_matches('\u{feff}').chars().count() as u32 + 1;
                        assert_eq!(
                            lines.line_column(&text, offset).column,
                            column,
                            "{unit:?} {lead:?} {offset}"
                        );
                    }
                }
                assert_eq!(lines.line_column(&text, text.len()).column, 4);
            }
        }
    }

    #[test]
    fn lines_are_exact_around_every_step() {
        for unit in ["a\n", "ab\r\n", "a\rb\n", "\n", "\r\n", "\r", "abcdefg\n", "a"] {
            let text = unit.repeat(3 * STEP / unit.len());
            let lines = LineIndex::new(&text);
            let bytes = text.as_bytes();
            let is_break =
                |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            let starts: Vec<usize> = std::iter::once(0)
                .chain((0..bytes.len()).filter(|&at| is_break(at)).map(|at| at + 1))
                .collect();
            assert_eq!(lines.len(), starts.len(), "{unit:?}");
            for (line, &start) in starts.iter().enumerate() {
                assert_eq!(lines.line_range(&text, line).start, start, "{unit:?}");
                assert_eq!(lines.line(&text, start), line, "{unit:?}");
                assert_eq!(lines.line_column(&text, start), LineColumn { line: line as u32 + 1, column: 1 });
            }
        }
    }

    #[test]
    fn a_far_column_costs_a_step_and_not_the_line() {
        // Counting from the line's start would read 400 GB here.
        let text = "ab é ".repeat(4_000_000);
        let lines = LineIndex::new(&text);
        let far = text.len() - 2;
        for back in 0..20_000 {
            assert_eq!(lines.line_column(&text, far - back * 6).column, 5 * (4_000_000 - back as u32) - 1);
        }
    }
}
