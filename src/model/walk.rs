//! Finds every object of a document once, by the grammar of [`objects`](super::objects), through references.

use super::node_set::NodeSet;
use super::objects::{ObjectType, Shape, is_extension};
use super::reference::{References, Resolution, reference_value};
use crate::source::FileId;
use crate::syntax::{Atom, Files, Kind, Node, NodeId};

/// The objects of a document by type, and its references, in the order of a depth-first walk from the root.
#[derive(Debug, Default)]
pub(super) struct Objects {
    by_type: Vec<Vec<(FileId, NodeId)>>,
    references: Vec<(FileId, NodeId)>,
    /// Of each file the nodes that were met, and the type as which each was met first.
    met: Vec<(NodeSet, Vec<ObjectType>)>,
}

impl Objects {
    /// Walks from the root document.
    pub(super) fn find(files: &Files, references: &References) -> Objects {
        let mut objects = Objects {
            by_type: vec![Vec::new(); ObjectType::ALL.len()],
            references: Vec::new(),
            met: Vec::new(),
        };
        let mut visited = Visited::new(files);
        let Some(root) = files.root(FileId::ROOT) else { return objects };
        // Children are pushed in reverse, so that the walk goes in source order.
        let mut pending = vec![(root, ObjectType::Root)];
        while let Some((node, object_type)) = pending.pop() {
            if !visited.insert(node, object_type) {
                continue;
            }
            if let Some(value) = reference_value(node) {
                objects.references.push(node.identity());
                let target = references.step_of(files, value);
                // What stands beside a reference is looked at as well: path items and 3.1 schemas have siblings.
                objects.add(node, object_type, &mut pending);
                if let Some(Resolution::Found(target)) = target {
                    pending.push((target, object_type));
                }
                continue;
            }
            objects.add(node, object_type, &mut pending);
        }
        objects.met = visited.finish();
        objects
    }

    /// The objects of a type, references among them where a reference stands for one.
    pub(super) fn of(&self, object_type: ObjectType) -> &[(FileId, NodeId)] {
        &self.by_type[object_type as usize]
    }

    /// The objects that are references.
    pub(super) fn references(&self) -> &[(FileId, NodeId)] {
        &self.references
    }

    /// The type as which a node was met first.
    pub(super) fn type_of(&self, node: Node<'_>) -> Option<ObjectType> {
        let (nodes, types) = &self.met[node.file().index()];
        Some(types[nodes.position(node.id())?])
    }

    /// The nodes of each file that were met.
    pub(super) fn sets(&self) -> impl Iterator<Item = &NodeSet> {
        self.met.iter().map(|(nodes, _)| nodes)
    }

    fn add<'a>(
        &mut self,
        node: Node<'a>,
        object_type: ObjectType,
        pending: &mut Vec<(Node<'a>, ObjectType)>,
    ) {
        let is_schema = object_type == ObjectType::Schema;
        if !(node.is_object() || is_schema && node.kind() == Kind::Bool) {
            return;
        }
        self.by_type[object_type as usize].push(node.identity());
        let first = pending.len();
        for_each_child(node, object_type, |child, child_type| pending.push((child, child_type)));
        pending[first..].reverse();
    }
}

/// Calls `visit` for every object directly below an object of a type.
pub(super) fn for_each_child<'a>(
    node: Node<'a>,
    object_type: ObjectType,
    mut visit: impl FnMut(Node<'a>, ObjectType),
) {
    let target = match object_type {
        ObjectType::Paths | ObjectType::Callback => Some(ObjectType::PathItem),
        ObjectType::Responses => Some(ObjectType::Response),
        _ => None,
    };
    if let Some(target) = target {
        for entry in node.entries().filter(|entry| !is_extension(entry.key, target)) {
            // A callback or paths object may itself be a reference.
            if entry.key.atom() != Some(Atom::DOLLAR_REF) {
                visit(entry.value, target);
            }
        }
        return;
    }
    if object_type.fields().is_empty() {
        return;
    }
    for entry in node.entries() {
        let Some(atom) = entry.key.atom() else { continue };
        let Some((shape, target)) = object_type.child(atom) else { continue };
        match shape {
            // 2.0 and JSON Schema before 2020-12 allow an array of schemas as `items`.
            Shape::One if entry.value.is_array() && target == ObjectType::Schema => {
                entry.value.items().for_each(|item| visit(item, target));
            }
            Shape::One => visit(entry.value, target),
            Shape::List => entry.value.items().for_each(|item| visit(item, target)),
            Shape::Map => {
                for inner in entry.value.entries().filter(|inner| !is_extension(inner.key, target)) {
                    visit(inner.value, target);
                }
            }
        }
    }
}

/// Which nodes were met as which types, while the walk goes on. A node is nearly always met as one type only.
struct Visited {
    /// By file and node: the first type plus one, or 0.
    first: Vec<Vec<u8>>,
    /// By file: those that have one.
    sets: Vec<NodeSet>,
    others: rustc_hash::FxHashSet<(FileId, NodeId, ObjectType)>,
}

impl Visited {
    fn new(files: &Files) -> Visited {
        let first = files.iter().map(|(_, file)| vec![0; file.tree.len()]).collect();
        let sets = files.iter().map(|(_, file)| NodeSet::of_file(file.tree.len())).collect();
        Visited { first, sets, others: Default::default() }
    }

    fn insert(&mut self, node: Node<'_>, object_type: ObjectType) -> bool {
        let mark = object_type as u8 + 1;
        let slot = &mut self.first[node.file().index()][node.id().index()];
        match *slot {
            0 => {
                *slot = mark;
                self.sets[node.file().index()].insert(node.id());
                true
            }
            known if known == mark => false,
            _ => self.others.insert((node.file(), node.id(), object_type)),
        }
    }

    /// What is known of each file, without a place for every node: a tenth of a byte for each byte of input.
    fn finish(self) -> Vec<(NodeSet, Vec<ObjectType>)> {
        let of_file = |(mut nodes, marks): (NodeSet, Vec<u8>)| {
            nodes.count();
            // To collect them would keep the room of all marks.
            let mut types = Vec::with_capacity(nodes.len());
            types.extend(
                marks.iter().filter(|mark| **mark != 0).map(|mark| ObjectType::ALL[usize::from(mark - 1)]),
            );
            (nodes, types)
        };
        self.sets.into_iter().zip(self.first).map(of_file).collect()
    }
}
