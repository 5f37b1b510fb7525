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
/// carriage return alone. One pass that the compiler turns into vector instructions; 0.7 instructions a byte.
pub(super) fn is_ordinary(bytes: &[u8]) -> bool {
    const CHUNK: usize = 64;
    let is_odd = |byte: u8, next: u8| {
        u8::from(byte < b' ')
            & u8::from(byte != b'\n')
            & u8::from(byte != b'\t')
            & u8::from((byte != b'\r') | (next != b'\n'))
            | u8::from(byte == 0x7f)
            | u8::from(byte == 0xc2)
            | u8::from(byte == 0xef)
    };
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..at + CHUNK + 1) {
        let pairs = chunk[..CHUNK].iter().zip(&chunk[1..]);
        let odd = pairs.fold(0, |odd, (&byte, &next)| odd | is_odd(byte, next));
        if odd != 0 && !(at..at + CHUNK).all(|at| is_ordinary_at(bytes, at)) {
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
