//! What each format calls a severity.

use crate::lint::Severity;

/// The words of every format for one severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// Before the rule in the human report.
    pub full: &'static str,
    /// `severity` in JSON.
    pub json: &'static str,
}

/// What each format calls `severity`.
pub fn level(severity: Severity) -> Level {
    match severity {
        Severity::High => Level { full: "high", json: "high" },
        Severity::Medium => Level { full: "medium", json: "medium" },
        Severity::Low => Level { full: "low", json: "low" },
        Severity::Info => Level { full: "info", json: "info" },
    }
}
