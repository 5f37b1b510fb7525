//! Some nodes of a file, each with its position among them.

use crate::syntax::NodeId;

/// A set of nodes of a file. A map by hash took twice as long to ask, and a list with a place for every node sixteen times
/// the memory: half a byte for each byte of input.
#[derive(Clone, Debug)]
pub(super) struct NodeSet {
    /// For 64 nodes each: which of them are in the set, and how many before them are.
    words: Vec<(u64, u32)>,
}

impl NodeSet {
    /// No node of a file that has `count`.
    pub(super) fn of_file(count: usize) -> NodeSet {
        NodeSet { words: vec![(0, 0); count.div_ceil(64)] }
    }

    /// Adds a node of the file. Positions are those of [`NodeSet::count`].
    #[inline]
    pub(super) fn insert(&mut self, node: NodeId) {
        self.words[node.index() / 64].0 |= 1 << (node.index() % 64);
    }

    /// Counts the nodes that were added.
    pub(super) fn count(&mut self) {
        let mut before = 0;
        for (word, sum) in &mut self.words {
            *sum = before;
            before += word.count_ones();
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words.last().map_or(0, |(word, before)| *before as usize + word.count_ones() as usize)
    }

    /// Calls `visit` for each node, in source order.
    pub(super) fn for_each(&self, mut visit: impl FnMut(NodeId)) {
        for (number, &(word, _)) in (0..).zip(&self.words) {
            let mut left = word;
            while left != 0 {
                visit(NodeId(64 * number + left.trailing_zeros()));
                left &= left - 1;
            }
        }
    }

    /// How many nodes of the set stand before this one, if it is in the set.
    #[inline]
    pub(super) fn position(&self, node: NodeId) -> Option<usize> {
        let (word, before) = *self.words.get(node.index() / 64)?;
        let bit = 1 << (node.index() % 64);
        (word & bit != 0).then(|| before as usize + (word & (bit - 1)).count_ones() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_numbered_in_source_order() {
        let nodes = [200, 0, 63, 64, 65];
        let mut set = NodeSet::of_file(201);
        nodes.into_iter().for_each(|node| set.insert(NodeId(node)));
        set.count();
        let positions: Vec<_> = [0, 63, 64, 65, 200].map(|node| set.position(NodeId(node))).into();
        assert_eq!(positions, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(set.len(), 5);
        let mut found = Vec::new();
        set.for_each(|node| found.push(node));
        assert_eq!(found, [0, 63, 64, 65, 200].map(NodeId));
        assert!([1, 62, 66, 199, 201, 10_000].iter().all(|&node| set.position(NodeId(node)).is_none()));
        assert_eq!(NodeSet::of_file(0).len(), 0);
    }
}
