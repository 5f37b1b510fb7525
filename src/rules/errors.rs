//! The errors: what keeps oasguard from doing its job. They have pages like rules, but cannot be selected, ignored or
//! suppressed.

/// An error and its page.
#[derive(Clone, Copy, Debug)]
pub struct ErrorRule {
    /// The id.
    pub id: &'static str,
    /// The statement in one line.
    pub summary: &'static str,
    /// The page.
    pub page: &'static str,
}

/// Every error.
pub fn errors() -> &'static [ErrorRule] {
    const ERRORS: &[ErrorRule] = &[
        ErrorRule {
            id: "syntax-error",
            summary: "a file is not well-formed JSON or YAML",
            page: include_str!("../../rules/errors/syntax-error.md"),
        },
        ErrorRule {
            id: "unreadable",
            summary: "a file cannot be read, or holds no text",
            page: include_str!("../../rules/errors/unreadable.md"),
        },
        ErrorRule {
            id: "limit-exceeded",
            summary: "a document is larger, deeper or more entangled than the limits allow",
            page: include_str!("../../rules/errors/limit-exceeded.md"),
        },
        ErrorRule {
            id: "configuration-error",
            summary: "a file of settings is wrong, and what it governs is not checked",
            page: include_str!("../../rules/errors/configuration-error.md"),
        },
        ErrorRule {
            id: "internal-error",
            summary: "oasguard itself failed",
            page: include_str!("../../rules/errors/internal-error.md"),
        },
    ];
    ERRORS
}
