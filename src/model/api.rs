//! The API that a document describes: its operations, each with its effective security, servers and parameters.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::access::UnguardedIds;
use super::credentials::CredentialParameter;
use super::directives::{OperationsByNode, Statement};
use super::limits::has_quota;
use super::method::{METHODS, Method};
use super::objects::{Object, ObjectType, PathItem, SecurityScheme};
use super::operation::{Declaration, Operation, OperationId, OperationKind};
use super::parameters::Parameters;
use super::public::{Asserted, PublicReason};
use super::request::RequestSchemas;
use super::security::{Origin, Required, Schemes, Security};
use super::servers::Servers;
use super::usage::Usage;
use super::{Document, Member, Version, objects};
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId};

/// The meaning of a document.
#[derive(Debug)]
pub struct Api<'a> {
    /// The document.
    pub document: &'a Document,
    /// Every operation: those of paths in source order, then webhooks, then callbacks.
    pub operations: Vec<Operation<'a>>,
    /// The declared security schemes.
    pub schemes: Schemes<'a>,
    /// The root's requirements.
    pub root_security: Arc<Security<'a>>,
    /// The root's servers.
    pub root_servers: Arc<Servers<'a>>,
    /// Whether the document has more operations than the limit; those beyond it are not here.
    pub has_too_many_operations: bool,
    usage: OnceLock<Usage>,
    request_schemas: OnceLock<RequestSchemas<'a>>,
    pub(super) parameters: OnceLock<Parameters<'a>>,
    by_security: OnceLock<Vec<(Arc<Security<'a>>, OperationGroup)>>,
    by_servers: OnceLock<Vec<(Arc<Servers<'a>>, OperationGroup)>>,
    users: OnceLock<Users<'a>>,
    ranks: OnceLock<Ranks>,
    pub(super) unguarded_ids: OnceLock<Vec<UnguardedIds>>,
    pub(super) credentials: OnceLock<Vec<CredentialParameter<'a>>>,
    pub(super) statements: OnceLock<Vec<Statement<'a>>>,
    pub(super) by_node: OnceLock<OperationsByNode>,
}

/// The operations by rank.
#[derive(Debug)]
struct Ranks {
    order: Vec<OperationId>,
    /// The place of each in that order.
    places: Vec<u32>,
}

/// For each scheme the requirements that name it, each with the operations that it applies to.
type Users<'a> = FxHashMap<(FileId, NodeId), Vec<(Required<'a>, OperationGroup)>>;

/// Operations that have something in common, most exposed first. Groups by the same criterion are shared, not copied,
/// and have no operation in common: what applies to each of many operations would else be as long as their product.
pub type OperationGroup = Arc<[OperationId]>;

/// What the operations share, by where it is written: a path item that many paths refer to is read once.
#[derive(Default)]
struct Shared<'a> {
    /// Parameters of path items that were read through references, each as often as an operation inherits it.
    inherited: u64,
    security: FxHashMap<(FileId, NodeId), Arc<Security<'a>>>,
    servers: FxHashMap<(Origin, FileId, NodeId), Option<Arc<Servers<'a>>>>,
}

impl<'a> Api<'a> {
    /// Reads the operations of a document and what applies to each.
    pub fn of(document: &'a Document) -> Api<'a> {
        let root = document.root();
        let schemes = Schemes::of(document);
        let root_security = root.field(Atom::SECURITY).filter(|node| node.is_array());
        let root_security = root_security
            .map_or_else(Security::undeclared, |node| Security::read(&schemes, Origin::Root, node));
        let root_servers = Servers::of_list(Origin::Root, root.servers())
            .or_else(|| Servers::of_schemes(Origin::Root, root, root.schemes()?))
            .unwrap_or_else(Servers::none);
        let expected = document.nodes(ObjectType::Operation).len().min(document.limits().operations as usize);
        let mut api = Api {
            document,
            operations: Vec::with_capacity(expected),
            schemes,
            root_security: Arc::new(root_security),
            root_servers: Arc::new(root_servers),
            has_too_many_operations: false,
            usage: OnceLock::new(),
            request_schemas: OnceLock::new(),
            parameters: OnceLock::new(),
            by_security: OnceLock::new(),
            by_servers: OnceLock::new(),
            users: OnceLock::new(),
            ranks: OnceLock::new(),
            unguarded_ids: OnceLock::new(),
            credentials: OnceLock::new(),
            statements: OnceLock::new(),
            by_node: OnceLock::new(),
        };
        let shared = &mut Shared::default();
        let paths = root.paths().into_iter().flat_map(|paths| paths.items());
        for member in paths {
            api.add_item(OperationKind::Path, None, member, shared);
        }
        for member in root.webhooks() {
            api.add_item(OperationKind::Webhook, Some(member.written.key_text()), member, shared);
        }
        api.add_callbacks(shared);
        api
    }

    /// Takes an operation as public because somebody says so, which outweighs all evidence. To be said before rules ask.
    pub fn assert_public(&mut self, operation: OperationId, asserted: Asserted<'a>) {
        self.operations[operation.0 as usize].public = OnceLock::from(Some(PublicReason::Asserted(asserted)));
    }

    /// The operations by the requirements that apply to them, in the order of the first by [`Api::rank`].
    pub fn by_security(&self) -> &[(Arc<Security<'a>>, OperationGroup)] {
        self.by_security.get_or_init(|| {
            let mut groups = self.groups_by(self.operations.iter(), |operation| &operation.security);
            groups.sort_by_key(|(_, operations)| operations.first().map(|&operation| self.rank(operation)));
            groups
        })
    }

    /// The operations under `paths` by the servers at which they are reached, in the order of the first by
    /// [`Api::rank`].
    pub fn by_servers(&self) -> &[(Arc<Servers<'a>>, OperationGroup)] {
        self.by_servers.get_or_init(|| {
            self.groups_by(self.ranked_operations().into_iter(), |operation| &operation.servers)
        })
    }

    /// The requirements that name a scheme, each with the operations that it applies to, in the order of
    /// [`Api::by_security`].
    pub fn users(&self, scheme: SecurityScheme<'a>) -> &[(Required<'a>, OperationGroup)] {
        let users = self.users.get_or_init(|| {
            let mut users = Users::default();
            for (security, operations) in self.by_security() {
                let mut seen = rustc_hash::FxHashSet::default();
                for required in security.required() {
                    let Some(scheme) = required.scheme.map(|scheme| scheme.node().identity()) else {
                        continue;
                    };
                    if seen.insert(scheme) {
                        users.entry(scheme).or_default().push((*required, operations.clone()));
                    }
                }
            }
            users
        });
        users.get(&scheme.node().identity()).map_or(&[], Vec::as_slice)
    }

    /// Operations grouped by something that they share, in the order of first use.
    pub fn groups_by<'o, T>(
        &'o self,
        operations: impl Iterator<Item = &'o Operation<'a>>,
        key: impl Fn(&'o Operation<'a>) -> &'o Arc<T>,
    ) -> Vec<(Arc<T>, OperationGroup)>
    where
        T: 'o,
    {
        let mut groups: Vec<(Arc<T>, Vec<OperationId>)> = Vec::new();
        let mut index: FxHashMap<*const T, usize> = FxHashMap::default();
        // Most have the same as the one before.
        let mut last = (std::ptr::null(), 0);
        for operation in operations {
            let key = key(operation);
            if last.0 != Arc::as_ptr(key) {
                let at = *index.entry(Arc::as_ptr(key)).or_insert_with(|| {
                    groups.push((key.clone(), Vec::new()));
                    groups.len() - 1
                });
                last = (Arc::as_ptr(key), at);
            }
            groups[last.1].1.push(operation.id);
        }
        groups.into_iter().map(|(key, operations)| (key, self.group(operations))).collect()
    }

    /// A group of operations.
    pub fn group(&self, operations: Vec<OperationId>) -> OperationGroup {
        // Pairs in one number each: to sort them takes a fourth of the time.
        let place = |id| u64::from(self.operation(id).exposure().place()) << 32 | u64::from(self.rank(id));
        let mut places: Vec<u64> = operations.into_iter().map(place).collect();
        places.sort_unstable();
        places.into_iter().map(|place| self.ranks().order[place as u32 as usize]).collect()
    }

    /// The place of an operation among all, by kind, path and method: the same in whatever order the document lists
    /// them, so that what is named as an example does not change when keys are sorted.
    pub fn rank(&self, operation: OperationId) -> u32 {
        self.ranks().places[operation.0 as usize]
    }

    fn ranks(&self) -> &Ranks {
        self.ranks.get_or_init(|| {
            let mut order: Vec<_> = self.operations.iter().collect();
            let key = |o: &Operation<'a>| (o.kind, o.path, o.name, o.method, o.id);
            order.sort_by_key(|operation| key(operation));
            let mut places = vec![0; order.len()];
            for (place, operation) in order.iter().enumerate() {
                places[operation.id.0 as usize] = place as u32;
            }
            Ranks { order: order.into_iter().map(|operation| operation.id).collect(), places }
        })
    }

    /// The operations under `paths` by [`Api::rank`].
    pub fn ranked_operations(&self) -> Vec<&Operation<'a>> {
        let ranked = self.ranks().order.iter().map(|&id| self.operation(id));
        ranked.filter(|operation| operation.kind == OperationKind::Path).collect()
    }

    /// The operation with a number.
    pub fn operation(&self, id: OperationId) -> &Operation<'a> {
        &self.operations[id.0 as usize]
    }

    /// The operations under `paths`.
    pub fn path_operations(&self) -> impl Iterator<Item = &Operation<'a>> {
        self.operations.iter().filter(|operation| operation.kind == OperationKind::Path)
    }

    /// The directions in which each schema is used.
    pub fn usage(&self) -> &Usage {
        self.usage.get_or_init(|| Usage::of(self))
    }

    /// The schemas of all request bodies.
    pub fn request_schemas(&self) -> &RequestSchemas<'a> {
        self.request_schemas.get_or_init(|| RequestSchemas::of(self))
    }

    /// Whether the operations behind some schemas were too many steps away to be looked up.
    pub fn has_too_many_users(&self) -> bool {
        self.usage.get().is_some_and(Usage::is_exhausted)
    }

    /// Operations on the same path; the nearest, if there are more than any real path has.
    pub fn siblings(&self, operation: &Operation<'a>) -> impl Iterator<Item = &Operation<'a>> {
        // Operations of a path item stand side by side.
        let (kind, path, own) = (operation.kind, operation.path_node, operation.id);
        let near = move |o: &&Operation<'a>| o.kind == kind && o.path_node == path;
        let before = self.operations[..own.0 as usize].iter().rev().take_while(near);
        let after = self.operations[own.0 as usize + 1..].iter().take_while(near);
        const NEAREST: usize = 16;
        before.take(NEAREST).chain(after.take(NEAREST))
    }

    fn add_item(
        &mut self,
        kind: OperationKind,
        name: Option<&'a str>,
        member: Member<'a, PathItem<'a>>,
        shared: &mut Shared<'a>,
    ) {
        let document = self.document;
        let written = member.written.dealiased();
        if !written.is_object() {
            return;
        }
        // Beside a `$ref` a path item may have fields of its own, which win.
        let own = PathItem::new(document, written);
        let target = member.object.filter(|item| item.node() != written);
        let items = [Some(own), target];
        let path = if kind == OperationKind::Webhook { "" } else { member.written.key_text() };
        // The standard ones need no set.
        let (mut standard, mut others) = ([false; METHODS.len()], rustc_hash::FxHashSet::default());
        let mut is_new = |key: Node<'a>| match METHODS.iter().position(|&method| key.atom() == Some(method)) {
            Some(at) => !std::mem::replace(&mut standard[at], true),
            None => others.insert(key.text()),
        };
        let mut methods: Vec<(&'a str, Node<'a>)> = Vec::new();
        for item in items.into_iter().flatten() {
            let additional = item.field(Atom::ADDITIONAL_OPERATIONS).into_iter().flat_map(Node::entries);
            let fixed = item
                .node()
                .entries()
                .filter(|entry| entry.key.atom().is_some_and(|key| METHODS.contains(&key)));
            for entry in fixed.chain(additional) {
                if is_new(entry.key) {
                    methods.push((entry.key.text(), entry.value));
                }
            }
        }
        let inherited = target.map_or(0, |item| item.parameters().count() as u64);
        let item_servers = items.iter().flatten().find_map(|item| {
            shared.servers(Origin::PathItem, item.field(Atom::SERVERS)?, |origin| {
                Servers::of_list(origin, item.servers())
            })
        });
        let servers = item_servers.unwrap_or_else(|| self.root_servers.clone());
        let has_quota = items.iter().flatten().any(|item| has_quota(item.node()));
        let (security, path_node) = (self.root_security.clone(), member.written);
        let declaration = Declaration { kind, path, name, path_node, items, has_quota, security, servers };
        for (method, node) in methods {
            let Some(object) = objects::Operation::at(document, node).filter(|o| o.node().is_object()) else {
                continue;
            };
            if self.operations.len() >= document.limits().operations as usize {
                self.has_too_many_operations = true;
                return;
            }
            shared.inherited += inherited;
            if shared.inherited > 10 * u64::from(document.limits().operations) {
                self.has_too_many_operations = true;
                return;
            }
            let id = OperationId(self.operations.len() as u32);
            let mut operation = Operation::new(id, Method::of(method), object, &declaration);
            operation.security = self.security_of(&operation, shared);
            if let Some(servers) = self.own_servers(&operation, shared) {
                operation.servers = servers;
            }
            self.operations.push(operation);
        }
    }

    fn security_of(&self, operation: &Operation<'a>, shared: &mut Shared<'a>) -> Arc<Security<'a>> {
        match operation.field(Atom::SECURITY).filter(|node| node.is_array()) {
            Some(node) => {
                let read = || Arc::new(Security::read(&self.schemes, Origin::Operation, node));
                shared.security.entry(node.identity()).or_insert_with(read).clone()
            }
            None if operation.kind == OperationKind::Path => self.root_security.clone(),
            None => Arc::new(Security::undeclared()),
        }
    }

    fn own_servers(&self, operation: &Operation<'a>, shared: &mut Shared<'a>) -> Option<Arc<Servers<'a>>> {
        let object = operation.object;
        let of_list = |list| {
            shared.servers(Origin::Operation, list, |origin| Servers::of_list(origin, object.servers()))
        };
        operation.field(Atom::SERVERS).and_then(of_list).or_else(|| {
            let is_2_0 = self.document.version() == Version::V2;
            let schemes = is_2_0.then(|| object.schemes()).flatten()?;
            shared.servers(Origin::Operation, schemes, |origin| {
                Servers::of_schemes(origin, self.document.root(), schemes)
            })
        })
    }

    /// Callbacks of operations, and callbacks of those: each Callback Object once, wherever it is used.
    fn add_callbacks(&mut self, shared: &mut Shared<'a>) {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut at = 0;
        while at < self.operations.len() {
            let operation = &self.operations[at];
            at += 1;
            // Most have none.
            if operation.field(Atom::CALLBACKS).is_none() {
                continue;
            }
            for callback in operation.object.callbacks() {
                let Some(found) = callback.object.filter(|found| seen.insert(found.node().identity())) else {
                    continue;
                };
                for member in found.items() {
                    let name = Some(callback.written.key_text());
                    self.add_item(OperationKind::Callback, name, member, shared);
                }
            }
        }
    }
}

impl<'a> Shared<'a> {
    fn servers(
        &mut self,
        origin: Origin,
        node: Node<'a>,
        read: impl FnOnce(Origin) -> Option<Servers<'a>>,
    ) -> Option<Arc<Servers<'a>>> {
        let key = (origin, node.file(), node.id());
        self.servers.entry(key).or_insert_with(|| read(origin).map(Arc::new)).clone()
    }
}

impl Api<'_> {
    /// How many objects of each type the document has.
    pub fn object_counts(&self) -> BTreeMap<&'static str, usize> {
        let counts = ObjectType::ALL.iter().map(|&t| (t.name(), self.document.nodes(t).len()));
        counts.collect()
    }
}
