//! Parts of documents, and which of them a value lies in.

use crate::source::FileId;
use crate::syntax::Node;

/// Subtrees and whole files. Of two either one lies in the other, or they have nothing in common.
#[derive(Debug, Default)]
pub(super) struct Region {
    /// File, first node, first node after it; in this order, the outer one of two that begin alike first.
    parts: Vec<(FileId, u32, u32)>,
    /// The part around each.
    outer: Vec<Option<usize>>,
}

/// A subtree or a file.
pub(super) type Part = (FileId, u32, u32);

/// The subtree of a value.
pub(super) fn subtree(node: Node<'_>) -> Part {
    (node.file(), node.id().0, node.end_id().0)
}

/// All of a file.
pub(super) fn whole(file: FileId) -> Part {
    (file, 0, u32::MAX)
}

impl Region {
    pub(super) fn of(parts: impl IntoIterator<Item = Part>) -> Region {
        let mut parts: Vec<Part> = parts.into_iter().collect();
        parts.sort_by_key(|&(file, start, end)| (file, start, std::cmp::Reverse(end)));
        parts.dedup();
        let mut outer = Vec::with_capacity(parts.len());
        let mut open: Vec<usize> = Vec::new();
        for (number, &(file, start, _)) in parts.iter().enumerate() {
            while open.last().is_some_and(|&last| parts[last].0 != file || parts[last].2 <= start) {
                open.pop();
            }
            outer.push(open.last().copied());
            open.push(number);
        }
        Region { parts, outer }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The number of a part.
    pub(super) fn number(&self, part: Part) -> Option<usize> {
        let key = |&(file, start, end): &Part| (file, start, std::cmp::Reverse(end));
        self.parts.binary_search_by_key(&key(&part), key).ok()
    }

    /// The numbers of the parts that a value lies in, the innermost first.
    pub(super) fn around(&self, node: Node<'_>) -> impl Iterator<Item = usize> {
        let (file, id) = (node.file(), node.id().0);
        let after = self.parts.partition_point(|&(of, start, _)| (of, start) <= (file, id));
        let holds = move |number: usize| self.parts[number].0 == file && id < self.parts[number].2;
        std::iter::successors(after.checked_sub(1), |&number| self.outer[number])
            .filter(move |&number| holds(number))
    }

    /// Whether a value lies in any part.
    pub(super) fn contains(&self, node: Node<'_>) -> bool {
        self.around(node).next().is_some()
    }
}
