//! Statements in comments: `# oasguard: ignore[rule, category] reason=… until=2027-03-31`.

use super::target::Lines;
use super::{FaultKind, Statement, StatementForm, StatementKind, Target, Word};
use crate::source::{FileId, Span};
use crate::syntax::{Files, Node, Place};

/// The word with which every statement begins.
const WORD: &str = "oasguard";

/// The statements in the comments of a file, in source order.
pub(super) fn statements<'a>(files: &'a Files, id: FileId) -> Vec<Statement<'a>> {
    let file = files.file(id);
    let Some(root) = files.root(id) else { return Vec::new() };
    let mut lines = Lines::of(files, id);
    let comments = file.tree.comments().iter();
    let statement = comments.filter_map(|comment| {
        let text = &file.text[comment.start as usize..comment.end as usize];
        let (at, has_colon) = beginning(text)?;
        let text = Text { file: id, start: comment.start + at as u32, text: text[at..].trim_end() };
        Some(read(text, has_colon, root, || lines.target(comment)))
    });
    statement.collect()
}

/// A part of a comment with the place where it starts.
#[derive(Clone, Copy)]
struct Text<'a> {
    file: FileId,
    start: u32,
    text: &'a str,
}

impl<'a> Text<'a> {
    fn span(self) -> Span {
        Span { file: self.file, start: self.start, end: self.start + self.text.len() as u32 }
    }

    fn word(self) -> Word<'a> {
        Word { text: self.text, span: self.span() }
    }

    fn slice(self, range: std::ops::Range<usize>) -> Text<'a> {
        Text { start: self.start + range.start as u32, text: &self.text[range], ..self }
    }

    /// The text from an offset on, without the blanks it starts with.
    fn after(self, at: usize) -> Text<'a> {
        self.slice(at..self.text.len()).trimmed()
    }

    fn trimmed(self) -> Text<'a> {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        self.slice(start..end)
    }

    /// The text up to the first character that ends it.
    fn until(self, ends: impl Fn(char) -> bool) -> Text<'a> {
        let end = self.text.find(ends).unwrap_or(self.text.len());
        self.slice(0..end)
    }
}

/// Where a statement begins in a comment, and whether the colon is there: after the `#`, or after a further `#`, so that
/// a comment can have prose before it. Prose that merely names the program is no statement.
fn beginning(comment: &str) -> Option<(usize, bool)> {
    let signs = memchr::memchr_iter(b'#', comment.as_bytes());
    let statements = signs.filter_map(|sign| {
        let rest = comment[sign + 1..].trim_start_matches([' ', '\t', '#']);
        let after = rest.strip_prefix(WORD)?;
        let has_colon = after.trim_start().starts_with(':');
        let word = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let means_it = after.starts_with([' ', '\t'])
            && matches!(word, "ignore" | "public" | "disable" | "suppress" | "nolint");
        let is_bracketed = means_it && after.contains('[');
        (has_colon || is_bracketed).then_some((comment.len() - rest.len(), has_colon))
    });
    statements.min_by_key(|(at, _)| *at)
}

fn read<'a>(
    text: Text<'a>,
    has_colon: bool,
    root: Node<'a>,
    target: impl FnOnce() -> Option<Node<'a>>,
) -> Statement<'a> {
    let whole = text.span();
    let mut rest = text.after(WORD.len());
    let mut faults = Vec::new();
    if has_colon {
        rest = rest.after(1);
    } else {
        faults.push((FaultKind::NoColon, text.slice(0..WORD.len()).span()));
    }
    let keyword = rest.until(|c| c == '[' || c.is_whitespace());
    let (kind, is_about_file) = match keyword.text {
        "ignore" => (StatementKind::Ignore, false),
        "ignore-file" => (StatementKind::Ignore, true),
        "public" => (StatementKind::Public, false),
        other => {
            let span = if other.is_empty() { whole } else { keyword.span() };
            faults.push((FaultKind::UnknownKeyword(other), span));
            (StatementKind::Ignore, false)
        }
    };
    let target = match is_about_file {
        true => Target::File(text.file),
        false => target().map_or(Target::Nothing, Target::Node),
    };
    let place = match target {
        Target::Node(node) => Place::key(node),
        Target::File(_) | Target::Nothing => Place::value(root),
    };
    let mut statement = Statement::at(kind, StatementForm::Comment, place, whole);
    statement.target = target;
    // After an unknown keyword, or without a colon, what follows may mean anything.
    if faults.is_empty() {
        rest = rest.after(keyword.text.len());
        if kind == StatementKind::Ignore {
            rest = read_rules(rest, keyword, &mut statement);
        }
        read_parameters(rest, &mut statement);
        if target == Target::Nothing && statement.faults.is_empty() {
            statement.fault(FaultKind::NoTarget, whole);
        }
    }
    faults.into_iter().for_each(|(kind, span)| statement.fault(kind, span));
    statement
}

/// Reads `[rule, rule]`; what follows it.
fn read_rules<'a>(text: Text<'a>, keyword: Text<'a>, statement: &mut Statement<'a>) -> Text<'a> {
    if !text.text.starts_with('[') {
        statement.fault(FaultKind::NoBrackets, keyword.span());
        return text.slice(text.text.len()..text.text.len());
    }
    let Some(end) = text.text.find(']') else {
        statement.fault(FaultKind::OpenBracket, text.span());
        return text.slice(text.text.len()..text.text.len());
    };
    let mut at = 1;
    for name in text.text[1..end].split(',') {
        let name_text = text.slice(at..at + name.len()).trimmed();
        at += name.len() + 1;
        if name_text.text.is_empty() {
            statement.fault(FaultKind::NoRule, text.slice(0..end + 1).span());
        } else {
            statement.rules.push(name_text.word());
        }
    }
    text.after(end + 1)
}

/// Reads `reason=…` and `until=…`, in any order.
fn read_parameters<'a>(mut text: Text<'a>, statement: &mut Statement<'a>) {
    while !text.text.is_empty() {
        let name = text.until(|c| c == '=' || c.is_whitespace());
        let is_parameter = matches!(name.text, "reason" | "until");
        if !is_parameter || !text.text[name.text.len()..].starts_with('=') {
            return statement.fault(FaultKind::Unexpected(text.text), text.span());
        }
        let is_reason = name.text == "reason";
        let slot = if is_reason { &statement.reason } else { &statement.until };
        if slot.is_some() {
            return statement.fault(FaultKind::Repeated(name.text), name.span());
        }
        let value = text.after(name.text.len() + 1);
        let (value, rest) = match value.text.strip_prefix('"') {
            Some(quoted) => match quoted.find('"') {
                Some(end) => (value.slice(1..end + 1), value.after(end + 2)),
                None => return statement.fault(FaultKind::OpenQuote, value.span()),
            },
            None if is_reason => {
                let end = value.text.find(" until=").unwrap_or(value.text.len());
                (value.slice(0..end).trimmed(), value.after(end))
            }
            None => {
                let date = value.until(char::is_whitespace);
                (date, value.after(date.text.len()))
            }
        };
        if value.text.trim().is_empty() || value.text.starts_with("until=") && is_reason {
            let start = name.text.len() + 1;
            return statement.fault(FaultKind::NoValue(name.text), text.slice(0..start).span());
        }
        match is_reason {
            true => statement.reason = Some(value.word()),
            false => statement.until = Some(value.word()),
        }
        text = rest;
    }
}
