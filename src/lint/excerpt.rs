//! Cuts the text that is shown around a place: a few whole lines, or a window of a very long line.

use std::ops::Range;

use super::Excerpt;
use crate::source::LineIndex;

/// A line of more bytes is shown as a window, and never as context. Generous for hand-written lines, far below what a
/// minified document has.
const LONG: usize = 300;

/// How many bytes of a long line are shown on either side of the place.
const MARGIN: usize = 120;

/// How many bytes of the place itself are shown in a long line.
const PLACE: usize = 200;

/// The text around `range`: its first line with a line of context on either side, or a window if that line is very
/// long. Costs as much as the excerpt is long, however long the line is.
pub fn cut(text: &str, lines: &LineIndex, range: Range<usize>) -> Excerpt {
    let at = range.start.min(text.len());
    let line = lines.line(text, at);
    let own = lines.line_range(text, line);
    if own.len() > LONG {
        return window(text, lines, own, range);
    }
    // An empty context line shows nothing, and the end of the text shows as one.
    let is_context = |line: usize| (1..=LONG).contains(&lines.line_range(text, line).len());
    let first = if line > 0 && is_context(line - 1) { line - 1 } else { line };
    let last = if line + 1 < lines.len() && is_context(line + 1) { line + 1 } else { line };
    let shown = lines.line_range(text, first).start..lines.line_range(text, last).end;
    excerpt(text, lines, shown, false)
}

/// A part of one long line.
fn window(text: &str, lines: &LineIndex, line: Range<usize>, range: Range<usize>) -> Excerpt {
    let start = text.ceil_char_boundary(range.start.saturating_sub(MARGIN).max(line.start));
    let place = range.end.clamp(range.start, range.start + PLACE);
    let end = text.floor_char_boundary((place + MARGIN).min(line.end)).max(start);
    excerpt(text, lines, start..end, end < line.end)
}

fn excerpt(text: &str, lines: &LineIndex, shown: Range<usize>, is_cut: bool) -> Excerpt {
    Excerpt {
        offset: shown.start as u32,
        start: lines.line_column(text, shown.start),
        text: text[shown].to_owned(),
        is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_at(text: &str, range: Range<usize>) -> Excerpt {
        let excerpt = cut(text, &LineIndex::new(text), range);
        assert!(text[excerpt.offset as usize..].starts_with(&excerpt.text));
        excerpt
    }

    fn check(text: &str, range: Range<usize>, expected: &str, line: u32) {
        let excerpt = cut_at(text, range);
        assert_eq!((excerpt.text.as_str(), excerpt.start.line, excerpt.start.column), (expected, line, 1));
        assert!(!excerpt.is_cut);
    }

    #[test]
    fn a_short_line_comes_with_a_line_on_either_side() {
        check("a\nb\nc\nd\ne\n", 4..5, "b\nc\nd", 2);
        check("a\r\nb\r\nc\r\n", 3..4, "a\r\nb\r\nc", 1);
        check("a\nb\n", 0..1, "a\nb", 1);
        check("a\nb\n", 2..3, "a\nb", 1);
        check("", 0..0, "", 1);
        check("a\n", 2..2, "a\n", 1);
    }

    #[test]
    fn a_place_of_many_lines_counts_as_its_first() {
        check("a\nb\nc\nd\ne", 2..9, "a\nb\nc", 1);
    }

    #[test]
    fn empty_and_long_lines_are_no_context() {
        check("\nb\n\nd", 1..2, "b", 2);
        let long = "x".repeat(LONG + 1);
        check(&format!("{long}\nb\n{long}"), LONG + 2..LONG + 3, "b", 2);
    }

    #[test]
    fn a_long_line_is_a_window_on_character_boundaries() {
        let text = format!("first\n{}\nlast", "é€".repeat(1000));
        let excerpt = cut_at(&text, 2507..2510);
        assert!(excerpt.text.len() <= 2 * MARGIN + 3 && excerpt.text.len() > 2 * MARGIN - 6);
        assert_eq!(excerpt.start.line, 2);
        assert_eq!(excerpt.start.column as usize, text[6..excerpt.offset as usize].chars().count() + 1);
        assert!(excerpt.is_cut);
        let end = text.len() - 5;
        assert!(!cut_at(&text, end - 5..end).is_cut);
        assert_eq!(cut_at(&text, 6..8).start.column, 1);
    }

    #[test]
    fn a_huge_place_is_shown_by_its_start() {
        let text = "x".repeat(5_000_000);
        assert_eq!(cut_at(&text, 1000..4_000_000).text.len(), 2 * MARGIN + PLACE);
    }

    #[test]
    fn a_window_of_a_huge_line_costs_as_much_as_the_window() {
        // Ten thousand scans of the line would read a terabyte.
        let text = "0123456789".repeat(10_000_000);
        let lines = LineIndex::new(&text);
        for n in 0..10_000 {
            let start = n * 9_999;
            let excerpt = cut(&text, &lines, start..start + 5);
            assert_eq!(excerpt.start.column as usize, start.saturating_sub(MARGIN) + 1);
        }
    }
}
