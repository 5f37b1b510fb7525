//! The text of a scalar that does not stand in the source as it is: folded lines, escapes, block scalars.
//!
//! The fast reader has checked what is decoded here, so that this knows no errors and may run when a text is first
//! asked for. Lines end with `\n` or `\r\n`.

/// The text of a scalar. `source` is the scalar from its quote or header on, to its last byte; that of a block scalar
/// goes on to the line that ends it, and `indent` is the indentation of its content.
pub(in crate::syntax) fn decode(source: &str, indent: usize) -> Box<str> {
    let text = match source.as_bytes().first() {
        Some(b'|') => block(source, indent, false),
        Some(b'>') => block(source, indent, true),
        Some(b'\'') => single_quoted(&source[1..source.len() - 1]),
        Some(b'"') => double_quoted(&source[1..source.len() - 1]),
        _ => folded(source),
    };
    text.into_boxed_str()
}

/// A plain scalar of several lines.
fn folded(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    fold(source, &mut text, |line, text| text.push_str(line));
    text
}

fn single_quoted(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    fold(body, &mut text, |line, text| {
        if line.contains('\'') {
            text.push_str(&line.replace("''", "'"));
        } else {
            text.push_str(line);
        }
    });
    text
}

/// Joins lines (YAML 1.2.2 §6.5): one line break is a space, each further one is itself; blanks around them are none.
/// Blanks at the two ends stay.
fn fold(source: &str, text: &mut String, push: impl Fn(&str, &mut String)) {
    let mut lines = source.split('\n');
    let Some(mut line) = lines.next() else { return };
    let mut breaks = 0;
    let mut is_first = true;
    for next in lines {
        let content = if is_first { line } else { line.trim_start_matches(BLANKS) };
        let content = content.strip_suffix('\r').unwrap_or(content).trim_end_matches(BLANKS);
        if !content.is_empty() || is_first {
            separate(text, breaks);
            push(content, text);
            breaks = 0;
        }
        is_first = false;
        breaks += 1;
        line = next;
    }
    separate(text, breaks);
    push(if is_first { line } else { line.trim_start_matches(BLANKS) }, text);
}

const BLANKS: [char; 2] = [' ', '\t'];

fn separate(text: &mut String, breaks: usize) {
    match breaks {
        0 => {}
        1 => text.push(' '),
        more => text.extend(std::iter::repeat_n('\n', more - 1)),
    }
}

fn double_quoted(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    // Blanks after this length were written as they are, and are none before a line break.
    let mut solid = 0;
    let mut rest = body;
    while let Some(at) = rest.find(['\\', '\n']) {
        let plain =
            rest[..at].strip_suffix('\r').filter(|_| rest.as_bytes()[at] == b'\n').unwrap_or(&rest[..at]);
        text.push_str(plain);
        let trimmed = plain.trim_end_matches(BLANKS).len();
        if trimmed > 0 {
            solid = text.len() - (plain.len() - trimmed);
        }
        if rest.as_bytes()[at] == b'\n' {
            text.truncate(solid);
            rest = after_breaks(&rest[at..], &mut text, false);
        } else if rest[at + 1..].starts_with(['\n', '\r']) {
            let line = at + 1 + usize::from(rest.as_bytes()[at + 1] == b'\r');
            rest = after_breaks(&rest[line..], &mut text, true);
        } else {
            let (character, length) = escape(&rest[at + 1..]);
            text.push(character);
            rest = &rest[at + 1 + length..];
        }
        solid = text.len();
    }
    text.push_str(rest);
    text
}

/// Skips a line break, empty lines, and the blanks before what follows. An escaped line break is nothing.
fn after_breaks<'a>(source: &'a str, text: &mut String, is_escaped: bool) -> &'a str {
    let rest = source.trim_start_matches([' ', '\t', '\r', '\n']);
    let breaks = source[..source.len() - rest.len()].matches('\n').count();
    match (is_escaped, breaks) {
        (true, _) => text.extend(std::iter::repeat_n('\n', breaks - 1)),
        (false, _) => separate(text, breaks),
    }
    rest
}

/// The character of an escape after its backslash, and how long that is (YAML 1.2.2 §5.7).
fn escape(source: &str) -> (char, usize) {
    let hexadecimal =
        |from: usize, to: usize| source.get(from..to).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let code = |length: usize| (hexadecimal(1, length), length);
    let (code, length) = match source.as_bytes().first() {
        Some(b'x') => code(3),
        Some(b'U') => code(9),
        Some(b'u') => match (code(5), hexadecimal(7, 11)) {
            ((Some(high @ 0xd800..0xdc00), _), Some(low @ 0xdc00..0xe000)) => {
                (Some(0x1_0000 + ((high - 0xd800) << 10 | (low - 0xdc00))), 11)
            }
            (single, _) => single,
        },
        _ => {
            let letter = source.chars().next().unwrap_or('\\');
            let character = match letter {
                '0' => '\0',
                'a' => '\u{7}',
                'b' => '\u{8}',
                't' => '\t',
                'n' => '\n',
                'v' => '\u{b}',
                'f' => '\u{c}',
                'r' => '\r',
                'e' => '\u{1b}',
                'N' => '\u{85}',
                '_' => '\u{a0}',
                'L' => '\u{2028}',
                'P' => '\u{2029}',
                // A tab, a space, `"`, `/` and `\` are themselves.
                other => other,
            };
            return (character, letter.len_utf8());
        }
    };
    (code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), length)
}

/// A literal or folded block scalar (YAML 1.2.2 §8.1).
fn block(source: &str, indent: usize, is_folded: bool) -> String {
    let (header, mut rest) = source.split_once('\n').unwrap_or((source, ""));
    // What follows the indicators is a comment.
    let indicators = header[1..].split([' ', '\t', '#', '\r']).next().unwrap_or_default();
    let mut text = String::with_capacity(rest.len());
    let mut breaks = 0;
    let mut has_content = false;
    // A line that starts with a blank is not folded into its neighbours.
    let mut was_blank = false;
    let mut is_ended = true;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest.as_bytes());
        let line = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or("", |end| &rest[end + 1..]);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let content = match line.as_bytes().iter().take(indent).position(|&byte| byte != b' ') {
            Some(_) => "",
            None => line.get(indent..).unwrap_or_default(),
        };
        if content.is_empty() {
            breaks += 1;
            continue;
        }
        let is_blank = content.starts_with(BLANKS);
        if has_content && is_folded && !was_blank && !is_blank {
            // The break that ends the line before is a space or, before empty lines, nothing.
            separate(&mut text, breaks + 1);
        } else {
            text.extend(std::iter::repeat_n('\n', breaks + usize::from(has_content)));
        }
        text.push_str(content);
        (has_content, was_blank, breaks, is_ended) = (true, is_blank, 0, end.is_some());
    }
    let kept = match (indicators.contains('-'), indicators.contains('+')) {
        (true, _) => 0,
        (_, is_kept) => usize::from(has_content && is_ended) + if is_kept { breaks } else { 0 },
    };
    text.extend(std::iter::repeat_n('\n', kept));
    text
}
