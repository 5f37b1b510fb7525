//! Bytes and where they come from: spans, lines, text decoding, reading within a root, path display.

mod limits;
mod line_hash;
mod lines;
mod paths;
mod reader;
#[cfg(feature = "git")]
mod revision;
mod span;
mod text;

pub use limits::Limits;
pub use line_hash::{LineHash, line_hashes};
pub use lines::{Columns, LineColumn, LineIndex, Position};
pub use paths::{Root, display_path, normalize, resolve};
pub use reader::{ReadError, Reader};
#[cfg(feature = "git")]
pub use revision::{NoRevision, Revision};
pub use span::{FileId, Span};
pub use text::{TextError, decode};
