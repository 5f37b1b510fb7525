//! `oasguard rules` and `oasguard explain`: what is checked, and why.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Explain, Rules, TextOrJson};
use super::output::{is_colored, to_stdout};
use super::{Exit, Refusal};
use crate::lint::{OptionKind, Rule, RuleOption};

/// Prints all rules.
pub(super) fn list(options: &Rules) -> Result<Exit, Refusal> {
    let rules = crate::rules::all();
    to_stdout(|out| match options.output_format {
        TextOrJson::Text => text(&rules, out),
        TextOrJson::Json => crate::report::pretty(&List::of(&rules), out),
    })?;
    Ok(Exit::Clean)
}

/// Prints a page.
pub(super) fn explain(options: &Explain) -> Result<Exit, Refusal> {
    let text = options.subject.terminal(is_colored(options.color, false));
    to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn text(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for group in rules.chunk_by(|one, next| one.category == next.category) {
        if let Some(first) = group.first() {
            writeln!(out, "{}", first.category)?;
        }
        for rule in group {
            let Rule { id, severity, confidence, profile, .. } = rule;
            writeln!(out, "  {id:<width$}  {severity:<6}  {confidence:<6}  {profile:<8}  {}", rule.summary)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "columns: rule, highest severity, highest confidence, earliest profile, summary")?;
    writeln!(out, "`oasguard explain RULE` shows a rule's page")
}

/// The list for programs, described by `schemas/rules-v1.schema.json`. Frozen: fields may be added, none is removed or changes its meaning within a version.
#[derive(Serialize)]
struct List {
    version: u32,
    rules: Vec<Listed>,
    errors: Vec<ListedError>,
}

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    severity: &'static str,
    confidence: &'static str,
    profile: &'static str,
    category: &'static str,
    summary: &'static str,
    owasp: &'static [&'static str],
    cwe: &'static [u16],
    since: &'static str,
    options: Vec<ListedOption>,
}

#[derive(Serialize)]
struct ListedOption {
    name: &'static str,
    #[serde(flatten)]
    takes: Takes,
    summary: &'static str,
}

/// What an option takes, and what holds if nothing is said.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Takes {
    Integer { default: u64, least: u64, most: u64 },
    Names { default: [&'static str; 0] },
    Templates { default: [&'static str; 0] },
}

#[derive(Serialize)]
struct ListedError {
    id: &'static str,
    summary: &'static str,
}

impl List {
    fn of(rules: &[&'static Rule]) -> List {
        let listed = rules.iter().map(|rule| Listed {
            id: rule.id,
            severity: rule.severity.name(),
            confidence: rule.confidence.name(),
            profile: rule.profile.name(),
            category: rule.category,
            summary: rule.summary,
            owasp: rule.owasp,
            cwe: rule.cwe,
            since: rule.since,
            options: rule.options.iter().map(|option| ListedOption::of(option)).collect(),
        });
        let errors = crate::rules::errors().iter();
        let errors = errors.map(|error| ListedError { id: error.id, summary: error.summary });
        List { version: 1, rules: listed.collect(), errors: errors.collect() }
    }
}

impl ListedOption {
    fn of(option: &RuleOption) -> ListedOption {
        let takes = match option.kind {
            OptionKind::Integer { default, least, most } => Takes::Integer { default, least, most },
            OptionKind::Names => Takes::Names { default: [] },
            OptionKind::Templates => Takes::Templates { default: [] },
        };
        ListedOption { name: option.name, takes, summary: option.doc }
    }
}
