//! The action for GitHub: `action.yml` is read, and its steps run as GitHub runs them, with the variables and files that
//! GitHub gives them. What other actions do is noted and not done.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::cli::{BROKEN, CLEAN, CLEARTEXT};
use crate::revision::{Repository, git_in};

const UPLOAD: &str = "github/codeql-action/upload-sarif";

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn action() -> Value {
    let text = fs::read_to_string(project().join("action.yml")).expect("the action is there");
    serde_yaml::from_str(&text).expect("the action is YAML")
}

fn steps(action: &Value) -> &[Value] {
    action["runs"]["steps"].as_sequence().expect("steps are a list")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => panic!("not a text: {other:?}"),
    }
}

/// A repository in which the action runs, and what the runner has around it.
struct Runner {
    repository: Repository,
    /// The runner's own folder.
    temporary: PathBuf,
    variables: BTreeMap<String, String>,
    /// Whether other actions fail.
    others_fail: bool,
}

/// How a run of the action ended.
#[derive(Debug, Default)]
struct Ended {
    /// That of the first step that failed.
    code: i32,
    /// What ran, in order: the ids or names of steps, and the actions.
    order: Vec<String>,
    /// By step and name: `run.exit-code`.
    outputs: BTreeMap<String, String>,
    /// What other actions were given.
    given: BTreeMap<String, String>,
    summary: String,
    log: String,
}

impl Runner {
    fn new(name: &str) -> Runner {
        let repository = Repository::new(&format!("action-{name}"));
        let temporary = repository.folder.with_extension("runner temp");
        let _ = fs::remove_dir_all(&temporary);
        fs::create_dir_all(&temporary).expect("the temporary folder is writable");
        let runner = Runner { repository, temporary, variables: BTreeMap::new(), others_fail: false };
        let program = Path::new(env!("CARGO_BIN_EXE_oasguard"));
        let folder = program.parent().expect("a program is in a folder").display();
        runner.with("PATH", &format!("{folder}:{}", std::env::var("PATH").unwrap_or_default()))
    }

    fn with(mut self, name: &str, value: &str) -> Runner {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn write(&self, path: &str, text: &str) -> &Runner {
        self.repository.write(path, text);
        self
    }

    /// Runs the action with inputs as a workflow gives them.
    fn run(&self, given: &[(&str, &str)]) -> Ended {
        let action = action();
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for (name, input) in action["inputs"].as_mapping().expect("inputs have names") {
            known.insert(format!("inputs.{}", text(name)), text(&input["default"]));
        }
        for (name, value) in given {
            let input = format!("inputs.{name}");
            assert!(known.insert(input, (*value).to_owned()).is_some(), "there is no input {name}");
        }
        let mut ended = Ended::default();
        for step in steps(&action) {
            let runs = match step.get("if") {
                Some(condition) => holds(&text(condition), &known, ended.code != 0),
                None => ended.code == 0,
            };
            if runs {
                self.step(step, &mut known, &mut ended);
            }
        }
        for (name, output) in action["outputs"].as_mapping().expect("outputs have names") {
            let value = evaluated(&text(&output["value"]), &known);
            ended.outputs.insert(text(name), value);
        }
        ended
    }

    fn step(&self, step: &Value, known: &mut BTreeMap<String, String>, ended: &mut Ended) {
        if let Some(uses) = step.get("uses") {
            ended.order.push(text(uses).split('@').next().unwrap_or_default().to_owned());
            for (name, value) in step["with"].as_mapping().expect("a mapping") {
                ended.given.insert(text(name), evaluated(&text(value), known));
            }
            ended.code = ended.code.max(i32::from(self.others_fail));
            return;
        }
        let id = step.get("id").map_or_else(|| text(&step["name"]), text);
        let file = |name: &str| {
            let path = self.temporary.join(format!("_{name} of {id}"));
            fs::write(&path, "").expect("the temporary folder is writable");
            path
        };
        let (output, summary, script) = (file("output"), file("summary"), file("script"));
        fs::write(&script, text(&step["run"])).expect("the temporary folder is writable");
        assert_eq!(step["shell"], "bash");
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script);
        command.current_dir(&self.repository.folder).env_clear();
        command.envs([("HOME", &self.temporary), ("RUNNER_TEMP", &self.temporary)]);
        command.envs([("GITHUB_OUTPUT", &output), ("GITHUB_STEP_SUMMARY", &summary)]);
        command.env("GITHUB_WORKSPACE", &self.repository.folder).env("GITHUB_ACTION_PATH", project());
        command.envs([
            ("GITHUB_ACTIONS", "true"),
            ("CI", "true"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_ARCH", "X64"),
        ]);
        command.envs(&self.variables);
        for (name, value) in step["env"].as_mapping().expect("the environment is a mapping") {
            command.env(text(name), evaluated(&text(value), known));
        }
        let done = command.output().expect("bash starts");
        for bytes in [&done.stdout, &done.stderr] {
            ended.log.push_str(&String::from_utf8_lossy(bytes));
        }
        let code = done.status.code().expect("bash ends by itself");
        ended.code = if ended.code == 0 { code } else { ended.code };
        for line in fs::read_to_string(&output).expect("outputs are text").lines() {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no output: {line}"));
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(is_name && !name.contains("<<"), "no output: {line}");
            known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        let written = fs::read_to_string(&summary).expect("the summary is text");
        assert!(written.len() <= 1 << 20, "GitHub shows no more than 1 MiB of a step");
        ended.summary.push_str(&written);
        ended.order.push(id);
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

/// A text with its `${{ … }}` replaced.
fn evaluated(text: &str, known: &BTreeMap<String, String>) -> String {
    let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
    let (expression, after) = rest.split_once("}}").expect("an expression ends");
    // What a step that did not run would have said is empty.
    let value = known.get(expression.trim()).map_or("", String::as_str);
    format!("{before}{value}{}", evaluated(after, known))
}

/// Whether a condition holds: comparisons with texts, joined by `&&`. One without a function for the status of the job
/// holds only if nothing has failed.
fn holds(condition: &str, known: &BTreeMap<String, String>, has_failed: bool) -> bool {
    let inner = condition.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    let terms: Vec<&str> = inner.expect("a condition is an expression").split("&&").map(str::trim).collect();
    let is_about_status = terms.contains(&"!cancelled()");
    (is_about_status || !has_failed)
        && terms.iter().filter(|term| **term != "!cancelled()").all(|term| {
            let (name, operator, value) = match term.split_once(" == ") {
                Some((name, value)) => (name, true, value),
                None => {
                    let (name, value) = term.split_once(" != ").expect("a term compares");
                    (name, false, value)
                }
            };
            let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).expect("a text");
            (known.get(name).map_or("", String::as_str) == value) == operator
        })
}

/// The lines of a log that GitHub obeys.
fn commands(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.trim_start().starts_with("::")).collect()
}

const ALL: [&str; 4] = ["install", "run", "Summarize the report", "Fail if oasguard did"];

#[test]
fn no_expression_stands_in_a_shell_text_and_other_actions_are_pinned() {
    let action = action();
    let mut used = String::new();
    for step in steps(&action) {
        if let Some(run) = step.get("run") {
            let run = text(run);
            assert!(!run.contains("${{"), "{run}");
            assert!(run.starts_with("bash \"$GITHUB_ACTION_PATH/") && run.lines().count() == 1, "{run}");
        }
        if let Some(uses) = step.get("uses") {
            let uses = text(uses);
            let (_, revision) = uses.split_once('@').expect("a revision");
            let is_commit = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{uses}");
        }
        used.push_str(&serde_yaml::to_string(step).expect("it was YAML"));
    }
    for (name, input) in action["inputs"].as_mapping().expect("inputs have names") {
        assert!(used.contains(&format!("inputs.{} ", text(name))), "{name:?} is used");
        assert!(input["description"].is_string() && input["default"].is_string(), "{name:?}");
    }
    for file in fs::read_dir(project().join(".github/action")).expect("the scripts are there") {
        let script = fs::read_to_string(file.expect("a readable entry").path()).expect("a script is text");
        assert!(!script.contains("${{") && script.contains("\nset -euo pipefail\n"), "{script}");
        assert!(!script.contains("eval"), "{script}");
    }
}

#[test]
fn findings_are_uploaded_and_summarized_before_the_job_fails() {
    let runner = Runner::new("findings");
    runner.write("api.json", CLEARTEXT);
    let ended = runner.run(&[("upload-sarif", "true"), ("category", "api")]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert_eq!(ended.order, ["install", "run", UPLOAD, "Summarize the report", "Fail if oasguard did"]);
    assert_eq!(ended.given["category"], "api");
    let sarif = fs::read_to_string(&ended.given["sarif_file"]).expect("the report is there");
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("SARIF is JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(ended.outputs["sarif-file"], ended.given["sarif_file"]);
    for (name, value) in
        [("exit-code", "1"), ("findings", "1"), ("high", "1"), ("medium", "0"), ("info", "0")]
    {
        assert_eq!(ended.outputs[name], value, "{name}");
    }
    assert!(ended.summary.starts_with("### oasguard\n\n**1 high**"), "{}", ended.summary);
    let said = "::error title=oasguard::1 findings (1 high, 0 medium, 0 low, 0 info)";
    assert_eq!(commands(&ended.log), [said], "code scanning annotates by itself");
}

#[test]
fn an_upload_that_fails_hides_nothing() {
    let mut runner = Runner::new("upload");
    runner.write("api.json", CLEARTEXT);
    runner.others_fail = true;
    let ended = runner.run(&[("upload-sarif", "true"), ("fail-on", "never")]);
    assert_eq!(ended.code, 1, "the upload failed");
    assert_eq!(ended.order, ["install", "run", UPLOAD, "Summarize the report", "Fail if oasguard did"]);
    assert!(ended.summary.contains("**1 high**"), "{ended:#?}");
}

#[test]
fn without_an_upload_lines_are_annotated() {
    let runner = Runner::new("annotations");
    runner.write("api.json", CLEARTEXT);
    let ended = runner.run(&[]);
    assert_eq!((ended.code, &ended.order[..]), (1, &ALL.map(str::to_owned)[..]));
    let commands = commands(&ended.log);
    assert_eq!(commands.len(), 2, "{}", ended.log);
    assert!(commands[0].starts_with("::error file=api.json,line=4,"), "{}", commands[0]);
    let ended = runner.run(&[("annotations", "false"), ("summary", "false"), ("fail-on", "never")]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(ended.summary, "");
    assert_eq!(ended.order, ["install", "run", "Fail if oasguard did"]);
    assert!(self::commands(&ended.log).is_empty() && ended.log.contains("high[credentials-over-cleartext]"));
    assert_eq!(ended.outputs["high"], "1", "it is counted all the same");
}

#[test]
fn nothing_found_is_success() {
    let runner = Runner::new("clean");
    runner.write("a/clean.yaml", CLEAN);
    let ended = runner.run(&[("working-directory", "a"), ("upload-sarif", "true")]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.order.contains(&UPLOAD.to_owned()), "alerts that are mended get closed");
    assert_eq!((&ended.outputs["exit-code"][..], &ended.outputs["findings"][..]), ("0", "0"));
}

#[test]
fn what_could_not_be_checked_is_told_from_findings_and_not_uploaded() {
    let runner = Runner::new("broken");
    runner.write("api.json", CLEARTEXT).write("broken.yaml", BROKEN);
    let ended = runner.run(&[("upload-sarif", "true")]);
    assert_eq!((ended.code, &ended.order[..]), (2, &ALL.map(str::to_owned)[..]), "{ended:#?}");
    assert!(!ended.outputs["sarif-file"].is_empty() && ended.summary.contains("broken.yaml"));
    let said = *commands(&ended.log).last().expect("it is said");
    assert!(said.starts_with("::error title=oasguard::not everything could be checked"), "{said}");
    for (input, value) in [("args", "--no-such-option"), ("profile", "strict"), ("paths", "no/such.yaml")] {
        let ended = runner.run(&[(input, value)]);
        assert_eq!((ended.code, &ended.outputs["exit-code"][..]), (2, "2"), "{input}: {ended:#?}");
        let says = if input == "paths" { "**1 error**" } else { "Nothing was checked" };
        assert!(ended.summary.contains(says), "{input}: {}", ended.summary);
    }
}

#[test]
fn inputs_are_names_and_never_commands_or_options() {
    let runner = Runner::new("hostile");
    let names = [
        "-x.yaml",
        "--fail-on=never.yaml",
        "a b.yaml",
        "$(touch pwned).yaml",
        "`touch pwned`.yaml",
        "; touch pwned;.yaml",
        "&& touch pwned.yaml",
        "| touch pwned.yaml",
        "'x.yaml",
        "\"x\".yaml",
        "\\x.yaml",
        "$HOME.yaml",
        "~.yaml",
        "ä😀.yaml",
        "%0A::error::x.yaml",
        "x%x.yaml",
        "${IFS}.yaml",
        "!!.yaml",
        "#x.yaml",
        "::stop-commands::x.yaml",
        "a=b<<EOF.yaml",
    ];
    for name in names {
        runner.write(name, CLEARTEXT);
    }
    let paths = format!("  {} \n\n\t", names.join("\n"));
    let ended = runner.run(&[("paths", &paths)]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert_eq!(ended.outputs["findings"], names.len().to_string(), "{ended:#?}");
    let crlf = runner.run(&[("paths", &names.join("\r\n"))]);
    assert_eq!(crlf.outputs["findings"], names.len().to_string(), "{crlf:#?}");
    let hostile = "$(touch pwned)\n`touch pwned`\n;touch pwned\n::stop-commands::x\n::error::x\n-x";
    for input in [
        "paths", "working-directory", "profile", "fail-on", "config", "baseline", "diff-base", "args",
        "annotations", "summary", "upload-sarif", "category", "version", "releases",
    ] {
        for value in [hostile, "-", "--", "-h", "$(touch pwned)", "\n", " ", "-\n-"] {
            let ended = runner.run(&[(input, value)]);
            let is_ours =
                |line: &&&str| line.starts_with("::error ") || line.starts_with("::notice title=oasguard::");
            assert_eq!(
                commands(&ended.log).iter().find(|line| !is_ours(line)),
                None,
                "{input} {value:?}: {}",
                ended.log
            );
        }
    }
    for folder in [&runner.repository.folder, &runner.temporary, project()] {
        assert!(!folder.join("pwned").exists(), "{}", folder.display());
    }
}

#[test]
fn an_empty_input_is_as_good_as_none() {
    let runner = Runner::new("empty");
    runner.write("api.json", CLEARTEXT);
    let plain = runner.run(&[]);
    let names =
        ["paths", "working-directory", "profile", "fail-on", "config", "baseline", "diff-base", "args"];
    let empty = runner.run(&names.map(|name| (name, "")));
    assert_eq!((empty.code, empty.log), (plain.code, plain.log));
}

#[test]
fn further_arguments_and_settings_are_taken_line_by_line() {
    let runner = Runner::new("arguments");
    runner.write("api specs/api.json", CLEARTEXT).write("strict.yaml", "fail-on: high\n");
    let inputs = [
        ("working-directory", "api specs"),
        (
            "config",
            "../strict.yaml\nrules.credentials-over-cleartext.severity=low\nrules.cleartext-server.severity=low",
        ),
        ("args", "--today=2026-11-22\n--exclude\nno such folder"),
    ];
    let ended = runner.run(&inputs);
    assert_eq!((ended.code, &ended.outputs["low"][..]), (0, "1"), "{ended:#?}");
    // `cd -` would go elsewhere.
    runner.write("-/api.json", CLEARTEXT);
    let elsewhere = runner.temporary.display().to_string();
    let runner = runner.with("OLDPWD", &elsewhere);
    let ended = runner.run(&[("working-directory", "-"), ("fail-on", "high")]);
    assert_eq!((ended.code, &ended.outputs["findings"][..]), (1, "1"), "{ended:#?}");
    let ended = runner.run(&[("working-directory", "no such folder")]);
    assert_eq!(ended.code, 2);
    assert_eq!(ended.order, ["install", "run"], "without a run there is nothing to show");
    assert!(
        ended.log.contains("::error title=oasguard::`working-directory`: there is no folder no such folder")
    );
}

#[test]
fn a_pull_request_is_compared_with_its_target() {
    let runner = Runner::new("pull-request");
    runner.write("old.json", CLEARTEXT);
    runner.repository.commit();
    let folder = runner.repository.folder.clone();
    runner.repository.git(&["remote", "add", "origin", &folder.display().to_string()]);
    runner.repository.git(&["fetch", "-q", "origin"]);
    runner.write("new.json", CLEARTEXT);
    git_in(&folder, &["checkout", "-q", "-b", "topic"]);
    runner.repository.commit();
    assert_eq!(runner.run(&[("diff-base", "auto")]).outputs["findings"], "2", "a push is checked as a whole");
    let ended = runner.run(&[("diff-base", "origin/main")]);
    assert_eq!((ended.code, &ended.outputs["findings"][..]), (1, "1"), "{ended:#?}");
    let runner = runner.with("GITHUB_BASE_REF", "main");
    let ended = runner.run(&[("diff-base", "auto")]);
    assert_eq!((ended.code, &ended.outputs["findings"][..]), (1, "1"), "{ended:#?}");
    let runner = runner.with("GITHUB_BASE_REF", "no-such-branch");
    let ended = runner.run(&[("diff-base", "auto")]);
    assert_eq!(ended.code, 2, "{ended:#?}");
}

/// Writes a release as the action downloads it: an archive with one folder, and its checksum beside.
fn release(folder: &Path, version: &str, target: &str) {
    let name = format!("oasguard-v{version}-{target}");
    let at = folder.join(format!("v{version}"));
    fs::create_dir_all(at.join(&name)).expect("the folder is writable");
    let is_windows = target.contains("windows");
    let program = at.join(&name).join(if is_windows { "oasguard.exe" } else { "oasguard" });
    let script = format!(
        "#!/bin/sh\n[ \"$1\" != --version ] || {{ echo \"oasguard {version}\"; exit; }}\nexec '{}' \"$@\"\n",
        env!("CARGO_BIN_EXE_oasguard")
    );
    fs::write(&program, script).expect("the folder is writable");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, executable).expect("the file is ours");
    let (archive, pack) = match is_windows {
        true => (format!("{name}.zip"), format!("zip -qr {name}.zip {name}")),
        false => (format!("{name}.tar.gz"), format!("tar -czf {name}.tar.gz {name}")),
    };
    let script = format!("{pack} && sha256sum {archive} >{archive}.sha256");
    let status = Command::new("bash").args(["-ec", &script]).current_dir(&at).status().expect("bash starts");
    assert!(status.success(), "{script}");
}

#[test]
fn each_system_has_its_archive() {
    let runner = Runner::new("systems");
    runner.write("api.json", CLEARTEXT);
    let releases = runner.temporary.join("mirror");
    let url = format!("file://{}", releases.display().to_string().replace(' ', "%20"));
    let mut runner = runner;
    for (system, processor, target) in [
        ("Linux", "X64", "x86_64-unknown-linux-musl"),
        ("Linux", "ARM64", "aarch64-unknown-linux-musl"),
        ("macOS", "X64", "x86_64-apple-darwin"),
        ("macOS", "ARM64", "aarch64-apple-darwin"),
        ("Windows", "X64", "x86_64-pc-windows-msvc"),
    ] {
        let has_zip =
            Command::new("zip").arg("-v").output().is_ok() && Command::new("unzip").output().is_ok();
        if system == "Windows" && !has_zip {
            println!("skipped: zip and unzip are not installed");
            continue;
        }
        let version = "99.3.0";
        release(&releases, version, target);
        runner = runner.with("RUNNER_OS", system).with("RUNNER_ARCH", processor);
        let ended = runner.run(&[("version", version), ("releases", &url)]);
        assert_eq!(ended.code, 1, "{target}: {ended:#?}");
        assert!(ended.log.starts_with("oasguard 99.3.0\n"), "{target}: {}", ended.log);
        fs::remove_dir_all(&releases).expect("it is ours");
    }
    runner = runner.with("RUNNER_OS", "Plan 9");
    let ended = runner.run(&[("version", "99.3.0"), ("releases", &url)]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(commands(&ended.log)[0].contains("there is no archive for Plan 9"), "{}", ended.log);
}

#[test]
fn a_release_is_downloaded_and_its_checksum_verified() {
    let runner = Runner::new("release");
    runner.write("api.json", CLEARTEXT);
    let releases = runner.temporary.join("mirror");
    release(&releases, "99.1.0", "x86_64-unknown-linux-musl");
    let url = format!("file://{}", releases.display().to_string().replace(' ', "%20"));
    for version in ["99.1.0", "v99.1.0"] {
        let ended = runner.run(&[("version", version), ("releases", &url)]);
        assert_eq!(ended.code, 1, "{ended:#?}");
        assert!(ended.log.starts_with("oasguard 99.1.0\n"), "{}", ended.log);
    }
    let own = runner.run(&[("version", env!("CARGO_PKG_VERSION")), ("releases", "file:///nowhere")]);
    assert_eq!(own.code, 1, "what is on the path is the version: nothing is fetched: {own:#?}");
    let archive = releases.join("v99.1.0/oasguard-v99.1.0-x86_64-unknown-linux-musl.tar.gz");
    let mut bytes = fs::read(&archive).expect("it was written");
    bytes.push(0);
    fs::write(&archive, bytes).expect("the folder is writable");
    let refused = |version: &str, reason: &str| {
        let ended = runner.run(&[("version", version), ("releases", &url)]);
        assert_eq!((ended.code, &ended.order[..]), (2, &["install".to_owned()][..]), "{ended:#?}");
        let said = commands(&ended.log);
        assert!(said.len() == 1 && said[0].contains(reason), "{version}: {}", ended.log);
    };
    refused("99.1.0", "is not what its checksum says");
    refused("99.2.0", "cannot be fetched");
    for version in ["latest", "../99.1.0", "99.1", "99.1.0/../../x", "99.1.0 x", "99.1.0\n::error::x"] {
        refused(version, "is no version");
    }
}

/// A folder with some of the machine's programs, as the only one on the path.
fn tools(runner: &Runner, names: &[&str]) -> PathBuf {
    let tools = runner.temporary.join("tools");
    fs::create_dir_all(&tools).expect("the folder is writable");
    for name in names {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .map(|folder| folder.join(name))
            .find(|path| path.exists());
        let found = found.expect("the tool is installed");
        std::os::unix::fs::symlink(found, tools.join(name)).expect("the folder is writable");
    }
    tools
}

#[test]
fn without_a_release_it_is_built_from_the_action() {
    let runner = Runner::new("build");
    runner.write("api.json", CLEARTEXT);
    let tools = tools(&runner, &["bash", "mkdir", "cut", "mktemp", "tail", "cat", "ln"]);
    // It stands for cargo: what it installs is the program that is tested, and where it runs is noted.
    let script = format!(
        "#!/bin/sh\nset -e\nprintf '%s|' \"$PWD\" \"$@\" >'{}'\nmkdir -p \"$6/bin\"\nln -sf '{}' \"$6/bin/oasguard\"\n",
        runner.temporary.join("cargo called").display(),
        env!("CARGO_BIN_EXE_oasguard")
    );
    fs::write(tools.join("cargo"), script).expect("the folder is writable");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(tools.join("cargo"), executable).expect("the file is ours");
    let runner = runner.with("PATH", &tools.display().to_string());
    let ended = runner.run(&[]);
    assert_eq!((ended.code, &ended.outputs["findings"][..]), (1, "1"), "{ended:#?}");
    let called = fs::read_to_string(runner.temporary.join("cargo called")).expect("it was called");
    let expected = format!("{}|install|--locked|--path|.|--root|", project().display());
    assert!(called.starts_with(&expected), "{called}");
}

#[test]
fn without_a_program_it_says_how_to_get_one() {
    // The tools that the script needs, and neither oasguard nor cargo.
    let runner = Runner::new("nothing");
    let tools = tools(&runner, &["bash", "mkdir", "cut", "mktemp", "tail"]);
    let runner = runner.with("PATH", &tools.display().to_string());
    let ended = runner.run(&[]);
    assert_eq!((ended.code, &ended.order[..]), (2, &["install".to_owned()][..]), "{ended:#?}");
    assert!(commands(&ended.log)[0].contains("there is no oasguard and no cargo"), "{}", ended.log);
}

/// Whether a program that checks shell or workflows has nothing to say; `.ci/run` installs these.
fn has_no_complaint(variable: &str, arguments: &[&str], files: &[PathBuf]) {
    let Some(program) = std::env::var_os(variable) else {
        println!("skipped: {variable} names no program");
        return;
    };
    let output = Command::new(program).args(arguments).args(files).current_dir(project()).output();
    let output = output.expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join(folder)).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.sort();
    files
}

#[test]
fn shellcheck_has_no_complaint() {
    let mut files = files_in(".github/action");
    files.extend(files_in(".ci"));
    has_no_complaint("TEST_OASGUARD_SHELLCHECK", &[], &files);
}

#[test]
fn zizmor_has_no_complaint() {
    let action = [project().join("action.yml")];
    has_no_complaint("TEST_OASGUARD_ZIZMOR", &["--offline", "--no-config", "--persona", "pedantic"], &action);
    let workflows = files_in(".github/workflows");
    if !workflows.is_empty() {
        has_no_complaint("TEST_OASGUARD_ZIZMOR", &["--offline", "--no-config"], &workflows);
    }
}

#[test]
fn actionlint_has_no_complaint() {
    let files = files_in(".github/workflows");
    if !files.is_empty() {
        has_no_complaint("TEST_OASGUARD_ACTIONLINT", &["-no-color"], &files);
    }
}
