//! The door to the readers: which one reads a text, and what both answer.

use super::{Tree, json, yaml};
use crate::source::Limits;

/// The syntax of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2 (core schema).
    Yaml,
}

/// What the readers make of a text: a tree, always, and the errors that were met. With errors the tree ends early.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The values that were read.
    pub tree: Tree,
    /// Why reading ended early; empty if the text is well formed.
    pub errors: Vec<SyntaxError>,
    /// The syntax that the text was read as.
    pub format: Format,
}

/// Whether the text is wrong or merely too much.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The text breaks the syntax.
    Syntax,
    /// A limit was exceeded.
    Limit,
}

/// One fault in a text, at a range of byte offsets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Wrong, or too much.
    pub kind: ErrorKind,
    /// Offset of the first byte that is wrong.
    pub start: u32,
    /// Offset after the last one; at least `start`.
    pub end: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do, imperative.
    pub help: String,
}

impl SyntaxError {
    pub(super) fn new(
        start: usize,
        end: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> SyntaxError {
        SyntaxError {
            kind: ErrorKind::Syntax,
            start: start as u32,
            end: end.max(start) as u32,
            message: message.into(),
            help: help.into(),
        }
    }

    /// What would be read is too much.
    pub(super) fn limit(
        start: u32,
        end: u32,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> SyntaxError {
        let error = SyntaxError::new(start as usize, end as usize, message, help);
        SyntaxError { kind: ErrorKind::Limit, ..error }
    }

    /// The object or array that starts here is nested deeper than [`Limits::depth`].
    pub(super) fn too_deep(limits: &Limits, start: u32) -> SyntaxError {
        let message = format!("objects and arrays are nested more than {} deep", limits.depth);
        SyntaxError::limit(start, start + 1, message, "flatten the document")
    }
}

/// Errors are rare, and results that hold a pointer to one are small; readers that meet them rarely unpack them.
impl From<Box<SyntaxError>> for SyntaxError {
    fn from(error: Box<SyntaxError>) -> SyntaxError {
        *error
    }
}

/// Reads a text. The first non-blank byte decides the reader: `{` and `[` start JSON. A text that is meant to be
/// YAML (`hint`) and fails as JSON is read as YAML, of which flow style is a part.
pub fn parse(text: &str, hint: Format, limits: &Limits) -> Parsed {
    let first = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).bytes().next();
    let looks_like_json = matches!(first, Some(b'{' | b'['));
    match (looks_like_json, hint) {
        (false, Format::Yaml) => yaml::parse(text, limits),
        (_, Format::Json) => json::parse(text, limits),
        (true, Format::Yaml) => {
            let parsed = json::parse(text, limits);
            if parsed.errors.iter().any(|error| error.kind == ErrorKind::Syntax) {
                yaml::parse(text, limits)
            } else {
                parsed
            }
        }
    }
}
