//! What a `pattern` admits. Patterns are ECMA-262 and search: without anchors anything may stand around a match
//! (JSON Schema 2020-12, Validation §6.3.3).

/// Whether only finitely many strings, up to some length, contain a match: `^[A-Z]{2}$` says so, `^[A-Z]+$` and
/// `[A-Z]{2}` do not. Where the pattern is not understood the answer is yes, so that rules about missing bounds stay
/// silent.
pub fn is_finite_pattern(pattern: &str) -> bool {
    // Some write the delimiters of a literal.
    let inner = pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    let flags_only = |flags: &str| flags.bytes().all(|byte| b"dgimsuvy".contains(&byte));
    let pattern = inner.filter(|(_, flags)| flags_only(flags)).map_or(pattern, |(pattern, _)| pattern);
    let Some(whole) = Scanner { rest: pattern }.alternatives() else { return true };
    whole.starts && whole.ends && !whole.is_endless
}

/// What is known of a part of a pattern.
#[derive(Clone, Copy)]
struct Part {
    /// Whether every match begins at the start of the string, and ends at its end.
    starts: bool,
    ends: bool,
    /// Whether a match may be of any length.
    is_endless: bool,
    /// Whether every match is empty: an assertion, nothing at all.
    is_empty: bool,
}

impl Part {
    const NOTHING: Part = Part { starts: false, ends: false, is_endless: false, is_empty: true };
    const CHARACTER: Part = Part { is_empty: false, ..Part::NOTHING };

    fn then(self, next: Part) -> Part {
        Part {
            starts: self.starts || self.is_empty && next.starts,
            ends: next.ends || next.is_empty && self.ends,
            is_endless: self.is_endless || next.is_endless,
            is_empty: self.is_empty && next.is_empty,
        }
    }

    fn or(self, other: Part) -> Part {
        Part {
            starts: self.starts && other.starts,
            ends: self.ends && other.ends,
            is_endless: self.is_endless || other.is_endless,
            is_empty: self.is_empty && other.is_empty,
        }
    }

    fn repeated(self, repetition: Repetition) -> Part {
        let optional = repetition.may_be_absent;
        Part {
            starts: self.starts && !optional,
            ends: self.ends && !optional,
            is_endless: self.is_endless || repetition.is_endless && !self.is_empty,
            is_empty: self.is_empty,
        }
    }
}

/// A quantifier.
#[derive(Clone, Copy)]
struct Repetition {
    may_be_absent: bool,
    is_endless: bool,
}

/// A group that is still open: what stood in its earlier alternatives, and in the current one.
struct Group {
    earlier: Option<Part>,
    current: Part,
    /// Whether it is a look-around, which consumes nothing.
    looks_around: bool,
}

impl Group {
    fn open(looks_around: bool) -> Group {
        Group { earlier: None, current: Part::NOTHING, looks_around }
    }

    fn alternative(&mut self) {
        let current = std::mem::replace(&mut self.current, Part::NOTHING);
        self.earlier = Some(self.earlier.map_or(current, |earlier| earlier.or(current)));
    }

    fn close(mut self) -> Part {
        self.alternative();
        if self.looks_around { Part::NOTHING } else { self.earlier.unwrap_or(Part::NOTHING) }
    }
}

struct Scanner<'p> {
    rest: &'p str,
}

impl Scanner<'_> {
    /// Reads the whole pattern; nothing if it is not understood.
    fn alternatives(mut self) -> Option<Part> {
        let mut open = vec![Group::open(false)];
        while let Some(character) = self.next() {
            let part = match character {
                '|' => {
                    open.last_mut()?.alternative();
                    continue;
                }
                '(' => {
                    let looks_around = self.group_kind()?;
                    open.push(Group::open(looks_around));
                    continue;
                }
                ')' if open.len() > 1 => open.pop()?.close(),
                ')' | '*' | '+' | '?' => return None,
                '^' => Part { starts: true, ..Part::NOTHING },
                '$' => Part { ends: true, ..Part::NOTHING },
                '[' => self.class()?,
                '\\' => self.escape()?,
                _ => Part::CHARACTER,
            };
            let part = part.repeated(self.repetition());
            let group = open.last_mut()?;
            group.current = group.current.then(part);
        }
        let whole = open.pop()?;
        open.is_empty().then(|| whole.close())
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn skip(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// What follows an opening parenthesis; whether it opens a look-around.
    fn group_kind(&mut self) -> Option<bool> {
        if !self.skip("?") {
            return Some(false);
        }
        if ["=", "!", "<=", "<!"].iter().any(|kind| self.skip(kind)) {
            return Some(true);
        }
        if self.skip(":") || self.skip(">") {
            return Some(false);
        }
        if self.skip("<") || self.skip("P<") {
            self.rest = self.rest.split_once('>')?.1;
            return Some(false);
        }
        // Flags, `(?i)` or `(?i:`, which other dialects have.
        let flags = self.rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-'))?;
        self.rest = &self.rest[flags..];
        self.skip(":");
        Some(false)
    }

    /// The rest of a character class. Dialects disagree about a bracket that comes first.
    fn class(&mut self) -> Option<Part> {
        self.skip("^");
        if self.rest.starts_with(']') {
            return None;
        }
        loop {
            match self.next()? {
                ']' => return Some(Part::CHARACTER),
                '\\' => drop(self.next()?),
                // `[:alpha:]`, of other dialects.
                '[' if self.rest.starts_with(':') => self.rest = self.rest.split_once(":]")?.1,
                _ => {}
            }
        }
    }

    /// The rest of an escape outside of a class.
    fn escape(&mut self) -> Option<Part> {
        Some(match self.next()? {
            // Anchors of other dialects.
            'A' => Part { starts: true, ..Part::NOTHING },
            'z' | 'Z' => Part { ends: true, ..Part::NOTHING },
            'b' | 'B' => Part::NOTHING,
            'p' | 'P' | 'u' | 'x' | 'k' => {
                let (open, close) = if self.rest.starts_with('<') { ("<", '>') } else { ("{", '}') };
                if self.skip(open) {
                    self.rest = self.rest.split_once(close)?.1;
                }
                Part::CHARACTER
            }
            _ => Part::CHARACTER,
        })
    }

    /// The quantifier that follows, if there is one.
    fn repetition(&mut self) -> Repetition {
        let repetition = match self.rest.as_bytes().first() {
            Some(b'*') => Some((1, Repetition { may_be_absent: true, is_endless: true })),
            Some(b'+') => Some((1, Repetition { may_be_absent: false, is_endless: true })),
            Some(b'?') => Some((1, Repetition { may_be_absent: true, is_endless: false })),
            Some(b'{') => counted(self.rest),
            _ => None,
        };
        let Some((length, repetition)) = repetition else {
            return Repetition { may_be_absent: false, is_endless: false };
        };
        self.rest = &self.rest[length..];
        // Lazy, and in other dialects possessive.
        let _ = self.skip("?") || self.skip("+");
        repetition
    }
}

/// `{2}`, `{2,}`, `{2,5}` at the start of a text, with its length. Anything else in braces is text.
fn counted(text: &str) -> Option<(usize, Repetition)> {
    let open = text.strip_prefix('{')?;
    // No further than the numbers go, so that many braces that nothing closes are each looked at once.
    let end = open.find(|character: char| !(character.is_ascii_digit() || character == ','))?;
    let inner = open[end..].starts_with('}').then(|| &open[..end])?;
    let (least, most) = inner
        .split_once(',')
        .map_or((inner, Some(inner)), |(least, most)| (least, Some(most).filter(|most| !most.is_empty())));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(least) || !most.is_none_or(is_number) {
        return None;
    }
    let is_zero = least.bytes().all(|byte| byte == b'0');
    Some((inner.len() + 2, Repetition { may_be_absent: is_zero, is_endless: most.is_none() }))
}

#[cfg(test)]
mod tests {
    use super::is_finite_pattern;

    #[test]
    fn finite_patterns_are_anchored_and_repeat_a_number_of_times() {
        for pattern in [
            "^$",
            "^a$",
            "^[A-Z]{2}$",
            "^[a-z]{1,64}$",
            "^(a|b|c)$",
            "(^x$)",
            "^(?:a|bc)$",
            "^a$|^b$",
            r"^\d{4}-\d{2}$",
            r"^\+[1-9]\d{1,14}$",
            r"\A[a-f]{8}\z",
            "^(?=.*[A-Z])[A-z]{8,64}$",
            "^(?!x*)a?$",
            r"^[\]\[*+]$",
            "/^[a-z]{3}$/i",
            "^(?i)abc$",
            "^(?i:abc)$",
            "^(?<year>[0-9]{4})$",
            r"^\u{1F600}$",
            r"^\p{L}{1,5}$",
            "^a{2}b?$",
            "^(^a|^b)c$",
            "^[[:alpha:]]{2}$",
            "^(?:)*$",
            r"^\b\w{3}\b$",
            "^.{0,255}$",
            "^((a)|(b(c|d){2}))$",
        ] {
            assert!(is_finite_pattern(pattern), "{pattern}");
        }
    }

    #[test]
    fn other_patterns_admit_any_length() {
        for pattern in [
            "", "a", ".*", "^.*$", "^.+$", r"[\s\S]*", r"\S+", "^[a-z]+$", "^[a-z]{2,}$", "OR[0-9a-f]{32}",
            "^a|b$", "^(a|b+)$", "^a", "a$", "(^a$)?", "^a$|b", "^(ab){3,}$", r"^\S+$", "payTo|upi_collect",
            "^a{,5}+$", "(?=^a$)", r"^[^\]]*$", "^a(b|)$|", "^x{0,}$",
        ] {
            assert!(!is_finite_pattern(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_understood_counts_as_finite() {
        for pattern in ["(", ")", "[", "[]a]*", "[^]*", "*", "a\\", "(?<a", "(?"] {
            assert!(is_finite_pattern(pattern), "{pattern}");
        }
        let deep = format!("{}a{}", "(".repeat(100_000), ")*".repeat(100_000));
        assert!(!is_finite_pattern(&deep));
    }

    #[test]
    fn time_is_linear() {
        for part in
            ["{", "a{1,", "a{1,2", "{1{", "(", "(?<a>", "[", "[[:", "[a", "\\u{", "a|", "a*", "(?=", "(?<"]
        {
            let pattern = part.repeat(1_000_000);
            let started = std::time::Instant::now();
            let _ = is_finite_pattern(&pattern);
            assert!(started.elapsed().as_secs() < 5, "{part}");
        }
    }
}
