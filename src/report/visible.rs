//! Makes text from a document safe to print: nothing in it may steer a terminal, hide, or reorder what stands around it.

use std::borrow::Cow;

/// `text` with every character that acts instead of showing replaced by one that shows. One character becomes one
/// character, so that columns stay right.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| !is_active(character)) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut command = Command::None;
    for character in text.chars() {
        command = command.next(character);
        shown.push(if command == Command::Bracket { '\u{fffd}' } else { placeholder(character) });
    }
    Cow::Owned(shown)
}

/// A path as it may start a line, safe to print: a line that starts with two colons is a command to some build systems.
pub(super) fn path_at_start(path: &str) -> Cow<'_, str> {
    if path.trim_start().starts_with("::") { format!("./{}", visible(path)).into() } else { visible(path) }
}

/// Text as a line of its own, or the start of one, safe to print: a line whose first characters are two colons is a
/// command to some build systems, white space before them or not.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    match text.trim_start() {
        line if line.starts_with("::") => visible(&text.replacen("::", "\u{fffd}:", 1)).into_owned().into(),
        _ => visible(text),
    }
}

/// Whether a character acts on a terminal, is invisible, or changes the direction of text. The joiners U+200C and
/// U+200D are not in the list: words of several scripts and emoji need them, and they do no more than join.
pub(super) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What stands for a character in printed text: the control pictures of Unicode where there is one.
fn placeholder(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        _ if is_active(character) => '\u{fffd}',
        _ => character,
    }
}

/// How much of `##[` or `##word[` was read: build systems obey such a command anywhere in a line of the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    None,
    Hash,
    Hashes,
    Bracket,
}

impl Command {
    fn next(self, character: char) -> Command {
        match (self, character) {
            (Command::Hash | Command::Hashes, '#') => Command::Hashes,
            (Command::Hashes, '[') => Command::Bracket,
            (Command::Hashes, letter) if letter.is_ascii_alphabetic() => Command::Hashes,
            (_, '#') => Command::Hash,
            _ => Command::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(visible(text), expected);
        assert_eq!(text.chars().count(), expected.chars().count());
    }

    #[test]
    fn plain_text_of_any_script_stays() {
        for text in ["", "`POST /pets`", "größe 日本語 👩\u{200d}🔧", "# heading", "a :: b", "[x](y)", "##"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(_)) || text.contains("##"), "{text}");
            check(text, text);
        }
    }

    #[test]
    fn control_characters_become_their_pictures() {
        check("a\x1b[31mb\x07\r\n\t\0\x7f", "a␛[31mb␇␍␊␉␀␡");
        check("\u{9b}31m", "\u{fffd}31m");
    }

    #[test]
    fn hidden_and_reordering_characters_become_replacement_characters() {
        check(
            "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{2028}f\u{e0041}",
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f\u{fffd}",
        );
    }

    #[test]
    fn a_path_starts_no_command() {
        for (path, expected) in [
            ("a.yaml", "a.yaml"),
            ("a::b.yaml", "a::b.yaml"),
            (":a.yaml", ":a.yaml"),
            ("::error::a.yaml", "./::error::a.yaml"),
            (" \t::a.yaml", "./ ␉::a.yaml"),
            ("\u{b}::a\u{1b}.yaml", "./␋::a␛.yaml"),
            ("##[error]a.yaml", "##\u{fffd}error]a.yaml"),
        ] {
            assert_eq!(path_at_start(path), expected, "{path:?}");
        }
    }

    #[test]
    fn a_line_starts_no_command() {
        for (line, expected) in [
            ("a ::b", "a ::b"),
            (":a::b", ":a::b"),
            ("::error::a", "\u{fffd}:error::a"),
            ("  \t::a", "  ␉\u{fffd}:a"),
            (":::a", "\u{fffd}::a"),
            ("##[a]", "##\u{fffd}a]"),
        ] {
            assert_eq!(visible_line(line), expected, "{line:?}");
        }
    }

    #[test]
    fn commands_of_build_systems_are_defused() {
        check("x ##[error]y", "x ##\u{fffd}error]y");
        check("##vso[task.x]", "##vso\u{fffd}task.x]");
        check("# #[x] ## [y]", "# #[x] ## [y]");
    }
}
