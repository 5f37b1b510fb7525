//! `--affected`: changed files are linted through the documents that they are part of.

use std::collections::BTreeSet;
use std::process::Output;

use serde_json::Value;

use crate::cli::{CLEAN, CLEARTEXT, Folder, command, json, last_line, statuses, text};
use crate::revision::Repository;

/// A document whose paths and schemas stand in files of their own.
const SHOP: &str = "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\nservers: [{url: 'https://shop.io/v1'}]\n\
    security: [{token: []}]\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}\n\
    paths:\n  /orders: {$ref: parts/orders.yaml}\n";
const ORDERS: &str = "get:\n  parameters: [{$ref: 'parameters.yaml#/page'}]\n  responses: {'200': {description: ok}, \
    '429': {description: slow down, headers: {Retry-After: {schema: {type: integer}}}}}\n";
/// A part of a part, with a finding.
const PARAMETERS: &str = "page: {name: access_token, in: query, schema: {type: string, maxLength: 9}}\n";
const COMPOSE: &str = "services:\n  web: {image: nginx}\n";

fn project(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("api/shop.yaml", SHOP);
    folder.write("api/parts/orders.yaml", ORDERS);
    folder.write("api/parts/parameters.yaml", PARAMETERS);
    folder.write("notes.yaml", CLEAN);
    folder.write("docker-compose.yml", COMPOSE);
    folder
}

fn affected(folder: &Folder, arguments: &[&str]) -> (i32, Value, Output) {
    let output = folder.run(&[&["lint", "--affected", "--output-format", "json"], arguments].concat());
    (output.status.code().expect("an exit code"), json(&output), output)
}

/// "rule path" of each finding.
fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    findings.map(|one| format!("{} {}", word(&one["rule"]), word(&one["location"]["path"]))).collect()
}

fn linted(report: &Value) -> Vec<String> {
    statuses(report).into_iter().filter(|(_, status)| status == "linted").map(|(path, _)| path).collect()
}

#[test]
fn a_fragment_is_linted_through_every_document_that_reaches_it() {
    let folder = project("fragment");
    let bad = ["credential-in-url-parameter api/parts/parameters.yaml"];
    for part in ["api/parts/orders.yaml", "api/parts/parameters.yaml", "./api/../api/parts/orders.yaml"] {
        let (code, report, _) = affected(&folder, &[part]);
        assert_eq!((code, linted(&report)), (1, vec!["api/shop.yaml".to_owned()]), "{part}");
        assert_eq!(found(&report), bad, "{part}");
    }
    folder.write("other/admin.yaml", &SHOP.replace("parts/", "../api/parts/"));
    let (_, report, _) = affected(&folder, &["api/parts/parameters.yaml"]);
    assert_eq!(linted(&report), ["api/shop.yaml", "other/admin.yaml"]);
    let all = json(&folder.run(&["lint", "--output-format", "json", "."]));
    assert_eq!(found(&report), found(&all));
    // A document is a part of another one as well.
    folder.write("bundle.yaml", &SHOP.replace("parts/orders.yaml", "'api/shop.yaml#/paths/~1orders'"));
    let (_, report, _) = affected(&folder, &["api/shop.yaml"]);
    assert_eq!(linted(&report), ["api/shop.yaml", "bundle.yaml"]);
}

#[test]
fn from_a_folder_below_the_documents_of_the_whole_root_are_looked_at() {
    let folder = project("below");
    let arguments = ["lint", "--affected", "--output-format", "json", "parameters.yaml"];
    let run = |more: &[&str]| {
        let arguments = [&arguments[..], more].concat();
        json(&command(&folder.0.join("api/parts"), &arguments).output().expect("the program starts"))
    };
    assert_eq!(linted(&run(&[])), ["../shop.yaml"]);
    assert_eq!(found(&run(&[])), ["credential-in-url-parameter parameters.yaml"]);
    assert_eq!(linted(&run(&["--root", "."])), [""; 0], "the document is not in the root");
}

#[test]
fn other_files_are_passed_over_and_never_an_error() {
    let folder = project("others");
    folder.write(".github/workflows/ci.yml", "on: push\njobs: {}\n");
    folder.write("chart/values.yaml", "{{ if .Values.openapi }}\n: [\n{{ end }}\n");
    folder.write("broken.json", "{\"a\": ");
    std::fs::write(folder.0.join("latin.yaml"), b"name: caf\xe9\n").expect("the folder is writable");
    let others = [
        "docker-compose.yml",
        ".github/workflows/ci.yml",
        "chart/values.yaml",
        "broken.json",
        "latin.yaml",
        "gone.yaml",
        "gone[1].yaml",
        "gone/gone.json",
    ];
    let (code, report, output) = affected(&folder, &others);
    assert_eq!(code, 0, "{}", text(&output.stderr));
    assert_eq!((linted(&report), found(&report)), (vec![], vec![]));
    assert_eq!(text(&output.stderr), "0 documents linted, 5 skipped, 0 failed\n");
    let full = folder.run(&[&["lint", "--affected"], &others[..]].concat());
    assert_eq!(full.status.code(), Some(0));
    assert!(!text(&full.stderr).contains("error"), "{}", text(&full.stderr));
}

#[test]
fn documents_among_the_changed_files_are_linted_once() {
    let folder = project("documents");
    folder.write("notes.json", CLEARTEXT);
    let (code, report, _) = affected(&folder, &["notes.json", "docker-compose.yml"]);
    assert_eq!((code, linted(&report)), (1, vec!["notes.json".to_owned()]));
    let all = [
        "api/parts/orders.yaml",
        "api/parts/parameters.yaml",
        "api/shop.yaml",
        "./api/shop.yaml",
        "notes.json",
        "notes.json",
        "notes.yaml",
        "docker-compose.yml",
    ];
    let (_, report, output) = affected(&folder, &all);
    assert_eq!(linted(&report), ["api/shop.yaml", "notes.json", "notes.yaml"]);
    assert_eq!(found(&report).len(), 2, "{:?}", found(&report));
    assert_eq!(last_line(&output), "3 documents linted, 1 skipped, 0 failed");
    let (_, report, _) = affected(&folder, &["api"]);
    assert_eq!(linted(&report), ["api/shop.yaml"], "a folder stands for its files");
}

#[test]
fn a_list_of_changed_files_may_be_empty_but_must_be_given() {
    let folder = project("list");
    let feed = |list: &str| {
        folder.feed(&["lint", "--affected", "--files-from", "-", "--output-format", "concise"], list)
    };
    let output = feed("api/parts/parameters.yaml\0gone.yaml\0docker-compose.yml\0");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("api/parts/parameters.yaml:1:14: "), "{}", text(&output.stdout));
    let output = feed("");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()));
    let output = folder.run(&["lint", "--affected"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`--affected` needs the changed files"));
    let output = folder.run(&["lint", "--affected", "--files-from", "no-such-list"]);
    assert_eq!(output.status.code(), Some(2), "a list that cannot be read is an error");
}

#[test]
fn a_part_that_is_gone_concerns_whoever_refers_to_it() {
    let folder = project("gone");
    std::fs::remove_file(folder.0.join("api/parts/parameters.yaml")).expect("it is there");
    let (code, report, _) = affected(&folder, &["api/parts/parameters.yaml"]);
    assert_eq!((code, linted(&report)), (2, vec!["api/shop.yaml".to_owned()]));
    assert_eq!(found(&report), ["unresolved-ref api/parts/orders.yaml"]);
}

#[test]
fn a_broken_document_is_an_error_if_it_may_have_a_changed_part() {
    let folder = project("broken");
    let run = |changed: &str| affected(&folder, &[changed]).0;
    folder.write("draft.yaml", "openapi: 3.0.3\npaths:\n  /a: {$ref: 'api/parts/orders.yaml'}\n  : [\n");
    assert_eq!(run("docker-compose.yml"), 0);
    assert_eq!(run("notes.yaml"), 0);
    assert_eq!(run("draft.yaml"), 2, "it is changed itself");
    assert_eq!(run("api/parts/orders.yaml"), 2);
    assert_eq!(run("api/parts/parameters.yaml"), 2, "through a file that it names");
    // A broken part between the document and the change.
    folder.write("draft.yaml", CLEAN);
    folder.write("api/parts/orders.yaml", "get:\n  parameters: [{$ref: 'parameters.yaml#/page'}\n");
    assert_eq!(run("docker-compose.yml"), 0);
    assert_eq!(run("notes.yaml"), 0);
    let (code, report, _) = affected(&folder, &["api/parts/parameters.yaml"]);
    assert_eq!(code, 2);
    assert_eq!(report["errors"][0]["path"], "api/parts/orders.yaml");
}

#[test]
fn what_is_left_out_of_a_search_is_left_out_here() {
    let folder = project("left-out");
    folder.write("api/test/bad.json", CLEARTEXT);
    folder.write("build/shop.yaml", &SHOP.replace("parts/", "../api/parts/"));
    folder.write(".gitignore", "build\n");
    let (_, report, _) = affected(&folder, &["api/parts/orders.yaml", "api/test/bad.json"]);
    assert_eq!(linted(&report), ["api/shop.yaml", "api/test/bad.json"], "nothing ignored is looked for");
    folder.write("oasguard.yaml", "exclude: ['api/test', parts]\n");
    let (code, report, _) = affected(&folder, &["api/parts/orders.yaml", "api/test/bad.json"]);
    assert_eq!((code, linted(&report)), (1, vec!["api/shop.yaml".to_owned()]), "parts are no inputs anyway");
    folder.write("oasguard.yaml", "exclude: ['api']\n");
    assert_eq!(linted(&affected(&folder, &["api/parts/orders.yaml", "api/shop.yaml"]).1), [""; 0]);
    folder.write("oasguard.yaml", "documents: [notes.yaml]\n");
    assert_eq!(linted(&affected(&folder, &["api/parts/orders.yaml", "notes.yaml"]).1), ["notes.yaml"]);
}

#[test]
fn changed_settings_concern_the_documents_below() {
    let folder = project("settings");
    folder.write("api/oasguard.yaml", "ignore: [credential-in-url-parameter]\n");
    let (code, report, _) = affected(&folder, &["api/oasguard.yaml"]);
    assert_eq!((code, linted(&report)), (0, vec!["api/shop.yaml".to_owned()]));
    // They are none of the files that are no documents.
    assert_eq!(report["summary"]["documents"]["skipped"], 0, "{report}");
    folder.write("oasguard-baseline.yaml", "version: 1\nentries: []\n");
    let (_, report, _) = affected(&folder, &["oasguard-baseline.yaml", "--no-baseline"]);
    assert_eq!(linted(&report), ["api/shop.yaml", "notes.yaml"]);
    folder.write("oasguard.yaml", "profle: auditor\n");
    let (code, report, _) = affected(&folder, &["oasguard.yaml"]);
    assert_eq!((code, &report["errors"][0]["path"]), (2, &Value::from("oasguard.yaml")));
}

#[test]
fn changed_files_that_settings_name_concern_the_documents_of_those_settings() {
    let folder = project("named-settings");
    folder.write("shared/base.yaml", "extends: [more.yaml]\n");
    folder.write("shared/more.yaml", "ignore: [credential-in-url-parameter]\n");
    folder.write("api/oasguard.yaml", "extends: [../shared/base.yaml]\n");
    for changed in ["shared/base.yaml", "shared/more.yaml"] {
        let (code, report, _) = affected(&folder, &[changed]);
        assert_eq!((code, linted(&report)), (0, vec!["api/shop.yaml".to_owned()]), "{changed}: {report}");
    }
    std::fs::remove_file(folder.0.join("shared/more.yaml")).expect("it is there");
    let (code, report, _) = affected(&folder, &["shared/more.yaml"]);
    assert_eq!((code, &report["errors"][0]["path"]), (2, &Value::from("shared/base.yaml")), "{report}");

    folder.write("accepted.yaml", "version: 1\nentries: []\n");
    let arguments = ["accepted.yaml", "--baseline", "accepted.yaml", "--isolated"];
    assert_eq!(linted(&affected(&folder, &arguments).1), ["api/shop.yaml", "notes.yaml"]);
    folder.write("strict.yaml", "profile: auditor\n");
    let arguments = ["strict.yaml", "--config", "strict.yaml"];
    assert_eq!(linted(&affected(&folder, &arguments).1), ["api/shop.yaml", "notes.yaml"]);
}

#[test]
fn an_unsaved_part_is_linted_through_its_documents() {
    let folder = project("unsaved");
    let feed = |name: &str, input: &str| {
        let arguments = ["lint", "--affected", "-", "--stdin-filename", name, "--output-format", "json"];
        let output = folder.feed(&arguments, input);
        (output.status.code(), json(&output))
    };
    let (code, report) = feed("api/parts/parameters.yaml", &PARAMETERS.replace("access_token", "page"));
    assert_eq!((code, linted(&report)), (Some(0), vec!["api/shop.yaml".to_owned()]), "{report}");
    let (code, report) = feed("api/parts/parameters.yaml", &format!("# größe 😀\n{PARAMETERS}"));
    assert_eq!((code, found(&report).len()), (Some(1), 1));
    let location = &report["findings"][0]["location"];
    assert_eq!((&location["path"], &location["line"]), (&"api/parts/parameters.yaml".into(), &2.into()));
    // The text has errors, which the saved file has not.
    let (code, report) = feed("api/parts/parameters.yaml", "page: [\n");
    assert_eq!((code, &report["errors"][0]["path"]), (Some(2), &"api/parts/parameters.yaml".into()));
    // A part that is not saved yet, and a document that refers to it already.
    folder.write("api/shop.yaml", &SHOP.replace("parts/orders", "parts/new"));
    let (code, report) = feed("api/parts/new.yaml", ORDERS);
    assert_eq!((code, linted(&report)), (Some(1), vec!["api/shop.yaml".to_owned()]), "{report}");
    for (name, input) in [("docker-compose.yml", COMPOSE), ("values.yaml", "{{ x }}\n- ["), ("new.yaml", "")]
    {
        let (code, report) = feed(name, input);
        assert_eq!(
            (code, found(&report), &report["errors"]),
            (Some(0), vec![], &serde_json::json!([])),
            "{name}"
        );
    }
    let (code, report) = feed("brand-new.json", CLEARTEXT);
    assert_eq!(
        (code, found(&report)),
        (Some(1), vec!["credentials-over-cleartext brand-new.json".to_owned()])
    );
}

#[test]
fn a_file_does_not_become_an_option_by_its_name() {
    let folder = project("options");
    folder.write("--config=evil.yaml", "ignore: [credential-in-url-parameter]\n");
    folder.write("evil.yaml", "ignore: [credential-in-url-parameter]\n");
    folder.write("-x.json", CLEARTEXT);
    for name in ["--config=evil.yaml", "-x.json"] {
        let output = folder.run(&["lint", "--affected", "api/parts/orders.yaml", name]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{name}");
        assert!(text(&output.stderr).contains(&format!("`{name}` is an option and the name of a file")));
    }
    let (code, report, _) =
        affected(&folder, &["--", "api/parts/orders.yaml", "--config=evil.yaml", "-x.json"]);
    assert_eq!(code, 1);
    assert_eq!(linted(&report), ["-x.json", "api/shop.yaml"]);
    assert_eq!(found(&report).len(), 2);
}

#[test]
fn a_suppression_that_another_document_needs_is_not_called_unused() {
    let folder = Folder::new("needed");
    let part = "# oasguard: ignore[unauthenticated-write] reason=a form for everybody\npost:\n  responses: \
        {'200': {description: ok}, '429': {description: x, headers: {Retry-After: {schema: {type: integer}}}}}\n";
    let root = |security: &str, more: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: Forms, version: 1.0.0}}\nservers: [{{url: 'https://forms.io/v1'}}]\n\
             {security}components: {{securitySchemes: {{token: {{type: http, scheme: bearer}}}}}}\n\
             paths:\n  /form: {{$ref: form.yaml}}\n{more}"
        )
    };
    let protected = "  /x: {get: {security: [{token: []}], responses: {'200': {description: ok}}}}\n";
    folder.write("form.yaml", part);
    folder.write("open.yaml", &root("", protected));
    folder.write("closed.yaml", &root("security: [{token: []}]\n", ""));
    let unused = |report: &Value| found(report).iter().filter(|one| one.starts_with("unused")).count();
    let alone = json(&folder.run(&["lint", "closed.yaml", "--output-format", "json"]));
    assert_eq!(unused(&alone), 1, "alone it has no use for it: {:?}", found(&alone));
    assert_eq!(unused(&affected(&folder, &["closed.yaml"]).1), 0);
    assert_eq!(unused(&affected(&folder, &["form.yaml"]).1), 0);
}

#[test]
fn entries_of_a_baseline_about_other_documents_are_not_called_fixed() {
    let folder = Folder::new("strict");
    folder.write("a.json", CLEARTEXT);
    folder.write("b.json", CLEARTEXT);
    assert_eq!(folder.run(&["baseline", "write"]).status.code(), Some(0));
    let strict =
        |changed: &str| folder.run(&["lint", "--affected", "--baseline-strict", changed]).status.code();
    assert_eq!((strict("a.json"), strict("gone.json")), (Some(0), Some(0)));
    folder.write("a.json", &CLEARTEXT.replace("http:", "https:"));
    assert_eq!((strict("a.json"), strict("b.json")), (Some(1), Some(0)));
}

#[test]
fn only_what_the_changed_parts_brought_is_reported_on_demand() {
    let repository = Repository::new("affected");
    repository.write("api/shop.yaml", SHOP);
    repository.write("api/parts/orders.yaml", ORDERS);
    repository.write("api/parts/parameters.yaml", PARAMETERS);
    repository.commit();
    repository.write("api/parts/orders.yaml", &format!("servers: [{{url: 'http://shop.io/v1'}}]\n{ORDERS}"));
    let arguments =
        ["lint", "--affected", "--diff-base", "HEAD", "--output-format", "json", "api/parts/orders.yaml"];
    let output = command(&repository.folder, &arguments).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let found = found(&json(&output));
    assert!(!found.is_empty() && found.iter().all(|one| one.ends_with("orders.yaml")), "{found:?}");
}

/// What is found through any file of a project is what is found in the documents that have it, in a run over all.
#[test]
fn through_each_file_the_findings_are_those_of_the_documents_that_have_it() {
    let folder = project("each");
    folder.write("other/admin.yaml", &SHOP.replace("parts/", "../api/parts/"));
    folder.write("notes.json", CLEARTEXT);
    folder.write("demo.yaml", include_str!("../../testdata/demo/shop.yaml"));
    let all = json(&folder.run(&["lint", "--output-format", "json", "."]));
    let documents = all["documents"].as_array().expect("a list");
    let linted_of_all = documents.iter().filter(|document| document["status"] == "linted");
    let mut tried = 0;
    let mut has_findings = BTreeSet::new();
    for file in crate::support::files_below(&folder.0, &["yaml", "yml", "json"]) {
        let name = file.strip_prefix(&folder.0).expect("it is in the folder").to_str().expect("a name");
        let has = |document: &&Value| {
            let parts = document["files"].as_array().expect("a list");
            document["path"] == name || parts.iter().any(|part| part == name)
        };
        let expected: Vec<&str> =
            linted_of_all.clone().filter(has).filter_map(|document| document["path"].as_str()).collect();
        let (_, report, _) = affected(&folder, &[name]);
        assert_eq!(linted(&report), expected, "{name}");
        let is_of_these = |finding: &&Value| {
            let roots = finding["roots"].as_array().expect("a list");
            roots.iter().any(|root| expected.contains(&root.as_str().expect("a path")))
        };
        let fingerprints = |report: &Value| -> BTreeSet<String> {
            let findings = report["findings"].as_array().expect("a list").iter().filter(is_of_these);
            findings.map(|finding| finding["fingerprint"].to_string()).collect()
        };
        assert_eq!(fingerprints(&report), fingerprints(&all), "{name}");
        has_findings.extend(fingerprints(&report));
        tried += 1;
    }
    assert_eq!(tried, 8);
    assert_eq!(has_findings.len(), all["findings"].as_array().expect("a list").len());
}
