//! The hash by which GitHub's code scanning knows a line again, whatever its number.

use std::fmt;

use rustc_hash::FxHashMap;

/// A hash of what a line and the text after it say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct LineHash {
    /// The hash of the first 100 UTF-16 code units from the start of the line on, blanks left out.
    pub hash: u64,
    /// Which of the lines of the file with this hash it is, from 1.
    pub occurrence: u32,
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.occurrence)
    }
}

/// How many UTF-16 code units a hash covers.
const WINDOW: usize = 100;

/// What a hash is multiplied with for every code unit.
const FACTOR: u64 = 37;

/// Stands for the end of the file in the hash.
const END: u16 = u16::MAX;

/// The hashes of all lines, in order. GitHub's upload action computes `primaryLocationLineHash` in this way and warns
/// where a report disagrees: a rolling polynomial over UTF-16 code units without blanks and tabs, with every kind of
/// line break as `\n`, followed by an end mark and zeros.
pub fn line_hashes(text: &str) -> Vec<LineHash> {
    let mut rolling = Rolling::new();
    let mut is_line_start = true;
    let mut after_return = false;
    let mut characters = text.chars();
    // How many units of the line the window has seen.
    let mut seen = 0;
    while let Some(character) = characters.next() {
        let is_second_half = std::mem::take(&mut after_return) && character == '\n';
        if matches!(character, ' ' | '\t') || is_second_half {
            continue;
        }
        after_return = character == '\r';
        let is_break = matches!(character, '\r' | '\n');
        let character = if is_break { '\n' } else { character };
        if is_line_start {
            seen = 0;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            rolling.push(*unit, std::mem::take(&mut is_line_start));
            seen += 1;
        }
        is_line_start = is_break;
        // The start of the line has left the window, so that its rest is in no hash: most of a minified document.
        if seen > WINDOW && !is_break {
            let rest = characters.as_str();
            let next = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
            characters = rest[next..].chars();
        }
    }
    rolling.push(END, is_line_start);
    for _ in 0..WINDOW {
        rolling.push(0, false);
    }
    rolling.hashes
}

/// The last code units and their hash.
struct Rolling {
    units: [u16; WINDOW],
    /// For each of them, whether a line starts with it.
    starts: [bool; WINDOW],
    /// Where the oldest stands.
    oldest: usize,
    hash: u64,
    /// `FACTOR` to the power of `WINDOW`: what the oldest unit counts once it leaves.
    leaving: u64,
    hashes: Vec<LineHash>,
    seen: FxHashMap<u64, u32>,
}

impl Rolling {
    fn new() -> Rolling {
        Rolling {
            units: [0; WINDOW],
            starts: [false; WINDOW],
            oldest: 0,
            hash: 0,
            leaving: FACTOR.wrapping_pow(WINDOW as u32),
            hashes: Vec::new(),
            seen: FxHashMap::default(),
        }
    }

    /// Adds a code unit. If a line starts with the one that leaves, the hash is that line's.
    fn push(&mut self, unit: u16, starts_line: bool) {
        let leaves = std::mem::replace(&mut self.units[self.oldest], unit);
        if std::mem::replace(&mut self.starts[self.oldest], starts_line) {
            let occurrence = self.seen.entry(self.hash).or_default();
            *occurrence += 1;
            self.hashes.push(LineHash { hash: self.hash, occurrence: *occurrence });
        }
        self.hash = self.hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit));
        self.hash = self.hash.wrapping_sub(self.leaving.wrapping_mul(u64::from(leaves)));
        self.oldest = (self.oldest + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let hashes: Vec<String> = line_hashes(text).iter().map(LineHash::to_string).collect();
        assert_eq!(hashes, expected, "{text:?}");
    }

    // What the code of GitHub's upload action prints for the same texts.
    #[test]
    fn hashes_are_those_of_the_upload_action() {
        const LAST: &str = "c129715d7a2bc9a3:1";
        check("", &[LAST]);
        check("openapi: 3.0.3", &["5334410d9ce13e6f:1"]);
        check("a: 1\n", &["4037987d9a8320d9:1", LAST]);
        check("\u{feff}key: 😀\nö: x\n", &["df64c0365a59fa6:1", "45a02d29298caebd:1", LAST]);
        check("p: \0\u{ffff} q\n", &["76ab2de25f9cdc5b:1", LAST]);
    }

    #[test]
    fn blanks_do_not_count_and_line_breaks_are_equal() {
        let mixed = [
            "2c9539cdc4794fb7:1", "81da7dac4709b8a1:1", "4020e2b9b0ec5009:1", "254cab44c08f7c0f:1",
            "6bf49ae9d59c5bc1:1", "a23a3dc5e078b07b:1",
        ];
        for text in ["a: 1\r\nb:\t2\rc: 3\n\n  \nd", "a:1\nb:2\n c: 3\n\n\n\td"] {
            check(text, &mixed);
        }
        check("  \n\t\n", &["5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"]);
        let odd = ["c52f781a43dbc195:1", "73409ca04f7d2c2e:1", "b0367d257df6d03c:1", "1c206f60a702cfe8:1"];
        check("a\r\r\nb\n\rc", &[&odd[..], &["188ff2f224477a1e:1"]].concat());
    }

    #[test]
    fn lines_of_any_length_are_as_the_action_has_them() {
        // The same with every unit of the text, as the action computes it.
        fn plainly(text: &str) -> Vec<LineHash> {
            let text = text.replace([' ', '\t'], "").replace("\r\n", "\n").replace('\r', "\n");
            let mut rolling = Rolling::new();
            let mut is_line_start = true;
            for unit in text.encode_utf16() {
                rolling.push(unit, is_line_start);
                is_line_start = unit == u16::from(b'\n');
            }
            rolling.push(END, is_line_start);
            (0..WINDOW).for_each(|_| rolling.push(0, false));
            rolling.hashes
        }
        for length in (90..110).chain([0, 1, 199, 200, 201, 1000]) {
            for (unit, end) in [("x", "\n"), ("😀", "\r\n"), (" ö", "\r")] {
                let line = unit.repeat(length);
                for text in [format!("a{line}{end}{line}b{end}{end}c"), line.clone(), format!("{line}{end}")]
                {
                    assert_eq!(line_hashes(&text), plainly(&text), "{length} of {unit}");
                }
            }
        }
    }

    #[test]
    fn equal_lines_are_counted() {
        let long = "x".repeat(250);
        check(
            &format!("{long}\ny\n{long}\ny\n"),
            &[
                "52b56201ffb58620:1", "8f34f7e3b5eca53f:1", "52b56201ffb58620:2", "c33be7e0cf7c3ca:1",
                "c129715d7a2bc9a3:1",
            ],
        );
        let hashes = line_hashes(&"same\n".repeat(60));
        assert_eq!(hashes.len(), 61);
        assert_eq!(hashes[40].to_string(), "6468d5768bad9560:41");
        assert_eq!(hashes[41].to_string(), "6468d593175bf9e7:1", "the window reaches the end");
    }
}
