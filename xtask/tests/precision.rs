//! What the rules say about real documents: how loud they are, and whether somebody has read it.
//!
//! The public set is used where `TEST_OASGUARD_DIRECTORY` names it or `cargo xtask corpus` has fetched it; a second set, of
//! documents as people write them, where `TEST_OASGUARD_CORPUS` or `../shared/corpus` is.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use oasguard::lint::{DocumentStatus, Profile, Report};
use xtask::corpus::{self, Survey};
use xtask::evidence::{self, Verdicts};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What oasguard says about the public set in the default profile.
fn public_set() -> Option<&'static Report> {
    static REPORT: OnceLock<Option<Report>> = OnceLock::new();
    let lint =
        || Some(corpus::lint(&corpus::directory(&project())?, Profile::Default).expect("a readable folder"));
    let report = REPORT.get_or_init(lint);
    if report.is_none() {
        println!("skipped: the public set is not there");
    }
    report.as_ref()
}

#[test]
fn the_public_set_stays_within_the_noise_budget() {
    let Some(report) = public_set() else { return };
    let survey = Survey::of(report);
    print!("{survey}");
    let errors: Vec<_> = report.errors.iter().take(10).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let unchecked = report.documents.iter().filter(|document| document.status != DocumentStatus::Linted);
    assert_eq!(unchecked.count(), 0);
    assert!(report.documents.iter().all(|document| !document.incomplete));
    assert!(survey.documents > 0 && survey.spoken() >= 85);
    assert_eq!(survey.over([[5, 16, usize::MAX], [6, 18, usize::MAX]]), None);
}

#[test]
fn the_corpus_stays_within_the_noise_budget() {
    let named = std::env::var_os("TEST_OASGUARD_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| project().join("../shared/corpus"));
    if !folder.is_dir() {
        println!("skipped: there is no corpus");
        return;
    }
    let report = corpus::lint(&folder, Profile::Default).expect("a readable folder");
    let survey = Survey::of(&report);
    print!("{survey}");
    assert!(report.errors.iter().all(|error| error.rule != "internal-error"));
    assert!(survey.documents > 0 && survey.spoken() >= 85);
    assert_eq!(survey.over([[9, 20, 20], [20, 25, 25]]), None);
}

#[test]
fn every_finding_of_a_sample_was_read() {
    for rule in evidence::measured() {
        let rows = evidence::read(&project(), rule).expect("a readable file");
        for row in &rows {
            let (document, pointer) = (&row.document, &row.pointer);
            let is_verdict = ["true", "false", "arguable"].contains(&row.verdict.as_str());
            assert!(is_verdict && !row.reason.is_empty(), "{}: {document} {pointer} has no verdict", rule.id);
        }
        let verdicts = Verdicts::of(&rows);
        assert!(
            rows.is_empty() || verdicts.are_good_enough(),
            "{} is right in {} % of its sample: it is too loud for the default profile",
            rule.id,
            verdicts.precision()
        );
    }
    let written = std::fs::read_to_string(project().join("docs/precision.md")).expect("docs/precision.md");
    let expected = evidence::document(&project()).expect("readable evidence");
    assert!(written == expected, "docs/precision.md is not what the verdicts say: run `cargo xtask bless`");
}

#[test]
fn the_samples_are_what_the_rules_say_today() {
    let Some(report) = public_set() else { return };
    let recorded = evidence::recorded_hits(&project()).expect("readable evidence");
    for rule in evidence::measured() {
        let hits = evidence::hits(report, rule);
        assert_eq!(recorded.get(rule.id), Some(&hits), "{}: run `cargo xtask corpus --sample`", rule.id);
        let rows = evidence::read(&project(), rule).expect("readable evidence");
        let read: Vec<_> = rows.into_iter().map(|row| (row.document, row.pointer)).collect();
        let drawn = evidence::sample(report, rule);
        if drawn.is_empty() {
            let elsewhere = read.iter().all(|(document, _)| evidence::is_elsewhere(document));
            assert!(elsewhere, "{} no longer says what its evidence holds", rule.id);
        } else {
            assert!(
                read == drawn,
                "the sample of {} has changed: run `cargo xtask corpus --sample`",
                rule.id
            );
        }
    }
}
