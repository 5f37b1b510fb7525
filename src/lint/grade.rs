//! How bad, how sure, and for whom: three scales that are independent of each other.

/// How bad a problem is if it is real. Ordered from `info` to `high`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hygiene: hardens the API.
    Low,
    /// A weakness.
    Medium,
    /// An open door.
    High,
}

/// How sure the rule is that the document says what the finding claims. Ordered from `low` to `high`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Confidence {
    /// A hint.
    Low,
    /// A judgement by measured heuristics.
    Medium,
    /// A fact of the document.
    High,
}

/// For whom a rule runs; each profile contains the one before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
pub enum Profile {
    /// Everyone: few findings, each worth acting on.
    #[default]
    Default,
    /// Teams that want every smell.
    Pedantic,
    /// Audits: opt-in policy, likely false positives included.
    Auditor,
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),* }) => {
        impl $type {
            /// Every value, in the order of the scale.
            pub const ALL: &[$type] = &[$($type::$variant),*];

            /// The name in every output and option.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name),* }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<$type, String> {
                $type::ALL.iter().copied().find(|value| value.name() == text).ok_or_else(|| {
                    let names: Vec<_> = $type::ALL.iter().map(|value| value.name()).collect();
                    format!("`{text}` is none of {}", names.join(", "))
                })
            }
        }
    };
}

names!(Severity { Info = "info", Low = "low", Medium = "medium", High = "high" });
names!(Confidence { Low = "low", Medium = "medium", High = "high" });
names!(Profile { Default = "default", Pedantic = "pedantic", Auditor = "auditor" });
