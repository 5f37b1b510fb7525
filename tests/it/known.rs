//! What is recorded of a run, and what a later run does not report because it was known.

use oasguard::engine::{Accepted, Known};
use oasguard::lint::{Record, Severity};
use oasguard::session::Session;

use super::support::{named, session};

/// What a baseline would hold of a record.
fn known(record: &Record) -> Known {
    let entries = record.entries.iter().map(|found| Accepted {
        path: found.path.clone(),
        fingerprint: found.fingerprint.clone(),
        severity: found.severity,
        root: found.root.clone(),
        since: None,
    });
    Known::new(entries.collect())
}

/// The record of some texts, of which those named `root…` are documents.
fn record(texts: &[(&str, &str)]) -> Record {
    let session = session(texts);
    session.record(&inputs(&session, texts))
}

fn inputs(session: &Session, texts: &[(&str, &str)]) -> Vec<oasguard::session::Input> {
    let roots = texts.iter().filter(|(name, _)| name.contains("root"));
    named(&roots.map(|(name, _)| session.working_directory.join(name)).collect::<Vec<_>>())
}

/// What is reported of `after` where everything of `before` is known: "rule path message".
fn new(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    let mut session = session(after);
    session.known = Some(known(&record(before)));
    let report = session.lint(&inputs(&session, after));
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let said = report
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.rule, finding.location.path, finding.message));
    said.collect()
}

const SHOP: &str = "\
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'http://shop.example.com/v1'}]
paths:
  /orders:
    get:
      responses: {'200': {description: ok}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses: {'201': {description: made}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
";

#[test]
fn what_is_known_is_not_reported() {
    let record = record(&[("root.yaml", SHOP)]);
    assert!(record.entries.len() > 4, "{record:#?}");
    assert_eq!(new(&[("root.yaml", SHOP)], &[("root.yaml", SHOP)]), [""; 0]);
    let mut session = session(&[("root.yaml", SHOP)]);
    session.known = Some(known(&record));
    let report = session.lint(&inputs(&session, &[("root.yaml", SHOP)]));
    assert!(report.summary.baselined.count() > 0);
    let without = {
        session.known = None;
        session.lint(&inputs(&session, &[("root.yaml", SHOP)]))
    };
    assert_eq!(without.summary.baselined.count(), 0);
    let highest = without.findings.iter().map(|finding| finding.severity).max();
    assert!(report.summary.baselined.of(highest.unwrap_or(Severity::Info)) > 0);
}

#[test]
fn keys_of_a_record_are_unique_and_sorted() {
    let twice = SHOP.replace("    get:\n", "    get:\n      parameters: [{in: query, name: api_key, schema: {type: string}}, {in: query, name: api_key, schema: {type: string}}]\n");
    let record = record(&[("root.yaml", &twice)]);
    assert!(record.entries.windows(2).all(|pair| pair[0].key() < pair[1].key()));
    let rules = |rule: &str| record.entries.iter().filter(|found| found.rule == rule).count();
    assert_eq!(rules("credential-in-url-parameter"), 2, "two equal parameters are two occurrences");
}

#[test]
fn an_operation_that_is_added_to_a_known_document_is_reported() {
    let more = SHOP.replace(
        "components:",
        "  /refunds:\n    delete: {responses: {'204': {description: gone}}}\ncomponents:",
    );
    let said = new(&[("root.yaml", SHOP)], &[("root.yaml", &more)]);
    assert!(
        said.iter().any(|line| line.contains("unauthenticated-write") && line.contains("`DELETE /refunds`")),
        "{said:#?}"
    );
    assert!(said.iter().all(|line| line.contains("/refunds")), "{said:#?}");
}

#[test]
fn a_renamed_file_keeps_what_is_known_of_it() {
    assert_eq!(new(&[("root.yaml", SHOP)], &[("other-root.yaml", SHOP)]), [""; 0]);
    // Each entry once: a second copy is new.
    let said = new(&[("root.yaml", SHOP)], &[("a-root.yaml", SHOP), ("b-root.yaml", SHOP)]);
    assert!(!said.is_empty() && said.iter().all(|line| line.contains(" b-root.yaml ")), "{said:#?}");
    // A file that is still there keeps its entries for itself.
    let said = new(&[("root.yaml", SHOP)], &[("root.yaml", SHOP), ("b-root.yaml", SHOP)]);
    assert!(!said.is_empty() && said.iter().all(|line| line.contains(" b-root.yaml ")), "{said:#?}");
}

#[test]
fn a_renamed_root_keeps_what_is_known_of_its_parts() {
    let root = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\npaths: {/orders: {$ref: 'parts/orders.yaml'}}\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}\n";
    let part = "get: {security: [token: []], responses: {'200': {description: ok}}}\npost: {responses: {'200': {description: ok}}}\n";
    let parts = ("parts/orders.yaml", part);
    assert!(
        record(&[("root.yaml", root), parts])
            .entries
            .iter()
            .any(|found| found.root.as_deref() == Some("root.yaml"))
    );
    assert_eq!(new(&[("root.yaml", root), parts], &[("root2.yaml", root), parts]), [""; 0]);
    assert_eq!(new(&[("root.yaml", root), parts], &[("root.yaml", root), parts]), [""; 0]);
}

#[test]
fn what_has_become_worse_is_new() {
    // Reading only is worth knowing; with the first operation that changes something it is severe.
    let reading = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\npaths:\n  /orders:\n    get: {responses: {'200': {description: ok}}}\n";
    let writing = format!("{reading}    post: {{responses: {{'200': {{description: ok}}}}}}\n");
    let said = new(&[("root.yaml", reading)], &[("root.yaml", &writing)]);
    assert!(said.iter().any(|line| line.starts_with("no-security-schemes")), "{said:#?}");
    let said = new(&[("root.yaml", &writing)], &[("root.yaml", reading)]);
    assert!(!said.iter().any(|line| line.starts_with("no-security-schemes")), "{said:#?}");
}

#[test]
fn a_group_with_a_new_member_speaks_of_that_alone() {
    let document = |fields: &str| SHOP.replace("note: {type: string}", fields);
    let more = document("note: {type: string}, title: {type: string}");
    let said = new(&[("root.yaml", SHOP)], &[("root.yaml", &more)]);
    let about: Vec<_> = said.iter().filter(|line| line.starts_with("unbounded-string")).collect();
    assert_eq!(about.len(), 1, "{said:#?}");
    assert!(about[0].contains("title") && !about[0].contains("note"), "{about:?}");
}

#[test]
fn the_record_does_not_depend_on_the_number_of_threads() {
    let texts: Vec<(String, String)> =
        (0..40).map(|i| (format!("root{i}.yaml"), SHOP.replace("note", &format!("note{}", i % 7)))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut session = session(&texts);
    let inputs = inputs(&session, &texts);
    let renamed: Vec<_> = record(&texts)
        .entries
        .iter()
        .map(|found| Accepted {
            path: found.path.replace("root1", "was"),
            fingerprint: found.fingerprint.clone(),
            severity: found.severity,
            root: None,
            since: None,
        })
        .take(200)
        .collect();
    session.known = Some(Known::new(renamed));
    let mut seen: Option<String> = None;
    for threads in [1, 2, 5] {
        session.threads = std::num::NonZeroUsize::new(threads);
        let (report, record, known) = session.lint_recording(&inputs);
        let text = format!("{record:?} {:?} {:?}", known.entries(), report.findings);
        assert_eq!(*seen.get_or_insert_with(|| text.clone()), text);
    }
}
