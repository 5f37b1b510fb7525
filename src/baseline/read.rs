//! Reads a baseline. The file may be hostile, or what is left of two branches: everything that is wrong is an error at its
//! place, and nothing is guessed.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Baseline, Entry, VERSION};
use crate::lint::{Date, Failure, Location, Severity};
use crate::source::{FileId, Limits, LineIndex};
use crate::syntax::{File, Files, Kind, Node, Place};

/// What to do where a merge left both sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conflicts {
    /// Say so, and stop.
    Refuse,
    /// Read the entries of both sides: what occurs no more is about to be removed.
    Unite,
}

/// How many errors are reported.
const SHOWN: usize = 20;

const KEYS: [&str; 6] = ["path", "root", "rule", "fingerprint", "severity", "since"];

impl Baseline {
    /// Reads a text; `display` is how errors call it.
    pub fn read(
        path: PathBuf,
        display: String,
        text: String,
        conflicts: Conflicts,
        limits: &Limits,
    ) -> Result<Baseline, Vec<Failure>> {
        let text = match first_marker(&text) {
            None => Cow::Borrowed(text.as_str()),
            Some(range) if conflicts == Conflicts::Refuse => {
                let lines = LineIndex::new(&text);
                let location = Location::of(&display, &text, &lines, range);
                return Err(vec![failure(
                    &display,
                    "a merge has left a conflict in the baseline",
                    "resolve the conflict, or run `oasguard baseline write`",
                    Some(location),
                )]);
            }
            Some(_) => Cow::Owned(without_markers(&text)),
        };
        let limits = Limits { depth: limits.depth.min(16), ..*limits };
        let file = File::parse(path.with_extension("yaml"), display, text.into_owned(), &limits);
        let lines = LineIndex::new(&file.text);
        let files = Files::new(Arc::new(file));
        let file = files.file(FileId::ROOT);
        let mut reading = Reading { file, lines: &lines, failures: Vec::new() };
        for error in file.errors.iter().take(SHOWN) {
            reading.fail_at(error.start as usize..error.end as usize, &error.message, &error.help);
        }
        let entries = match files.root(FileId::ROOT) {
            _ if !file.errors.is_empty() => Vec::new(),
            Some(root) => reading.file(root),
            None => {
                reading.fail_at(0..0, NO_BASELINE, REWRITE);
                Vec::new()
            }
        };
        if reading.failures.is_empty() { Ok(Baseline::new(entries)) } else { Err(reading.failures) }
    }
}

/// The first line that a merge has left, as `git` and others write it.
fn first_marker(text: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        is_marker(line).then(|| start..start + line.trim_end().len())
    })
}

fn is_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
}

fn without_markers(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_marker(line)).collect()
}

fn failure(display: &str, message: &str, help: &str, location: Option<Location>) -> Failure {
    Failure {
        rule: "configuration-error",
        message: crate::lint::shortened(message.to_owned()),
        help: help.to_owned(),
        path: display.to_owned(),
        location,
        related: Vec::new(),
    }
}

/// One file that is read.
struct Reading<'r> {
    file: &'r File,
    lines: &'r LineIndex,
    failures: Vec<Failure>,
}

const NO_BASELINE: &str = "a baseline is an object with `version` and `entries`";
const REWRITE: &str = "let `oasguard baseline write` write the file";

impl<'a> Reading<'a> {
    fn file(&mut self, root: Node<'a>) -> Vec<Entry> {
        if !root.is_object() {
            self.fail(root, NO_BASELINE, REWRITE);
            return Vec::new();
        }
        let (mut version, mut entries) = (None, None);
        for entry in root.entries() {
            let slot = match entry.key.text() {
                "version" => &mut version,
                "entries" => &mut entries,
                other => {
                    self.fail(entry.key, &format!("there is no key `{other}` in a baseline"), REWRITE);
                    continue;
                }
            };
            if slot.replace(entry.value).is_some() {
                self.fail(entry.key, &format!("`{}` stands twice", entry.key.text()), REWRITE);
            }
        }
        match version.map(|version| (version, version.as_u64())) {
            Some((_, Some(VERSION))) => {}
            Some((node, Some(newer))) if newer > VERSION => {
                let message =
                    format!("the baseline has version {newer}, this oasguard reads version {VERSION}");
                self.fail(node, &message, "use a newer oasguard");
                return Vec::new();
            }
            Some((node, _)) => self.fail(node, "that is no version of a baseline", "write `version: 1`"),
            None => self.fail(root, "the baseline has no `version`", "write `version: 1`"),
        }
        match entries {
            Some(list) if list.is_array() => {
                list.items().filter_map(|item| self.entry(item.dealiased())).collect()
            }
            Some(list) if list.kind() != Kind::Null => {
                self.fail(list, "`entries` is no list", REWRITE);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn entry(&mut self, item: Node<'a>) -> Option<Entry> {
        if !item.is_object() {
            self.fail(
                item,
                "an entry is an object with `path`, `rule`, `fingerprint`, `severity` and `since`",
                REWRITE,
            );
            return None;
        }
        let mut found: [Option<Node<'a>>; KEYS.len()] = [None; KEYS.len()];
        for entry in item.entries() {
            let name = entry.key.text();
            match KEYS.iter().position(|key| *key == name) {
                Some(at) if found[at].is_none() => found[at] = Some(entry.value),
                Some(_) => self.fail(entry.key, &format!("`{name}` stands twice in this entry"), REWRITE),
                None => self.fail(entry.key, &format!("there is no key `{name}` in an entry"), REWRITE),
            }
        }
        let [path, root, rule, fingerprint, severity, since] = found;
        // All are looked at, so that all errors are found.
        let path = self.required(item, "path", path).and_then(|node| self.path(node));
        let root = root.map(|node| self.path(node));
        let rule = self.required(item, "rule", rule).and_then(|node| self.rule(node));
        let fingerprint =
            self.required(item, "fingerprint", fingerprint).and_then(|node| self.fingerprint(node));
        let severity = self.required(item, "severity", severity).and_then(|node| {
            let severity = node.text().parse::<Severity>().ok();
            self.or_fail(node, severity, "that is no severity", "write `high`, `medium`, `low` or `info`")
        });
        let since = self.required(item, "since", since).and_then(|node| {
            let date = node.text().parse::<Date>().ok();
            self.or_fail(node, date, "that is no day", "write the day as YYYY-MM-DD")
        });
        let root = match root {
            Some(root) => Some(root?),
            None => None,
        };
        Some(Entry {
            path: path?,
            root,
            rule: rule?,
            fingerprint: fingerprint?,
            severity: severity?,
            since: since?,
        })
    }

    fn required(&mut self, item: Node<'a>, key: &str, value: Option<Node<'a>>) -> Option<Node<'a>> {
        if value.is_none() {
            self.fail(item, &format!("the entry has no `{key}`"), REWRITE);
        }
        value
    }

    /// A path within reach: an absolute one might name another machine, and would be another one on another machine.
    fn path(&mut self, node: Node<'a>) -> Option<String> {
        let text = node.text();
        let is_absolute = text.starts_with(['/', '\\']) || text.get(1..2) == Some(":");
        let is_path = node.as_str().is_some() && !text.is_empty() && !is_absolute && !text.contains('\0');
        let path = is_path.then(|| text.to_owned());
        self.or_fail(
            node,
            path,
            "that is no path relative to the baseline",
            "name the file from the baseline's folder, with `/`",
        )
    }

    fn rule(&mut self, node: Node<'a>) -> Option<String> {
        let text = node.text();
        let is_id = !text.is_empty()
            && text.len() <= 100
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.or_fail(node, is_id.then(|| text.to_owned()), "that is no id of a rule", REWRITE)
    }

    fn fingerprint(&mut self, node: Node<'a>) -> Option<String> {
        // One of digits alone may stand there as a number.
        let text = node.text();
        let is_hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_fingerprint = text.len() == 32 && text.bytes().all(is_hexadecimal);
        let found = is_fingerprint.then(|| text.to_owned());
        self.or_fail(node, found, "a fingerprint has 32 hexadecimal digits", REWRITE)
    }

    fn or_fail<T>(&mut self, node: Node<'a>, value: Option<T>, message: &str, help: &str) -> Option<T> {
        if value.is_none() {
            self.fail(node, message, help);
        }
        value
    }

    fn fail(&mut self, node: Node<'a>, message: &str, help: &str) {
        let mut range = Place::value(node).span().range();
        // An entry or the file as a whole is shown by its first line.
        let length = self.file.text[range.clone()].find(['\n', '\r']).unwrap_or(range.len());
        range.end = range.start + length;
        self.fail_at(range, message, help);
    }

    fn fail_at(&mut self, range: std::ops::Range<usize>, message: &str, help: &str) {
        if self.failures.len() < SHOWN {
            let location = Location::of(&self.file.display, &self.file.text, self.lines, range);
            self.failures.push(failure(&self.file.display, message, help, Some(location)));
        }
    }
}
