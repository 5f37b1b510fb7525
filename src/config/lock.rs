//! What a file above has locked, a file below cannot loosen.

use std::sync::Arc;

use super::effective::{Effective, ids};
use super::layer::{Chosen, Layer, Listed, Origin, Statement, Value};
use super::read::failure;
use super::settings::{self, Kind, Lock, SETTINGS};
use crate::lint::{Claim, Failure, Label, Planned, Rule};
use crate::rules;

/// The category whose rules find nothing wrong with operations that are public on purpose.
const JUDGES_OF_PUBLIC: &str = "authentication";

/// What locks demand of the layers, given the outermost first: every loosening is an error.
pub(super) fn failures(layers: &[Arc<Layer>]) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut locks: Vec<Locked> = Vec::new();
    let mut state = Effective::default();
    for layer in layers {
        let before = state.clone();
        layer.statements.iter().for_each(|statement| state.apply(statement));
        for lock in &locks {
            let mut check = Check { lock, layer, failures: &mut failures };
            check.statements(&layer.statements, &before, &state);
            for change in &layer.overrides {
                let mut changed = state.clone();
                change.statements.iter().for_each(|statement| changed.apply(statement));
                check.statements(&change.statements, &state, &changed);
                check.entry("overrides", &change.entry.origin);
            }
            layer.chosen.iter().for_each(|chosen| check.chosen(chosen));
        }
        let own = layer.statements.iter().find(|statement| statement.key == "locked");
        if let Some(Statement { value: Value::List(listed), .. }) = own {
            locks.extend(listed.iter().map(|item| Locked::new(item, &layer.display, &state)));
        }
    }
    failures
}

/// The rules that any of the layers has locked.
pub(super) fn rules_locked_by(layers: &[Arc<Layer>]) -> Vec<&'static str> {
    let statements = layers.iter().flat_map(|layer| &layer.statements);
    let lists = statements.filter(|statement| statement.key == "locked");
    let mut locked: Vec<&'static str> = lists
        .flat_map(|statement| match &statement.value {
            Value::List(listed) => ids(listed),
            _ => Vec::new(),
        })
        .collect();
    locked.sort_unstable();
    locked.dedup();
    locked
}

/// One item of `locked`, and what held when it was said.
struct Locked {
    name: String,
    /// The rules, if it is no key.
    rules: Vec<&'static Rule>,
    origin: Origin,
    /// The file that says so.
    by: String,
    floor: Effective,
    /// The rules that must go on running, as they were planned.
    plan: Vec<Planned>,
}

impl Locked {
    fn new(item: &Listed, by: &str, state: &Effective) -> Locked {
        let is_key = settings::find(SETTINGS, &item.text).is_some();
        let rules = if is_key { Vec::new() } else { rules::by_id(&item.text).unwrap_or_default() };
        let is_meant =
            |planned: &&Planned| item.text == "select" || rules.iter().any(|rule| rule.id == planned.rule.id);
        let plan = state.plan().rules().iter().filter(is_meant).cloned().collect();
        let (name, origin) = (item.text.clone(), item.origin.clone());
        Locked { name, rules, origin, by: by.to_owned(), floor: state.clone(), plan }
    }

    fn has_rule(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id)
    }
}

/// One layer under one lock.
struct Check<'c> {
    lock: &'c Locked,
    layer: &'c Layer,
    failures: &'c mut Vec<Failure>,
}

impl Check<'_> {
    fn statements(&mut self, statements: &[Statement], before: &Effective, after: &Effective) {
        for statement in statements {
            self.key(statement);
            self.rule(statement);
        }
        self.plan(statements, before, after);
    }

    /// A statement about a locked key.
    fn key(&mut self, statement: &Statement) {
        let name = self.lock.name.as_str();
        if statement.key != name && statement.key.strip_prefix(name).is_none_or(|rest| !rest.starts_with('.'))
        {
            return;
        }
        let lock = settings::find(SETTINGS, name).map_or(Lock::Never, |setting| setting.lock);
        let is_looser = match (lock, &statement.value, statement.setting.kind) {
            (Lock::Any, Value::List(listed), _) => !listed.is_empty(),
            (Lock::Any, ..) => true,
            (Lock::Earlier, Value::Text(word), Kind::Choice(choices)) => {
                let rank = |word: &str| choices.iter().position(|choice| *choice == word);
                let floor = self.lock.floor.text(name).unwrap_or(statement.setting.default);
                rank(word) < rank(floor)
            }
            (Lock::Greater, Value::Integer(number), _) => {
                let default = || settings::bytes(statement.setting.default).unwrap_or(0);
                *number > self.lock.floor.integer(&statement.key).unwrap_or_else(default)
            }
            (Lock::Rules, ..) => self.is_rule_loosened(statement),
            _ => false,
        };
        if is_looser {
            self.fail(&statement.origin, format!("`{}` loosens what is locked", statement.key));
        }
    }

    /// A statement about a locked rule.
    fn rule(&mut self, statement: &Statement) {
        match (statement.key.as_str(), &statement.value) {
            ("ignore", Value::List(listed)) => {
                for item in listed {
                    let named = ids(std::slice::from_ref(item));
                    if named.iter().any(|id| self.lock.has_rule(id)) {
                        self.fail(&item.origin, format!("`ignore` names `{}`, which is locked", item.text));
                    }
                }
            }
            (key, _) => {
                let id = key.strip_prefix("rules.").and_then(|rest| rest.split('.').next());
                if id.is_some_and(|id| self.lock.has_rule(id)) && self.is_rule_loosened(statement) {
                    self.fail(&statement.origin, format!("`{key}` loosens a rule that is locked"));
                }
            }
        }
    }

    /// Whether a severity becomes lower, or an option is changed, of which nobody knows which way is looser.
    fn is_rule_loosened(&self, statement: &Statement) -> bool {
        let mut parts = statement.key.splitn(3, '.').skip(1);
        let (Some(id), Some(name)) = (parts.next(), parts.next()) else { return false };
        let floor = &self.lock.floor;
        if name != "severity" {
            let texts = |value: &Value| match value {
                Value::List(listed) => listed.iter().map(|item| item.text.clone()).collect(),
                Value::Integer(number) => vec![number.to_string()],
                Value::Text(text) => vec![text.clone()],
                Value::Boolean(set) => vec![set.to_string()],
            };
            let known = floor.statements.get(&statement.key).map(|known| texts(&known.value));
            return known != Some(texts(&statement.value));
        }
        let Value::Text(word) = &statement.value else { return false };
        let rank = |word: &str| settings::SEVERITIES.iter().position(|severity| *severity == word);
        let highest = || rules::by_id(id).ok()?.first().map(|rule| rule.severity);
        let least = floor.severity(id).or_else(highest).map(|severity| severity.name());
        rank(word) < least.and_then(rank)
    }

    /// Locked rules that run no more, or show less, because of `select` or `profile`.
    fn plan(&mut self, statements: &[Statement], before: &Effective, after: &Effective) {
        let key = ["select", "profile"].into_iter();
        let culprits: Vec<_> =
            key.filter_map(|key| statements.iter().find(|statement| statement.key == key)).collect();
        if culprits.is_empty() || self.lock.plan.is_empty() {
            return;
        }
        // What is ignored is said to be so; here it must not hide what else drops the rule.
        let running = |effective: &Effective| {
            let mut effective = effective.clone();
            effective.statements.remove("ignore");
            effective.plan()
        };
        let (before, after) = (running(before), running(after));
        let runs = |plan: &super::Plan, wanted: &Planned| {
            let found = plan.rules().iter().find(|planned| planned.rule.id == wanted.rule.id);
            found.is_some_and(|planned| planned.profile >= wanted.profile)
        };
        let lost: Vec<_> =
            self.lock.plan.iter().filter(|rule| runs(&before, rule) && !runs(&after, rule)).collect();
        if let (Some(first), Some(culprit)) = (lost.first(), culprits.first()) {
            let more = if lost.len() > 1 { format!(" and {} more", lost.len() - 1) } else { String::new() };
            let message = format!("`{}` restricts `{}`{more}, which is locked", culprit.key, first.rule.id);
            self.fail(&culprit.origin, message);
        }
    }

    fn entry(&mut self, key: &str, origin: &Origin) {
        if self.lock.name == key {
            self.fail(origin, format!("`{key}` is locked"));
        }
    }

    fn chosen(&mut self, chosen: &Chosen) {
        self.entry(chosen.entry.key, &chosen.entry.origin);
        if chosen.selected.directive.what == Claim::Public {
            if self.lock.rules.iter().any(|rule| rule.category == JUDGES_OF_PUBLIC) {
                let message = format!(
                    "`public` silences rules about authentication, and `{}` is locked",
                    self.lock.name
                );
                self.fail(&chosen.entry.origin, message);
            }
            return;
        }
        for (item, named) in &chosen.rules {
            if named.iter().any(|id| self.lock.has_rule(id)) {
                self.fail(&item.origin, format!("a suppression names `{}`, which is locked", item.text));
            }
        }
    }

    fn fail(&mut self, origin: &Origin, message: String) {
        let help = format!("remove it, or have it allowed in `{}`", self.lock.by);
        let mut found = failure(&self.layer.display, message, help, origin.location().cloned());
        let label = |location: &crate::lint::Location| Label {
            message: format!("`{}` is locked here", self.lock.name),
            location: location.clone(),
        };
        found.related = self.lock.origin.location().map(label).into_iter().collect();
        self.failures.push(found);
    }
}

/// A configured suppression without what is locked above it. One that names only fingerprints may mean any rule but those.
pub(super) fn without(chosen: &Chosen, locked: &[&'static str]) -> crate::lint::Selected {
    let mut selected = chosen.selected.clone();
    if let Claim::Ignore(ids) = &mut selected.directive.what
        && chosen.rules.is_empty()
    {
        ids.retain(|id| !locked.contains(id));
    }
    selected
}
