//! The directions in which schemas are used, and how exposed operations and fields are.

/// A set of directions.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Hash, PartialOrd, Ord)]
pub struct Directions(u8);

impl Directions {
    /// In the body of a request.
    pub const REQUEST: Directions = Directions(1);
    /// In a parameter.
    pub const PARAMETER: Directions = Directions(2);
    /// In a response that reports success.
    pub const SUCCESS: Directions = Directions(4);
    /// In a response that reports an error.
    pub const ERROR: Directions = Directions(8);
    /// In a callback or webhook, either way.
    pub const CALLBACK: Directions = Directions(16);
    /// What a client sends.
    pub const INPUT: Directions = Directions(3);
    /// What the API sends back.
    pub const OUTPUT: Directions = Directions(12);
    /// In the body of a request that anyone may send. Never without [`Directions::REQUEST`].
    pub(super) const UNAUTHENTICATED: Directions = Directions(32);
    /// In the body of a request that changes something.
    pub(super) const WRITE: Directions = Directions(64);
    /// [`Directions::INPUT`] with all that is known of it: where a `readOnly` property is not.
    pub(super) const SENT: Directions = Directions(3 | 32 | 64);

    /// Whether the sets have a direction in common.
    pub fn intersects(self, other: Directions) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub fn union(self, other: Directions) -> Directions {
        Directions(self.0 | other.0)
    }

    /// Those that are not in the other set.
    pub(super) fn without(self, other: Directions) -> Directions {
        Directions(self.0 & !other.0)
    }

    /// Whether nothing uses the schema.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How exposed an operation or a field is; smaller is more exposed, so that sorting puts the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Exposure(u8);

impl Exposure {
    /// What nothing is known of comes last.
    pub const LEAST: Exposure = Exposure(4);

    /// Its place among all, the most exposed first.
    pub(super) fn place(self) -> u8 {
        self.0
    }

    /// Unauthenticated before protected, and of these writes before reads.
    pub fn of(unauthenticated: bool, write: bool) -> Exposure {
        Exposure(match (unauthenticated, write) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        })
    }
}
