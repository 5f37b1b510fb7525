//! Budgets of counted work. Time is never a budget, so that every run of the same input gives the same answer.

/// How much one run may read and build. Whatever exceeds a limit is a `limit-exceeded` error, never silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Depth of nested objects and arrays.
    pub depth: u32,
    /// Bytes of one key. Keys are parts of pointers, so that many findings may each repeat them.
    pub key_bytes: u32,
    /// Nodes of one file.
    pub nodes: u32,
    /// Entries that the YAML merge keys (`<<`) of one document may contribute.
    pub merge_copies: u32,
    /// References that may be followed, one after the other, from one reference to its target.
    pub reference_chain: u32,
    /// Files that one root document may pull in through `$ref`.
    pub files: u32,
    /// Operations of one document; a path item counts wherever a reference puts it. Ten times as many parameters may be
    /// inherited from path items behind references.
    pub operations: u32,
    /// Steps from schemas up to the operations that use them, over all findings of one document.
    pub usage_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 256 << 20,
            depth: 256,
            key_bytes: 1 << 16,
            nodes: (1 << 27) - 2048,
            merge_copies: 1_000_000,
            reference_chain: 10_000,
            files: 100_000,
            operations: 1_000_000,
            usage_steps: 50_000_000,
        }
    }
}
