//! Faults of a YAML text in our words: what is wrong, and what people mostly meant.

use granit_parser::{ErrorKind as Fault, ScanError};

use crate::source::Limits;
use crate::syntax::SyntaxError;

/// The parser's error as ours.
pub(super) fn from_parser(error: &ScanError, text: &str, limits: &Limits) -> SyntaxError {
    let marker = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    if matches!(error.kind(), Fault::RecursionLimitExceeded) {
        return SyntaxError::too_deep(limits, marker as u32);
    }
    let (start, length) = place(error.kind(), text, marker);
    let found = text.get(start..).and_then(|rest| rest.chars().next());
    let end = start + length.unwrap_or(found.map_or(0, char::len_utf8));
    let (message, help) = words(error.kind(), found);
    SyntaxError::new(start, end, message, help)
}

/// The line of a quoted string that is indented no deeper than the key, after its indentation.
pub(super) fn too_little_indented(error: &ScanError) -> Option<usize> {
    error.marker().byte_offset().filter(|_| matches!(error.kind(), Fault::InvalidQuotedScalarIndent))
}

/// A quoted key goes over lines, of which one is indented too little.
pub(super) fn joined_key(start: usize, end: usize) -> SyntaxError {
    let (message, help) = words(&Fault::InvalidQuotedScalarIndent, None);
    SyntaxError::new(start, end, message, help)
}

/// Where the fault stands, and its length if that is not one character. The parser's marker is mostly the first wrong
/// byte; the exceptions are mended here.
fn place(fault: &Fault, text: &str, marker: usize) -> (usize, Option<usize>) {
    match fault {
        // The marker is the start of the string.
        Fault::UnknownQuotedScalarEscape => {
            let mut characters = text[marker..].char_indices().skip(1);
            while let Some((offset, character)) = characters.next() {
                if character != '\\' {
                    continue;
                }
                let Some((_, letter)) = characters.next() else { break };
                if !"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(letter) {
                    return (marker + offset, Some(1 + letter.len_utf8()));
                }
            }
            (marker, None)
        }
        // The marker may be the first character after the tab.
        fault if is_tab(fault) && text[..marker].ends_with('\t') => (marker - 1, None),
        _ => (marker, None),
    }
}

fn is_tab(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::TabInPlainScalar
            | Fault::TabInIndentation
            | Fault::TabInBlockIndentation
            | Fault::TabNotAllowed
    )
}

fn words(fault: &Fault, found: Option<char>) -> (String, String) {
    let (message, help): (&str, &str) = match fault {
        Fault::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            return (format!("`{open}` is not closed"), format!("add the closing `{close}`"));
        }
        Fault::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), "correct the brackets".into());
        }
        Fault::MisplacedFlowCollectionEnd => {
            ("a bracket closes nothing", "remove the bracket, or quote the value")
        }
        Fault::UnexpectedCharacter { character } if character.is_control() => {
            let message = format!("the text holds the control character U+{:04X}", *character as u32);
            return (message, "remove it, or write it as an escape in double quotes".into());
        }
        Fault::UnexpectedCharacter { character } => {
            return (
                format!("`{character}` cannot start a value"),
                "quote the value, or remove the character".into(),
            );
        }
        Fault::UnclosedQuotedScalar => ("a string is not closed", "add the closing quote"),
        Fault::InvalidTrailingSingleQuotedScalar | Fault::InvalidTrailingDoubleQuotedScalar => (
            "text follows the end of a quoted string",
            "quote the whole value, and escape the quotes within it",
        ),
        Fault::UnknownQuotedScalarEscape => {
            ("a string holds an unknown escape", "write a backslash as `\\\\`, or use single quotes")
        }
        Fault::TabInPlainScalar
        | Fault::TabInIndentation
        | Fault::TabInBlockIndentation
        | Fault::TabNotAllowed => ("a tab is used as indentation", "indent with spaces"),
        Fault::MappingValueNotAllowed => (
            "a `:` starts a value where none is allowed",
            "check the indentation, and quote a text that holds `: `",
        ),
        Fault::SimpleKeyExpected | Fault::InvalidSimpleKey => {
            ("a key is not followed by `:`", "add the colon, or indent the line if it continues a value")
        }
        Fault::ExpectedBlockMappingKey | Fault::InvalidIndentation | Fault::ExpectedBlockSequenceEntry => (
            "the line is indented like nothing around it",
            "align it with the keys or items that it belongs to",
        ),
        Fault::BlockSequenceEntryNotAllowed | Fault::BlockEntryInFlowCollection => (
            "a `-` starts an item where none is allowed",
            "start the sequence on a line of its own, or quote the text",
        ),
        Fault::MissingAnchorOrAliasName => {
            ("a `&` or `*` is not followed by a name", "quote the value if it is a text")
        }
        Fault::InvalidQuotedScalarIndent => {
            ("a line of a quoted string is indented no deeper than the key", "indent the line further")
        }
        Fault::UndeclaredTagHandle => {
            ("a tag uses a handle that no `%TAG` directive declares", "remove the tag")
        }
        Fault::ExpectedDocumentStart => (
            "text follows the end of the document",
            "check the indentation; a file holds one OpenAPI document",
        ),
        Fault::UnexpectedEofFlowSequence
        | Fault::UnexpectedEofFlowMapping
        | Fault::UnexpectedEofImplicitFlowMapping
        | Fault::ExpectedNodeContent
            if found.is_some() =>
        {
            ("a value is missing", "add the value, or remove the separator before it")
        }
        // Rare faults keep the parser's own words.
        other => return (format!("the YAML is malformed: {other}"), "correct the YAML here".into()),
    };
    (message.into(), help.into())
}
