//! Positions in a set of files: a file and a range of byte offsets.

/// A file within the set of files that one root document reaches; the root document itself is file 0.
///
/// The number is local to that set. Files are numbered in the order in which references reach them, so the
/// numbering is the same in every run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

impl FileId {
    /// The root document.
    pub const ROOT: FileId = FileId(0);

    /// The position of the file in the set.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of byte offsets into the decoded text of one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range as `usize`, to slice the file's text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
