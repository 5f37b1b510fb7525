//! What each format calls a severity.

use crate::lint::{Finding, Severity};

/// The words of every format for one severity, or for an error of our own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// Before the rule in the human and the concise report, and in tables.
    pub full: &'static str,
    /// `severity` in JSON.
    pub json: &'static str,
    /// What a compiler would say; editors and build systems know these three words.
    pub gcc: &'static str,
    /// `level` in SARIF.
    pub sarif: &'static str,
    /// `security-severity` in SARIF, on the scale of CVSS: GitHub shows 7.0 and more as high, 4.0 and more as medium, and
    /// everything else above zero as low.
    pub security_severity: &'static str,
    /// The workflow command of GitHub.
    pub github: &'static str,
    /// `severity` in GitLab's code quality report.
    pub gitlab: &'static str,
    /// Whether a test of a JUnit report fails by it.
    pub junit: Verdict,
    /// `severity` in Checkstyle's report.
    pub checkstyle: &'static str,
    /// `severity` for reviewdog.
    pub rdjson: &'static str,
}

/// What a test in a JUnit report comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It passes, with a remark.
    Pass,
    /// It fails.
    Failure,
    /// It could not be run.
    Error,
}

/// What each format calls an error that is no finding. JSON and SARIF list errors apart.
pub(super) const ERROR: Level = Level {
    full: "error",
    json: "error",
    gcc: "error",
    sarif: "error",
    security_severity: "",
    github: "error",
    gitlab: "blocker",
    junit: Verdict::Error,
    checkstyle: "error",
    rdjson: "ERROR",
};

/// What each format calls `severity`.
pub fn level(severity: Severity) -> Level {
    match severity {
        Severity::High => Level {
            full: "high",
            json: "high",
            gcc: "error",
            sarif: "error",
            security_severity: "8.0",
            github: "error",
            gitlab: "critical",
            junit: Verdict::Failure,
            checkstyle: "error",
            rdjson: "ERROR",
        },
        Severity::Medium => Level {
            full: "medium",
            json: "medium",
            gcc: "warning",
            sarif: "warning",
            security_severity: "5.5",
            github: "warning",
            gitlab: "major",
            junit: Verdict::Failure,
            checkstyle: "warning",
            rdjson: "WARNING",
        },
        Severity::Low => Level {
            full: "low",
            json: "low",
            gcc: "note",
            sarif: "note",
            security_severity: "3.0",
            github: "notice",
            gitlab: "minor",
            junit: Verdict::Failure,
            checkstyle: "info",
            rdjson: "INFO",
        },
        Severity::Info => Level {
            full: "info",
            json: "info",
            gcc: "note",
            sarif: "note",
            security_severity: "1.0",
            github: "notice",
            gitlab: "info",
            junit: Verdict::Pass,
            checkstyle: "info",
            rdjson: "INFO",
        },
    }
}

/// The findings, most severe first, otherwise in the order of the report.
pub(super) fn severest_first(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    by_severity(findings, |finding| finding.severity)
}

/// Items, the most severe first, otherwise in their order.
pub(super) fn by_severity<T>(items: &[T], of: fn(&T) -> Severity) -> impl Iterator<Item = &T> {
    let with = move |severity: &'static Severity| items.iter().filter(move |item| of(item) == *severity);
    Severity::ALL.iter().rev().flat_map(with)
}
