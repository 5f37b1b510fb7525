//! The budget of merge keys: how many entries `<<` may contribute to the objects of one file.
//!
//! A chain of objects that each merge the one before makes a reader visit a number of entries that is quadratic in the
//! size of the file, and [`Node::entries`](crate::syntax::Node::entries) is that reader. So the entries are counted
//! when the file is read, without visiting them: the count of every merged container is kept.

use rustc_hash::FxHashMap;

use crate::source::Limits;
use crate::syntax::{Kind, NodeId, SyntaxError, Tree};

/// What the merge keys of a file have contributed so far.
#[derive(Debug)]
pub(super) struct MergeBudget {
    limit: u32,
    used: u64,
    /// What merging a container contributes, for containers that were merged or that merge.
    sizes: FxHashMap<NodeId, u64>,
}

impl MergeBudget {
    pub(super) fn new(limits: &Limits) -> MergeBudget {
        MergeBudget { limit: limits.merge_copies, used: 0, sizes: FxHashMap::default() }
    }

    /// Counts the merge keys of an object that has just been closed.
    pub(super) fn count(&mut self, tree: &Tree, object: NodeId) -> Result<(), SyntaxError> {
        let mut size = 0u64;
        let mut key = NodeId(object.0 + 1);
        while key < tree.next(object) {
            let value = NodeId(key.0 + 1);
            size = size.saturating_add(1);
            if tree.is_merge_key(key) {
                let contribution = self.contribution(tree, value);
                size = size.saturating_add(contribution);
                self.used = self.used.saturating_add(contribution);
                if self.used > u64::from(self.limit) {
                    let (start, end) = tree.range(key);
                    let message = format!("the merge keys of the file add more than {} entries", self.limit);
                    return Err(SyntaxError::limit(
                        start,
                        end,
                        message,
                        "write the entries out, or split the document",
                    ));
                }
            }
            key = tree.next(value);
        }
        self.sizes.insert(object, size);
        Ok(())
    }

    /// What the value of a merge key contributes: the entries of an object, or the items of an array and their entries.
    fn contribution(&mut self, tree: &Tree, value: NodeId) -> u64 {
        let container = target(tree, value);
        if tree.kind(container) != Kind::Array {
            return self.object_size(tree, container);
        }
        if let Some(&size) = self.sizes.get(&container) {
            return size;
        }
        let mut size = 0u64;
        let mut item = NodeId(container.0 + 1);
        while item < tree.next(container) {
            size = size.saturating_add(1).saturating_add(self.object_size(tree, target(tree, item)));
            item = tree.next(item);
        }
        self.sizes.insert(container, size);
        size
    }

    /// The entries of an object; what it merges itself was added when it was closed. Nothing for other kinds.
    fn object_size(&mut self, tree: &Tree, object: NodeId) -> u64 {
        if tree.kind(object) != Kind::Object {
            return 0;
        }
        *self.sizes.entry(object).or_insert_with(|| {
            let mut size = 0;
            let mut key = NodeId(object.0 + 1);
            while key < tree.next(object) {
                size += 1;
                key = tree.next(NodeId(key.0 + 1));
            }
            size
        })
    }
}

fn target(tree: &Tree, node: NodeId) -> NodeId {
    if tree.kind(node) == Kind::Alias { tree.alias_target(node) } else { node }
}
