//! Every console block of the README and of `docs/` is run: what the documentation shows is what happens.
//!
//! A block is fenced as `console`; lines that start with `$ ` are commands, the lines after one are its output. A
//! line `...` stands for any lines. With `TEST_OASGUARD_BLESS=1` the blocks are rewritten with the real output; a block
//! that has a `...` is left for its author.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Commands that a reader runs and this test cannot: the test run itself, which is running, and installations.
const NOT_RUN: &[&str] =
    &["cargo test --workspace", "cargo install --path .", "git clone https://github.com/oasguard/oasguard"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let docs = std::fs::read_dir(root().join("docs"))
        .expect("docs/ is there")
        .map(|entry| entry.expect("a readable entry").path());
    pages.extend(docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    pages.retain(|page| page.exists());
    pages.sort();
    pages
}

/// One command of a block with the output that the page shows.
struct Step {
    command: String,
    shown: Vec<String>,
}

fn steps(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), shown: Vec::new() }),
            (None, Some(step)) => step.shown.push((*line).to_owned()),
            (None, None) => panic!("a console block starts without a command: {line}"),
        }
    }
    steps
}

/// Runs a command as a reader would from the project's root; what goes to both outputs, in the order report, notes.
fn run(command: &str) -> Vec<String> {
    let arguments = command
        .strip_prefix("oasguard")
        .or_else(|| command.strip_prefix("cargo run --release --"))
        .unwrap_or_else(|| panic!("the page shows a command that this test does not know: {command}"));
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let output = Command::new(env!("CARGO_BIN_EXE_oasguard"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .output()
        .expect("oasguard runs");
    let text = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8(bytes).expect("outputs are text"))
        .concat();
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

fn matches(shown: &[String], real: &[String]) -> bool {
    match shown.split_first() {
        None => real.is_empty(),
        Some((line, rest)) if line == "..." => {
            (0..=real.len()).any(|skipped| matches(rest, &real[skipped..]))
        }
        Some((line, rest)) => real.first() == Some(line) && matches(rest, &real[1..]),
    }
}

#[test]
fn what_the_documentation_shows_is_what_happens() {
    let bless = std::env::var_os("TEST_OASGUARD_BLESS").is_some();
    let mut run_commands = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("the page is text");
        let mut written = Vec::new();
        let mut block: Option<Vec<&str>> = None;
        for line in text.lines() {
            match &mut block {
                None => {
                    written.push(line.to_owned());
                    block = (line == "```console").then(Vec::new);
                }
                Some(lines) if line == "```" => {
                    for step in steps(lines) {
                        written.push(format!("$ {}", step.command));
                        if NOT_RUN.contains(&step.command.as_str()) {
                            written.extend(step.shown);
                            continue;
                        }
                        run_commands += 1;
                        let real = run(&step.command);
                        let fits = matches(&step.shown, &real);
                        let open = step.shown.iter().any(|line| line == "...");
                        assert!(
                            fits || bless && !open,
                            "{}: `{}` gives\n{}",
                            page.display(),
                            step.command,
                            real.join("\n")
                        );
                        written.extend(if open { step.shown } else { real });
                    }
                    written.push(line.to_owned());
                    block = None;
                }
                Some(lines) => lines.push(line),
            }
        }
        assert!(block.is_none(), "{}: a console block is not closed", page.display());
        if bless {
            std::fs::write(&page, written.join("\n") + "\n").expect("the page can be written");
        }
    }
    assert!(run_commands > 0, "no console block was found");
}

#[test]
fn ci_runs_what_the_readme_says() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).expect("the script is text");
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the page is text");
    assert!(readme.contains("$ cargo test --workspace\n"), "the README names the test command");
    assert!(ci.lines().any(|line| line == "step cargo test --workspace"), "CI runs the same command");
}

#[test]
fn the_readme_compares_as_measured() {
    let read = |path| std::fs::read_to_string(root().join(path)).expect("a readable file");
    let (readme, measured) = (read("README.md"), read("benches/compare/results.md"));
    assert!(readme.contains(&measured), "copy benches/compare/results.md into the README");
}
