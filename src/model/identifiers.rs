//! Values by `$id`, `$anchor`, `$dynamicAnchor` and `$self` rather than by file and pointer.

use rustc_hash::FxHashMap;

use super::pointers::Pointers;
use super::uri::{join, percent_decode};
use crate::source::FileId;
use crate::syntax::{Atom, Files, Node, NodeId};

/// `$id`, `$anchor`, `$dynamicAnchor` (JSON Schema 2020-12 §8.2) and `$self` (OpenAPI 3.2 §4.1) of all files. Most
/// documents have none of them.
#[derive(Default)]
pub(super) struct Identifiers {
    /// Values with a base of their own, in the order of file and node.
    resources: Vec<Resource>,
    by_identifier: FxHashMap<String, (FileId, NodeId)>,
    /// The values with an anchor, by file and name, in source order.
    anchors: FxHashMap<(FileId, String), Vec<NodeId>>,
}

struct Resource {
    place: (FileId, NodeId),
    /// The first node after the resource.
    end: NodeId,
    identifier: String,
    /// The resource around it, by position.
    around: Option<usize>,
}

impl Identifiers {
    pub(super) fn collect(files: &Files) -> Identifiers {
        let mut identifiers = Identifiers::default();
        for (id, file) in files.iter() {
            let bases =
                [Atom::DOLLAR_ID, Atom::DOLLAR_SELF].map(|keyword| file.tree.strings_in(keyword, &file.text));
            for (object, text) in bases.into_iter().flatten() {
                let identifier = text.trim_end_matches('#').to_owned();
                let end = files.node(id, object).end_id();
                identifiers.resources.push(Resource { place: (id, object), end, identifier, around: None });
            }
            let anchors = [Atom::DOLLAR_ANCHOR, Atom::DOLLAR_DYNAMIC_ANCHOR];
            for (object, text) in
                anchors.into_iter().flat_map(|keyword| file.tree.strings_in(keyword, &file.text))
            {
                identifiers.anchors.entry((id, text.to_owned())).or_default().push(object);
            }
        }
        identifiers.anchors.values_mut().for_each(|nodes| nodes.sort());
        identifiers.nest();
        identifiers
    }

    /// Orders the resources, finds what is around each, and makes their identifiers absolute where a base is known.
    fn nest(&mut self) {
        self.resources.sort_by_key(|resource| resource.place);
        let mut open: Vec<usize> = Vec::new();
        for index in 0..self.resources.len() {
            let place = self.resources[index].place;
            let encloses = |outer: &Resource| outer.place.0 == place.0 && place.1 < outer.end;
            while open.last().is_some_and(|&outer| !encloses(&self.resources[outer])) {
                open.pop();
            }
            let around = open.last().copied();
            let base = around.map_or("", |outer| self.resources[outer].identifier.as_str());
            let identifier = join(base, &self.resources[index].identifier);
            self.by_identifier.entry(identifier.clone()).or_insert(place);
            self.resources[index].identifier = identifier;
            self.resources[index].around = around;
            open.push(index);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The target inside resources with identifiers; nothing if plain files decide.
    pub(super) fn resolve(
        &self,
        files: &Files,
        pointers: &mut Pointers,
        site: (FileId, NodeId),
        address: &str,
        fragment: &str,
    ) -> Option<(FileId, NodeId)> {
        if self.resources.is_empty() {
            return None;
        }
        let enclosing = self.enclosing(site);
        let resource = if address.is_empty() {
            enclosing?.place
        } else {
            let base = enclosing.map_or("", |resource| resource.identifier.as_str());
            *self.by_identifier.get(&join(base, address)).or_else(|| self.by_identifier.get(address))?
        };
        if fragment.is_empty() {
            return Some(resource);
        }
        let fragment = percent_decode(fragment);
        if fragment.starts_with('/') {
            let mut tokens = fragment.split('/').skip(1);
            let found = tokens.try_fold(files.at(resource), |at, token| pointers.child(at, token));
            return found.map(Node::identity);
        }
        self.anchor(resource, files, &fragment)
    }

    /// The innermost resource around a node.
    fn enclosing(&self, site: (FileId, NodeId)) -> Option<&Resource> {
        let after = self.resources.partition_point(|resource| resource.place <= site);
        let mut candidate = after.checked_sub(1);
        while let Some(resource) = candidate.map(|index| &self.resources[index]) {
            if resource.place.0 == site.0 && site.1 < resource.end {
                return Some(resource);
            }
            candidate = resource.around;
        }
        None
    }

    /// The node with an anchor within a resource.
    pub(super) fn anchor(
        &self,
        resource: (FileId, NodeId),
        files: &Files,
        name: &str,
    ) -> Option<(FileId, NodeId)> {
        let nodes = self.anchors.get(&(resource.0, name.to_owned()))?;
        let first = nodes[nodes.partition_point(|&node| node < resource.1)..].first()?;
        (*first < files.at(resource).end_id()).then_some((resource.0, *first))
    }
}
