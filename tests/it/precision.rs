//! What the rules say about the documents of the directory: how much, how loud, and how fast.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use oasguard::lint::{DocumentStatus, Profile, Report, Severity};
use oasguard::session::Session;

use crate::support::{corpus, directory, named, plan, session_in, walked};

/// Documents with fewer operations say little about noise.
const OPERATIONS: usize = 10;
/// The human output shows so many findings of a rule in one document.
const CAP: usize = 5;

/// What a run said, as numbers.
struct Survey {
    documents: usize,
    /// Rule -> findings by severity, `info` first.
    rules: BTreeMap<&'static str, [usize; 4]>,
    /// Findings of each document with enough operations, capped: of severity low and above, and all. Sorted.
    noise: [Vec<usize>; 2],
    /// Seconds of processor time: reading, parsing, model, rules, findings.
    seconds: [f64; 5],
}

impl Survey {
    fn of(report: &Report) -> Survey {
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

    /// The share of documents with a finding, in percent.
    fn spoken(&self) -> usize {
        let with = self.noise[1].iter().filter(|&&count| count > 0).count();
        100 * with / self.noise[1].len().max(1)
    }

    /// The noise budget: at most so many findings in half of the documents, in 95 % of them, in any; of severity low
    /// and above, and of all.
    fn within(&self, budget: [[usize; 3]; 2]) {
        for (index, most) in budget.into_iter().enumerate() {
            let found = [50, 95, 100].map(|percent| self.percentile(index, percent));
            assert!(found.iter().zip(most).all(|(found, most)| *found <= most), "{found:?} is over {most:?}");
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let names = ["info", "low", "medium", "high"];
        let _ = writeln!(
            text,
            "{} documents, {} with {OPERATIONS} operations or more; {} % of these with a finding",
            self.documents,
            self.noise[0].len(),
            self.spoken()
        );
        let _ =
            writeln!(text, "{:36} {:>7} {:>7} {:>7} {:>7}", "rule", names[3], names[2], names[1], names[0]);
        for (rule, [info, low, medium, high]) in &self.rules {
            let _ = writeln!(text, "{rule:36} {high:7} {medium:7} {low:7} {info:7}");
        }
        for (index, what) in ["low and above", "with info"].iter().enumerate() {
            let [median, p95, max] = [50, 95, 100].map(|percent| self.percentile(index, percent));
            let _ = writeln!(
                text,
                "findings a document, {what}, capped at {CAP}: median {median}, 95th percentile {p95}, most {max}"
            );
        }
        let [read, parse, model, rules, findings] = self.seconds;
        let sum: f64 = self.seconds.iter().sum();
        let _ = writeln!(
            text,
            "{sum:.1} s: read {read:.1}, parse {parse:.1}, model {model:.1}, rules {rules:.1}, findings {findings:.1}"
        );
        text
    }
}

/// Lints documents with a profile and counts what is said.
fn survey(paths: &[PathBuf], profile: Profile) -> (Report, Survey) {
    let mut session = Session::new(std::path::Path::new("/"));
    session.plan = plan(profile);
    let report = session.lint(&named(paths));
    let survey = Survey::of(&report);
    (report, survey)
}

#[test]
fn the_directory_is_linted_in_full() {
    let Some(paths) = directory() else { return };
    let started = Instant::now();
    let (report, survey) = survey(&paths, Profile::Default);
    print!("{}", survey.text());
    println!("{:.1} s elapsed", started.elapsed().as_secs_f64());
    let errors: Vec<_> = report.errors.iter().take(10).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let unchecked = report.documents.iter().filter(|document| document.status != DocumentStatus::Linted);
    assert_eq!(unchecked.count(), 0);
    assert!(report.documents.iter().all(|document| !document.incomplete));
    assert!(survey.documents > 0 && survey.spoken() >= 85);
    survey.within([[5, 16, usize::MAX], [6, 18, usize::MAX]]);
}

#[test]
fn the_corpus_stays_within_the_noise_budget() {
    let Some((folder, paths)) = corpus() else { return };
    let report = session_in(&folder).lint(&walked(&paths));
    let survey = Survey::of(&report);
    print!("{}", survey.text());
    assert!(report.errors.iter().all(|error| error.rule != "internal-error"));
    assert!(survey.documents > 0 && survey.spoken() >= 85);
    survey.within([[9, 20, 20], [20, 25, 25]]);
}
