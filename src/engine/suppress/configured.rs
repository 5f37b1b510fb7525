//! A directive of the configuration: what its selector means in one document, and what it silences.

use rustc_hash::FxHashSet;

use super::region::{Region, subtree};
use super::{Users, identity};
use crate::engine::Locator;
use crate::engine::check::RuleResult;
use crate::lint::{
    Claim, Date, Occurrence, Planned, Rule, Selected, Selector, Silence, Sink, Standing, Suppression,
};
use crate::model::{Api, Operation, OperationId};
use crate::source::FileId;
use crate::syntax::{Node, Place};

/// A directive of the configuration as it applies to one document.
pub(super) struct Configured<'o> {
    selected: &'o Selected,
    is_expired: bool,
    /// By the number of the file.
    files: Vec<bool>,
    /// The operations, if it is about operations, and the values that stand for them.
    operations: Option<Parts>,
    /// What its pointers name, if it has any.
    values: Option<Parts>,
    covered: FxHashSet<u64>,
    /// Whether it covers anything, shown or not.
    is_useful: bool,
    public: usize,
}

/// Values, and the operations that they stand for.
struct Parts {
    region: Region,
    operations: FxHashSet<OperationId>,
}

/// Whether a directive says that operations are public.
pub(super) fn is_public(selected: &Selected) -> bool {
    selected.directive.what == Claim::Public
}

/// Whether its last day is past.
pub(super) fn is_expired(selected: &Selected, today: Date) -> bool {
    selected.directive.until.is_some_and(|until| until < today)
}

/// The operations of a document that a selector selects.
pub(super) fn operations(api: &Api<'_>, selector: &Selector) -> Vec<OperationId> {
    let files = api.document.files();
    let values = selector.pointers.iter().flat_map(|pointer| values(api, pointer));
    let named: FxHashSet<OperationId> = values.flat_map(|node| api.operations_at(node)).copied().collect();
    let is_root = selector.has_file(&files.file(FileId::ROOT).path);
    let is_selected = |operation: &&Operation<'_>| {
        (is_root || selector.has_file(operation.object.node().file_path()))
            && selector.has_operation(operation)
            && (selector.pointers.is_empty() || named.contains(&operation.id))
    };
    api.operations.iter().filter(is_selected).map(|operation| operation.id).collect()
}

/// What a pointer names in the files of a document.
fn values<'a>(api: &Api<'a>, pointer: &str) -> Vec<Node<'a>> {
    let pointer = pointer.strip_prefix('#').unwrap_or(pointer);
    let files = api.document.files().iter();
    files.filter_map(|(id, _)| api.document.value_at(id, pointer)).collect()
}

impl<'o> Configured<'o> {
    pub(super) fn of(api: &Api<'_>, selected: &'o Selected, today: Date) -> Configured<'o> {
        let selector = &selected.selector;
        let files = api.document.files();
        let is_root = selector.has_file(&files.file(FileId::ROOT).path);
        let of_selector = || {
            Parts::of_operations(api, operations(api, &Selector { pointers: Vec::new(), ..selector.clone() }))
        };
        let of_pointers = || {
            let nodes: Vec<_> = selector.pointers.iter().flat_map(|pointer| values(api, pointer)).collect();
            Parts {
                region: Region::of(nodes.iter().map(|&node| subtree(node))),
                operations: nodes.iter().flat_map(|&node| api.operations_at(node)).copied().collect(),
            }
        };
        let is_expired = is_expired(selected, today);
        let is_open = |id: &OperationId| api.operation(*id).access().is_unauthenticated();
        let public = if is_public(selected) && !is_expired {
            operations(api, selector).iter().filter(|id| is_open(id)).count()
        } else {
            0
        };
        Configured {
            selected,
            is_expired,
            files: files.iter().map(|(_, file)| is_root || selector.has_file(&file.path)).collect(),
            operations: selector.is_about_operations().then(of_selector),
            values: (!selector.pointers.is_empty()).then(of_pointers),
            covered: FxHashSet::default(),
            is_useful: false,
            public,
        }
    }

    /// Whether it silences findings of a rule.
    pub(super) fn has_rule(&self, rule: &str) -> bool {
        match &self.selected.directive.what {
            Claim::Ignore(rules) => !self.is_expired && rules.contains(&rule),
            Claim::Public => false,
        }
    }

    /// Silences what it covers of the occurrences of a rule, from the `first` on.
    pub(super) fn silence<'a>(
        &mut self,
        api: &'a Api<'a>,
        result: &mut RuleResult<'a>,
        first: usize,
        users: &mut Users<'a>,
        locator: &mut Locator<'a>,
    ) {
        let Planned { rule, profile, .. } = result.planned;
        let sink = &mut result.sink;
        let groups = self.groups(api, rule, sink, locator);
        for occurrence in &mut sink.occurrences[first..] {
            let group = occurrence.group;
            let place = group.and_then(|group| sink.groups[group.0 as usize].place).map(|place| place.node);
            let lies_in = |parts: &Parts, users: &mut Users<'a>| {
                parts.region.contains(occurrence.place.node)
                    || place.is_some_and(|node| parts.region.number(subtree(node)).is_some())
                    || users.all(&occurrence.operations, |operation| parts.operations.contains(&operation))
            };
            let is_covered = self.files[occurrence.place.node.file().index()]
                && self.operations.as_ref().is_none_or(|parts| lies_in(parts, users))
                && self.values.as_ref().is_none_or(|parts| lies_in(parts, users))
                && (self.selected.selector.fingerprints.is_empty()
                    || group.is_some_and(|group| groups.contains(&group.0))
                    || group.is_none() && self.has_fingerprint(api, rule, occurrence, locator));
            if !is_covered {
                continue;
            }
            // What only another regime would say proves nothing.
            self.is_useful |= !occurrence.is_latent;
            if occurrence.profile <= profile && !occurrence.is_latent {
                self.covered.insert(identity(api, rule.id, rule.scope, occurrence));
            }
            occurrence.silence = Some(Silence::Suppressed);
        }
    }

    /// The groups whose findings have one of the fingerprints: at their own place, or at that of any member, since
    /// which member comes first may change.
    fn groups<'a>(
        &self,
        api: &'a Api<'a>,
        rule: &'static Rule,
        sink: &Sink<'a>,
        locator: &mut Locator<'a>,
    ) -> FxHashSet<u32> {
        let mut groups = FxHashSet::default();
        if self.selected.selector.fingerprints.is_empty() {
            return groups;
        }
        for occurrence in &sink.occurrences {
            let Some(group) = occurrence.group else { continue };
            let place = sink.groups[group.0 as usize].place.unwrap_or(occurrence.place);
            let own = fingerprint(api, rule, place, "", locator);
            if self.selected.selector.fingerprints.iter().any(|wanted| own.starts_with(wanted.as_str())) {
                groups.insert(group.0);
            }
        }
        groups
    }

    fn has_fingerprint<'a>(
        &self,
        api: &'a Api<'a>,
        rule: &'static Rule,
        occurrence: &Occurrence<'a>,
        locator: &mut Locator<'a>,
    ) -> bool {
        let own = fingerprint(api, rule, occurrence.place, &occurrence.details().discriminator, locator);
        self.selected.selector.fingerprints.iter().any(|wanted| own.starts_with(wanted.as_str()))
    }

    /// The place of its entry, if that is of use.
    pub(super) fn useful(&self) -> Option<(String, u32)> {
        let location = &self.selected.directive.location;
        self.is_useful.then(|| (location.path.clone(), location.bytes.start))
    }

    /// The directive as reports list it.
    pub(super) fn into_suppression(self) -> (Suppression, Vec<u64>) {
        let mut covered: Vec<u64> = self.covered.into_iter().collect();
        covered.sort_unstable();
        let directive = self.selected.directive.clone();
        let names = match &directive.what {
            Claim::Ignore(rules) => rules.iter().map(|rule| (*rule).to_owned()).collect(),
            Claim::Public => Vec::new(),
        };
        let standing = if self.is_expired { Standing::Expired } else { Standing::Active };
        let occurrences = covered.len() + self.public;
        (Suppression { directive, names, standing, occurrences }, covered)
    }
}

/// The fingerprint of a finding.
fn fingerprint<'a>(
    api: &'a Api<'a>,
    rule: &Rule,
    place: Place<'a>,
    discriminator: &str,
    locator: &mut Locator<'a>,
) -> String {
    let Locator { descent, fingerprints, .. } = locator;
    fingerprints.of(api.document.files(), descent, rule, place, discriminator)
}

impl Parts {
    /// Operations with what stands for them: themselves, and path items of which all operations are among them.
    fn of_operations(api: &Api<'_>, operations: Vec<OperationId>) -> Parts {
        let operations: FxHashSet<OperationId> = operations.into_iter().collect();
        let mut nodes = Vec::new();
        for &id in &operations {
            let operation = api.operation(id);
            nodes.push(operation.object.node());
            let items = operation.items().map(|item| item.node()).chain([operation.path_node]);
            let is_selected =
                |item: &Node<'_>| api.operations_at(*item).iter().all(|of_item| operations.contains(of_item));
            nodes.extend(items.filter(is_selected));
        }
        Parts { region: Region::of(nodes.into_iter().map(subtree)), operations }
    }
}
