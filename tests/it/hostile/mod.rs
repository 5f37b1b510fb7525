//! Documents that want to hang, crash or exhaust the program, or make it read what it must not.
//!
//! Each is linted on threads with small stacks, so that recursion over what a document decides would crash. The time
//! limit only turns a hang into a failure: the tests of the budgets are what the reports say.

mod counts;
#[cfg(feature = "cli")]
mod files;
#[cfg(feature = "cli")]
mod largest;
mod places;
#[cfg(feature = "cli")]
mod program;
mod shapes;
#[cfg(feature = "cli")]
mod terminal;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use oasguard::lint::{DocumentStatus, Report};
use oasguard::session::Session;

use crate::support::{named, session};

/// A quarter of what a thread usually has.
const STACK: usize = 512 << 10;
/// Far more than any of these takes; the tests share the machine.
const HANG: Duration = Duration::from_secs(300);

/// Lints the first of some texts on small stacks.
fn hostile<T: AsRef<[u8]>>(what: &str, texts: &[(&str, T)]) -> Report {
    let session = session(texts);
    let path = session.working_directory.join(texts[0].0);
    hostile_in(what, session, path)
}

fn hostile_in(what: &str, session: Session, path: std::path::PathBuf) -> Report {
    let started = Instant::now();
    let (done, answer) = std::sync::mpsc::channel();
    let work = move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(STACK).build().expect("threads");
        let _ = done.send(pool.install(|| session.lint(&named(&[path]))));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    let report = answer.recv_timeout(HANG).unwrap_or_else(|_| panic!("{what}: no answer after {HANG:?}"));
    println!(
        "{what}: {:?}, {} findings, {} errors, {:?}",
        started.elapsed(),
        report.findings.len(),
        report.errors.len(),
        report.timings
    );
    for error in &report.errors {
        assert_ne!(error.rule, "internal-error", "{what}: {error:?}");
    }
    report
}

/// The ids of the findings and errors of a report, each with its number.
fn said(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut said = BTreeMap::new();
    let findings = report.findings.iter().map(|finding| finding.rule);
    for rule in findings.chain(report.errors.iter().map(|error| error.rule)) {
        *said.entry(rule).or_default() += 1;
    }
    said
}

fn count(report: &Report, rule: &str) -> usize {
    said(report).get(rule).copied().unwrap_or(0)
}

fn is_linted(report: &Report) -> bool {
    report.documents[0].status == DocumentStatus::Linted
}

/// Joins what `item` gives for each number.
fn list(count: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = write!(text, "{}{}", if number > 0 { separator } else { "" }, item(number));
    }
    text
}

/// A JSON document with one operation whose request body is `#/components/schemas/s0`.
fn with_schemas(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.0.3","info":{{}},"paths":{{"/a":{{"post":{{"requestBody":{{"content":{{"application/json":
        {{"schema":{{"$ref":"#/components/schemas/s0"}}}}}}}},"responses":{{}}}}}}}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

fn schema(what: &str, count: usize, of: impl Fn(usize, usize) -> String, last: &str) -> Report {
    let chain = list(count, ",", |n| format!(r#""s{n}":{}"#, of(n, n + 1)));
    let separator = if count == 0 { "" } else { "," };
    let report =
        hostile(what, &[("a.json", with_schemas(&format!(r#"{chain}{separator}"s{count}":{last}"#)))]);
    assert!(is_linted(&report), "{what}: {:?}", report.documents);
    report
}

fn link(n: usize) -> String {
    format!(r##"{{"$ref":"#/components/schemas/s{n}"}}"##)
}
