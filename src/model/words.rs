//! The words of an identifier: `userID`, `user_id`, `user-id` and `UserId` all say "user id".

/// The words of `name`, in order, as slices of it in their original case.
///
/// A word ends at a byte that is no letter or digit, between a lower-case and an upper-case letter, between letters
/// and digits, and before the last capital of an acronym (`HTTPServer`). A plural acronym stays whole (`userIDs`), and
/// so does `OAuth`, which every author capitalises in the middle.
pub fn words(name: &str) -> Words<'_> {
    Words { rest: name }
}

/// Iterates over the words of an identifier; see [`words`].
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// What has not been read yet, separators included.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    /// Whether one of the words is one of `list`, whose entries are lower case.
    pub fn any_of(mut self, list: &[&str]) -> bool {
        self.any(|word| is_one_of(word, list))
    }

    /// Whether the words from here on are exactly `list`, whose entries are lower case.
    pub fn are(mut self, list: &[&str]) -> bool {
        let mut expected = list.iter();
        self.all(|word| expected.next().is_some_and(|other| word.eq_ignore_ascii_case(other)))
            && expected.next().is_none()
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let start = bytes.iter().position(|byte| Kind::of(*byte) != Kind::Separator)?;
        let (word, rest) = self.rest[start..].split_at(word_length(&bytes[start..]));
        self.rest = rest;
        Some(word)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Separator,
    Lower,
    Upper,
    Digit,
}

impl Kind {
    /// By byte: prose is read as well as names, and to look up took half the time of comparisons. Bytes of other scripts
    /// count as lower case, so that no word is cut inside a character.
    const TABLE: [Kind; 256] = {
        let mut table = [Kind::Separator; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = match byte as u8 {
                b'a'..=b'z' | 0x80.. => Kind::Lower,
                b'A'..=b'Z' => Kind::Upper,
                b'0'..=b'9' => Kind::Digit,
                _ => Kind::Separator,
            };
            byte += 1;
        }
        table
    };

    #[inline]
    fn of(byte: u8) -> Kind {
        Kind::TABLE[usize::from(byte)]
    }
}

/// The length of the word at the start of `bytes`, which do not start with a separator.
fn word_length(bytes: &[u8]) -> usize {
    if bytes[0] | 0x20 == b'o' && (bytes.starts_with(b"OAuth") || bytes.starts_with(b"oAuth")) {
        return 5 + run(&bytes[5..], Kind::Lower);
    }
    match Kind::of(bytes[0]) {
        Kind::Digit => run(bytes, Kind::Digit),
        Kind::Upper => {
            let capitals = run(bytes, Kind::Upper);
            match run(&bytes[capitals..], Kind::Lower) {
                0 => capitals,
                lower if capitals == 1 => 1 + lower,
                1 if bytes[capitals] == b's' => capitals + 1,
                _ => capitals - 1,
            }
        }
        _ => run(bytes, Kind::Lower),
    }
}

fn run(bytes: &[u8], kind: Kind) -> usize {
    bytes.iter().position(|byte| Kind::of(*byte) != kind).unwrap_or(bytes.len())
}

/// The last word of `name`.
pub fn last_word(name: &str) -> Option<&str> {
    words(name).last()
}

/// Whether `word` is one of `list`, whose entries are lower case.
pub fn is_one_of(word: &str, list: &[&str]) -> bool {
    let Some(first) = word.bytes().next() else {
        return list.contains(&"");
    };
    // Most comparisons end here; the length and the first letter decide without a call.
    let first = first.to_ascii_lowercase();
    list.iter().any(|other| {
        other.len() == word.len() && other.as_bytes()[0] == first && word.eq_ignore_ascii_case(other)
    })
}

/// Whether `word` starts with the letters of `start`, whatever their case.
pub fn starts_with(word: &str, start: &str) -> bool {
    word.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether `word` ends with the letters of `ending`, whatever their case and with or without a word boundary.
pub fn ends_with(word: &str, ending: &str) -> bool {
    let at = word.len().checked_sub(ending.len());
    at.and_then(|at| word.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// Whether `name` has the letters and digits of `letters`, whatever separates or capitalises them.
///
/// For names that are also written in one piece: `api_key`, `apiKey`, `X-Api-Key` less its prefix, and `apikey`.
pub fn is_spelled(name: &str, letters: &str) -> bool {
    if name.len() < letters.len() || !starts_alike(name, letters) {
        return false;
    }
    let mut expected = letters.bytes();
    name.bytes()
        .filter(|byte| Kind::of(*byte) != Kind::Separator)
        .all(|byte| expected.next().is_some_and(|other| byte.eq_ignore_ascii_case(&other)))
        && expected.next().is_none()
}

/// Whether the first bytes allow a name to have these letters; names are mostly compared with many others.
fn starts_alike(name: &str, letters: &str) -> bool {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    Kind::of(first) == Kind::Separator
        || letters.as_bytes().first().is_some_and(|letter| letter.eq_ignore_ascii_case(&first))
}

/// Whether the last words of `name` have the letters of one of `endings`: `X-Rapid-API-Key` ends in `apikey`.
pub fn ends_in(name: &str, endings: &[&str]) -> bool {
    // Most names end in a letter in which none of the endings does.
    let is_letter = |byte: &u8| Kind::of(*byte) != Kind::Separator;
    let Some(last) = name.bytes().rev().find(is_letter) else { return false };
    let ends_alike =
        |letters: &&str| letters.as_bytes().last().is_some_and(|letter| letter.eq_ignore_ascii_case(&last));
    if !endings.iter().any(ends_alike) {
        return false;
    }
    let mut rest = words(name);
    loop {
        if endings.iter().any(|letters| is_spelled(rest.rest(), letters)) {
            return true;
        }
        if rest.next().is_none() {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_into_words() {
        let cases = [
            ("userId", "user Id"),
            ("userID", "user ID"),
            ("userIDs", "user IDs"),
            ("UserId", "User Id"),
            ("user_id", "user id"),
            ("user-id", "user id"),
            ("$user.id", "user id"),
            ("HTTPServer", "HTTP Server"),
            ("getHTTPServerURL", "get HTTP Server URL"),
            ("listURLsOfUser", "list URLs Of User"),
            ("X-Api-Key", "X Api Key"),
            ("page[size]", "page size"),
            ("oauth2Token", "oauth 2 Token"),
            ("OAuthToken", "OAuth Token"),
            ("getOAuthToken", "get OAuth Token"),
            ("v1beta2", "v 1 beta 2"),
            ("AsIs", "As Is"),
            ("ABTest", "AB Test"),
            ("straßenName", "straßen Name"),
            ("日本_語", "日本 語"),
            ("already", "already"),
            ("__", ""),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).collect::<Vec<_>>().join(" "), expected, "{name}");
        }
    }

    #[test]
    fn compares_without_case_and_separators() {
        assert!(starts_with("ForgotPassword", "forgot") && !starts_with("for", "forgot"));
        assert!(ends_with("accessToken", "token") && !ends_with("en", "token") && !ends_with("aé", "\u{a9}"));
        assert!(is_spelled("api_key", "apikey"));
        assert!(is_spelled("API-Key", "apikey"));
        assert!(!is_spelled("apiKeys", "apikey"));
        assert!(!is_spelled("api", "apikey"));
        assert!(words("sign-Up").are(&["sign", "up"]));
        assert!(!words("sign-up-now").are(&["sign", "up"]));
        assert!(!words("sign").are(&["sign", "up"]));
        assert!(words("get-UserName").any_of(&["user"]));
        assert_eq!(last_word("parentOrderNo"), Some("No"));
        assert_eq!(last_word("--"), None);
    }

    #[test]
    fn finds_an_ending_at_a_word_boundary() {
        assert!(ends_in("X-Rapid-API-Key", &["apikey"]));
        assert!(ends_in("apikey", &["apikey"]));
        assert!(!ends_in("papikey", &["apikey"]));
        assert!(!ends_in("apiKeyId", &["apikey"]));
        assert!(!ends_in("", &["apikey"]));
    }
}
