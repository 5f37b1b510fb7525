//! The report as test results in the form of JUnit, which every build server shows.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::concise::place;
use super::level::Verdict;
use super::statistics::counted;
use super::visible::visible;
use super::xml::safe;
use super::{ERROR, Setting, level};
use crate::lint::{DocumentReport, DocumentStatus, Failure, Finding, Location, Report};

/// Writes a suite for each document and a case for each error and finding in it. A document without any has one case
/// that passes: no case at all would look as if nothing had been checked.
pub fn junit(report: &Report, setting: &Setting<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(BufWriter::new(out), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = suites(report);
    let mut total = Counts::default();
    suites.values().for_each(|suite| total.add(suite.counts()));
    let name = env!("CARGO_PKG_NAME");
    let root = total.attributes(xml.create_element("testsuites").with_attribute(("name", name)));
    root.write_inner_content(|xml| {
        suites.iter().try_for_each(|(path, suite)| suite.write(&setting.in_root(path), setting, xml))
    })?;
    let mut out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

/// What is said of one document.
#[derive(Default)]
struct Suite<'a> {
    document: Option<&'a DocumentReport>,
    errors: Vec<&'a Failure>,
    findings: Vec<&'a Finding>,
}

/// The suites by the paths of the documents.
fn suites(report: &Report) -> BTreeMap<&str, Suite<'_>> {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    for document in &report.documents {
        suites.entry(&document.path).or_default().document = Some(document);
    }
    for failure in &report.errors {
        suites.entry(&failure.path).or_default().errors.push(failure);
    }
    for finding in &report.findings {
        let document = finding.roots.first().unwrap_or(&finding.location.path);
        suites.entry(document).or_default().findings.push(finding);
    }
    suites
}

/// How many cases there are, and how many of each kind that does not pass.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    fn attributes<'a, W: Write>(
        self,
        element: quick_xml::writer::ElementWriter<'a, W>,
    ) -> quick_xml::writer::ElementWriter<'a, W> {
        let Counts { tests, failures, errors, .. } = self;
        let counts = [("tests", tests), ("failures", failures), ("errors", errors)];
        counts.into_iter().fold(element, |element, (name, count)| {
            element.with_attribute((name, count.to_string().as_str()))
        })
    }
}

impl Suite<'_> {
    fn counts(&self) -> Counts {
        let fails = |finding: &&&Finding| level(finding.severity).junit == Verdict::Failure;
        let (is_skipped, is_incomplete) = (self.skipped().is_some(), self.incomplete().is_some());
        let cases = self.findings.len() + self.errors.len() + usize::from(is_incomplete || is_skipped);
        Counts {
            tests: cases.max(1),
            failures: self.findings.iter().filter(fails).count(),
            errors: self.errors.len() + usize::from(is_incomplete),
            skipped: usize::from(is_skipped),
        }
    }

    /// Why the document was not looked at.
    fn skipped(&self) -> Option<&str> {
        let document = self.document.filter(|document| document.status == DocumentStatus::Skipped)?;
        Some(document.reason.as_deref().unwrap_or("no OpenAPI document"))
    }

    /// Why the document was not checked as a whole.
    fn incomplete(&self) -> Option<String> {
        let document = self.document.filter(|document| document.status == DocumentStatus::Linted)?;
        let reason = || match document.unresolved {
            0 => "not checked as a whole".to_owned(),
            count => format!("not checked as a whole: {} could not be resolved", counted(count, "reference")),
        };
        document.incomplete.then(reason)
    }

    fn write<W: Write>(&self, path: &str, setting: &Setting<'_>, xml: &mut Writer<W>) -> io::Result<()> {
        let path = visible(path);
        let path = safe(&path);
        let counts = self.counts();
        let suite = counts.attributes(xml.create_element("testsuite").with_attribute(("name", &*path)));
        let suite = suite.with_attribute(("skipped", counts.skipped.to_string().as_str()));
        suite.write_inner_content(|xml| {
            let mut names = Names::default();
            for failure in &self.errors {
                let own = failure.location.as_ref().map(|location| setting.in_root(&location.path));
                let file = own.as_deref().map(visible).unwrap_or(path.as_ref().into());
                let name = names.unique(failure.rule.to_owned());
                let line = failure.location.as_ref();
                Case { name: &name, class: &path, file: &file, location: line }.error(failure, xml)?;
            }
            for finding in &self.findings {
                let file = setting.in_root(&finding.location.path);
                let name = names.unique(format!("{} {}", finding.rule, subject(finding)));
                let location = Some(&finding.location);
                Case { name: &name, class: &path, file: &visible(&file), location }.finding(finding, xml)?;
            }
            let case = |name| Case { name, class: &path, file: &path, location: None };
            if let Some(reason) = self.incomplete() {
                case("incomplete").outcome("error", "incomplete", &reason, "", xml)?;
            } else if let Some(reason) = self.skipped() {
                case("skipped").outcome("skipped", "skipped", reason, "", xml)?;
            } else if self.errors.is_empty() && self.findings.is_empty() {
                case("no findings").pass("", xml)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// What a finding is about: the operation, or else the value.
fn subject(finding: &Finding) -> String {
    finding.operation.as_ref().map_or_else(|| finding.location.pointer.clone(), ToString::to_string)
}

/// The names of the cases of one suite: build servers take cases with the same name for one.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn unique(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut candidates = [name.clone()].into_iter().chain(numbered);
        candidates.find(|name| self.0.insert(name.clone())).unwrap_or(name)
    }
}

/// A test.
struct Case<'a> {
    name: &'a str,
    class: &'a str,
    file: &'a str,
    location: Option<&'a Location>,
}

impl Case<'_> {
    fn error<W: Write>(&self, failure: &Failure, xml: &mut Writer<W>) -> io::Result<()> {
        let text =
            body(&failure.path, self.location, ERROR.full, failure.rule, &failure.message, &failure.help);
        self.outcome("error", failure.rule, &failure.message, &text, xml)
    }

    fn finding<W: Write>(&self, finding: &Finding, xml: &mut Writer<W>) -> io::Result<()> {
        let word = level(finding.severity).full;
        let path = &finding.location.path;
        let mut text = body(path, self.location, word, finding.rule, &finding.message, &finding.help);
        for reason in &finding.because {
            let place = place(&reason.location.path, Some(&reason.location));
            text.push_str(&format!("because: {} ({place})\n", visible(&reason.message)));
        }
        text.push_str(&format!("docs: {}\n", visible(&finding.url)));
        match level(finding.severity).junit {
            Verdict::Pass => self.pass(&text, xml),
            Verdict::Failure => self.outcome("failure", finding.rule, &finding.message, &text, xml),
            Verdict::Error => self.outcome("error", finding.rule, &finding.message, &text, xml),
        }
    }

    /// A case that does not pass.
    fn outcome<W: Write>(
        &self,
        outcome: &str,
        kind: &str,
        message: &str,
        text: &str,
        xml: &mut Writer<W>,
    ) -> io::Result<()> {
        self.write(xml, |xml| {
            let message = visible(message);
            let element = xml.create_element(outcome).with_attribute(("type", kind));
            let element = element.with_attribute(("message", &*safe(&message)));
            if text.is_empty() {
                element.write_empty()?;
            } else {
                element.write_text_content(BytesText::new(&safe(text)))?;
            }
            Ok(())
        })
    }

    fn pass<W: Write>(&self, remark: &str, xml: &mut Writer<W>) -> io::Result<()> {
        if remark.is_empty() {
            return self.write(xml, |_| Ok(()));
        }
        self.write(xml, |xml| {
            xml.create_element("system-out").write_text_content(BytesText::new(&safe(remark)))?;
            Ok(())
        })
    }

    fn write<W: Write>(
        &self,
        xml: &mut Writer<W>,
        inner: impl FnOnce(&mut Writer<W>) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = visible(self.name);
        let element = xml.create_element("testcase").with_attribute(("name", &*safe(&name)));
        let element = element.with_attribute(("classname", self.class));
        let element = element.with_attribute(("file", &*safe(self.file)));
        let line = self.location.map(|location| location.start.line.to_string());
        let element = element.with_attributes(line.as_deref().map(|line| ("line", line)));
        element.write_inner_content(inner)?;
        Ok(())
    }
}

/// A finding or an error as text.
fn body(
    path: &str,
    location: Option<&Location>,
    word: &str,
    rule: &str,
    message: &str,
    help: &str,
) -> String {
    let first = format!("{}: {word}[{rule}] {}\n", place(path, location), visible(message));
    if help.is_empty() { first } else { format!("{first}help: {}\n", visible(help)) }
}
