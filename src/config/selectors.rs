//! The entries that select documents and operations: overrides, public operations, suppressions.

use super::layer::{Chosen, Listed, Override, Statement};
use super::read::Reading;
use super::settings::{Item, Kind, Setting};
use crate::lint::{Claim, Directive, Pattern, Selected, Selector, Spelling};
use crate::rules;
use crate::syntax::{Node, Place};

/// The keys of an override that holds for some operations only.
const OF_OPERATIONS: &[&str] = &["ignore", "rules"];

/// What an entry says, by key.
#[derive(Default)]
struct Said<'a> {
    selector: Selector,
    statements: Vec<(Statement, Node<'a>)>,
    reason: Option<String>,
    until: Option<String>,
    rules: Option<Vec<Listed>>,
}

impl<'a> Reading<'a> {
    /// Reads a list of entries.
    pub(super) fn entries(&mut self, setting: &'static Setting, table: &'static [Setting], node: Node<'a>) {
        if !node.is_array() {
            let message = format!("`{}` must be {}", setting.name, setting.kind.expected());
            return self.fail(Place::value(node), message, "write `- key: value` for each");
        }
        for item in node.items() {
            if !self.spend(item) {
                return;
            }
            let before = self.layer.failures.len();
            let said = self.said(setting.name, table, item);
            // What is wrong in itself is not asked whether it makes sense.
            if self.layer.failures.len() > before {
                continue;
            }
            match setting.name {
                "overrides" => self.override_(setting.name, said, item),
                "public" => self.public(setting.name, said, item),
                _ => self.suppression(setting.name, said, item),
            }
        }
    }

    fn said(&mut self, name: &str, table: &'static [Setting], node: Node<'a>) -> Said<'a> {
        let mut said = Said::default();
        said.selector.folder = self.folder.to_path_buf();
        let is_suppression = name == "suppressions";
        for (setting, value) in self.object(table, node, &format!("an entry of `{name}`")) {
            match (setting.name, setting.kind) {
                ("rules", Kind::List(item)) if is_suppression => {
                    said.rules = Some(self.list(setting.name, item, value));
                }
                ("rules", _) => {
                    let statements = self.rules(setting, value);
                    said.statements.extend(statements.into_iter().map(|statement| (statement, value)));
                }
                ("reason", _) => said.reason = self.text(setting, value),
                ("until", _) => said.until = self.text(setting, value),
                (key, Kind::List(item)) if item != Item::Rule => {
                    let listed = self.list(key, item, value);
                    if listed.is_empty() && value.is_array() && value.items().next().is_none() {
                        let message = format!("`{key}` is empty, so it would select everything");
                        self.fail(Place::key(value), message, "remove the key, or list something");
                    }
                    select(&mut said.selector, key, listed);
                }
                _ => {
                    let statement = self.statement(setting, setting.name.to_owned(), value);
                    said.statements.extend(statement.map(|statement| (statement, value)));
                }
            }
        }
        said
    }

    fn text(&mut self, setting: &'static Setting, node: Node<'a>) -> Option<String> {
        match self.statement(setting, String::new(), node)?.value {
            super::layer::Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn override_(&mut self, key: &'static str, said: Said<'a>, node: Node<'a>) {
        let place = first(node);
        if said.selector.files.is_empty() && !said.selector.is_about_operations() {
            let help = "add `files`, `paths`, `methods`, `tags` or `operation-ids`";
            return self.fail(place, "the override does not say what it is about", help);
        }
        if said.statements.is_empty() {
            let help = "add `ignore`, `rules` or another setting";
            return self.fail(place, "the override sets nothing", help);
        }
        if said.selector.is_about_operations() {
            for (statement, node) in &said.statements {
                let name = statement.setting.name;
                if !OF_OPERATIONS.contains(&name) || name == "rules" && !statement.key.ends_with(".severity")
                {
                    let what =
                        if name == "rules" { "an option of a rule".to_owned() } else { format!("`{name}`") };
                    let message = format!("{what} cannot be set for some operations only");
                    self.fail(Place::key(*node), message, "select documents by `files` alone");
                }
            }
        }
        let entry = self.entry(key, node);
        let statements = said.statements.into_iter().map(|(statement, _)| statement).collect();
        self.layer.overrides.push(Override { selector: said.selector, statements, entry });
    }

    fn public(&mut self, key: &'static str, said: Said<'a>, node: Node<'a>) {
        if said.selector.files.is_empty() && !said.selector.is_about_operations() {
            let help = "add `paths`, `methods`, `tags`, `operation-ids` or `files`";
            return self.fail(first(node), "the entry does not say what is public", help);
        }
        self.choose(key, Claim::Public, said, Vec::new(), node);
    }

    fn suppression(&mut self, key: &'static str, mut said: Said<'a>, node: Node<'a>) {
        if said.reason.is_none() {
            let help = "add `reason:` with a sentence for whoever finds this in a year";
            self.fail(first(node), "the suppression has no `reason`", help);
        }
        let named = said.rules.take();
        if named.as_ref().is_none_or(Vec::is_empty) && said.selector.fingerprints.is_empty() {
            let help = "add `rules` or `fingerprints`";
            return self.fail(first(node), "the suppression does not say which findings it is about", help);
        }
        let named = named.unwrap_or_default().into_iter().map(|listed| {
            let ids =
                rules::by_id(&listed.text).unwrap_or_default().into_iter().map(|rule| rule.id).collect();
            (listed, ids)
        });
        let named: Vec<(Listed, Vec<&'static str>)> = named.collect();
        let mut ids: Vec<&'static str> = named.iter().flat_map(|(_, ids)| ids).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        // A fingerprint alone may be any rule's.
        if ids.is_empty() {
            ids = rules::all().into_iter().map(|rule| rule.id).collect();
        }
        self.choose(key, Claim::Ignore(ids), said, named, node);
    }

    fn choose(
        &mut self,
        key: &'static str,
        what: Claim,
        said: Said<'a>,
        rules: Vec<(Listed, Vec<&'static str>)>,
        node: Node<'a>,
    ) {
        let entry = self.entry(key, node);
        // What an argument says has no place in a file.
        let Some(location) = entry.origin.location().cloned() else {
            let message = format!("`{key}` can only be said in a file");
            return self.fail(first(node), message, "write it into `oasguard.yaml`");
        };
        let until = said.until.and_then(|until| until.parse().ok());
        let spelling = Spelling::Configuration;
        let directive = Directive { what, reason: said.reason, until, spelling, location };
        let selected = Selected { directive, selector: said.selector };
        self.layer.chosen.push(Chosen { selected, entry, rules });
    }
}

/// The first key of an entry: an entry has many lines, and a place has one.
fn first(node: Node<'_>) -> Place<'_> {
    node.written_entries().next().map_or(Place::value(node), |entry| Place::key(entry.written))
}

fn select(selector: &mut Selector, key: &str, listed: Vec<Listed>) {
    let texts = || listed.iter().map(|item| item.text.clone()).collect::<Vec<_>>();
    // They were built once, when the list was checked.
    let built = |build: fn(&str) -> Result<Pattern, String>| {
        listed.iter().filter_map(|item| build(&item.text).ok()).collect::<Vec<_>>()
    };
    match key {
        "files" => selector.files = built(Pattern::of_files),
        "paths" => selector.paths = built(Pattern::of_template),
        "operation-ids" => selector.operation_ids = built(Pattern::of_template),
        "methods" => selector.methods = texts(),
        "tags" => selector.tags = texts(),
        "pointers" => selector.pointers = texts(),
        "fingerprints" => selector.fingerprints = texts(),
        _ => {}
    }
}
