//! Workflow commands, taken apart as the runner of GitHub Actions does.

use std::collections::BTreeMap;

use oasguard::lint::{Report, Severity};
use oasguard::report::visible;

use super::{many, markup, of, reports, written};

/// A command as the runner understands it.
struct Annotation {
    kind: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// The runner looks for `::kind properties::message`, splits properties at commas, and unescapes both.
fn taken_apart(line: &str) -> Option<Annotation> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (kind, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let property = |text: &str| {
        let (name, value) = text.split_once('=').expect("a property has a value");
        let value = unescaped(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        (name.to_owned(), value)
    };
    Some(Annotation {
        kind: kind.to_owned(),
        properties: properties.split(',').filter(|text| !text.is_empty()).map(property).collect(),
        message: unescaped(message).replace("%25", "%"),
    })
}

fn annotations(report: &Report) -> (Vec<Annotation>, Vec<String>) {
    let text = written("github", report);
    let (commands, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("::"));
    let commands = commands.into_iter().map(|line| taken_apart(line).expect("a command"));
    (commands.collect(), lines.into_iter().map(str::to_owned).collect())
}

#[test]
fn each_finding_is_an_annotation_or_a_line_of_the_log() {
    for (name, report) in reports() {
        let (annotations, lines) = annotations(&report);
        let total = report.errors.len() + report.findings.len();
        let says_more = usize::from(!lines.is_empty());
        assert_eq!(annotations.len() + lines.len(), total + says_more, "{name}");
        for kind in ["error", "warning", "notice"] {
            assert!(annotations.iter().filter(|one| one.kind == kind).count() <= 10, "{name}: {kind}");
        }
        assert!(annotations.iter().all(|one| ["error", "warning", "notice"].contains(&one.kind.as_str())));
    }
}

#[test]
fn the_most_severe_are_shown_and_the_rest_is_counted() {
    let report = many(300);
    let (annotations, lines) = annotations(&report);
    let count = |kind: &str| annotations.iter().filter(|one| one.kind == kind).count();
    assert_eq!([count("error"), count("warning"), count("notice")], [10, 10, 10]);
    assert_eq!(lines.len(), 300 - 29);
    assert!(lines.iter().all(|line| line.starts_with("api-")), "{lines:?}");
    let last = annotations.last().expect("there are some");
    assert_eq!(last.message, "271 more findings: GitHub shows 10 annotations of a kind, the log shows all");
    // Of the notices, which are low and info, those that are low come first.
    assert!(
        annotations
            .iter()
            .filter(|one| one.kind == "notice")
            .take(9)
            .all(|one| one.message.contains(": low["))
    );

    let ten = many(40);
    assert_eq!(of(&ten, &[Severity::Low, Severity::Info]), 20);
    let mut ten = ten;
    ten.findings.retain(|finding| finding.severity != Severity::Info);
    let (annotations, lines) = self::annotations(&ten);
    assert_eq!((annotations.len(), lines.len()), (30, 0), "ten of each kind need no notice about more");
}

#[test]
fn texts_arrive_as_they_are() {
    let report = markup();
    let (annotations, _) = annotations(&report);
    let root = "api/";
    for finding in report.findings.iter().filter(|finding| finding.severity == Severity::High) {
        let found = annotations.iter().find(|one| one.message.contains(&*visible(&finding.message)));
        let Some(found) = found else { continue };
        assert_eq!(found.properties["title"], "oasguard (unauthenticated-write)");
        assert_eq!(found.properties["line"], "8");
        assert_eq!(found.properties["endColumn"], "9");
        assert!(found.properties["file"].starts_with(root) || finding.location.path.starts_with('.'));
    }
    let comma = annotations.iter().find(|one| one.message.contains("100%,line=1"));
    let comma = comma.expect("errors are shown first");
    assert_eq!(comma.properties["file"], "api/100%,line=1::error file=x::boo%0A::error::y");
    assert_eq!(comma.properties.len(), 2, "no property is smuggled in");
}
