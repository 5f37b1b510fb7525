//! The formats of lines: concise, gcc, and JSON in lines.

use std::io::{self, Write};

use oasguard::lint::{DocumentReport, Failure, Report, Severity};
use oasguard::report::{concise, gcc, json, json_lines};
use serde_json::Value;

use crate::report::{PETS, bare, collect, failure, find, hostile, report, rich, with_everything};

type Writer = fn(&Report, &mut dyn Write) -> io::Result<()>;

fn written(write: Writer, report: &Report) -> String {
    let mut out = Vec::new();
    write(report, &mut out).expect("memory does not fail");
    String::from_utf8(out).expect("a report is text")
}

fn parsed(report: &Report) -> Vec<Value> {
    let text = written(json_lines, report);
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

#[test]
fn a_finding_is_a_line_after_the_errors() {
    let report = with_everything();
    assert_eq!(
        written(concise, &report),
        "\
broken.json:3:13: error[syntax-error] expected a key or `}`, found `,`
broken.json: error[syntax-error] expected a key or `}`, found `,`
pets.yaml:8:5: high[unauthenticated-write] `POST /pets` can be called without authentication
pets.yaml:6:5: low[missing-rate-limit-response] no operation documents a `429` response
"
    );
    assert_eq!(
        written(gcc, &report),
        "\
broken.json:3:13: error: expected a key or `}`, found `,` [syntax-error]
broken.json: error: expected a key or `}`, found `,` [syntax-error]
pets.yaml:8:5: error: `POST /pets` can be called without authentication [unauthenticated-write]
pets.yaml:6:5: note: no operation documents a `429` response [missing-rate-limit-response]
"
    );
    for write in [concise as Writer, gcc] {
        assert_eq!(written(write, &Report::default()), "", "nothing to say is no line");
    }
}

#[test]
fn each_severity_has_its_words() {
    for (severity, ours, theirs) in [
        (Severity::High, "high", "error"),
        (Severity::Medium, "medium", "warning"),
        (Severity::Low, "low", "note"),
        (Severity::Info, "info", "note"),
    ] {
        let mut finding = bare(find("pets.yaml", PETS, "post"));
        finding.severity = severity;
        let report = report(vec![finding]);
        assert!(written(concise, &report).starts_with(&format!("pets.yaml:8:5: {ours}[")));
        assert!(written(gcc, &report).starts_with(&format!("pets.yaml:8:5: {theirs}: `POST")));
    }
}

#[test]
fn nothing_in_a_document_breaks_or_starts_a_line() {
    let report = hostile();
    let lines = report.errors.len() + report.findings.len();
    for write in [concise as Writer, gcc] {
        let text = written(write, &report);
        assert_eq!(text.lines().count(), lines, "{text}");
        assert!(text.contains(
            "\n./::error::␛[31mred␇ \u{fffd}evil\u{fffd}2J ::error::x ##\u{fffd}error]y␍␊.yaml:2:"
        ));
        assert!(text.contains("##\u{fffd}error]y␍␊::error::m"), "a message is one line: {text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text:?}");
        assert!(
            !text.contains("##[") && text.lines().all(|line| !line.trim_start().starts_with("::")),
            "{text}"
        );
    }
    let text = written(json_lines, &report);
    assert_eq!(text.lines().count(), lines + report.documents.len() + 2);
    assert!(text.lines().all(|line| line.starts_with("{\"type\":\"")), "{text}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text:?}");
    let finding = parsed(&report).into_iter().find(|line| line["type"] == "finding");
    assert_eq!(finding.expect("there is one")["message"], report.findings[0].message);
}

/// Many documents, each with an error and more findings than the human report shows.
fn many() -> Report {
    let mut all = report(Vec::new());
    let document = all.documents.remove(0);
    for number in 0..300 {
        let path = format!("api/{number:03}.yaml");
        all.documents.push(DocumentReport { path: path.clone(), ..document.clone() });
        all.findings.extend((0..7).map(|_| bare(find(&path, PETS, "post"))));
        all.errors.push(Failure { path, location: None, ..failure() });
    }
    all.errors.push(Failure { path: "api/*.raml".to_owned(), location: None, ..failure() });
    all
}

#[test]
fn many_files_are_never_capped_and_in_order() {
    let report = many();
    for write in [concise as Writer, gcc] {
        let text = written(write, &report);
        let paths: Vec<&str> = text.lines().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(paths.len(), 301 + 300 * 7);
        assert!(paths[301..].is_sorted());
    }
    let lines = parsed(&report);
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    let one =
        ["document", "error", "finding", "finding", "finding", "finding", "finding", "finding", "finding"];
    let expected = [&["tool", "error"], one.repeat(300).as_slice(), &["summary"]].concat();
    assert_eq!(kinds, expected);
    let path = |line: &Value| {
        let path = line.get("path").or_else(|| line["location"].get("path"));
        path.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    assert!(lines[1..lines.len() - 1].iter().map(path).is_sorted());
}

#[test]
fn a_line_is_written_as_it_is_made() {
    /// Takes so many bytes and then no more.
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let report = many();
    for write in [concise as Writer, gcc, json_lines] {
        let mut out = Full(20_000);
        let error = write(&report, &mut out).expect_err("a full disk is told");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(out.0 < 20_000, "nothing was written before the end was made");
    }
}

#[test]
fn json_lines_look_as_promised() {
    let text = written(json_lines, &with_everything());
    insta::assert_snapshot!("json_lines", text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn json_lines_hold_what_json_holds() {
    let report = with_everything();
    let whole: Value = serde_json::from_str(&written(json, &report)).expect("a report is JSON");
    let mut lines = parsed(&report);
    let kinds: Vec<Value> = lines
        .iter_mut()
        .map(|line| line.as_object_mut().and_then(|line| line.remove("type")).expect("a line has a type"))
        .collect();
    let of = |kind: &str| {
        let lines = kinds.iter().zip(&lines).filter(|(of, _)| *of == kind);
        lines.map(|(_, line)| line.clone()).collect::<Value>()
    };
    assert_eq!(of("tool")[0]["tool"], whole["tool"]);
    assert_eq!(of("tool")[0]["version"], whole["version"]);
    assert_eq!(of("document"), whole["documents"]);
    assert_eq!(of("finding"), whole["findings"]);
    assert_eq!(of("error"), whole["errors"]);
    assert_eq!(of("summary")[0], whole["summary"]);
    assert_eq!((kinds.first(), kinds.last()), (Some(&"tool".into()), Some(&"summary".into())));
}

fn schema(text: &str) -> Value {
    serde_json::from_str(text).expect("the schema is JSON")
}

fn lines_schema() -> Value {
    schema(include_str!("../../schemas/report-lines-v1.schema.json"))
}

#[test]
fn each_json_line_is_valid_against_the_schema() {
    let validator = jsonschema::draft202012::new(&lines_schema()).expect("the schema is a schema");
    let accepted = crate::consumers::accepted();
    for report in [Report::default(), report(Vec::new()), rich(), with_everything(), many(), accepted] {
        for line in parsed(&report) {
            assert!(validator.is_valid(&line), "{line}");
        }
    }
    // Every field that we write is required, also the type: without it, or with a number for it, a line is invalid.
    let mut count = 0;
    for good in parsed(&crate::consumers::accepted()) {
        let mut extended = good.clone();
        extended["new"] = true.into();
        assert!(validator.is_valid(&extended), "unknown fields are legal");
        let mut pointers = Vec::new();
        collect(&good, String::new(), &mut pointers);
        for pointer in &pointers {
            let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a token");
            let mut broken = good.clone();
            let object = broken.pointer_mut(parent).and_then(Value::as_object_mut);
            object.expect("the pointer was collected").remove(key);
            assert!(!validator.is_valid(&broken), "valid without {pointer}: {broken}");
            let mut broken = good.clone();
            *broken.pointer_mut(pointer).expect("the pointer was collected") = serde_json::json!(-1.5);
            assert!(!validator.is_valid(&broken), "valid with a number for {pointer}");
        }
        for other in ["tool", "document", "error", "finding", "suppressed", "summary", "no such type"] {
            let mut broken = good.clone();
            broken["type"] = other.into();
            assert_eq!(validator.is_valid(&broken), good["type"] == other, "{other}: {good}");
        }
        count += pointers.len();
    }
    assert!(count > 100);
}

#[test]
fn the_schema_of_lines_defines_what_the_schema_of_the_report_defines() {
    let (lines, whole) = (lines_schema(), schema(include_str!("../../schemas/report-v1.schema.json")));
    assert_eq!(lines["$defs"], whole["$defs"]);
    for field in ["version", "tool"] {
        assert_eq!(lines["oneOf"][0]["properties"][field], whole["properties"][field]);
    }
}
