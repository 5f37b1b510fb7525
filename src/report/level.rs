//! What each format calls a severity.

use crate::lint::Severity;

/// The words of every format for one severity, or for an error of our own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// Before the rule in the human and the concise report.
    pub full: &'static str,
    /// `severity` in JSON.
    pub json: &'static str,
    /// What a compiler would say; editors and build systems know these three words.
    pub gcc: &'static str,
}

/// What each format calls an error that is no finding. JSON lists errors apart and never writes the word.
pub(super) const ERROR: Level = Level { full: "error", json: "error", gcc: "error" };

/// What each format calls `severity`.
pub fn level(severity: Severity) -> Level {
    match severity {
        Severity::High => Level { full: "high", json: "high", gcc: "error" },
        Severity::Medium => Level { full: "medium", json: "medium", gcc: "warning" },
        Severity::Low => Level { full: "low", json: "low", gcc: "note" },
        Severity::Info => Level { full: "info", json: "info", gcc: "note" },
    }
}
