//! Some nodes of a file, each with its position among them.

use crate::syntax::NodeId;

/// A set of nodes of a file. A map by hash took twice as long to ask, and a list with a place for every node sixteen times
/// the memory: half a byte for each byte of input.
#[derive(Debug)]
pub(super) struct NodeSet {
    /// For 64 nodes each: which of them are in the set, and how many before them are.
    words: Vec<(u64, u32)>,
}

impl NodeSet {
    /// The set of some of the `count` nodes of a file, in any order.
    pub(super) fn of(nodes: impl IntoIterator<Item = NodeId>, count: usize) -> NodeSet {
        let mut words = vec![(0u64, 0); count.div_ceil(64)];
        for node in nodes {
            words[node.index() / 64].0 |= 1 << (node.index() % 64);
        }
        let mut before = 0;
        for (word, sum) in &mut words {
            *sum = before;
            before += word.count_ones();
        }
        NodeSet { words }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words.last().map_or(0, |(word, before)| *before as usize + word.count_ones() as usize)
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
        let set = NodeSet::of(nodes.map(NodeId), 201);
        let positions: Vec<_> = [0, 63, 64, 65, 200].map(|node| set.position(NodeId(node))).into();
        assert_eq!(positions, [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(set.len(), 5);
        assert!([1, 62, 66, 199, 201, 10_000].iter().all(|&node| set.position(NodeId(node)).is_none()));
        assert_eq!(NodeSet::of([], 0).len(), 0);
    }
}
