//! What one source of settings says: a file, the environment, or the command line.

use std::path::Path;
use std::sync::Arc;

use super::settings::Setting;
use crate::lint::{Failure, Location, Selected, Selector};

/// What one source says.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// How the source is shown.
    pub(super) display: String,
    /// Whether the search for files ends here, and where that is said.
    pub(super) root: Option<Origin>,
    /// The files that lie beneath.
    pub(super) extends: Vec<Listed>,
    /// What is said about single keys, each once.
    pub(super) statements: Vec<Statement>,
    /// What is said about some documents or operations.
    pub(super) overrides: Vec<Override>,
    /// What is suppressed, and what is public.
    pub(super) chosen: Vec<Chosen>,
    /// What is wrong with it.
    pub(super) failures: Vec<Failure>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The setting of the table.
    pub(super) setting: &'static Setting,
    /// The dotted key: `limits.depth`, `rules.unbounded-string.severity`.
    pub(super) key: String,
    /// The value.
    pub(super) value: Value,
    /// Where it is said.
    pub(super) origin: Origin,
    /// The folder that paths are relative to.
    pub(super) folder: Arc<Path>,
}

/// The value of a key, checked.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Boolean(bool),
    Integer(u64),
    Text(String),
    List(Vec<Listed>),
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) text: String,
    pub(super) origin: Origin,
    pub(super) folder: Arc<Path>,
}

/// Settings for some documents or operations.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub(super) selector: Selector,
    pub(super) statements: Vec<Statement>,
    pub(super) entry: Entry,
}

/// A suppression, or operations that are public.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) selected: Selected,
    pub(super) entry: Entry,
    /// The rules that are named, each with those that the name stands for.
    pub(super) rules: Vec<(Listed, Vec<&'static str>)>,
}

/// How an entry of a list of objects is shown.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// Where something is said.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Nowhere: it holds if nothing is said.
    Default,
    /// In a file.
    File(Arc<Location>),
    /// In a variable of the environment.
    Environment(&'static str),
    /// On the command line.
    Argument(String),
}

impl Origin {
    /// The place in a file.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Origin::File(location) => Some(location),
            _ => None,
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(location) => write!(f, "{}:{}", location.path, location.start.line),
            Origin::Environment(name) => f.write_str(name),
            Origin::Argument(argument) => f.write_str(argument),
        }
    }
}
