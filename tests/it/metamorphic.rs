//! The same document written in another way has the same findings.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use oasguard::lint::{Finding, Location, Report};
use rayon::prelude::*;

use crate::support::{Random, corpus, directory, lint, report};
use crate::tree::Tree;

/// Values of the largest document that is looked at.
const MOST: usize = 40_000;

/// Documents of the corpora, each with its name.
fn documents() -> Vec<(String, Tree)> {
    let corpus = corpus().map(|(_, paths)| paths).unwrap_or_default();
    let directory: Vec<PathBuf> = directory().unwrap_or_default().into_iter().step_by(15).collect();
    let fixtures = [("fixture".to_owned(), Tree::read("fixture.yaml", FIXTURE, MOST).expect("a document"))];
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).ok()?;
        let name = path.file_name()?.to_str()?;
        let tree = Tree::read(name, &text, MOST)?;
        let is_document = tree.get("openapi").is_some() || tree.get("swagger").is_some();
        (is_document && !tree.has_duplicates()).then(|| (path.display().to_string(), tree))
    };
    let paths: Vec<_> = corpus.into_iter().chain(directory).collect();
    fixtures.into_iter().chain(paths.par_iter().filter_map(read).collect::<Vec<_>>()).collect()
}

/// Something for every rule, in an order that is no alphabet's.
const FIXTURE: &str = r##"
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'http://api.shop.com'}, {url: 'https://api.shop.com'}, {url: 'ws://b.shop.com'}]
paths:
  /z/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {requestBody: {$ref: '#/components/requestBodies/Z'}, responses: {'200': {description: ok}}}
    delete: {security: [{gone: []}, {old: []}], responses: {}}
  /b:
    get:
      security: [{key: []}]
      parameters: [{$ref: '#/components/parameters/limit'}, {name: pageSize, in: query, schema: {type: integer}}]
      responses: {'429': {description: slow down}, '401': {description: no}}
    post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}, responses: {}}
  /orders/{orderId}:
    delete: {parameters: [{name: orderId, in: path, schema: {$ref: '#/components/schemas/Id'}}], responses: {}}
  /a:
    get: {parameters: [{name: limit, in: query, schema: {type: integer}}], responses: {'403': {description: no}}}
    patch: {requestBody: {content: {application/json: {schema: {type: array, items: {type: array}}}}}, responses: {}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: k}
    basic: {type: http, scheme: basic}
  parameters:
    limit: {name: limit, in: query, schema: {type: integer}}
  requestBodies:
    Z: {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/B'}, {type: array}]}}}}
  schemas:
    Id: {type: integer}
    B: {type: object, properties: {y: {type: array}, x: {type: array, items: {$ref: '#/components/schemas/C'}}}}
    C: {discriminator: {propertyName: t, mapping: {d: '#/components/schemas/D', e: E}}}
    D: {allOf: [{$ref: '#/components/schemas/C'}, {properties: {d: {type: array}}}]}
    E: {properties: {e: {type: array}}}
    Gone: {properties: {a: {$ref: '#/components/schemas/Nothing'}, b: {$ref: '#/components/schemas/Nothing'}}}
"##;

/// What a finding says that does not depend on how its document is written.
fn said(finding: &Finding) -> String {
    let at = |location: &Location| format!("{}:{}:{:?}", location.path, location.pointer, location.part);
    let labels = |labels: &[oasguard::lint::Label]| -> Vec<String> {
        labels.iter().map(|label| format!("{} ({})", at(&label.location), label.message)).collect()
    };
    format!(
        "{} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {}",
        finding.rule,
        finding.severity,
        finding.confidence,
        at(&finding.location),
        finding.message,
        finding.help,
        labels(&finding.related),
        labels(&finding.because),
        (finding.affected.count, &finding.affected.items, finding.occurrences.count),
        finding.fingerprint
    )
    .replace("a.yaml", "a.json")
}

fn all_said(report: &Report) -> Vec<String> {
    let mut said: Vec<_> = report.findings.iter().map(said).collect();
    said.sort();
    said
}

/// The first statement that only one of two has.
fn same(name: &str, left: &[String], right: &[String]) -> Result<(), String> {
    if left == right {
        return Ok(());
    }
    let only = |of: &[String], other: &[String]| -> String {
        let only = of.iter().find(|said| !other.contains(said));
        only.map_or_else(String::new, |said| said.chars().take(2000).collect())
    };
    Err(format!("{name}: {} is not {}", only(left, right), only(right, left)))
}

/// Applies a check to every document.
fn check_all(what: &str, check: impl Fn(&str, &Tree) -> Result<usize, String> + Sync) {
    let documents = documents();
    let results: Vec<_> = documents.par_iter().map(|(name, tree)| check(name, tree)).collect();
    let findings: usize = results.iter().flatten().sum();
    println!("{what}: {} documents, {findings} findings compared", documents.len());
    report(&results.into_iter().filter_map(Result::err).collect::<Vec<_>>());
    assert!(findings > 0);
}

#[test]
fn json_and_yaml_say_the_same() {
    check_all("JSON and YAML", |name, tree| {
        let json = lint(&[("a.json", tree.json())]);
        let yaml = lint(&[("a.yaml", tree.yaml())]);
        if json.errors.len() + yaml.errors.len() > 0 {
            return Err(format!("{name}: {:?} {:?}", json.errors, yaml.errors));
        }
        same(name, &all_said(&json), &all_said(&yaml))?;
        Ok(json.findings.len())
    });
}

#[test]
fn comments_and_blank_lines_move_findings_and_change_nothing() {
    check_all("comments", |name, tree| {
        let mut random = Random(1);
        let lines = tree.yaml_lines();
        // New number of each line, from 1.
        let mut moved = vec![0];
        let mut commented: Vec<String> = Vec::new();
        for line in &lines {
            for _ in 0..random.below(3) {
                let indentation = " ".repeat(random.below(6));
                commented.push(match random.below(3) {
                    0 => String::new(),
                    1 => format!("{indentation}# get: {{security: []}}"),
                    _ => indentation,
                });
            }
            let comment = if random.below(3) == 0 { "  # type: array" } else { "" };
            commented.push(format!("{line}{comment}"));
            moved.push(commented.len() as u32);
        }
        let plain = lint(&[("a.yaml", lines.join("\n"))]);
        let commented = lint(&[("a.yaml", commented.join("\n"))]);
        same(name, &all_said(&plain), &all_said(&commented))?;
        for finding in &plain.findings {
            let (location, line) = (&finding.location, moved[finding.location.start.line as usize]);
            let found = commented.findings.iter().any(|other| {
                let other = &other.location;
                other.pointer == location.pointer
                    && (other.start.line, other.start.column) == (line, location.start.column)
                    && (other.end.line, other.end.column) == (line, location.end.column)
            });
            if !found {
                return Err(format!("{name}: {} is not on line {line}", location.pointer));
            }
        }
        Ok(plain.findings.len())
    });
}

#[test]
fn the_order_of_keys_changes_nothing() {
    check_all("key order", |name, tree| {
        let plain = lint(&[("a.json", tree.json())]);
        let mut random = Random(7);
        for _ in 0..3 {
            let mut shuffled = tree.clone();
            shuffled.shuffle(&mut random);
            let shuffled = lint(&[("a.json", shuffled.json())]);
            same(name, &all_said(&plain), &all_said(&shuffled))?;
        }
        Ok(plain.findings.len())
    });
}

/// A document in several files: the name and content of each, and which value of the whole it is.
struct Split {
    files: Vec<(String, String)>,
    /// File -> pointer of its root in the whole.
    places: BTreeMap<String, String>,
}

impl Split {
    fn of(tree: &Tree) -> Split {
        let mut root = tree.clone();
        let mut split = Split { files: Vec::new(), places: BTreeMap::new() };
        // Inner references name the root document from then on, one folder up.
        root.for_each(&mut |value| {
            if let Tree::Map(entries) = value {
                for (key, value) in entries {
                    if key == "mapping" {
                        value.for_each(&mut |value| qualify(value));
                    }
                    if key == "$ref" {
                        qualify(value);
                    }
                }
            }
        });
        split.take(&mut root, &["paths"], "paths");
        split.take(&mut root, &["components", "schemas"], "schemas");
        split.take(&mut root, &["components", "parameters"], "parameters");
        split.take(&mut root, &["components", "responses"], "responses");
        split.take(&mut root, &["components", "requestBodies"], "bodies");
        split.take(&mut root, &["components", "securitySchemes"], "schemes");
        split.take(&mut root, &["definitions"], "schemas");
        split.take(&mut root, &["parameters"], "parameters");
        split.take(&mut root, &["responses"], "responses");
        split.files.insert(0, ("all/a.json".into(), root.json()));
        split.places.insert("all/a.json".into(), String::new());
        split
    }

    /// Moves each value below `way` into a file of its own in `folder`.
    fn take(&mut self, root: &mut Tree, way: &[&str], folder: &str) {
        let mut container = root;
        for key in way {
            let Some(next) = container.get_mut(key) else { return };
            container = next;
        }
        let Tree::Map(entries) = container else { return };
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|&a, &b| entries[a].0.cmp(&entries[b].0));
        for (number, index) in order.into_iter().enumerate() {
            let (key, value) = &mut entries[index];
            if !matches!(value, Tree::Map(_)) || key.starts_with("x-") || value.get("$ref").is_some() {
                continue;
            }
            // Every third stays, one in a thousand names is odd.
            if number % 3 == 2 {
                continue;
            }
            let extension = if number % 2 == 0 { "yaml" } else { "json" };
            let path = format!("{folder}/n {number:05}.{extension}");
            let reference = format!("../{folder}/n%20{number:05}.{extension}");
            let text = if number % 2 == 0 { value.yaml() } else { value.json() };
            let token = key.replace('~', "~0").replace('/', "~1");
            self.places.insert(path.clone(), format!("/{}/{token}", way.join("/")));
            self.files.push((path, text));
            *value = Tree::Map(vec![("$ref".into(), Tree::Text(reference))]);
        }
    }

    /// The place in the whole.
    fn map(&self, location: &Location) -> String {
        format!("{}{}", self.places.get(&location.path).map_or("?", String::as_str), location.pointer)
    }
}

fn qualify(value: &mut Tree) {
    if let Tree::Text(text) = value
        && text.starts_with("#/")
    {
        text.insert_str(0, "../all/a.json");
    }
}

#[test]
fn a_document_in_several_files_says_the_same() {
    let skipped = [const { AtomicUsize::new(0) }; 2];
    check_all("split", |name, tree| {
        let whole = lint(&[("all/a.json", tree.json())]);
        // What leads out of the document leads elsewhere from another file.
        let leads_nowhere = |rule: &str| matches!(rule, "unresolved-ref" | "ref-outside-root" | "remote-ref");
        if name != "fixture"
            && (whole.findings.iter().any(|f| leads_nowhere(f.rule)) || whole.documents[0].incomplete)
        {
            skipped[0].fetch_add(1, Relaxed);
            return Ok(0);
        }
        let split = Split::of(tree);
        let texts: Vec<(&str, &str)> =
            split.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let parts = lint(&texts);
        // A pointer into what is a reference now no longer leads anywhere (RFC 6901 knows no references).
        let leads_through = |text: &str| text.contains("a.json#/paths/");
        if parts.documents[0].incomplete && split.files.iter().any(|(_, text)| leads_through(text)) {
            skipped[1].fetch_add(1, Relaxed);
            return Ok(0);
        }
        let place = |finding: &Finding, place: String| {
            let affected = (finding.affected.count, &finding.affected.items, finding.occurrences.count);
            let message = finding.message.as_str();
            format!("{} {:?} {place} {message:?} {affected:?}", finding.rule, finding.severity)
        };
        let sorted = |mut said: Vec<String>| {
            said.retain(|said| !leads_nowhere(said.split(' ').next().unwrap_or_default()));
            said.sort();
            said
        };
        let of_whole = whole.findings.iter().map(|f| place(f, f.location.pointer.clone())).collect();
        let of_parts = parts.findings.iter().map(|f| place(f, split.map(&f.location))).collect();
        same(name, &sorted(of_whole), &sorted(of_parts))?;
        Ok(whole.findings.len())
    });
    println!(
        "split: {skipped:?} documents left out: leading outwards, with pointers through what became references"
    );
}

#[test]
fn threads_and_the_order_of_arguments_change_nothing() {
    let Some((folder, mut paths)) = corpus() else { return };
    let mut session = crate::support::session_in(&folder);
    let mut random = Random(3);
    let mut first: Option<String> = None;
    for run in 0..9 {
        session.threads = std::num::NonZeroUsize::new([1, 2, 8][run % 3]);
        random.shuffle(&mut paths);
        let report = session.lint(&crate::support::walked(&paths));
        let said =
            format!("{:#?}{:#?}{:#?}{:?}", report.documents, report.findings, report.errors, report.summary);
        let first = first.get_or_insert_with(|| said.clone());
        let differs = first.lines().zip(said.lines()).find(|(left, right)| left != right);
        assert!(*first == said, "run {run}: {differs:?}");
    }
}
