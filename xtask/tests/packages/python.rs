//! The wheel, installed by pip, and what is in the source distributions.

use crate::*;

/// `TEST_OASGUARD_WHEELS` names the folder into which maturin has put a wheel and a source distribution.
#[test]
fn the_wheel_installs_offline_into_a_clean_environment_and_runs() {
    let Some(wheels) = std::env::var_os("TEST_OASGUARD_WHEELS") else {
        println!("skipped: TEST_OASGUARD_WHEELS names no folder");
        return;
    };
    let wheel = only(Path::new(&wheels), "whl");
    let environment = folder("wheel").join("environment");
    done(Command::new("python3").args(["-m", "venv"]).arg(&environment));
    let scripts = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let mut pip = Command::new(scripts.join("pip"));
    pip.args(["install", "--quiet", "--no-index", "--disable-pip-version-check"]).arg(&wheel);
    done(&mut pip);
    let oasguard = scripts.join("oasguard");
    assert_eq!(done(Command::new(&oasguard).arg("--version")), format!("oasguard {}\n", version()));
    let demo = Command::new(&oasguard).args(["lint", "testdata/demo/shop.yaml"]).current_dir(root()).output();
    let demo = demo.expect("it runs");
    assert_eq!(demo.status.code(), Some(1));
    assert!(text(&demo.stdout).contains("credentials-over-cleartext"));
    for (name, page) in dist::manual() {
        let installed = environment.join("share/man/man1").join(&name);
        assert_eq!(std::fs::read(installed).expect("the page is installed"), page, "{name}");
    }
    let mut left: BTreeSet<String> = environment.read_dir().expect("it is a folder").map(entry).collect();
    for name in ["bin", "include", "lib", "lib64", "pyvenv.cfg", "share"] {
        left.remove(name);
    }
    assert!(left.is_empty(), "the wheel puts more there: {left:?}");
    let inside = unpacked(&wheel);
    let metadata =
        inside.iter().find(|(path, ..)| path.ends_with(".dist-info/METADATA")).expect("it has metadata");
    let metadata = text(&metadata.3);
    for line in
        [&format!("Version: {}", version()), "License-Expression: MIT OR Apache-2.0", "Name: oasguard"]
    {
        assert!(metadata.lines().any(|said| said == line), "{line}: {metadata}");
    }
    let manifest = dist::manifest(&root()).expect("the manifest is readable");
    let summary = manifest["description"].as_str().expect("the package has a description");
    assert!(metadata.contains(&format!("Summary: {summary}\n")), "{metadata}");
}

/// What is built elsewhere from the source distribution has all it needs, and the tests and corpora stay here.
#[test]
fn the_source_distributions_hold_what_a_build_needs() {
    let listed = done(
        Command::new(env!("CARGO"))
            .args(["package", "--list", "--allow-dirty", "--offline"])
            .current_dir(root()),
    );
    let listed: BTreeSet<String> = listed.lines().map(|line| line.replace('\\', "/")).collect();
    let mut all = vec![listed];
    if let Some(wheels) = std::env::var_os("TEST_OASGUARD_WHEELS") {
        let entries = unpacked(&only(Path::new(&wheels), "gz"));
        let inside = |path: &str| path.split_once('/').expect("all is in one folder").1.to_owned();
        let listed: BTreeSet<String> = entries.iter().map(|(path, ..)| inside(path)).collect();
        assert!(listed.contains("pyproject.toml") && listed.contains("packaging/README.md"));
        all.push(listed);
    } else {
        println!("skipped: TEST_OASGUARD_WHEELS names no folder");
    }
    for listed in all {
        for wanted in
            ["Cargo.lock", "Cargo.toml", "LICENSE-MIT", "LICENSE-APACHE", "README.md", "src/main.rs"]
        {
            assert!(listed.contains(wanted), "{wanted}");
        }
        let pages = listed.iter().filter(|path| path.starts_with("rules/") && path.ends_with(".md")).count();
        assert_eq!(pages, pages_of_rules(), "{listed:?}");
        let huge = ["tests/", "testdata/", "fuzz/", "benches/", "docs/", "target/", "xtask/"];
        assert!(!listed.iter().any(|path| huge.iter().any(|folder| path.starts_with(folder))), "{listed:?}");
    }
}

fn pages_of_rules() -> usize {
    let categories = root().join("rules").read_dir().expect("it is a folder");
    let pages = categories
        .map(|category| category.expect("an entry").path().read_dir().expect("it is a folder").count());
    pages.sum()
}
