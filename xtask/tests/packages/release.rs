//! Archives, and the workflow that makes a release of what was built.

use crate::*;

#[test]
fn an_archive_holds_all_in_one_folder_and_has_the_same_bytes_twice() {
    let folder = folder("archives");
    let program = folder.join("built");
    std::fs::write(&program, b"\x7fELF no program\r\n").expect("a file can be written");
    for target in TARGETS {
        let once = dist::archive(&root(), target, &program, &folder.join("once")).expect("it is packed");
        // Whatever the file system says of the program and of the day is left out.
        std::thread::sleep(std::time::Duration::from_millis(10));
        std::fs::write(&program, b"\x7fELF no program\r\n").expect("a file can be written");
        let twice = dist::archive(&root(), target, &program, &folder.join("twice")).expect("it is packed");
        let name = format!("oasguard-v{}-{}", version(), target.triple);
        let suffix = if target.triple.contains("windows") { ".zip" } else { ".tar.gz" };
        assert_eq!(once.file_name().expect("a file"), format!("{name}{suffix}").as_str());
        let bytes = std::fs::read(&once).expect("it was written");
        assert_eq!(bytes, std::fs::read(&twice).expect("it was written"), "{name}");

        let sums = format!("{}.sha256", once.display());
        let sum = std::fs::read_to_string(&sums).expect("there is a checksum");
        assert_eq!(sum, format!("{}  {name}{suffix}\n", dist::checksum(&bytes)));
        if cfg!(target_os = "linux") {
            done(
                Command::new("sha256sum")
                    .args(["--check", "--strict", &sums])
                    .current_dir(folder.join("once")),
            );
        }

        let entries = unpacked(&once);
        let names: Vec<&str> = entries.iter().map(|(path, ..)| path.as_str()).collect();
        assert!(names.is_sorted(), "{names:?}");
        let inside = |path: &str| path.strip_prefix(&format!("{name}/")).map(str::to_owned);
        let inside: BTreeSet<String> =
            names.iter().map(|path| inside(path).expect("all is in one folder")).collect();
        let executable = if suffix == ".zip" { "oasguard.exe" } else { "oasguard" };
        for wanted in [
            executable,
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "man/oasguard.1",
            "man/oasguard-lint.1",
            "man/oasguard-baseline-write.1",
            "completions/oasguard.bash",
            "completions/_oasguard",
            "completions/oasguard.fish",
            "completions/_oasguard.ps1",
            "completions/oasguard.elv",
        ] {
            assert!(inside.contains(wanted), "{wanted} is missing in {inside:?}");
        }
        for (path, mode, time, bytes) in &entries {
            let is_program = *path == format!("{name}/{executable}");
            assert_eq!(*mode, if is_program { 0o755 } else { 0o644 }, "{path}");
            assert!(time.is_none_or(|time| time == 315_532_800), "{path}");
            assert!(!bytes.is_empty(), "{path}");
            assert!(!is_program || bytes == b"\x7fELF no program\r\n", "{path}");
        }
    }
}

#[test]
fn only_platforms_of_the_table_have_archives() {
    assert!(Target::of("sparc-sun-solaris").unwrap_err().contains("x86_64-unknown-linux-musl"));
    let missing = dist::archive(&root(), here(), Path::new("no/such/program"), &folder("no-archive"));
    assert!(missing.is_err_and(|message| message.starts_with("no/such/program: ")));
}

/// Who builds an archive and who fetches one must mean the same file.
#[test]
fn the_names_of_archives_agree() {
    let manifest = dist::manifest(&root()).expect("the manifest is readable");
    let binstall = &manifest["metadata"]["binstall"];
    let workflow =
        std::fs::read_to_string(root().join(".github/workflows/release.yml")).expect("it is there");
    let install = std::fs::read_to_string(root().join("docs/install.md")).expect("it is there");
    for target in TARGETS {
        let format = &binstall["overrides"][target.triple]["pkg-fmt"];
        let format = format.as_str().or(binstall["pkg-fmt"].as_str()).expect("a format");
        let suffix = if format == "zip" { ".zip" } else { ".tar.gz" };
        assert_eq!(suffix, target.suffix(), "{}", target.triple);
        let fill = |template: &serde_json::Value| {
            template
                .as_str()
                .expect("a template is text")
                .replace(
                    "{ repo }",
                    manifest["repository"].as_str().expect("the package names its repository"),
                )
                .replace("{ name }", "oasguard")
                .replace("{ bin }", "oasguard")
                .replace("{ version }", &version())
                .replace("{ target }", target.triple)
                .replace("{ archive-suffix }", suffix)
                .replace("{ binary-ext }", target.program().trim_start_matches("oasguard"))
        };
        let name = format!("oasguard-v{}-{}", version(), target.triple);
        let release = format!("https://github.com/oasguard/oasguard/releases/download/v{}", version());
        assert_eq!(fill(&binstall["pkg-url"]), format!("{release}/{name}{suffix}"));
        assert_eq!(fill(&binstall["bin-dir"]), format!("{name}/{}", target.program()));

        assert!(workflow.contains(&format!("target: {}\n", target.triple)), "{} is not built", target.triple);
        assert!(install.contains(&format!("`{}`", target.triple)), "docs/install.md lacks {}", target.triple);
    }
    let built = workflow.lines().filter(|line| line.contains("target: ") && !line.contains("${{")).count();
    assert_eq!(built, TARGETS.len(), "the workflow builds what no archive is for");
    assert!(install.contains("`oasguard-v<version>-<platform>.tar.gz`") && install.contains(".sha256"));
}

/// Nothing in a workflow may change without a commit, and no job may do more than it needs.
#[test]
fn the_release_is_pinned_and_has_few_rights() {
    let workflow =
        std::fs::read_to_string(root().join(".github/workflows/release.yml")).expect("it is there");
    let used: Vec<&str> = workflow.lines().filter(|line| line.contains("uses:")).collect();
    assert!(!used.is_empty());
    for line in used {
        let (_, reference) = line.split_once('@').expect("an action has a version");
        let (commit, version) = reference.split_once(" # v").expect("the version stands behind the commit");
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
        assert!(version.starts_with(|digit: char| digit.is_ascii_digit()), "{line}");
    }
    assert!(workflow.contains("\npermissions: {}\n"), "jobs get rights one by one");
    assert!(!workflow.contains("secrets."), "publishing needs no secret");
}

#[test]
fn linters_of_workflows_find_nothing() {
    let workflow = root().join(".github/workflows/release.yml");
    let shellcheck = std::env::var_os("TEST_OASGUARD_SHELLCHECK");
    if let Some(shellcheck) = &shellcheck {
        done(Command::new(shellcheck).arg(root().join("packaging/pack.sh")));
    }
    match std::env::var_os("TEST_OASGUARD_ACTIONLINT") {
        Some(actionlint) => {
            let mut command = Command::new(actionlint);
            command.args(shellcheck.map(|path| format!("-shellcheck={}", path.to_string_lossy())));
            done(command.arg(&workflow));
        }
        None => println!("skipped: TEST_OASGUARD_ACTIONLINT names no program"),
    }
    match std::env::var_os("TEST_OASGUARD_ZIZMOR") {
        Some(zizmor) => drop(done(Command::new(zizmor).args(["--offline", "--quiet"]).arg(&workflow))),
        None => println!("skipped: TEST_OASGUARD_ZIZMOR names no program"),
    }
}

/// What the workflow runs to pack a release, with the wheel and the program of this machine for every platform.
#[test]
fn a_release_is_packed_from_what_was_built() {
    let (Some(wheels), Some(maturin)) =
        (std::env::var_os("TEST_OASGUARD_WHEELS"), std::env::var_os("TEST_OASGUARD_MATURIN"))
    else {
        println!("skipped: TEST_OASGUARD_WHEELS or TEST_OASGUARD_MATURIN is not set");
        return;
    };
    let folder = folder("release");
    for target in TARGETS {
        let built = folder.join("built").join(format!("built-{}", target.triple));
        std::fs::create_dir_all(&built).expect("a folder can be made");
        std::fs::write(built.join(target.program()), target.triple).expect("a file can be written");
        let wheel = only(Path::new(&wheels), "whl");
        std::fs::copy(&wheel, built.join(wheel.file_name().expect("a file"))).expect("it is there");
    }
    let tools = Path::new(&maturin).parent().expect("it is in a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path))).expect("folders");
    let mut pack = Command::new(root().join("packaging/pack.sh"));
    done(quiet(pack.arg("built").arg("dist").current_dir(&folder).env("PATH", path), &folder));
    let inside = |name: &str| -> BTreeSet<String> {
        folder.join("dist").join(name).read_dir().expect("it is a folder").map(entry).collect()
    };
    let version = version();
    let archive = |target: Target| format!("oasguard-v{version}-{}", target.triple);
    let released = TARGETS.into_iter().flat_map(|target| {
        let (name, suffix) = (archive(target), target.suffix());
        [format!("{name}{suffix}"), format!("{name}{suffix}.sha256"), format!("{name}.cdx.json")]
    });
    assert_eq!(inside("release"), released.collect());
    let packages = TARGETS.iter().map(|target| format!("oasguard-{}-{version}.tgz", target.npm));
    assert_eq!(inside("npm"), packages.chain([format!("oasguard-{version}.tgz")]).collect());
    assert_eq!(inside("python").len(), 2, "one name for all wheels here, and the sources");
    for target in TARGETS {
        let package =
            unpacked(&folder.join("dist/npm").join(format!("oasguard-{}-{version}.tgz", target.npm)));
        let program = package.iter().find(|(path, ..)| *path == format!("package/{}", target.program()));
        let (_, mode, _, bytes) = program.expect("the package carries the program");
        assert_eq!((*mode, bytes.as_slice()), (0o755, target.triple.as_bytes()));
        let components = folder.join("dist/release").join(format!("{}.cdx.json", archive(target)));
        let components: serde_json::Value =
            serde_json::from_slice(&std::fs::read(components).expect("it was written")).expect("it is JSON");
        assert_eq!(components["bomFormat"], "CycloneDX");
        let named: BTreeSet<&str> = components["components"]
            .as_array()
            .expect("it lists components")
            .iter()
            .filter_map(|component| component["name"].as_str())
            .collect();
        for wanted in ["clap", "granit-parser", "serde_json", "memchr"] {
            assert!(named.contains(wanted), "{wanted} is not in {named:?}");
        }
    }
}
