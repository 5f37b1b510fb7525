//! Applies what people say: silences occurrences, takes operations as public, and lets the rules about directives speak.
//!
//! A directive covers the places in the value that it belongs to, a finding whose own place is that value, and, if the
//! value is an operation or a path item, whatever is about its operations only. Several directives together may cover
//! all operations of an occurrence.

mod configured;
mod judge;
mod region;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::check::RuleResult;
use super::{Inline, Locator, Orders};
use crate::lint::{Check, Date, GroupId, Occurrence, Operations, Scope, Silence, Sink, Suppression};
use crate::model::{Api, Asserted, Directions, Document, OperationId, StatementKind, Target};
use crate::source::FileId;
use crate::syntax::NodeId;
use configured::Configured;
use judge::Verdict;
use region::{Part, Region, subtree, whole};

/// What the directives about one document did.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// Each directive, with the identities of the occurrences that it covers.
    pub(super) suppressions: Vec<(Suppression, Vec<u64>)>,
    /// The places of names that silenced something: path and offset.
    pub(super) useful: Vec<(String, u32)>,
}

/// The API of a document, with the operations that somebody says are public.
pub fn api<'a>(document: &'a Document, orders: &Orders<'a>) -> Api<'a> {
    let mut api = Api::of(document);
    let mut asserted: Vec<(OperationId, Asserted<'a>)> = Vec::new();
    for selected in orders.suppressions.iter().filter(|selected| configured::is_public(selected)) {
        if !configured::is_expired(selected, orders.today) {
            let reason = Asserted::Configuration(selected.directive.reason.as_deref());
            let operations = configured::operations(&api, &selected.selector);
            asserted.extend(operations.into_iter().map(|operation| (operation, reason)));
        }
    }
    if orders.inline == Inline::Heed {
        for statement in api.statements() {
            let until = statement.until.map(|until| until.text.parse::<Date>());
            let holds = statement.faults.is_empty()
                && until.is_none_or(|until| until.is_ok_and(|until| orders.today <= until));
            if let (StatementKind::Public, Target::Node(node), true) =
                (statement.kind, statement.target, holds)
            {
                let reason = Asserted::Document(statement.reason.map(|reason| reason.text));
                asserted.extend(api.operations_at(node).iter().map(|&operation| (operation, reason)));
            }
        }
    }
    for (operation, asserted) in asserted {
        api.assert_public(operation, asserted);
    }
    api
}

/// Silences what directives cover, then reports what is to be said about the directives themselves. `is_complete` says
/// whether the whole document was looked at, so that a directive without effect is superfluous.
pub(super) fn apply<'a>(
    api: &'a Api<'a>,
    orders: &Orders<'_>,
    results: &mut [RuleResult<'a>],
    is_complete: bool,
    locator: &mut Locator<'a>,
) -> Applied {
    let statements = if orders.inline == Inline::Heed { api.statements() } else { &[] };
    if statements.is_empty() && orders.suppressions.is_empty() {
        return Applied::default();
    }
    let mut verdicts: Vec<Verdict<'a>> =
        statements.iter().map(|statement| Verdict::of(api, statement, orders)).collect();
    let mut configured: Vec<Configured<'_>> =
        orders.suppressions.iter().map(|selected| Configured::of(api, selected, orders.today)).collect();
    let is_about_directives =
        |result: &RuleResult<'_>| matches!(result.planned.rule.check, Check::Directives(_));
    for result in results.iter_mut().filter(|result| !is_about_directives(result)) {
        silence(api, result, 0, &mut verdicts, &mut configured, locator);
    }
    // What is said about directives can be suppressed by other directives, which are judged when that is done.
    let about: FxHashSet<&str> = results
        .iter()
        .filter(|result| is_about_directives(result))
        .map(|result| result.planned.rule.id)
        .collect();
    let ran: FxHashSet<&str> = results
        .iter()
        .filter(|result| is_complete && result.panic.is_none())
        .map(|result| result.planned.rule.id)
        .collect();
    for is_late in [false, true] {
        let judged: Vec<_> = verdicts
            .iter()
            .enumerate()
            .filter(|(_, verdict)| verdict.names_any(&about) == is_late)
            .map(|(number, verdict)| verdict.judged(&statements[number], number, &ran))
            .collect();
        for result in results.iter_mut() {
            let Check::Directives(check) = result.planned.rule.check else { continue };
            let known = result.sink.occurrences.len();
            check(&judged, &mut result.sink);
            result.nodes += judged.len();
            silence(api, result, known, &mut verdicts, &mut configured, locator);
        }
    }
    let of_statements = verdicts.iter().flat_map(|verdict| verdict.useful(api));
    let useful = of_statements.chain(configured.iter().filter_map(Configured::useful)).collect();
    let of_document = verdicts.into_iter().zip(statements);
    let mut suppressions: Vec<_> =
        of_document.map(|(verdict, statement)| verdict.into_suppression(statement, locator)).collect();
    suppressions.extend(configured.into_iter().map(Configured::into_suppression));
    Applied { suppressions, useful }
}

/// A rule or category named in a directive: the number of the directive, and the place of the name in it.
type Name = (usize, usize);

/// What directives in the document cover for one rule.
#[derive(Default)]
struct Cover {
    region: Region,
    /// By the number of the part.
    names: Vec<Vec<Name>>,
    operations: FxHashMap<OperationId, Vec<Name>>,
}

impl Cover {
    fn of<'a>(api: &Api<'a>, verdicts: &[Verdict<'a>], rule: &str) -> Cover {
        let mut parts: Vec<(Part, Name)> = Vec::new();
        let mut operations: FxHashMap<OperationId, Vec<Name>> = FxHashMap::default();
        for (number, verdict) in verdicts.iter().enumerate() {
            for name in verdict.names_of(rule) {
                match verdict.target {
                    Target::File(file) => parts.push((whole(file), (number, name))),
                    Target::Node(node) => {
                        parts.push((subtree(node), (number, name)));
                        for &operation in api.operations_at(node) {
                            operations.entry(operation).or_default().push((number, name));
                        }
                    }
                    Target::Nothing => {}
                }
            }
        }
        let region = Region::of(parts.iter().map(|(part, _)| *part));
        let mut names = vec![Vec::new(); region.len()];
        for (part, name) in parts {
            names[region.number(part).expect("every part is in the region")].push(name);
        }
        Cover { region, names, operations }
    }
}

/// Silences the occurrences of one rule from the `first` on.
fn silence<'a>(
    api: &'a Api<'a>,
    result: &mut RuleResult<'a>,
    first: usize,
    verdicts: &mut [Verdict<'a>],
    configured: &mut [Configured<'_>],
    locator: &mut Locator<'a>,
) {
    let rule = result.planned.rule;
    if result.sink.occurrences.len() == first {
        return;
    }
    let configured: Vec<_> =
        configured.iter_mut().filter(|configured| configured.has_rule(rule.id)).collect();
    let cover = Cover::of(api, verdicts, rule.id);
    if cover.region.is_empty() && configured.is_empty() {
        return;
    }
    let mut users = Users { api, known: FxHashMap::default() };
    let mut covering: Vec<Name> = Vec::new();
    let Sink { occurrences, groups, .. } = &mut result.sink;
    let group_place = |group: Option<GroupId>| group.and_then(|group| groups[group.0 as usize].place);
    for occurrence in &mut occurrences[first..] {
        covering.clear();
        let node = occurrence.place.node;
        covering.extend(cover.region.around(node).flat_map(|part| &cover.names[part]));
        if let Some(place) = group_place(occurrence.group)
            && let Some(part) = cover.region.number(subtree(place.node))
        {
            covering.extend(&cover.names[part]);
        }
        if !cover.operations.is_empty() {
            users.all_of(&occurrence.operations, &cover.operations, &mut covering);
        }
        // What is said about a directive is not silenced by that directive.
        covering.retain(|(number, _)| Some(*number) != occurrence.details().directive);
        covering.sort_unstable();
        covering.dedup();
        if covering.is_empty() {
            continue;
        }
        // What is not shown anyway proves that a directive is of use, but is not counted.
        let is_shown = occurrence.profile <= result.planned.profile;
        let identity = is_shown.then(|| identity(api, rule.id, rule.scope, occurrence));
        // What only another regime would say proves nothing.
        for &(number, name) in covering.iter().filter(|_| !occurrence.is_latent) {
            verdicts[number].cover(name, identity);
        }
        occurrence.silence = Some(Silence::Suppressed);
    }
    for configured in configured {
        configured.silence(api, result, first, &mut users, locator);
    }
}

/// What tells an occurrence from all others of a run, so that one in a shared file is counted once.
pub(super) fn identity(api: &Api<'_>, rule: &str, scope: Scope, occurrence: &Occurrence<'_>) -> u64 {
    let node = occurrence.place.node;
    let mut hash = Sha256::new();
    for part in [rule, node.file_display(), &occurrence.details().discriminator] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let start = occurrence.details().span.map_or(0, |span| span.start);
    for number in [node.id().0, occurrence.place.part as u32, start] {
        hash.update(number.to_le_bytes());
    }
    if scope == Scope::Root {
        hash.update(api.document.files().file(FileId::ROOT).display.as_bytes());
    }
    let digest = hash.finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("a digest has more than 8 bytes"))
}

/// The operations of occurrences, looked up once.
struct Users<'a> {
    api: &'a Api<'a>,
    known: FxHashMap<(FileId, NodeId, Directions), Vec<OperationId>>,
}

impl<'a> Users<'a> {
    /// Calls `visit` for the operations that an occurrence is about, as long as it says `true`. Answers whether there
    /// are any and it did for all.
    fn all(&mut self, operations: &Operations<'a>, mut visit: impl FnMut(OperationId) -> bool) -> bool {
        match operations {
            Operations::None => false,
            Operations::One(operation) => visit(*operation),
            Operations::Many(many) => !many.is_empty() && many.iter().all(|&operation| visit(operation)),
            Operations::Shared(groups) => {
                groups.iter().any(|group| !group.is_empty())
                    && groups.iter().flat_map(|group| group.iter()).all(|&operation| visit(operation))
            }
            Operations::Using(schema, directions) => {
                let (file, node) = schema.identity();
                let api = self.api;
                let find = || api.usage().operations(&[*schema], *directions);
                let users = self.known.entry((file, node, *directions)).or_insert_with(find);
                !users.is_empty() && users.iter().all(|&operation| visit(operation))
            }
        }
    }

    /// Adds the names that cover the operations of an occurrence, if they cover all.
    fn all_of(
        &mut self,
        operations: &Operations<'a>,
        cover: &FxHashMap<OperationId, Vec<Name>>,
        covering: &mut Vec<Name>,
    ) {
        let known = covering.len();
        let is_covered = self.all(operations, |operation| match cover.get(&operation) {
            Some(names) => {
                covering.extend(names);
                true
            }
            None => false,
        });
        if !is_covered {
            covering.truncate(known);
        }
    }
}
