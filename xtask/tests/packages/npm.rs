//! The packages for npm, installed and run by npm.

use xtask::npm;

use crate::*;

/// Both packages installed from their archives into a new project, as npm installs them: offline, no script runs.
fn installed(name: &str, program: &Path) -> PathBuf {
    let folder = folder(name);
    let platform = npm::platform(&root(), here(), program, &folder).expect("the package is written");
    let launcher = npm::launcher(&root(), &folder).expect("the package is written");
    let project = folder.join("project");
    std::fs::create_dir(&project).expect("a folder can be made");
    std::fs::write(project.join("package.json"), "{ \"private\": true }\n").expect("a file can be written");
    let mut archives = Vec::new();
    for package in [platform, launcher] {
        let packed = done(npm_in(&folder).arg("pack").arg("--silent").arg(package));
        archives.push(folder.join(packed.trim()));
    }
    done(
        npm_in(&project)
            .args(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(archives),
    );
    project
}

fn npm_in(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    quiet(npm.current_dir(folder), folder);
    npm
}

#[test]
fn the_packages_for_npm_name_each_other_and_run_nothing() {
    let folder = folder("npm-names");
    let program = folder.join("built");
    std::fs::write(&program, "no program").expect("a file can be written");
    let package = |folder: &Path| -> serde_json::Value {
        let text = std::fs::read(folder.join("package.json")).expect("it was written");
        serde_json::from_slice(&text).expect("it is JSON")
    };
    let launcher = package(&npm::launcher(&root(), &folder).expect("the package is written"));
    let mut left = launcher["optionalDependencies"].as_object().expect("it names packages").clone();
    let mut all = vec![launcher];
    for target in TARGETS {
        let written = npm::platform(&root(), target, &program, &folder).expect("the package is written");
        let platform = package(&written);
        let needed = left.remove(platform["name"].as_str().expect("a name")).expect("it is needed");
        assert_eq!(needed, platform["version"], "exactly this version");
        let libc = platform["libc"].as_array().map(|names| names.len());
        assert_eq!(libc, target.libc.map(|_| 1), "{}", target.triple);
        assert!(written.join(target.program()).exists());
        all.push(platform);
    }
    assert!(left.is_empty(), "no platform has {left:?}");
    for package in all {
        assert_eq!(package["version"], version().as_str());
        assert_eq!(package["license"], "MIT OR Apache-2.0");
        assert!(package.get("scripts").is_none() && package.get("dependencies").is_none());
    }
}

#[test]
fn npm_installs_a_program_that_behaves_like_itself() {
    if !is_there("npm") {
        return;
    }
    let project = installed("npm", &program());
    let demo = root().join("testdata/demo/shop.yaml");
    let demo = demo.to_str().expect("the path is text");
    let document = std::fs::read(demo).expect("it is there");
    for (arguments, code) in [
        (vec!["--version"], 0),
        (vec!["lint", demo], 1),
        (vec!["lint", demo, "--fail-on", "never", "--output-format", "json"], 0),
        (vec!["lint", "-", "--output-format", "concise"], 1),
        (vec!["lint", "no/such/file.yaml"], 2),
        (vec!["no-such-command", "", "a b", "*", "$HOME", "\"'\\"], 2),
    ] {
        let mut through = Command::new("npx");
        through.args(["--no-install", "oasguard"]);
        let through = fed(quiet(through.args(&arguments), &project), &project, &document);
        let direct = fed(Command::new(program()).args(&arguments), &project, &document);
        assert_eq!(through.status.code(), Some(code), "{arguments:?}: {}", text(&through.stderr));
        assert_eq!(direct.status.code(), Some(code), "{arguments:?}");
        assert_eq!(text(&through.stdout), text(&direct.stdout), "{arguments:?}");
        assert_eq!(text(&through.stderr), text(&direct.stderr), "{arguments:?}");
    }
}

#[test]
fn npm_without_the_platform_says_what_to_do() {
    if !is_there("npm") {
        return;
    }
    let folder = folder("npm-alone");
    let launcher = npm::launcher(&root(), &folder).expect("the package is written");
    let packed = done(npm_in(&folder).arg("pack").arg("--silent").arg(launcher));
    let project = folder.join("project");
    std::fs::create_dir(&project).expect("a folder can be made");
    std::fs::write(project.join("package.json"), "{ \"private\": true }\n").expect("a file can be written");
    let archive = folder.join(packed.trim());
    done(
        npm_in(&project)
            .args(["install", "--offline", "--omit=optional", "--no-audit", "--no-fund"])
            .arg(archive),
    );
    let output = fed(Command::new("npx").args(["--no-install", "oasguard", "--version"]), &project, b"");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
    let said = text(&output.stderr);
    assert!(said.contains(&format!("`@oasguard/{}` is not installed", here().npm)), "{said}");
    assert!(said.contains("without `--omit=optional`"), "{said}");
}

/// A signal to either of the two processes ends both, and the end is told to who waits.
#[cfg(target_os = "linux")]
#[test]
fn npm_hands_signals_on() {
    use std::os::unix::process::ExitStatusExt;
    if !is_there("npm") {
        return;
    }
    let project = installed("npm-signals", &program());
    for (signal, to_child, code, by) in [
        ("INT", false, Some(130), None),
        ("TERM", false, Some(130), None),
        ("KILL", true, None, Some(9)),
        ("ABRT", true, None, Some(6)),
    ] {
        let mut launcher = Command::new("node");
        launcher.args(["node_modules/.bin/oasguard", "lint", "-"]).current_dir(&project);
        launcher.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // It waits for its input, which stays open.
        let mut launcher = launcher.spawn().expect("node starts");
        let input = launcher.stdin.take();
        let child = child_of(launcher.id());
        let killed = if to_child { child } else { launcher.id() };
        done(Command::new("kill").args([&format!("-{signal}"), &killed.to_string()]));
        let status = launcher.wait().expect("it ends");
        drop(input);
        assert_eq!((status.code(), status.signal()), (code, by), "SIG{signal}");
        assert!(!Path::new(&format!("/proc/{child}")).exists(), "SIG{signal}: the program still runs");
    }
}

/// The process that another one has started, as soon as it is `oasguard` and waits for its input.
#[cfg(target_os = "linux")]
fn child_of(parent: u32) -> u32 {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while std::time::Instant::now() < until {
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let child = children.unwrap_or_default().split_whitespace().next().and_then(|text| text.parse().ok());
        let waits = |child: &u32| {
            let read = |file| std::fs::read_to_string(format!("/proc/{child}/{file}")).unwrap_or_default();
            read("comm").trim() == "oasguard" && read("wchan").contains("pipe")
        };
        if let Some(child) = child.filter(waits) {
            return child;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("no program was started");
}
