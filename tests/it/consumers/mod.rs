//! The formats for other programs: each is read back as its consumer reads it, whatever the report holds.

mod code_scanning;
#[cfg(feature = "cli")]
mod editors;
mod github;
mod markdown;
#[cfg(feature = "cli")]
mod pre_commit;
mod review;
pub(crate) mod tables;

use std::io::{self, Write};
use std::path::Path;

use oasguard::lint::{Acceptance, DocumentStatus, Finding, Report, Severity, Spelling, Suppressed};
use oasguard::report::{Setting, checkstyle, csv, github, gitlab, junit, markdown, rdjson, sarif, visible};
use oasguard::rules;

use crate::report::{PETS, bare, find, hostile, report, rich, with_everything};

/// The formats, for what holds for all of them.
const FORMATS: [(&str, Writer); 8] = [
    ("sarif", sarif),
    ("github", github),
    ("gitlab", gitlab),
    ("junit", junit),
    ("checkstyle", |report, _, out| checkstyle(report, out)),
    ("rdjson", |report, _, out| rdjson(report, out)),
    ("markdown", markdown),
    ("csv", |report, _, out| csv(report, out)),
];

type Writer = fn(&Report, &Setting<'_>, &mut dyn Write) -> io::Result<()>;

/// A report in one format, of a run in the folder `api` of a repository.
fn written(format: &str, report: &Report) -> String {
    let rules = rules::all();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let setting = Setting { root, working_directory: &root.join("api"), rules: &rules };
    let (_, write) = FORMATS.iter().find(|(name, _)| *name == format).expect("there is such a format");
    let mut out = Vec::new();
    write(report, &setting, &mut out).expect("memory does not fail");
    String::from_utf8(out).expect("a report is text")
}

/// Every kind of report: of a run without documents, of clean ones, of broken ones, of texts that want to break out.
fn reports() -> Vec<(&'static str, Report)> {
    let mut incomplete = rich();
    incomplete.documents[0].incomplete = true;
    incomplete.documents[0].unresolved = 2;
    let mut failed = with_everything();
    failed.findings.clear();
    failed.summary.failed = 1;
    vec![
        ("empty", Report::default()),
        ("clean", report(Vec::new())),
        ("rich", rich()),
        ("incomplete", incomplete),
        ("failed", failed),
        ("everything", with_everything()),
        ("accepted", accepted()),
        ("hostile", hostile()),
        ("markup", markup()),
        ("many", many(300)),
    ]
}

/// Texts that mean something to one of the formats, in every field that a document fills.
const MARKUP: [&str; 12] = [
    "=cmd|' /C calc'!A0",
    "]]><script>alert(1)</script><!-- x -->",
    "a | b ` c `` d ``` | \\| \\",
    "@octocat #1 https://evil.example/x www.evil.example GH-2 :tada: $x$ ~~s~~ *e* _e_ <b>b</b>",
    "[click](https://evil.example) ![x](https://evil.example/x.png) [ref]: x",
    "100%,line=1::error file=x::boo%0A::error::y",
    "\r\n::error::x\n##[error]y\n::set-output name=a::b",
    "\u{1b}]8;;https://evil.example\u{1b}\\x\u{1b}]8;;\u{1b}\\ \u{7}\u{9b}31m",
    "\"quoted\" 'single' &amp; &#x41; \u{fffe}\u{ffff}\u{0}",
    "\u{202e}gnp.exe\u{2066} \u{200b}\u{feff}",
    "- item\n# heading\n\n| a | b |\n|---|---|",
    "größe 日本語 👩\u{200d}🔧 😀",
];

/// With findings that are accepted: by one and by several, for reasons that want to break out.
pub(crate) fn accepted() -> Report {
    let mut report = with_everything();
    let mut by: Vec<Acceptance> = report
        .suppressions
        .iter()
        .map(|suppression| Acceptance::Directive(Box::new(suppression.directive.clone())))
        .collect();
    by.push(Acceptance::Baseline("2026-01-31".parse().expect("a day")));
    let mut suppressed = Vec::new();
    for (number, text) in MARKUP.iter().enumerate() {
        let mut by = by.clone();
        if let Acceptance::Directive(directive) = &mut by[0] {
            directive.reason = Some((*text).to_owned());
            directive.spelling =
                [Spelling::Comment, Spelling::Extension, Spelling::Configuration][number % 3];
        }
        by.truncate(1 + number % 3);
        let mut finding = bare(find("pets.yaml", PETS, "post"));
        finding.fingerprint = format!("{:032x}", 77 + number);
        suppressed.push(Suppressed { finding, by });
    }
    report.suppressed = Some(suppressed);
    report
}

fn markup() -> Report {
    let findings = MARKUP.iter().enumerate().map(|(number, text)| {
        let text = (*text).to_owned();
        let mut finding = bare(find("pets.yaml", PETS, "post"));
        finding.severity = Severity::ALL[number % 4];
        finding.message = format!("`{text}` is {text}");
        finding.label.clone_from(&text);
        finding.help.clone_from(&text);
        finding.location.path.clone_from(&text);
        finding.location.pointer.clone_from(&text);
        finding.roots = vec![text.clone()];
        finding.fingerprint = format!("{number:032x}");
        finding.because = vec![crate::report::label(&text, finding.location.clone())];
        finding.related = finding.because.clone();
        finding.operation.as_mut().expect("it has one").path = text;
        finding
    });
    let mut all = report(findings.collect());
    let failures = MARKUP.iter().map(|text| oasguard::lint::Failure {
        message: format!("`{text}` {text}"),
        path: (*text).to_owned(),
        location: None,
        ..crate::report::failure()
    });
    all.errors = failures.collect();
    all
}

/// `count` findings, the least severe first, in three documents.
fn many(count: usize) -> Report {
    let findings = (0..count).map(|number| {
        let mut finding = bare(find(&format!("api-{}.yaml", number * 3 / count), PETS, "post"));
        finding.severity = Severity::ALL[number * 4 / count];
        finding.fingerprint = format!("{number:032x}");
        finding
    });
    let mut all = report(findings.collect());
    all.documents[0].path = "api-0.yaml".to_owned();
    for number in 1..3 {
        let mut document = all.documents[0].clone();
        document.path = format!("api-{number}.yaml");
        all.documents.push(document);
    }
    all
}

#[test]
fn the_same_report_gives_the_same_bytes_and_nothing_that_acts() {
    for (format, _) in FORMATS {
        for (name, report) in reports() {
            let text = written(format, &report);
            assert_eq!(text, written(format, &report), "{format} of {name}");
            let acts = |c: char| {
                c.is_control() && !matches!(c, '\n' | '\r') || visible(&c.to_string()) != c.to_string()
            };
            let text = text.replace("\r\n", "\n");
            assert!(text.chars().all(|c| c == '\n' || !acts(c)), "{format} of {name}: {text:?}");
            assert!(!text.contains('\r'), "{format} of {name}");
            // A report on standard output is in the log of a build.
            let is_command = |line: &&str| line.trim_start().starts_with("::");
            let commands: Vec<_> = text.lines().filter(is_command).collect();
            assert!(commands.is_empty() || format == "github", "{format} of {name}: {commands:?}");
            assert!(!text.contains("##["), "{format} of {name}");
        }
    }
}

#[test]
fn formats_look_as_promised() {
    for (format, _) in FORMATS {
        let mut text = written(format, &with_everything()).replace("\r\n", "\n");
        if format == "sarif" {
            text = code_scanning::without_pages(&text);
        }
        insta::assert_snapshot!(format, text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn a_full_disk_is_told() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let rules = rules::all();
    let setting = Setting { root: Path::new("/"), working_directory: Path::new("/"), rules: &rules };
    for (format, write) in FORMATS {
        let error = write(&with_everything(), &setting, &mut Full).expect_err(format);
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{format}");
    }
}

/// The number of documents of a report that were linted and are not complete.
fn incomplete(report: &Report) -> usize {
    let linted = report.documents.iter().filter(|document| document.status == DocumentStatus::Linted);
    linted.filter(|document| document.incomplete).count()
}

/// How many findings have one of the severities.
fn of(report: &Report, severities: &[Severity]) -> usize {
    report.findings.iter().filter(|Finding { severity, .. }| severities.contains(severity)).count()
}
