//! HTTP methods as keys of a path item.

use crate::syntax::Atom;

/// An HTTP method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Method<'a> {
    text: &'a str,
    /// Kept: rules ask for it many times an operation.
    standard: &'static str,
}

impl<'a> Method<'a> {
    /// The method that a document writes so.
    pub fn of(text: &'a str) -> Method<'a> {
        let mut standard = METHODS.iter().map(|method| method.text());
        let standard = standard.find(|method| method.eq_ignore_ascii_case(text)).unwrap_or("");
        Method { text, standard }
    }

    /// The method as the document writes it.
    pub fn text(self) -> &'a str {
        self.text
    }

    /// The method in lower case if the specification has a field for it; empty for any other.
    pub fn standard(self) -> &'static str {
        self.standard
    }

    /// Whether the method only reads (RFC 9110 §9.2.1; QUERY: RFC of the same name).
    pub fn is_safe(self) -> bool {
        matches!(self.standard, "get" | "head" | "options" | "trace" | "query")
    }

    /// The method in upper case.
    pub fn upper(self) -> String {
        self.text.to_ascii_uppercase()
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
