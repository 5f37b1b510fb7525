//! `--diff-base`: what a change brought is reported, and nothing else, in repositories that git itself made.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::revision::Repository;

/// Runs `oasguard lint` with `--diff-base` in a folder of a repository.
struct Run {
    code: i32,
    report: Value,
    stderr: String,
}

fn lint(folder: &Path, base: &str, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_oasguard"))
        .args(["lint", "--output-format", "json", "--diff-base", base])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    Run {
        code: output.status.code().expect("an exit code"),
        report: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Run {
    /// "rule path" of each finding.
    fn findings(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().expect("findings");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let named = |f: &Value| format!("{} {}", text(&f["rule"]), text(&f["location"]["path"]));
        findings.iter().map(named).collect()
    }
}

/// A document with some paths, all but the public ones behind a token.
fn shop(paths: &[&str]) -> String {
    let mut text =
        "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\nservers: [{url: 'https://shop.io/v1'}]\n\
        security: [{token: []}]\n\
        components: {securitySchemes: {token: {type: http, scheme: bearer}}}\npaths:\n"
            .to_owned();
    for path in paths {
        text.push_str(path);
    }
    text
}

const SAFE: &str = "  /a:\n    get: {responses: {'200': {description: ok}, '429': {description: slow down, \
    headers: {Retry-After: {schema: {type: integer}}}}}}\n";
const CLEARTEXT: &str = "  /b:\n    servers: [{url: 'http://shop.io/v1'}]\n    get: {responses: {'200': \
    {description: ok}, '429': {description: slow down, headers: {Retry-After: {schema: {type: integer}}}}}}\n";
const ANONYMOUS: &str = "  /c:\n    post: {security: [{token: []}, {}], responses: {'200': {description: ok}, '429': {description: \
    slow down, headers: {Retry-After: {schema: {type: integer}}}}}}\n";

#[test]
fn only_what_the_change_brought_is_reported() {
    let repository = Repository::new("brought");
    repository.write("api/shop.yaml", &shop(&[SAFE, CLEARTEXT]));
    repository.commit();
    let before = lint(&repository.folder, "HEAD", &[]);
    assert_eq!((before.code, before.findings()), (0, vec![]), "{}", before.stderr);
    assert_eq!(before.report["summary"]["baselined"], 1);
    // Not committed, from a folder below, with lines moved and keys in another order.
    let moved = format!("# moved\n\n{}", shop(&[ANONYMOUS, CLEARTEXT, SAFE]));
    repository.write("api/shop.yaml", &moved);
    let after = lint(&repository.folder.join("api"), "HEAD", &[]);
    assert_eq!((after.code, after.findings()), (1, vec!["optional-authentication shop.yaml".to_owned()]));
    // The same once it is committed, against the commit before.
    repository.commit();
    let committed = lint(&repository.folder.join("api"), "HEAD~1", &[]);
    assert_eq!(committed.findings(), after.findings());
    assert_eq!(lint(&repository.folder, "HEAD", &[]).findings(), Vec::<String>::new());
}

#[test]
fn renames_are_followed() {
    let repository = Repository::new("renamed");
    repository.write("old/shop.yaml", &shop(&[SAFE, CLEARTEXT]));
    repository.commit();
    repository.git(&["mv", "old", "new"]);
    assert_eq!(lint(&repository.folder, "HEAD", &["new/shop.yaml"]).findings(), Vec::<String>::new());
    // A copy is not a rename: what it repeats is there twice now.
    repository.write("new/copy.yaml", &shop(&[SAFE, CLEARTEXT]));
    let found = lint(&repository.folder, "HEAD", &[]).findings();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_document_of_many_files_is_compared_as_a_whole() {
    let repository = Repository::new("parts");
    let root = shop(&["  /b: {$ref: parts/b.yaml}\n"]);
    let part = "get: {responses: {'200': {description: ok}, '429': {description: slow down, headers: \
        {Retry-After: {schema: {type: integer}}}}}}\n";
    repository.write("shop.yaml", &root);
    repository.write("parts/b.yaml", part);
    repository.commit();
    assert_eq!(lint(&repository.folder, "HEAD", &[]).findings(), Vec::<String>::new());
    repository.write("parts/b.yaml", &format!("{part}servers: [{{url: 'http://shop.io/v1'}}]\n"));
    let found = lint(&repository.folder, "HEAD", &[]).findings();
    assert_eq!(found, ["credentials-over-cleartext parts/b.yaml"]);
}

#[test]
fn a_worktree_is_compared_with_its_own_head() {
    let repository = Repository::new("side");
    repository.write("shop.yaml", &shop(&[SAFE]));
    repository.commit();
    let other = std::env::temp_dir().join(format!("oasguard-side-{}", std::process::id()));
    repository.git(&["worktree", "add", "-q", other.to_str().expect("UTF-8"), "-b", "side"]);
    std::fs::write(other.join("shop.yaml"), shop(&[SAFE, ANONYMOUS])).expect("the folder is writable");
    let found = lint(&other, "main", &[]).findings();
    std::fs::remove_dir_all(&other).expect("the worktree is there");
    assert_eq!(found, ["optional-authentication shop.yaml"]);
}

#[test]
fn what_could_not_be_read_then_is_new_now_and_that_is_said() {
    let repository = Repository::new("broken");
    repository.write("shop.yaml", "openapi: 3.1.0\npaths: {\n");
    repository.commit();
    repository.write("shop.yaml", &shop(&[ANONYMOUS]));
    let run = lint(&repository.folder, "HEAD", &[]);
    assert_eq!(run.findings(), ["optional-authentication shop.yaml"]);
    assert!(run.stderr.contains("shop.yaml: not compared"), "{}", run.stderr);
}

#[test]
fn a_base_that_is_not_there_is_an_error() {
    let repository = Repository::new("missing");
    repository.write("shop.yaml", &shop(&[SAFE]));
    repository.commit();
    let run = lint(&repository.folder, "origin/main", &[]);
    assert_eq!(run.code, 2);
    assert!(run.report.is_null(), "nothing is on standard output");
    let expected = "error: `--diff-base`: there is no revision `origin/main` in this repository";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
    let outside = std::env::temp_dir();
    let run = lint(&outside, "HEAD", &["/nowhere.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is in no git worktree"), "{}", run.stderr);
}

impl Run {
    /// "by path:line what" of everything that the change silences.
    fn silenced(&self) -> Vec<String> {
        let silenced = self.report["comparison"]["silenced"].as_array().expect("a comparison");
        let said = silenced.iter().map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default();
            let line = one["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
            let said = format!("{} {}{line} {}", text("by"), text("path"), text("what"));
            assert!(self.stderr.contains(text("what")), "{said} is said in every format: {}", self.stderr);
            said
        });
        said.collect()
    }
}

#[test]
fn what_a_change_silences_is_always_listed() {
    let repository = Repository::new("silencing");
    let before = shop(&[SAFE, CLEARTEXT]);
    repository.write("shop.yaml", &before);
    repository.write("oasguard.yaml", "profile: pedantic\nlocked: [unauthenticated-write]\n");
    repository.commit();
    let quiet = lint(&repository.folder, "HEAD", &[]);
    assert_eq!((quiet.code, quiet.silenced()), (0, vec![]), "{}", quiet.stderr);
    // What was there is not listed again when it moves.
    repository.write("shop.yaml", &format!("# oasguard: ignore-file[unversioned-api] reason=old\n{before}"));
    repository.commit();
    let comment = "  # oasguard: ignore[optional-authentication] reason=\"trust me\"\n";
    let public = "  # oasguard: public reason=a\n  /d:\n    get: {security: [], responses: {'200': {description: ok}, \
        '429': {description: slow down, headers: {Retry-After: {schema: {type: integer}}}}}}\n";
    let after = shop(&[SAFE, comment, ANONYMOUS, public, CLEARTEXT]);
    let after = format!("\n# oasguard: ignore-file[unversioned-api] reason=old\n{after}");
    repository.write("shop.yaml", &after);
    let settings = "profile: default\nignore: [loopback-server]\nrules: {cleartext-server: {severity: info}, \
        numeric-resource-id: {severity: high}}\nfail-on: high\n";
    repository.write("oasguard.yaml", settings);
    let run = lint(&repository.folder, "HEAD", &[]);
    assert_eq!(run.findings(), Vec::<String>::new(), "{}", run.stderr);
    let expected = [
        "suppression shop.yaml:11 ignore[optional-authentication]",
        "public shop.yaml:14 public",
        "setting oasguard.yaml locked: no longer unauthenticated-write",
        "setting oasguard.yaml:1 profile: default",
        "setting oasguard.yaml:2 ignore: loopback-server",
        "setting oasguard.yaml:3 rules.cleartext-server.severity: info",
        "setting oasguard.yaml:4 fail-on: high",
    ];
    assert_eq!(run.silenced(), expected);
    assert!(run.stderr.contains("shop.yaml:11: the change adds a suppression"), "{}", run.stderr);
    assert!(run.stderr.contains("trust me"), "{}", run.stderr);
    // Judged by what held before, the settings of the change count for nothing.
    repository.write("shop.yaml", &shop(&[SAFE, ANONYMOUS, CLEARTEXT]));
    repository.write("oasguard.yaml", "ignore: [authentication, transport]\n");
    assert_eq!(lint(&repository.folder, "HEAD", &[]).findings(), Vec::<String>::new());
    let run = lint(&repository.folder, "HEAD", &["--config-from-base"]);
    assert!(run.findings().contains(&"optional-authentication shop.yaml".to_owned()), "{}", run.stderr);
    assert_eq!(run.code, 1);
}

#[test]
fn entries_that_a_change_adds_to_the_baseline_are_listed() {
    let repository = Repository::new("accepting");
    repository.write("shop.yaml", &shop(&[SAFE, CLEARTEXT]));
    let write = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oasguard"));
        command.args(["baseline", "write", "--today", "2026-01-31"]).current_dir(&repository.folder);
        assert!(command.output().expect("the program starts").status.success());
    };
    write();
    repository.commit();
    assert_eq!(lint(&repository.folder, "HEAD", &[]).silenced(), Vec::<String>::new());
    repository.write("shop.yaml", &shop(&[SAFE, CLEARTEXT, ANONYMOUS]));
    assert_eq!(lint(&repository.folder, "HEAD", &[]).findings(), ["optional-authentication shop.yaml"]);
    write();
    let run = lint(&repository.folder, "HEAD", &[]);
    assert_eq!(run.findings(), Vec::<String>::new());
    let silenced = run.silenced();
    let expected = "baseline oasguard-baseline.yaml optional-authentication in shop.yaml (";
    assert!(silenced.iter().any(|one| one.starts_with(expected)), "{silenced:?}");
    let run = lint(&repository.folder, "HEAD", &["--config-from-base"]);
    assert_eq!(run.findings(), ["optional-authentication shop.yaml"]);
}
