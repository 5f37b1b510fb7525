//! The report as GitLab's code quality widget reads it: a part of the format of Code Climate.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::json::pretty;
use super::{ERROR, Setting, level, visible};
use crate::lint::{Failure, Finding, Report};

/// Writes a list with each error and then each finding.
pub fn gitlab(report: &Report, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
    pretty(&Issues { report, setting }, out)
}

/// All issues, made one at a time as they are written.
struct Issues<'a> {
    report: &'a Report,
    setting: &'a Setting<'a>,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let errors = self.report.errors.iter().map(|failure| Issue::of_failure(failure, self.setting));
        let findings = self.report.findings.iter().map(|finding| Issue::of(finding, self.setting));
        serializer.collect_seq(errors.chain(findings))
    }
}

#[derive(Serialize)]
struct Issue {
    r#type: &'static str,
    check_name: String,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Place,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Issue {
    fn of(finding: &Finding, setting: &Setting<'_>) -> Issue {
        let location = &finding.location;
        let path = setting.in_root(&location.path);
        Issue {
            severity: level(finding.severity).gitlab,
            fingerprint: fingerprint(&[&path, &finding.fingerprint]),
            location: Place { path, lines: Lines { begin: location.start.line, end: location.end.line } },
            ..Issue::saying(finding.rule, &finding.message, &finding.help)
        }
    }

    fn of_failure(failure: &Failure, setting: &Setting<'_>) -> Issue {
        let location = failure.location.as_ref();
        let path = setting.in_root(location.map_or(&failure.path, |location| &location.path));
        // What concerns a whole file is shown at its first line.
        let (begin, end) = location.map_or((1, 1), |location| (location.start.line, location.end.line));
        let at = location.map_or(String::new(), |location| location.bytes.start.to_string());
        Issue {
            severity: ERROR.gitlab,
            fingerprint: fingerprint(&[&path, failure.rule, &failure.message, &at]),
            location: Place { path, lines: Lines { begin, end } },
            ..Issue::saying(failure.rule, &failure.message, &failure.help)
        }
    }

    /// An issue that is nowhere yet. GitLab shows no name of a check, so the description names it.
    fn saying(rule: &str, message: &str, help: &str) -> Issue {
        Issue {
            r#type: "issue",
            check_name: rule.to_owned(),
            description: format!("{rule}: {}", visible(message)),
            content: Content { body: visible(help).into_owned() },
            categories: ["Security"],
            severity: ERROR.gitlab,
            fingerprint: String::new(),
            location: Place { path: String::new(), lines: Lines { begin: 1, end: 1 } },
        }
    }
}

/// 128 bits in hexadecimal. GitLab takes issues with the same fingerprint for one, and fingerprints of ours are unique
/// within a file only.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
