//! pre-commit: the hooks are installed from this checkout by the real program, and commits are refused or pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::cli::{CLEAN, CLEARTEXT};
use crate::revision::Repository;

const FRAGMENT: &str = "get: {responses: {'200': {description: ok}, '429': {description: slow down, headers: \
    {Retry-After: {schema: {type: integer}}}}}}\n";
const ROOT: &str = "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\nservers: [{url: 'https://shop.io/v1'}]\n\
    security: [{token: []}]\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}\n\
    paths:\n  /orders: {$ref: parts/orders.yaml}\n";

/// The hooks of this checkout in a repository of their own, with everything that is not committed yet.
struct Hooks {
    pre_commit: PathBuf,
    /// Where pre-commit keeps what it has installed.
    home: PathBuf,
    repository: PathBuf,
    revision: String,
}

/// `TEST_OASGUARD_PRE_COMMIT` names the program, where it is installed. The hooks are installed once for all tests, and again
/// only if a file of the checkout has changed.
fn hooks() -> Option<&'static Hooks> {
    static HOOKS: OnceLock<Option<Hooks>> = OnceLock::new();
    let hooks =
        HOOKS.get_or_init(|| Some(install(PathBuf::from(std::env::var_os("TEST_OASGUARD_PRE_COMMIT")?))));
    if hooks.is_none() {
        println!("skipped: TEST_OASGUARD_PRE_COMMIT names no program");
    }
    hooks.as_ref()
}

fn install(pre_commit: PathBuf) -> Hooks {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = checkout.join("target/pre-commit");
    let repository = folder.join("repository");
    let _ = fs::remove_dir_all(&repository);
    let files = git(checkout, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for file in files.split('\0').filter(|file| checkout.join(file).is_file()) {
        let copy = repository.join(file);
        fs::create_dir_all(copy.parent().expect("a file has a folder")).expect("target/ is writable");
        fs::copy(checkout.join(file), copy).expect("target/ is writable");
    }
    git(&repository, &["init", "-q", "-b", "main"]);
    git(&repository, &["add", "-A"]);
    git(&repository, &["commit", "-q", "-m", "as it is"]);
    let revision = git(&repository, &["rev-parse", "HEAD"]).trim().to_owned();
    let home = folder.join("home");
    let installed = folder.join("installed");
    if fs::read_to_string(&installed).ok().as_deref() != Some(&revision) {
        let _ = fs::remove_dir_all(&home);
        forget_builds(&folder.join("build/release/deps"));
    }
    let hooks = Hooks { pre_commit, home, repository, revision };
    let project = Project::new("install", &hooks, &config(&hooks, "      - id: oasguard\n"));
    let output = project.pre_commit(&["install-hooks"]);
    assert!(output.status.success(), "{}", said(&output));
    fs::write(installed, &hooks.revision).expect("target/ is writable");
    hooks
}

/// Removes what was built of checkouts before this one: each has a path, and thus files, of its own.
fn forget_builds(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if ["oasguard-", "liboasguard-"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Runs git; the same files give the same commit.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = environment(Command::new("git").args(arguments).current_dir(folder)).output();
    let output = output.expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).expect("git writes UTF-8")
}

/// What git and pre-commit must not take from the surroundings.
fn environment(command: &mut Command) -> &mut Command {
    let date = "2026-01-01T00:00:00Z";
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_AUTHOR_DATE", date),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_DATE", date),
    ] {
        command.env(name, value);
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn config(hooks: &Hooks, entries: &str) -> String {
    format!(
        "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n{entries}",
        hooks.repository.display(),
        hooks.revision
    )
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// A repository that uses the hooks.
struct Project<'h> {
    repository: Repository,
    hooks: &'h Hooks,
}

impl<'h> Project<'h> {
    fn new(name: &str, hooks: &'h Hooks, config: &str) -> Project<'h> {
        let repository = Repository::new(&format!("pre-commit-{name}"));
        repository.write(".pre-commit-config.yaml", config);
        let project = Project { repository, hooks };
        let output = project.pre_commit(&["install"]);
        assert!(output.status.success(), "{}", said(&output));
        git(&project.repository.folder, &["add", "-A"]);
        git(&project.repository.folder, &["commit", "-q", "--no-verify", "-m", "hooks"]);
        project
    }

    /// With one of our hooks; `more` are further lines of its entry.
    fn with(name: &str, hooks: &'h Hooks, id: &str, more: &str) -> Project<'h> {
        let more = if more.is_empty() { String::new() } else { format!("        {more}\n") };
        Project::new(name, hooks, &config(hooks, &format!("      - id: {id}\n        verbose: true\n{more}")))
    }

    fn pre_commit(&self, arguments: &[&str]) -> Output {
        self.run(Command::new(&self.hooks.pre_commit).args(arguments))
    }

    fn run(&self, command: &mut Command) -> Output {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pre-commit/build");
        environment(command)
            .current_dir(&self.repository.folder)
            .env("PRE_COMMIT_HOME", &self.hooks.home)
            // Without optimization, and with what earlier installations have compiled: seconds instead of minutes.
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
            .output()
            .expect("the program starts")
    }

    /// Adds everything and commits; whether that was let pass, and what was said.
    fn commit(&self) -> (bool, String) {
        git(&self.repository.folder, &["add", "-A"]);
        let output = self.run(Command::new("git").args(["commit", "-q", "-m", "a change"]));
        (output.status.success(), said(&output))
    }

    fn passes(&self) -> String {
        let (passed, said) = self.commit();
        assert!(passed, "{said}");
        said
    }

    fn fails(&self) -> String {
        let (passed, said) = self.commit();
        assert!(!passed, "{said}");
        assert!(said.contains("Failed"), "{said}");
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
        said
    }

    fn write(&self, path: &str, text: &str) {
        self.repository.write(path, text);
    }
}

#[test]
fn a_bad_document_is_refused_and_a_good_one_passes() {
    let Some(hooks) = hooks() else { return };
    let project = Project::with("refused", hooks, "oasguard", "");
    project.write("docker-compose.yml", "services: {web: {image: nginx}}\n");
    project.write(".github/workflows/ci.yml", "on: push\n");
    project.write("chart/templates/x.yaml", "{{ if .Values.x }}\na: [\n{{ end }}\n");
    let said = project.passes();
    assert!(said.contains("0 documents linted, 3 skipped, 0 failed"), "{said}");
    project.write("api/notes.yaml", CLEAN);
    let said = project.passes();
    assert!(said.contains("1 document linted, 0 skipped, 0 failed"), "{said}");

    project.write("api/more.json", CLEARTEXT);
    let said = project.fails();
    for part in [
        "oasguard (changed OpenAPI documents)",
        "- exit code: 1",
        "api/more.json (1 high)",
        "high[credentials-over-cleartext]: a bearer token (`token`) is sent to",
        "api/more.json:4:24]",
        "= help: ",
        "1 document linted, 0 skipped, 0 failed",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    project.write("api/more.json", "{\"openapi\": \"3.1.0\",");
    let said = project.fails();
    assert!(said.contains("- exit code: 2") && said.contains("error[syntax-error]"), "{said}");
}

#[test]
fn a_changed_fragment_is_linted_through_its_documents() {
    let Some(hooks) = hooks() else { return };
    let project = Project::with("fragment", hooks, "oasguard", "");
    project.write("api/shop.yaml", ROOT);
    project.write("api/parts/orders.yaml", FRAGMENT);
    project.write("notes.yaml", CLEAN);
    assert!(project.passes().contains("2 documents linted"), "several files are one call");
    project.write("api/parts/orders.yaml", &format!("servers: [{{url: 'http://shop.io/v1'}}]\n{FRAGMENT}"));
    project.write("values.yaml", "a: 1\n");
    let said = project.fails();
    assert!(said.contains("api/parts/orders.yaml:1:17]"), "{said}");
    assert!(said.contains("1 document linted, 1 skipped, 0 failed"), "{said}");
    // What is not going to be committed does not count.
    project.write("api/parts/orders.yaml", &format!("description: all\n{FRAGMENT}"));
    git(&project.repository.folder, &["add", "-A"]);
    project.write("api/parts/orders.yaml", &format!("servers: [{{url: 'http://shop.io/v1'}}]\n{FRAGMENT}"));
    let output = project.run(Command::new("git").args(["commit", "-q", "-m", "staged"]));
    assert!(output.status.success(), "{}", self::said(&output));
}

#[test]
fn options_of_the_user_take_nothing_from_the_hook() {
    let Some(hooks) = hooks() else { return };
    for (number, arguments) in [
        "[--profile, auditor]",
        "[--output-format, concise]",
        "[--fail-on, high, --all, --color, never]",
        "[--no-inline-suppression, --]",
        "[--]",
    ]
    .iter()
    .enumerate()
    {
        let more = format!("args: {arguments}");
        let project = Project::with(&format!("options-{number}"), hooks, "oasguard", &more);
        project.write("docker-compose.yml", "services: {web: {image: nginx}}\n");
        project.passes();
        project.write("api/shop.yaml", ROOT);
        project.write("api/parts/orders.yaml", FRAGMENT);
        git(&project.repository.folder, &["add", "-A"]);
        git(&project.repository.folder, &["commit", "-q", "--no-verify", "-m", "the document"]);
        let bad = format!("servers: [{{url: 'http://shop.io/v1'}}]\n{FRAGMENT}");
        project.write("api/parts/orders.yaml", &bad);
        let said = project.fails();
        assert!(said.contains("credentials-over-cleartext"), "{arguments}: {said}");
        assert!(said.contains("1 document linted, 0 skipped, 0 failed"), "{arguments}: {said}");
    }
    let project = Project::with("never", hooks, "oasguard", "args: [--fail-on, never]");
    project.write("api/notes.json", CLEARTEXT);
    assert!(project.passes().contains("high[credentials-over-cleartext]"));
}

#[test]
fn a_file_does_not_switch_rules_off_by_its_name() {
    let Some(hooks) = hooks() else { return };
    for (arguments, is_linted) in [("", false), ("args: [--]", true)] {
        let project = Project::with("names", hooks, "oasguard", arguments);
        project.write("--config=evil.yaml", "ignore: [credentials-over-cleartext]\n");
        project.write("evil.yaml", "ignore: [credentials-over-cleartext]\n");
        project.write("-o.json", "{}\n");
        project.write("notes.json", CLEARTEXT);
        let said = project.fails();
        assert_eq!(said.contains("high[credentials-over-cleartext]"), is_linted, "{said}");
        assert_eq!(said.contains("is an option and the name of a file"), !is_linted, "{said}");
    }
}

#[test]
fn everything_is_linted_on_demand() {
    let Some(hooks) = hooks() else { return };
    let project = Project::with("all", hooks, "oasguard-all", "");
    project.write("docker-compose.yml", "services: {web: {image: nginx}}\n");
    assert!(project.fails().contains("no OpenAPI documents found"), "silence would prove nothing");
    project.write("api/notes.json", CLEARTEXT);
    git(&project.repository.folder, &["add", "-A"]);
    git(&project.repository.folder, &["commit", "-q", "--no-verify", "-m", "the document"]);
    project.write("README.md", "# Notes\n");
    project.passes();
    project.write("docker-compose.yml", "services: {}\n");
    let said = project.fails();
    assert!(said.contains("oasguard (all OpenAPI documents)"), "{said}");
    assert!(said.contains("api/notes.json:4:24]") && said.contains("1 document linted"), "{said}");
}

#[test]
fn a_list_that_is_too_long_for_one_process_is_no_error() {
    let Some(hooks) = hooks() else { return };
    let project = Project::with("long", hooks, "oasguard", "");
    let name = "a".repeat(100);
    for number in 0..2_500 {
        project.write(&format!("data/{name}-{number}.json"), "{}\n");
    }
    let said = project.passes();
    let skipped = |line: &str| line.split(", ").nth(1)?.strip_suffix(" skipped")?.parse::<usize>().ok();
    let counts: Vec<usize> = said.lines().filter_map(skipped).collect();
    assert!(counts.len() > 1, "{said}");
    assert_eq!(counts.iter().sum::<usize>(), 2_500, "each file is looked at once");
}

/// The examples of the page as they stand there, but for the place and the version of the repository.
#[test]
fn the_page_shows_what_works() {
    let Some(hooks) = hooks() else { return };
    let page = include_str!("../../../docs/pre-commit.md");
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    assert_eq!(blocks.len(), 4);
    assert!(include_str!("../../../README.md").contains(blocks[0]), "the README shows the same");
    for (number, block) in blocks.iter().enumerate() {
        let block = block
            .replace("https://github.com/oasguard/oasguard", &hooks.repository.display().to_string())
            .replace("rev: v0.1.0", &format!("rev: {}", hooks.revision));
        let project = Project::new(&format!("page-{number}"), hooks, &block);
        let is_local = block.contains("language: system");
        let path = std::env::var_os("PATH").expect("there is a path");
        let ours =
            Path::new(env!("CARGO_BIN_EXE_oasguard")).parent().expect("a file has a folder").to_owned();
        let path = match is_local {
            true => std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&path))),
            false => Ok(path),
        };
        let path = path.expect("paths without separators");
        let commit = || {
            git(&project.repository.folder, &["add", "-A"]);
            let mut git = Command::new("git");
            let output = project.run(git.args(["commit", "-q", "-m", "a change"]).env("PATH", &path));
            (output.status.success(), said(&output))
        };
        project.write("notes.yaml", CLEAN);
        let (passed, said) = commit();
        assert!(passed, "{block}{said}");
        project.write("more.json", CLEARTEXT);
        let (passed, said) = commit();
        assert!(!passed && said.contains("credentials-over-cleartext"), "{block}{said}");
        // Beside the last commit, a finding is old once it is in.
        git(&project.repository.folder, &["commit", "-q", "--no-verify", "-m", "accepted"]);
        project.write("more.json", &format!("{CLEARTEXT}\n\n"));
        let (passed, said) = commit();
        assert_eq!(passed, block.contains("--diff-base"), "{block}{said}");
    }
}
