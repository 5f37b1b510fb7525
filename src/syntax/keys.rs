//! What is known of the keys of an object without a look at them: a small set of their hashes.

use super::atom::{Atom, HASHES};

/// The keys that an object may have: a bit for each, which it shares with others, and whether two keys met in one. Most
/// questions are about keywords that an object does not have, and most objects have no key twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Keys(u32);

impl Keys {
    /// How many bits of a number a set takes.
    pub(super) const BITS: u32 = 28;

    /// The bit that says that two keys met.
    const MET: u32 = Keys::BITS - 1;

    /// What any key may be in, any number of times.
    pub(crate) const ANY: Keys = Keys((1 << Keys::BITS) - 1);

    /// The set of some keywords.
    pub(crate) fn of_keywords(keywords: impl Iterator<Item = Atom>) -> Keys {
        Keys(keywords.fold(0, |all, keyword| all | MASKS[keyword.index()]))
    }

    /// Whether any of the keys may be in both.
    #[inline]
    pub(crate) fn intersects(self, other: Keys) -> bool {
        self.0 & other.0 != 0
    }

    /// A set from its number.
    #[inline]
    pub(super) fn of(number: u32) -> Keys {
        Keys(number)
    }

    /// The set as a number.
    #[inline]
    pub(super) fn number(self) -> u32 {
        self.0
    }

    /// Adds a key by the hash of its text.
    #[inline]
    pub(super) fn insert(&mut self, hash: u32) {
        let bit = bit(hash);
        self.0 |= 1 << bit | (self.0 >> bit & 1) << Keys::MET;
    }

    /// Whether a keyword may be among the keys.
    #[inline]
    pub(super) fn may_hold(self, keyword: Atom) -> bool {
        self.0 & MASKS[keyword.index()] != 0
    }

    /// Whether a key may be there twice.
    #[inline]
    pub(super) fn may_repeat(self) -> bool {
        self.0 >> Keys::MET & 1 != 0
    }
}

/// The bit of a key by its hash, of which the lowest byte says little.
const fn bit(hash: u32) -> u32 {
    ((hash >> 8) * Keys::MET) >> 24
}

/// The bits of the keywords.
const MASKS: [u32; Atom::COUNT] = {
    let mut masks = [0; Atom::COUNT];
    let mut at = 0;
    while at < Atom::COUNT {
        masks[at] = 1 << bit(HASHES[at]);
        at += 1;
    }
    masks
};

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(hashes: &[u32]) -> Keys {
        let mut keys = Keys::default();
        hashes.iter().for_each(|&hash| keys.insert(hash));
        keys
    }

    #[test]
    fn what_is_in_a_set_may_be_in_it() {
        for at in 0..Atom::COUNT {
            let atom = Atom::from_number(at as u32 + 1).expect("a keyword");
            let others: Vec<u32> = HASHES.into_iter().filter(|&hash| bit(hash) != bit(HASHES[at])).collect();
            assert!(keys(&HASHES[at..=at]).may_hold(atom) && !keys(&others).may_hold(atom), "{atom:?}");
            assert!(Keys::ANY.may_hold(atom) && !Keys::default().may_hold(atom));
            let set = Keys::of_keywords([atom].into_iter());
            assert!(keys(&HASHES[at..=at]).intersects(set) && !keys(&others).intersects(set));
        }
    }

    #[test]
    fn a_key_that_comes_twice_is_noticed() {
        for hash in HASHES {
            let (low, high) = (hash ^ 0xff, hash ^ 0x8000_0000);
            assert!(!keys(&[hash]).may_repeat() && !keys(&[hash, high]).may_repeat());
            assert!(keys(&[hash, high, hash]).may_repeat());
            assert_eq!(keys(&[low]), keys(&[hash]), "the lowest byte is the first of the text");
        }
        assert!(Keys::ANY.may_repeat());
        assert_eq!(keys(&HASHES).number() >> Keys::BITS, 0);
    }
}
