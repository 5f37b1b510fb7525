//! HTTP methods as keys of a path item.

use crate::syntax::Atom;

/// An HTTP method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Method<'a>(pub &'a str);

impl Method<'_> {
    /// The method in lower case if the specification has a field for it; empty for any other.
    pub fn standard(self) -> &'static str {
        METHODS
            .iter()
            .map(|method| method.text())
            .find(|method| method.eq_ignore_ascii_case(self.0))
            .unwrap_or("")
    }

    /// Whether the method only reads (RFC 9110 §9.2.1; QUERY: RFC of the same name).
    pub fn is_safe(self) -> bool {
        ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"].iter().any(|safe| self.0.eq_ignore_ascii_case(safe))
    }

    /// The method in upper case.
    pub fn upper(self) -> String {
        self.0.to_ascii_uppercase()
    }

    /// The method in lower case, as the document writes it.
    pub fn lower(self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// The methods for which the specification has a field.
pub(super) const METHODS: [Atom; 9] = [
    Atom::GET,
    Atom::PUT,
    Atom::POST,
    Atom::DELETE,
    Atom::OPTIONS,
    Atom::HEAD,
    Atom::PATCH,
    Atom::TRACE,
    Atom::QUERY,
];
