//! Code reviews: GitLab's code quality report and reviewdog's diagnostics.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use oasguard::lint::{Report, Severity};
use serde_json::{Value, json};

use super::{many, markup, reports, written};
use crate::report::{PETS, at, bare, report};

fn parsed(format: &str, report: &Report) -> Value {
    serde_json::from_str(&written(format, report)).expect("the report is JSON")
}

/// What GitLab reads of an issue: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.
fn issues() -> jsonschema::Validator {
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^[^/]" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } }
                        }
                    }
                }
            }
        }
    });
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

#[test]
fn gitlab_shows_each_finding_once() {
    let schema = issues();
    for (name, report) in reports() {
        let issues = parsed("gitlab", &report);
        assert!(schema.is_valid(&issues), "{name}: {issues}");
        let issues = issues.as_array().expect("it is a list");
        assert_eq!(issues.len(), report.errors.len() + report.findings.len(), "{name}");
        let fingerprints: BTreeSet<Option<&str>> =
            issues.iter().map(|issue| issue["fingerprint"].as_str()).collect();
        // The findings of a hand-made report may have one fingerprint; a run gives each its own.
        if !["rich", "incomplete", "everything", "accepted"].contains(&name) {
            assert_eq!(fingerprints.len(), issues.len(), "{name}");
        }
    }
}

#[test]
fn a_gitlab_fingerprint_is_unique_across_files_and_does_not_know_lines() {
    let mut two = many(2);
    two.findings[0].fingerprint = two.findings[1].fingerprint.clone();
    let fingerprint =
        |report: &Report, number: usize| parsed("gitlab", report)[number]["fingerprint"].clone();
    assert_ne!(two.findings[0].location.path, two.findings[1].location.path);
    assert_ne!(fingerprint(&two, 0), fingerprint(&two, 1));
    let before = fingerprint(&two, 0);
    two.findings[0].location.start.line += 7;
    assert_eq!(fingerprint(&two, 0), before);
}

#[test]
fn each_severity_has_its_word() {
    let mut report = many(4);
    report
        .findings
        .iter_mut()
        .zip(Severity::ALL)
        .for_each(|(finding, severity)| finding.severity = *severity);
    let words = |format: &str, list: Value| {
        let words = list.as_array().expect("a list").iter().map(|one| one["severity"].clone());
        (format.to_owned(), words.collect::<Vec<_>>())
    };
    assert_eq!(
        words("gitlab", parsed("gitlab", &report)).1,
        [json!("info"), json!("minor"), json!("major"), json!("critical")]
    );
    assert_eq!(
        words("rdjson", parsed("rdjson", &report)["diagnostics"].clone()).1,
        [json!("INFO"), json!("INFO"), json!("WARNING"), json!("ERROR")]
    );
}

/// The parts of reviewdog's format that we write, closed: a misspelt field would be ignored there.
fn diagnostics() -> jsonschema::Validator {
    let location = json!({
        "type": "object",
        "required": ["path"],
        "additionalProperties": false,
        "properties": {
            "path": { "type": "string", "minLength": 1 },
            "range": {
                "type": "object",
                "required": ["start", "end"],
                "additionalProperties": false,
                "properties": { "start": { "$ref": "#/$defs/position" }, "end": { "$ref": "#/$defs/position" } }
            }
        }
    });
    let schema = json!({
        "type": "object",
        "required": ["source", "diagnostics"],
        "additionalProperties": false,
        "properties": {
            "source": { "type": "object", "required": ["name", "url"] },
            "diagnostics": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["message", "location", "severity", "code"],
                    "additionalProperties": false,
                    "properties": {
                        "message": { "type": "string", "minLength": 1 },
                        "location": location,
                        "severity": { "enum": ["ERROR", "WARNING", "INFO"] },
                        "code": { "type": "object", "required": ["value"] },
                        "relatedLocations": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["location"],
                                "additionalProperties": false,
                                "properties": { "message": { "type": "string" }, "location": location }
                            }
                        }
                    }
                }
            }
        },
        "$defs": {
            "position": {
                "type": "object",
                "required": ["line", "column"],
                "properties": {
                    "line": { "type": "integer", "minimum": 1 },
                    "column": { "type": "integer", "minimum": 1 }
                }
            }
        }
    });
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

#[test]
fn reviewdog_gets_each_finding() {
    let schema = diagnostics();
    for (name, report) in reports() {
        let result = parsed("rdjson", &report);
        assert!(schema.is_valid(&result), "{name}: {result}");
        let diagnostics = result["diagnostics"].as_array().expect("it is a list");
        assert_eq!(diagnostics.len(), report.errors.len() + report.findings.len(), "{name}");
    }
}

#[test]
fn reviewdog_counts_bytes() {
    let text = "\u{feff}a😀b: ö 'c'\r\nd😀e: x\n";
    for (needle, line, columns) in [("b:", 1, 9..11), ("'c'", 1, 15..18), ("e:", 2, 6..8)] {
        let start = text.find(needle).expect("it is there");
        let finding = bare(at("units.yaml", text, start..start + needle.len()));
        let result = parsed("rdjson", &report(vec![finding]));
        let range = &result["diagnostics"][0]["location"]["range"];
        assert_eq!(range["start"], json!({ "line": line, "column": columns.start }), "{needle}");
        assert_eq!(range["end"], json!({ "line": line, "column": columns.end }), "{needle}");
    }
    assert!(!PETS.is_empty());
}

/// `TEST_OASGUARD_REVIEWDOG` names the program, where it is installed.
#[test]
fn reviewdog_reads_it() {
    let Some(reviewdog) = std::env::var_os("TEST_OASGUARD_REVIEWDOG") else {
        println!("skipped: TEST_OASGUARD_REVIEWDOG names no program");
        return;
    };
    for (name, report) in reports() {
        for (format, theirs) in [("rdjson", "rdjson"), ("checkstyle", "checkstyle"), ("sarif", "sarif")] {
            let mut child = Command::new(&reviewdog)
                .args([&format!("-f={theirs}"), "-reporter=local", "-filter-mode=nofilter", "-diff=true"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("reviewdog starts");
            let mut stdin = child.stdin.take().expect("standard input is a pipe");
            let text = written(format, &report);
            let feed = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
            let output = child.wait_with_output().expect("reviewdog ends");
            feed.join().expect("the thread ends").expect("reviewdog reads");
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.stderr.is_empty(),
                "{format} of {name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let expected = report.findings.len() + if format == "sarif" { 0 } else { report.errors.len() };
            let is_said = if expected == 0 { said.is_empty() } else { !said.is_empty() };
            assert!(is_said, "{format} of {name}: {said}");
        }
    }
    assert!(!markup().findings.is_empty());
}
