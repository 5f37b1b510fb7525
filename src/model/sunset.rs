//! Whether something that is deprecated says when it ends: by header, extension or date in its description.

use super::operation::Operation;
use super::words::{is_one_of, is_spelled, starts_with, words};
use crate::syntax::Node;

impl Operation<'_> {
    /// Whether the operation says when it ends or that it announces its end: a header `Deprecation` (RFC 9745) or
    /// `Sunset` (RFC 8594) of any response, an extension such as `x-sunset` or `x-deprecated-since` on the operation
    /// or its path item, or a date in its summary or description.
    pub fn announces_end(&self) -> bool {
        let texts = [self.summary(), self.description()];
        texts.into_iter().flatten().any(|text| has_date(text.text()))
            || announces_by_extension(self.object.node())
            || self.items().any(|item| announces_by_extension(item.node()))
            || self.responses().filter_map(|response| response.object).any(|response| {
                let mut headers = response.headers().map(|header| header.written.key_text());
                headers.any(|name| ["deprecation", "sunset"].iter().any(|known| is_spelled(name, known)))
            })
    }
}

/// An extension whose name speaks of the end, or a vendor's object with such a name in it: `x-github: { removalDate }`.
fn announces_by_extension(object: Node<'_>) -> bool {
    let mut extensions = object.entries().filter(|entry| entry.key.is_extension());
    extensions.any(|entry| {
        let of_vendor = entry.value.entries().any(|inner| is_end(inner.key.text()));
        // `x-deprecated: true` says no more than `deprecated: true`.
        of_vendor || is_end(&entry.key.text()[2..]) && entry.value.as_bool().is_none()
    })
}

/// `sunset`, `removal-date`, `deprecated-since`, `deprecationDate`.
fn is_end(name: &str) -> bool {
    words(name).any(|word| {
        is_one_of(word, &["sunset", "removal", "removed", "eol"]) || starts_with(word, "deprecat")
    })
}

/// How much of a text is read, in bytes.
const SEARCHED: usize = 16 * 1024;

/// Whether a text has a date: `2026-03-01`, or a month beside a year (`March 1, 2026`, `1 March 2026`, `Mar 2026`).
fn has_date(text: &str) -> bool {
    const MONTHS: &[&str] = &[
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
        "dec",
    ];
    let text = &text[..text.floor_char_boundary(SEARCHED.min(text.len()))];
    let is_number = |word: &str, lengths: &[usize]| {
        lengths.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_year = |word: &str| is_number(word, &[4]) && (word.starts_with("19") || word.starts_with("20"));
    let is_month = |word: &str| is_one_of(word, MONTHS);
    let mut last = ["", "", ""];
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let [first, second, third] = [last[1], last[2], word];
        last = [first, second, third];
        let iso = is_year(first) && is_number(second, &[2]) && is_number(third.get(..2).unwrap_or(""), &[2]);
        let is_day = is_number(second.trim_end_matches(char::is_alphabetic), &[1, 2]);
        let named = is_year(third) && (is_month(second) || is_month(first) && is_day);
        if iso || named {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_dates() {
        for text in [
            "Ends on 2026-03-01.",
            "ends 2026-03-01T00:00:00Z",
            "Until 2026/03/01",
            "until March 1st, 2026",
            "Removed on 1 March 2026",
            "in Mar 2026 it goes",
            "**2026-03-01**",
        ] {
            assert!(has_date(text), "{text}");
        }
        for text in [
            "Deprecated.",
            "Use v2 of 2026 instead",
            "may be removed",
            "versions 1.2.3",
            "call 555-12-34",
            "2026",
            "12-34-56",
            "",
        ] {
            assert!(!has_date(text), "{text}");
        }
        assert!(!has_date(&format!("{}2026-03-01", "é ".repeat(SEARCHED))));
    }

    #[test]
    fn knows_names_of_ends() {
        for name in ["sunset", "sunset-date", "removalDate", "deprecated-since", "deprecation", "api-eol"] {
            assert!(is_end(name), "{name}");
        }
        for name in ["internal", "sunsets", "date", "removable", ""] {
            assert!(!is_end(name), "{name}");
        }
    }
}
