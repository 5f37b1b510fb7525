//! What a run was told to do: which rules apply, and how.

mod plan;

pub use plan::{Plan, Selection};
