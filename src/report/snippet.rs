//! Lays out the lines that a finding shows: which lines, how much of each, and where its marks stand in them.

use std::ops::Range;

use super::visible;
use crate::lint::{Excerpt, Location};
use crate::source::LineIndex;

/// A place to mark, with the sentence about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<'a> {
    pub location: &'a Location,
    pub text: &'a str,
}

/// Lines to draw, in pieces.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The piece with the first mark stands first, the others by line.
    pub chunks: Vec<Chunk>,
    /// Digits of the highest line number.
    pub digits: usize,
    /// Marks for which there is no text or no room, by number.
    pub left: Vec<usize>,
}

/// Lines without a gap.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Safe to print; every line ends with `\n`.
    pub text: String,
    /// The number of the first line.
    pub first: u32,
    /// The number of the last line.
    pub last: u32,
    /// Which marks stand where in the text; none spans lines, no two overlap.
    pub marks: Vec<(usize, Range<usize>)>,
}

/// Lays out marks of one file, the most important first, in lines of at most `width` columns. That one comes with its
/// context; of the others only their lines are shown, unless that leaves a gap of a single line.
pub(super) fn lay_out(marks: &[Mark<'_>], width: usize) -> Layout {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut context = Vec::new();
    let mut left = Vec::new();
    for (number, mark) in marks.iter().enumerate() {
        let mut placed = place(&mut rows, number, mark.location);
        if let (Placed::Nowhere, Some(excerpt)) = (placed, &mark.location.excerpt) {
            for row in rows_of(excerpt) {
                let is_own = row.number == mark.location.start.line;
                if rows.iter().any(|known| known.number == row.number && known.start == row.start) {
                    continue;
                }
                if number == 0 || is_own { &mut rows } else { &mut context }.push(row);
            }
            placed = place(&mut rows, number, mark.location);
        }
        if placed != Placed::Here {
            left.push(number);
        }
    }
    for row in context {
        let is_shown = |number: u32| rows.iter().any(|row| row.number == number);
        if !is_shown(row.number) && is_shown(row.number - 1) && is_shown(row.number + 1) {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| (row.number, row.start));
    let digits = rows.last().map_or(1, |row| row.number.to_string().len());
    // A space, the number, a space, the bar, a space.
    let width = width.saturating_sub(digits + 4);
    let mut chunks: Vec<Chunk> = Vec::new();
    for row in rows {
        match chunks.last_mut() {
            Some(chunk) if chunk.last + 1 == row.number => row.draw(chunk, width, &mut left),
            _ => {
                let mut chunk =
                    Chunk { text: String::new(), first: row.number, last: row.number, marks: Vec::new() };
                row.draw(&mut chunk, width, &mut left);
                chunks.push(chunk);
            }
        }
    }
    chunks.retain(|chunk| !chunk.marks.is_empty());
    chunks.sort_by_key(|chunk| chunk.marks.iter().all(|(number, _)| *number != 0));
    left.sort_unstable();
    Layout { chunks, digits, left }
}

/// What became of a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placed {
    Here,
    /// Another mark stands there already.
    Taken,
    /// None of the rows has the place.
    Nowhere,
}

fn place(rows: &mut [Row<'_>], number: usize, location: &Location) -> Placed {
    let start = location.bytes.start as usize;
    let is_there = |row: &&mut Row<'_>| row.start <= start && start <= row.start + row.text.len();
    let Some(row) = rows.iter_mut().find(is_there) else { return Placed::Nowhere };
    let start = row.text.floor_char_boundary(start - row.start);
    // A place of several lines is marked on its first.
    let end = row.text.ceil_char_boundary((location.bytes.end as usize).saturating_sub(row.start));
    let range = start..end.max(start);
    let width = |range: &Range<usize>| range.start..range.end.max(range.start + 1);
    let new = width(&range);
    if row.marks.iter().any(|(_, old)| new.start < width(old).end && width(old).start < new.end) {
        return Placed::Taken;
    }
    row.marks.push((number, range));
    Placed::Here
}

/// One line of an excerpt, or the part of it that the excerpt has.
struct Row<'a> {
    number: u32,
    /// Byte offset in the file.
    start: usize,
    text: &'a str,
    /// Whether the line has more text before and after.
    is_cut: (bool, bool),
    /// Marks as ranges in `text`.
    marks: Vec<(usize, Range<usize>)>,
}

/// The lines of an excerpt.
fn rows_of(excerpt: &Excerpt) -> Vec<Row<'_>> {
    let lines = LineIndex::new(&excerpt.text);
    let last = lines.len() - 1;
    let row = |line: usize| {
        let mut range = lines.line_range(&excerpt.text, line);
        if excerpt.offset == 0 && line == 0 && excerpt.text.starts_with('\u{feff}') {
            range.start += '\u{feff}'.len_utf8();
        }
        Row {
            number: excerpt.start.line + line as u32,
            start: excerpt.offset as usize + range.start,
            text: &excerpt.text[range],
            is_cut: (line == 0 && excerpt.start.column > 1, line == last && excerpt.is_cut),
            marks: Vec::new(),
        }
    };
    (0..=last).map(row).collect()
}

impl Row<'_> {
    /// Appends the line to a chunk, as much of it as fits; marks beyond are left.
    fn draw(&self, chunk: &mut Chunk, width: usize, left: &mut Vec<usize>) {
        let shown = self.window(width);
        if self.is_cut.0 || shown.start > 0 {
            chunk.text.push('…');
        }
        let base = chunk.text.len();
        let raw = &self.text[shown.clone()];
        // Where each character starts in the file's text and in ours.
        let mut offsets = Vec::with_capacity(raw.len() + 1);
        for ((at, raw), safe) in raw.char_indices().zip(visible(raw).chars()) {
            offsets.push((shown.start + at, chunk.text.len()));
            chunk.text.push(if raw == '\t' { raw } else { safe });
        }
        offsets.push((shown.end, chunk.text.len()));
        let drawn = |offset: usize| {
            let at = offsets.partition_point(|(raw, _)| *raw < offset);
            offsets.get(at).map_or(chunk.text.len(), |(_, drawn)| *drawn).max(base)
        };
        let mut marks = Vec::new();
        for (number, range) in &self.marks {
            let is_beyond = range.start >= shown.end && shown.end < self.text.len();
            if range.start < shown.start || is_beyond {
                left.push(*number);
            } else {
                marks.push((*number, drawn(range.start)..drawn(range.end)));
            }
        }
        chunk.marks.extend(marks);
        if self.is_cut.1 || shown.end < self.text.len() {
            chunk.text.push('…');
        }
        chunk.text.push('\n');
        chunk.last = self.number;
    }

    /// The part of the text to show: all if it fits, else from the start if its main mark is near, else around that.
    fn window(&self, width: usize) -> Range<usize> {
        let text = self.text;
        if columns(text) + 2 <= width {
            return 0..text.len();
        }
        let main =
            self.marks.iter().min_by_key(|(number, _)| *number).map_or(0..0, |(_, range)| range.clone());
        let mut start = 0;
        if columns(&text[..main.end]) + width / 4 > width {
            let mut room = width / 4;
            start = main.start;
            for (at, character) in text[..main.start].char_indices().rev() {
                let Some(rest) = room.checked_sub(column(character)) else { break };
                room = rest;
                start = at;
            }
        }
        let mut room = width.saturating_sub(2);
        let mut end = start;
        for (at, character) in text[start..].char_indices() {
            let Some(rest) = room.checked_sub(column(character)) else { break };
            room = rest;
            end = start + at + character.len_utf8();
        }
        start..end
    }
}

/// About how many columns of a terminal a text takes; enough to decide what fits.
fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

fn column(character: char) -> usize {
    match character {
        '\t' => 4,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
