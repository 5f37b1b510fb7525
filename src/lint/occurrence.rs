//! What a rule says: occurrences, each at a place, and how they roll up into findings.

use super::{Confidence, Judged, OptionValues, Planned, Profile, Rule, RuleOption, Severity};
use crate::model::{Directions, Exposure, OperationGroup, OperationId};
use crate::source::Span;
use crate::syntax::{Node, Place};

/// Where rules put what they find.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static Rule,
    options: OptionValues,
    /// Whether all occurrences are recorded, latent ones as well.
    pub(crate) is_recorded: bool,
    /// How many nodes the rule looked at, if it counts them itself.
    pub(crate) examined: usize,
    /// What was reported, in the order of reporting.
    pub(crate) occurrences: Vec<Occurrence<'a>>,
    /// The groups that occurrences roll up into.
    pub(crate) groups: Vec<Group<'a>>,
}

/// The number of a group of one rule in one document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct GroupId(pub(crate) u32);

/// One place where a rule's statement holds. Suppression, baselines and diffs look at occurrences.
///
/// A document may have a hundred thousand, nearly all of them members of groups: what these seldom have is kept apart.
#[derive(Clone, Debug)]
pub struct Occurrence<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) message: String,
    pub(crate) operations: Operations<'a>,
    pub(crate) severity: Severity,
    /// The severity that it has where it stands out.
    pub(crate) gravity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) profile: Profile,
    pub(crate) is_latent: bool,
    pub(crate) group: Option<GroupId>,
    pub(crate) exposure: Exposure,
    subject: Subject,
    pub(crate) silence: Option<Silence>,
    /// Its position among what the engine records of the document, if it records.
    pub(crate) position: usize,
    details: Option<Box<Details<'a>>>,
}

/// What an occurrence is about, for the description of its group.
#[derive(Clone, Debug)]
enum Subject {
    /// With so many bytes its message begins. Nothing, if it does not say.
    Start(usize),
    Text(String),
}

/// What an occurrence that becomes a finding by itself has to say.
#[derive(Clone, Debug)]
pub(crate) struct Details<'a> {
    /// Where it stands, if that is another part of the text than the place: a comment about it.
    pub(crate) span: Option<Span>,
    /// The number of the directive that it is about.
    pub(crate) directive: Option<usize>,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) related: Vec<(Place<'a>, String)>,
    pub(crate) because: Vec<(Place<'a>, String)>,
    pub(crate) discriminator: String,
}

impl Details<'_> {
    const NONE: Details<'static> = Details {
        span: None,
        directive: None,
        label: String::new(),
        help: String::new(),
        related: Vec::new(),
        because: Vec::new(),
        discriminator: String::new(),
    };
}

/// Why an occurrence is not reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Silence {
    /// A directive accepts it.
    Suppressed,
    /// It was there before: a baseline or the revision that is compared with has it.
    Known,
}

/// The operations that an occurrence is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operations<'a> {
    None,
    One(OperationId),
    Many(Vec<OperationId>),
    /// Groups by one criterion, shared with other occurrences.
    Shared(Vec<OperationGroup>),
    /// Those that use a schema in a direction; looked up only if the occurrence becomes a finding.
    Using(Node<'a>, Directions),
}

/// Occurrences that are one finding: "429 nowhere", "no array is bounded".
pub struct Group<'a> {
    /// Where the finding stands; nothing means at its first member.
    pub(crate) place: Option<Place<'a>>,
    pub(crate) describe: Describe<'a>,
    pub(crate) related: Vec<(Place<'a>, String)>,
    pub(crate) because: Vec<(Place<'a>, String)>,
    pub(crate) shown: usize,
}

impl std::fmt::Debug for Group<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "group at {:?}", self.place)
    }
}

type Describe<'a> = Box<dyn Fn(&Members<'_>) -> Description + Send + Sync + 'a>;

/// The members of a group that are left when its finding is made.
#[derive(Clone, Copy, Debug)]
pub struct Members<'m> {
    /// How many.
    pub count: usize,
    /// The [subject](Occurrence::subject) of the first, most exposed one.
    pub first: &'m str,
    /// The message of the first.
    pub message: &'m str,
    /// How many different subjects they have.
    pub distinct: usize,
    /// The first few different subjects, [`Members::LISTED`] at most.
    pub subjects: &'m [&'m str],
}

impl Members<'_> {
    /// How many members have their subjects listed.
    pub const LISTED: usize = 5;

    /// The first subjects and the number of others: "`a`, `b` and `c`", "`a`, `b`, `c`, `d`, `e` and 3 more".
    pub fn listed(&self) -> String {
        let others = self.distinct - self.subjects.len();
        match self.subjects {
            [] => String::new(),
            [only] if others == 0 => (*only).to_owned(),
            [first @ .., last] if others == 0 => format!("{} and {last}", first.join(", ")),
            first => format!("{} and {others} more", first.join(", ")),
        }
    }

    /// What a group says if it still has `all` its members; of those that are left the first has a message of its own.
    pub fn message_unless_all(&self, all: usize, of_all: &str) -> String {
        match self.count {
            count if count == all => of_all.to_owned(),
            1 => self.message.to_owned(),
            count => format!("{}, and {} more", self.message, count - 1),
        }
    }

    /// The first member and the number of others: "`/a`", "`/a` and one more", "`/a` and 3 more".
    pub fn named(&self) -> String {
        match self.count {
            0 | 1 => self.first.to_owned(),
            2 => format!("{} and one more", self.first),
            count => format!("{} and {} more", self.first, count - 1),
        }
    }
}

/// The three sentences of a finding.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Description {
    /// What is wrong, with names from the document.
    pub message: String,
    /// Why, in five words.
    pub label: String,
    /// What to do, imperative.
    pub help: String,
}

impl Description {
    /// The sentences, cut where nobody reads on.
    pub(crate) fn shortened(self) -> Description {
        Description {
            message: shortened(self.message),
            label: shortened(self.label),
            help: shortened(self.help),
        }
    }
}

impl<'a> Sink<'a> {
    /// A sink for one rule and one document.
    pub fn new(planned: &Planned) -> Sink<'a> {
        let (rule, options) = (planned.rule, planned.options.clone());
        Sink { rule, options, is_recorded: false, examined: 0, occurrences: Vec::new(), groups: Vec::new() }
    }

    /// The value of an integer option of the rule.
    pub fn integer(&self, option: &RuleOption) -> u64 {
        self.options.integer(option)
    }

    /// Whether a list option of the rule has a name or matches a path.
    pub fn lists(&self, option: &RuleOption, text: &str) -> bool {
        self.options.lists(option, text)
    }

    /// Records places of which the rule has nothing to say in a document like this, and would if other parts of it
    /// changed: if it declared a scheme, or crossed a share. No report shows them; then they are not new. Where nothing is
    /// recorded, the places are not looked for.
    pub fn remember(&mut self, places: impl IntoIterator<Item = Place<'a>>) {
        if !self.is_recorded {
            return;
        }
        for place in places {
            self.report(place, "").latent();
        }
    }

    /// Whether all occurrences are recorded, and not only what is reported.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    /// Counts nodes that a rule about a whole API looked at: operations, parameters, arrays. `--statistics` shows the
    /// number, since zero findings mean nothing unless something was examined.
    pub fn examined(&mut self, count: usize) {
        self.examined += count;
    }

    /// Makes room for so many more occurrences, so that it need not be made for twice as many.
    pub fn reserve(&mut self, count: usize) {
        self.occurrences.reserve_exact(count);
    }

    /// Reports an occurrence at a place. What the rule says of itself (severity, confidence, profile) holds for it
    /// unless it is lowered.
    pub fn report(&mut self, place: Place<'a>, message: impl Into<String>) -> &mut Occurrence<'a> {
        self.occurrences.push(Occurrence {
            place,
            message: shortened(message.into()),
            operations: Operations::None,
            severity: self.rule.severity,
            gravity: self.rule.severity,
            confidence: self.rule.confidence,
            profile: self.rule.profile,
            is_latent: false,
            group: None,
            exposure: Exposure::LEAST,
            subject: Subject::Start(0),
            silence: None,
            position: 0,
            details: None,
        });
        self.occurrences.last_mut().expect("it was just added")
    }

    /// Reports what holds of a `subject`, which begins the message and names the occurrence in its group: "`POST /orders`",
    /// "has no limit".
    pub fn report_of(&mut self, place: Place<'a>, subject: String, what: &str) -> &mut Occurrence<'a> {
        let length = subject.len();
        let mut message = subject;
        message.reserve_exact(1 + what.len());
        message.push(' ');
        message.push_str(what);
        // A subject is told from others by all of it, even where nobody reads on.
        let is_cut = message.len() > LONGEST;
        let subject =
            if is_cut { Subject::Text(message[..length].to_owned()) } else { Subject::Start(length) };
        let occurrence = self.report(place, message);
        occurrence.subject = subject;
        occurrence
    }

    /// Reports an occurrence about a directive, at a part of its text.
    pub fn report_in(
        &mut self,
        judged: &Judged<'_, 'a>,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Occurrence<'a> {
        let occurrence = self.report(judged.statement.place, message);
        let details = occurrence.details_mut();
        details.span = Some(span);
        details.directive = Some(judged.number);
        occurrence
    }

    /// Opens a group: occurrences that are put in it become one finding, described with what is left of them. Help that
    /// the description leaves empty, and the first member's reasons and labels, are taken over from that member.
    ///
    /// The finding stands at `place`, or else at its first member: the most exposed one, of equally exposed ones the one
    /// that was reported first. So a rule reports members in an order that does not depend on the order of keys in the
    /// document, nor on the files it is split into: by [`Api::rank`](crate::model::Api::rank), say.
    pub fn group(
        &mut self,
        place: Option<Place<'a>>,
        describe: impl Fn(&Members<'_>) -> Description + Send + Sync + 'a,
    ) -> GroupId {
        let describe = Box::new(describe);
        self.groups.push(Group { place, describe, related: Vec::new(), because: Vec::new(), shown: 0 });
        GroupId(self.groups.len() as u32 - 1)
    }

    /// The number that the next group will have.
    pub fn next_group(&self) -> GroupId {
        GroupId(self.groups.len() as u32)
    }

    /// The group with a number, to add labels.
    pub fn group_mut(&mut self, id: GroupId) -> &mut Group<'a> {
        &mut self.groups[id.0 as usize]
    }

    /// Adds what another sink of the same rule collected.
    pub(crate) fn append(&mut self, mut other: Sink<'a>) {
        let offset = self.groups.len() as u32;
        for occurrence in &mut other.occurrences {
            occurrence.group = occurrence.group.map(|group| GroupId(group.0 + offset));
        }
        self.occurrences.append(&mut other.occurrences);
        self.groups.append(&mut other.groups);
    }
}

/// The longest sentence in bytes. Names from a document may have megabytes, and many findings may name the same one.
const LONGEST: usize = 1000;

/// A sentence, cut where nobody reads on.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

impl<'a> Group<'a> {
    /// Adds a further place to look at.
    pub fn related(&mut self, place: Place<'a>, message: impl Into<String>) -> &mut Self {
        self.related.push((place, shortened(message.into())));
        self
    }

    /// Adds a reason.
    pub fn because(&mut self, place: Place<'a>, message: impl Into<String>) -> &mut Self {
        self.because.push((place, shortened(message.into())));
        self
    }

    /// Shows the first `count` members, most exposed first, as related places with their own messages.
    pub fn show(&mut self, count: usize) -> &mut Self {
        self.shown = count;
        self
    }
}

impl<'a> Occurrence<'a> {
    /// What it says beyond its message.
    pub(crate) fn details(&self) -> &Details<'a> {
        self.details.as_deref().unwrap_or(const { &Details::NONE })
    }

    /// What it is about.
    pub(crate) fn named(&self) -> &str {
        match &self.subject {
            Subject::Start(length) => &self.message[..*length],
            Subject::Text(text) => text,
        }
    }

    fn details_mut(&mut self) -> &mut Details<'a> {
        self.details.get_or_insert_with(|| Box::new(Details::NONE))
    }

    /// Why, in five words: stands under the excerpt.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.details_mut().label = shortened(text.into());
        self
    }

    /// What to do, imperative.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.details_mut().help = shortened(text.into());
        self
    }

    /// Adds a further place to look at.
    pub fn related(&mut self, place: Place<'a>, message: impl Into<String>) -> &mut Self {
        self.details_mut().related.push((place, shortened(message.into())));
        self
    }

    /// Adds a reason; reasons are given in order, first cause first.
    pub fn because(&mut self, place: Place<'a>, message: impl Into<String>) -> &mut Self {
        self.details_mut().because.push((place, shortened(message.into())));
        self
    }

    /// Says which operation it is about.
    pub fn operation(&mut self, operation: OperationId) -> &mut Self {
        self.operations = Operations::One(operation);
        self
    }

    /// Says which operations it is about.
    pub fn operations(&mut self, operations: Vec<OperationId>) -> &mut Self {
        self.operations = Operations::Many(operations);
        self
    }

    /// Says which operations it is about: groups by one criterion, the same for all occurrences of the rule.
    pub fn groups(&mut self, groups: Vec<OperationGroup>) -> &mut Self {
        self.operations = Operations::Shared(groups);
        self
    }

    /// Says that it is about the operations that use a schema in one of the directions.
    pub fn using(&mut self, schema: Node<'a>, directions: Directions) -> &mut Self {
        self.operations = Operations::Using(schema, directions);
        self
    }

    /// Lowers the severity; never raises it.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = self.severity.min(severity);
        self.gravity = self.gravity.min(severity);
        self
    }

    /// Lowers the severity because the like is usual in the document. It is recorded without that: what stands out once
    /// others are mended is no new problem.
    pub fn usual(&mut self, severity: Severity) -> &mut Self {
        self.severity = self.severity.min(severity);
        self
    }

    /// Keeps it out of every report, see [`Sink::remember`].
    pub fn latent(&mut self) -> &mut Self {
        self.is_latent = true;
        self
    }

    /// Lowers the confidence; never raises it.
    pub fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = self.confidence.min(confidence);
        self
    }

    /// Moves to a later profile; never to an earlier one.
    pub fn profile(&mut self, profile: Profile) -> &mut Self {
        self.profile = self.profile.max(profile);
        self
    }

    /// Tells occurrences of one rule at one place apart, and keeps their fingerprints apart.
    pub fn discriminator(&mut self, text: impl Into<String>) -> &mut Self {
        self.details_mut().discriminator = text.into();
        self
    }

    /// Puts it into a group.
    pub fn in_group(&mut self, group: GroupId) -> &mut Self {
        self.group = Some(group);
        self
    }

    /// Says how exposed the place is, for the order within a group.
    pub fn exposure(&mut self, exposure: Exposure) -> &mut Self {
        self.exposure = exposure;
        self
    }

    /// Leaves so many bytes of its subject, for the description of its group: "`name`" of "`name` of `POST /orders`".
    pub fn subject_start(&mut self, length: usize) -> &mut Self {
        match &mut self.subject {
            Subject::Start(all) => *all = length,
            Subject::Text(text) => text.truncate(length),
        }
        self
    }

    /// Names what it is about, for the description of its group: "`POST /orders`".
    pub fn subject(&mut self, text: impl Into<String>) -> &mut Self {
        self.subject = Subject::Text(text.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Check;
    use crate::model::Document;

    static RULE: Rule = Rule::of_test("some", Check::Api(|_, _| {}));

    #[test]
    fn a_subject_begins_the_message_and_is_whole_where_that_is_cut() {
        let document = Document::of_text("a.yaml", "openapi: 3.1.0");
        let place = Place::value(document.root().node());
        let mut sink = Sink::new(&Planned::new(&RULE, Profile::Default));
        for subject in ["`GET /a`".to_owned(), "ö".repeat(LONGEST / 2), "ö".repeat(LONGEST)] {
            let occurrence = sink.report_of(place, subject.clone(), "has no limit");
            assert_eq!(occurrence.named(), subject);
            assert!(occurrence.message.starts_with(&subject[..subject.floor_char_boundary(LONGEST)]));
            assert_eq!(occurrence.message.ends_with("` has no limit"), subject.starts_with('`'));
            assert_eq!(occurrence.subject_start(2).named(), &subject[..2]);
        }
    }
}
