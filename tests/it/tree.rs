//! A document as plain data, to be written in other ways that mean the same.

use oasguard::source::{FileId, Limits};
use oasguard::syntax::{File, Files, Kind, Node};
use std::sync::Arc;

use crate::support::Random;

/// A value, with the keys of objects in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// A string.
    Text(String),
    /// Null, a boolean or a number, as JSON writes it.
    Other(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a text; nothing if it has syntax errors or is too large for what the tests do with it.
    pub(crate) fn read(name: &str, text: &str, most: usize) -> Option<Tree> {
        let file = File::parse(name.into(), name.into(), text.to_owned(), &Limits::default());
        if !file.errors.is_empty() {
            return None;
        }
        let files = Files::new(Arc::new(file));
        let mut left = most;
        Tree::of(files.root(FileId::ROOT)?, &mut left)
    }

    fn of(node: Node<'_>, left: &mut usize) -> Option<Tree> {
        *left = left.checked_sub(1)?;
        Some(match node.kind() {
            Kind::Object => {
                let entries = node
                    .entries()
                    .map(|entry| Some((entry.key.text().to_owned(), Tree::of(entry.value, left)?)));
                Tree::Map(entries.collect::<Option<_>>()?)
            }
            Kind::Array => Tree::List(node.items().map(|item| Tree::of(item, left)).collect::<Option<_>>()?),
            Kind::Null => Tree::Other("null".into()),
            Kind::Bool => Tree::Other(node.as_bool()?.to_string()),
            Kind::Int | Kind::Float if serde_json::from_str::<serde_json::Number>(node.text()).is_ok() => {
                Tree::Other(node.text().to_owned())
            }
            Kind::Int | Kind::Float => Tree::Other(format!("{:?}", node.as_f64().filter(|f| f.is_finite())?)),
            _ => Tree::Text(node.text().to_owned()),
        })
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        let Tree::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value under a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        let Tree::Map(entries) = self else { return None };
        entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Calls `visit` for every value, outer ones first.
    pub(crate) fn for_each(&mut self, visit: &mut dyn FnMut(&mut Tree)) {
        visit(self);
        match self {
            Tree::List(items) => items.iter_mut().for_each(|item| item.for_each(visit)),
            Tree::Map(entries) => entries.iter_mut().for_each(|(_, value)| value.for_each(visit)),
            _ => {}
        }
    }

    /// Whether an object has the same key twice.
    pub(crate) fn has_duplicates(&self) -> bool {
        match self {
            Tree::Map(entries) => {
                let keys: std::collections::BTreeSet<_> = entries.iter().map(|(key, _)| key).collect();
                keys.len() < entries.len() || entries.iter().any(|(_, value)| value.has_duplicates())
            }
            Tree::List(items) => items.iter().any(Tree::has_duplicates),
            _ => false,
        }
    }

    pub(crate) fn shuffle(&mut self, random: &mut Random) {
        self.for_each(&mut |tree| {
            if let Tree::Map(entries) = tree {
                random.shuffle(entries);
            }
        });
    }

    /// JSON with a line for each value.
    pub(crate) fn json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, 0);
        text
    }

    fn write_json(&self, text: &mut String, depth: usize) {
        let line = |text: &mut String, depth| {
            text.push('\n');
            text.push_str(&"  ".repeat(depth));
        };
        match self {
            Tree::Text(string) => text.push_str(&quoted(string)),
            Tree::Other(other) => text.push_str(other),
            Tree::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index > 0 { "," } else { "" });
                    line(text, depth + 1);
                    item.write_json(text, depth + 1);
                }
                text.push(']');
            }
            Tree::Map(entries) => {
                text.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    text.push_str(if index > 0 { "," } else { "" });
                    line(text, depth + 1);
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    value.write_json(text, depth + 1);
                }
                text.push('}');
            }
        }
    }

    /// Lines of YAML in block style; no scalar takes more than one.
    pub(crate) fn yaml_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self {
            Tree::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    let key = scalar(key, true);
                    value.yaml_below(&format!("{key}:"), "  ", &mut lines);
                }
            }
            Tree::List(items) if !items.is_empty() => {
                items.iter().for_each(|item| item.yaml_below("-", "  ", &mut lines));
            }
            Tree::Map(_) => lines.push("{}".into()),
            Tree::List(_) => lines.push("[]".into()),
            Tree::Text(text) => lines.push(scalar(text, false)),
            Tree::Other(other) => lines.push(other.clone()),
        }
        lines
    }

    fn yaml_below(&self, head: &str, indentation: &str, lines: &mut Vec<String>) {
        let inner = self.yaml_lines();
        let is_collection = matches!(self, Tree::Map(entries) if !entries.is_empty())
            || matches!(self, Tree::List(items) if !items.is_empty());
        // `- key: value` starts on the line of the dash.
        if !is_collection || head == "-" {
            lines.push(format!("{head} {}", inner[0]));
            lines.extend(inner[1..].iter().map(|line| format!("{indentation}{line}")));
        } else {
            lines.push(head.to_owned());
            lines.extend(inner.iter().map(|line| format!("{indentation}{line}")));
        }
    }

    pub(crate) fn yaml(&self) -> String {
        self.yaml_lines().join("\n") + "\n"
    }
}

fn quoted(text: &str) -> String {
    // YAML reads no control characters, and JSON may escape what it likes.
    let text = serde_json::to_string(text).expect("a string");
    let is_control = |c: char| {
        c == '\u{7f}'
            || ('\u{80}'..'\u{a0}').contains(&c)
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    if !text.contains(is_control) {
        return text;
    }
    text.chars().map(|c| if is_control(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect()
}

/// Plain where that is safe, else in double quotes.
fn scalar(text: &str, is_key: bool) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "/_-.{}".contains(c))
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    let is_code = is_key && text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    if (is_word || is_code) && text.len() < 100 { text.to_owned() } else { quoted(text) }
}
