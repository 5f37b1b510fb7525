//! Operations that anyone may call although nobody decided so, and what to compare them with.

use rustc_hash::FxHashSet;

use super::api::Api;
use super::operation::{Operation, OperationId};
use super::security::{Access, Origin};
use super::versioning::segment_version;
use super::words::is_one_of;

/// Where fewer operations than this exist, what most of them do says little.
const POPULATION: usize = 5;

/// An operation without any requirement, of which nothing says that it is meant to be public.
#[derive(Clone, Copy, Debug)]
pub struct Unguarded<'m, 'a> {
    /// The operation.
    pub operation: &'m Operation<'a>,
    /// A protected one to compare it with: the one whose path begins most alike.
    pub neighbour: Option<&'m Operation<'a>>,
    /// Whether its whole area of the API, the paths with the same first segment, only reads and is open: then being
    /// open looks like a decision.
    pub in_open_area: bool,
}

/// The numbers of an [`Unguarded`] operation and of its neighbour, and whether its area is open.
pub(super) type UnguardedIds = (OperationId, Option<OperationId>, bool);

/// Operations under `paths` counted by what access they demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AccessCounts {
    /// All.
    pub operations: usize,
    /// Those of which every alternative names a scheme, or all but `{}`.
    pub secured: usize,
    /// Those that only read.
    pub reads: usize,
    /// Those that only read and are secured.
    pub secured_reads: usize,
}

impl AccessCounts {
    /// Whether so many operations are secured that an open one was probably forgotten. Of 108 such operations in real
    /// documents 85 % were. Where a fifth is open, being a read that nobody is turned away from is nothing unusual.
    pub fn is_outlier(self, operation: &Operation<'_>) -> bool {
        let share = |percent: usize| 100 * self.secured >= percent * self.operations;
        self.operations >= POPULATION
            && (share(90)
                || share(80) && self.secured >= 10 && (operation.changes() || operation.documents_denial()))
    }

    /// Whether reading, too, is mostly for callers who are known. In many an API anyone may look at what only members
    /// may change.
    pub fn protects_reads(self) -> bool {
        self.reads >= POPULATION && 100 * self.secured_reads >= 80 * self.reads
    }
}

impl<'a> Api<'a> {
    /// Counts the operations under `paths`.
    pub fn access_counts(&self) -> AccessCounts {
        let mut counts = AccessCounts::default();
        for operation in self.path_operations() {
            let secured = usize::from(!operation.access().is_unauthenticated());
            let read = usize::from(!operation.is_write());
            counts.operations += 1;
            counts.secured += secured;
            counts.reads += read;
            counts.secured_reads += secured * read;
        }
        counts
    }

    /// The operations under `paths` that nothing protects, and nothing says that they are public: no `security` of
    /// their own, however empty, and no [public reason](Api::public_reason). By [`Api::rank`]. None in a document
    /// without schemes and requirements, where being open says nothing about an operation.
    pub fn unguarded(&self) -> impl ExactSizeIterator<Item = Unguarded<'_, 'a>> {
        let ids = self.unguarded_ids.get_or_init(|| self.find_unguarded());
        ids.iter().map(|&(operation, neighbour, in_open_area)| Unguarded {
            operation: self.operation(operation),
            neighbour: neighbour.map(|id| self.operation(id)),
            in_open_area,
        })
    }

    /// The operations under `paths` that are open and not [unguarded](Api::unguarded), but would be if other parts of the
    /// document changed: if it declared a scheme, or protected another method of the same path. By [`Api::rank`].
    pub fn potentially_unguarded(&self) -> Vec<&Operation<'a>> {
        let unguarded: FxHashSet<OperationId> = self.unguarded().map(|open| open.operation.id).collect();
        let mut operations = self.ranked_operations();
        operations.retain(|operation| {
            operation.access().is_unauthenticated()
                && operation.security.origin != Origin::Operation
                && !unguarded.contains(&operation.id)
                && !self.is_public_anyhow(operation)
        });
        operations
    }

    fn find_unguarded(&self) -> Vec<UnguardedIds> {
        if self.schemes.is_empty() && !self.has_security_keyword() {
            return Vec::new();
        }
        let operations = self.ranked_operations();
        // `security: []` on the operation itself states an intent; at the root it is merely inherited.
        let is_unguarded = |operation: &Operation<'a>| {
            let stated = operation.security.origin == Origin::Operation;
            operation.access().is_unauthenticated() && !stated && self.public_reason(operation).is_none()
        };
        if !operations.iter().any(|operation| is_unguarded(operation)) {
            return Vec::new();
        }
        let neighbours = protected_neighbours(&operations);
        // Areas where something is secured or changed.
        let guarded: FxHashSet<&str> = operations
            .iter()
            .filter(|operation| operation.is_write() || !operation.access().is_unauthenticated())
            .map(|operation| area(operation.path))
            .collect();
        let all = operations.iter().zip(neighbours);
        all.filter(|(operation, _)| is_unguarded(operation))
            .map(|(operation, neighbour)| (operation.id, neighbour, !guarded.contains(area(operation.path))))
            .collect()
    }
}

/// The area of the API that a path is in: its first segment that is no version and no `api`, whether it is literal or
/// not.
fn area(path: &str) -> &str {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let names_nothing = |segment: &&str| {
        is_one_of(segment, &["api", "rest", "resources"]) || segment_version(segment).is_some()
    };
    segments.find(|segment| !names_nothing(segment)).unwrap_or_default()
}

/// For each operation a protected one whose path begins most alike. In the order of paths that is the nearest before or
/// after it.
fn protected_neighbours(operations: &[&Operation<'_>]) -> Vec<Option<OperationId>> {
    let nearest = |last: &mut Option<usize>, (at, operation): (usize, &&Operation<'_>)| {
        let seen = *last;
        if operation.access() == Access::Protected {
            *last = Some(at);
        }
        Some(seen)
    };
    let numbered = || operations.iter().enumerate();
    let before: Vec<_> = numbered().scan(None, nearest).collect();
    let mut after: Vec<_> = numbered().rev().scan(None, nearest).collect();
    after.reverse();
    let common = |a: usize, b: usize| {
        let (a, b) = (operations[a].path.bytes(), operations[b].path.bytes());
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let choices = before.into_iter().zip(after).enumerate().map(|(at, neighbours)| match neighbours {
        (Some(before), Some(after)) if common(after, at) > common(before, at) => Some(after),
        (before, after) => before.or(after),
    });
    choices.map(|choice| choice.map(|at| operations[at].id)).collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Api, Document};

    /// "operation outlier neighbour" of each unguarded operation.
    fn unguarded(paths: &str, after: &str) -> Vec<String> {
        let text = format!("openapi: 3.1.0\npaths:\n{paths}\n{after}\n");
        let document = Document::of_text("a.yaml", &text);
        let api = Api::of(&document);
        let counts = api.access_counts();
        let found = api.unguarded().map(|open| {
            let neighbour = open.neighbour.map_or_else(String::new, |other| other.title());
            format!("{} {} {neighbour}", open.operation.title(), counts.is_outlier(open.operation))
        });
        found.collect()
    }

    const SCHEMES: &str = "components: {securitySchemes: {t: {type: http, scheme: bearer}}}";

    #[test]
    fn what_is_open_without_a_decision_is_unguarded() {
        let paths = "  /login: {post: {}}\n  /stated: {get: {security: []}}\n  /a: {get: {}}\n";
        assert_eq!(unguarded(paths, SCHEMES), ["`GET /a` false "]);
        assert_eq!(unguarded(paths, &format!("{SCHEMES}\nsecurity: []")), ["`GET /a` false "]);
        assert_eq!(unguarded(paths, &format!("{SCHEMES}\nsecurity: [{{t: []}}]")), [""; 0]);
    }

    #[test]
    fn a_document_that_never_speaks_of_security_has_none() {
        assert_eq!(unguarded("  /a: {get: {}, post: {}}", ""), [""; 0]);
    }

    #[test]
    fn the_neighbour_is_the_protected_operation_with_the_nearest_path() {
        let paths =
            "  /a/b: {get: {security: [t: []]}}\n  /a/c: {get: {}}\n  /a/cd: {get: {security: [t: []]}}\n";
        assert_eq!(unguarded(paths, SCHEMES), ["`GET /a/c` false `GET /a/cd`"]);
    }

    #[test]
    fn how_many_are_secured_decides_what_is_an_outlier() {
        let document = |secured: usize, open: &str| {
            let paths = (0..secured).map(|i| format!("  /p{i}: {{get: {{security: [t: []]}}}}\n"));
            unguarded(&(paths.collect::<String>() + open), SCHEMES)
        };
        let read = "  /x: {get: {}}\n";
        assert_eq!(document(3, read), ["`GET /x` false `GET /p2`"]);
        assert_eq!(document(8, read), ["`GET /x` false `GET /p7`"]);
        assert_eq!(document(9, read), ["`GET /x` true `GET /p9`".replace("p9", "p8")]);
        // 10 of 12 are more than 80 %: then a write counts, and a read that turns callers away.
        let more = "  /x: {get: {}, put: {}}\n";
        assert_eq!(document(10, more), ["`GET /x` false `GET /p9`", "`PUT /x` true `GET /p9`"]);
        let denied = "  /x: {get: {responses: {'401': {}}}, put: {}}\n";
        assert_eq!(document(10, denied), ["`GET /x` true `GET /p9`", "`PUT /x` true `GET /p9`"]);
    }

    #[test]
    fn an_area_where_nothing_is_secured_or_changed_is_open() {
        for (path, expected) in [
            ("/orders/{id}", "orders"),
            ("/api/v1/orders", "orders"),
            ("/{tenant}/orders", "{tenant}"),
            ("/v1/{name}", "{name}"),
            ("/api", ""),
            ("", ""),
        ] {
            assert_eq!(super::area(path), expected, "{path}");
        }
        let text = format!(
            "openapi: 3.1.0\npaths: {{/a: {{get: {{}}}}, /a/b: {{get: {{}}}}, /c: {{get: {{}}}}, \
             /c/d: {{get: {{security: [t: []]}}}}, /d: {{get: {{}}, put: {{}}}}}}\n{SCHEMES}\n"
        );
        let document = Document::of_text("a.yaml", &text);
        let api = Api::of(&document);
        let open: Vec<_> =
            api.unguarded().filter(|open| open.in_open_area).map(|open| open.operation.path).collect();
        assert_eq!(open, ["/a", "/a/b"]);
    }
}
