//! Which rules run: a profile, what is selected, what is ignored.

use crate::lint::{Planned, Profile, Rule};
use crate::rules::{self, Unknown};

/// The rules of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    rules: Vec<Planned>,
}

/// What the user said about rules; names are rule ids or categories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The profile.
    pub profile: Profile,
    /// Replaces the profile's rules.
    pub select: Vec<String>,
    /// Adds to the profile's rules.
    pub extend_select: Vec<String>,
    /// Subtracts, last.
    pub ignore: Vec<String>,
}

impl Default for Plan {
    fn default() -> Self {
        Plan::new(&Selection::default()).expect("the default selection names no rule")
    }
}

impl Plan {
    /// Applies a selection to all rules. Every unknown name is an error.
    pub fn new(selection: &Selection) -> Result<Plan, Vec<Unknown>> {
        let mut unknown = Vec::new();
        let mut named = |names: &[String]| -> Vec<&'static str> {
            let found = names.iter().map(|name| rules::by_id(name));
            let found = found.filter_map(|found| found.map_err(|error| unknown.push(error)).ok());
            found.flatten().map(|rule| rule.id).collect()
        };
        let select = named(&selection.select);
        let extend = named(&selection.extend_select);
        let ignore = named(&selection.ignore);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let plan = |rule| planned(rule, selection.profile, &select, &extend, &ignore);
        Ok(Plan::of(rules::all().into_iter().filter_map(plan).collect()))
    }

    /// These rules, in the order of all rules.
    pub(super) fn of(rules: Vec<Planned>) -> Plan {
        Plan { rules }
    }

    /// The rules that run, in the order of all rules.
    pub fn rules(&self) -> &[Planned] {
        &self.rules
    }
}

/// A rule as a profile and three lists of ids want it; nothing if it does not run.
pub(super) fn planned(
    rule: &'static Rule,
    profile: Profile,
    select: &[&str],
    extend: &[&str],
    ignore: &[&str],
) -> Option<Planned> {
    let is_named = select.contains(&rule.id) || extend.contains(&rule.id);
    let in_profile = select.is_empty() && rule.profile <= profile;
    // A rule that was asked for by name says all it knows.
    let profile = if is_named { Profile::Auditor } else { profile };
    ((is_named || in_profile) && !ignore.contains(&rule.id)).then(|| Planned::new(rule, profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(selection: Selection) -> Vec<&'static str> {
        Plan::new(&selection).unwrap().rules().iter().map(|planned| planned.rule.id).collect()
    }

    #[test]
    fn select_replaces_extend_adds_ignore_subtracts_last() {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let select = names(&["duplicate-key", "transport"]);
        let ignore = names(&["cleartext-server"]);
        let chosen = ids(Selection { select, ignore, ..Selection::default() });
        let transport = rules::by_id("transport").unwrap().into_iter().map(|rule| rule.id);
        let mut expected: Vec<_> = transport.filter(|id| *id != "cleartext-server").collect();
        expected.push("duplicate-key");
        assert_eq!(chosen, expected);
        let all = ids(Selection::default());
        let without = ids(Selection { ignore: names(&["document"]), ..Selection::default() });
        assert_eq!(all.len() - without.len(), rules::by_id("document").unwrap().len());
    }

    #[test]
    fn every_unknown_name_is_reported() {
        let select = vec!["nope".to_owned(), "duplicate-kye".to_owned()];
        let unknown = Plan::new(&Selection { select, ..Selection::default() }).unwrap_err();
        assert_eq!(unknown.len(), 2);
        assert_eq!(unknown[1].suggestion, Some("duplicate-key"));
    }
}
