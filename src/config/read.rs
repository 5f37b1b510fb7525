//! Reads a file of settings by the table. Everything that is wrong is an error at its place, and all are reported at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::layer::{Entry, Layer, Listed, Origin, Statement, Value};
use super::settings::{self, Item, Kind, SETTINGS, Setting};
use crate::lint::{Date, Failure, Label, Location, OptionKind, Pattern, Rule, RuleOption, cut};
use crate::rules::{self, nearest};
use crate::source::{Limits, LineIndex};
use crate::syntax::{Descent, File, Files, Kind as NodeKind, Node, Part, Place};

/// Values that one file may hold. An alias may repeat a list as often as it likes.
const MOST_VALUES: usize = 20_000;

/// Bytes of one pattern: nobody writes a longer one, and what it compiles to is larger.
const LONGEST_PATTERN: usize = 1000;

/// Budgets of a file of settings.
pub(super) fn limits() -> Limits {
    Limits { file_bytes: 1 << 20, depth: 32, nodes: 200_000, merge_copies: 10_000, ..Limits::default() }
}

/// Reads a text. `folder` is what its paths are relative to.
pub(super) fn layer(path: PathBuf, display: String, text: String, folder: Arc<Path>) -> Layer {
    read(path, display, text, folder, None)
}

/// Reads what an argument or variable says, written as the file would write it.
pub(super) fn argument(text: String, folder: Arc<Path>, origin: Origin) -> Layer {
    let name = origin.to_string();
    read(PathBuf::from("argument.yaml"), name, text, folder, Some(origin))
}

fn read(path: PathBuf, display: String, text: String, folder: Arc<Path>, origin: Option<Origin>) -> Layer {
    let file = File::parse(path, display.clone(), text, &limits());
    let lines = LineIndex::new(&file.text);
    let files = Files::new(Arc::new(file));
    let layer = Layer { display, ..Layer::default() };
    let mut reading = Reading {
        files: &files,
        lines: &lines,
        descent: Descent::default(),
        folder,
        origin,
        left: MOST_VALUES,
        layer,
    };
    let file = files.file(crate::source::FileId::ROOT);
    for error in &file.errors {
        let range = error.start as usize..error.end as usize;
        let location = reading.location(range, String::new(), Part::Value);
        let (message, help) = (error.message.clone(), error.help.clone());
        reading.layer.failures.push(failure(&file.display, message, help, Some(location)));
    }
    if let Some(root) = files.root(crate::source::FileId::ROOT).filter(|_| file.errors.is_empty()) {
        reading.file(root);
    }
    let mut layer = reading.layer;
    layer.failures.sort_by_key(|failure| failure.location.as_ref().map(|location| location.bytes.start));
    layer
}

/// An error of the configuration.
pub(super) fn failure(
    display: &str,
    message: impl Into<String>,
    help: impl Into<String>,
    location: Option<Location>,
) -> Failure {
    Failure {
        rule: "configuration-error",
        message: crate::lint::shortened(message.into()),
        help: help.into(),
        path: display.to_owned(),
        location,
        related: Vec::new(),
    }
}

/// One text that is read.
pub(super) struct Reading<'a> {
    files: &'a Files,
    lines: &'a LineIndex,
    descent: Descent,
    pub(super) folder: Arc<Path>,
    /// What is said to be the origin of everything, if it is no file.
    origin: Option<Origin>,
    left: usize,
    pub(super) layer: Layer,
}

impl<'a> Reading<'a> {
    fn file(&mut self, root: Node<'a>) {
        // A file of comments says nothing, which is fine.
        if root.kind() == NodeKind::Null && root.source().trim().is_empty() {
            return;
        }
        for (setting, value) in self.object(SETTINGS, root, "the configuration") {
            match (setting.name, setting.kind) {
                ("root", _) => {
                    if let Some(Value::Boolean(true)) = self.value(setting, value) {
                        self.layer.root = Some(self.origin(Place::key(value)));
                    }
                }
                ("extends", Kind::List(item)) => self.layer.extends = self.list(setting.name, item, value),
                (_, Kind::Object(table)) => {
                    let what = format!("`{}`", setting.name);
                    for (inner, value) in self.object(table, value, &what) {
                        let key = format!("{}.{}", setting.name, inner.name);
                        let statement = self.statement(inner, key, value);
                        self.layer.statements.extend(statement);
                    }
                }
                (_, Kind::Entries(table)) => self.entries(setting, table, value),
                (_, Kind::Rules) => {
                    let statements = self.rules(setting, value);
                    self.layer.statements.extend(statements);
                }
                _ => {
                    let statement = self.statement(setting, setting.name.to_owned(), value);
                    self.layer.statements.extend(statement);
                }
            }
        }
    }

    /// The known keys of an object with their values. Unknown and repeated keys are errors.
    pub(super) fn object(
        &mut self,
        table: &'static [Setting],
        node: Node<'a>,
        what: &str,
    ) -> Vec<(&'static Setting, Node<'a>)> {
        let mut found = Vec::new();
        for (key, value) in self.keys(node, what) {
            match settings::find(table, key.text()) {
                Some(setting) => found.push((setting, value)),
                None => self.unknown_key(key, table.iter().map(|setting| setting.name)),
            }
        }
        found
    }

    /// The entries of an object, each key once.
    fn keys(&mut self, node: Node<'a>, what: &str) -> Vec<(Node<'a>, Node<'a>)> {
        if !node.is_object() {
            let help = "write `key: value` pairs".to_owned();
            self.fail(Place::value(node), format!("{what} must be an object"), help);
            return Vec::new();
        }
        let mut seen: FxHashMap<&str, Node<'a>> = FxHashMap::default();
        for entry in node.written_entries() {
            if let Some(first) = seen.insert(entry.key.text(), entry.key) {
                let place = Place::key(entry.written);
                let message = format!("`{}` is there twice", entry.key.text());
                let location = self.locate(Place::value(first), first.span());
                self.fail(place, message, "remove one of the two");
                if let Some(failure) = self.layer.failures.last_mut() {
                    failure.related.push(Label { message: "the first".to_owned(), location });
                }
            }
        }
        let mut given: FxHashMap<&str, ()> = FxHashMap::default();
        let mut entries = Vec::new();
        for entry in node.entries() {
            if !self.spend(entry.value) {
                break;
            }
            if given.insert(entry.key.text(), ()).is_none() {
                entries.push((entry.key, entry.value));
            }
        }
        entries
    }

    fn unknown_key<'c>(&mut self, key: Node<'a>, known: impl Iterator<Item = &'c str> + Clone) {
        let help = match nearest(key.text(), known.clone()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("the keys here are {}", quoted(known)),
        };
        let message = format!("there is no setting `{}`", key.text());
        let location = self.locate(Place::value(key), key.span());
        let display = self.layer.display.clone();
        self.layer.failures.push(failure(&display, message, help, Some(location)));
    }

    /// What is said about one key of the table.
    pub(super) fn statement(
        &mut self,
        setting: &'static Setting,
        key: String,
        node: Node<'a>,
    ) -> Option<Statement> {
        let value = self.value(setting, node)?;
        let origin = self.origin(Place::key(node));
        Some(Statement { setting, key, value, origin, folder: self.folder.clone() })
    }

    /// The value of a key, if it is what the table wants.
    fn value(&mut self, setting: &'static Setting, node: Node<'a>) -> Option<Value> {
        if let Kind::List(item) = setting.kind {
            return Some(Value::List(self.list(setting.name, item, node)));
        }
        match scalar(setting.kind, node) {
            Ok(value) => Some(value),
            Err(hint) => {
                let message = format!("`{}` must be {}", setting.name, setting.kind.expected());
                self.fail(Place::value(node), message, hint);
                None
            }
        }
    }

    /// The items of a list, those that are right.
    pub(super) fn list(&mut self, name: &str, item: Item, node: Node<'a>) -> Vec<Listed> {
        if !node.is_array() {
            let message = format!("`{name}` must be a list of {}", item.plural());
            let help = match node.as_str() {
                Some(text) => format!("write `[{text}]`"),
                None => "write a list: `[one, two]`".to_owned(),
            };
            self.fail(Place::value(node), message, help);
            return Vec::new();
        }
        let mut listed = Vec::new();
        for node in node.items() {
            if !self.spend(node) {
                break;
            }
            let text = node.text();
            let is_scalar = !matches!(node.kind(), NodeKind::Object | NodeKind::Array | NodeKind::Null);
            let wrong = match is_scalar && !text.is_empty() {
                true => wrong_item(item, text),
                false => {
                    Some((format!("`{name}` is a list of {}", item.plural()), "write a text".to_owned()))
                }
            };
            match wrong {
                Some((message, help)) => self.fail(Place::value(node), message, help),
                None => {
                    let origin = self.origin(Place::value(node));
                    listed.push(Listed { text: text.to_owned(), origin, folder: self.folder.clone() });
                }
            }
        }
        listed
    }

    /// What is said about single rules. What is said about a category comes first, so that the order of keys plays no
    /// part.
    pub(super) fn rules(&mut self, setting: &'static Setting, node: Node<'a>) -> Vec<Statement> {
        let (mut of_categories, mut of_rules) = (Vec::new(), Vec::new());
        for (key, value) in self.keys(node, "`rules`") {
            let name = key.text();
            if let Some((message, help)) = wrong_item(Item::Rule, name) {
                let place = Place::key(value);
                self.fail(place, message, help);
                continue;
            }
            let named = rules::by_id(name).unwrap_or_default();
            let is_category = named.first().is_some_and(|rule| rule.category == name);
            let statements = self.of_rule(setting, name, &named, value);
            if is_category { of_categories.extend(statements) } else { of_rules.extend(statements) }
        }
        of_categories.append(&mut of_rules);
        of_categories
    }

    fn of_rule(
        &mut self,
        setting: &'static Setting,
        name: &str,
        named: &[&'static Rule],
        node: Node<'a>,
    ) -> Vec<Statement> {
        let mut statements = Vec::new();
        for (key, value) in self.keys(node, &format!("`{name}`")) {
            let option_of =
                |rule: &&'static Rule| rule.options.iter().find(|option| option.name == key.text()).copied();
            if key.text() == "severity" {
                let kind = Kind::Choice(settings::SEVERITIES);
                match scalar(kind, value) {
                    Ok(severity) => statements.extend(
                        named
                            .iter()
                            .map(|rule| self.about(setting, rule, "severity", severity.clone(), value)),
                    ),
                    Err(hint) => {
                        let message = format!("`severity` must be {}", kind.expected());
                        self.fail(Place::value(value), message, hint);
                    }
                }
                continue;
            }
            let options: Vec<(&&Rule, &'static RuleOption)> =
                named.iter().filter_map(|rule| Some((rule, option_of(rule)?))).collect();
            let Some((_, option)) = options.first() else {
                let known = named.iter().flat_map(|rule| rule.options).map(|option| option.name);
                self.unknown_key(key, known.chain(["severity"]));
                continue;
            };
            let Some(set) = self.option(option, value) else { continue };
            for (rule, option) in options {
                statements.push(self.about(setting, rule, option.name, set.clone(), value));
            }
        }
        statements
    }

    fn about(
        &mut self,
        setting: &'static Setting,
        rule: &Rule,
        name: &str,
        value: Value,
        node: Node<'a>,
    ) -> Statement {
        let key = format!("rules.{}.{name}", rule.id);
        Statement { setting, key, value, origin: self.origin(Place::key(node)), folder: self.folder.clone() }
    }

    fn option(&mut self, option: &RuleOption, node: Node<'a>) -> Option<Value> {
        let (OptionKind::Names | OptionKind::Templates) = option.kind else {
            let OptionKind::Integer { least, most, .. } = option.kind else { return None };
            let kind = Kind::Integer { least, most };
            return match scalar(kind, node) {
                Ok(value) => Some(value),
                Err(hint) => {
                    let message = format!("`{}` must be {}", option.name, kind.expected());
                    self.fail(Place::value(node), message, hint);
                    None
                }
            };
        };
        let item = if option.kind == OptionKind::Names { Item::Text } else { Item::Template };
        Some(Value::List(self.list(option.name, item, node)))
    }

    /// Counts a value; says once that there are too many.
    pub(super) fn spend(&mut self, node: Node<'a>) -> bool {
        match self.left {
            0 => return false,
            1 => {
                let message = format!("there are more than {MOST_VALUES} values, aliases counted");
                self.fail(Place::value(node), message, "split the file, or use fewer aliases");
            }
            _ => {}
        }
        self.left -= 1;
        self.left > 0
    }

    /// An error at a place.
    pub(super) fn fail(&mut self, place: Place<'a>, message: impl Into<String>, help: impl Into<String>) {
        let location = self.locate(place, place.span());
        let display = self.layer.display.clone();
        self.layer.failures.push(failure(&display, message, help, Some(location)));
    }

    /// Where something is said.
    pub(super) fn origin(&mut self, place: Place<'a>) -> Origin {
        match &self.origin {
            Some(origin) => origin.clone(),
            None => Origin::File(Arc::new(self.locate(place, place.span()))),
        }
    }

    pub(super) fn entry(&mut self, key: &'static str, node: Node<'a>) -> Entry {
        // An entry has many lines; it is shown by its first key.
        let first =
            node.written_entries().next().map_or(Place::value(node), |entry| Place::key(entry.written));
        Entry { key, text: flat(node), origin: self.origin(first) }
    }

    fn locate(&mut self, place: Place<'a>, span: crate::source::Span) -> Location {
        let pointer = self.descent.pointer(self.files, place.node).into_string();
        self.location(span.range(), pointer, place.part)
    }

    fn location(&self, range: std::ops::Range<usize>, pointer: String, part: Part) -> Location {
        let file = self.files.file(crate::source::FileId::ROOT);
        // What spans lines is shown by the first.
        let text = &file.text[range.clone()];
        let range = range.start..range.start + text.find(['\n', '\r']).unwrap_or(text.len());
        Location {
            pointer,
            part,
            excerpt: self.origin.is_none().then(|| cut(&file.text, self.lines, range.clone())),
            ..Location::of(&file.display, &file.text, self.lines, range)
        }
    }
}

/// The value of a scalar, or what to write instead.
fn scalar(kind: Kind, node: Node<'_>) -> Result<Value, String> {
    let text = node.text();
    let is_scalar = !matches!(node.kind(), NodeKind::Object | NodeKind::Array | NodeKind::Null);
    match kind {
        Kind::Boolean => {
            node.as_bool().map(Value::Boolean).ok_or_else(|| "write `true` or `false`".to_owned())
        }
        Kind::Integer { least, most } => {
            let number = node.as_u64().filter(|number| (least..=most).contains(number));
            number.map(Value::Integer).ok_or_else(|| format!("write a number from {least} to {most}"))
        }
        Kind::Choice(choices) => match choices.iter().find(|choice| **choice == text && is_scalar) {
            Some(choice) => Ok(Value::Text((*choice).to_owned())),
            None => Err(match nearest(text, choices.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("write {}", kind.expected()),
            }),
        },
        Kind::Size if is_scalar => settings::bytes(text).map(Value::Integer),
        Kind::Date if is_scalar => text.parse::<Date>().map(|date| Value::Text(date.to_string())),
        Kind::Text | Kind::Path if is_scalar && !text.is_empty() => Ok(Value::Text(text.to_owned())),
        kind => Err(format!("write {}", kind.expected())),
    }
}

/// What is wrong with an item of a list, and what to do.
fn wrong_item(item: Item, text: &str) -> Option<(String, String)> {
    let pattern = |built: Result<Pattern, String>| match built {
        _ if text.len() > LONGEST_PATTERN => {
            Some((format!("the pattern has more than {LONGEST_PATTERN} bytes"), "use several".to_owned()))
        }
        Ok(_) => None,
        Err(reason) => Some((format!("`{text}` is no pattern: {reason}"), "correct the pattern".to_owned())),
    };
    match item {
        Item::Rule | Item::Lock => wrong_rule(item, text),
        // The length is looked at before the pattern is built.
        Item::Files | Item::Template if text.len() > LONGEST_PATTERN => pattern(Err(String::new())),
        Item::Files => pattern(Pattern::of_files(text)),
        Item::Template => pattern(Pattern::of_template(text)),
        Item::Method => {
            let is_method = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            (!is_method)
                .then(|| (format!("`{text}` is no method"), "write a method, such as `get`".to_owned()))
        }
        Item::Pointer => (!text.starts_with('/')).then(|| {
            (format!("`{text}` is no JSON Pointer"), "start it with `/`: `/paths/~1users/get`".to_owned())
        }),
        Item::Fingerprint => {
            let is_one = (8..=32).contains(&text.len())
                && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            (!is_one).then(|| {
                let help = "write the first 8 characters of it at least".to_owned();
                (format!("`{text}` is no fingerprint"), help)
            })
        }
        Item::Path if text.contains("://") => {
            let help = "save the file, and name its path: nothing is ever fetched".to_owned();
            Some((format!("`{text}` is a URL, and only files can be extended"), help))
        }
        Item::Text | Item::Path => None,
    }
}

fn wrong_rule(item: Item, name: &str) -> Option<(String, String)> {
    if rules::errors().iter().any(|error| error.id == name) {
        let help = "name a rule; errors cannot be configured".to_owned();
        return Some((format!("`{name}` is an error, not a rule"), help));
    }
    let keys = SETTINGS.iter().filter(|setting| setting.lock != settings::Lock::Never);
    let mut keys = keys.map(|setting| setting.name).filter(|_| item == Item::Lock);
    if keys.clone().any(|key| key == name) {
        return None;
    }
    let unknown = rules::by_id(name).err()?;
    let ids: Vec<&str> = rules::all().into_iter().map(|rule| rule.id).collect();
    let names = ids.iter().copied().chain(rules::categories()).chain(&mut keys);
    let what = if item == Item::Lock { "key, rule or category" } else { "rule or category" };
    let help = match nearest(&unknown.name, names) {
        Some(id) => format!("did you mean `{id}`?"),
        None => "`oasguard rules` lists them".to_owned(),
    };
    Some((format!("there is no {what} `{name}`"), help))
}

pub(super) fn quoted<'c>(names: impl Iterator<Item = &'c str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// An entry in one line: `{files: [a.yaml], reason: "x"}`; what is long is cut.
fn flat(node: Node<'_>) -> String {
    const LONGEST: usize = 200;
    let source = node.source();
    // Only the beginning is shown, so only so much is looked at.
    let source = &source[..source.floor_char_boundary(4 * LONGEST)];
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("; ").replace(":; ", ": ");
    match joined.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &joined[..at]),
        None => joined,
    }
}
