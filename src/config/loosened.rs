//! What a change of settings takes away from what is reported.

use super::settings::{self, Kind, SETTINGS};
use super::show::Row;
use crate::lint::Severity;
use crate::rules;

/// What the settings of today let pass that those of before did not: each as "key: value", with the row that says it, or
/// the former row of what is no longer said. Both are what holds for one document.
pub fn loosened<'r>(before: &'r [Row], now: &'r [Row]) -> Vec<(String, &'r Row)> {
    let mut found = Vec::new();
    for row in now.iter().filter(|row| !has(before, row)) {
        let was = before.iter().find(|other| other.key == row.key).map(|other| other.value.as_str());
        if adds(row) || is_changed_for_the_worse(row, was) {
            found.push((format!("{}: {}", row.key, row.value), row));
        }
    }
    for row in before.iter().filter(|row| !has(now, row)) {
        let is = now.iter().find(|other| other.key == row.key).map(|other| other.value.as_str());
        // The default of a list is not to have it.
        if takes_away(row) && is.is_none_or(|is| is.is_empty() || is != row.value) && !row.value.is_empty() {
            found.push((format!("{}: no longer {}", row.key, row.value), row));
        }
    }
    found
}

fn has(rows: &[Row], row: &Row) -> bool {
    rows.iter().any(|other| (&other.key, &other.value) == (&row.key, &row.value))
}

/// Whether each item of a key keeps something out of reports.
fn adds(row: &Row) -> bool {
    const SILENCING: &[&str] =
        &["ignore", "exclude", "overrides", "public", "suppressions", "select", "documents"];
    !row.value.is_empty() && SILENCING.contains(&row.key.as_str())
}

/// Whether each item of a key brings something into reports.
fn takes_away(row: &Row) -> bool {
    ["extend-select", "select", "locked", "documents"].contains(&row.key.as_str())
        || row.key.starts_with("rules.")
}

/// Whether a single value lets more pass than the one before.
fn is_changed_for_the_worse(row: &Row, was: Option<&str>) -> bool {
    match row.key.as_str() {
        key @ ("profile" | "fail-on") => is_earlier(key, &row.value, was),
        key => key.strip_prefix("rules.").is_some_and(|option| is_lower(option, &row.value, was)),
    }
}

/// Whether a choice comes before another; the settings list choices from the laxest to the strictest.
fn is_earlier(key: &str, value: &str, was: Option<&str>) -> bool {
    let Some(setting) = settings::find(SETTINGS, key) else { return true };
    let Kind::Choice(choices) = setting.kind else { return true };
    let rank = |word: &str| choices.iter().position(|choice| *choice == word);
    rank(value) < rank(was.unwrap_or(setting.default))
}

/// Whether a severity was lowered; of other options whether they were changed.
fn is_lower(option: &str, value: &str, was: Option<&str>) -> bool {
    let Some(name) = option.strip_suffix(".severity") else { return true };
    let Ok(severity) = value.parse::<Severity>() else { return true };
    let of_rules = rules::by_id(name).unwrap_or_default();
    let before = was.and_then(|was| was.parse().ok());
    let before = before.or_else(|| of_rules.iter().map(|rule| rule.severity).max());
    before.is_none_or(|before| severity < before)
}
