//! Text to a tree that knows where every key and value stands: readers of JSON and YAML, one arena, JSON Pointer.

mod atom;
mod file;
mod json;
mod keys;
mod node;
mod parse;
mod pointer;
mod scalar;
mod tree;
mod yaml;

pub(crate) use atom::hash as key_hash;
pub use atom::{Atom, Atoms};
pub use file::{File, Files};
pub(crate) use keys::Keys;
pub use node::{Entries, Entry, Items, Node, Part, Place};
pub use parse::{ErrorKind, Format, Parsed, SyntaxError, parse};
pub use pointer::{Descent, Pointer, escape_token};
pub(crate) use pointer::{Step, escaped_key, unescape_token};
pub use scalar::source_range;
pub use tree::{Comment, Kind, NodeId, Tree, TreeBuilder};
#[doc(hidden)]
pub use yaml::{Bail, parse_fast, parse_full};
