//! Answers what holds for a document and for a run. Files are looked for and read once, however many documents ask.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::effective::{Effective, Run, Settings, adjustment};
use super::files::{Chain, Shelf};
use super::layer::{Layer, Override};
use super::lock;
use super::plan::Plan;
use crate::lint::Failure;
use crate::source::Reader;

/// Where settings come from, besides the layers of the environment and the command line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Discovery {
    /// No file is read.
    #[default]
    Isolated,
    /// One file governs all documents.
    File(PathBuf),
    /// The files at and above each document.
    Nearest,
}

/// The settings of a run.
#[derive(Debug, Default)]
pub struct Configuration {
    discovery: Discovery,
    /// Absolute, without symbolic links.
    working_directory: PathBuf,
    /// The layers above the files, the weakest first.
    above: Vec<Layer>,
    shelf: Shelf,
    /// What reads the files, whoever asks.
    reader: Option<Reader>,
    folders: Mutex<FxHashMap<PathBuf, Arc<Governing>>>,
}

/// An override that is about a document: the number of its layer, and its own in that.
type About = (usize, usize);

/// What governs a folder.
#[derive(Debug, Default)]
struct Governing {
    chain: Chain,
    /// What holds for documents of the folder, by the overrides that are about them.
    settings: Mutex<FxHashMap<Vec<About>, Arc<Settings>>>,
}

impl From<Plan> for Configuration {
    /// Rules that are the same for all documents.
    fn from(plan: Plan) -> Configuration {
        Settings { plan, ..Settings::default() }.into()
    }
}

impl From<Settings> for Configuration {
    /// Settings that are the same for all documents.
    fn from(settings: Settings) -> Configuration {
        let configuration = Configuration::default();
        let governing = Governing::default();
        let mut known = governing.settings.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(Vec::new(), Arc::new(settings));
        drop(known);
        let mut folders = configuration.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(PathBuf::new(), Arc::new(governing));
        drop(folders);
        configuration
    }
}

impl Configuration {
    /// Settings from files, with layers above them, the weakest first. The working directory is absolute and without
    /// symbolic links.
    pub fn new(discovery: Discovery, working_directory: &Path, above: Vec<Layer>) -> Configuration {
        let working_directory = working_directory.to_owned();
        Configuration { discovery, working_directory, above, ..Configuration::default() }
    }

    /// The same settings, read by a reader of their own, whatever the documents are read by.
    pub fn read_by(&self, reader: &Reader) -> Configuration {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Configuration {
            discovery: self.discovery.clone(),
            working_directory: self.working_directory.clone(),
            above: self.above.clone(),
            shelf: Shelf::default(),
            reader: Some(reader.clone()),
            folders: Mutex::new(folders),
        }
    }

    /// The settings that other files say, those of a revision: nothing that was read so far counts.
    pub fn at(&self, reader: &Reader) -> Configuration {
        match self.discovery {
            Discovery::Isolated => self.read_by(reader),
            _ => Configuration { folders: Mutex::default(), ..self.read_by(reader) },
        }
    }

    /// What holds for a document, given by its identity (see [`Reader::identity`]); or why nobody can say.
    pub fn of_document(&self, reader: &Reader, document: &Path) -> Result<Arc<Settings>, Vec<Failure>> {
        let governing = self.governing(reader, document.parent().unwrap_or(Path::new("/")));
        if !governing.chain.failures.is_empty() {
            return Err(governing.chain.failures.clone());
        }
        let about = about(&governing.chain, document);
        let mut known = governing.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let settings =
            known.entry(about).or_insert_with_key(|about| Arc::new(self.settings(&governing.chain, about)));
        Ok(settings.clone())
    }

    /// Whether one of the files, given by their identities, is among those that say what holds for a document.
    pub fn is_governed_by(&self, reader: &Reader, document: &Path, files: &FxHashSet<PathBuf>) -> bool {
        let governing = self.governing(reader, document.parent().unwrap_or(Path::new("/")));
        governing.chain.files.iter().any(|file| files.contains(file))
    }

    /// What holds for the run: the settings of the working directory. With the errors of what governs it.
    pub fn of_run(&self, reader: &Reader) -> (Run, Vec<Failure>) {
        let governing = self.governing(reader, &self.working_directory);
        let failures = governing.chain.failures.clone();
        // Of files that are wrong nothing is taken, not even where the errors are to be written.
        let none = Chain::default();
        let chain = if failures.is_empty() { &governing.chain } else { &none };
        (Run::of(&self.effective(chain, &[])), failures)
    }

    /// The layers that govern a document, the overrides that are about it, and the statements that hold.
    #[expect(clippy::type_complexity, reason = "three answers to one question")]
    pub(super) fn governed(
        &self,
        reader: &Reader,
        document: &Path,
    ) -> Result<(Vec<Arc<Layer>>, Vec<Override>, Effective), Vec<Failure>> {
        let governing = self.governing(reader, document.parent().unwrap_or(Path::new("/")));
        let chain = &governing.chain;
        if !chain.failures.is_empty() {
            return Err(chain.failures.clone());
        }
        let about = about(chain, document);
        let layers = chain.layers.iter().enumerate();
        let overrides = layers.flat_map(|(at, layer)| overrides_of(layer, at, &about)).cloned().collect();
        Ok((chain.layers.clone(), overrides, self.effective(chain, &about)))
    }

    fn governing(&self, reader: &Reader, folder: &Path) -> Arc<Governing> {
        let reader = self.reader.as_ref().unwrap_or(reader);
        // What does not depend on the folder is known under one name.
        let key = if self.discovery == Discovery::Nearest { folder } else { Path::new("") };
        if let Some(known) = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return known.clone();
        }
        let mut chain = match &self.discovery {
            Discovery::Isolated => Chain::default(),
            Discovery::File(path) => self.shelf.of_file(reader, path, &self.working_directory),
            Discovery::Nearest => self.shelf.of_folder(reader, folder, &self.working_directory),
        };
        chain.failures.extend(lock::failures(&chain.layers));
        let governing = Arc::new(Governing { chain, settings: Mutex::default() });
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        // Folders without files share what holds for all of them.
        let shared = governing.chain.layers.is_empty() && governing.chain.failures.is_empty();
        let governing = match shared {
            true => folders.entry(PathBuf::new()).or_insert(governing).clone(),
            false => governing,
        };
        folders.entry(key.to_owned()).or_insert(governing).clone()
    }

    /// The statements that hold, with some overrides.
    fn effective(&self, chain: &Chain, about: &[About]) -> Effective {
        let mut effective = Effective::default();
        for (at, layer) in chain.layers.iter().enumerate() {
            layer.statements.iter().for_each(|statement| effective.apply(statement));
            for change in overrides_of(layer, at, about).filter(|o| !o.selector.is_about_operations()) {
                change.statements.iter().for_each(|statement| effective.apply(statement));
            }
        }
        let above = self.above.iter().flat_map(|layer| &layer.statements);
        above.for_each(|statement| effective.apply(statement));
        effective
    }

    fn settings(&self, chain: &Chain, about: &[About]) -> Settings {
        let layers = chain.layers.iter().enumerate();
        let of_operations = layers.flat_map(|(at, layer)| {
            overrides_of(layer, at, about).filter(|change| change.selector.is_about_operations())
        });
        let mut selected = Vec::new();
        for (at, layer) in chain.layers.iter().enumerate() {
            let locked = lock::rules_locked_by(&chain.layers[..at]);
            selected.extend(layer.chosen.iter().map(|chosen| lock::without(chosen, &locked)));
        }
        Settings {
            plan: self.effective(chain, about).plan(),
            adjustments: of_operations
                .map(|change| adjustment(&change.selector, &change.statements))
                .collect(),
            selected,
            locked: lock::rules_locked_by(&chain.layers),
        }
    }
}

fn about(chain: &Chain, document: &Path) -> Vec<About> {
    let layers = chain.layers.iter().enumerate();
    let about = layers.flat_map(|(at, layer)| {
        let overrides = layer.overrides.iter().enumerate();
        let about = overrides.filter(|(_, change)| change.selector.has_file(document));
        about.map(move |(number, _)| (at, number))
    });
    about.collect()
}

fn overrides_of<'l>(layer: &'l Layer, at: usize, about: &'l [About]) -> impl Iterator<Item = &'l Override> {
    let numbers = about.iter().filter(move |(layer, _)| *layer == at);
    numbers.filter_map(|(_, number)| layer.overrides.get(*number))
}
