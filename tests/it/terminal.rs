//! Manners on a terminal. `script` of util-linux provides one; where it is missing, these tests say so.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{CLEARTEXT, Folder};

/// What the program writes if both outputs are a terminal of 80 columns.
fn on_terminal(folder: &Folder, arguments: &str, variables: &[(&str, &str)]) -> Option<String> {
    // The shell may have an opinion about some of the variables, so they are set behind it.
    let variables: String = variables.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
    let program = env!("CARGO_BIN_EXE_oasguard");
    let line = format!("stty cols 80 rows 24; env {variables} {program} {arguments}");
    let mut script = Command::new("script");
    script.current_dir(&folder.0).args(["--quiet", "--command", &line, "/dev/null"]).stdin(Stdio::null());
    let cleared = [
        "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "CI", "FORCE_HYPERLINK",
        "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "COLORTERM", "KONSOLE_VERSION", "TMUX",
    ];
    for variable in cleared {
        script.env_remove(variable);
    }
    script.env("TERM", "xterm-256color");
    match script.output() {
        Ok(output) => Some(String::from_utf8(output.stdout).expect("output is text").replace("\r\n", "\n")),
        Err(error) => {
            println!("skipped: there is no `script`: {error}");
            None
        }
    }
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let long = CLEARTEXT.replace("http://notes", &format!("http://{}.notes", "long".repeat(12)));
    folder.write("api.json", &long);
    folder
}

#[test]
fn colors_follow_the_environment() {
    let folder = folder("terminal-color");
    for (variables, is_colored) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "")], true),
        (&[("CLICOLOR", "0")], false),
        (&[("CLICOLOR", "1")], true),
        (&[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], true),
        (&[("TERM", "dumb")], false),
        (&[("TERM", "dumb"), ("FORCE_COLOR", "1")], true),
    ] {
        let Some(said) = on_terminal(&folder, "lint api.json", variables) else { return };
        assert!(said.contains("finding"), "{said}");
        assert_eq!(said.contains("\u{1b}["), is_colored, "{variables:?}: {said:?}");
    }
}

#[test]
fn lines_of_documents_fit_the_terminal() {
    let folder = folder("terminal-width");
    let widest = |said: &str| {
        let excerpts = said.lines().filter(|line| line.contains('│'));
        excerpts.map(|line| line.chars().count()).max().expect("there is an excerpt")
    };
    let plain = ("NO_COLOR", "1");
    let Some(eighty) = on_terminal(&folder, "lint api.json", &[plain]) else { return };
    let narrow =
        on_terminal(&folder, "lint api.json", &[plain, ("COLUMNS", "50")]).expect("there was a terminal");
    let wide =
        on_terminal(&folder, "lint api.json", &[plain, ("COLUMNS", "200")]).expect("there was a terminal");
    let odd =
        on_terminal(&folder, "lint api.json", &[plain, ("COLUMNS", "wide")]).expect("there was a terminal");
    let widths = [&narrow, &eighty, &wide].map(|said| widest(said));
    assert!(
        widths[0] <= 50 && (51..=80).contains(&widths[1]) && widths[2] > 80,
        "{widths:?}\n{narrow}\n{wide}"
    );
    assert_eq!(odd, eighty, "what is no number does not count");
}

#[test]
fn ids_of_rules_are_links_where_links_are_shown() {
    let folder = folder("terminal-links");
    for (arguments, variables, has_links) in [
        ("lint api.json", &[][..], false),
        ("lint api.json", &[("FORCE_HYPERLINK", "1")], true),
        ("lint api.json", &[("VTE_VERSION", "6003")], true),
        ("lint api.json", &[("FORCE_HYPERLINK", "1"), ("TERM", "dumb")], false),
        ("lint api.json --hyperlinks never", &[("FORCE_HYPERLINK", "1")], false),
        ("lint api.json --hyperlinks always", &[], true),
        ("lint api.json --output-format concise", &[("FORCE_HYPERLINK", "1")], false),
    ] {
        let Some(said) = on_terminal(&folder, arguments, variables) else { return };
        let link = "\u{1b}]8;;https://github.com/oasguard/oasguard/blob/main/rules/";
        assert_eq!(said.contains(link), has_links, "{arguments} {variables:?}: {said:?}");
        assert_eq!(said.matches("\u{1b}]8;;\u{1b}\\").count(), said.matches(link).count(), "each link ends");
    }
    // In a pipe there are none unless they are asked for.
    let output = folder.run(&["lint", "api.json"]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains('\u{1b}'));
}

#[test]
fn a_short_run_shows_no_progress() {
    let folder = folder("terminal-progress");
    let Some(said) = on_terminal(&folder, "lint api.json", &[]) else { return };
    assert!(!said.contains("checking:"), "{said:?}");
}

#[test]
fn a_long_run_shows_its_progress_and_leaves_no_trace() {
    let folder = Folder::new("terminal-long");
    // Anchors are left to the complete reader, which takes its time.
    let item = "  - { name: one of very many, size: 12, tags: [a, b, c], note: 'nothing to see' }\n";
    let head = "openapi: 3.0.3\ninfo: &info { title: Long, version: '1' }\npaths: {}\nx-data:\n";
    folder.write("long.yaml", &(head.to_owned() + &item.repeat(500_000)));
    let started = Instant::now();
    let Some(said) = on_terminal(&folder, "lint long.yaml --threads 1", &[("NO_COLOR", "1")]) else { return };
    let took = started.elapsed();
    let clear = "\r\u{1b}[K";
    let is_shown = said.contains(&format!("{clear}checking: 0 of 1 files"));
    assert!(is_shown || took < Duration::from_secs(4), "{took:?}: {said:?}");
    assert!(!is_shown || took > Duration::from_secs(2), "{took:?}: {said:?}");
    if let Some((_, after)) = said.rsplit_once(" files") {
        assert!(after.starts_with(clear), "the line is gone before the report: {after:?}");
        assert!(after.ends_with("1 document linted, 0 skipped, 0 failed\n"), "{after:?}");
        assert!(!after[clear.len()..].contains('\u{1b}'), "{after:?}");
    }
    // Nobody waits at a pipe.
    let output = folder.run(&["lint", "long.yaml", "--threads", "1"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("checking"));
}
