//! The report for people: grouped by document, most severe first, each finding with the lines it is about.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufWriter, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::snippet::{Chunk, Mark, lay_out};
use super::statistics::counted;
use super::visible::path_at_start;
use super::{ERROR, level, visible};
use crate::lint::{Affected, Confidence, DocumentReport, DocumentStatus};
use crate::lint::{Failure, Finding, Label, Location, OperationName, Report, Severity};

/// How the report for people looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full {
    /// With colours.
    pub color: bool,
    /// With links (OSC 8) from the ids of rules to their pages.
    pub links: bool,
    /// Every finding, however many a rule has in a document.
    pub all: bool,
    /// With pointers, pages, all operations, and what was taken as public on purpose.
    pub verbose: bool,
    /// Columns of the terminal; lines of documents are cut to it, sentences are not.
    pub width: usize,
}

impl Default for Full {
    fn default() -> Full {
        Full { color: false, links: false, all: false, verbose: false, width: 100 }
    }
}

/// How many findings of one rule are shown in a document unless all are asked for.
const CAP: usize = 5;

/// Marks drawn in excerpts, and places listed below them, of one finding.
const MARKS: usize = 5;

/// Characters of one text of a document in a sentence: a key may have megabytes.
const LONGEST: usize = 500;

/// Operations and places named in a line.
const NAMED: usize = 5;

/// Writes the report for people.
pub fn full(report: &Report, options: &Full, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut page = Page { out: &mut out, options: *options, styles: styles(options.color) };
    for failure in &report.errors {
        page.failure(failure)?;
    }
    for group in report.findings.chunk_by(|one, next| document(one) == document(next)) {
        page.group(group)?;
    }
    for document in &report.documents {
        page.document(document)?;
    }
    page.last_line(report)?;
    out.flush()
}

/// The document under which a finding is listed.
fn document(finding: &Finding) -> &str {
    finding.roots.first().unwrap_or(&finding.location.path)
}

/// The styles of the page, in miette's slots: `error`, `warning`, `advice` and `help` are the severities from high to
/// info, `link` is for places, `linum` for the frame, `highlights` holds bold text, related marks, and faint text.
fn styles(color: bool) -> ThemeStyles {
    let plain = ThemeStyles::none();
    if !color {
        let style = plain.linum;
        return ThemeStyles { highlights: vec![style; 3], ..plain };
    }
    let style = plain.linum;
    ThemeStyles {
        error: style.red().bold(),
        warning: style.yellow().bold(),
        advice: style.cyan().bold(),
        help: style.green().bold(),
        link: style,
        linum: style.blue(),
        highlights: vec![style.bold(), style.blue().bold(), style.dimmed()],
    }
}

/// Which style a line starts with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Error,
    Of(Severity),
}

impl Grade {
    fn word(self) -> &'static str {
        match self {
            Grade::Error => ERROR.full,
            Grade::Of(severity) => level(severity).full,
        }
    }
}

/// Picks the style of a grade; a macro because the style's type has no name here.
macro_rules! style_of {
    ($styles:expr, $grade:expr) => {
        match $grade {
            Grade::Error | Grade::Of(Severity::High) => $styles.error,
            Grade::Of(Severity::Medium) => $styles.warning,
            Grade::Of(Severity::Low) => $styles.advice,
            Grade::Of(Severity::Info) => $styles.help,
        }
    };
}

/// What findings and errors have in common on the page.
struct Entry<'a> {
    grade: Grade,
    rule: &'a str,
    /// Of the rule's page.
    url: &'a str,
    message: &'a str,
    /// The file if there is no place in it.
    path: &'a str,
    location: Option<&'a Location>,
    label: &'a str,
    related: &'a [Label],
    /// Lines below the excerpts: a word and how the line goes on, safe to print.
    notes: Vec<(&'static str, String)>,
}

/// The page being written.
struct Page<'a> {
    out: &'a mut dyn Write,
    options: Full,
    styles: ThemeStyles,
}

impl Page<'_> {
    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.entry(&Entry {
            grade: Grade::Error,
            rule: failure.rule,
            url: "",
            message: &failure.message,
            path: &failure.path,
            location: failure.location.as_ref(),
            label: "",
            related: &failure.related,
            notes: note("help", &failure.help).into_iter().collect(),
        })
    }

    /// The findings of one document, each rule up to the cap.
    fn group(&mut self, findings: &[Finding]) -> io::Result<()> {
        self.heading(findings)?;
        let mut all: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            *all.entry(finding.rule).or_default() += 1;
        }
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            let shown = shown.entry(finding.rule).or_default();
            *shown += 1;
            if *shown > CAP && !self.options.all {
                continue;
            }
            self.finding(finding)?;
            let more = all[finding.rule].saturating_sub(CAP);
            if *shown == CAP && more > 0 && !self.options.all {
                let line = format!("+{more} more of `{}`, `--all` shows them", short(finding.rule));
                writeln!(self.out, "{}\n", self.styles.highlights[2].style(line))?;
            }
        }
        Ok(())
    }

    fn heading(&mut self, findings: &[Finding]) -> io::Result<()> {
        let Some(path) = findings.first().map(document) else { return Ok(()) };
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let counts = format!("({})", by_severity(of));
        writeln!(
            self.out,
            "{} {}\n",
            self.styles.highlights[0].style(short(&path_at_start(path))),
            self.styles.highlights[2].style(counts)
        )
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let mut notes = Vec::new();
        for reason in &finding.because {
            let (here, there) = (place(&finding.location), place(&reason.location));
            let there = if here == there { String::new() } else { format!(" ({there})") };
            notes.push(("because", format!(": {}{there}", short(&reason.message))));
        }
        notes.extend(self.reach(finding));
        notes.extend(note("help", &finding.help));
        notes.extend(note("see", &references(finding)));
        if finding.confidence != Confidence::High {
            notes.extend(note("confidence", finding.confidence.name()));
        }
        if self.options.verbose {
            notes.extend(note("pointer", &finding.location.pointer));
            notes.extend(note("docs", &finding.url));
        }
        self.entry(&Entry {
            grade: Grade::Of(finding.severity),
            rule: finding.rule,
            url: &finding.url,
            message: &finding.message,
            path: &finding.location.path,
            location: Some(&finding.location),
            label: &finding.label,
            related: &finding.related,
            notes,
        })
    }

    /// What the finding reaches: operations, places rolled up into it, documents.
    fn reach(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        let Finding { affected, occurrences, roots, .. } = finding;
        let mut notes = Vec::new();
        let is_own = affected.count == 1 && affected.items.first() == finding.operation.as_ref();
        if affected.count > 0 && !is_own {
            let names = self.list(affected, OperationName::to_string);
            notes.push(("affects", format!(" {}: {names}", counted(affected.count, "operation"))));
        }
        // One place an operation is told by naming the operations.
        let is_told = occurrences.count == affected.count && !self.options.verbose;
        if occurrences.count > 1 && !is_told {
            let places = self.list(occurrences, place);
            notes.push(("found", format!(" at {}: {places}", counted(occurrences.count, "place"))));
        }
        if roots.len() > 1 {
            let roots: Affected<String> = roots.iter().cloned().collect();
            let names = self.list(&roots, String::clone);
            notes.push(("reached", format!(" from {}: {names}", counted(roots.count, "document"))));
        }
        notes
    }

    /// The first names and how many follow: as many as fit the line but at least one; if verbose, one a line.
    fn list<T>(&self, all: &Affected<T>, name: impl Fn(&T) -> String) -> String {
        let names = all.items.iter().map(|item| short(&name(item)).into_owned());
        let verbose = self.options.verbose && all.count > 1;
        let named: Vec<String> = if verbose {
            names.map(|name| format!("\n- {name}")).collect()
        } else {
            let mut room = self.options.width.saturating_sub(40);
            let fits = |(at, name): &(usize, String)| {
                let before = room;
                room = room.saturating_sub(name.chars().count() + 2);
                *at == 0 || room > 0 && before > 0
            };
            names.take(NAMED).enumerate().take_while(fits).map(|(_, name)| name).collect()
        };
        let (separator, more) = if verbose { ("", "\n") } else { (", ", ", ") };
        let text = named.join(separator);
        match all.count - named.len() {
            0 => text,
            rest => format!("{text}{more}… and {rest} more"),
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        let rule = short(entry.rule);
        let rule = if self.options.links { link(&rule, entry.url) } else { rule };
        let title = format!("{}[{rule}]", entry.grade.word());
        let title = style_of!(self.styles, entry.grade).style(title);
        writeln!(self.out, "{title}: {}", self.styles.highlights[0].style(short(entry.message)))?;

        let Some(location) = entry.location else {
            writeln!(self.out, "  {} {}", self.styles.linum.style("-->"), short(entry.path))?;
            return self.notes(1, &entry.notes);
        };
        let (near, far): (Vec<&Label>, Vec<&Label>) =
            entry.related.iter().partition(|label| label.location.path == location.path);
        let mut marks = vec![Mark { location, text: entry.label }];
        marks.extend(near.iter().map(|label| Mark { location: &label.location, text: &label.message }));
        let drawn = marks.len().min(MARKS);
        let layout = lay_out(&marks[..drawn], self.options.width.clamp(40, 400));
        if layout.left.contains(&0) {
            let label = if entry.label.is_empty() { "" } else { ": " };
            let text = format!("{}{label}{}", place(location), short(entry.label));
            writeln!(self.out, "{}{} {text}", " ".repeat(layout.digits + 1), self.styles.linum.style("-->"))?;
        }
        for chunk in &layout.chunks {
            self.chunk(chunk, &marks, layout.digits, entry.grade)?;
        }
        let left = layout.left.into_iter().filter(|number| *number > 0).chain(drawn..marks.len());
        let mut places: Vec<_> = left.map(|number| (marks[number].location, marks[number].text)).collect();
        places.extend(far.iter().map(|label| (&label.location, label.message.as_str())));
        let more = places.len().saturating_sub(MARKS);
        let mut notes: Vec<_> = places
            .into_iter()
            .take(MARKS)
            .map(|(location, text)| ("note", format!(": {}: {}", place(location), short(text))))
            .collect();
        if more > 0 {
            notes.push(("note", format!(": … and {}", counted(more, "more place"))));
        }
        notes.extend(entry.notes.iter().cloned());
        self.notes(layout.digits, &notes)
    }

    /// Lets miette draw some lines and the marks in them.
    fn chunk(&mut self, chunk: &Chunk, marks: &[Mark<'_>], digits: usize, grade: Grade) -> io::Result<()> {
        let mut order: Vec<_> = chunk.marks.iter().collect();
        order.sort_by_key(|(_, range)| range.start);
        let style = style_of!(self.styles, grade);
        let highlights =
            order.iter().map(|(number, _)| if *number == 0 { style } else { self.styles.highlights[1] });
        let styles = ThemeStyles { highlights: highlights.collect(), ..self.styles.clone() };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme {
            characters: ThemeCharacters::unicode(),
            styles,
        })
        .with_wrap_lines(false)
        .with_links(false);
        let mut drawn = String::new();
        handler.render_report(&mut drawn, &Drawing { chunk, marks }).map_err(io::Error::other)?;
        // The boxes of a finding line up, whatever the length of their line numbers. The first line would hold the
        // message, which stands in our own header.
        let indent = " ".repeat(digits - chunk.last.to_string().len());
        for line in drawn.lines().skip(1) {
            writeln!(self.out, "{indent}{}", line.trim_end())?;
        }
        Ok(())
    }

    fn notes(&mut self, digits: usize, notes: &[(&'static str, String)]) -> io::Result<()> {
        let indent = " ".repeat(digits + 2);
        for (word, text) in notes {
            let word = self.styles.highlights[0].style(word);
            let mut lines = text.split('\n');
            let first = lines.next().unwrap_or_default().trim_end();
            writeln!(self.out, "{indent}{} {word}{first}", self.styles.linum.style("="))?;
            for line in lines {
                writeln!(self.out, "{indent}    {line}")?;
            }
        }
        writeln!(self.out)
    }

    /// What there is to say about a document besides its findings.
    fn document(&mut self, document: &DocumentReport) -> io::Result<()> {
        if document.status != DocumentStatus::Linted {
            return Ok(());
        }
        let path = short(&document.path);
        if document.incomplete {
            let word = self.styles.warning.style("incomplete");
            writeln!(
                self.out,
                "{word}: parts of {path} could not be resolved, so it may have more problems\n"
            )?;
        }
        let public = &document.public;
        if !self.options.verbose || public.count == 0 {
            return Ok(());
        }
        let title = self.styles.highlights[0].style("public on purpose");
        writeln!(self.out, "{title}: {} of {path}", counted(public.count, "operation"))?;
        for (operation, reason) in &public.operations {
            // The dash keeps a method of a document's own making from starting the line.
            writeln!(self.out, "  - {}: {}", short(&operation.to_string()), short(reason))?;
        }
        match public.count.saturating_sub(public.operations.len()) {
            0 => writeln!(self.out),
            more => writeln!(self.out, "  … and {more} more\n"),
        }
    }

    /// What was found in all, or that nothing was and how much was looked at.
    fn last_line(&mut self, report: &Report) -> io::Result<()> {
        let summary = &report.summary;
        let mut parts = Vec::new();
        if !report.errors.is_empty() {
            parts.push(counted(report.errors.len(), "error"));
        }
        let found: usize = summary.findings.iter().sum();
        let checked = format!(
            "{} on {} in {}",
            counted(report.statistics.rules.len(), "rule"),
            counted(report.statistics.operations, "operation"),
            counted(summary.linted, "document"),
        );
        match found {
            0 if summary.linted == 0 => parts.push("no documents checked".to_owned()),
            0 => parts.push(format!("no findings: checked {checked}")),
            _ => parts.push(format!(
                "{}: {}",
                counted(found, "finding"),
                by_severity(|severity| summary.of(severity))
            )),
        }
        let mut line = parts.join(", ");
        let silent: Vec<_> = [("suppressed", summary.suppressed), ("known", summary.baselined.count())]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        if !silent.is_empty() {
            line = format!("{line} ({})", silent.join(", "));
        }
        writeln!(self.out, "{line}")
    }
}

/// `1 high, 2 low`.
fn by_severity(count: impl Fn(Severity) -> usize) -> String {
    let counts = Severity::ALL.iter().rev().map(|severity| (level(*severity).full, count(*severity)));
    let counts: Vec<_> = counts.filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    counts.join(", ")
}

/// Text as a link (<https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>), or as it is if there is no
/// address that could be one.
fn link<'t>(text: &Cow<'t, str>, url: &str) -> Cow<'t, str> {
    let is_address = !url.is_empty() && url.chars().all(|character| character.is_ascii_graphic());
    if !is_address {
        return text.clone();
    }
    format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\").into()
}

/// A line below the excerpts, unless there is nothing to say.
fn note(word: &'static str, text: &str) -> Option<(&'static str, String)> {
    (!text.is_empty()).then(|| (word, format!(": {}", short(text))))
}

/// Text from a document, safe to print and not longer than a sentence can bear.
fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => visible(text),
        Some((end, _)) => format!("{}…", visible(&text[..end])).into(),
    }
}

fn references(finding: &Finding) -> String {
    let owasp = finding.owasp.iter().map(|category| format!("OWASP {category}"));
    owasp.chain(finding.cwe.iter().map(|number| format!("CWE-{number}"))).collect::<Vec<_>>().join(", ")
}

/// `path:line:column`.
fn place(location: &Location) -> String {
    format!("{}:{}:{}", short(&location.path), location.start.line, location.start.column)
}

/// Lines with marks as miette wants them. It has no message: that line is ours.
#[derive(Debug)]
struct Drawing<'a> {
    chunk: &'a Chunk,
    marks: &'a [Mark<'a>],
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.chunk.marks.iter().map(|(number, range)| {
            let text = self.marks[*number].text;
            let text = (!text.is_empty()).then(|| short(text).into_owned());
            match number {
                0 => LabeledSpan::new_primary_with_span(text, range.clone()),
                _ => LabeledSpan::new_with_span(text, range.clone()),
            }
        })))
    }
}

impl SourceCode for Drawing<'_> {
    /// Always all lines: they are few and chosen. The line and column are the file's; miette asks for those of a mark
    /// by wanting no context around it.
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let Chunk { text, first, last, marks } = self.chunk;
        let mut mark = marks.iter().filter(|(_, range)| range.start == span.offset());
        let start = match mark.next() {
            Some((number, _)) if before == 0 => self.marks[*number].location.start,
            _ => crate::source::LineColumn { line: *first, column: 1 },
        };
        let name = self.marks.first().map_or(String::new(), |mark| short(&mark.location.path).into_owned());
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            text.as_bytes(),
            (0..text.len()).into(),
            start.line.saturating_sub(1) as usize,
            start.column.saturating_sub(1) as usize,
            (last - first) as usize + 1,
        )))
    }
}
