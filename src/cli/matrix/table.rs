//! Text in columns: each cell is wrapped to the width of its column.

use std::io::{self, Write};

use crate::report::visible_line;

/// Writes rows whose columns are at most so many characters wide, after an indent; two spaces stand between columns.
pub(super) fn table<const N: usize>(
    rows: &[[String; N]],
    indent: &str,
    widest: [usize; N],
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells: Vec<[Vec<String>; N]> =
        rows.iter().map(|row| std::array::from_fn(|column| wrap(&row[column], widest[column]))).collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let lines = cells.iter().flat_map(|row| &row[column]);
        lines.map(|line| line.chars().count()).max().unwrap_or(0)
    });
    for row in &cells {
        let height = row.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let mut text = indent.to_owned();
            for (cell, width) in row.iter().zip(widths) {
                let part = cell.get(line).map_or("", String::as_str);
                text.push_str(&format!("{part:<width$}  "));
            }
            writeln!(out, "{}", visible_line(text.trim_end()))?;
        }
    }
    Ok(())
}

/// The width of the widest line of a column.
pub(super) fn width<const N: usize>(rows: &[[String; N]], column: usize) -> usize {
    let lines = rows.iter().flat_map(|row| row[column].split('\n'));
    lines.map(|line| line.chars().count()).max().unwrap_or(0)
}

/// Breaks a text at its line breaks, then after spaces and slashes, then anywhere. Lines after the first of a broken
/// one are indented.
fn wrap(text: &str, width: usize) -> Vec<String> {
    const INDENT: &str = "  ";
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut rest: Vec<char> = line.chars().collect();
        let mut indent = "";
        loop {
            let room = width.saturating_sub(indent.len()).max(1);
            if rest.len() <= room {
                break;
            }
            let breaks = (1..=room).rev().find(|&at| {
                // A slash opens the next line, a space ends this one.
                rest.get(at).is_some_and(|next| *next == '/') || rest[at - 1] == ' '
            });
            let at = breaks.filter(|at| at * 3 > room).unwrap_or(room);
            let head: String = rest.drain(..at).collect();
            lines.push(format!("{indent}{}", head.trim_end()));
            indent = INDENT;
        }
        lines.push(format!("{indent}{}", rest.into_iter().collect::<String>()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_break_where_words_and_paths_do() {
        assert_eq!(wrap("/orders/{id}", 20), ["/orders/{id}"]);
        assert_eq!(wrap("/orders/{orderId}/lines", 20), ["/orders/{orderId}", "  /lines"]);
        assert_eq!(wrap("one two\nthree", 5), ["one", "  two", "three"]);
        assert_eq!(wrap("abcdefgh", 4), ["abcd", "  ef", "  gh"]);
        assert_eq!(wrap("ab", 1).concat().replace(' ', ""), "ab");
    }

    #[test]
    fn columns_line_up_without_trailing_spaces() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        let mut out = Vec::new();
        table(&[row("a", "x"), row("bbb ccc", "y"), row("d", "")], " ", [5, 5], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), " a      x\n bbb    y\n   ccc\n d\n");
    }
}
