//! The recipes of `docs/ci.md`: their shell parts are taken from the page and run, with the variables that each build server
//! sets, on a branch, on a pull request, on what is clean and on what is broken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::cli::{BROKEN, CLEAN, CLEARTEXT};
use crate::consumers::tables;
use crate::revision::Repository;

/// A recipe, by the name in the comment above it.
struct Recipe {
    name: &'static str,
    /// How the build server runs a step.
    shell: &'static [&'static str],
    /// The texts of the steps; those after the first run whatever became of it.
    steps: fn(&str) -> Vec<String>,
    /// What is set for a pull request into `main`.
    of_change: &'static [(&'static str, &'static str)],
    /// Formats and the files that the build publishes.
    reports: &'static [(&'static str, &'static str)],
}

const BASH: &[&str] = &["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];

const RECIPES: &[Recipe] = &[
    Recipe {
        name: "github",
        shell: BASH,
        steps: |block| {
            let steps: Value = serde_yaml::from_str(block).expect("the recipe is YAML");
            assert_eq!(steps[1]["if"], "${{ !cancelled() }}");
            steps.as_sequence().expect("steps").iter().map(|step| text(&step["run"])).collect()
        },
        of_change: &[("GITHUB_BASE_REF", "main")],
        reports: &[("sarif", "oasguard.sarif"), ("markdown", "oasguard.md"), ("markdown", "summary")],
    },
    Recipe {
        name: "gitlab",
        shell: &["sh", "-ec"],
        steps: |block| {
            let job: Value = serde_yaml::from_str(block).expect("the recipe is YAML");
            let job = &job["oasguard"];
            assert_eq!(job["artifacts"]["when"], "always");
            assert_eq!(job["artifacts"]["reports"]["codequality"], "gl-code-quality-report.json");
            assert_eq!(job["artifacts"]["reports"]["junit"], "oasguard.xml");
            vec![job["script"].as_sequence().expect("lines").iter().map(text).collect::<Vec<_>>().join("\n")]
        },
        of_change: &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", "BASE")],
        reports: &[("gitlab", "gl-code-quality-report.json"), ("junit", "oasguard.xml")],
    },
    Recipe {
        name: "azure",
        shell: BASH,
        steps: |block| {
            let pipeline: Value = serde_yaml::from_str(block).expect("the recipe is YAML");
            let steps = pipeline["steps"].as_sequence().expect("steps");
            let (run, publish) = steps.split_at(2);
            assert!(publish.iter().all(|step| step["condition"] == "succeededOrFailed()"));
            assert_eq!(run[0]["fetchDepth"], 0);
            vec![text(&run[1]["bash"])]
        },
        of_change: &[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main")],
        reports: &[
            ("sarif", "staging area/oasguard/oasguard.sarif"),
            ("junit", "staging area/oasguard/oasguard.xml"),
        ],
    },
    Recipe {
        name: "jenkins",
        shell: &["sh", "-xec"],
        steps: |block| {
            let (_, rest) = block.split_once("sh '''").expect("a shell step");
            let (script, rest) = rest.split_once("'''").expect("it ends");
            assert!(rest.contains("post {\n        always {") && !rest.contains("sh "));
            vec![script.to_owned()]
        },
        of_change: &[("CHANGE_TARGET", "main")],
        reports: &[("sarif", "oasguard.sarif"), ("junit", "oasguard.xml")],
    },
    Recipe {
        name: "shell",
        shell: &["sh", "-c"],
        steps: |block| vec![block.to_owned()],
        of_change: &[("BASE", "main")],
        reports: &[
            ("sarif", "reports/oasguard.sarif"),
            ("junit", "reports/oasguard.xml"),
            ("csv", "reports/oasguard.csv"),
        ],
    },
];

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value:?}")).to_owned()
}

/// The blocks of the page that have a name.
fn blocks() -> BTreeMap<String, String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let mut blocks = BTreeMap::new();
    for part in page.split("<!-- recipe: ").skip(1) {
        let (name, rest) = part.split_once(" -->\n```").expect("a block follows the comment");
        let (_, rest) = rest.split_once('\n').expect("a block has lines");
        let (block, _) = rest.split_once("\n```").expect("a block ends");
        blocks.insert(name.to_owned(), block.to_owned());
    }
    blocks
}

/// A repository with a remote, and a branch that adds a document to what was there.
fn repository(name: &str, documents: &[(&str, &str)]) -> Repository {
    let repository = Repository::new(&format!("ci-{name}"));
    repository.write("apis/old shop.json", documents[0].1);
    repository.commit();
    let folder = repository.folder.display().to_string();
    repository.git(&["remote", "add", "origin", &folder]);
    repository.git(&["fetch", "-q", "origin"]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    for (name, text) in &documents[1..] {
        repository.write(name, text);
    }
    repository.commit();
    repository
}

/// What a build leaves behind.
struct Built {
    code: i32,
    /// How many findings each report has, by its file.
    findings: BTreeMap<String, usize>,
    log: String,
}

fn build(recipe: &Recipe, block: &str, repository: &Repository, is_change: bool) -> Built {
    let folder = &repository.folder;
    fs::create_dir_all(folder.join("staging area")).expect("the folder is writable");
    let program = Path::new(env!("CARGO_BIN_EXE_oasguard")).parent().expect("a program is in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let base = repository.git(&["rev-parse", "main"]);
    let mut built = Built { code: 0, findings: BTreeMap::new(), log: String::new() };
    for step in (recipe.steps)(block) {
        let mut command = Command::new(recipe.shell[0]);
        command.args(&recipe.shell[1..]).arg(step).current_dir(folder);
        command.env_clear().env("PATH", &path).env("HOME", folder).env("CI", "true");
        command.env("GITHUB_STEP_SUMMARY", folder.join("summary")).env("GITHUB_BASE_REF", "");
        command.env("CI_PROJECT_DIR", folder).env("GITLAB_CI", "true");
        command.env("BUILD_ARTIFACTSTAGINGDIRECTORY", folder.join("staging area")).env("TF_BUILD", "True");
        command.env("WORKSPACE", folder).env("JENKINS_URL", "https://jenkins.example/");
        for (name, value) in recipe.of_change.iter().filter(|_| is_change) {
            command.env(name, if *value == "BASE" { base.as_str() } else { value });
        }
        let done = command.output().expect("the shell starts");
        let code = done.status.code().expect("the shell ends by itself");
        built.code = if built.code == 0 { code } else { built.code };
        built.log.push_str(&String::from_utf8_lossy(&[done.stdout, done.stderr].concat()));
    }
    for (format, file) in recipe.reports {
        let path: PathBuf = folder.join(file);
        if let Ok(text) = fs::read_to_string(&path) {
            built.findings.insert((*file).to_owned(), findings(format, &text));
        }
    }
    built
}

/// How many findings a report has, all of the severity `high`.
fn findings(format: &str, text: &str) -> usize {
    match format {
        "sarif" => {
            let log: serde_json::Value = serde_json::from_str(text).expect("SARIF is JSON");
            log["runs"][0]["results"].as_array().expect("results are a list").len()
        }
        "gitlab" => {
            let issues: Vec<serde_json::Value> = serde_json::from_str(text).expect("the report is JSON");
            let is_path = |path: &str| path.starts_with("apis/");
            assert!(issues.iter().all(|issue| issue["location"]["path"].as_str().is_some_and(is_path)));
            issues.iter().filter(|issue| issue["severity"] == "critical").count()
        }
        "junit" => {
            tables::parsed(text);
            text.matches("<failure").count()
        }
        "csv" => csv::Reader::from_reader(text.as_bytes()).records().count(),
        _ => {
            assert!(text.starts_with("### oasguard\n"), "{text}");
            text.lines().filter(|line| line.starts_with("| high |")).count()
        }
    }
}

fn expect(built: &Built, recipe: &Recipe, code: i32, count: usize) {
    assert_eq!(built.code, code, "{}: {}", recipe.name, built.log);
    for (_, file) in recipe.reports {
        assert_eq!(built.findings.get(*file), Some(&count), "{}: {file}: {}", recipe.name, built.log);
    }
}

#[test]
fn every_recipe_writes_its_reports_and_then_fails() {
    let blocks = blocks();
    let names: Vec<&str> = RECIPES.iter().map(|recipe| recipe.name).chain(["github-action"]).collect();
    assert!(blocks.keys().all(|name| names.contains(&name.as_str())), "{:?}", blocks.keys());
    for recipe in RECIPES {
        let block = &blocks[recipe.name];
        let dirty = [("", CLEARTEXT), ("apis/new shop.json", CLEARTEXT)];
        let of_branch = repository(&format!("{}-branch", recipe.name), &dirty);
        expect(&build(recipe, block, &of_branch, false), recipe, 1, 2);
        let of_change = repository(&format!("{}-change", recipe.name), &dirty);
        expect(&build(recipe, block, &of_change, true), recipe, 1, 1);
        let clean =
            repository(&format!("{}-clean", recipe.name), &[("", CLEARTEXT), ("apis/clean.yaml", CLEAN)]);
        expect(&build(recipe, block, &clean, true), recipe, 0, 0);
        let broken =
            repository(&format!("{}-broken", recipe.name), &[("", CLEARTEXT), ("apis/broken.yaml", BROKEN)]);
        let built = build(recipe, block, &broken, false);
        assert_eq!(built.code, 2, "{}: {}", recipe.name, built.log);
        assert_eq!(built.findings.len(), recipe.reports.len(), "{}: {}", recipe.name, built.log);
    }
}

/// Names of branches are chosen by whoever opens a pull request.
#[test]
fn a_branch_is_a_name_and_never_a_command() {
    let blocks = blocks();
    for recipe in RECIPES {
        let repository =
            repository(&format!("{}-hostile", recipe.name), &[("", CLEARTEXT), ("apis/a.json", CLEARTEXT)]);
        for name in
            ["$(touch pwned)", "`touch pwned`", "x;touch${IFS}pwned", "x --fail-on=never", "-h", "*", "'\"\n"]
        {
            let of_change: &'static [_] = Box::leak(Box::new([(recipe.of_change[0].0, name)]));
            let built = build(&Recipe { of_change, ..*recipe }, &blocks[recipe.name], &repository, true);
            assert_eq!(built.code, 2, "{} {name}: {}", recipe.name, built.log);
            assert!(!repository.folder.join("pwned").exists(), "{} {name}: {}", recipe.name, built.log);
        }
    }
}

/// A shallow clone without the base fails and says what to fetch, instead of reporting too much or too little.
#[test]
fn a_missing_history_is_no_silence() {
    let blocks = blocks();
    for recipe in RECIPES {
        let full =
            repository(&format!("{}-full", recipe.name), &[("", CLEARTEXT), ("apis/a.json", CLEARTEXT)]);
        let name = format!("{}-shallow", recipe.name);
        let shallow = Repository::new(&format!("ci-{name}"));
        let url = format!("file://{}", full.folder.display());
        shallow.git(&["fetch", "-q", "--depth", "1", &url, "topic"]);
        shallow.git(&["checkout", "-q", "-B", "main", "FETCH_HEAD"]);
        let mut variables: Vec<(&'static str, &'static str)> = recipe.of_change.to_vec();
        if variables[0].1 == "BASE" {
            variables[0].1 = "0123456789012345678901234567890123456789";
        }
        let of_change: &'static [_] = Box::leak(variables.into_boxed_slice());
        let built = build(&Recipe { of_change, ..*recipe }, &blocks[recipe.name], &shallow, true);
        assert_eq!(built.code, 2, "{}: {}", recipe.name, built.log);
        assert!(built.log.contains("--diff-base"), "{}: {}", recipe.name, built.log);
        assert!(built.findings.values().all(|count| *count == 0), "{}: {}", recipe.name, built.log);
    }
}

#[test]
fn the_action_is_used_as_it_is_declared() {
    let workflow: Value = serde_yaml::from_str(&blocks()["github-action"]).expect("the recipe is YAML");
    let action = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml"));
    let action: Value = serde_yaml::from_str(&action.expect("the action is there")).expect("YAML");
    let inputs = action["inputs"].as_mapping().expect("inputs have names");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).expect("a page");
    for name in
        inputs.keys().map(text).chain(action["outputs"].as_mapping().expect("outputs").keys().map(text))
    {
        assert!(page.contains(&format!("`{name}`")), "the page names `{name}`");
    }
    let steps = workflow["jobs"]["oasguard"]["steps"].as_sequence().expect("steps");
    for name in steps[1]["with"].as_mapping().expect("inputs").keys() {
        assert!(inputs.contains_key(name), "{name:?} is an input");
    }
}
