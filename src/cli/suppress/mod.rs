//! `oasguard suppress`: writes a directive for one finding, after proving that it silences this finding and nothing else.

mod edit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{BaselineOptions, InputOptions, Suppress};
use super::output::{to_file, to_stderr, to_stdout};
use super::{Exit, Refusal, baseline, inputs, session};
use crate::engine::operation_name;
use crate::lint::{Failure, Finding, Report};
use crate::model::{Api, Document, ObjectType, Operation, reference_value};
use crate::report::visible;
use crate::source::{FileId, LineIndex};
use crate::syntax::{Descent, Format, Node, Step};
use edit::{Wish, with_comment, with_extension};

pub(super) fn run(options: &Suppress) -> Result<Exit, Refusal> {
    let reason = options.reason.trim();
    if reason.is_empty()
        || reason.contains(|c: char| c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(c))
    {
        return Err(Refusal::failed("`--reason`: write one line of text"));
    }
    if options.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Refusal::failed("standard input cannot be written to: name the file"));
    }
    let (mut session, run) = session(&options.reading, |layer, folder| options.say(layer, folder))?;
    session.today = options.today.unwrap_or(session.today);
    if options.until.is_some_and(|until| until < session.today) {
        return Err(Refusal::failed("`--until`: this day is past"));
    }
    let found = inputs::find(&mut session, &options.paths, &InputOptions::default(), &run, &[])?;
    // What `lint` would show: beside what a baseline accepts, a directive can be narrower.
    let beside = baseline::beside(&BaselineOptions::default(), &run, &mut session, found)?;
    let inputs = beside.inputs();
    let before = session.lint(inputs);
    let finding = find(&before, &options.fingerprint)?;
    let wish = Wish { rule: finding.rule, reason, until: options.until };
    let root = finding.roots.first().expect("a finding has a root");
    let refused = |failures: Vec<Failure>| {
        let messages: Vec<_> = failures.into_iter().map(|failure| failure.message).collect();
        Refusal::failed(messages.join("; "))
    };
    let document = session.load(Path::new(root)).map_err(refused)?;
    let settings = session.settings(&document).map_err(refused)?;
    let api = session.api(&document, &settings);
    let original = session.reader.clone();
    for edit in edits(&document, &api, finding, &wish) {
        let bytes = std::fs::read(&edit.path);
        let bytes = bytes.map_err(|error| unwritable(&edit.path, &error.to_string()))?;
        if bytes != edit.before.as_bytes() {
            return Err(unwritable(&edit.path, "it is not in UTF-8, or it has changed meanwhile"));
        }
        session.reader.overlay(&edit.path, edit.after.clone().into_bytes());
        let is_exact = differs_by(&before, &session.lint(inputs), finding);
        session.reader.clone_from(&original);
        if is_exact {
            to_file(&edit.path, |out| out.write_all(edit.after.as_bytes()))
                .map_err(|error| unwritable(&edit.path, &error.to_string()))?;
            let line = edit.line();
            to_stdout(|out| writeln!(out, "{}:{line}: {}", visible(&edit.display), visible(&edit.what)))?;
            return Ok(Exit::Clean);
        }
    }
    Err(Refusal::failed(refusal(finding, &wish)))
}

/// The only finding whose fingerprint begins so.
fn find<'r>(report: &'r Report, fingerprint: &str) -> Result<&'r Finding, Refusal> {
    let fingerprint = fingerprint.to_ascii_lowercase();
    let begins = |finding: &&Finding| finding.fingerprint.starts_with(&fingerprint);
    let found: Vec<&Finding> = report.findings.iter().filter(begins).collect();
    let list = || {
        let list = found.iter().take(5).map(|finding| {
            let line = finding.location.start.line;
            format!(
                "  {} {} at {}:{line}",
                finding.fingerprint,
                finding.rule,
                visible(&finding.location.path)
            )
        });
        list.collect::<Vec<_>>().join("\n")
    };
    match found.as_slice() {
        [only] if !fingerprint.is_empty() => Ok(only),
        [] => Err(Refusal::failed(format!(
            "no finding has a fingerprint that begins with `{}`; `oasguard lint --output-format json` shows them, \
             `--profile` has more",
            visible(&fingerprint)
        ))),
        several => {
            let shown = format!(
                "{} findings have a fingerprint that begins with `{}`",
                several.len(),
                visible(&fingerprint)
            );
            to_stderr(|out| writeln!(out, "{}", list()));
            Err(Refusal::failed(format!("{shown}: write more of it, or name the file")))
        }
    }
}

fn unwritable(path: &Path, reason: &str) -> Refusal {
    Refusal::failed(format!("`{}` cannot be changed: {reason}", visible(&path.to_string_lossy())))
}

/// What to do where no directive in the document says just this.
fn refusal(finding: &Finding, wish: &Wish<'_>) -> String {
    format!(
        "no directive in `{}` silences this finding and no other; put it into the configuration, under \
         `suppressions`: the rule `{}`, the fingerprint `{}`, the reason \"{}\"",
        finding.location.path, wish.rule, finding.fingerprint, wish.reason
    )
}

/// Whether a report lacks a finding of another one and is otherwise like it. What stands elsewhere on the line or further
/// down is the same finding, and so is one that was made of more occurrences.
fn differs_by(before: &Report, after: &Report, finding: &Finding) -> bool {
    let count = |report: &Report| {
        let mut counts: BTreeMap<(String, String, &str), usize> = BTreeMap::new();
        for Finding { location, fingerprint, rule, .. } in &report.findings {
            *counts.entry((location.path.clone(), fingerprint.clone(), rule)).or_default() += 1;
        }
        counts
    };
    let errors = |report: &Report| -> Vec<(&'static str, String, String)> {
        report.errors.iter().map(|error| (error.rule, error.path.clone(), error.message.clone())).collect()
    };
    let mut expected = count(before);
    expected.remove(&(finding.location.path.clone(), finding.fingerprint.clone(), finding.rule));
    expected == count(after)
        && errors(before) == errors(after)
        && before.summary.linted == after.summary.linted
}

/// A changed text.
struct Edit {
    path: PathBuf,
    display: String,
    before: String,
    after: String,
    /// What was written, and about what.
    what: String,
}

impl Edit {
    /// The line on which it was written.
    fn line(&self) -> u32 {
        let same = self.before.bytes().zip(self.after.bytes()).take_while(|(old, new)| old == new).count();
        LineIndex::new(&self.after).line_column(&self.after, same).line
    }
}

/// What could be written, the narrowest first: about the value, its operation, its file.
fn edits(document: &Document, api: &Api<'_>, finding: &Finding, wish: &Wish<'_>) -> Vec<Edit> {
    let files = document.files();
    let at = files.iter().find(|(_, file)| file.display == finding.location.path);
    let Some((file, _)) = at else { return Vec::new() };
    let mut targets: Vec<(Node<'_>, Option<String>)> = Vec::new();
    let node = document.value_at(file, &finding.location.pointer);
    if let Some(node) = node.filter(|_| !finding.location.pointer.is_empty()) {
        targets.push((node, None));
    }
    if let Some(operation) = operation_of(api, finding, node) {
        targets.push((operation.object.node(), Some(operation.title())));
    }
    let mut edits = Vec::new();
    let mut tried: Vec<(FileId, String)> = Vec::new();
    let mut add = |file: FileId, after: String, what: String| {
        let source = files.file(file);
        if !tried.contains(&(file, after.clone())) {
            tried.push((file, after.clone()));
            let (path, display, before) = (source.path.clone(), source.display.clone(), source.text.clone());
            edits.push(Edit { path, display, before, after, what });
        }
    };
    for (node, whom) in &targets {
        let source = files.file(node.file());
        let start = node.key().unwrap_or(*node).span().range().start;
        if let Some(comment) = wish.comment("ignore").filter(|_| source.format == Format::Yaml) {
            let whom = whom.as_deref().unwrap_or("what begins on the next line");
            add(node.file(), with_comment(&source.text, start, &comment), format!("a comment for {whom}"));
        }
        let object = nearest_object(document, *node);
        if let Some(text) = object.and_then(|object| with_extension(&source.text, object, wish)) {
            let whom = whom.as_deref().unwrap_or("the object around it");
            add(node.file(), text, format!("`x-oasguard-ignore` for {whom}"));
        }
    }
    let source = files.file(file);
    if let Some(comment) = wish.comment("ignore-file").filter(|_| source.format == Format::Yaml) {
        add(file, with_comment(&source.text, 0, &comment), "a comment for the file".to_owned());
    }
    let root = files.root(file).filter(|root| can_be_extended(document, *root));
    if let Some(text) = root.and_then(|root| with_extension(&source.text, root, wish)) {
        add(file, text, "`x-oasguard-ignore` for the file".to_owned());
    }
    edits
}

/// The operation that a finding is about, or in which its place is.
fn operation_of<'s, 'a>(
    api: &'s Api<'a>,
    finding: &Finding,
    node: Option<Node<'_>>,
) -> Option<&'s Operation<'a>> {
    let named = finding.operation.as_ref();
    let is_named = |operation: &&Operation<'a>| named == Some(&operation_name(operation));
    let is_around =
        |operation: &&Operation<'a>| node.is_some_and(|node| operation.object.node().contains(node));
    api.operations.iter().find(is_named).or_else(|| api.operations.iter().find(is_around))
}

/// The innermost object around a value, or the value itself, that the specification lets have extensions.
fn nearest_object<'a>(document: &'a Document, node: Node<'a>) -> Option<Node<'a>> {
    let files = document.files();
    let steps = Descent::default().steps(files, node);
    let way = steps.into_iter().map(Step::value);
    let around: Vec<Node<'a>> = files.root(node.file()).into_iter().chain(way).collect();
    around.into_iter().rev().find(|node| can_be_extended(document, *node))
}

/// A reference object cannot be extended, and in a requirement every key is the name of a scheme.
fn can_be_extended(document: &Document, node: Node<'_>) -> bool {
    let is_extensible = document.type_of(node).is_some_and(|known| known != ObjectType::SecurityRequirement);
    is_extensible && node.is_object() && reference_value(node).is_none()
}
