//! Configuration: which files govern a document, what holds in the end, and what is wrong with it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::{Folder, command, json as parsed, text};

/// A document with an API over HTTP, an open write, an open read, and a string without bounds.
const API: &str = "\
openapi: 3.0.3
info: { title: Orders, version: '1' }
servers: [{ url: 'http://api.orders.shop/v1' }]
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
paths:
  /orders:
    get:
      tags: [shop]
      security: [{ key: [] }]
      responses: { '200': { description: ok }, '429': { description: slow down } }
  /invoices:
    post:
      operationId: createInvoice
      tags: [shop]
      requestBody:
        content: { application/json: { schema: { type: object, properties: { note: { type: string } } } } }
      responses: { '200': { description: ok }, '429': { description: slow down } }
  /reports/jobs:
    post:
      operationId: startJob
      responses: { '200': { description: ok }, '429': { description: slow down } }
";

/// The rules that are reported by path of the document, and the exit code.
fn found(folder: &Folder, arguments: &[&str]) -> (Vec<String>, i32) {
    let output = folder.run(&[&["lint", "--output-format", "json"], arguments].concat());
    let report = parsed(&output);
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    let findings = report["findings"].as_array().expect("a list").iter();
    let mut said: Vec<String> = findings
        .map(|finding| {
            format!(
                "{} {} {}",
                word(&finding["location"]["path"]),
                word(&finding["rule"]),
                word(&finding["severity"])
            )
        })
        .collect();
    let errors = report["errors"].as_array().expect("a list").iter();
    said.extend(errors.map(|error| {
        format!("{} {}: {}", word(&error["path"]), word(&error["rule"]), word(&error["message"]))
    }));
    said.sort();
    (said, output.status.code().expect("an exit code"))
}

/// The rules of one document.
fn rules(folder: &Folder, document: &str, arguments: &[&str]) -> Vec<String> {
    let (said, _) = found(folder, &[&[document], arguments].concat());
    said.iter().map(|line| line.strip_prefix(document).unwrap_or(line).trim().to_owned()).collect()
}

/// What `config show` says of a key: value and origin of each row.
fn shown(folder: &Folder, document: &str, key: &str, arguments: &[&str]) -> Vec<(String, String)> {
    let output = folder.run(&[&["config", "show", document, "--output-format", "json"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let settings = parsed(&output)["settings"].as_array().expect("a list").clone();
    let rows = settings.iter().filter(|row| row["key"] == key);
    rows.map(|row| {
        let value = row["value"].as_str().unwrap_or("-").to_owned();
        (value, row["origin"].as_str().expect("an origin").to_owned())
    })
    .collect()
}

fn pair(value: &str, origin: &str) -> (String, String) {
    (value.to_owned(), origin.to_owned())
}

/// The errors of a lint: path, line and message.
fn errors(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let output = folder.run(&[&["lint", "--output-format", "json"], arguments].concat());
    let report = parsed(&output);
    let all = report["errors"].as_array().expect("a list").clone();
    assert!(all.is_empty() || output.status.code() == Some(2), "errors end with 2");
    all.iter()
        .map(|error| {
            assert_eq!(error["rule"], "configuration-error");
            let line = &error["location"]["line"];
            format!(
                "{}:{line}: {}",
                error["path"].as_str().expect("a path"),
                error["message"].as_str().expect("a text")
            )
        })
        .collect()
}

#[test]
fn the_nearest_file_wins_and_resets_nothing_else() {
    let folder = Folder::new("config-nearest");
    folder.write(
        "oasguard.yaml",
        "profile: pedantic\nignore: [cleartext-server]\nrules: { unbounded-string: { severity: high } }\n",
    );
    folder.write(
        "team/.oasguard.yaml",
        "profile: auditor\nignore: [unauthenticated-write]\nrules: { unbounded-string: { endless: 9 } }\n",
    );
    folder.write("team/api/openapi.yaml", API);
    let document = "team/api/openapi.yaml";
    assert_eq!(shown(&folder, document, "profile", &[]), [pair("auditor", "team/.oasguard.yaml:1")]);
    let ignored =
        [pair("cleartext-server", "oasguard.yaml:2"), pair("unauthenticated-write", "team/.oasguard.yaml:2")];
    assert_eq!(shown(&folder, document, "ignore", &[]), ignored, "lists add up");
    let severity = shown(&folder, document, "rules.unbounded-string.severity", &[]);
    assert_eq!(severity, [pair("high", "oasguard.yaml:3")], "the option of the nearer file leaves it alone");
    assert_eq!(shown(&folder, ".", "profile", &[]), [pair("pedantic", "oasguard.yaml:1")]);
    let said = rules(&folder, document, &[]);
    assert!(said.contains(&"unbounded-string high".to_owned()), "{said:?}");
    assert!(
        !said
            .iter()
            .any(|rule| rule.starts_with("cleartext-server") || rule.starts_with("unauthenticated-write")),
        "{said:?}"
    );
}

#[test]
fn what_is_accepted_and_public_is_shown_as_it_was_said_and_where() {
    let folder = Folder::new("config-accepted");
    folder.write(
        "oasguard.yaml",
        "suppressions:\n  - { rules: [transport], paths: ['/orders/{id}'], methods: [get], reason: old }\n",
    );
    folder.write("team/openapi.yaml", API);
    folder.write(
        "team/oasguard.yaml",
        "public:\n  - { tags: [shop], files: ['*.yaml'], reason: a shop window }\n",
    );
    let said = "{ rules: [transport], paths: ['/orders/{id}'], methods: [get], reason: old }";
    let of = |key| shown(&folder, "team/openapi.yaml", key, &[]);
    assert_eq!(of("suppressions"), [pair(said, "oasguard.yaml:2")]);
    let said = "{ tags: [shop], files: ['*.yaml'], reason: a shop window }";
    assert_eq!(of("public"), [pair(said, "team/oasguard.yaml:2")]);
}

#[test]
fn each_document_of_a_monorepo_has_its_own_configuration() {
    let folder = Folder::new("config-monorepo");
    folder.write("a/oasguard.yaml", "select: [cleartext-server]\n");
    folder.write("a/openapi.yaml", API);
    folder.write("b/oasguard.yaml", "select: [unauthenticated-write]\n");
    folder.write("b/openapi.yaml", API);
    let (said, code) = found(&folder, &["."]);
    assert_eq!(code, 1);
    let expected = ["a/openapi.yaml cleartext-server medium", "b/openapi.yaml unauthenticated-write high"];
    let rules: Vec<_> = said.iter().map(|line| line.rsplit_once(' ').expect("a severity").0).collect();
    let expected: Vec<_> = expected.iter().map(|line| line.rsplit_once(' ').expect("a severity").0).collect();
    assert!(expected.iter().all(|line| rules.contains(line)), "{said:?}");
    assert!(rules.iter().all(|line| expected.contains(line)), "{said:?}");
}

#[test]
fn a_submodule_whose_git_is_a_file_is_a_world_of_its_own() {
    let folder = Folder::new("config-submodule");
    folder.write("oasguard.yaml", "profile: auditor\n");
    folder.write("vendor/lib/.git", "gitdir: ../../.git/modules/lib\n");
    folder.write("vendor/lib/api/openapi.yaml", API);
    assert_eq!(shown(&folder, "vendor/lib/api/openapi.yaml", "profile", &[]), [pair("default", "default")]);
    folder.write("vendor/lib/oasguard.yaml", "profile: pedantic\n");
    let here = shown(&folder, "vendor/lib/api/openapi.yaml", "profile", &[]);
    assert_eq!(here, [pair("pedantic", "vendor/lib/oasguard.yaml:1")]);
}

#[test]
fn root_true_ends_the_search() {
    let folder = Folder::new("config-root");
    folder.write("oasguard.yaml", "profile: auditor\nignore: [transport]\n");
    folder.write("a/oasguard.yaml", "root: true\n");
    folder.write("a/b/oasguard.yaml", "ignore: [document]\n");
    folder.write("a/b/openapi.yaml", API);
    assert_eq!(shown(&folder, "a/b/openapi.yaml", "profile", &[]), [pair("default", "default")]);
    assert_eq!(shown(&folder, "a/b/openapi.yaml", "ignore", &[]), [pair("document", "a/b/oasguard.yaml:1")]);
}

#[test]
fn both_spellings_are_found_and_both_in_one_folder_are_an_error() {
    let folder = Folder::new("config-spellings");
    folder.write("openapi.yaml", API);
    folder.write(".oasguard.yaml", "profile: pedantic\n");
    assert_eq!(shown(&folder, "openapi.yaml", "profile", &[]), [pair("pedantic", ".oasguard.yaml:1")]);
    folder.write("oasguard.yaml", "profile: auditor\n");
    let said = errors(&folder, &["."]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("`oasguard.yaml` and `.oasguard.yaml` are both in one folder"), "{said:?}");
}

#[test]
fn files_extend_files_and_the_later_and_nearer_wins() {
    let folder = Folder::new("config-extends");
    folder.write("openapi.yaml", API);
    folder.write("oasguard.yaml", "extends: [shared/one.yaml, shared/two.yaml]\nthreads: 3\n");
    folder.write("shared/one.yaml", "extends: [base.yaml]\nprofile: pedantic\nfail-on: high\nthreads: 1\n");
    folder.write("shared/base.yaml", "ignore: [transport]\nfail-on: info\nprofile: auditor\n");
    folder.write("shared/two.yaml", "ignore: [document]\nfail-on: medium\n");
    assert_eq!(shown(&folder, "openapi.yaml", "profile", &[]), [pair("pedantic", "shared/one.yaml:2")]);
    assert_eq!(shown(&folder, "openapi.yaml", "fail-on", &[]), [pair("medium", "shared/two.yaml:2")]);
    assert_eq!(shown(&folder, "openapi.yaml", "threads", &[]), [pair("3", "oasguard.yaml:2")]);
    let ignored = [pair("transport", "shared/base.yaml:1"), pair("document", "shared/two.yaml:1")];
    assert_eq!(shown(&folder, "openapi.yaml", "ignore", &[]), ignored);
}

#[test]
fn what_cannot_be_extended_is_an_error_at_its_place() {
    let folder = Folder::new("config-extends-wrong");
    folder.write("api/openapi.yaml", API);
    let outside = std::env::temp_dir().join(format!("oasguard-outside-{}.yaml", std::process::id()));
    fs::write(&outside, "profile: auditor\n").expect("the folder is writable");
    let outside = format!("../{}", outside.file_name().and_then(|name| name.to_str()).expect("a name"));
    for (extends, part) in [
        ("[missing.yaml]", "`missing.yaml` cannot be extended: there is no such file"),
        ("['https://example.org/a.yaml']", "is a URL"),
        ("[oasguard.yaml]", "`oasguard.yaml` extends itself"),
        ("[circle.yaml]", "extends itself"),
        ("[.]", "cannot be extended"),
        (&format!("['{outside}']"), "it is outside the root of the run"),
        ("[/etc/passwd]", "it is outside the root of the run"),
        ("base.yaml", "must be a list of paths"),
        ("[twice1.yaml]", "more than 100 files"),
    ] {
        folder.write("oasguard.yaml", &format!("profile: pedantic\nextends: {extends}\n"));
        folder.write("circle.yaml", "extends: [circle2.yaml]\n");
        folder.write("circle2.yaml", "extends: [circle.yaml]\n");
        for number in 1..30 {
            let next = number + 1;
            folder.write(
                &format!("twice{number}.yaml"),
                &format!("extends: [twice{next}.yaml, twice{next}.yaml]\n"),
            );
        }
        folder.write("twice30.yaml", "");
        let said = errors(&folder, &["api"]);
        assert!(said.iter().any(|error| error.contains(part)), "{extends}: {said:?}");
        assert!(said.iter().all(|error| !error.contains("null")), "each has a place: {said:?}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_place() {
    let folder = Folder::new("config-wrong");
    folder.write("openapi.yaml", API);
    folder.write("oasguard.yaml", include_str!("../../testdata/config/wrong.yaml"));
    let output = folder.run(&["lint", "--output-format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!("config_wrong", text(&output.stdout));
    let full = text(&folder.run(&["lint"]).stdout);
    assert!(
        full.contains("help: did you mean `profile`?") && full.contains("help: did you mean `transport`?"),
        "{full}"
    );
}

#[test]
fn what_a_broken_file_governs_is_not_linted_and_the_rest_is() {
    let folder = Folder::new("config-broken");
    folder.write("a/openapi.yaml", API);
    folder.write("a/oasguard.yaml", "ignore: [transprt]\n");
    folder.write("b/openapi.yaml", API);
    folder.write("b/notes.yaml", "a: 1\n");
    for format in ["full", "concise", "gcc", "json", "json-lines"] {
        let output = folder.run(&["lint", "--output-format", format]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        let out = text(&output.stdout);
        assert!(out.contains("there is no rule or category `transprt`"), "{format}: {out}");
        assert!(text(&output.stderr).ends_with("1 document linted, 1 skipped, 1 failed\n"), "{format}");
    }
}

#[test]
fn a_word_that_does_not_exist_never_means_silence() {
    let folder = Folder::new("config-words");
    folder.write("openapi.yaml", API);
    for config in [
        "fail-on: error\n",
        "fail-on: warning\n",
        "profile: all\n",
        "fail-on:\n",
        "rules: { cleartext-server: { severity: off } }\n",
        "select:\n",
    ] {
        folder.write("oasguard.yaml", config);
        assert_eq!(errors(&folder, &[]).len(), 1, "{config}");
    }
    folder.write("oasguard.yaml", "fail-on: never\n");
    assert_eq!(found(&folder, &[]).1, 0);
    assert_eq!(found(&folder, &["--fail-on", "high"]).1, 1, "the command line wins");
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_files() {
    let folder = Folder::new("config-layers");
    folder.write("openapi.yaml", API);
    folder.write("oasguard.yaml", "profile: pedantic\nthreads: 1\nfail-on: high\n");
    folder.write("other.yaml", "fail-on: never\n");
    let show = |variables: &[(&str, &str)], arguments: &[&str], key: &str| {
        let arguments = [&["config", "show", "--output-format", "json"], arguments].concat();
        let mut command = command(&folder.0, &arguments);
        let output = command.envs(variables.iter().copied()).output().expect("the program starts");
        let settings = parsed(&output)["settings"].as_array().expect("a list").clone();
        let row = settings.iter().find(|row| row["key"] == key).expect("the key is there").clone();
        format!("{} {}", row["value"].as_str().unwrap_or("-"), row["origin"].as_str().expect("an origin"))
    };
    let auditor = [("OASGUARD_PROFILE", "auditor"), ("OASGUARD_THREADS", "2")];
    assert_eq!(show(&[], &[], "profile"), "pedantic oasguard.yaml:1");
    assert_eq!(show(&auditor, &[], "profile"), "auditor OASGUARD_PROFILE");
    assert_eq!(show(&auditor, &["--config", "profile=default"], "profile"), "default --config profile");
    assert_eq!(show(&auditor, &["--threads", "4"], "threads"), "4 --threads");
    assert_eq!(show(&[], &["--isolated"], "profile"), "default default");
    assert_eq!(show(&[], &["--config", "other.yaml"], "fail-on"), "never other.yaml:1");
    assert_eq!(show(&[], &["--config", "other.yaml"], "profile"), "default default");
    assert_eq!(show(&[("OASGUARD_CONFIG", "other.yaml")], &[], "fail-on"), "never other.yaml:1");
    assert_eq!(show(&[("OASGUARD_CONFIG", "other.yaml")], &["--isolated"], "fail-on"), "low default");
    let output =
        command(&folder.0, &["lint"]).env("OASGUARD_FAILON", "x").output().expect("the program starts");
    assert!(text(&output.stderr).starts_with(
        "note: the variable `OASGUARD_FAILON` means nothing; did you mean `OASGUARD_FAIL_ON`?\n"
    ));
    let output =
        command(&folder.0, &["lint"]).env("OASGUARD_FAIL_ON", "x").output().expect("the program starts");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    for wrong in [
        &["--config", "profil=x"][..],
        &["--config", "a.yaml", "--config", "b.yaml"],
        &["--isolated", "--config", "other.yaml"],
    ] {
        let output = folder.run(&[&["lint"], wrong].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{wrong:?}");
    }
    let missing = found(&folder, &["--config", "missing.yaml"]);
    assert_eq!(missing.1, 2);
    assert!(
        missing.0.iter().any(|line| line.contains("`missing.yaml` cannot be read: there is no such file")),
        "{missing:?}"
    );
}

#[test]
fn what_a_file_above_has_locked_no_file_below_loosens() {
    let folder = Folder::new("config-locked");
    folder.write("api/openapi.yaml", API);
    let base = "profile: pedantic\nfail-on: medium\nlimits: { depth: 100 }\nrules: { unbounded-string: { severity: medium } }\n";
    for (locked, below, part) in [
        ("profile", "profile: default", "`profile` loosens what is locked"),
        ("profile", "profile: auditor", ""),
        ("profile", "profile: pedantic", ""),
        ("fail-on", "fail-on: high", "`fail-on` loosens"),
        ("fail-on", "fail-on: low", ""),
        ("limits", "limits: { depth: 101 }", "`limits.depth` loosens"),
        ("limits", "limits: { nodes: 134215681 }", "must be a number"),
        ("limits", "limits: { depth: 99, nodes: 10000 }", ""),
        ("ignore", "ignore: [transport]", "`ignore` loosens"),
        ("ignore", "ignore: []", ""),
        ("exclude", "exclude: [a]", "`exclude` loosens"),
        ("baseline", "baseline: a.json", "`baseline` loosens"),
        ("documents", "documents: [a.yaml]", "`documents` loosens"),
        ("rules", "rules: { unbounded-string: { severity: low } }", "loosens"),
        ("rules", "rules: { unbounded-string: { severity: high } }", ""),
        ("public", "public: [{ paths: [/a] }]", "`public` is locked"),
        ("suppressions", "suppressions: [{ rules: [transport], reason: a }]", "`suppressions` is locked"),
        ("overrides", "overrides: [{ paths: [/a], ignore: [transport] }]", "`overrides` is locked"),
        ("select", "select: [transport]", "`select` restricts"),
        ("transport", "ignore: [transport]", "`ignore` names `transport`"),
        ("cleartext-server", "ignore: [transport]", "`ignore` names `transport`"),
        ("transport", "ignore: [cleartext-server]", "`ignore` names `cleartext-server`"),
        ("cleartext-server", "ignore: [document]", ""),
        ("cleartext-server", "select: [document]", "`select` restricts `cleartext-server`"),
        ("cleartext-server", "select: [transport]", ""),
        (
            "internal-field-in-response",
            "profile: default",
            "`profile` restricts `internal-field-in-response`",
        ),
        ("internal-field-in-response", "profile: default\nextend-select: [internal-field-in-response]", ""),
        ("unbounded-string", "rules: { unbounded-string: { severity: low } }", "loosens a rule"),
        ("unbounded-string", "rules: { resource-consumption: { severity: low } }", "loosens a rule"),
        ("unbounded-string", "rules: { unbounded-string: { endless: 2000000 } }", "loosens a rule"),
        ("unbounded-array", "rules: { unbounded-array: { severity: info } }", "loosens a rule"),
        ("unbounded-array", "rules: { unbounded-array: { severity: low } }", ""),
        ("cleartext-server", "overrides: [{ files: [x.yaml], ignore: [transport] }]", "`ignore` names"),
        ("cleartext-server", "overrides: [{ files: [x.yaml], select: [document] }]", "`select` restricts"),
        (
            "cleartext-server",
            "overrides: [{ paths: [/a], rules: { transport: { severity: info } } }]",
            "loosens a rule",
        ),
        (
            "cleartext-server",
            "suppressions: [{ rules: [transport], reason: a }]",
            "a suppression names `transport`",
        ),
        ("cleartext-server", "suppressions: [{ fingerprints: [0a1b2c3d], reason: a }]", ""),
        ("unauthenticated-write", "public: [{ paths: [/a] }]", "`public` silences"),
        ("cleartext-server", "public: [{ paths: [/a] }]", ""),
        ("fail-on", "root: true", "`root` would leave out what `oasguard.yaml` locks"),
    ] {
        folder.write("oasguard.yaml", &format!("{base}locked: [{locked}]\n"));
        folder.write("api/oasguard.yaml", &format!("{below}\n"));
        let said = errors(&folder, &["api/openapi.yaml"]);
        match part {
            "" => assert!(said.is_empty(), "{locked} {below}: {said:?}"),
            part => {
                assert!(said.iter().any(|error| error.contains(part)), "{locked} {below}: {said:?}");
                assert!(said.iter().all(|error| error.starts_with("api/oasguard.yaml:1:")), "{said:?}");
            }
        }
    }
    folder.write("oasguard.yaml", "locked: [cleartext-server]\nignore: [cleartext-server]\n");
    folder.write("api/oasguard.yaml", "");
    assert_eq!(errors(&folder, &["api/openapi.yaml"]), [""; 0], "the file that locks may say what it wants");
    let (said, code) =
        found(&folder, &["api/openapi.yaml", "--ignore", "transport,authentication,resource-consumption"]);
    assert_eq!((said.len(), code), (0, 0), "the operator may as well: {said:?}");
    folder.write("oasguard.yaml", "");
    folder.write("base.yaml", "locked: [transport]\n");
    folder.write("api/oasguard.yaml", "extends: [../base.yaml]\nignore: [transport]\n");
    assert_eq!(errors(&folder, &["api/openapi.yaml"]).len(), 1, "what is extended lies above as well");
}

#[test]
fn severities_and_options_of_rules_hold() {
    let folder = Folder::new("config-rules");
    folder.write("openapi.yaml", API);
    let has = |config: &str, expected: &str| {
        folder.write("oasguard.yaml", config);
        let said = rules(&folder, "openapi.yaml", &[]);
        said.iter().any(|line| line == expected)
    };
    assert!(has("", "unbounded-string low"));
    assert!(has("rules: { unbounded-string: { severity: high } }\n", "unbounded-string high"));
    assert!(has("rules: { resource-consumption: { severity: medium } }\n", "unbounded-string medium"));
    let both =
        "rules: { unbounded-string: { severity: info }, resource-consumption: { severity: medium } }\n";
    assert!(has(both, "unbounded-string info"), "the rule goes before its category, whatever the order");
    let bounded = API.replace("note: { type: string }", "note: { type: string, maxLength: 5000 }");
    folder.write("openapi.yaml", &bounded);
    let pedantic = "profile: pedantic\n";
    assert!(!has(pedantic, "unbounded-string low"));
    assert!(has(
        &format!("{pedantic}rules: {{ unbounded-string: {{ endless: 5000 }} }}\n"),
        "unbounded-string low"
    ));
}

#[test]
fn overrides_hold_for_their_documents_and_operations_and_are_inherited() {
    let folder = Folder::new("config-overrides");
    folder.write("legacy/v1/openapi.yaml", API);
    folder.write("new/openapi.yaml", API);
    folder.write("legacy/oasguard.yaml", "fail-on: high\n");
    let config = "\
overrides:
  - files: ['legacy/**']
    ignore: [transport]
    rules: { unauthenticated-write: { severity: low } }
  - paths: [/reports/**]
    ignore: [unauthenticated-write]
";
    folder.write("oasguard.yaml", config);
    let legacy = rules(&folder, "legacy/v1/openapi.yaml", &[]);
    let new = rules(&folder, "new/openapi.yaml", &[]);
    let has = |said: &[String], rule: &str| said.iter().any(|line| line.starts_with(rule));
    assert!(!has(&legacy, "cleartext-server") && !has(&legacy, "credentials-over-cleartext"), "{legacy:?}");
    assert!(has(&new, "credentials-over-cleartext") || has(&new, "cleartext-server"), "{new:?}");
    let output =
        folder.run(&["lint", "new", "--output-format", "concise", "--select", "unauthenticated-write"]);
    let out = text(&output.stdout);
    assert!(out.contains("`POST /invoices`") && !out.contains("/reports/jobs"), "{out}");
    let output = folder.run(&[
        "lint",
        "new",
        "--isolated",
        "--output-format",
        "concise",
        "--select",
        "unauthenticated-write",
    ]);
    assert!(text(&output.stdout).contains("2 operations that change"), "without it the other is there");
    for (selector, is_about) in [
        ("tags: [shop]", true),
        ("operation-ids: ['create*']", true),
        ("methods: [PoSt], paths: [/invoices]", true),
        ("methods: [get]", false),
        ("files: ['legacy/**'], tags: [shop]", false),
        ("tags: [Shop]", false),
    ] {
        folder.write("oasguard.yaml", &format!("overrides: [{{ {selector}, ignore: [authentication] }}]\n"));
        let output =
            folder.run(&["lint", "new", "--output-format", "concise", "--select", "unauthenticated-write"]);
        assert_eq!(!text(&output.stdout).contains("2 operations that change"), is_about, "{selector}");
    }
}

#[test]
fn the_documents_that_are_named_are_checked_and_no_others() {
    let folder = Folder::new("config-documents");
    for path in ["api/one.yaml", "api/two.yaml", "drafts/three.yaml"] {
        folder.write(path, API);
    }
    let linted = |arguments: &[&str]| {
        let output = folder.run(&[&["lint", "--output-format", "json"], arguments].concat());
        let report = parsed(&output);
        let documents = report["documents"].as_array().expect("a list").iter();
        let paths = documents.map(|document| document["path"].as_str().expect("a path").to_owned());
        (paths.collect::<Vec<_>>(), output.status.code())
    };
    folder.write("oasguard.yaml", "documents: ['api/*.yaml']\n");
    assert_eq!(linted(&[]).0, ["api/one.yaml", "api/two.yaml"]);
    assert_eq!(linted(&["."]).0, ["api/one.yaml", "api/two.yaml"], "the folder contains the file");
    assert_eq!(linted(&["drafts"]).0, ["drafts/three.yaml"], "this one does not");
    folder.write("oasguard.yaml", "documents: [api/one.yaml, 'apis/*.yaml', four.yaml]\n");
    let (paths, code) = linted(&[]);
    assert_eq!((paths.len(), code), (3, Some(2)), "what matches nothing is an error: {paths:?}");
    folder.write("oasguard.yaml", "exclude: [drafts, 'api/two.*']\n");
    assert_eq!(linted(&[]).0, ["api/one.yaml"]);
    let output =
        command(&folder.0.join("api"), &["lint", "--output-format", "json"]).output().expect("it starts");
    let report = parsed(&output);
    assert_eq!(
        report["documents"][0]["path"], "one.yaml",
        "globs are relative to the file, wherever one stands"
    );
    assert_eq!(report["documents"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_configuration_writes_nowhere_else_than_in_its_folder() {
    let folder = Folder::new("config-output");
    folder.write("api/openapi.yaml", API);
    let outside = folder.0.join("outside.json");
    for file in ["../outside.json", outside.to_str().expect("a path")] {
        folder.write("api/oasguard.yaml", &format!("output: {{ format: json, file: '{file}' }}\n"));
        let output = command(&folder.0.join("api"), &["lint"]).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(text(&output.stderr).contains("outside the folder of the configuration"), "{file}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside.json", folder.0.join("api/link.json")).expect("a link");
        fs::write(&outside, "mine").expect("the folder is writable");
        folder.write("api/oasguard.yaml", "output: { file: link.json }\n");
        let output = command(&folder.0.join("api"), &["lint"]).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(fs::read(&outside).expect("a file"), b"mine");
        fs::remove_file(&outside).expect("the file is there");
    }
    folder.write("api/oasguard.yaml", "output: { format: json, file: report.json }\n");
    let output = command(&folder.0.join("api"), &["lint"]).output().expect("the program starts");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let report = fs::read_to_string(folder.0.join("api/report.json")).expect("the report is there");
    assert!(serde_json::from_str::<Value>(&report).is_ok());
    assert!(!outside.exists());
}

#[test]
fn a_configuration_has_no_baseline_written_elsewhere_than_in_its_folder() {
    let folder = Folder::new("config-baseline");
    folder.write("api/openapi.yaml", API);
    folder.write("elsewhere/deep/x.txt", "");
    let outside = folder.0.join("outside.yaml");
    let run = |arguments: &[&str]| command(&folder.0.join("api"), arguments).output().expect("it starts");
    let refused = |file: &str| {
        folder.write("api/oasguard.yaml", &format!("baseline: '{file}'\n"));
        for verb in ["write", "check", "prune", "show"] {
            let output = run(&["baseline", verb]);
            assert_eq!(output.status.code(), Some(2), "{verb} {file}");
            let said = text(&output.stderr);
            assert!(said.contains("is outside the folder of the configuration"), "{verb} {file}: {said}");
        }
        assert_eq!(run(&["lint"]).status.code(), Some(2), "{file}");
    };
    refused("../outside.yaml");
    refused(outside.to_str().expect("a path"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../elsewhere/deep", folder.0.join("api/there")).expect("a link");
        refused("there/baseline.yaml");
        // Seen without links this is in the folder; for the system it is in `elsewhere`.
        refused("there/../baseline.yaml");
        fs::write(&outside, "mine").expect("the folder is writable");
        symlink("../outside.yaml", folder.0.join("api/link.yaml")).expect("a link");
        refused("link.yaml");
        assert_eq!(fs::read(&outside).expect("a file"), b"mine");
        fs::remove_file(&outside).expect("the file is there");
        // Where the link leads is no more: nothing is made there.
        assert_eq!(run(&["baseline", "write"]).status.code(), Some(2));
    }
    assert!(!outside.exists() && !folder.0.join("elsewhere/baseline.yaml").exists());
    assert!(!folder.0.join("elsewhere/deep/baseline.yaml").exists());
    assert_eq!(run(&["lint", "--no-baseline"]).status.code(), Some(1), "what is not used is not refused");
    assert_eq!(run(&["baseline", "write", "--baseline", "../outside.yaml"]).status.code(), Some(0));
    assert!(outside.exists(), "the operator may name any file");
    folder.write("api/oasguard.yaml", "baseline: known.yaml\n");
    assert_eq!(run(&["baseline", "write"]).status.code(), Some(0));
    assert!(folder.0.join("api/known.yaml").exists());
    assert_eq!(run(&["lint"]).status.code(), Some(0));
    let shown = run(&["baseline", "show", "--output-format", "json"]);
    assert_eq!(parsed(&shown)["path"], "known.yaml", "`show` shows the one that `lint` uses");
}

#[test]
fn a_locked_baseline_is_replaced_by_none_below() {
    let folder = Folder::new("config-locked-baseline");
    folder.write("api/openapi.yaml", API);
    let run = |arguments: &[&str]| command(&folder.0.join("api"), arguments).output().expect("it starts");
    folder.write("oasguard.yaml", "locked: [cleartext-server]\n");
    assert_eq!(run(&["baseline", "write"]).status.code(), Some(0));
    assert!(folder.0.join("api/oasguard-baseline.yaml").exists());
    assert_eq!(run(&["lint"]).status.code(), Some(0), "a lock of a rule does not open old findings again");
    folder.write("oasguard.yaml", "locked: [baseline]\n");
    assert_eq!(run(&["lint"]).status.code(), Some(1), "the one below counts for nothing");
    assert_eq!(run(&["baseline", "write"]).status.code(), Some(0));
    assert!(folder.0.join("oasguard-baseline.yaml").exists(), "it is where the lock is");
    assert_eq!(run(&["lint"]).status.code(), Some(0));
    folder.write("oasguard.yaml", "baseline: ci.yaml\nlocked: [baseline]\n");
    assert_eq!(run(&["lint"]).status.code(), Some(2), "the one that is named is not there");
    assert_eq!(run(&["baseline", "write"]).status.code(), Some(0));
    assert!(folder.0.join("ci.yaml").exists());
    assert_eq!(run(&["lint", "--no-baseline"]).status.code(), Some(1), "the operator may do without");
    folder.write("api/oasguard.yaml", "baseline: oasguard-baseline.yaml\n");
    assert_eq!(run(&["lint"]).status.code(), Some(2), "a file below may not name another one");
}

#[test]
fn a_suppression_of_a_file_of_settings_that_matches_nothing_is_a_finding_of_a_run_over_its_folder() {
    let folder = Folder::new("config-unused");
    folder.write("v1/shop.yaml", API);
    folder.write("v2/shop.yaml", &API.replace("http://", "https://"));
    let entry = |rule: &str| format!("  - {{ rules: [{rule}], reason: {rule} is accepted }}\n");
    folder.write(
        "oasguard.yaml",
        &format!(
            "root: true\nsuppressions:\n{}{}",
            entry("credentials-over-cleartext"),
            entry("private-network-server")
        ),
    );
    let unused = |arguments: &[&str]| {
        let arguments = [&["lint", "--output-format", "json"], arguments].concat();
        let json: Value = serde_json::from_slice(&folder.run(&arguments).stdout).expect("a report");
        let findings = json["findings"].as_array().expect("findings").clone();
        let of_rule = findings.into_iter().filter(|finding| finding["rule"] == "unused-suppression");
        let place = |f: &Value| {
            format!("{}:{}", f["location"]["path"].as_str().expect("a path"), f["location"]["line"])
        };
        of_rule.map(|finding| place(&finding)).collect::<Vec<_>>()
    };
    // The first entry is of use for one document, the second for none.
    assert_eq!(unused(&["--profile", "auditor"]), ["oasguard.yaml:4"]);
    assert_eq!(unused(&["--profile", "auditor", "."]), ["oasguard.yaml:4"]);
    // A run that has not seen everything cannot tell.
    for partial in
        [&["v2"][..], &["v2/shop.yaml"], &["--exclude", "v1"], &["--ignore", "private-network-server"]]
    {
        let arguments = [&["--profile", "auditor"], partial].concat();
        assert_eq!(unused(&arguments), Vec::<String>::new(), "{partial:?}");
    }
    folder.write("v3/shop.yaml", "openapi: 3.1.0\npaths: [\n");
    assert_eq!(unused(&["--profile", "auditor"]), Vec::<String>::new());
    // It can be accepted by another entry, and not by itself.
    std::fs::remove_dir_all(folder.0.join("v3")).expect("the folder is there");
    let own = "  - { rules: [private-network-server, unused-suppression], reason: both }\n";
    folder.write("oasguard.yaml", &format!("root: true\nsuppressions:\n{own}"));
    assert_eq!(unused(&["--profile", "auditor"]), ["oasguard.yaml:3"]);
    let other = "  - { rules: [unused-suppression], reason: waiting for v3 }\n";
    folder.write(
        "oasguard.yaml",
        &format!("root: true\nsuppressions:\n{}{other}", entry("private-network-server")),
    );
    assert_eq!(unused(&["--profile", "auditor"]), Vec::<String>::new());
}

#[test]
fn an_expired_suppression_of_a_file_of_settings_is_a_finding_in_that_file() {
    let folder = Folder::new("config-expired");
    folder.write("one.yaml", API);
    folder.write("two.yaml", API);
    let expired = |arguments: &[&str]| {
        let report = parsed(&folder.run(&[&["lint", "--output-format", "json"], arguments].concat()));
        let findings = report["findings"].as_array().expect("a list").clone();
        let of_rule = findings.into_iter().filter(|finding| finding["rule"] == "expired-suppression");
        of_rule.collect::<Vec<Value>>()
    };
    let day = |day: &'static str| ["--today", day];
    folder.write(
        "oasguard.yaml",
        "suppressions:\n  - rules: [cleartext-server]\n    reason: until the certificate is there\n    until: 2027-03-31\n",
    );
    assert!(expired(&day("2027-03-31")).is_empty(), "the last day is one of its days");
    let found = expired(&day("2027-04-01"));
    assert_eq!(found.len(), 1, "one finding, however many documents the file governs: {found:?}");
    let (finding, location) = (&found[0], &found[0]["location"]);
    assert_eq!((&location["path"], &location["line"]), (&json!("oasguard.yaml"), &json!(2)));
    assert_eq!(finding["message"], "the suppression of `cleartext-server` held until 2027-03-31");
    assert_eq!(finding["roots"], json!(["one.yaml", "two.yaml"]));
    assert!(expired(&["--today", "2027-04-01", "--ignore", "expired-suppression"]).is_empty());
    let severe = ["--today", "2027-04-01", "--config", "rules.expired-suppression.severity=high"];
    assert_eq!(expired(&severe)[0]["severity"], "high");
    // What moves in the file stays what it is; what is said twice is two findings.
    let fingerprint = finding["fingerprint"].clone();
    folder.write(
        "oasguard.yaml",
        "profile: pedantic\nsuppressions:\n\
         - { rules: [cleartext-server], until: 2027-03-31, reason: until the certificate is there }\n\
         - { rules: [cleartext-server], until: 2027-03-31, reason: until the certificate is there }\n",
    );
    let found = expired(&day("2027-04-01"));
    assert_eq!(found.len(), 2);
    assert!(found[0]["fingerprint"] != found[1]["fingerprint"], "{found:?}");
    assert!(found.iter().any(|finding| finding["fingerprint"] == fingerprint));
    // It can be accepted like any other finding: by a baseline, and by another suppression.
    let write = folder.run(&["baseline", "write", "--today", "2027-04-01"]);
    assert_eq!(write.status.code(), Some(0), "{}", text(&write.stderr));
    assert_eq!(expired(&day("2027-04-01")).len(), 0);
    let check = folder.run(&["baseline", "check", "--today", "2027-04-01"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    folder.write(
        "oasguard.yaml",
        "suppressions:\n- { rules: [cleartext-server], until: 2027-03-31, reason: a }\n\
         - { rules: [expired-suppression], reason: b }\n",
    );
    let output = folder.run(&["lint", "--no-baseline", "--output-format", "json", "--today", "2027-04-01"]);
    let report = parsed(&output);
    let findings = report["findings"].as_array().expect("a list");
    assert!(findings.iter().all(|finding| finding["rule"] != "expired-suppression"), "{findings:?}");
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["suppressions"][1]["occurrences"], 1, "{}", report["suppressions"]);
}

#[test]
fn the_order_of_keys_has_no_influence() {
    let folder = Folder::new("config-order");
    folder.write("openapi.yaml", API);
    let parts = [
        "profile: pedantic\n",
        "ignore: [loopback-server]\n",
        "rules:\n  transport: { severity: low }\n  cleartext-server: { severity: high }\n",
        "overrides:\n  - ignore: [unauthenticated-write]\n    paths: [/reports/**]\n",
        "fail-on: high\n",
    ];
    let mut answers = Vec::new();
    for turn in 0..parts.len() {
        let mut turned = parts.to_vec();
        turned.rotate_left(turn);
        folder.write("oasguard.yaml", &turned.concat());
        answers.push(found(&folder, &[]));
        turned.reverse();
        let flipped = turned.concat().replace(
            "  transport: { severity: low }\n  cleartext-server: { severity: high }\n",
            "  cleartext-server: { severity: high }\n  transport: { severity: low }\n",
        );
        folder.write("oasguard.yaml", &flipped);
        answers.push(found(&folder, &[]));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert!(answers[0].0.iter().any(|line| line.contains("high")), "something is found: {answers:?}");
}

#[test]
fn hostile_files_are_errors_and_end_soon() {
    let folder = Folder::new("config-hostile");
    folder.write("openapi.yaml", API);
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for depth in 1..20 {
        let of = depth - 1;
        bomb.push_str(&format!(
            "a{depth}: &a{depth} [*a{of}, *a{of}, *a{of}, *a{of}, *a{of}, *a{of}, *a{of}, *a{of}]\n"
        ));
    }
    let files: String = (0..2_000).map(|number| format!("f{number}, ")).collect();
    let repeated: String = (0..2_000).map(|_| "  - *one\n").collect();
    let texts: Vec<(String, bool)> = vec![
        (format!("ignore: {}{}", "[".repeat(100_000), "]".repeat(100_000)), true),
        (bomb, true),
        (format!("overrides:\n  - &one {{ files: [{files}], ignore: [transport] }}\n{repeated}"), true),
        (format!("exclude: ['{}']", "{a,b}".repeat(10_000)), true),
        (format!("exclude: ['{}{}']", "{a,".repeat(190), "}".repeat(190)), true),
        (format!("exclude: ['{}']", "*".repeat(900)), false),
        (format!("{}: 1", "k".repeat(900_000)), true),
        ("a: &a [*a]".to_owned(), true),
        ("\u{feff}profile: pedantic".to_owned(), false),
        ("<<: { profile: pedantic }\nignore: [transport]".to_owned(), false),
        ("<<: { profile: pedantic }\n<<: { profile: default }".to_owned(), true),
        ("[1, 2]".to_owned(), true),
        ("just text".to_owned(), true),
        ("\u{1b}[31m: 1".to_owned(), true),
        (format!("profile: \"{}\"", "\\u001b[31m".repeat(100)), true),
        ("# nothing\n".to_owned(), false),
        (String::new(), false),
        ("{}".to_owned(), false),
        ("--- \nprofile: pedantic\n--- \nprofile: default\n".to_owned(), true),
        (" ".repeat(2 << 20), true),
        (format!("limits: {{ depth: {} }}", "9".repeat(400)), true),
    ];
    let started = std::time::Instant::now();
    for (config, is_wrong) in &texts {
        fs::write(folder.0.join("oasguard.yaml"), config).expect("the folder is writable");
        let output = folder.run(&["lint", "--output-format", "json"]);
        let start: String = config.chars().take(60).collect();
        let report = parsed(&output);
        let errors = report["errors"].as_array().expect("a list");
        assert_eq!(!errors.is_empty(), *is_wrong, "{start}: {errors:?}");
        assert!(errors.iter().all(|error| error["rule"] == "configuration-error"), "{start}: {errors:?}");
        assert!(!text(&folder.run(&["lint"]).stdout).contains('\u{1b}'), "{start}");
    }
    fs::write(folder.0.join("oasguard.yaml"), b"\xff\xfe\xff").expect("the folder is writable");
    assert_eq!(errors(&folder, &[]).len(), 1);
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}

fn schema() -> Value {
    let text = include_str!("../../schemas/config-v1.schema.json");
    serde_json::from_str(text).expect("the schema is JSON")
}

/// A text of settings as JSON, read by another reader.
fn as_json(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).expect("well-formed YAML")
}

#[test]
fn the_schema_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config-v1.schema.json");
    let expected = oasguard::config::schema_text();
    if std::env::var_os("TEST_OASGUARD_BLESS").is_some() {
        fs::write(&path, &expected).expect("the file is writable");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == expected, "schemas/config-v1.schema.json lags behind: run `cargo xtask bless`");
}

#[test]
fn the_reference_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let written = fs::read_to_string(&path).expect("the page is there");
    let expected = oasguard::config::with_reference(&written).expect("the page has a generated part");
    if std::env::var_os("TEST_OASGUARD_BLESS").is_some() {
        fs::write(&path, &expected).expect("the file is writable");
        return;
    }
    assert!(written == expected, "docs/configuration.md lags behind: run `cargo xtask bless`");
}

#[test]
fn the_schema_accepts_what_is_right_and_refuses_what_is_wrong() {
    let schema = jsonschema::validator_for(&schema()).expect("the schema is one");
    let complete = as_json(include_str!("../../testdata/config/complete.yaml"));
    let faults: Vec<_> = schema.iter_errors(&complete).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let keys = complete.as_object().expect("an object");
    let missing: Vec<_> =
        oasguard::config::SETTINGS.iter().filter(|setting| !keys.contains_key(setting.name)).collect();
    assert!(missing.is_empty(), "testdata/config/complete.yaml has every key: {missing:?}");
    assert!(schema.is_valid(&json!(null)) && schema.is_valid(&json!({})));
    // Line by line, each fault of the other file is one for the schema as well.
    let folder = Folder::new("config-schema");
    folder.write("openapi.yaml", API);
    for wrong in [
        "profil: pedantic",
        "profile: strict",
        "select: transport",
        "ignore: [transprt]",
        "ignore: [syntax-error]",
        "rules: { unbounded-string: { severity: hi } }",
        "rules: { unbounded-string: { endles: 3 } }",
        "rules: { unbounded-string: { endless: 0 } }",
        "rules: { unbounded: {} }",
        "rules: { unbounded-array: [] }",
        "overrides: [{ ignore: [transport] }]",
        "overrides: [x]",
        "public: [{ reason: a }]",
        "suppressions: [{ rules: [transport] }]",
        "suppressions: [{ reason: a }]",
        "suppressions: [{ fingerprints: [xyz], reason: a }]",
        "limits: { depth: 0 }",
        "limits: { dept: 1 }",
        "limits: { file-size: 4X }",
        "fail-on: error",
        "output: { format: sarfi }",
        "threads: 0",
        "threads: 1025",
        "root: 1",
        "locked: [threads]",
        "[1]",
    ] {
        assert!(!schema.is_valid(&as_json(wrong)), "{wrong}");
        folder.write("oasguard.yaml", wrong);
        assert!(!errors(&folder, &[]).is_empty(), "{wrong}");
    }
    folder.write("base.yaml", "");
    folder.write("oasguard.yaml", include_str!("../../testdata/config/complete.yaml"));
    let output = folder.run(&["config", "show", "openapi.yaml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_starter_is_written_once_and_changes_nothing() {
    let folder = Folder::new("config-init");
    folder.write("api/one [1].yaml", API);
    folder.write("api/two.yaml", API);
    let before = found(&folder, &[]);
    let output = folder.run(&["init"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    assert!(out.starts_with("wrote oasguard.yaml: 2 documents\n"), "{out}");
    let starter = fs::read_to_string(folder.0.join("oasguard.yaml")).expect("the file is there");
    let schema = jsonschema::validator_for(&schema()).expect("the schema is one");
    assert!(schema.is_valid(&as_json(&starter)), "{starter}");
    assert_eq!(found(&folder, &[]), before, "{starter}");
    // What stands in comments is right as well.
    let woken = starter.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest)
            if rest.starts_with(' ') || rest.split(' ').next().is_some_and(|word| word.ends_with(':')) =>
        {
            rest
        }
        _ => line,
    });
    let woken: Vec<_> = woken.collect();
    let woken = woken.join("\n");
    assert!(woken.contains("\nsuppressions:\n  - rules:") && schema.is_valid(&as_json(&woken)), "{woken}");
    folder.write("oasguard.yaml", &woken);
    assert!(folder.run(&["config", "show"]).status.success(), "{woken}");
    let again = folder.run(&["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.0.join("oasguard.yaml")).expect("the file is there"), woken);
}

#[test]
fn a_document_from_standard_input_has_the_configuration_of_its_name() {
    let folder = Folder::new("config-stdin");
    folder.write("api/oasguard.yaml", "select: [cleartext-server]\n");
    let arguments = ["lint", "-", "--stdin-filename", "api/new.yaml", "--output-format", "concise"];
    let output = folder.feed(&arguments, API);
    let out = text(&output.stdout);
    assert!(out.contains("cleartext-server") && !out.contains("unauthenticated-write"), "{out}");
}
