//! Baselines: what is accepted stays accepted while it stays, and nothing else is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use oasguard::baseline::{Baseline, Conflicts, Entry};
use oasguard::lint::Severity;
use oasguard::source::Limits;

use super::support::{Random, corpus, executions, mutated, report};

/// A folder of its own that is a repository, so that nothing above it is looked at.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("oasguard-baseline-{}-{number}", std::process::id()));
        std::fs::create_dir_all(folder.join(".git")).expect("a folder for temporary files");
        Folder(folder)
    }

    fn write(&self, name: &str, text: &str) -> &Folder {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a writable file");
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("a file")
    }

    fn remove(&self, name: &str) -> &Folder {
        std::fs::remove_file(self.0.join(name)).expect("a file");
        self
    }

    /// The exit code and both outputs.
    fn run(&self, arguments: &str) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_oasguard"))
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .env("NO_COLOR", "1")
            .output()
            .expect("oasguard runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn accept(&self) -> &Folder {
        let (code, _, errors) = self.run("baseline write --today 2026-05-19");
        assert_eq!(code, 0, "{errors}");
        self
    }

    /// What is new, a line a finding.
    fn reported(&self) -> Vec<String> {
        let (code, out, errors) = self.run("lint --output-format concise");
        assert_ne!(code, 2, "{errors}");
        out.lines().map(str::to_owned).collect()
    }

    fn entries(&self) -> usize {
        self.read(FILE).lines().filter(|line| line.starts_with("- {")).count()
    }

    fn git(&self, arguments: &[&str]) -> bool {
        let status = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .expect("git runs");
        status.status.success()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const FILE: &str = "oasguard-baseline.yaml";

const SHOP: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'http://shop.acme-corp.com/v1'}]
paths:
  /orders:
    get:
      parameters: [{in: query, name: password, schema: {type: string}}]
      responses: {'200': {description: ok}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses: {'201': {description: made}}
  /users/{userId}:
    delete:
      parameters: [{in: path, name: userId, required: true, schema: {type: integer}}]
      security: [{token: []}]
      responses: {'204': {description: gone}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
";

fn shop() -> Folder {
    let folder = Folder::new();
    folder.write("shop.yaml", SHOP);
    assert!(!folder.reported().is_empty());
    folder.accept();
    folder
}

#[test]
fn what_is_accepted_is_not_reported_and_its_age_is_said() {
    let folder = shop();
    let (code, out, errors) = folder.run("lint --today 2026-11-22");
    assert_eq!(code, 0, "{out}");
    assert!(out.starts_with("no findings: "), "{out}");
    let line = errors.lines().find(|line| line.contains(" known (")).expect("a line about what is known");
    assert!(line.contains(" high, oldest 187 d)"), "{line}");
    let (code, out, _) = folder.run("lint --no-baseline --output-format concise");
    assert!(code == 1 && !out.is_empty());
    let (_, json, _) = folder.run("lint --output-format json --today 2026-11-22");
    assert!(json.contains("\"oldest\": \"2026-05-19\""), "{json}");
}

#[test]
fn moving_lines_and_reformatting_make_nothing_new() {
    let folder = shop();
    folder
        .write("shop.yaml", &format!("# a comment\n\n{}", SHOP.replace("paths:\n", "\n\n# more\npaths:\n")));
    assert_eq!(folder.reported(), [""; 0]);
    folder.write(
        "shop.yaml",
        &SHOP.replace(
            "servers: [{url: 'http://shop.acme-corp.com/v1'}]",
            "servers:\n- url: \"http://shop.acme-corp.com/v1\"",
        ),
    );
    assert_eq!(folder.reported(), [""; 0]);
    assert_eq!(folder.run("baseline check").0, 0);
}

#[test]
fn the_order_of_keys_makes_nothing_new() {
    let folder = shop();
    let (head, tail) = SHOP.split_once("  /users").expect("two paths");
    let (head, first) = head.split_once("  /orders").expect("two paths");
    let (second, tail) = tail.split_once("components").expect("a part after the paths");
    folder.write("shop.yaml", &format!("components{tail}{head}  /users{second}  /orders{first}"));
    assert_eq!(folder.reported(), [""; 0]);
    assert_eq!(folder.run("baseline check").0, 0);
}

#[test]
fn yaml_may_become_json_and_json_yaml() {
    let folder = shop();
    let value: serde_json::Value = serde_yaml::from_str(SHOP).expect("YAML");
    let json = serde_json::to_string_pretty(&value).expect("JSON");
    folder.remove("shop.yaml").write("shop.json", &json);
    assert_eq!(folder.reported(), [""; 0]);
    folder.accept();
    assert!(folder.read(FILE).contains("path: shop.json") && !folder.read(FILE).contains("shop.yaml"));
    assert!(folder.read(FILE).contains("2026-05-19"));
    folder.remove("shop.json").write("shop.yml", SHOP);
    assert_eq!(folder.reported(), [""; 0]);
}

#[test]
fn a_renamed_folder_keeps_its_entries_and_their_days() {
    let folder = Folder::new();
    folder.write("specs/v1.yaml", SHOP).write("specs/v2.yaml", &SHOP.replace("note", "remark")).accept();
    let before = folder.read(FILE);
    std::fs::rename(folder.0.join("specs"), folder.0.join("apis")).expect("a folder");
    assert_eq!(folder.reported(), [""; 0]);
    let (code, out, _) = folder.run("baseline write --today 2026-11-22");
    assert!(code == 0 && out.contains("moved with their files") && !out.contains("new"), "{out}");
    assert_eq!(folder.read(FILE), before.replace("specs/", "apis/"));
}

#[test]
fn crossing_a_threshold_in_either_direction_makes_nothing_new() {
    let fields = |bounded: usize, unbounded: usize| {
        let bounded = (0..bounded).map(|i| format!("b{i}: {{type: string, maxLength: 9}}"));
        let all: Vec<_> = bounded.chain((0..unbounded).map(|i| format!("u{i}: {{type: string}}"))).collect();
        SHOP.replace("note: {type: string}", &all.join(", "))
    };
    let folder = Folder::new();
    for (before, after) in [((0, 12), (9, 12)), ((9, 12), (0, 12))] {
        folder.write("shop.yaml", &fields(before.0, before.1)).accept();
        folder.write("shop.yaml", &fields(after.0, after.1));
        assert_eq!(folder.reported(), [""; 0], "from {before:?} to {after:?}");
    }
}

/// A document with so many protected and open operations.
fn guarded(protected: usize, open: usize, scheme: bool) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.acme-corp.com/v1'}]\npaths:\n".to_owned();
    let mut add = |path: String, security: &str| {
        text.push_str(&format!(
            "  {path}:\n    get: {{{security}responses: {{'200': {{description: ok}}}}}}\n"
        ));
        text.push_str(&format!("    put: {{{security}responses: {{'200': {{description: ok}}}}}}\n"));
    };
    (0..protected).for_each(|i| add(format!("/p{i}"), "security: [{t: []}], "));
    (0..open).for_each(|i| add(format!("/admin/o{i}"), ""));
    if scheme {
        text.push_str("components: {securitySchemes: {t: {type: http, scheme: bearer}}}\n");
    }
    text
}

#[test]
fn protecting_more_operations_makes_nothing_new() {
    let folder = Folder::new();
    // From no scheme to the first one, from few protected operations to nearly all: other rules speak, and more severely.
    let stages = [guarded(0, 24, false), guarded(1, 23, true), guarded(12, 12, true), guarded(23, 1, true)];
    let renamed = |stage: &str| {
        // The same paths in every stage: what is protected was open before.
        let mut number = 0;
        let lines =
            stage.lines().map(|line| match line.strip_suffix(':').filter(|line| line.starts_with("  /")) {
                Some(_) => {
                    number += 1;
                    format!("  /admin/r{number}:")
                }
                None => line.to_owned(),
            });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    };
    folder.write("shop.yaml", &renamed(&stages[0])).accept();
    for stage in &stages[1..] {
        folder.write("shop.yaml", &renamed(stage));
        assert_eq!(folder.reported(), [""; 0], "{stage}");
    }
}

#[test]
fn protecting_a_sibling_makes_nothing_new() {
    let folder = Folder::new();
    let open = guarded(6, 1, true).replace("/admin/o0", "/o0");
    folder.write("shop.yaml", &open).accept();
    let at = open.find("/o0").expect("the open path");
    let (head, tail) = open.split_at(at);
    folder
        .write("shop.yaml", &format!("{head}{}", tail.replacen("get: {", "get: {security: [{t: []}], ", 1)));
    assert_eq!(folder.reported(), [""; 0]);
}

#[test]
fn a_bound_that_is_lost_is_new() {
    let folder = Folder::new();
    folder.write(
        "shop.yaml",
        &SHOP.replace("note: {type: string}", "note: {type: string}, title: {type: string, maxLength: 9}"),
    );
    folder.accept();
    folder.write(
        "shop.yaml",
        &SHOP.replace("note: {type: string}", "note: {type: string}, title: {type: string}"),
    );
    let new = folder.reported();
    assert!(new.len() == 1 && new[0].contains("`title`") && !new[0].contains("`note`"), "{new:?}");
}

#[test]
fn what_is_fixed_is_said_and_pruned() {
    let folder = shop();
    let before = folder.entries();
    folder.write("shop.yaml", &SHOP.replace("http://shop", "https://shop"));
    let (code, out, _) = folder.run("baseline check");
    assert!(code == 1 && out.contains("fixed[cleartext-server]"), "{out}");
    assert_eq!(folder.run("lint").0, 0, "who does not insist is not bothered");
    let (code, out, errors) = folder.run("lint --baseline-strict");
    assert!(code == 1 && errors.contains("fixed[cleartext-server]"), "{errors}");
    assert!(!out.contains("fixed["), "the report is the report: {out}");
    let (code, out, _) = folder.run("baseline prune");
    assert!(code == 0 && out.contains("fixed and removed"), "{out}");
    assert!(folder.entries() < before);
    assert_eq!(folder.run("lint --baseline-strict").0, 0);
    assert_eq!(folder.run("baseline check").0, 0);
    // What was pruned and comes back is new.
    folder.write("shop.yaml", SHOP);
    assert!(folder.reported().iter().any(|line| line.contains("over-cleartext")));
    let (code, out, _) = folder.run("baseline check");
    assert!(code == 1 && out.contains("over-cleartext"), "{out}");
}

#[test]
fn a_second_write_gives_the_same_bytes_and_keeps_the_days() {
    let folder = shop();
    let first = folder.read(FILE);
    assert_eq!(folder.run("baseline write --today 2026-11-22").0, 0);
    assert_eq!(folder.read(FILE), first);
    folder.write(
        "shop.yaml",
        &SHOP.replace("note: {type: string}", "note: {type: string}, title: {type: string}"),
    );
    assert_eq!(folder.run("baseline write --today 2026-11-22").0, 0);
    let second = folder.read(FILE);
    let added: Vec<_> = second.lines().filter(|line| !first.contains(line)).collect();
    assert!(added.len() == 1 && added[0].contains("since: 2026-11-22"), "{added:?}");
}

#[test]
fn entries_of_documents_that_were_not_looked_at_stay() {
    let folder = Folder::new();
    folder.write("a/shop.yaml", SHOP).write("b/shop.yaml", SHOP).accept();
    let all = folder.read(FILE);
    for command in ["baseline prune a", "baseline write a", "baseline prune a --select transport"] {
        assert_eq!(folder.run(command).0, 0, "{command}");
        assert_eq!(folder.read(FILE), all, "{command}");
    }
    assert_eq!(folder.run("lint a --baseline-strict").0, 0);
    assert_eq!(folder.run("lint --select transport --baseline-strict").0, 0);
    // What is gone is fixed where it would have been found.
    folder.remove("b/shop.yaml");
    folder.run("baseline prune a");
    assert_eq!(folder.read(FILE), all);
    folder.run("baseline prune");
    assert_eq!(folder.entries(), all.lines().filter(|line| line.contains("path: a/")).count());
}

#[test]
fn a_syntax_error_loses_no_entry() {
    let folder = Folder::new();
    folder.write("a.yaml", SHOP).write("b.yaml", SHOP).accept();
    let all = folder.read(FILE);
    folder.write("b.yaml", &format!("{SHOP}  ]broken: [\n"));
    for command in ["baseline write", "baseline prune", "baseline check", "lint --baseline-strict"] {
        let (code, _, errors) = folder.run(command);
        assert!(code == 2 && !errors.contains("fixed["), "{command}: {errors}");
        assert_eq!(folder.read(FILE), all, "{command}");
    }
}

#[test]
fn a_shared_part_has_entries_for_each_root() {
    let folder = Folder::new();
    let root = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.acme-corp.com/v1'}]\npaths: {/orders: {$ref: 'parts/orders.yaml'}, /p: {get: {security: [t: []], responses: {'200': {description: ok}}}}}\ncomponents: {securitySchemes: {t: {type: http, scheme: bearer}}}\n";
    let part = "post: {responses: {'200': {description: ok}}}\n";
    folder.write("a.yaml", root).write("b.yaml", root).write("parts/orders.yaml", part).accept();
    let keys: Vec<_> = folder
        .read(FILE)
        .lines()
        .filter(|line| line.contains("parts/orders.yaml"))
        .map(str::to_owned)
        .collect();
    let of_root = |root: &str| {
        keys.iter().filter(|line| line.contains(root) && line.contains("unauthenticated-write")).count()
    };
    assert_eq!((of_root("root: a.yaml"), of_root("root: b.yaml")), (1, 1), "{keys:#?}");
    // One root alone says nothing about what the other reaches.
    assert_eq!(folder.run("lint a.yaml --baseline-strict").0, 0);
    let all = folder.read(FILE);
    folder.run("baseline prune b.yaml");
    assert_eq!(folder.read(FILE), all);
    std::fs::rename(folder.0.join("a.yaml"), folder.0.join("z.yaml")).expect("a file");
    assert_eq!(folder.reported(), [""; 0]);
}

#[test]
fn the_baseline_is_found_in_folders_above_up_to_the_repository() {
    let folder = shop();
    folder.write("deep/er/x.txt", "");
    let output = |folder: &Path| {
        let run = Command::new(env!("CARGO_BIN_EXE_oasguard"))
            .args(["lint", "--output-format", "concise"])
            .arg(
                folder
                    .ancestors()
                    .find(|a| a.join("shop.yaml").exists())
                    .expect("the folder")
                    .join("shop.yaml"),
            )
            .current_dir(folder)
            .output()
            .expect("oasguard runs");
        run.status.code()
    };
    assert_eq!(output(&folder.0.join("deep/er")), Some(0));
    // Not beyond: another repository has its own.
    std::fs::create_dir(folder.0.join("deep/.git")).expect("a folder");
    assert_eq!(output(&folder.0.join("deep/er")), Some(1));
}

#[test]
fn a_baseline_that_is_named_and_not_there_is_an_error() {
    let folder = Folder::new();
    folder.write("shop.yaml", SHOP);
    for command in [
        "lint --baseline no.yaml",
        "baseline check",
        "baseline prune",
        "baseline show",
        "lint --baseline-strict",
    ] {
        let (code, out, errors) = folder.run(command);
        assert!(code == 2 && out.is_empty() && errors.contains("baseline write"), "{command}: {errors}");
    }
    assert_eq!(folder.run("baseline write --baseline ci/no.yaml").0, 2, "no folder is made up");
    assert_eq!(folder.run("baseline write --baseline own.yaml").0, 0);
    assert_eq!(folder.run("lint --baseline own.yaml").0, 0);
    assert_eq!(folder.run("lint").0, 1);
}

#[test]
fn show_needs_no_documents() {
    let folder = shop();
    folder.remove("shop.yaml");
    let (code, out, _) = folder.run("baseline show --today 2026-11-22");
    assert!(code == 0 && out.contains("cleartext-server") && out.contains("187 d"), "{out}");
    let (code, out, _) = folder.run("baseline show --output-format json --today 2026-11-22");
    let shown: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(code, 0);
    assert_eq!(shown["total"]["count"].as_u64(), Some(folder.entries() as u64));
    assert_eq!(shown["total"]["oldest_days"].as_u64(), Some(187));
}

/// The values of an object and of what is in it, by their pointers.
fn pointers(value: &serde_json::Value, prefix: &str, all: &mut Vec<String>) {
    let inner: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Object(object) => object.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    for (key, inner) in inner {
        let pointer = format!("{prefix}/{key}");
        pointers(inner, &pointer, all);
        all.push(pointer);
    }
}

/// Holds an output against its schema: it is valid, and no field can be left out or become a number that it is not.
fn assert_described(shown: &serde_json::Value, schema: &str) {
    let schema: serde_json::Value = serde_json::from_str(schema).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    assert!(schema.is_valid(shown), "{:?}", schema.iter_errors(shown).next());
    let mut all = Vec::new();
    pointers(shown, "", &mut all);
    for pointer in all {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a token");
        let mut broken = shown.clone();
        *broken.pointer_mut(&pointer).expect("it was collected") = serde_json::json!(-1.5);
        assert!(!schema.is_valid(&broken), "valid with a number for {pointer}");
        let mut broken = shown.clone();
        let object = broken.pointer_mut(parent).and_then(serde_json::Value::as_object_mut);
        if let Some(object) = object {
            object.remove(key);
            assert!(!schema.is_valid(&broken), "valid without {pointer}");
        }
    }
}

#[test]
fn what_show_says_to_programs_is_described_by_schemas() {
    let folder = shop();
    let parsed = |out: &str| serde_json::from_str::<serde_json::Value>(out).expect("JSON");
    let (_, out, _) = folder.run("baseline show --output-format json --today 2026-11-22");
    let schema = include_str!("../../schemas/baseline-v1.schema.json");
    assert_described(&parsed(&out), schema);
    folder.write("empty.yaml", "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n");
    assert_eq!(folder.run("baseline write --baseline none.yaml empty.yaml").0, 0);
    let (_, out, _) = folder.run("baseline show --baseline none.yaml --output-format json");
    let none = parsed(&out);
    assert_described(&none, schema);
    let configuration =
        "ignore: [inventory]\nlimits: {depth: 100}\nexclude: [a, b]\npublic: [{paths: [/a]}]\n";
    folder.write("oasguard.yaml", configuration);
    let (code, out, errors) = folder.run("config show shop.yaml --output-format json --threads 2");
    assert_eq!(code, 0, "{errors}");
    let shown = parsed(&out);
    assert_described(&shown, include_str!("../../schemas/config-show-v1.schema.json"));
    let settings = shown["settings"].as_array().expect("a list");
    assert!(settings.iter().any(|row| row["path"] == "oasguard.yaml" && row["line"] == 2));
    assert!(settings.iter().any(|row| row["value"].is_null() && row.get("path").is_none()));
}

#[test]
fn a_rule_that_one_document_ignores_leaves_its_entries_alone() {
    let folder = shop();
    folder.write("other.yaml", SHOP).accept();
    let all = folder.entries();
    let of_rule = |rule: &str, file: &str| {
        let text = folder.read(FILE);
        let lines = text.lines().filter(|line| line.contains(rule) && line.contains(file));
        lines.count()
    };
    let kept = of_rule("cleartext-server", "other.yaml");
    assert!(kept > 0);
    for ignoring in [
        "overrides: [{files: [other.yaml], ignore: [cleartext-server]}]\n",
        "overrides: [{files: [other.yaml], paths: ['**'], ignore: [cleartext-server]}]\n",
    ] {
        folder.write("oasguard.yaml", ignoring);
        for command in ["baseline check", "baseline prune", "baseline write"] {
            let (code, out, errors) = folder.run(command);
            assert_eq!(code, 0, "{command}: {out}{errors}");
            assert!(!out.contains("fixed"), "{command}: {out}");
            assert_eq!(folder.entries(), all, "{command}");
        }
    }
    // For the other document the rule runs: there it is fixed.
    folder.write("shop.yaml", &SHOP.replace("http://", "https://"));
    assert_eq!(folder.run("baseline prune").0, 0);
    assert_eq!(of_rule("cleartext-server", "other.yaml"), kept);
    assert_eq!(of_rule("cleartext-server", "shop.yaml"), 0);
}

#[test]
fn branches_merge() {
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: there is no git");
        return;
    }
    for (attributes, field, merges) in [
        ("", "  /users/{userId}:", true),
        ("", "note: {type: string}", false),
        ("oasguard-baseline.yaml merge=union\n", "note: {type: string}", true),
    ] {
        let folder = Folder::new();
        std::fs::remove_dir_all(folder.0.join(".git")).expect("the folder that was made");
        assert!(folder.git(&["init", "-q", "-b", "main"]));
        folder.write(".gitattributes", attributes);
        folder.write("a.yaml", SHOP).write("m.yaml", SHOP).write("z.yaml", SHOP).accept();
        assert!(folder.git(&["add", "-A"]) && folder.git(&["commit", "-qm", "base"]));
        // Each branch adds a finding and accepts it: far from each other, or next to each other.
        let near = field.starts_with("note");
        let files = if near { ["m.yaml", "m.yaml"] } else { ["a.yaml", "z.yaml"] };
        for (branch, file, name) in [("one", files[0], "one"), ("two", files[1], "two")] {
            assert!(folder.git(&["checkout", "-qb", branch, "main"]));
            let text = SHOP.replace(
                "note: {type: string}",
                &format!("note: {{type: string}}, {name}: {{type: string}}"),
            );
            folder.write(file, &text);
            assert_eq!(folder.run("baseline write --today 2026-06-01").0, 0);
            assert!(folder.git(&["commit", "-qam", branch]));
        }
        let both = "note: {type: string}, one: {type: string}, two: {type: string}";
        folder.git(&["merge", "-q", "one"]);
        if near {
            folder.write("m.yaml", &SHOP.replace("note: {type: string}", both));
        }
        let text = folder.read(FILE);
        let is_merged = !text.contains("<<<<<<<");
        if is_merged {
            assert_eq!(folder.reported(), [""; 0], "{text}");
            assert_eq!(folder.run("baseline check").0, 0, "{text}");
        } else {
            assert!(!merges, "{text}");
            let (code, _, errors) = folder.run("lint");
            assert!(
                code == 2 && errors.contains("resolve the conflict, or run `oasguard baseline write`"),
                "{errors}"
            );
            assert_eq!(folder.run("baseline write --today 2026-07-01").0, 0);
            let written = folder.read(FILE);
            assert!(
                !written.contains("<<<<<<<") && !written.contains("2026-07-01"),
                "days are kept: {written}"
            );
            assert_eq!(folder.reported(), [""; 0]);
        }
    }
}

fn read(text: &str) -> Result<Baseline, Vec<String>> {
    let read = Baseline::read(
        "b.yaml".into(),
        "b.yaml".into(),
        text.to_owned(),
        Conflicts::Refuse,
        &Limits::default(),
    );
    read.map_err(|failures| {
        let said = failures.iter().map(|failure| {
            let line = failure.location.as_ref().map_or(0, |location| location.start.line);
            format!("{line}: {}", failure.message)
        });
        said.collect()
    })
}

const GOOD: &str = "{ path: a.yaml, rule: x, fingerprint: 0123456789abcdef0123456789abcdef, severity: high, since: 2026-01-01 }";

#[test]
fn hostile_baselines_are_refused_with_their_places() {
    for (text, line, message) in [
        (String::new(), 1, "a baseline is an object"),
        ("[]".to_owned(), 1, "a baseline is an object"),
        ("entries: []".to_owned(), 1, "the baseline has no `version`"),
        ("version: 2\nentries:\n- {new: thing}".to_owned(), 1, "the baseline has version 2"),
        ("version: one".to_owned(), 1, "no version of a baseline"),
        ("version: 1\nentries: 7".to_owned(), 2, "`entries` is no list"),
        ("version: 1\nversion: 1".to_owned(), 2, "`version` stands twice"),
        ("version: 1\nmore: 1".to_owned(), 2, "there is no key `more`"),
        ("version: 1\nentries:\n- 7".to_owned(), 3, "an entry is an object"),
        (format!("version: 1\nentries:\n- {GOOD}\n- {}", GOOD.replace("high", "fatal")), 4, "no severity"),
        (format!("version: 1\nentries:\n- {}", GOOD.replace("2026-01-01", "2026-02-30")), 3, "no day"),
        (format!("version: 1\nentries:\n- {}", GOOD.replace("0123", "xyz")), 3, "32 hexadecimal digits"),
        (format!("version: 1\nentries:\n- {}", GOOD.replace("a.yaml", "/etc/passwd")), 3, "no path relative"),
        (
            format!("version: 1\nentries:\n- {}", GOOD.replace("a.yaml", "'\\\\evil\\share'")),
            3,
            "no path relative",
        ),
        (format!("version: 1\nentries:\n- {}", GOOD.replace("a.yaml", "C:/a")), 3, "no path relative"),
        (format!("version: 1\nentries:\n- {}", GOOD.replace("rule: x, ", "")), 3, "no `rule`"),
        (
            format!("version: 1\nentries:\n- {}", GOOD.replace("rule: x", "rule: x, rule: y")),
            3,
            "`rule` stands twice",
        ),
        (
            format!("version: 1\nentries:\n- {}", GOOD.replace("rule: x", "rule: x, reason: y")),
            3,
            "there is no key `reason`",
        ),
        (
            format!("version: 1\nentries:\n<<<<<<< ours\n- {GOOD}\n=======\n>>>>>>> theirs\n"),
            3,
            "a merge has left a conflict",
        ),
        (format!("version: 1\nentries: {}", "[".repeat(100_000)), 2, "nested"),
        ("version: 1\nentries:\n- {path: [".to_owned(), 3, ""),
    ] {
        let errors = read(&text).expect_err(&text[..text.len().min(80)]);
        let found =
            errors.iter().any(|error| error.starts_with(&format!("{line}: ")) && error.contains(message));
        assert!(found, "{errors:?}: {}", &text[..text.len().min(200)]);
    }
}

#[test]
fn entries_may_stand_in_any_order_and_twice() {
    let other = GOOD.replace("a.yaml", "A.yaml").replace("2026-01-01", "2025-01-01");
    let worse = GOOD.replace("high", "low").replace("2026-01-01", "2025-12-31");
    let baseline =
        read(&format!("entries:\n- {GOOD}\n- {other}\n- {worse}\nversion: 1\n")).expect("a baseline");
    let shown: Vec<_> =
        baseline.entries.iter().map(|e| (e.path.as_str(), e.severity, e.since.to_string())).collect();
    assert_eq!(
        shown,
        [
            ("A.yaml", Severity::High, "2025-01-01".to_owned()),
            ("a.yaml", Severity::High, "2025-12-31".to_owned())
        ]
    );
}

#[test]
fn whatever_a_baseline_holds_nothing_panics() {
    let good = format!("# x\nversion: 1\nentries:\n- {GOOD}\n- {}\n", GOOD.replace("a.yaml", "b/ü c.yaml"));
    let tokens = [
        "{", "}", "[", "]", "- ", ": ", "&a ", "*a", "<<: ", "\"", "'", "\u{0}", "\u{202e}", "!!binary ",
        "? ", "|\n", "1e999", "~", "<<<<<<< ",
    ];
    let mut random = Random(7);
    for _ in 0..executions(2_000) {
        let text = mutated(&good, &tokens, &mut random);
        if let Ok(baseline) = read(&text) {
            let mut written = Vec::new();
            baseline.write(&mut written).expect("memory takes everything");
            let again = read(&String::from_utf8(written).expect("UTF-8"));
            assert_eq!(again.as_ref(), Ok(&baseline), "{text}");
        }
    }
}

#[test]
fn a_hundred_thousand_entries_are_read_and_written_fast() {
    let entry = |number: usize| Entry {
        path: format!("specs/{}.yaml", number % 1000),
        root: None,
        rule: "unbounded-string".to_owned(),
        fingerprint: format!("{number:032x}"),
        severity: Severity::Low,
        since: "2026-01-01".parse().expect("a day"),
    };
    let baseline = Baseline { entries: (0..100_000).map(entry).collect() };
    let mut text = Vec::new();
    baseline.write(&mut text).expect("memory takes everything");
    let started = std::time::Instant::now();
    let read = read(&String::from_utf8(text).expect("UTF-8")).expect("a baseline");
    assert_eq!(read.entries.len(), 100_000);
    println!("100,000 entries were read in {:?}", started.elapsed());
    // Wide of what it takes, so that only what is not linear fails.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = Folder::new();
    for number in 0..24 {
        folder.write(&format!("s{number}.yaml"), &SHOP.replace("note", &format!("note{}", number % 5)));
    }
    let written = |threads: &str| {
        let _ = std::fs::remove_file(folder.0.join(FILE));
        assert_eq!(folder.run(&format!("baseline write --today 2026-01-01 --threads {threads}")).0, 0);
        folder.read(FILE)
    };
    let one = written("1");
    assert_eq!(written("2"), one);
    for number in 0..24 {
        std::fs::rename(folder.0.join(format!("s{number}.yaml")), folder.0.join(format!("t{number}.yaml")))
            .expect("a file");
    }
    let out = |threads: &str| folder.run(&format!("baseline check --threads {threads}"));
    assert_eq!(out("1"), out("3"));
}

/// Real documents: what was written is silent, and one more open operation is all that is new.
#[test]
fn real_documents_are_silent_beside_their_baseline() {
    let Some((_, files)) = corpus() else { return };
    let mut failures = Vec::new();
    let mut compared = 0;
    for path in files.iter().filter(|path| path.metadata().is_ok_and(|m| m.len() < 400_000)).step_by(3) {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let name = if text.trim_start().starts_with('{') { "root.json" } else { "root.yaml" };
        let folder = Folder::new();
        folder.write(name, &text);
        if folder.run(&format!("lint {name} --output-format concise")).0 == 2 {
            continue;
        }
        compared += 1;
        folder.accept();
        let new = folder.reported();
        if !new.is_empty() {
            failures.push(format!("{}: {new:?}", path.display()));
        }
        let added = match name {
            "root.json" => match text.split_once("\"paths\"") {
                Some((head, tail)) => tail.split_once('{').map(|(colon, tail)| {
                    let comma = if tail.trim_start().starts_with('}') { "" } else { "," };
                    format!("{head}\"paths\"{colon}{{\"/oasguard-added/{{id}}\": {{\"delete\": {{\"responses\": {{\"204\": {{\"description\": \"gone\"}}}}}}}}{comma}{tail}")
                }),
                None => None,
            },
            _ => text.split_once("\npaths:\n").map(|(head, tail)| {
                let indent = tail.len() - tail.trim_start_matches(' ').len();
                format!("{head}\npaths:\n{:indent$}/oasguard-added/{{id}}: {{delete: {{responses: {{'204': {{description: gone}}}}}}}}\n{tail}", "")
            }),
        };
        // Of the first operation everything is new that can be said of a document.
        if folder.run(&format!("lint {name} --show-files")).1.contains(" 0 operations") {
            continue;
        }
        let Some(added) = added.filter(|added| serde_yaml::from_str::<serde_yaml::Value>(added).is_ok())
        else {
            continue;
        };
        folder.write(name, &added);
        let (code, out, _) = folder.run(&format!("lint {name} --output-format concise"));
        // Of a document that could only be read it is worse news that it declares no scheme.
        let is_first_write = |line: &str| {
            line.contains("no-security-schemes") && line.ends_with("one operation changes something")
        };
        let is_other = |line: &&str| !line.contains("oasguard-added") && !is_first_write(line);
        if code != 2 && out.lines().any(|line| is_other(&line)) {
            failures.push(format!(
                "{}: {:?}",
                path.display(),
                out.lines().filter(is_other).collect::<Vec<_>>()
            ));
        }
    }
    println!("{compared} documents were silent beside their baselines");
    report(&failures);
}
