//! The architecture as a test: who imports whom, which crates show up where, what may not stand in the source at all.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module and what it may import, besides itself. ARCHITECTURE.md explains the table.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("syntax", &["source"]),
    ("model", &["source", "syntax"]),
    ("lint", &["source", "syntax", "model"]),
    ("rules", &["source", "syntax", "model", "lint"]),
    ("engine", &["source", "syntax", "model", "lint"]),
    ("config", &["source", "syntax", "lint", "rules", "engine"]),
    ("baseline", &["source", "syntax", "lint", "engine"]),
    ("session", &["source", "syntax", "model", "lint", "rules", "engine", "config"]),
    ("report", &["source", "lint"]),
    ("explain", &["source", "lint", "rules"]),
    (
        "cli",
        &[
            "source", "syntax", "model", "lint", "rules", "engine", "config", "baseline", "session",
            "report", "explain",
        ],
    ),
];

/// Crates that may be named in some places only.
const BORDERS: &[(&str, &[&str])] = &[
    ("ctrlc", &["cli/output.rs"]),
    ("dunce", &["source/paths.rs"]),
    ("gix", &["source/revision.rs"]),
    ("globset", &["lint/selector.rs", "cli/"]),
    ("granit_parser", &["syntax/"]),
    ("libc", &["cli/heap.rs"]),
    ("miette", &["report/human.rs", "report/snippet.rs"]),
    ("percent_encoding", &["report/setting.rs"]),
    ("quick_xml", &["report/checkstyle.rs", "report/junit.rs"]),
    ("supports_hyperlinks", &["cli/output.rs"]),
    ("terminal_size", &["cli/output.rs"]),
    ("clap", &["cli/", "cli.rs", "main.rs"]),
    ("clap_complete", &["cli/"]),
    // No crate, but behind a border as well.
    ("unsafe", &["cli/heap.rs"]),
];

/// Lines that a file should not exceed: rules, everything else, one function.
const RULE_LINES: usize = 250;
const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[];

/// Crates that open connections. None may be among what a user's build links.
const NETWORKING: &[&str] = &[
    "async-std", "attohttpc", "curl", "h2", "hyper", "isahc", "mio", "minreq", "native-tls", "openssl",
    "quinn", "reqwest", "rustls", "smol", "socket2", "surf", "tokio", "tungstenite", "ureq",
];

struct Source {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The layer: the first folder, or the file itself.
    fn layer(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// The modules that lead to this one: `["report", "human"]`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').collect()
    }

    /// The text without comments, strings and tests, line by line.
    fn code(&self) -> Vec<String> {
        let own = self.text.split("\n#[cfg(test)]\nmod ").next().unwrap();
        own.lines().map(code_of).collect()
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
    }
}

/// A line without what stands in quotes and after `//`. Strings over several lines hold no code that matters here.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '/' if characters.peek() == Some(&'/') => break,
            // The character literal `'"'` opens no string.
            '\'' if characters.peek() == Some(&'"') => {
                characters.next();
            }
            '"' => {
                while let Some(inner) = characters.next() {
                    match inner {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            other => code.push(other),
        }
    }
    code
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative: PathBuf = path.strip_prefix(&root).unwrap().into();
                let path_text = relative.to_str().unwrap().replace('\\', "/");
                sources.push(Source { path: path_text, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems\n{}\n", problems.len(), problems.join("\n"));
}

#[test]
fn layers_import_only_what_lies_below() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut problems = Vec::new();
    for source in sources().iter().filter(|source| !matches!(source.path.as_str(), "lib.rs" | "main.rs")) {
        let layer = source.layer();
        let Some(allowed) = layers.get(layer) else {
            problems.push(format!("{}: the layer `{layer}` is not in the table", source.path));
            continue;
        };
        for (line, target) in imports(source) {
            if target != layer && layers.contains_key(target.as_str()) && !allowed.contains(&target.as_str())
            {
                problems.push(format!("{}:{line}: `{layer}` may not import `{target}`", source.path));
            }
        }
    }
    report(&problems);
}

/// The layers that a file names: by `crate::layer`, or by a chain of `super::` that leads there.
fn imports(source: &Source) -> Vec<(usize, String)> {
    // The whole text with its line breaks, since a list of imports may be broken over lines.
    let code = source.code().join("\n");
    let mut found = Vec::new();
    let mut add = |at: usize, path: &str| {
        let line = code[..at].lines().count().max(1);
        // `crate::{lint::Rule, model::Api}` names several.
        let names: Vec<&str> = match path.strip_prefix('{') {
            Some(list) => top_level_items(list),
            None => vec![path],
        };
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            found.push((line, name[..end].to_owned()));
        }
    };
    for (at, _) in code.match_indices("crate::") {
        add(at, &code[at + "crate::".len()..]);
    }
    let depth = source.module().len();
    let mut at = 0;
    while let Some(offset) = code[at..].find("super::") {
        let start = at + offset;
        let mut rest = &code[start..];
        let mut steps = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, steps) = (after, steps + 1);
        }
        // As many steps as the module is deep lead to the root of the crate.
        if steps >= depth {
            add(start, rest);
        }
        at = code.len() - rest.len();
    }
    found
}

/// The items of a list in braces, without those of lists within it.
fn top_level_items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(list[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn imports_are_found_however_they_are_written() {
    let text = "use crate::{\n    lint::{Rule, x},\n    model,\n};\nuse super::super::rules::all;\nuse super::Other;\n\
                fn f() { crate::engine::check() } // crate::cli\nconst S: &str = \"crate::session\";\n";
    let source = Source { path: "report/human.rs".into(), text: text.into() };
    let names: Vec<_> = imports(&source).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["lint", "model", "engine", "rules"]);
}

#[test]
fn the_engine_knows_no_rule_and_crates_stay_behind_their_borders() {
    let ids: BTreeSet<&str> = oasguard::rules::all().iter().map(|rule| rule.id).collect();
    let mut problems = Vec::new();
    for source in sources() {
        let own = source.text.split("\n#[cfg(test)]\nmod ").next().unwrap();
        for id in ids.iter().filter(|_| source.layer() == "engine") {
            if own.contains(&format!("\"{id}\"")) {
                problems.push(format!("{}: the engine names the rule `{id}`", source.path));
            }
        }
        for (name, places) in BORDERS {
            let inside = places.iter().any(|place| source.path.starts_with(place));
            let named = |line: &String| {
                line.match_indices(name).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + name.len()..].chars().next();
                    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                    !joins(before) && !joins(after)
                })
            };
            if let Some(line) = source.code().iter().position(named).filter(|_| !inside) {
                problems.push(format!(
                    "{}:{}: `{name}` may be named in {places:?} only",
                    source.path,
                    line + 1
                ));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_file_says_what_it_is_and_none_unwraps_or_connects() {
    let mut problems = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            problems.push(format!("{}: the first line is no `//!` comment", source.path));
        }
        if source.is_test() {
            continue;
        }
        for (index, line) in source.code().iter().enumerate() {
            let mut forbid = |what: &str, reason: &str| {
                if line.contains(what) {
                    problems.push(format!("{}:{}: `{what}`: {reason}", source.path, index + 1));
                }
            };
            forbid(".unwrap()", "handle it, or `expect` with the invariant as its text");
            forbid("TcpStream", "oasguard opens no connection");
            forbid("TcpListener", "oasguard opens no connection");
            forbid("UdpSocket", "oasguard opens no connection");
            forbid("UnixStream", "oasguard opens no connection");
            forbid("ToSocketAddrs", "oasguard asks no name server");
            // Parsing an address is reading, not networking.
            forbid("std::net", "oasguard opens no connection; addresses are parsed with `core::net`");
        }
    }
    report(&problems);
}

#[test]
fn nothing_that_connects_is_linked() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap());
    command.args(["tree", "--offline", "--edges", "normal", "--all-features", "--target", "all"]);
    command.args(["--prefix", "none", "--format", "{p}", "--package", "oasguard", "--manifest-path"]);
    let output = command.arg(manifest).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("regex"), "the tree is not what it should be: {names:?}");
    let bad: Vec<_> = NETWORKING.iter().filter(|name| names.contains(*name)).collect();
    assert!(bad.is_empty(), "these crates open connections: {bad:?}");
}

/// Guidance, not a border: what is too long is printed (`--nocapture` shows it), and exceptions must be real.
#[test]
fn sizes_are_reported() {
    let sources = sources();
    for (path, _) in LONG {
        assert!(sources.iter().any(|source| source.path == *path), "LONG names {path}, which is not there");
    }
    for source in &sources {
        let lines = source.code().len();
        let is_rule = source.layer() == "rules" && source.module().len() == 3;
        let limit = if is_rule { RULE_LINES } else { FILE_LINES };
        match LONG.iter().find(|(path, _)| *path == source.path) {
            Some((path, reason)) => println!("{path}: {lines} lines, on purpose: {reason}"),
            None if lines > limit => println!("{}: {lines} lines, more than {limit}", source.path),
            None => {}
        }
        for (name, length) in functions(&source.code()) {
            if length > FUNCTION_LINES {
                println!("{}: `{name}` has {length} lines", source.path);
            }
        }
    }
}

/// Functions with their lengths: from `fn` to the brace that closes at the same indentation.
fn functions(code: &[String]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (start, line) in code.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else { continue };
        if before.trim_end().ends_with(|c: char| !c.is_alphanumeric() && c != ')')
            && !before.trim().is_empty()
        {
            continue;
        }
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let close = format!("{indent}}}");
        let Some(length) = code[start..].iter().position(|line| *line == close) else { continue };
        let name = after.split(['(', '<']).next().unwrap_or_default();
        found.push((name.to_owned(), length + 1));
    }
    found
}
