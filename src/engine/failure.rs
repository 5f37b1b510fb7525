//! What keeps a document from being checked in full: files that references need and that cannot be used.

use std::collections::BTreeSet;

use super::Locator;
use crate::lint::{Failure, Rule};
use crate::model::{Api, Problem, Resolution, reference_value};
use crate::source::{FileId, Span};
use crate::syntax::{Atom, Place};

/// The failures behind a document's references, each file once.
pub(super) fn of_references<'a>(api: &'a Api<'a>, locator: &mut Locator<'a>) -> Vec<Failure> {
    let document = api.document;
    let mut failures = Vec::new();
    let mut seen = BTreeSet::new();
    let mut too_long = false;
    for object in document.references_in_doubt() {
        let step = document.references().step(document.files(), object);
        let end = document.references().end(document.files(), object);
        let Some(Resolution::Problem(problem)) =
            [step, end].into_iter().flatten().find(|r| matches!(r, Resolution::Problem(_)))
        else {
            continue;
        };
        let value = reference_value(object).map_or(Place::value(object), Place::value);
        match problem {
            Problem::Unreadable(number) if seen.insert((0, number)) => {
                let failure = &document.references().failures()[number as usize];
                failures.push(Failure {
                    rule: if failure.is_limit { "limit-exceeded" } else { "unreadable" },
                    message: format!("`{}` cannot be read: {}", failure.path, failure.message),
                    help: "correct the file or the reference to it".into(),
                    path: failure.path.clone(),
                    location: Some(locator.locate(value)),
                    related: Vec::new(),
                });
            }
            Problem::Broken(file) if seen.insert((1, file.0)) => {
                let mut of_file = of_syntax_errors(api, file, locator);
                for failure in &mut of_file {
                    failure.related = locator.labels([(value, "needed here".to_owned())]);
                }
                failures.append(&mut of_file);
            }
            Problem::TooLong if !too_long => {
                too_long = true;
                failures.push(Failure {
                    rule: "limit-exceeded",
                    message: format!(
                        "more than {} references must be followed one after the other",
                        document.limits().reference_chain
                    ),
                    help: "refer to the target directly".into(),
                    path: object.file_display().to_owned(),
                    location: Some(locator.locate(value)),
                    related: Vec::new(),
                });
            }
            _ => {}
        }
    }
    if api.has_too_many_operations {
        failures.push(Failure {
            rule: "limit-exceeded",
            message: format!("the document has more than {} operations", document.limits().operations),
            help: "split the document; path items that are referred to count at each reference".into(),
            path: document.files().file(FileId::ROOT).display.clone(),
            location: document.root().field(Atom::PATHS).map(|paths| locator.locate(Place::key(paths))),
            related: Vec::new(),
        });
    }
    failures
}

/// The syntax errors of a file.
fn of_syntax_errors<'a>(api: &'a Api<'a>, id: FileId, locator: &mut Locator<'a>) -> Vec<Failure> {
    let file = api.document.files().file(id);
    let failures = file.errors.iter().map(|error| {
        let span = Span { file: id, start: error.start, end: error.end };
        Failure::of_syntax(file, error, locator.locate_span(span))
    });
    failures.collect()
}

/// Findings whose operations are not known.
pub(super) fn of_usage(api: &Api<'_>) -> Option<Failure> {
    api.has_too_many_users().then(|| Failure {
        rule: "limit-exceeded",
        message: "the schemas of the document are too entangled to say which operations use each".to_owned(),
        help: "split the document; the operations of some findings are not counted".into(),
        path: api.document.files().file(FileId::ROOT).display.clone(),
        location: None,
        related: Vec::new(),
    })
}

/// A rule that panicked: our fault, and said to be.
pub(super) fn of_panic(api: &Api<'_>, rule: &Rule, panic: &str) -> Failure {
    Failure {
        rule: "internal-error",
        message: format!("the rule `{}` failed: {panic}", rule.id),
        help: "report this as a bug of oasguard; `--ignore` the rule until it is mended".into(),
        path: api.document.files().file(FileId::ROOT).display.clone(),
        location: None,
        related: Vec::new(),
    }
}
