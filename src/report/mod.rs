//! Writes a report down: one file per output format.

mod checkstyle;
mod concise;
mod csv;
mod gcc;
mod github;
mod gitlab;
#[cfg(feature = "cli")]
mod human;
mod json;
mod junit;
mod layout;
mod level;
mod lines;
mod markdown;
mod page;
mod rdjson;
mod sarif;
mod setting;
#[cfg(feature = "cli")]
mod snippet;
mod statistics;
mod visible;
mod xml;

pub use checkstyle::checkstyle;
pub use concise::concise;
pub use csv::csv;
pub use gcc::gcc;
pub use github::github;
pub use gitlab::gitlab;
#[cfg(feature = "cli")]
pub use human::{Full, full};
#[cfg(feature = "cli")]
pub(crate) use json::pretty;
pub use json::{json, suppressions};
pub use junit::junit;
use level::{ERROR, by_severity, severest_first};
pub use level::{Level, Verdict, level};
pub use lines::json_lines;
pub use markdown::{MARKDOWN_BYTES, markdown};
pub use rdjson::rdjson;
pub use sarif::{SARIF_RESULTS, sarif, sarif_left_out};
pub use setting::Setting;
pub use statistics::{statistics, summary, timings};
pub use visible::{visible, visible_line};
