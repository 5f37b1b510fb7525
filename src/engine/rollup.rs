//! From occurrences to findings: what is shown, what is one finding, what comes first.

use rustc_hash::FxHashSet;

use super::check::RuleResult;
use super::{Locator, operation_name};
use crate::lint::{
    Affected, Description, Details, Finding, Group, Location, Members, Occurrence, Operations, Rule, Sink,
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

/// Makes findings: a group is one, and so are occurrences of a rule at the same place that say the same. Of each rule the
/// occurrences are gone then, so that the findings of the next have their room.
pub(super) fn findings<'a>(
    api: &'a Api<'a>,
    results: &mut [RuleResult<'a>],
    locator: &mut Locator<'a>,
) -> Vec<Finding> {
    let most = |Sink { occurrences, groups, .. }: &Sink<'a>| {
        groups.len() + occurrences.iter().filter(|occurrence| occurrence.group.is_none()).count()
    };
    let mut findings = Vec::with_capacity(results.iter().map(|result| most(&result.sink)).sum());
    for result in results {
        let clusters = clusters(result).into_iter();
        findings.extend(clusters.map(|cluster| finding_of(api, &cluster, locator)));
        result.sink.occurrences = Vec::new();
    }
    findings
}

/// Occurrences that are one finding.
pub(super) struct Cluster<'r, 'a> {
    pub(super) rule: &'static Rule,
    group: Option<&'r Group<'a>>,
    /// At least one; those of a group the most exposed first.
    pub(super) occurrences: Vec<&'r Occurrence<'a>>,
}

/// What a rule said, as findings will have it: by place, and then by group.
pub(super) fn clusters<'r, 'a>(result: &'r RuleResult<'a>) -> Vec<Cluster<'r, 'a>> {
    let RuleResult { planned, sink, .. } = result;
    let (mut members, mut others): (Vec<_>, Vec<_>) =
        sink.occurrences.iter().partition(|occurrence| occurrence.group.is_some());
    // Rules report in an order of their own, which equally exposed members keep.
    members.sort_by_key(|member| (member.group, member.exposure));
    others.sort_by_key(|occurrence| place_key(occurrence));
    let others = others.chunk_by(|a, b| place_key(a) == place_key(b)).map(|same| (None, same));
    let groups = members.chunk_by(|a, b| a.group == b.group).map(|same| {
        let group = same[0].group.map(|group| &sink.groups[group.0 as usize]);
        (group, same)
    });
    let clusters = others.chain(groups).map(|(group, occurrences)| Cluster {
        rule: planned.rule,
        group,
        occurrences: occurrences.to_vec(),
    });
    clusters.collect()
}

fn place_key<'o>(occurrence: &'o Occurrence<'_>) -> PlaceKey<'o> {
    let Occurrence { place: Place { node, part }, .. } = occurrence;
    let Details { discriminator, span, .. } = occurrence.details();
    (node.file(), node.id().0, *part, discriminator.as_str(), span.map(|span| span.start))
}

/// The finding that occurrences are.
pub(super) fn finding_of<'a>(
    api: &'a Api<'a>,
    cluster: &Cluster<'_, 'a>,
    locator: &mut Locator<'a>,
) -> Finding {
    let about = match cluster.group {
        Some(group) => About::group(group, &cluster.occurrences),
        None => About::place(cluster.occurrences[0]),
    };
    finding(api, cluster.rule, about, &cluster.occurrences, locator)
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
    /// What stands for all that is said of a place.
    fn place(first: &Occurrence<'a>) -> About<'a> {
        let details = first.details();
        About {
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
        }
    }

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
    let mut first: Vec<_> =
        first.into_iter().map(|id| (api.operation(id).exposure(), api.rank(id), id)).collect();
    // Only those that are shown need to be in order.
    if first.len() > Affected::<()>::SHOWN {
        first.select_nth_unstable(Affected::<()>::SHOWN);
        first.truncate(Affected::<()>::SHOWN);
    }
    first.sort_unstable();
    Affected { count, items: first.into_iter().map(|(.., id)| id).collect() }
}

/// The operations that are named one by one, each once.
fn single_operations<'a>(api: &'a Api<'a>, occurrences: &[&Occurrence<'a>]) -> Vec<OperationId> {
    let mut operations = Vec::new();
    let mut schemas: Vec<Node<'a>> = Vec::new();
    let mut directions = Directions::default();
    for occurrence in occurrences {
        match &occurrence.operations {
            Operations::None | Operations::Shared(_) => {}
            Operations::One(operation) => operations.push(*operation),
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
    operations.sort_unstable();
    operations.dedup();
    operations
}

/// Most severe first; then the most exposed, then the most wide-spread, then by place.
pub fn sort(findings: &mut [Finding]) {
    // No two are equal, since path and fingerprint are unique; without a copy of all.
    findings.sort_unstable_by(order);
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
