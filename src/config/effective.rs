//! What holds in the end: the statements of all layers, merged.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::layer::{Layer, Listed, Origin, Statement, Value};
use super::plan::Plan;
use super::settings::{self, Merge};
use crate::lint::{Adjustment, OptionKind, OptionValue, Pattern, Planned, Profile, Rule, Selected, Severity};
use crate::rules;
use crate::source::{Limits, display_path};

/// The statements that hold, by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Effective {
    pub(super) statements: BTreeMap<String, Statement>,
}

impl Effective {
    /// Adds what a nearer layer says.
    pub(super) fn apply(&mut self, statement: &Statement) {
        let known = self.statements.get_mut(&statement.key);
        match (known, &statement.value) {
            (Some(Statement { value: Value::List(all), .. }), Value::List(more))
                if statement.setting.merge == Merge::Add =>
            {
                all.extend(more.iter().cloned());
            }
            _ => {
                self.statements.insert(statement.key.clone(), statement.clone());
            }
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match &self.statements.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn integer(&self, key: &str) -> Option<u64> {
        match self.statements.get(key)?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn list(&self, key: &str) -> &[Listed] {
        match self.statements.get(key).map(|statement| &statement.value) {
            Some(Value::List(listed)) => listed,
            _ => &[],
        }
    }

    /// A path, seen from the folder of what names it.
    fn path(&self, key: &str) -> Option<PathBuf> {
        let statement = self.statements.get(key)?;
        let Value::Text(text) = &statement.value else { return None };
        Some(statement.folder.join(text))
    }

    /// The folder of the file that names a path, if it was a file.
    fn within(&self, key: &str) -> Option<PathBuf> {
        let statement = self.statements.get(key)?;
        statement.origin.location().map(|_| statement.folder.to_path_buf())
    }

    pub(super) fn profile(&self) -> Profile {
        self.text("profile").and_then(|name| name.parse().ok()).unwrap_or_default()
    }

    /// The severity that is set for a rule.
    pub(super) fn severity(&self, rule: &str) -> Option<Severity> {
        self.text(&format!("rules.{rule}.severity"))?.parse().ok()
    }

    /// The rules that run, with what is set for each.
    pub(super) fn plan(&self) -> Plan {
        let ids = |key: &str| ids(self.list(key));
        let (select, extend, ignore) = (ids("select"), ids("extend-select"), ids("ignore"));
        let profile = self.profile();
        let plan = |rule: &'static Rule| {
            let mut planned = super::plan::planned(rule, profile, &select, &extend, &ignore)?;
            planned.severity = self.severity(rule.id);
            self.set_options(&mut planned);
            Some(planned)
        };
        Plan::of(rules::all().into_iter().filter_map(plan).collect())
    }

    fn set_options(&self, planned: &mut Planned) {
        for &option in planned.rule.options {
            let key = format!("rules.{}.{}", planned.rule.id, option.name);
            let Some(statement) = self.statements.get(&key) else { continue };
            let value = match (&statement.value, option.kind) {
                (Value::Integer(number), _) => OptionValue::Integer(*number),
                (Value::List(listed), OptionKind::Templates) => {
                    let built = listed.iter().filter_map(|item| Pattern::of_template(&item.text).ok());
                    OptionValue::Templates(built.collect())
                }
                (Value::List(listed), _) => {
                    OptionValue::Names(listed.iter().map(|item| item.text.clone()).collect())
                }
                _ => continue,
            };
            planned.options.set(option, value);
        }
    }
}

/// The ids of the rules that names stand for.
pub(super) fn ids(listed: &[Listed]) -> Vec<&'static str> {
    let named = listed.iter().flat_map(|item| rules::by_id(&item.text).unwrap_or_default());
    named.map(|rule| rule.id).collect()
}

/// What holds for one document.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The rules.
    pub plan: Plan,
    /// What holds for some of its operations only.
    pub adjustments: Vec<Adjustment>,
    /// Configured suppressions, and operations that are configured to be public.
    pub selected: Vec<Selected>,
    /// Rules that nothing in the document may suppress.
    pub locked: Vec<&'static str>,
}

/// What an override says about operations.
pub(super) fn adjustment(selector: &crate::lint::Selector, statements: &[Statement]) -> Adjustment {
    let mut said = Effective::default();
    statements.iter().for_each(|statement| said.apply(statement));
    let all = rules::all().into_iter().map(|rule| rule.id);
    Adjustment {
        selector: selector.clone(),
        ignore: ids(said.list("ignore")),
        severities: all.filter_map(|id| Some((id, said.severity(id)?))).collect(),
    }
}

/// What holds for a run, whatever the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Budgets.
    pub limits: Limits,
    /// How many threads lint.
    pub threads: Option<NonZeroUsize>,
    /// The least severity that fails the run; none if no finding does.
    pub fail_on: Option<Severity>,
    /// The name of the report's format.
    pub format: String,
    /// Where the report is written, if not to standard output.
    pub output_file: Option<PathBuf>,
    /// The folder that the report must be in, if it was a file of settings that named it.
    pub output_within: Option<PathBuf>,
    /// When to use colors: `auto`, `always` or `never`.
    pub color: String,
    /// What is checked instead of searching folders.
    pub documents: Vec<DocumentGlob>,
    /// What a search leaves out.
    pub exclude: Vec<Exclude>,
    /// The file with the findings that are known.
    pub baseline: Option<PathBuf>,
    /// The folder that it must be in, if it was a file of settings that named it.
    pub baseline_within: Option<PathBuf>,
    /// Where the search for one by its name begins, if a file locks that: what lies below counts for nothing.
    pub baseline_from: Option<PathBuf>,
}

/// Documents that a file of settings names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentGlob {
    /// The path or glob as written.
    pub text: String,
    /// The folder that it is relative to.
    pub folder: PathBuf,
    /// Where it is written: `oasguard.yaml:3`.
    pub origin: String,
}

/// What a search leaves out.
#[derive(Clone, Debug)]
pub struct Exclude {
    folder: PathBuf,
    pattern: Pattern,
}

impl PartialEq for Exclude {
    fn eq(&self, other: &Exclude) -> bool {
        (&self.folder, self.pattern.text()) == (&other.folder, other.pattern.text())
    }
}

impl Eq for Exclude {}

impl Exclude {
    /// A glob, compared with names if it has no `/`, else with paths relative to a folder.
    pub fn new(text: &str, folder: &Path) -> Result<Exclude, String> {
        let text = text.trim_start_matches("./").trim_end_matches('/');
        let everywhere = !text.contains('/');
        let text = if everywhere { format!("**/{text}") } else { text.to_owned() };
        Ok(Exclude { folder: folder.to_owned(), pattern: Pattern::of_files(&text)? })
    }

    /// Whether it matches a file or folder, given by its absolute path.
    pub fn matches(&self, path: &Path) -> bool {
        self.pattern.matches(&display_path(path, &self.folder))
    }
}

impl Default for Run {
    fn default() -> Run {
        Run::of(&Effective::default())
    }
}

impl Run {
    pub(super) fn of(effective: &Effective) -> Run {
        let word = |key: &str| {
            let default = || settings::at(key).map_or("", |setting| setting.default);
            effective.text(key).unwrap_or_else(default).to_owned()
        };
        let documents = effective.list("documents").iter().map(|item| DocumentGlob {
            text: item.text.clone(),
            folder: item.folder.to_path_buf(),
            origin: item.origin.to_string(),
        });
        let exclude = effective.list("exclude").iter();
        Run {
            limits: settings::limits(|key| effective.integer(key)),
            threads: effective
                .integer("threads")
                .and_then(|number| NonZeroUsize::new(usize::try_from(number).ok()?)),
            fail_on: word("fail-on").parse().ok(),
            format: word("output.format"),
            output_file: effective.path("output.file"),
            output_within: effective.within("output.file"),
            color: word("output.color"),
            documents: documents.collect(),
            exclude: exclude.filter_map(|item| Exclude::new(&item.text, &item.folder).ok()).collect(),
            baseline: effective.path("baseline"),
            baseline_within: effective.within("baseline"),
            baseline_from: effective
                .list("locked")
                .iter()
                .find(|item| item.text == "baseline")
                .map(|item| item.folder.to_path_buf()),
        }
    }
}

impl Layer {
    /// What the command line or the environment says, one key at a time.
    pub fn of_argument(name: &str) -> Layer {
        Layer { display: name.to_owned(), ..Layer::default() }
    }

    fn say(&mut self, key: &str, origin: Origin, folder: &Path, value: Value) {
        let setting = settings::at(key).expect("only keys of the table are said");
        let (key, folder) = (key.to_owned(), folder.into());
        self.statements.push(Statement { setting, key, value, origin, folder });
    }

    /// A word or path that an option gives.
    pub fn say_text(&mut self, key: &str, option: &str, folder: &Path, text: impl Into<String>) {
        self.say(key, Origin::Argument(option.to_owned()), folder, Value::Text(text.into()));
    }

    /// A number that an option gives.
    pub fn say_integer(&mut self, key: &str, option: &str, folder: &Path, number: u64) {
        self.say(key, Origin::Argument(option.to_owned()), folder, Value::Integer(number));
    }

    /// Items that an option gives; an option that is not there says nothing.
    pub fn say_list(&mut self, key: &str, option: &str, folder: &Path, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        let origin = Origin::Argument(option.to_owned());
        let item =
            |text: &String| Listed { text: text.clone(), origin: origin.clone(), folder: folder.into() };
        let listed = texts.iter().map(item).collect();
        self.say(key, origin.clone(), folder, Value::List(listed));
    }
}
