//! oasguard: a static security linter for OpenAPI documents.
