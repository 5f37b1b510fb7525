//! Byte offsets to lines and columns. This is the only place where a line or a column exists.

/// A 1-based line and a 1-based column, counted in Unicode scalar values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LineColumn {
    /// 1-based line. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// 1-based column in Unicode scalar values; a byte order mark has no width.
    pub column: u32,
}

/// The start offset of each line of one text, and what makes the columns of very long lines cheap.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters start before every [`STEP`]th byte. Kept only if some line is longer than a step: without
    /// it, ten thousand places in one minified line of megabytes would each count from the line's start.
    checkpoints: Vec<u32>,
}

/// Bytes between two checkpoints.
const STEP: usize = 4096;

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut longest = 0;
        let mut last = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            // In `\r\n` the line feed ends the line, not the carriage return.
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(at as u32 + 1);
            longest = longest.max(at - last);
            last = at;
        }
        let is_long = longest.max(bytes.len() - last) > STEP;
        LineIndex { starts, checkpoints: if is_long { checkpoints(bytes) } else { Vec::new() } }
    }

    /// The line and column of a byte offset. An offset inside a character counts as that character's start.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        let line = self.line(offset);
        let mut start = self.starts[line] as usize;
        if start == 0 && text.starts_with('\u{feff}') {
            start = '\u{feff}'.len_utf8();
        }
        let end = text.floor_char_boundary(offset).max(start);
        LineColumn { line: line as u32 + 1, column: self.characters(text.as_bytes(), start, end) as u32 + 1 }
    }

    /// How many characters start in `start..end`.
    fn characters(&self, bytes: &[u8], start: usize, end: usize) -> usize {
        if end - start <= STEP || self.checkpoints.is_empty() {
            return count(&bytes[start..end]);
        }
        let before = |offset: usize| {
            let step = offset / STEP;
            self.checkpoints[step] as usize + count(&bytes[step * STEP..offset])
        };
        before(end) - before(start)
    }

    /// The 0-based line of a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// The byte range of a 0-based line, without its line break.
    pub fn line_range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize);
        let body = text[start..end].trim_end_matches(['\n', '\r']);
        start..start + body.len()
    }

    /// How many lines the text has; at least one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: even an empty text has one line.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// How many characters start before each multiple of [`STEP`].
fn checkpoints(bytes: &[u8]) -> Vec<u32> {
    let mut total = 0;
    let mut checkpoints = vec![0];
    for step in bytes.chunks(STEP) {
        total += count(step) as u32;
        checkpoints.push(total);
    }
    checkpoints
}

/// How many characters start in these bytes, which may begin or end inside one.
fn count(bytes: &[u8]) -> usize {
    // Every byte but the continuation bytes 0x80..=0xBF starts a character; as signed numbers these are below -64.
    bytes.iter().filter(|&&byte| byte as i8 >= -64).count()
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
    fn every_kind_of_line_break_ends_a_line() {
        check("a\r\nb", 3, 2, 1);
        check("a\rb", 2, 2, 1);
        check("a\r\n\r\nb", 5, 3, 1);
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
                assert!(!lines.checkpoints.is_empty());
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
