//! Searching bytes, eight at a time, and what bytes mean to YAML. The texts between two indicators are short, so that
//! this beats a call of `memchr`; where they are long (block scalars, comments), `memchr` is used.

const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// The first control character or one of two wanted bytes at or after `at`; the end of the text if there is none.
#[inline]
pub(super) fn find(bytes: &[u8], mut at: usize, first: u8, second: u8) -> usize {
    let is_found = |byte: u8| byte < b' ' || byte == first || byte == second;
    let (first, second) = (LOW * u64::from(first), LOW * u64::from(second));
    while let Some(word) = word(bytes, at) {
        // Each term is exact up to its lowest bit that is set.
        let control = word.wrapping_sub(LOW * 0x20) & !word;
        let equal = |wanted: u64| (word ^ wanted).wrapping_sub(LOW) & !(word ^ wanted);
        let found = (control | equal(first) | equal(second)) & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    bytes[at..].iter().position(|&byte| is_found(byte)).map_or(bytes.len(), |length| at + length)
}

/// The first byte at or after `at` that is no space.
#[inline]
pub(super) fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let other = word ^ (LOW * u64::from(b' '));
        if other != 0 {
            return at + other.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    bytes[at..].iter().position(|&byte| byte != b' ').map_or(bytes.len(), |length| at + length)
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(chunk.try_into().ok()?))
}

/// Whether all characters are ones that YAML allows in a text (YAML 1.2.2 §5.1), and none is a byte order mark or a
/// carriage return alone. The compiler turns the two passes over each chunk into vector instructions: the first one is
/// half an instruction a byte, the second is for chunks that are not ASCII or hold tabs or carriage returns.
pub(super) fn is_ordinary(bytes: &[u8]) -> bool {
    const CHUNK: usize = 64;
    let is_simple = |byte: u8| (byte.wrapping_sub(b' ') < 0x5f) | (byte == b'\n');
    let is_odd = |byte: u8, next: u8| {
        let is_break_or_tab = (byte == b'\n') | (byte == b'\t') | (byte == b'\r') & (next == b'\n');
        (byte < b' ') & !is_break_or_tab | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xef)
    };
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..at + CHUNK + 1) {
        let (chunk, next) = (&chunk[..CHUNK], &chunk[1..]);
        let is_ordinary = chunk.iter().fold(true, |all, &byte| all & is_simple(byte))
            || !chunk.iter().zip(next).fold(false, |any, (&byte, &next)| any | is_odd(byte, next))
            || (at..at + CHUNK).all(|at| is_ordinary_at(bytes, at));
        if !is_ordinary {
            return false;
        }
        at += CHUNK;
    }
    (at..bytes.len()).all(|at| is_ordinary_at(bytes, at))
}

fn is_ordinary_at(bytes: &[u8], at: usize) -> bool {
    match (bytes[at], &bytes[at + 1..]) {
        (b'\r', [next, ..]) => *next == b'\n',
        (b'\n' | b'\t', _) => true,
        (0..=0x1f | 0x7f, _) => false,
        (0xc2, [next, ..]) => *next >= 0xa0 || *next == 0x85,
        (0xef, [0xbb, 0xbf, ..]) => false,
        (0xef, [0xbf, last, ..]) => *last < 0xbe,
        _ => true,
    }
}

/// Whether an indicator before this byte is one, and no part of a text (YAML 1.2.2 §7.3.3).
#[inline]
pub(super) fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
