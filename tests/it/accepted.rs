//! `--show-suppressed`: what is found and accepted is listed with who accepts it, and nothing else changes.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::cli::Folder;
use crate::revision::Repository;
use crate::support;

const DEMO: &str = include_str!("../../testdata/demo/shop.yaml");

/// The report of a run in one of the JSON formats, and its exit code.
fn run(folder: &Folder, format: &str, arguments: &[&str]) -> (Value, i32) {
    let mut all = vec!["lint", "--today", "2026-06-01", "--output-format", format];
    all.extend(arguments);
    let output = folder.run(&all);
    let report = serde_json::from_slice(&output.stdout).expect("a report is JSON");
    (report, output.status.code().expect("an exit code"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn without(mut value: Value, member: &str) -> Value {
    value.as_object_mut().expect("an object").remove(member);
    value
}

/// `path fingerprint` of each finding.
fn named<'a>(findings: impl Iterator<Item = &'a Value>) -> Vec<String> {
    findings.map(|finding| format!("{} {}", finding["location"]["path"], finding["fingerprint"])).collect()
}

/// A document with something for each who may accept it: a comment, the configuration, the baseline; and something that
/// nobody accepts.
fn shop(name: &str) -> Folder {
    let folder = Folder::new(&format!("accepted-{name}"));
    folder.write("shop.yaml", DEMO);
    let written =
        folder.run(&["baseline", "write", "--today", "2026-01-31", "--select", "resource-consumption"]);
    assert!(written.status.success(), "{written:?}");
    let refund = "    post:\n      operationId: refundOrder\n";
    assert!(DEMO.contains(refund), "the demo has the operation");
    let comment =
        "    # oasguard: ignore[unauthenticated-write] reason=\"the gateway asks\" until=2027-03-31\n";
    folder.write("shop.yaml", &DEMO.replace(refund, &format!("{comment}{refund}")));
    folder.write(
        "oasguard.yaml",
        "suppressions:\n  - { rules: [transport], reason: the printers are in the cellar }\n",
    );
    folder
}

#[test]
fn nothing_that_is_suppressed_is_listed_unless_asked_for() {
    let folder = shop("omitted");
    let (sarif, code) = run(&folder, "sarif", &["."]);
    let (shown, shown_code) = run(&folder, "sarif", &[".", "--show-suppressed"]);
    assert_eq!((code, shown_code), (1, 1));
    let results = list(&sarif["runs"][0]["results"]);
    assert!(results.iter().all(|result| result.get("suppressions").is_none()));
    let all = list(&shown["runs"][0]["results"]);
    let (reported, accepted) = all.split_at(results.len());
    assert!(!accepted.is_empty());
    assert!(accepted.iter().all(|result| !list(&result["suppressions"]).is_empty()));
    for (with, without_option) in reported.iter().zip(results) {
        assert_eq!(with["suppressions"], serde_json::json!([]), "SARIF §3.27.23: on all results or on none");
        assert_eq!(&without(with.clone(), "suppressions"), without_option);
    }
    let (json, _) = run(&folder, "json", &["."]);
    let (shown, _) = run(&folder, "json", &[".", "--show-suppressed"]);
    assert!(json.get("suppressed").is_none());
    assert_eq!(without(shown, "suppressed"), json, "all else stays the same, the counts as well");
}

#[test]
fn each_kind_of_acceptance_has_its_kind_reason_and_place() {
    let folder = shop("kinds");
    let (sarif, _) = run(&folder, "sarif", &[".", "--show-suppressed"]);
    let find = |rule: &str| {
        let id = format!("oasguard/{rule}");
        let all = list(&sarif["runs"][0]["results"]).iter();
        let found: Vec<_> = all.filter(|result| result["ruleId"] == *id).collect();
        assert_eq!(found.len(), 1, "{rule}: {found:#?}");
        list(&found[0]["suppressions"]).to_vec()
    };
    let of_comment = find("unauthenticated-write");
    assert_eq!(of_comment.len(), 1);
    assert_eq!(of_comment[0]["kind"], "inSource");
    assert_eq!(of_comment[0]["status"], "accepted");
    assert_eq!(of_comment[0]["justification"], "the gateway asks");
    assert_eq!(of_comment[0]["properties"]["until"], "2027-03-31");
    let place = &of_comment[0]["location"]["physicalLocation"];
    let line = place["region"]["startLine"].as_u64().expect("a line") as usize;
    let text = fs::read_to_string(folder.0.join("shop.yaml")).expect("a text");
    assert!(text.lines().nth(line - 1).is_some_and(|line| line.contains("# oasguard: ignore")), "{place}");
    let of_configuration = find("credentials-over-cleartext");
    assert_eq!(of_configuration.len(), 1);
    assert_eq!(of_configuration[0]["kind"], "external");
    assert_eq!(of_configuration[0]["justification"], "the printers are in the cellar");
    let baselined: Vec<_> = list(&sarif["runs"][0]["results"])
        .iter()
        .flat_map(|result| list(&result["suppressions"]))
        .filter(|suppression| suppression["properties"]["by"] == "baseline")
        .collect();
    assert!(!baselined.is_empty());
    for suppression in baselined {
        assert_eq!(suppression["kind"], "external");
        assert_eq!(suppression["properties"]["since"], "2026-01-31");
        assert!(suppression.get("justification").is_none(), "nobody gave a reason: {suppression}");
    }
}

/// Whatever would be reported is listed as it would be reported, if everything is accepted.
#[test]
fn what_is_accepted_is_what_would_be_reported() {
    for (name, file, accepted) in [
        ("configuration", "oasguard.yaml", "suppressions: [{ rules: [CATEGORIES], reason: x }]\n"),
        ("baseline", "", ""),
    ] {
        let folder = Folder::new(&format!("accepted-all-{name}"));
        folder.write("shop.yaml", DEMO);
        let (before, code) = run(&folder, "json", &["shop.yaml", "--profile", "auditor"]);
        assert_eq!(code, 1);
        if file.is_empty() {
            let written = folder.run(&["baseline", "write", "--today", "2026-01-31", "--profile", "auditor"]);
            assert!(written.status.success(), "{written:?}");
        } else {
            let categories: BTreeSet<&str> =
                list(&before["findings"]).iter().filter_map(|finding| finding["category"].as_str()).collect();
            let categories: Vec<&str> = categories.into_iter().collect();
            folder.write(file, &accepted.replace("CATEGORIES", &categories.join(", ")));
        }
        let (after, code) = run(&folder, "json", &["shop.yaml", "--profile", "auditor", "--show-suppressed"]);
        assert_eq!((code, list(&after["findings"]).len()), (0, 0), "{name}");
        let listed: Vec<&Value> = list(&after["suppressed"]).iter().map(|one| &one["finding"]).collect();
        assert_eq!(listed, list(&before["findings"]).iter().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn real_documents_are_listed_as_they_would_be_reported() {
    let Some(documents) = support::directory() else { return };
    let folder = Folder::new("accepted-directory");
    for (number, document) in documents.iter().step_by(25).enumerate() {
        let text = fs::read_to_string(document).expect("a document is text");
        folder.write(&format!("{number}.json"), &text);
    }
    let (before, _) = run(&folder, "json", &[".", "--profile", "auditor"]);
    let categories = "authentication, authorization, data-exposure, document, input-validation, inventory, \
        resource-consumption, transport";
    folder.write("oasguard.yaml", &format!("suppressions: [{{ rules: [{categories}], reason: x }}]\n"));
    let (after, code) = run(&folder, "json", &[".", "--profile", "auditor", "--show-suppressed"]);
    assert_eq!(list(&after["findings"]).len(), 0, "exit code {code}");
    let listed: Vec<&Value> = list(&after["suppressed"]).iter().map(|one| &one["finding"]).collect();
    assert!(listed.len() > 300, "{}", listed.len());
    assert!(listed.iter().copied().eq(list(&before["findings"])), "they differ");
}

#[test]
fn a_part_of_a_finding_is_listed_as_that_part() {
    let folder = Folder::new("accepted-part");
    folder.write("shop.yaml", DEMO);
    let (before, _) = run(&folder, "json", &["shop.yaml", "--profile", "auditor"]);
    let groups =
        list(&before["findings"]).iter().filter(|finding| finding["occurrences"]["count"].as_u64() > Some(1));
    let mut parts = 0;
    for group in groups {
        let count = group["occurrences"]["count"].as_u64().expect("a count");
        let first = &group["occurrences"]["items"][1]["location"]["pointer"];
        let rule = group["rule"].as_str().expect("a rule");
        let entry =
            format!("suppressions: [{{ rules: [{rule}], pointers: [{first}], reason: one of many }}]\n");
        folder.write("oasguard.yaml", &entry);
        let (after, _) = run(&folder, "json", &["shop.yaml", "--profile", "auditor", "--show-suppressed"]);
        let of_rule = |finding: &&Value| finding["rule"] == group["rule"];
        let left = list(&after["findings"]).iter().filter(of_rule);
        let accepted: Vec<&Value> =
            list(&after["suppressed"]).iter().map(|one| &one["finding"]).filter(of_rule).collect();
        assert!(!accepted.is_empty(), "{rule}");
        let size = |finding: &Value| finding["occurrences"]["count"].as_u64().expect("a count").max(1);
        let sum: u64 = left.clone().chain(accepted.iter().copied()).map(size).sum();
        assert!(sum >= count, "{rule}: {sum} of {count}");
        let names = named(left.chain(accepted.iter().copied()));
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{rule}: a fingerprint is of one result");
        parts += 1;
    }
    assert!(parts >= 2, "the demo has groups");
}

/// A fragment of two documents of which one accepts what the other reports.
#[test]
fn what_another_document_reports_is_not_listed_as_accepted() {
    let folder = Folder::new("accepted-shared");
    let root = |name: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: {name}, version: 1.0.0}}\nservers: [{{url: 'https://{name}.io/v1'}}]\n\
             paths:\n  /carts:\n    $ref: carts.yaml\n"
        )
    };
    folder.write("a.yaml", &root("a"));
    folder.write("b.yaml", &root("b"));
    folder.write("carts.yaml", "post: { responses: { '201': { description: ok } } }\n");
    let lint = |files: &str| {
        let rule = "no-security-schemes, authentication, resource-consumption, inventory";
        let entry = format!("suppressions: [{{ rules: [{rule}], files: [{files}], reason: old }}]\n");
        folder.write("oasguard.yaml", &entry.replace("no-security-schemes, ", ""));
        let (report, _) = run(&folder, "json", &["a.yaml", "b.yaml", "--show-suppressed"]);
        let reported: BTreeSet<String> = named(list(&report["findings"]).iter()).into_iter().collect();
        let accepted: Vec<String> = named(list(&report["suppressed"]).iter().map(|one| &one["finding"]));
        assert!(accepted.iter().all(|name| !reported.contains(name)), "{files}");
        let distinct: BTreeSet<&String> = accepted.iter().collect();
        assert_eq!(distinct.len(), accepted.len(), "{files}: each is listed once");
        accepted.len()
    };
    assert!(lint("a.yaml") > 0);
    assert!(lint("'*.yaml'") > lint("a.yaml"));
}

#[test]
fn what_was_there_at_a_revision_is_not_accepted() {
    let repository = Repository::new("accepted-revision");
    repository.write("shop.yaml", DEMO);
    repository.commit();
    let folder = std::mem::ManuallyDrop::new(Folder(repository.folder.clone()));
    let (report, code) = run(&folder, "json", &[".", "--diff-base", "HEAD", "--show-suppressed"]);
    assert_eq!(code, 0);
    assert!(report["summary"]["baselined"].as_u64() > Some(0));
    assert_eq!(list(&report["suppressed"]).len(), 0);
}

#[test]
fn lines_and_the_whole_say_the_same() {
    let folder = shop("lines");
    let (whole, _) = run(&folder, "json", &[".", "--show-suppressed"]);
    let output =
        folder.run(&["lint", "--today", "2026-06-01", "--output-format", "json-lines", "--show-suppressed"]);
    let lines = String::from_utf8(output.stdout).expect("a report is text");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let listed: Vec<Value> =
        lines.filter(|line| line["type"] == "suppressed").map(|line| without(line, "type")).collect();
    assert!(!listed.is_empty());
    assert_eq!(listed, list(&whole["suppressed"]));
}

/// The README's document, byte for byte the same in every run; here without the rules, which have tests of their own.
#[test]
fn the_demo_in_sarif() {
    let folder = shop("snapshot");
    let lint = |threads: &str| {
        let today = ["lint", "--today", "2026-06-01", "--output-format", "sarif", "--show-suppressed"];
        folder.run(&[&today[..], &["--threads", threads]].concat()).stdout
    };
    let written = lint("1");
    assert!((2..5).all(|threads: usize| lint(&threads.to_string()) == written));
    let mut log: Value = serde_json::from_slice(&written).expect("SARIF is JSON");
    log["runs"][0]["tool"]["driver"]["rules"] = "…".into();
    let text = serde_json::to_string_pretty(&log).expect("it was JSON");
    insta::assert_snapshot!("demo_sarif", text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}
