//! JUnit and Checkstyle by an XML parser, and comma-separated values by a parser of those.

use std::collections::{BTreeMap, BTreeSet};

use oasguard::lint::{DocumentStatus, Report, Severity};
use oasguard::report::visible;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{MARKUP, incomplete, many, of, reports, written};

/// An element: name, attributes, text, children.
#[derive(Default)]
pub(crate) struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn of(tag: &BytesStart<'_>) -> Element {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("XML is text");
        let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            (text(attribute.key.as_ref().as_bytes()), value.expect("its references are known").into_owned())
        };
        let attributes = tag.attributes().map(|found| attribute(found.expect("an attribute is well-formed")));
        Element {
            name: text(tag.name().as_ref().as_bytes()),
            attributes: attributes.collect(),
            ..Element::default()
        }
    }

    fn count(&self, name: &str) -> usize {
        self.attributes[name].parse().expect("a count is a number")
    }

    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The root of a document, which must be well-formed and hold no character that XML forbids.
pub(crate) fn parsed(text: &str) -> Element {
    let is_allowed = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_allowed), "{text:?}");
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("the report is well-formed") {
            Event::Start(tag) => open.push(Element::of(&tag)),
            Event::Empty(tag) => open.last_mut().expect("there is a parent").children.push(Element::of(&tag)),
            Event::End(_) => {
                let closed = open.pop().expect("it was opened");
                open.last_mut().expect("there is a parent").children.push(closed);
            }
            Event::Text(text) => {
                open.last_mut().expect("there is a parent").text.push_str(&text);
            }
            Event::GeneralRef(name) => {
                let character = match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    other => panic!("&{other}; is none of ours"),
                };
                open.last_mut().expect("there is a parent").text.push(character);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?} is none of ours"),
        }
    }
    assert_eq!(open.len(), 1, "everything is closed");
    let mut roots = open.remove(0).children;
    assert_eq!(roots.len(), 1, "one root");
    roots.remove(0)
}

#[test]
fn junit_has_a_case_for_each_finding_and_right_counts() {
    for (name, report) in reports() {
        let root = parsed(&written("junit", &report));
        assert_eq!(root.name, "testsuites", "{name}");
        let mut totals = [0, 0, 0];
        for suite in &root.children {
            assert_eq!(suite.name, "testsuite");
            let cases: Vec<&Element> = suite.all("testcase").collect();
            let with = |outcome: &str| cases.iter().filter(|case| case.all(outcome).count() > 0).count();
            let counts = [cases.len(), with("failure"), with("error")];
            assert_eq!(
                counts,
                [suite.count("tests"), suite.count("failures"), suite.count("errors")],
                "{name}"
            );
            assert_eq!(with("skipped"), suite.count("skipped"), "{name}");
            assert!(!cases.is_empty(), "{name}: a suite without a case looks as if nothing had run");
            let names: BTreeSet<&String> = cases.iter().map(|case| &case.attributes["name"]).collect();
            assert_eq!(names.len(), cases.len(), "{name}: build servers merge cases of one name");
            for case in cases {
                let known = ["name", "classname", "file", "line"];
                assert!(case.attributes.keys().all(|key| known.contains(&key.as_str())), "{name}");
                assert!(case.attributes.contains_key("file"), "{name}");
                for outcome in &case.children {
                    let is_said =
                        outcome.attributes.get("message").is_some_and(|message| !message.is_empty());
                    assert!(is_said || outcome.name == "system-out", "{name}: {}", outcome.name);
                }
            }
            totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        assert_eq!(totals, [root.count("tests"), root.count("failures"), root.count("errors")], "{name}");
        let failing = [Severity::High, Severity::Medium, Severity::Low];
        assert_eq!(totals[1], of(&report, &failing), "{name}: info does not fail a test");
        assert_eq!(totals[2], report.errors.len() + incomplete(&report), "{name}");
    }
}

#[test]
fn a_clean_document_is_a_test_that_passes_and_a_skipped_one_is_skipped() {
    let report = super::with_everything();
    let skipped =
        report.documents.iter().filter(|document| document.status == DocumentStatus::Skipped).count();
    assert_eq!(skipped, 1);
    let root = parsed(&written("junit", &crate::report::report(Vec::new())));
    let case = &root.children[0].children[0];
    assert_eq!((case.attributes["name"].as_str(), case.children.len()), ("no findings", 0));
    let mut lone = crate::report::report(Vec::new());
    lone.documents[0].status = DocumentStatus::Skipped;
    lone.documents[0].reason = Some("no `openapi` or `swagger` key".to_owned());
    let root = parsed(&written("junit", &lone));
    let case = &root.children[0].children[0];
    assert_eq!(case.children[0].name, "skipped");
    assert_eq!(case.children[0].attributes["message"], "no `openapi` or `swagger` key");
}

#[test]
fn texts_arrive_in_xml_as_they_are() {
    let report = super::markup();
    let root = parsed(&written("checkstyle", &report));
    for text in MARKUP {
        let path = visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        let file = root.all("file").find(|file| file.attributes["name"] == path);
        let file = file.unwrap_or_else(|| panic!("{path} is a file"));
        assert_eq!(file.children.len(), 2, "an error and a finding");
        assert!(file.children[1].attributes["message"].contains(&path));
    }
    let root = parsed(&written("junit", &report));
    let bodies: String = root
        .children
        .iter()
        .flat_map(|suite| &suite.children)
        .flat_map(|case| &case.children)
        .map(|outcome| outcome.text.as_str())
        .collect();
    assert!(bodies.contains("]]><script>alert(1)</script><!-- x -->"), "{bodies}");
}

#[test]
fn checkstyle_has_an_error_for_each_finding() {
    for (name, report) in reports() {
        let root = parsed(&written("checkstyle", &report));
        assert_eq!((root.name.as_str(), root.attributes["version"].as_str()), ("checkstyle", "8.0"));
        let errors: Vec<&Element> = root.all("file").flat_map(|file| file.all("error")).collect();
        assert_eq!(errors.len(), report.errors.len() + report.findings.len(), "{name}");
        for error in errors {
            assert!(error.count("line") >= 1);
            assert!(["error", "warning", "info"].contains(&error.attributes["severity"].as_str()));
            assert!(error.attributes["source"].starts_with("oasguard."));
            assert!(!error.attributes["message"].is_empty());
        }
        let names: Vec<&String> = root.all("file").map(|file| &file.attributes["name"]).collect();
        assert!(names.is_sorted() || name == "markup" || name == "hostile", "{name}");
    }
}

fn records(report: &Report) -> Vec<csv::StringRecord> {
    let text = written("csv", report);
    assert!(text.ends_with("\r\n") && text.replace("\r\n", "").chars().all(|c| c != '\n' && c != '\r'));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("every line has as many values")).collect()
}

#[test]
fn csv_has_a_line_for_each_finding_and_no_formula() {
    for (name, report) in reports() {
        let records = records(&report);
        assert_eq!(records.len(), 1 + report.errors.len() + report.findings.len(), "{name}");
        assert_eq!(&records[0][0], "path", "{name}");
        for record in &records {
            assert_eq!(record.len(), 16);
            assert!(
                record.iter().all(|value| !value.starts_with(['=', '+', '-', '@', '\t', '\r'])),
                "{record:?}"
            );
        }
    }
    let all = records(&many(8));
    assert_eq!(
        all[8].iter().take(8).collect::<Vec<_>>(),
        ["api-2.yaml", "8", "5", "8", "9", "high", "high", "unauthenticated-write"]
    );
}
