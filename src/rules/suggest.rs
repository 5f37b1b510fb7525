//! Finding a rule by its id, and saying which one was probably meant.

use super::{all, categories, errors};
use crate::lint::Rule;

/// Ids that rules once had: (old id, id of today). An old id keeps working, with a note.
const RENAMED: &[(&str, &str)] = &[];

/// A name that is neither a rule nor a category.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown rule `{name}`{}", suggestion.as_ref().map(|id| format!("; did you mean `{id}`?")).unwrap_or_default())]
pub struct Unknown {
    /// What was asked for.
    pub name: String,
    /// The nearest name, if one is near.
    pub suggestion: Option<&'static str>,
}

/// The rules that a name stands for: one rule by its id (of today or of once), or all of a category.
pub fn by_id(name: &str) -> Result<Vec<&'static Rule>, Unknown> {
    let id = RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new);
    let found: Vec<_> = all().into_iter().filter(|rule| rule.id == id || rule.category == id).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names = all()
        .into_iter()
        .map(|rule| rule.id)
        .chain(errors().iter().map(|error| error.id))
        .chain(categories());
    Err(Unknown { name: name.to_owned(), suggestion: nearest(name, names) })
}

/// The candidate nearest to a name, if it is near enough to have been meant. Nobody mistypes a name of hundreds of
/// letters, and comparing two takes time in proportion to the product of their lengths.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    let candidates = candidates.into_iter().filter(|candidate| candidate.len() <= LONGEST);
    let scored = candidates.map(|candidate| (strsim::jaro_winkler(name, candidate), candidate));
    // Of equally near candidates the first in the alphabet, so that the answer is always the same.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
    (best.0 > 0.8).then_some(best.1)
}

/// Suggestions for many names. Comparisons are counted: a document with as many wrong names as right ones gets no
/// suggestion for the last of them.
pub(super) struct Suggestions {
    left: usize,
}

impl Suggestions {
    pub(super) fn new() -> Suggestions {
        Suggestions { left: 1_000_000 }
    }

    /// The candidate nearest to a name; see [`nearest`].
    pub(super) fn nearest<'c>(
        &mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let (left, mut compared) = (self.left, 0);
        let found = nearest(name, candidates.into_iter().take(left).inspect(|_| compared += 1));
        self.left -= compared;
        // Not all were looked at: the nearest may be among the others.
        found.filter(|_| compared < left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rule_is_answered_with_the_nearest() {
        let unknown = by_id("unauthenticated-wite").unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "unknown rule `unauthenticated-wite`; did you mean `unauthenticated-write`?"
        );
        assert_eq!(by_id("zzz").unwrap_err().to_string(), "unknown rule `zzz`");
    }

    #[test]
    fn a_category_stands_for_its_rules() {
        let rules = by_id("transport").unwrap();
        assert!(rules.len() > 1 && rules.iter().all(|rule| rule.category == "transport"));
    }
}
