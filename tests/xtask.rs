//! `cargo xtask new-rule` for real: a new rule builds, its page fails, and passes as soon as the rule finds what it shows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../xtask/src/new_rule.rs"]
mod new_rule;

/// What the build of the pages' test needs.
const COPIED: &[&str] = &["Cargo.lock", "Cargo.toml", "docs", "rules", "src", "tests/rules.rs"];

#[test]
fn a_new_rule_fails_until_it_finds_what_its_page_shows() {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-rule");
    copy_project(&copy);
    assert!(new_rule::write(&copy, "inventory", "unversioned-api").is_err(), "the id is taken");
    assert!(new_rule::write(&copy, "inventory", "syntax-error").is_err(), "the id is taken by an error");
    assert!(new_rule::write(&copy, "nowhere", "demo-trace").is_err(), "there is no such category");
    new_rule::write(&copy, "resource-consumption", "demo-trace").unwrap();

    let (passes, output) = test(&copy);
    let failure =
        "rules/resource-consumption/demo-trace.md: Bad block 1: no finding is at openapi.yaml:5:5..10";
    assert!(!passes && output.contains(failure), "{output}");

    let source = copy.join("src/rules/resource_consumption/demo_trace.rs");
    let template = std::fs::read_to_string(&source).unwrap();
    let nothing = "fn check<'a>(_api: &'a Api<'a>, _operation: &'a Operation<'a>, _sink: &mut Sink<'a>) {}\n";
    assert!(template.contains(nothing), "{template}");
    let check = r#"fn check<'a>(_api: &'a Api<'a>, operation: &'a Operation<'a>, sink: &mut Sink<'a>) {
    if operation.method.standard() == "trace" {
        sink.report(Place::key(operation.object.node()), "part of the message").label("x").help("y");
    }
}
"#;
    let implemented = template.replace(nothing, check).replace(
        "use crate::model::{Api, Operation};",
        "use crate::model::{Api, Operation};\nuse crate::syntax::Place;",
    );
    std::fs::write(&source, implemented).unwrap();
    let (passes, output) = test(&copy);
    assert!(passes, "{output}");
}

/// Runs the tests that a new rule must pass. The build has a folder of its own: Cargo takes the copy for the original,
/// so that in a shared one the tests of the original would run against the copy.
fn test(copy: &Path) -> (bool, String) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-rule-target");
    command.current_dir(copy).env("CARGO_TARGET_DIR", target).env("RUST_BACKTRACE", "0");
    command.args(["test", "--offline", "--no-default-features", "--test", "rules"]);
    command.args(["--", "every_rule", "rules_pages"]);
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), text.concat())
}

fn copy_project(copy: &Path) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if copy.exists() {
        std::fs::remove_dir_all(copy).unwrap();
    }
    std::fs::create_dir_all(copy).unwrap();
    std::fs::create_dir(copy.join("tests")).unwrap();
    for name in COPIED {
        copy_into(&root.join(name), &copy.join(name));
    }
    // The test needs no crate that only other tests need, and building them would take most of the time.
    let manifest = std::fs::read_to_string(copy.join("Cargo.toml")).unwrap();
    let kept = manifest.split("\n[").filter(|section| {
        !["dev-dependencies]", "[bench]]", "[test]]"].iter().any(|name| section.starts_with(name))
    });
    let kept = kept.collect::<Vec<_>>().join("\n[").replace("members = [\"xtask\"]", "");
    std::fs::write(copy.join("Cargo.toml"), kept).unwrap();
}

fn copy_into(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in from.read_dir().unwrap().map(Result::unwrap) {
            copy_into(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}
