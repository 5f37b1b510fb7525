//! What a user may set on a rule: data of the rule, read through the sink.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Pattern;

/// One option of a rule. Its name, default and sentence stand in the rule's page.
#[derive(Debug)]
pub struct RuleOption {
    /// The name under `rules: {<rule>: …}`: kebab-case.
    pub name: &'static str,
    /// What it takes, and what holds without it.
    pub kind: OptionKind,
    /// What it does, in one sentence: lower case, no full stop.
    pub doc: &'static str,
}

/// What an option takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptionKind {
    /// A whole number within bounds.
    Integer {
        /// What holds if nothing is said.
        default: u64,
        /// The least number.
        least: u64,
        /// The greatest number.
        most: u64,
    },
    /// Names, compared without regard to case; none if nothing is said.
    Names,
    /// Path templates in the grammar of [`Pattern::of_template`]; none if nothing is said.
    Templates,
}

impl std::fmt::Display for OptionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionKind::Integer { default, least, most } => {
                write!(f, "a number from {least} to {most}, default {default}")
            }
            OptionKind::Names => f.write_str("names, default none"),
            OptionKind::Templates => f.write_str("path templates, default none"),
        }
    }
}

/// The value of an option.
#[derive(Clone, Debug)]
pub enum OptionValue {
    /// Of [`OptionKind::Integer`], within the bounds.
    Integer(u64),
    /// Of [`OptionKind::Names`].
    Names(Vec<String>),
    /// Of [`OptionKind::Templates`].
    Templates(Vec<Pattern>),
}

/// The options of one rule that somebody set.
#[derive(Clone, Debug, Default)]
pub struct OptionValues(Option<Arc<BTreeMap<&'static str, OptionValue>>>);

impl OptionValues {
    /// Sets an option; the value must be of its kind.
    pub fn set(&mut self, option: &'static RuleOption, value: OptionValue) {
        Arc::make_mut(self.0.get_or_insert_default()).insert(option.name, value);
    }

    fn value(&self, option: &RuleOption) -> Option<&OptionValue> {
        self.0.as_ref()?.get(option.name)
    }

    /// The number of an integer option.
    pub(super) fn integer(&self, option: &RuleOption) -> u64 {
        match (self.value(option), option.kind) {
            (Some(OptionValue::Integer(set)), _) => *set,
            (_, OptionKind::Integer { default, .. }) => default,
            _ => 0,
        }
    }

    /// Whether a list option has something.
    pub(super) fn lists(&self, option: &RuleOption, text: &str) -> bool {
        match self.value(option) {
            Some(OptionValue::Names(names)) => names.iter().any(|name| name.eq_ignore_ascii_case(text)),
            Some(OptionValue::Templates(patterns)) => patterns.iter().any(|pattern| pattern.matches(text)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static MOST: RuleOption =
        RuleOption { name: "most", kind: OptionKind::Integer { default: 7, least: 1, most: 9 }, doc: "" };
    static NAMES: RuleOption = RuleOption { name: "names", kind: OptionKind::Names, doc: "" };
    static PATHS: RuleOption = RuleOption { name: "paths", kind: OptionKind::Templates, doc: "" };

    #[test]
    fn what_nobody_set_is_the_default() {
        let values = OptionValues::default();
        assert_eq!(values.integer(&MOST), 7);
        assert!(!values.lists(&NAMES, "a") && !values.lists(&PATHS, "/a"));
    }

    #[test]
    fn what_is_set_holds_for_its_option_only() {
        let mut values = OptionValues::default();
        let before = values.clone();
        values.set(&MOST, OptionValue::Integer(3));
        values.set(&NAMES, OptionValue::Names(vec!["Token".to_owned()]));
        values.set(&PATHS, OptionValue::Templates(vec![Pattern::of_template("/a/*").expect("a glob")]));
        assert_eq!(values.integer(&MOST), 3);
        assert!(values.lists(&NAMES, "TOKEN") && !values.lists(&NAMES, "tokens"));
        assert!(values.lists(&PATHS, "/a/{id}") && !values.lists(&PATHS, "/a"));
        assert_eq!(before.integer(&MOST), 7, "a copy keeps what it had");
    }
}
