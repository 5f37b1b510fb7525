//! A finding: what a user reads. Owned data with resolved places, which outlives the document it is about.

use std::ops::Range;

use super::{Confidence, Profile, Severity};
use crate::model::OperationKind;
use crate::source::{Columns, LineColumn, LineHash, LineIndex};
use crate::syntax::Part;

/// One problem at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's category.
    pub category: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The earliest profile that shows it.
    pub profile: Profile,
    /// What is wrong, with names from the document; lower case, no full stop.
    pub message: String,
    /// Why, in five words: stands under the excerpt.
    pub label: String,
    /// What to do, imperative.
    pub help: String,
    /// The smallest wrong thing, on one line.
    pub location: Location,
    /// Further places to look at.
    pub related: Vec<Label>,
    /// The chain of reasons, first cause first.
    pub because: Vec<Label>,
    /// The operation, if the problem is one operation's.
    pub operation: Option<OperationName>,
    /// The operations that the problem reaches.
    pub affected: Affected<OperationName>,
    /// The places that were rolled up into this finding; empty if it stands for itself.
    pub occurrences: Affected<Location>,
    /// The root documents (display paths, sorted) in which it was found.
    pub roots: Vec<String>,
    /// Categories of the OWASP API Security Top 10 2023, such as `API2:2023`.
    pub owasp: &'static [&'static str],
    /// Weaknesses (CWE numbers).
    pub cwe: &'static [u16],
    /// 128 bits in hexadecimal; unique together with the path within a run, stable while the problem stays.
    pub fingerprint: String,
    /// The rule's page.
    pub url: String,
}

/// A count with its first members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected<T> {
    /// How many there are.
    pub count: usize,
    /// The first [`Affected::SHOWN`] of them.
    pub items: Vec<T>,
}

impl<T> Affected<T> {
    /// How many members are kept.
    pub const SHOWN: usize = 20;

    /// Whether there are more than are kept.
    pub fn is_truncated(&self) -> bool {
        self.count > self.items.len()
    }
}

impl<T> Default for Affected<T> {
    fn default() -> Self {
        Affected { count: 0, items: Vec::new() }
    }
}

impl<T> FromIterator<T> for Affected<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut all = all.into_iter();
        let items: Vec<T> = all.by_ref().take(Self::SHOWN).collect();
        Affected { count: items.len() + all.count(), items }
    }
}

/// A place with a sentence about it.
#[derive(Clone, Debug)]
pub struct Label {
    /// What the place shows; lower case, no full stop.
    pub message: String,
    /// The place.
    pub location: Location,
}

/// A place in a file, in every unit that an output needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file: relative to the working directory, with `/`.
    pub path: String,
    /// JSON Pointer (RFC 6901) of the value in its file, cut if it is very long.
    pub pointer: String,
    /// Whether the place is the key of that value or the value.
    pub part: Part,
    /// First character.
    pub start: LineColumn,
    /// After the last character.
    pub end: LineColumn,
    /// The same as byte offsets into the decoded text.
    pub bytes: Range<u32>,
    /// The columns of `start` and `end` in other units.
    pub columns: Range<Columns>,
    /// The hash of the line on which it starts, if the caller asked for it.
    pub line_hash: Option<LineHash>,
    /// The text around it, if the caller asked for excerpts.
    pub excerpt: Option<Excerpt>,
}

impl Location {
    /// A range of a text, of which nothing else is known.
    pub fn of(path: &str, text: &str, lines: &LineIndex, range: Range<usize>) -> Location {
        let bytes = range.start as u32..range.end as u32;
        let ends = lines.positions(text, range);
        Location {
            path: path.to_owned(),
            pointer: String::new(),
            part: Part::Value,
            start: ends.start.shown,
            end: ends.end.shown,
            bytes,
            columns: ends.start.columns..ends.end.columns,
            line_hash: None,
            excerpt: None,
        }
    }
}

/// A cut of a file around a place: whole lines, or a window of a very long line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, without the last line's break.
    pub text: String,
    /// Byte offset of the text in its file.
    pub offset: u32,
    /// Line and column at which the text starts; the column is not 1 only in a window of a long line.
    pub start: LineColumn,
    /// Whether the text stops before the end of its line.
    pub is_cut: bool,
}

/// The name of an operation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct OperationName {
    /// Where it is declared.
    pub kind: OperationKind,
    /// The method in upper case.
    pub method: String,
    /// The path template; of a callback, its runtime expression; empty for a webhook.
    pub path: String,
    /// The name of the webhook or callback.
    pub name: Option<String>,
    /// Its `operationId`.
    pub operation_id: Option<String>,
}

impl std::fmt::Display for OperationName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.kind, &self.name) {
            (OperationKind::Webhook, Some(name)) => write!(f, "{} webhook {name}", self.method),
            (OperationKind::Callback, Some(name)) => {
                write!(f, "{} callback {name} {}", self.method, self.path)
            }
            _ => write!(f, "{} {}", self.method, self.path),
        }
    }
}
