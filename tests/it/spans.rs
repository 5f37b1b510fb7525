//! Each place that a finding names is where its pointer leads: seen by resolvers that share nothing with the library.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use oasguard::lint::{Location, Report};
use oasguard::syntax::Part;
use rayon::prelude::*;

use crate::support::{corpus, directory, places, report, session_in, walked};

/// Where a value stands.
#[derive(Clone, Debug)]
struct Found {
    key: Option<Range<usize>>,
    value: Range<usize>,
    /// Whether the resolver knows where the value ends.
    is_exact: bool,
}

/// Pointer -> where it leads; to several values where a key stands twice.
type Resolved = HashMap<String, Vec<Found>>;

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Walks JSON byte by byte and keeps the wanted pointers. The texts are well formed: they were linted.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    pointer: String,
    wanted: &'a BTreeSet<&'a str>,
    found: Resolved,
}

impl Scanner<'_> {
    fn blank(&mut self) {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes a string; its range with the quotes.
    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while bytes[self.at] != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        start..self.at
    }

    fn value(&mut self, key: Option<Range<usize>>) {
        self.blank();
        let start = self.at;
        match self.text.as_bytes()[self.at] {
            b'"' => {
                self.string();
            }
            b'{' => self.children(b'}', true),
            b'[' => self.children(b']', false),
            _ => {
                let rest = self.text[self.at..].find([',', ']', '}', ' ', '\n', '\r', '\t']);
                self.at = rest.map_or(self.text.len(), |rest| self.at + rest);
            }
        }
        if self.wanted.contains(self.pointer.as_str()) {
            let found = Found { key, value: start..self.at, is_exact: true };
            self.found.entry(self.pointer.clone()).or_default().push(found);
        }
    }

    fn children(&mut self, end: u8, is_object: bool) {
        self.at += 1;
        let length = self.pointer.len();
        let mut index = 0;
        loop {
            self.blank();
            match self.text.as_bytes()[self.at] {
                byte if byte == end => break,
                b',' => self.at += 1,
                _ => {
                    let mut key = None;
                    let token = if is_object {
                        let range = self.string();
                        let name: String = serde_json::from_str(&self.text[range.clone()]).expect("a string");
                        key = Some(range);
                        self.blank();
                        self.at += 1;
                        escape(&name)
                    } else {
                        index += 1;
                        (index - 1).to_string()
                    };
                    self.pointer.push('/');
                    self.pointer.push_str(&token);
                    self.value(key);
                    self.pointer.truncate(length);
                }
            }
        }
        self.at += 1;
    }
}

fn in_json(text: &str, wanted: &BTreeSet<&str>) -> Resolved {
    let at = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut scanner = Scanner { text, at, pointer: String::new(), wanted, found: Resolved::new() };
    scanner.value(None);
    scanner.found
}

/// A collection of YAML whose end is not reached yet.
struct Open {
    pointer: String,
    key: Option<Range<usize>>,
    start: usize,
    is_mapping: bool,
    is_flow: bool,
    /// The key whose value comes next.
    pending: Option<(String, Range<usize>)>,
    index: usize,
}

/// Follows the events of the YAML parser with their marks.
fn in_yaml(text: &str, wanted: &BTreeSet<&str>) -> Resolved {
    let mut found = Resolved::new();
    let mut open: Vec<Open> = Vec::new();
    let mut keep = |pointer: String, key: Option<Range<usize>>, value: Range<usize>, is_exact: bool| {
        if wanted.contains(pointer.as_str()) {
            found.entry(pointer).or_default().push(Found { key, value, is_exact });
        }
    };
    for next in Parser::new_from_str(text) {
        let Ok((event, span)) = next else { break };
        let Some(range) = span.byte_range() else { continue };
        let is_node = event.is_node();
        if let Event::SequenceEnd | Event::MappingEnd = event {
            let Some(done) = open.pop() else { break };
            // The end of a block collection is where the parser noticed it.
            keep(done.pointer, done.key, done.start..range.end, done.is_flow);
            continue;
        }
        if !is_node {
            continue;
        }
        // Whether this is a key, and else where it stands.
        let (pointer, key) = match open.last_mut() {
            None => (String::new(), None),
            Some(parent) if parent.is_mapping => match parent.pending.take() {
                Some((name, key)) => (format!("{}/{}", parent.pointer, escape(&name)), Some(key)),
                None => {
                    if let Event::Scalar(name, ..) = &event {
                        parent.pending = Some((name.to_string(), range));
                    } else {
                        // A key that is no scalar: the library reads no such document.
                        parent.pending = Some((String::new(), range));
                    }
                    continue;
                }
            },
            Some(parent) => {
                parent.index += 1;
                (format!("{}/{}", parent.pointer, parent.index - 1), None)
            }
        };
        match event {
            Event::Scalar(_, style, ..) => {
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                keep(pointer, key, range, !is_block);
            }
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => open.push(Open {
                pointer,
                key,
                start: range.start,
                is_mapping: matches!(event, Event::MappingStart(..)),
                is_flow: style == StructureStyle::Flow,
                pending: None,
                index: 0,
            }),
            _ => keep(pointer, key, range, true),
        }
    }
    found
}

/// Line and column of each offset, counted from the start of the text.
fn positions(text: &str, offsets: impl IntoIterator<Item = usize>) -> BTreeMap<usize, (u32, u32)> {
    let wanted: BTreeSet<usize> = offsets.into_iter().collect();
    let mut positions = BTreeMap::new();
    let (mut line, mut column) = (1, 1);
    let mut wanted = wanted.into_iter().peekable();
    let mut previous = ' ';
    for (offset, character) in text.char_indices().chain([(text.len(), ' ')]) {
        // A break is counted once it is passed; `\r\n` is one.
        if previous == '\n' || previous == '\r' && character != '\n' {
            line += 1;
            column = 1;
        }
        if wanted.next_if_eq(&offset).is_some() {
            positions.insert(offset, (line, column));
        }
        column += u32::from(character != '\u{feff}' || offset > 0);
        previous = character;
    }
    positions
}

/// Checks the places in one file; how many there were.
fn check(text: &str, places: &[(&str, &str, &Location)]) -> Result<usize, String> {
    let wanted: BTreeSet<&str> = places.iter().map(|(_, _, location)| location.pointer.as_str()).collect();
    let is_json = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{');
    let resolved = if is_json { in_json(text, &wanted) } else { in_yaml(text, &wanted) };
    // The other parser stops at quoted strings that are indented no deeper than their key, which ours reads.
    if !is_json && Parser::new_from_str(text).any(|event| event.is_err()) {
        return Ok(0);
    }
    let ends = places.iter().flat_map(|(_, _, location)| [location.bytes.start, location.bytes.end]);
    let positions = positions(text, ends.map(|offset| offset as usize));
    for (rule, what, location) in places {
        let bytes = location.bytes.start as usize..location.bytes.end as usize;
        let fail = |reason: String| Err(format!("{rule}, {what} at {}: {reason}", location.pointer));
        let Some(shown) = text.get(bytes.clone()) else { return fail(format!("{bytes:?} cuts a character")) };
        if shown.contains(['\n', '\r']) {
            return fail(format!("{shown:?} is on several lines"));
        }
        let fits = |found: &Found| match location.part {
            Part::Key => found.key.as_ref() == Some(&bytes),
            Part::Value if found.is_exact => {
                // What has no key and spans lines is shown by its first.
                let whole = &text[found.value.clone()];
                let line = whole.find(['\n', '\r']).filter(|_| found.key.is_none()).unwrap_or(whole.len());
                bytes == (found.value.start..found.value.start + line)
            }
            Part::Value => bytes.start == found.value.start && bytes.end <= found.value.end,
        };
        let candidates = resolved.get(location.pointer.as_str()).map_or(&[][..], Vec::as_slice);
        if !candidates.iter().any(fits) {
            return fail(format!("{:?} {shown:?} at {bytes:?} is not among {candidates:?}", location.part));
        }
        for (offset, position) in [(bytes.start, location.start), (bytes.end, location.end)] {
            let counted = positions.get(&offset).copied();
            if counted != Some((position.line, position.column)) {
                return fail(format!("offset {offset} is {counted:?}, not {position:?}"));
            }
        }
    }
    Ok(places.len())
}

/// Checks every place of a report; paths are relative to `folder`.
fn check_report(found: &Report, folder: &Path) {
    let mut by_file: BTreeMap<&str, Vec<(&str, &str, &Location)>> = BTreeMap::new();
    let mut identities = BTreeSet::new();
    let mut failures = Vec::new();
    for finding in &found.findings {
        if !identities.insert((&finding.location.path, &finding.fingerprint)) {
            failures.push(format!("{finding:?} is not the only one with its path and fingerprint"));
        }
        for (what, location) in places(finding) {
            by_file.entry(&location.path).or_default().push((finding.rule, what, location));
        }
    }
    let files: Vec<_> = by_file.into_iter().collect();
    let results: Vec<Result<usize, String>> = files
        .par_iter()
        .map(|(path, places)| {
            let text =
                std::fs::read_to_string(folder.join(path)).map_err(|error| format!("{path}: {error}"))?;
            check(&text, places).map_err(|error| format!("{path}: {error}"))
        })
        .collect();
    let count: usize = results.iter().flatten().sum();
    println!("{} findings in {} files, {count} places resolved", found.findings.len(), files.len());
    failures.extend(results.into_iter().filter_map(Result::err));
    report(&failures);
    assert!(count > 0);
}

fn check_documents(folder: &Path, paths: &[PathBuf]) {
    let report = session_in(folder).lint(&walked(paths));
    check_report(&report, folder);
}

#[test]
fn every_place_in_the_directory_is_where_its_pointer_leads() {
    let Some(paths) = directory() else { return };
    let folder = paths[0].parent().expect("a folder").to_owned();
    check_documents(&folder, &paths);
}

#[test]
fn every_place_in_the_corpus_is_where_its_pointer_leads() {
    let Some((folder, paths)) = corpus() else { return };
    check_documents(&folder, &paths);
}

#[test]
fn the_resolvers_agree_on_a_small_text() {
    let json = "{\"a\": [1, {\"b/c\": \"x\\\"y\"}], \"a\": null}";
    let wanted: BTreeSet<&str> = ["/a/1/b~1c", "/a", ""].into();
    for resolved in [in_json(json, &wanted), in_yaml(json, &wanted)] {
        let inner = &resolved["/a/1/b~1c"][0];
        assert_eq!(
            (&json[inner.key.clone().expect("a key")], &json[inner.value.clone()]),
            ("\"b/c\"", "\"x\\\"y\"")
        );
        assert_eq!(resolved["/a"].len(), 2);
        assert_eq!(resolved[""][0].value, 0..json.len());
    }
    assert_eq!(positions("\u{feff}ä\r\nb\rc", [3, 7, 9]), [(3, (1, 1)), (7, (2, 1)), (9, (3, 1))].into());
}
