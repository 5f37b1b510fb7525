//! Text that may stand in XML 1.0, which forbids some characters even if they are escaped.

use std::borrow::Cow;

/// `text` without the characters that no XML document may have (XML 1.0 §2.2). Markup is left for the writer to escape.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|character| if is_allowed(character) { character } else { '\u{fffd}' }).collect()
}

fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
