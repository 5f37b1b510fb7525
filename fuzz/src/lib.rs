//! What must hold for every input, however broken. Each function takes bytes and panics where it does not hold.
//!
//! `cargo fuzz` looks for such inputs guided by coverage; `tests/it/fuzz.rs` tries mutations of the seeds.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use oasguard::config::{Configuration, Discovery, Plan, Selection};
use oasguard::engine::Inline;
use oasguard::lint::{Claim, Location, Profile, Report, Spelling};
use oasguard::model::{Api, Directions, Document, ObjectType};
use oasguard::report::{self, Full};
use oasguard::session::{Input, InputOrigin, Session};
use oasguard::source::{FileId, Limits};
use oasguard::syntax::{
    Bail, ErrorKind, File, Files, Format, Node, NodeId, Parsed, parse, parse_fast, parse_full,
};

/// Separates the files of one input: the first is linted, the others are `1.yaml`, `2.yaml`, …
pub const SEPARATOR: &str = "\n%%%\n";

/// The JSON reader accepts what `serde_json` accepts, and every span of its tree is a part of the text.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = parse(text, Format::Json, &Limits::default());
    // Other limits than those of `serde_json`, which knows only one for the depth.
    if parsed.errors.iter().any(|error| error.kind == ErrorKind::Limit) {
        return;
    }
    check_tree(text, parsed_file(text, parsed, Format::Json), |ours| {
        // It leaves the values of numbers and the pairing of surrogates alone, and a byte order mark is none of its
        // business (RFC 8259 §8.1).
        let theirs =
            serde_json::from_str::<serde::de::IgnoredAny>(text.strip_prefix('\u{feff}').unwrap_or(text));
        let is_deep = theirs.as_ref().is_err_and(|error| error.to_string().contains("recursion limit"));
        let has_surrogates = ["\\ud", "\\uD"].iter().any(|escape| text.contains(escape));
        assert!(
            is_deep || has_surrogates || theirs.is_ok() == ours,
            "serde_json: {theirs:?}, oasguard: {ours}"
        );
    });
}

fn check_tree(text: &str, files: Files, accepted: impl FnOnce(bool)) {
    let file = files.file(FileId::ROOT);
    for id in (0..file.tree.len() as u32).map(NodeId) {
        let node = files.node(FileId::ROOT, id);
        let span = node.span();
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
        node.text();
    }
    accepted(file.errors.is_empty());
}

/// Where the fast YAML reader answers, it says what the full one says.
pub fn yaml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(difference) = compare_yaml(text, &Limits::default()) {
        panic!("{difference}");
    }
}

/// What differs first between the two readers of YAML, as a sentence; otherwise whether the fast one answered.
pub fn compare_yaml(text: &str, limits: &Limits) -> Result<Result<(), Bail>, String> {
    let fast = match parse_fast(text, limits) {
        Ok(fast) => fast,
        Err(bail) => return Ok(Err(bail)),
    };
    let full = parse_full(text, limits);
    if let Some(error) = full.errors.first() {
        return Err(format!("the text has an error: {error:?}"));
    }
    if fast.tree.comments() != full.tree.comments() {
        return Err(format!("comments {:?}, {:?}", fast.tree.comments(), full.tree.comments()));
    }
    let nodes = [fast.tree.len(), full.tree.len()];
    let fast = parsed_file(text, fast, Format::Yaml);
    let full = parsed_file(text, full, Format::Yaml);
    for id in (0..nodes[0].min(nodes[1]) as u32).map(NodeId) {
        let (fast, full) = (fast.node(FileId::ROOT, id), full.node(FileId::ROOT, id));
        if facts(fast) != facts(full) {
            return Err(format!("node {}: {:?} is not {:?}", id.0, facts(fast), facts(full)));
        }
    }
    if nodes[0] == nodes[1] { Ok(Ok(())) } else { Err(format!("{} nodes, not {}", nodes[0], nodes[1])) }
}

/// Everything that can be asked of a node.
fn facts(node: Node<'_>) -> impl PartialEq + std::fmt::Debug + use<'_> {
    let span = node.span();
    (node.kind(), span.start, span.end, node.end_id(), node.text(), node.key().is_some(), node.atom())
}

fn parsed_file(text: &str, parsed: Parsed, format: Format) -> Files {
    Files::new(Arc::new(File {
        path: "/fuzz/0.yaml".into(),
        display: "0.yaml".into(),
        text: text.to_owned(),
        tree: parsed.tree,
        errors: parsed.errors,
        format,
    }))
}

/// Whatever the document is, its model can be asked everything.
pub fn model(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = File::parse("/fuzz/0.yaml".into(), "0.yaml".into(), text.to_owned(), &small());
    let Ok(document) = Document::of_file(Arc::new(file)) else { return };
    let api = Api::of(&document);
    let usage = api.usage();
    for operation in &api.operations {
        let _ = (operation.title(), operation.exposure(), operation.changes(), operation.documents_denial());
        let _ = (api.public_reason(operation), api.protected_sibling(operation), api.body_of(operation));
        for endpoint in &operation.servers.endpoints {
            let _ = (endpoint.url(), endpoint.transports(), endpoint.reach());
        }
        assert_eq!(api.operation(operation.id).path, operation.path);
        let _ = operation.security.to_string();
    }
    let request = api.request_schemas();
    for schema in request.iter() {
        assert!(usage.directions(schema.schema.node()).intersects(Directions::REQUEST));
        let _ = (request.full_name(&api, schema), schema.schema.types(), schema.schema.branches());
    }
    for object_type in ObjectType::ALL {
        for node in document.nodes(*object_type) {
            assert!(text.get(node.span().range()).is_some());
        }
    }
    let _ = (api.versioning(), api.authentication_evidence(), api.misplaced_security(), api.access_counts());
    assert_eq!(api.ranked_operations().len(), api.path_operations().count());
}

/// A whole lint in every format: no crash, no internal error, each finding on one line and unlike all others, the same
/// again when it is repeated.
pub fn lint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let report = lint_once(text);
    let mut identities = BTreeSet::new();
    for finding in &report.findings {
        let location = &finding.location;
        let (start, end) = (location.start, location.end);
        assert!(start.line > 0 && start.column > 0 && end.line == start.line, "{location:?}");
        assert!(!finding.message.is_empty() && !finding.help.is_empty(), "{finding:?}");
        let identity = (location.path.clone(), finding.fingerprint.clone());
        assert!(identities.insert(identity), "two findings are one: {finding:?}");
    }
    for error in &report.errors {
        assert_ne!(error.rule, "internal-error", "{error:?}");
    }
    let json = written(|out| report::json(&report, out));
    serde_json::from_slice::<serde::de::IgnoredAny>(&json).expect("the report is JSON");
    let again = lint_once(text);
    assert!(json == written(|out| report::json(&again, out)), "two runs differ");
    let lines = written(|out| report::json_lines(&report, out));
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        serde_json::from_slice::<serde::de::IgnoredAny>(line).expect("each line is JSON");
    }
    let full = Full { all: true, verbose: true, ..Full::default() };
    let texts = [
        written(|out| report::full(&report, &full, out)),
        written(|out| report::concise(&report, out)),
        written(|out| report::gcc(&report, out)),
    ];
    for text in &texts {
        // What acts on a terminal is shown and not sent.
        let acts = |byte: &u8| *byte < b' ' && *byte != b'\n' || *byte == 0x7f;
        assert!(!text.iter().any(acts), "{:?}", String::from_utf8_lossy(text));
    }
    let said = report.findings.len() + report.errors.len();
    let lines = texts[1].iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, said, "one line for each");
}

/// Directives silence and never add: without them there are at least as many occurrences of each rule. Each stands where
/// the report says, and comments belong to values in source order.
pub fn suppressions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files: Vec<String> = text.split(SEPARATOR).map(decoded).collect();
    for (number, part) in files.iter().enumerate() {
        let name = format!("{number}.yaml");
        let file = File::parse(name.clone().into(), name, part.clone(), &small());
        check_order(file);
    }
    let heeded = lint_with(text, Inline::Heed);
    let disregarded = lint_with(text, Inline::Disregard);
    assert!(disregarded.suppressions.is_empty() && disregarded.summary.suppressed == 0);
    for suppression in &heeded.suppressions {
        let location = &suppression.directive.location;
        let number: usize = location.path.trim_end_matches(".yaml").parse().expect("a file of the input");
        let (start, end) = (location.bytes.start as usize, location.bytes.end as usize);
        let shown = &files[number][start..end];
        let is_comment = suppression.directive.spelling == Spelling::Comment;
        assert!(!is_comment || shown.starts_with("oasguard"), "{shown:?}");
        let place = place_after(&files[number][..start]);
        assert_eq!((location.start.line as usize, location.start.column as usize), place, "{shown:?}");
    }
    // Whoever is public on purpose is compared with others no more, which may change what is said of those.
    if heeded.suppressions.iter().any(|suppression| suppression.directive.what == Claim::Public) {
        return;
    }
    let [left, all] = [&heeded, &disregarded].map(occurrences);
    for (rule, count) in left {
        assert!(all.get(rule).is_some_and(|all| *all >= count), "{rule}: {count} of {:?}", all.get(rule));
    }
}

/// Any text is a file of settings, or what it extends (`base.yaml`), without a crash: it governs a document, or everything
/// that is wrong with it is said at a place in it, and then the document is not checked by half of it.
pub fn configuration(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let folder = Path::new("/nowhere/of/oasguard");
    let mut session = Session::new(folder);
    session.threads = NonZeroUsize::new(1);
    session.configuration = Configuration::new(Discovery::Nearest, folder, Vec::new());
    session.today = "2026-11-22".parse().expect("a day");
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for (name, part) in ["oasguard.yaml", "base.yaml"].into_iter().zip(text.split(SEPARATOR)) {
        session.reader.overlay(&folder.join(name), part.as_bytes().to_vec());
        files.insert(name, decoded(part));
    }
    let document = folder.join("0.yaml");
    session.reader.overlay(&document, GOVERNED.as_bytes().to_vec());
    let check = |location: &Location| {
        let file = files.get(location.path.as_str()).expect("a place in a file of settings");
        let range = location.bytes.start as usize..location.bytes.end as usize;
        let shown = file.get(range.clone()).unwrap_or_else(|| panic!("{location:?} is no part of the text"));
        assert!(!shown.contains(['\n', '\r']) && location.start.line == location.end.line, "{location:?}");
        let place = place_after(&file[..range.start]);
        assert_eq!((location.start.line as usize, location.start.column as usize), place, "{shown:?}");
    };
    let (_, failures) = session.configuration.of_run(&session.reader);
    let shown = session.configuration.shown(&session.reader, &document);
    assert_eq!(shown.is_err(), !failures.is_empty(), "the run and the document have the same files");
    let report = session.lint(&[Input { path: document, origin: InputOrigin::Named }]);
    assert_eq!(report.summary.linted == 0, !failures.is_empty(), "settings hold as a whole or not at all");
    for failure in failures.iter().chain(&report.errors) {
        assert!(!failure.message.is_empty() && !failure.help.is_empty(), "{failure:?}");
        assert_ne!(failure.rule, "internal-error", "{failure:?}");
        failure.location.iter().for_each(check);
        failure.related.iter().for_each(|label| check(&label.location));
    }
    for origin in shown.iter().flat_map(|shown| &shown.rows).map(|row| &row.origin) {
        origin.location().into_iter().for_each(check);
    }
    let of_settings = report.findings.iter().filter(|finding| finding.location.path != "0.yaml");
    of_settings.for_each(|finding| check(&finding.location));
    let listed = report.suppressions.iter().filter(|one| one.directive.spelling == Spelling::Configuration);
    listed.for_each(|one| check(&one.directive.location));
    written(|out| report::json(&report, out));
}

/// What a file with this text says. It may look like UTF-16, and places are those of what it says as such.
fn decoded(part: &str) -> String {
    oasguard::source::decode(part.as_bytes().to_vec()).unwrap_or_else(|_| part.to_owned())
}

/// The line and column after a text, from 1.
fn place_after(text: &str) -> (usize, usize) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // A byte order mark at the beginning has no width.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let line = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() + 1, line.chars().count() + 1)
}

/// What settings are tried on.
const GOVERNED: &str = "\
openapi: 3.1.0
info: { title: Shop, version: '1' }
servers: [{ url: 'http://api.shop.com' }]
paths:
  /orders:
    post: { tags: [shop], operationId: createOrder, responses: { '201': { description: made } } }
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
";

/// How many occurrences each rule has, but for those about directives.
fn occurrences(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.category != "suppression") {
        *counts.entry(finding.rule).or_default() += finding.occurrences.count.max(1);
    }
    counts
}

/// Values begin in the order of the tree, so that the next one after a comment can be looked up.
fn check_order(file: File) {
    let files = Files::new(Arc::new(file));
    let file = files.file(FileId::ROOT);
    let starts = (0..file.tree.len() as u32).map(|id| files.node(FileId::ROOT, NodeId(id)).span().start);
    let starts: Vec<u32> = starts.collect();
    assert!(!file.errors.is_empty() || starts.is_sorted(), "{:?}\n{starts:?}", file.text);
}

fn lint_once(text: &str) -> Report {
    lint_with(text, Inline::Heed)
}

fn lint_with(text: &str, inline: Inline) -> Report {
    let folder = Path::new("/nowhere/of/oasguard");
    let mut session = Session::new(folder);
    session.threads = NonZeroUsize::new(1);
    session.limits = small();
    session.inline = inline;
    let plan = Plan::new(&Selection { profile: Profile::Auditor, ..Selection::default() });
    session.configuration = plan.expect("a selection without names").into();
    for (number, part) in text.split(SEPARATOR).enumerate() {
        session.reader.overlay(&folder.join(format!("{number}.yaml")), part.as_bytes().to_vec());
    }
    session.lint(&[Input { path: folder.join("0.yaml"), origin: InputOrigin::Named }])
}

/// Limits that a small input can reach.
fn small() -> Limits {
    Limits { depth: 64, operations: 50, ..Limits::default() }
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out).expect("memory takes everything");
    out
}
