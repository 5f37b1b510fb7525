//! What a run was told to do: which rules apply, and how, layer by layer from files, environment and command line.

mod configuration;
mod effective;
mod environment;
mod files;
mod layer;
mod lock;
mod loosened;
mod plan;
mod read;
mod reference;
mod schema;
mod selectors;
mod settings;
mod show;

pub use configuration::{Configuration, Discovery};
pub use effective::{DocumentGlob, Exclude, Run, Settings};
pub use environment::{Environment, environment, inline};
pub use files::FILE_NAMES;
pub use layer::{Layer, Origin, Statement};
pub use loosened::loosened;
pub use plan::{Plan, Selection};
pub use reference::with_reference;
pub use schema::{schema, schema_text};
pub use settings::{Item, Kind, Lock, Merge, SETTINGS, Setting, bytes};
pub use show::{Row, Shown};
