//! SARIF, as GitHub's code scanning takes it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use oasguard::engine::LineHashes;
use oasguard::lint::{Acceptance, Severity, Spelling};
use oasguard::report::{SARIF_RESULTS, Setting, sarif, sarif_left_out, visible};
use oasguard::rules;
use oasguard::source::line_hashes;
use serde_json::Value;

use super::{incomplete, many, reports, written};
use crate::report::PETS;
use crate::support;

/// SARIF without the pages of rules, which would make the snapshot a copy of them.
pub(super) fn without_pages(text: &str) -> String {
    let mut log = parsed(text);
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules are a list") {
        rule["help"] = "…".into();
        rule["fullDescription"] = "…".into();
    }
    serde_json::to_string_pretty(&log).expect("it was JSON")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("SARIF is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text"))
}

/// What GitHub demands of a report, and what its limits are.
fn check(name: &str, log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(list(&log["runs"]).len(), 1, "{name}: one run has one category");
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "oasguard/");
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = list(&run["tool"]["driver"]["rules"]);
    for rule in rules {
        for field in ["shortDescription", "fullDescription", "help"] {
            let text = text(&rule[field]["text"]);
            assert!(!text.trim().is_empty(), "{name}: {rule}");
            assert!(field == "help" || text.chars().count() <= 1024, "{name}: {rule}");
        }
        assert!(text(&rule["help"]["markdown"]).contains("## How to fix"), "{name}: {rule}");
        assert!(text(&rule["helpUri"]).starts_with("https://"));
        let properties = &rule["properties"];
        let severity: f64 = text(&properties["security-severity"]).parse().expect("it is a number");
        assert!((0.1..10.0).contains(&severity));
        let tags: Vec<&str> = list(&properties["tags"]).iter().map(text).collect();
        assert!(tags[0] == "security" && tags.len() <= 10, "{tags:?}");
        assert!(["high", "medium", "low"].contains(&text(&properties["precision"])));
    }
    let results = list(&run["results"]);
    assert!(results.len() <= SARIF_RESULTS);
    for result in results {
        assert!(!text(&result["message"]["text"]).trim().is_empty());
        if let Some(index) = result.get("ruleIndex") {
            assert_eq!(rules[index.as_u64().expect("a number") as usize]["id"], result["ruleId"]);
        }
        let mut places = vec![&result["locations"][0]];
        places.extend(list(&result["relatedLocations"]));
        let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        places.extend(list(flow).iter().map(|step| &step["location"]));
        for place in places {
            let region = &place["physicalLocation"]["region"];
            for field in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(region[field].as_u64().is_some_and(|number| number > 0), "{name}: {place}");
            }
            uri(place);
        }
        assert!(!text(&result["partialFingerprints"]["oasguard/v1"]).is_empty());
    }
    for notification in list(&run["invocations"][0]["toolExecutionNotifications"]) {
        assert!(!text(&notification["message"]["text"]).is_empty());
        list(&notification["locations"]).iter().for_each(uri);
    }
}

/// Whether a place has a URI that is one, relative to the root or absolute.
fn uri(place: &Value) {
    let artifact = &place["physicalLocation"]["artifactLocation"];
    let uri = text(&artifact["uri"]);
    let is_encoded = |c: char| c.is_ascii_alphanumeric() || "-._~/%:".contains(c);
    assert!(!uri.is_empty() && uri.chars().all(is_encoded), "{uri}");
    match artifact.get("uriBaseId") {
        Some(base) => {
            assert!(base == "%SRCROOT%" && !uri.starts_with(['/', '.']) && !uri.contains(':'), "{uri}")
        }
        None => assert!(uri.starts_with("file:///"), "{uri}"),
    }
}

#[test]
fn github_takes_it() {
    for (name, report) in reports() {
        let log = parsed(&written("sarif", &report));
        check(name, &log);
        let run = &log["runs"][0];
        let accepted = report.suppressed.as_ref().map_or(0, Vec::len);
        assert_eq!(list(&run["results"]).len(), report.findings.len() + accepted, "{name}");
        let ran: BTreeSet<String> =
            report.statistics.rules.keys().map(|id| format!("oasguard/{id}")).collect();
        let described: BTreeSet<String> =
            list(&run["tool"]["driver"]["rules"]).iter().map(|rule| text(&rule["id"]).to_owned()).collect();
        assert_eq!(described, ran, "{name}");
        let invocation = &run["invocations"][0];
        let problems = report.errors.len() + incomplete(&report);
        assert_eq!(list(&invocation["toolExecutionNotifications"]).len(), problems, "{name}");
        let is_complete = problems == 0 && report.summary.failed == 0;
        assert_eq!(invocation["executionSuccessful"], is_complete, "{name}");
    }
}

/// SARIF §3.27.23 and §3.35: what is accepted says by whom, and whatever else is there says that nobody does.
#[test]
fn what_is_accepted_says_by_whom() {
    for (name, report) in reports() {
        let log = parsed(&written("sarif", &report));
        let results = list(&log["runs"][0]["results"]);
        let Some(suppressed) = &report.suppressed else {
            let has = |result: &&Value| result.get("suppressions").is_some();
            assert_eq!(results.iter().find(has), None, "{name}: it was not asked for");
            continue;
        };
        let (reported, accepted) = results.split_at(report.findings.len());
        assert!(reported.iter().all(|result| result["suppressions"] == serde_json::json!([])), "{name}");
        let mut expected: Vec<_> = suppressed.iter().collect();
        expected.sort_by_key(|one| std::cmp::Reverse(one.finding.severity));
        assert_eq!(accepted.len(), expected.len(), "{name}");
        for (result, expected) in accepted.iter().zip(expected) {
            assert_eq!(result["partialFingerprints"]["oasguard/v1"], expected.finding.fingerprint);
            let suppressions = list(&result["suppressions"]);
            assert_eq!(suppressions.len(), expected.by.len());
            for (suppression, by) in suppressions.iter().zip(&expected.by) {
                assert_eq!(suppression["status"], "accepted");
                let (kind, justification) = match by {
                    Acceptance::Baseline(_) => ("external", None),
                    Acceptance::Directive(directive) if directive.spelling == Spelling::Configuration => {
                        ("external", directive.reason.as_deref())
                    }
                    Acceptance::Directive(directive) => ("inSource", directive.reason.as_deref()),
                };
                assert_eq!(suppression["kind"], kind);
                let said = suppression["justification"].as_str();
                assert_eq!(said.map(str::to_owned), justification.map(|text| visible(text).into_owned()));
                let has_place = matches!(by, Acceptance::Directive(_));
                assert_eq!(suppression.get("location").is_some(), has_place, "{suppression}");
            }
        }
    }
}

#[test]
fn no_link_of_a_document_is_a_link() {
    let report = super::markup();
    let log = parsed(&written("sarif", &report));
    for result in list(&log["runs"][0]["results"]) {
        assert!(!text(&result["message"]["text"]).contains("k](h"), "{result}");
    }
}

#[test]
fn what_github_would_not_show_is_left_out_and_said() {
    let report = many(SARIF_RESULTS + 1_000);
    let log = parsed(&written("sarif", &report));
    check("too many", &log);
    let run = &log["runs"][0];
    let results = list(&run["results"]);
    assert_eq!(results.len(), SARIF_RESULTS);
    let severities: Vec<&str> =
        results.iter().map(|result| text(&result["properties"]["severity"])).collect();
    let count = |severity| severities.iter().filter(|found| **found == severity).count();
    assert_eq!([count("high"), count("medium"), count("low"), count("info")], [1500, 1500, 1500, 500]);
    assert_eq!(severities[0], "high", "the most severe come first");
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    let said = text(&notification["message"]["text"]);
    assert!(said.starts_with("1,000 findings left out"), "{said}");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn what_is_reported_goes_before_what_is_accepted() {
    let mut report = many(SARIF_RESULTS - 1);
    report.findings.iter_mut().for_each(|finding| finding.severity = Severity::Info);
    let mut accepted = super::accepted();
    accepted.suppressed.iter_mut().flatten().for_each(|one| one.finding.severity = Severity::High);
    report.suppressed = accepted.suppressed;
    let left_out = report.suppressed.as_ref().map_or(0, Vec::len) - 1;
    assert_eq!(sarif_left_out(&report), left_out);
    let log = parsed(&written("sarif", &report));
    let run = &log["runs"][0];
    let results = list(&run["results"]);
    assert_eq!(results.len(), SARIF_RESULTS);
    let accepted = results.iter().filter(|result| !list(&result["suppressions"]).is_empty());
    assert_eq!(accepted.count(), 1);
    let said = text(&run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]);
    assert!(said.starts_with(&format!("{left_out} findings left out")), "{said}");
}

#[test]
fn each_severity_has_its_level() {
    let mut report = many(4);
    report
        .findings
        .iter_mut()
        .zip(Severity::ALL)
        .for_each(|(finding, severity)| finding.severity = *severity);
    let log = parsed(&written("sarif", &report));
    let levels: Vec<&str> =
        list(&log["runs"][0]["results"]).iter().map(|result| text(&result["level"])).collect();
    assert_eq!(levels, ["error", "warning", "note", "note"]);
}

/// A document whose places differ in every unit: a byte order mark, CRLF, characters of one to four bytes.
const UNITS: &str = "\u{feff}openapi: 3.0.3\r\ninfo: { title: '😀ö', version: '1' }\r\nservers: [{ description: '😀é', url: 'http://api.acme-news.com' }]\r\npaths:\r\n  /a😀:\r\n    post: { summary: '👩\u{200d}🔧', responses: { '200': { description: x } } }\r\n";

#[test]
fn columns_are_those_of_the_consumer_and_lines_have_their_hash() {
    let mut session = support::session(&[("units.yaml", UNITS)]);
    let inputs = support::named(&[session.working_directory.join("units.yaml")]);
    let plain = session.lint(&inputs);
    session.line_hashes = LineHashes::Compute;
    let report = session.lint(&inputs);
    assert!(report.findings.len() >= 3, "{report:?}");
    assert!(
        plain.findings.iter().all(|finding| finding.location.line_hash.is_none()),
        "it was not asked for"
    );
    let rules = rules::all();
    let folder = session.working_directory.as_path();
    let setting = Setting { root: folder, working_directory: folder, rules: &rules };
    let mut out = Vec::new();
    sarif(&report, &setting, &mut out).expect("memory does not fail");
    let log: Value = serde_json::from_slice(&out).expect("SARIF is JSON");
    check("units", &log);
    let lines: Vec<&str> = UNITS.trim_start_matches('\u{feff}').split("\r\n").collect();
    let hashes = line_hashes(UNITS);
    let mut severest_first: Vec<_> = report.findings.iter().collect();
    severest_first.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut beyond_ascii = 0;
    for (result, finding) in list(&log["runs"][0]["results"]).iter().zip(severest_first) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let number = |field: &str| region[field].as_u64().expect("a number") as usize;
        let line = lines[number("startLine") - 1];
        let units: Vec<u16> = line.encode_utf16().collect();
        let range = number("startColumn") - 1..number("endColumn") - 1;
        let cut = String::from_utf16(&units[range.clone()]).expect("whole characters");
        let bytes = finding.location.bytes.start as usize..finding.location.bytes.end as usize;
        assert_eq!(cut, UNITS[bytes], "{result}");
        beyond_ascii += usize::from(!String::from_utf16_lossy(&units[..range.start]).is_ascii());
        let hash = text(&result["partialFingerprints"]["primaryLocationLineHash"]);
        assert_eq!(hash, hashes[number("startLine") - 1].to_string());
    }
    assert!(beyond_ascii > 0, "a finding stands behind characters of several bytes");
    assert!(!PETS.is_empty());
}

/// The logs to check with programs from elsewhere, in a folder of their own.
fn logs(folder: &Path) -> Vec<std::path::PathBuf> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("the target folder is writable");
    let write = |(name, report): (&str, oasguard::lint::Report)| {
        let path = folder.join(format!("{name}.sarif"));
        std::fs::write(&path, written("sarif", &report)).expect("the target folder is writable");
        path
    };
    reports().into_iter().map(write).collect()
}

/// `TEST_OASGUARD_SARIF_SCHEMA` names the JSON Schema of SARIF 2.1.0, which `.ci/run` fetches.
#[test]
fn it_is_valid_against_the_official_schema() {
    let Some(schema) = std::env::var_os("TEST_OASGUARD_SARIF_SCHEMA") else {
        println!("skipped: TEST_OASGUARD_SARIF_SCHEMA names no file");
        return;
    };
    // The pattern of languages has a bracket that nothing opens, which not every reader of patterns accepts.
    let schema = std::fs::read_to_string(schema).expect("the schema is there").replace("{2}]?$", "{2}$");
    let schema = jsonschema::draft4::new(&parsed(&schema)).expect("the schema is a schema");
    for (name, report) in reports() {
        let log = parsed(&written("sarif", &report));
        let fault =
            schema.iter_errors(&log).next().map(|error| format!("{}: {error}", error.instance_path()));
        assert_eq!(fault, None, "{name}");
    }
    let mut broken = parsed(&written("sarif", &crate::report::rich()));
    broken["runs"][0]["results"][0]["level"] = "high".into();
    assert!(!schema.is_valid(&broken), "it is the schema of SARIF");
}

/// `TEST_OASGUARD_SARIF_MULTITOOL` names the program of the npm package `@microsoft/sarif-multitool`, which `.ci/run` fetches. Its
/// rules include those that GitHub's code scanning states.
#[test]
fn the_multitool_has_no_complaint() {
    let Some(multitool) = std::env::var_os("TEST_OASGUARD_SARIF_MULTITOOL") else {
        println!("skipped: TEST_OASGUARD_SARIF_MULTITOOL names no program");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    let complaints = |log: &Path| {
        let output = log.with_extension("verdict");
        let status = Command::new(&multitool)
            .arg("validate")
            .arg(log)
            .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite"])
            .arg("--output")
            .arg(&output)
            .output()
            .expect("the multitool starts");
        assert!(status.status.success(), "{status:?}");
        let verdict = std::fs::read_to_string(&output).expect("the multitool writes");
        let verdict = parsed(verdict.trim_start_matches('\u{feff}'));
        list(&verdict["runs"][0]["results"])
            .iter()
            .map(|result| format!("{} {}", result["ruleId"], result["message"]))
            .collect::<Vec<_>>()
    };
    for log in logs(&folder) {
        assert_eq!(complaints(&log), Vec::<String>::new(), "{}", log.display());
    }
    let broken = folder.join("broken.sarif");
    let mut log = parsed(&written("sarif", &crate::report::rich()));
    log["runs"][0]["results"][0]["locations"] = Value::Array(Vec::new());
    std::fs::write(&broken, log.to_string()).expect("the target folder is writable");
    assert!(complaints(&broken).iter().any(|complaint| complaint.contains("GH1")), "GitHub's rules are on");
}
