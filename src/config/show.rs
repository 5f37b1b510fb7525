//! What holds for a document, key by key, and where each is said.

use std::path::Path;

use super::configuration::Configuration;
use super::effective::Effective;
use super::layer::{Entry, Origin, Value};
use super::settings::{Kind, Merge, SETTINGS, Setting};
use crate::lint::Failure;
use crate::source::Reader;

/// What holds, with where it is said.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The files that were read, the outermost first.
    pub files: Vec<String>,
    /// The keys in the order of the table; of a list each item.
    pub rows: Vec<Row>,
}

/// One value.
#[derive(Clone, Debug)]
pub struct Row {
    /// The dotted key.
    pub key: String,
    /// The value as a file would say it; empty if there is none.
    pub value: String,
    /// Where it is said.
    pub origin: Origin,
}

impl Configuration {
    /// What holds for a document, given by its identity; or what is wrong with what governs it.
    pub fn shown(&self, reader: &Reader, document: &Path) -> Result<Shown, Vec<Failure>> {
        let (layers, about, effective) = self.governed(reader, document)?;
        let mut rows = Vec::new();
        for setting in SETTINGS.iter().filter(|setting| setting.merge != Merge::Own) {
            match setting.kind {
                Kind::Object(table) => {
                    let key = |inner: &Setting| format!("{}.{}", setting.name, inner.name);
                    table.iter().for_each(|inner| row(key(inner), inner, &effective, &mut rows));
                }
                Kind::Rules => {
                    let set = effective.statements.keys().filter(|key| key.starts_with("rules."));
                    set.for_each(|key| row(key.clone(), setting, &effective, &mut rows));
                }
                Kind::Entries(_) => {
                    let chosen = layers.iter().flat_map(|layer| &layer.chosen).map(|chosen| &chosen.entry);
                    let entries = about.iter().map(|change| &change.entry).chain(chosen);
                    rows.extend(entries.filter(|entry| entry.key == setting.name).map(of_entry));
                }
                _ => row(setting.name.to_owned(), setting, &effective, &mut rows),
            }
        }
        Ok(Shown { files: layers.iter().map(|layer| layer.display.clone()).collect(), rows })
    }
}

fn of_entry(entry: &Entry) -> Row {
    Row { key: entry.key.to_owned(), value: entry.text.clone(), origin: entry.origin.clone() }
}

fn row(key: String, setting: &Setting, effective: &Effective, rows: &mut Vec<Row>) {
    let Some(statement) = effective.statements.get(&key) else {
        let value = setting.default.to_owned();
        return rows.push(Row { key, value, origin: Origin::Default });
    };
    let value = match &statement.value {
        Value::List(listed) if !listed.is_empty() => {
            let items = listed.iter();
            rows.extend(items.map(|item| Row {
                key: key.clone(),
                value: item.text.clone(),
                origin: item.origin.clone(),
            }));
            return;
        }
        Value::List(_) => "[]".to_owned(),
        Value::Boolean(set) => set.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    };
    rows.push(Row { key, value, origin: statement.origin.clone() });
}
