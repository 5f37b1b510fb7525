//! From occurrences to findings: what is shown, what is one finding, what comes first.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::check::RuleResult;
use super::{Locator, operation_name};
use crate::lint::{
    Affected, Description, Details, Finding, Group, Location, Members, Occurrence, Operations, Rule,
};
use crate::model::{Api, Directions, OperationGroup, OperationId};
use crate::source::{FileId, Span};
use crate::syntax::{Node, Part, Place};

/// Drops latent occurrences, and those of profiles that are not shown.
pub(super) fn drop_hidden(results: &mut [RuleResult<'_>]) {
    for result in results {
        let profile = result.planned.profile;
        result.sink.occurrences.retain(|occurrence| !occurrence.is_latent && occurrence.profile <= profile);
    }
}

/// Takes away the occurrences that are accepted or known, those of each rule by themselves. Until here they count: what
/// they make superfluous stays so.
pub(super) fn take_silenced<'a>(results: &mut [RuleResult<'a>]) -> Vec<Vec<Occurrence<'a>>> {
    let mut all = Vec::with_capacity(results.len());
    for result in results {
        let silenced = result.sink.occurrences.extract_if(.., |occurrence| occurrence.silence.is_some());
        all.push(silenced.collect());
    }
    all
}

/// What occurrences of one finding have in common: the place, the discriminator, where another part of the text starts.
type PlaceKey<'s> = (FileId, u32, Part, &'s str, Option<u32>);

/// Makes findings: a group is one, and so are occurrences of a rule at the same place that say the same.
pub(super) fn findings<'a>(
    api: &'a Api<'a>,
    results: &[RuleResult<'a>],
    locator: &mut Locator<'a>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    roll_up(api, results, locator, |finding, _, _| findings.push(finding));
    findings
}

/// Hands over each finding with its rule and the occurrences that it is made of.
pub(super) fn roll_up<'a>(
    api: &'a Api<'a>,
    results: &[RuleResult<'a>],
    locator: &mut Locator<'a>,
    mut take: impl FnMut(Finding, &'static Rule, &[&Occurrence<'a>]),
) {
    for RuleResult { planned, sink, .. } in results {
        let rule = planned.rule;
        let mut groups: Vec<Vec<&Occurrence<'a>>> = vec![Vec::new(); sink.groups.len()];
        let mut places: BTreeMap<PlaceKey<'_>, Vec<&Occurrence<'a>>> = BTreeMap::new();
        for occurrence in &sink.occurrences {
            if let Some(group) = occurrence.group {
                groups[group.0 as usize].push(occurrence);
                continue;
            }
            let Occurrence { place: Place { node, part }, .. } = occurrence;
            let Details { discriminator, span, .. } = occurrence.details();
            let key = (node.file(), node.id().0, *part, discriminator.as_str(), span.map(|span| span.start));
            // Most places have one, for which a growing list would make room for four.
            places.entry(key).or_insert_with(|| Vec::with_capacity(1)).push(occurrence);
        }
        for occurrences in places.into_values() {
            take(finding_at_place(api, rule, &occurrences, locator), rule, &occurrences);
        }
        for (group, mut occurrences) in sink.groups.iter().zip(groups) {
            if occurrences.is_empty() {
                continue;
            }
            // Rules report in an order of their own, which equally exposed members keep.
            occurrences.sort_by_key(|occurrence| occurrence.exposure);
            let about = About::group(group, &occurrences);
            take(finding(api, rule, about, &occurrences, locator), rule, &occurrences);
        }
    }
}

/// What a finding says and where, before it is resolved.
struct About<'a> {
    place: Place<'a>,
    /// Where it stands, if that is no part of the place.
    span: Option<Span>,
    description: Description,
    related: Vec<(Place<'a>, String)>,
    because: Vec<(Place<'a>, String)>,
    /// The places that were rolled up.
    members: Vec<Place<'a>>,
}

impl<'a> About<'a> {
    /// What members of a group say together, the most exposed first.
    fn group(group: &Group<'a>, occurrences: &[&Occurrence<'a>]) -> About<'a> {
        let mut subjects: Vec<&str> = Vec::new();
        let mut distinct = FxHashSet::with_capacity_and_hasher(occurrences.len(), Default::default());
        for subject in occurrences.iter().map(|member| member.named()) {
            if distinct.insert(subject) && subjects.len() < Members::LISTED {
                subjects.push(subject);
            }
        }
        let first = occurrences[0];
        let members = Members {
            count: occurrences.len(),
            first: subjects[0],
            message: &first.message,
            distinct: distinct.len(),
            subjects: &subjects,
        };
        let mut description = (group.describe)(&members).shortened();
        // What the group leaves open its first member says.
        let details = first.details();
        if description.help.is_empty() {
            description.help.clone_from(&details.help);
        }
        let mut related = [group.related.as_slice(), &details.related].concat();
        let because = [group.because.as_slice(), &details.because].concat();
        let place = group.place.unwrap_or(first.place);
        // The finding stands at its first member, which needs no label of its own.
        let shown = occurrences.iter().take(group.shown).filter(|other| other.place.span() != place.span());
        related.extend(shown.map(|occurrence| (occurrence.place, occurrence.message.clone())));
        let members = occurrences.iter().map(|occurrence| occurrence.place).collect();
        About { place, span: None, description, related, because, members }
    }
}

fn finding_at_place<'a>(
    api: &'a Api<'a>,
    rule: &'static Rule,
    occurrences: &[&Occurrence<'a>],
    locator: &mut Locator<'a>,
) -> Finding {
    let first = occurrences[0];
    let details = first.details();
    let about = About {
        place: first.place,
        span: details.span,
        description: Description {
            message: first.message.clone(),
            label: details.label.clone(),
            help: details.help.clone(),
        },
        related: details.related.clone(),
        because: details.because.clone(),
        members: Vec::new(),
    };
    finding(api, rule, about, occurrences, locator)
}

fn finding<'a>(
    api: &'a Api<'a>,
    rule: &'static Rule,
    about: About<'a>,
    occurrences: &[&Occurrence<'a>],
    locator: &mut Locator<'a>,
) -> Finding {
    let discriminator = if about.members.is_empty() { &*occurrences[0].details().discriminator } else { "" };
    let operations = affected(api, occurrences);
    let operation = match occurrences {
        [only] => match only.operations {
            Operations::One(operation) => Some(operation_name(api.operation(operation))),
            _ => None,
        },
        _ => None,
    };
    let mut related = locator.labels(about.related);
    related.extend(locator.alias_labels(about.place.node));
    let files = api.document.files();
    let Locator { descent, fingerprints, .. } = locator;
    let fingerprint = fingerprints.of(files, descent, rule, about.place, discriminator);
    // A group of one place at that very place is the place itself.
    let rolled_up =
        about.members.len() > 1 || about.members.first().is_some_and(|m| m.node != about.place.node);
    let members = if rolled_up { about.members } else { Vec::new() };
    let items: Vec<Location> =
        members.iter().take(Affected::<Location>::SHOWN).map(|&place| locator.locate(place)).collect();
    let highest =
        |of: fn(&Occurrence<'a>) -> u8| occurrences.iter().map(|one| of(one)).max().unwrap_or_default();
    let severity = highest(|occurrence| occurrence.severity as u8);
    let confidence = highest(|occurrence| occurrence.confidence as u8);
    Finding {
        rule: rule.id,
        category: rule.category,
        severity: crate::lint::Severity::ALL[usize::from(severity)],
        confidence: crate::lint::Confidence::ALL[usize::from(confidence)],
        profile: occurrences.iter().map(|occurrence| occurrence.profile).min().unwrap_or(rule.profile),
        fingerprint,
        location: match about.span {
            Some(span) => locator.locate_part(about.place, span),
            None => locator.locate(about.place),
        },
        message: about.description.message,
        label: about.description.label,
        help: about.description.help,
        related,
        because: locator.labels(about.because),
        operation,
        affected: Affected {
            count: operations.count,
            items: operations.items.into_iter().map(|id| operation_name(api.operation(id))).collect(),
        },
        occurrences: Affected { count: members.len(), items },
        roots: vec![files.file(FileId::ROOT).display.clone()],
        owasp: rule.owasp,
        cwe: rule.cwe,
        url: rule.url(),
    }
}

/// The operations that occurrences are about, most exposed first.
fn affected<'a>(api: &'a Api<'a>, occurrences: &[&Occurrence<'a>]) -> Affected<OperationId> {
    let mut groups: Vec<&OperationGroup> = Vec::new();
    for occurrence in occurrences {
        if let Operations::Shared(more) = &occurrence.operations {
            groups.extend(more);
        }
    }
    // Groups that are not the same have nothing in common, so that none needs to be looked through.
    groups.sort_by_key(|group| group.as_ptr());
    groups.dedup_by_key(|group| group.as_ptr());
    let mut count: usize = groups.iter().map(|group| group.len()).sum();
    let first = |group: &OperationGroup| group[..group.len().min(Affected::<()>::SHOWN)].to_vec();
    let mut first: Vec<_> = groups.into_iter().flat_map(first).collect();
    let single = single_operations(api, occurrences);
    count += single.len();
    first.extend(single);
    first.sort_by_cached_key(|&id| (api.operation(id).exposure(), api.rank(id)));
    first.truncate(Affected::<()>::SHOWN);
    Affected { count, items: first }
}

fn single_operations<'a>(api: &'a Api<'a>, occurrences: &[&Occurrence<'a>]) -> BTreeSet<OperationId> {
    let mut operations = BTreeSet::new();
    let mut schemas: Vec<Node<'a>> = Vec::new();
    let mut directions = Directions::default();
    for occurrence in occurrences {
        match &occurrence.operations {
            Operations::None | Operations::Shared(_) => {}
            Operations::One(operation) => {
                operations.insert(*operation);
            }
            Operations::Many(many) => operations.extend(many),
            Operations::Using(schema, wanted) => {
                schemas.push(*schema);
                directions = directions.union(*wanted);
            }
        }
    }
    if !schemas.is_empty() {
        operations.extend(api.usage().operations(&schemas, directions));
    }
    operations
}

/// Most severe first; then the most exposed, then the most wide-spread, then by place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(order);
}

/// The order of findings.
pub(super) fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    key(a).cmp(&key(b))
}

type SortKey<'f> =
    (std::cmp::Reverse<crate::lint::Severity>, std::cmp::Reverse<usize>, &'f str, u32, &'f str, &'f str);

fn key(finding: &Finding) -> SortKey<'_> {
    (
        std::cmp::Reverse(finding.severity),
        std::cmp::Reverse(finding.affected.count.max(1)),
        &finding.location.path,
        finding.location.bytes.start,
        finding.rule,
        &finding.fingerprint,
    )
}
