//! The generated part of `docs/configuration.md`: every setting, and the options of all rules.

use std::fmt::Write;

use super::settings::{Kind, Lock, Merge, SETTINGS, Setting};
use crate::rules;

/// The line before which, and the line after which, the page is written by hand.
const MARKS: [&str; 2] = [
    "<!-- Generated from the table of settings by `cargo xtask bless`; do not edit. -->",
    "<!-- The generated part ends here. -->",
];

/// A page with its generated part as it must be; nothing if the page has no such part.
pub fn with_reference(page: &str) -> Option<String> {
    let [start, end] = MARKS;
    let (before, rest) = page.split_once(start)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{start}\n\n{}{end}{after}", reference()))
}

fn reference() -> String {
    let mut text = String::new();
    for setting in SETTINGS {
        let Setting { name, doc, default, .. } = setting;
        let _ = write!(text, "### `{name}`\n\n{doc}\n\n- takes {}\n", setting.kind.expected());
        if !default.is_empty() {
            let _ = writeln!(text, "- default: `{default}`");
        }
        let _ = writeln!(text, "- several files: {}", merged(setting.merge));
        if let Some(locked) = locked(setting.lock) {
            let _ = writeln!(text, "- locked: {locked}");
        }
        if let Kind::Object(table) | Kind::Entries(table) = setting.kind {
            text.push_str("\n| key | takes | default | |\n| --- | --- | --- | --- |\n");
            for Setting { name, kind, default, doc, .. } in table {
                let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
                let _ = writeln!(text, "| `{name}` | {} | {default} | {doc} |", kind.expected());
            }
        }
        text.push('\n');
    }
    text.push_str("### Options of rules\n\nThey are set under `rules`, by rule or category.\n\n");
    text.push_str("| rule | option | takes | |\n| --- | --- | --- | --- |\n");
    for rule in rules::all() {
        for option in rule.options {
            let link = format!("[`{}`](../rules/{}/{}.md)", rule.id, rule.category, rule.id);
            let _ = writeln!(text, "| {link} | `{}` | {} | {} |", option.name, option.kind, option.doc);
        }
    }
    text.push('\n');
    text
}

fn merged(merge: Merge) -> &'static str {
    match merge {
        Merge::Nearest => "the nearest one's holds",
        Merge::Add => "all hold together",
        Merge::Keys => "each key for itself, the nearest one's holds",
        Merge::Own => "it is about the file in which it stands",
    }
}

fn locked(lock: Lock) -> Option<&'static str> {
    match lock {
        Lock::Never => None,
        Lock::Earlier => Some("files below cannot choose what stands before it in the list"),
        Lock::Greater => Some("files below cannot set more"),
        Lock::Any => Some("files below cannot say anything about it"),
        Lock::Drop => Some("files below cannot leave out a rule that runs"),
        Lock::Rules => Some("files below cannot lower a severity or change an option"),
    }
}
