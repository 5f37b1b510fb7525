//! A directive of a document: what it says in terms of rules and days, and what it did.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::{Locator, Orders};
use crate::lint::{Claim, Date, Directive, Fate, Judged, Spelling, Standing, Suppression, shortened};
use crate::model::{Api, Statement, StatementForm, StatementKind, Target, Word};

/// A directive and what it did so far.
pub(super) struct Verdict<'a> {
    pub(super) target: Target<'a>,
    names: Vec<Named<'a>>,
    until: Option<Result<Date, String>>,
    is_expired: bool,
    is_moot: bool,
    /// Whether it may silence anything.
    is_in_force: bool,
    /// The names of each rule.
    by_rule: FxHashMap<&'static str, Vec<usize>>,
    /// The identities of the occurrences that it covers.
    covered: FxHashSet<u64>,
    /// Operations that it makes public.
    public: usize,
}

/// A rule or category in a directive.
struct Named<'a> {
    word: Word<'a>,
    /// The rules of today.
    rules: Vec<&'static str>,
    is_locked: bool,
    /// Whether it covered anything, shown or not.
    is_useful: bool,
}

impl<'a> Verdict<'a> {
    pub(super) fn of(api: &Api<'a>, statement: &Statement<'a>, orders: &Orders<'_>) -> Verdict<'a> {
        let until = statement.until.map(|until| until.text.parse::<Date>());
        let is_expired = matches!(until, Some(Ok(day)) if day < orders.today);
        let is_in_force = statement.faults.is_empty() && !is_expired && !matches!(until, Some(Err(_)));
        let named = |word: &Word<'a>| {
            let rules = (orders.named)(word.text);
            let is_locked = rules.iter().any(|rule| orders.locked.contains(rule));
            Named { word: *word, rules, is_locked, is_useful: false }
        };
        let names: Vec<Named<'a>> = statement.rules.iter().map(named).collect();
        let mut by_rule: FxHashMap<&'static str, Vec<usize>> = FxHashMap::default();
        for (at, name) in names.iter().enumerate().filter(|_| is_in_force) {
            for &rule in name.rules.iter().filter(|rule| !orders.locked.contains(rule)) {
                by_rule.entry(rule).or_default().push(at);
            }
        }
        let mut public = 0;
        let mut is_moot = false;
        if let (StatementKind::Public, Target::Node(node), true) =
            (statement.kind, statement.target, is_in_force)
        {
            let open = |id: &&_| api.operation(**id).access().is_unauthenticated();
            public = api.operations_at(node).iter().filter(open).count();
            is_moot = public == 0;
        }
        let (target, covered) = (statement.target, FxHashSet::default());
        Verdict { target, names, until, is_expired, is_moot, is_in_force, by_rule, covered, public }
    }

    /// The places of the names that stand for a rule, if the directive is in force.
    pub(super) fn names_of(&self, rule: &str) -> impl Iterator<Item = usize> {
        self.by_rule.get(rule).into_iter().flatten().copied()
    }

    /// Whether it names one of these rules.
    pub(super) fn names_any(&self, rules: &FxHashSet<&str>) -> bool {
        self.by_rule.keys().any(|rule| rules.contains(rule))
    }

    /// Notes that a name covers an occurrence, which counts if it has an identity: if it would be shown.
    pub(super) fn cover(&mut self, name: usize, occurrence: Option<u64>) {
        self.names[name].is_useful = true;
        self.covered.extend(occurrence);
    }

    /// The directive as rules see it; `ran` are the rules that looked at all of the document.
    pub(super) fn judged<'j>(
        &self,
        statement: &'j Statement<'a>,
        number: usize,
        ran: &FxHashSet<&str>,
    ) -> Judged<'j, 'a> {
        let fate = |name: &Named<'a>| match name {
            Named { rules, .. } if rules.is_empty() => Fate::Unknown,
            Named { is_locked: true, .. } => Fate::Locked,
            Named { is_useful: true, .. } => Fate::Useful,
            Named { rules, .. } if self.is_in_force && rules.iter().all(|rule| ran.contains(rule)) => {
                Fate::Useless
            }
            _ => Fate::Unjudged,
        };
        Judged {
            statement,
            number,
            names: self.names.iter().map(|name| (name.word, fate(name))).collect(),
            until: self.until.clone(),
            is_expired: self.is_expired,
            is_moot: self.is_moot,
        }
    }

    /// The places of the names that covered something.
    pub(super) fn useful(&self, api: &Api<'a>) -> impl Iterator<Item = (String, u32)> {
        let useful = self.names.iter().filter(|name| name.is_useful);
        let files = api.document.files();
        useful.map(|name| (files.file(name.word.span.file).display.clone(), name.word.span.start))
    }

    /// The directive as reports list it.
    pub(super) fn into_suppression(
        self,
        statement: &Statement<'a>,
        locator: &mut Locator<'a>,
    ) -> (Suppression, Vec<u64>) {
        let mut rules: Vec<&'static str> = self.names.iter().flat_map(|name| &name.rules).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        let is_ineffective = match statement.kind {
            StatementKind::Ignore => self.by_rule.is_empty() && !self.is_expired,
            StatementKind::Public => !self.is_in_force && !self.is_expired,
        };
        let standing = match () {
            () if is_ineffective || !statement.faults.is_empty() => Standing::Invalid,
            () if self.is_expired => Standing::Expired,
            () => Standing::Active,
        };
        let mut covered: Vec<u64> = self.covered.into_iter().collect();
        covered.sort_unstable();
        let suppression = Suppression {
            directive: Directive {
                what: match statement.kind {
                    StatementKind::Ignore => Claim::Ignore(rules),
                    StatementKind::Public => Claim::Public,
                },
                reason: statement.reason.map(|reason| shortened(reason.text.to_owned())),
                until: self.until.and_then(Result::ok),
                spelling: match statement.form {
                    StatementForm::Comment => Spelling::Comment,
                    StatementForm::Extension => Spelling::Extension,
                },
                location: locator.locate_part(statement.place, statement.span),
            },
            names: self.names.iter().map(|name| shortened(name.word.text.to_owned())).collect(),
            standing,
            occurrences: covered.len() + self.public,
        };
        (suppression, covered)
    }
}
