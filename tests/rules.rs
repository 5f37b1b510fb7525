//! Every rule does what its page says: the examples of `rules/**/*.md` are run, and carets are compared to the column.
//!
//! A line of an example that holds nothing but a run of `^` (or `-`) and a text is a marker. It stands under what the
//! rule points at (or under a related or because label), and is removed before the example is read.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use oasguard::config::{Plan, Selection, Settings};
use oasguard::lint::{Confidence, Location, Profile, Report, Rule, RuleOption, Severity};
use oasguard::rules::{ErrorRule, all, errors};
use oasguard::session::{Input, InputOrigin, Session};
use oasguard::source::Limits;

const HEADINGS: [&str; 6] = ["Why is this bad?", "Bad", "Good", "How to fix", "Options", "References"];
/// A folder that exists nowhere: all files of an example come from memory.
const FOLDER: &str = "/oasguard-example";

#[test]
fn every_rule_does_what_its_page_says() {
    let mut problems = Vec::new();
    for rule in all() {
        let page = Page { id: rule.id, category: rule.category, summary: rule.summary, text: rule.page };
        check_prose(&page, &mut problems);
        check_options(&page, rule, &mut problems);
        for name in rule.owasp.iter().map(|name| (*name).to_owned()).chain(rule.cwe.iter().map(cwe)) {
            let references = page.section("References");
            if !references.contains(&name) {
                problems.push(format!("{}: `## References` does not name {name}", page.file()));
            }
        }
        for example in page.examples("Bad", &mut problems) {
            if !example.markers().any(|(_, _, marker)| marker.kind == Kind::Primary) {
                problems.push(format!("{}: no `^` says where the rule points", example.name));
            }
            check_bad(&page, rule, &example, &mut problems);
        }
        for example in page.examples("Good", &mut problems) {
            check_good(Some(rule), &example, &mut problems);
        }
    }
    report(&problems);
}

#[test]
fn every_error_does_what_its_page_says() {
    let mut problems = Vec::new();
    for error in errors() {
        let page = Page { id: error.id, category: "errors", summary: error.summary, text: error.page };
        check_prose(&page, &mut problems);
        let excused = page.section("Bad").contains("<!-- no example: ");
        let (mut bad, mut good) = (page.examples("Bad", &mut Vec::new()), Vec::new());
        if !excused {
            bad = page.examples("Bad", &mut problems);
            good = page.examples("Good", &mut problems);
        }
        if excused && !bad.is_empty() {
            problems.push(format!("{}: an example, and a reason why there is none", page.file()));
        }
        for example in bad {
            check_error(&page, error, &example, &mut problems);
        }
        for example in good {
            check_good(None, &example, &mut problems);
        }
    }
    report(&problems);
}

#[test]
fn rules_pages_and_the_list_name_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed: BTreeSet<_> = all().iter().map(|rule| format!("{}/{}", rule.category, rule.id)).collect();
    let of_errors: BTreeSet<_> = errors().iter().map(|error| format!("errors/{}", error.id)).collect();
    let sources = names_in(&root.join("src/rules"), "rs");
    let pages = names_in(&root.join("rules"), "md");
    assert_eq!(sources, listed, "src/rules/*/*.rs (left) and rules::all() (right)");
    assert_eq!(pages, listed.union(&of_errors).cloned().collect(), "rules/*/*.md and rules::all()");
    assert_eq!(listed.len(), all().len(), "an id is used twice");
    let births: BTreeSet<_> = all().iter().map(|rule| rule.birth_id).collect();
    assert_eq!(births.len(), all().len(), "a birth id is used twice");
}

#[test]
fn the_table_of_rules_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == oasguard::explain::rules_document(),
        "docs/rules.md is not what the rules say: run `cargo xtask bless`"
    );
}

#[test]
fn markers_are_told_from_comments() {
    for (line, marker) in [
        ("#   ^^^^ why", Some(Marker { start: 5, end: 9, kind: Kind::Primary, text: "why".into() })),
        ("^^ why not", Some(Marker { start: 1, end: 3, kind: Kind::Primary, text: "why not".into() })),
        ("  ^", Some(Marker { start: 3, end: 4, kind: Kind::Primary, text: "".into() })),
        ("#     -- x", Some(Marker { start: 7, end: 9, kind: Kind::Label, text: "x".into() })),
        ("----- x", Some(Marker { start: 1, end: 6, kind: Kind::Label, text: "x".into() })),
        ("# a comment", None),
        ("# - a list", None),
        ("---", None),
        ("- item", None),
        ("pattern: ^a", None),
    ] {
        assert_eq!(Marker::read(line), marker, "{line}");
    }
}

fn cwe(number: &u16) -> String {
    format!("CWE-{number}")
}

/// `<folder>/<name>` of each file in the folders of `folder`, in kebab-case.
fn names_in(folder: &Path, extension: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for category in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in category.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_str().unwrap();
            if file.extension().is_some_and(|e| e == extension) && stem != "mod" {
                let category = category.file_name().unwrap().to_str().unwrap();
                names.insert(format!("{category}/{stem}").replace('_', "-"));
            }
        }
    }
    names
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems\n\n{}\n", problems.len(), problems.join("\n\n"));
}

struct Page {
    id: &'static str,
    category: &'static str,
    summary: &'static str,
    text: &'static str,
}

/// An example: the document, and the files that it needs, each with its markers.
struct Example {
    /// Where it stands, for messages.
    name: String,
    /// The document is the last.
    files: Vec<ExampleFile>,
    attributes: BTreeMap<String, String>,
}

struct ExampleFile {
    path: String,
    lines: Vec<String>,
    /// By number of the line they stand under, from 1.
    markers: Vec<(u32, Marker)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Marker {
    start: u32,
    end: u32,
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Primary,
    Label,
}

impl Marker {
    fn read(line: &str) -> Option<Marker> {
        let (sign, rest) = match line.trim_start().strip_prefix('#') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, line.trim_start()),
        };
        let first = rest.chars().next().filter(|c| matches!(c, '^' | '-'))?;
        let length = rest.chars().take_while(|c| *c == first).count();
        let text = &rest[length..];
        let kind = if first == '^' { Kind::Primary } else { Kind::Label };
        // A dash of its own is a list item, three are the start of a YAML document.
        let enough = kind == Kind::Primary || length >= if sign { 2 } else { 4 };
        if !enough || !(text.is_empty() || text.starts_with(' ')) {
            return None;
        }
        let start = (line.chars().count() - rest.chars().count()) as u32 + 1;
        Some(Marker { start, end: start + length as u32, kind, text: text.trim().to_owned() })
    }
}

impl Page {
    fn file(&self) -> String {
        format!("rules/{}/{}.md", self.category, self.id)
    }

    /// The text under a heading of the second level.
    fn section(&self, heading: &str) -> &'static str {
        let Some((_, rest)) = self.text.split_once(&format!("\n## {heading}\n")) else { return "" };
        rest.split("\n## ").next().unwrap_or(rest)
    }

    /// The examples of a section.
    fn examples(&self, heading: &str, problems: &mut Vec<String>) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut files = Vec::new();
        let mut lines = self.section(heading).lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let mut info = info.split_whitespace();
            let language = info.next().unwrap_or_default();
            if !matches!(language, "yaml" | "json") {
                continue;
            }
            let mut attributes: BTreeMap<String, String> = info
                .filter_map(|word| word.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let path = attributes.remove("file");
            let is_document = path.is_none();
            files.push(ExampleFile::read(path.unwrap_or_else(|| format!("openapi.{language}")), &body));
            if is_document {
                let name = format!("{}: {heading} block {}", self.file(), examples.len() + 1);
                examples.push(Example { name, files: std::mem::take(&mut files), attributes });
            }
        }
        if examples.is_empty() {
            problems.push(format!("{}: no example under `## {heading}`", self.file()));
        }
        examples
    }
}

impl ExampleFile {
    fn read(path: String, body: &[&str]) -> ExampleFile {
        let mut file = ExampleFile { path, lines: Vec::new(), markers: Vec::new() };
        for line in body {
            match Marker::read(line) {
                Some(marker) => file.markers.push((file.lines.len() as u32, marker)),
                None => file.lines.push((*line).to_owned()),
            }
        }
        file
    }
}

fn check_prose(page: &Page, problems: &mut Vec<String>) {
    let mut problem = |text: String| problems.push(format!("{}: {text}", page.file()));
    let mut lines = page.text.lines();
    let title = lines.next().unwrap_or_default();
    if title != format!("# {}", page.id) {
        problem(format!("the first line is `{title}`"));
    }
    let summary = lines.find(|line| !line.is_empty()).unwrap_or_default();
    if summary != page.summary {
        problem(format!("the summary is\n  {summary}\nbut the rule says\n  {}", page.summary));
    }
    let headings: Vec<_> = page.text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    if headings != HEADINGS {
        problem(format!("the headings are {headings:?}, not {HEADINGS:?}"));
    }
    for heading in HEADINGS {
        if page.section(heading).trim().is_empty() {
            problem(format!("nothing stands under `## {heading}`"));
        }
    }
}

/// The section lists the options as the rule has them, however its lines are broken.
fn check_options(page: &Page, rule: &Rule, problems: &mut Vec<String>) {
    let item = |option: &&RuleOption| format!("- `{}` ({}): {}.", option.name, option.kind, option.doc);
    let expected = match rule.options.iter().map(item).collect::<Vec<_>>() {
        none if none.is_empty() => "This rule has no options.".to_owned(),
        items => items.join(" "),
    };
    let written: Vec<&str> = page.section("Options").split_whitespace().collect();
    if written.join(" ") != expected {
        problems.push(format!("{}: `## Options` is not\n{expected}", page.file()));
    }
}

/// Runs a plan over an example through the whole session.
fn run(example: &Example, plan: Plan) -> Report {
    let mut session = Session::new(Path::new(FOLDER));
    let mut settings = Settings { plan, ..Settings::default() };
    if let Some(rules) = example.attributes.get("locked") {
        let named = rules.split(',').flat_map(|name| oasguard::rules::by_id(name).unwrap());
        settings.locked = named.map(|rule| rule.id).collect();
    }
    session.configuration = settings.into();
    if let Some(today) = example.attributes.get("today") {
        session.today = today.parse().unwrap();
    }
    if let Some(depth) = example.attributes.get("depth") {
        session.limits = Limits { depth: depth.parse().unwrap(), ..Limits::default() };
    }
    for file in &example.files {
        let text = file.lines.iter().fold(String::new(), |text, line| text + line + "\n");
        session.reader.overlay(&Path::new(FOLDER).join(&file.path), text.into_bytes());
    }
    let document = &example.files.last().unwrap().path;
    session.lint(&[Input { path: Path::new(FOLDER).join(document), origin: InputOrigin::Named }])
}

/// The plan with just this rule and those that the example needs besides.
fn plan_of(rule: &Rule, example: &Example) -> Plan {
    let others = example.attributes.get("with").map(String::as_str).unwrap_or_default();
    let others = others.split(',').filter(|other| !other.is_empty());
    let select = [rule.id].into_iter().chain(others).map(str::to_owned).collect();
    Plan::new(&Selection { profile: Profile::Auditor, select, ..Selection::default() }).unwrap()
}

/// A finding or an error, as far as it is compared.
struct Said {
    location: Option<Location>,
    message: String,
    labels: Vec<(Location, String)>,
}

fn check_bad(page: &Page, rule: &'static Rule, example: &Example, problems: &mut Vec<String>) {
    let mut report = run(example, plan_of(rule, example));
    report.findings.retain(|finding| finding.rule == page.id);
    let mut problem = |text: String| problems.push(format!("{}: {text}", example.name));
    for error in &report.errors {
        problem(format!("the error `{}`: {}", error.rule, error.message));
    }
    if report.summary.linted != 1 {
        problem(format!("not linted: {:?}", report.documents));
    }
    let severity = attribute::<Severity>(example, "severity").unwrap_or(rule.severity);
    let confidence = attribute::<Confidence>(example, "confidence").unwrap_or(rule.confidence);
    let profile = attribute::<Profile>(example, "profile").unwrap_or(rule.profile);
    let mut fingerprints = BTreeSet::new();
    for finding in &report.findings {
        let grade = (finding.severity, finding.confidence, finding.profile);
        if grade != (severity, confidence, profile) {
            problem(format!(
                "`{}` has severity, confidence and profile {grade:?}, not {:?}",
                finding.message,
                (severity, confidence, profile)
            ));
        }
        if !fingerprints.insert((&finding.location.path, &finding.fingerprint)) {
            problem(format!("two findings have the fingerprint {}", finding.fingerprint));
        }
        for text in [&finding.message, &finding.label, &finding.help] {
            if text.is_empty() || text.ends_with('.') || text.starts_with(char::is_uppercase) {
                problem(format!("`{text}` is no sentence in our style: lower case, no full stop"));
            }
        }
    }
    let said = report.findings.into_iter().map(|finding| Said {
        location: Some(finding.location),
        message: finding.message,
        labels: finding.related.into_iter().chain(finding.because).map(|l| (l.location, l.message)).collect(),
    });
    compare(example, &said.collect::<Vec<_>>(), &mut problem);
}

fn check_error(page: &Page, error: &ErrorRule, example: &Example, problems: &mut Vec<String>) {
    let report = run(example, Plan::default());
    let mut problem = |text: String| problems.push(format!("{}: {text}", example.name));
    for failure in report.errors.iter().filter(|failure| failure.rule != error.id) {
        problem(format!("the error `{}` instead of `{}`: {}", failure.rule, page.id, failure.message));
    }
    let said = report.errors.into_iter().map(|failure| Said {
        location: failure.location,
        message: failure.message,
        labels: failure.related.into_iter().map(|label| (label.location, label.message)).collect(),
    });
    compare(example, &said.collect::<Vec<_>>(), &mut problem);
}

fn check_good(rule: Option<&'static Rule>, example: &Example, problems: &mut Vec<String>) {
    let plan = rule.map_or_else(Plan::default, |rule| plan_of(rule, example));
    let mut report = run(example, plan);
    report.findings.retain(|finding| rule.is_none_or(|rule| finding.rule == rule.id));
    let mut problem = |text: String| problems.push(format!("{}: {text}", example.name));
    for error in &report.errors {
        problem(format!("the error `{}`: {}", error.rule, error.message));
    }
    if report.summary.linted != 1 {
        problem(format!("not linted: {:?}", report.documents));
    }
    if example.files.iter().any(|file| !file.markers.is_empty()) {
        problem("markers in an example that is to be silent".to_owned());
    }
    if rule.is_some() && !report.findings.is_empty() {
        let said = report.findings.into_iter().map(|finding| Said {
            location: Some(finding.location),
            message: finding.message,
            labels: Vec::new(),
        });
        compare(example, &said.collect::<Vec<_>>(), &mut problem);
    }
}

fn attribute<T: std::str::FromStr<Err = String>>(example: &Example, name: &str) -> Option<T> {
    example
        .attributes
        .get(name)
        .map(|value| value.parse().unwrap_or_else(|e| panic!("{}: {e}", example.name)))
}

/// Every primary marker has its finding, every finding its marker, every label marker its label.
fn compare(example: &Example, said: &[Said], problem: &mut impl FnMut(String)) {
    let mut open: Vec<&Said> = said.iter().collect();
    let mut faults = Vec::new();
    for (file, line, marker) in example.markers() {
        let fits = |location: &Location, message: &str| {
            let columns = (location.start.line, location.start.column, location.end.column);
            location.path == file.path
                && location.start.line == location.end.line
                && columns == (line, marker.start, marker.end)
                && message.contains(&marker.text)
        };
        let found = match marker.kind {
            Kind::Primary => {
                let at = open.iter().position(|s| s.location.as_ref().is_some_and(|l| fits(l, &s.message)));
                at.map(|at| open.remove(at)).is_some()
            }
            Kind::Label => said.iter().any(|s| s.labels.iter().any(|(l, message)| fits(l, message))),
        };
        if !found {
            let what = if marker.kind == Kind::Primary { "finding" } else { "label" };
            faults.push(format!("no {what} is at {}:{line}:{}..{}", file.path, marker.start, marker.end));
        }
    }
    faults.extend(open.iter().map(|s| match &s.location {
        Some(at) => {
            format!("unexpected at {}:{}:{}: {}", at.path, at.start.line, at.start.column, s.message)
        }
        None => format!("unexpected, without a place: {}", s.message),
    }));
    if !faults.is_empty() {
        problem(format!("{}\n{}", faults.join("\n"), drawn(example, said)));
    }
}

impl Example {
    fn markers(&self) -> impl Iterator<Item = (&ExampleFile, u32, &Marker)> {
        self.files
            .iter()
            .flat_map(|file| file.markers.iter().map(move |(line, marker)| (file, *line, marker)))
    }
}

/// The example with the markers that it should have.
fn drawn(example: &Example, said: &[Said]) -> String {
    let mut text = String::from("the example with what is really found:\n");
    for file in &example.files {
        writeln!(text, "  --- {}", file.path).unwrap();
        for (index, line) in file.lines.iter().enumerate() {
            writeln!(text, "  | {line}").unwrap();
            let number = index as u32 + 1;
            let primaries = said.iter().filter_map(|s| Some((s.location.as_ref()?, &s.message, '^')));
            let labels = said.iter().flat_map(|s| s.labels.iter().map(|(l, message)| (l, message, '-')));
            for (location, message, sign) in primaries.chain(labels) {
                if location.path == file.path && location.start.line == number {
                    let before = location.start.column as usize - 1;
                    let same_line = location.end.line == number;
                    let length = if same_line { location.end.column - location.start.column } else { 1 };
                    let run = sign.to_string().repeat(length as usize);
                    let lead =
                        if before > 1 { format!("#{}", " ".repeat(before - 1)) } else { " ".repeat(before) };
                    writeln!(text, "  | {lead}{run} {message}").unwrap();
                }
            }
        }
    }
    text
}
