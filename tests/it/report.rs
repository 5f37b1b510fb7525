//! The report for machines, and reports built by hand for every format.

use std::ops::Range;

use oasguard::lint::{
    Affected, Claim, Confidence, Directive, DocumentReport, DocumentStatus, Failure, Finding, Label,
    Location, OperationKind, OperationName, Part, Profile, Public, Report, Severity, Spelling, Standing,
    Summary, Suppression, cut,
};
use oasguard::report::json;
use oasguard::source::LineIndex;

pub(crate) const PETS: &str = "\
openapi: 3.0.3
info: { title: Pets, version: '1' }
security: []
paths:
  /pets:
    get:
      operationId: listPets
    post:
      operationId: createPet
      responses: { '200': { description: created } }
";

/// The place of the `nth` (from 0) `needle` in a text.
pub(crate) fn nth(path: &str, text: &str, needle: &str, nth: usize) -> Location {
    let (start, _) = text.match_indices(needle).nth(nth).expect("the text has the needle");
    at(path, text, start..start + needle.len())
}

pub(crate) fn find(path: &str, text: &str, needle: &str) -> Location {
    nth(path, text, needle, 0)
}

pub(crate) fn at(path: &str, text: &str, range: Range<usize>) -> Location {
    let lines = LineIndex::new(text);
    Location {
        pointer: "/paths/~1pets/post".to_owned(),
        part: Part::Key,
        excerpt: Some(cut(text, &lines, range.clone())),
        ..Location::of(path, text, &lines, range)
    }
}

pub(crate) fn label(message: &str, location: Location) -> Label {
    Label { message: message.to_owned(), location }
}

pub(crate) fn operation(method: &str, path: &str) -> OperationName {
    OperationName {
        kind: OperationKind::Path,
        method: method.to_owned(),
        path: path.to_owned(),
        name: None,
        operation_id: None,
    }
}

/// A finding with the least in it.
pub(crate) fn bare(location: Location) -> Finding {
    Finding {
        rule: "unauthenticated-write",
        category: "authentication",
        severity: Severity::High,
        confidence: Confidence::High,
        profile: Profile::Default,
        message: "`POST /pets` can be called without authentication".to_owned(),
        label: "accepts anonymous writes".to_owned(),
        help: "require a security scheme here or at the root".to_owned(),
        roots: vec![location.path.clone()],
        location,
        related: Vec::new(),
        because: Vec::new(),
        operation: Some(operation("POST", "/pets")),
        affected: Affected::default(),
        occurrences: Affected::default(),
        owasp: &["API2:2023"],
        cwe: &[306],
        fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        url: "https://example.com/rules/unauthenticated-write".to_owned(),
    }
}

/// A report with everything in it.
pub(crate) fn rich() -> Report {
    let mut write = bare(find("pets.yaml", PETS, "post"));
    write.related = vec![label("inherits the global `security` here", find("pets.yaml", PETS, "security"))];
    write.because = vec![label("the global `security` is an empty list", find("pets.yaml", PETS, "[]"))];
    write.affected = (0..37).map(|n| operation("PUT", &format!("/pets/{n}"))).collect();
    let mut limit = bare(find("pets.yaml", PETS, "get"));
    limit.rule = "missing-rate-limit-response";
    limit.severity = Severity::Low;
    limit.confidence = Confidence::Medium;
    limit.message = "no operation documents a `429` response".to_owned();
    limit.label = "one of two operations".to_owned();
    limit.help = "document `429` with `Retry-After`".to_owned();
    limit.occurrences = ["get", "post"].iter().map(|key| find("pets.yaml", PETS, key)).collect();
    limit.owasp = &["API4:2023"];
    limit.cwe = &[770, 799];
    report(vec![write, limit])
}

pub(crate) fn report(findings: Vec<Finding>) -> Report {
    let mut report = Report {
        documents: vec![DocumentReport {
            path: "pets.yaml".to_owned(),
            status: DocumentStatus::Linted,
            openapi: Some("3.0.3".to_owned()),
            reason: None,
            operations: 2,
            files: Vec::new(),
            incomplete: false,
            unresolved: 0,
            public: Public {
                count: 2,
                operations: vec![(operation("GET", "/health"), "its path names a health check".to_owned())],
            },
        }],
        summary: Summary { linted: 1, ..Summary::default() },
        ..Report::default()
    };
    for finding in &findings {
        report.summary.findings[finding.severity as usize] += 1;
    }
    report.statistics.operations = 2;
    report.statistics.rules = [("unauthenticated-write", (2, 1)), ("api-key-in-query", (0, 0))].into();
    report.findings = findings;
    report
}

pub(crate) fn failure() -> Failure {
    let text = "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {,}\n}\n";
    Failure {
        rule: "syntax-error",
        message: "expected a key or `}`, found `,`".to_owned(),
        help: "remove the comma".to_owned(),
        path: "broken.json".to_owned(),
        location: Some(find("broken.json", text, ",}")),
        related: vec![label("the object starts here", nth("broken.json", text, "{", 1))],
    }
}

/// A report in which every text of a document tries to do something.
pub(crate) fn hostile() -> Report {
    let hostile = "\x1b[31mred\x07 \u{202e}evil\u{9b}2J ::error::x ##[error]y";
    let text = format!("a: b\nkey: \"{hostile}\"\n::error::boo: 1\n");
    let mut finding = bare(find("a.yaml", &text, "evil"));
    finding.location.path = format!("::error::{hostile}\r\n.yaml");
    finding.roots = vec![finding.location.path.clone()];
    finding.message = format!("message {hostile}\r\n::error::m");
    finding.label = format!("label\n{hostile}");
    finding.help = format!("help\r{hostile}");
    finding.related = vec![label(&format!("related {hostile}"), find("other\x1b]0;x\x07.yaml", &text, "a"))];
    finding.because = vec![label(&format!("because\n{hostile}"), find("a\x1b.yaml", &text, "a"))];
    let operations = [operation("GET\n::error::", hostile), operation("::error::", "/a\x08")];
    finding.affected = operations.into_iter().collect();
    finding.url = hostile.to_owned();
    finding.location.pointer = hostile.to_owned();
    let mut report = report(vec![finding]);
    report.documents[0].path = format!("::error::{hostile}");
    report.documents[0].incomplete = true;
    report.documents[0].public.operations = vec![(operation("::error::", "/a"), hostile.to_owned())];
    report.errors = vec![Failure { message: hostile.to_owned(), path: hostile.to_owned(), ..failure() }];
    report.errors.push(Failure { location: None, ..report.errors[0].clone() });
    report
}

fn machine(report: &Report) -> serde_json::Value {
    let mut out = Vec::new();
    json(report, &mut out).expect("memory does not fail");
    assert!(out.ends_with(b"}\n"));
    serde_json::from_slice(&out).expect("a report is JSON")
}

/// The first fault that the schema finds in a report.
fn fault(report: &serde_json::Value) -> Option<String> {
    let schema = include_str!("../../schemas/report-v1.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("the schema is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    schema.iter_errors(report).next().map(|error| format!("{}: {error}", error.instance_path()))
}

pub(crate) fn with_everything() -> Report {
    let mut report = rich();
    report.findings[1].operation = None;
    report.findings[1].affected = [OperationName {
        kind: OperationKind::Webhook,
        name: Some("petAdded".to_owned()),
        operation_id: Some("onPet".to_owned()),
        ..operation("POST", "")
    }]
    .into_iter()
    .collect();
    report.errors = vec![failure(), Failure { location: None, related: Vec::new(), ..failure() }];
    for status in [DocumentStatus::Skipped, DocumentStatus::Failed] {
        report.documents.push(DocumentReport {
            status,
            openapi: None,
            reason: Some("not an OpenAPI document".to_owned()),
            files: vec!["part.yaml".to_owned()],
            ..report.documents[0].clone()
        });
    }
    report.suppressions = vec![
        suppression(Claim::Ignore(vec!["cleartext-server"]), Spelling::Comment, Standing::Expired),
        suppression(Claim::Public, Spelling::Extension, Standing::Active),
    ];
    report
}

fn suppression(what: Claim, spelling: Spelling, standing: Standing) -> Suppression {
    let until = "2027-03-31".parse().ok();
    let location = find("pets.yaml", PETS, "operationId: createPet");
    let names = if what == Claim::Public { Vec::new() } else { vec!["transport".to_owned()] };
    let directive = Directive { what, reason: Some("behind the VPN".to_owned()), until, spelling, location };
    Suppression { directive, names, standing, occurrences: 3 }
}

#[test]
fn json_looks_as_promised() {
    let mut out = Vec::new();
    json(&with_everything(), &mut out).expect("memory does not fail");
    let text = String::from_utf8(out).expect("a report is text");
    insta::assert_snapshot!("json", text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn json_is_valid_against_its_schema() {
    let accepted = crate::consumers::accepted();
    for report in [Report::default(), report(Vec::new()), rich(), with_everything(), accepted] {
        assert_eq!(fault(&machine(&report)), None);
    }
    let mut extended = machine(&rich());
    extended["findings"][0]["location"]["new"] = true.into();
    assert_eq!(fault(&extended), None, "unknown fields are legal");
}

#[test]
fn the_schema_rejects_a_broken_report() {
    // Every field that we write is required: without it, or with a value of another type, the report is invalid.
    let good = machine(&crate::consumers::accepted());
    let mut pointers = Vec::new();
    collect(&good, String::new(), &mut pointers);
    // A list that stands there only if somebody asked for it.
    pointers.retain(|pointer| pointer != "/suppressed");
    assert!(pointers.len() > 100);
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a token");
        let mut broken = good.clone();
        let object = broken.pointer_mut(parent).expect("the pointer was collected");
        object.as_object_mut().expect("its parent is an object").remove(key);
        assert!(fault(&broken).is_some(), "valid without {pointer}");
        let mut broken = good.clone();
        *broken.pointer_mut(&pointer).expect("the pointer was collected") = serde_json::json!(-1.5);
        assert!(fault(&broken).is_some(), "valid with a number for {pointer}");
    }
}

/// The pointers of all object members.
pub(crate) fn collect(value: &serde_json::Value, at: String, pointers: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                pointers.push(format!("{at}/{key}"));
                collect(value, format!("{at}/{key}"), pointers);
            }
        }
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

#[test]
fn json_keeps_every_character_and_shows_none_that_acts() {
    let report = hostile();
    let mut bytes = Vec::new();
    json(&report, &mut bytes).expect("memory does not fail");
    let written = String::from_utf8(bytes).expect("a report is text");
    assert!(written.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'));
    assert!(!written.contains("##["), "a build system would obey");
    let read: serde_json::Value = serde_json::from_str(&written).expect("a report is JSON");
    assert_eq!(read["findings"][0]["message"], report.findings[0].message);
}
