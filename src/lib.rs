//! oasguard: a static security linter for OpenAPI documents.
pub mod model;
pub mod source;
pub mod syntax;
