//! Finds every object of a document once, by the grammar of [`objects`](super::objects), through references.

use super::node_set::NodeSet;
use super::objects::{ObjectType, Shape, is_extension};
use super::reference::{References, Resolution, reference_value};
use crate::source::FileId;
use crate::syntax::{Atom, Files, Keys, Kind, Node, NodeId};

/// As what a node was met: its type plus one, so that 0 is for what was not, and a bit for what has no part.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Met(u8);

impl Met {
    const PARTLESS: u8 = 1 << 7;

    fn of(object_type: ObjectType) -> Met {
        Met(object_type as u8 + 1)
    }

    fn object_type(self) -> ObjectType {
        ObjectType::ALL[usize::from((self.0 & !Met::PARTLESS) - 1)]
    }
}

const _: () = assert!(ObjectType::ALL.len() < Met::PARTLESS as usize);

/// The objects of a document by type, and its references, in the order of a depth-first walk from the root.
#[derive(Debug, Default)]
pub(super) struct Objects {
    by_type: Vec<Vec<(FileId, NodeId)>>,
    references: Vec<(FileId, NodeId)>,
    /// Of each file the nodes that were met, and the type as which each was met first.
    met: Vec<(NodeSet, Vec<Met>)>,
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
        let below = ChildKeys::of(files);
        let Some(root) = files.root(FileId::ROOT) else { return objects };
        // Children are pushed in reverse, so that the walk goes in source order.
        let mut pending = vec![(root, ObjectType::Root)];
        while let Some((node, object_type)) = pending.pop() {
            if !visited.insert(node, object_type) {
                continue;
            }
            let before = pending.len();
            // What stands beside a reference is looked at as well: path items and 3.1 schemas have siblings.
            objects.add(node, object_type, &below, &mut pending);
            if let Some(value) = reference_value(node) {
                objects.references.push(node.identity());
                if let Some(Resolution::Found(target)) = references.step_of(files, value) {
                    pending.push((target, object_type));
                }
            } else if object_type == ObjectType::Schema && pending.len() == before {
                visited.mark_partless_schema(node);
            }
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
        Some(self.met(node)?.object_type())
    }

    /// Whether a node is known as a schema that is no reference and under whose keywords no schema stands.
    #[inline]
    pub(super) fn is_partless_schema(&self, node: Node<'_>) -> bool {
        self.met(node).is_some_and(|met| met.0 & Met::PARTLESS != 0)
    }

    #[inline]
    fn met(&self, node: Node<'_>) -> Option<Met> {
        let (nodes, met) = &self.met[node.file().index()];
        Some(met[nodes.position(node.id())?])
    }

    /// The nodes of each file that were met.
    pub(super) fn sets(&self) -> impl Iterator<Item = &NodeSet> {
        self.met.iter().map(|(nodes, _)| nodes)
    }

    #[inline]
    fn add<'a>(
        &mut self,
        node: Node<'a>,
        object_type: ObjectType,
        below: &ChildKeys,
        pending: &mut Vec<(Node<'a>, ObjectType)>,
    ) {
        let is_schema = object_type == ObjectType::Schema;
        if !(node.is_object() || is_schema && node.kind() == Kind::Bool) {
            return;
        }
        self.by_type[object_type as usize].push(node.identity());
        if below.of_type(object_type).intersects(node.keys()) {
            push_children(node, object_type, pending);
        }
    }
}

#[inline(never)]
fn push_children<'a>(node: Node<'a>, object_type: ObjectType, pending: &mut Vec<(Node<'a>, ObjectType)>) {
    let first = pending.len();
    for_each_child(node, object_type, |child, child_type| pending.push((child, child_type)));
    pending[first..].reverse();
}

/// By type: the keys under which objects may stand, as far as the files have them. Two of three objects have none of these,
/// which is known without a look at their entries.
struct ChildKeys([Keys; ObjectType::ALL.len()]);

impl ChildKeys {
    fn of(files: &Files) -> ChildKeys {
        let is_there = |keyword: &Atom| files.iter().any(|(_, file)| file.tree.has_keyword(*keyword));
        let mut all = [Keys::default(); ObjectType::ALL.len()];
        for (keys, object_type) in all.iter_mut().zip(ObjectType::ALL) {
            *keys = match values_of(*object_type) {
                Some(_) => Keys::ANY,
                None => {
                    let keywords = object_type.fields().iter().map(|&(keyword, ..)| keyword);
                    Keys::of_keywords(keywords.filter(is_there))
                }
            };
        }
        ChildKeys(all)
    }

    fn of_type(&self, object_type: ObjectType) -> Keys {
        self.0[object_type as usize]
    }
}

/// The type of what stands under every key of an object of a type, whatever the keys are.
fn values_of(object_type: ObjectType) -> Option<ObjectType> {
    match object_type {
        ObjectType::Paths | ObjectType::Callback => Some(ObjectType::PathItem),
        ObjectType::Responses => Some(ObjectType::Response),
        _ => None,
    }
}

/// Calls `visit` for every object directly below an object of a type.
fn for_each_child<'a>(node: Node<'a>, object_type: ObjectType, mut visit: impl FnMut(Node<'a>, ObjectType)) {
    if let Some(target) = values_of(object_type) {
        for entry in node.entries().filter(|entry| !is_extension(entry.key, target)) {
            // A callback or paths object may itself be a reference.
            if entry.key.atom() != Some(Atom::DOLLAR_REF) {
                visit(entry.value, target);
            }
        }
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
    /// By file and node: as what it was met first.
    first: Vec<Vec<Met>>,
    /// By file: those that have one.
    sets: Vec<NodeSet>,
    others: rustc_hash::FxHashSet<(FileId, NodeId, ObjectType)>,
}

impl Visited {
    fn new(files: &Files) -> Visited {
        let first = files.iter().map(|(_, file)| vec![Met::default(); file.tree.len()]).collect();
        let sets = files.iter().map(|(_, file)| NodeSet::of_file(file.tree.len())).collect();
        Visited { first, sets, others: Default::default() }
    }

    fn insert(&mut self, node: Node<'_>, object_type: ObjectType) -> bool {
        let slot = &mut self.first[node.file().index()][node.id().index()];
        if slot.0 == 0 {
            *slot = Met::of(object_type);
            self.sets[node.file().index()].insert(node.id());
            return true;
        }
        slot.object_type() != object_type && self.others.insert((node.file(), node.id(), object_type))
    }

    fn mark_partless_schema(&mut self, node: Node<'_>) {
        let slot = &mut self.first[node.file().index()][node.id().index()];
        if slot.object_type() == ObjectType::Schema {
            slot.0 |= Met::PARTLESS;
        }
    }

    /// What is known of each file, without a place for every node: a tenth of a byte for each byte of input.
    fn finish(self) -> Vec<(NodeSet, Vec<Met>)> {
        let of_file = |(mut nodes, first): (NodeSet, Vec<Met>)| {
            nodes.count();
            let mut met = Vec::with_capacity(nodes.len());
            nodes.for_each(|node| met.push(first[node.index()]));
            (nodes, met)
        };
        self.sets.into_iter().zip(self.first).map(of_file).collect()
    }
}
