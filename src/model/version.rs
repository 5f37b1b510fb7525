//! Which version of OpenAPI a document speaks, and whether a file is an OpenAPI document at all.

use crate::syntax::{Atom, Node};

/// A version of the OpenAPI Specification, by the feature set that it has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Version {
    /// 2.0, once called Swagger.
    V2,
    /// 3.0.x.
    V3_0,
    /// 3.1.x: schemas are JSON Schema 2020-12.
    V3_1,
    /// 3.2.x.
    V3_2,
}

impl Version {
    /// Reads the value of `openapi`. An unknown version is read as the nearest known one, so that a document of
    /// tomorrow is checked rather than rejected.
    fn of_openapi(text: &str) -> Version {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().ok());
        match (numbers.next().flatten().unwrap_or(3), numbers.next().flatten().unwrap_or(0)) {
            (..=2, _) => Version::V2,
            (3, 0) => Version::V3_0,
            (3, 1) => Version::V3_1,
            _ => Version::V3_2,
        }
    }

    /// Whether a `$ref` in a schema stands beside other keywords that count (JSON Schema 2020-12 §8.2.3); before 3.1
    /// they are ignored.
    pub fn allows_ref_siblings(self) -> bool {
        self >= Version::V3_1
    }
}

/// What the top level of a file says it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recognition<'a> {
    /// An OpenAPI document; the node is the value of `openapi` or `swagger`.
    OpenApi(Version, Node<'a>),
    /// Another kind of description, by its name.
    Other(&'static str),
    /// Nothing that names itself: a fragment, or any other file.
    Unknown,
}

/// Looks at the top-level keys of a file.
pub fn recognize(root: Node<'_>) -> Recognition<'_> {
    if let Some(version) = root.get(Atom::OPENAPI) {
        return Recognition::OpenApi(Version::of_openapi(version.text()), version);
    }
    if let Some(version) = root.get(Atom::SWAGGER) {
        if version.text().starts_with("1.") {
            return Recognition::Other("Swagger 1.x");
        }
        return Recognition::OpenApi(Version::V2, version);
    }
    if root.get_text("swaggerVersion").is_some() {
        return Recognition::Other("Swagger 1.x");
    }
    for (key, name) in [("asyncapi", "AsyncAPI"), ("arazzo", "Arazzo"), ("overlay", "OpenAPI Overlay")] {
        if root.get_text(key).is_some() {
            return Recognition::Other(name);
        }
    }
    Recognition::Unknown
}

/// Whether a text that could not be parsed shows `openapi` or `swagger` as a top-level key: then its syntax error must
/// not be passed over as "some other file".
pub fn looks_like_openapi(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let json = text.trim_start().starts_with('{');
    text.lines().any(|line| {
        // YAML keys at the margin; in JSON the first level may be indented.
        let key = if json { line.trim_start_matches([' ', '\t', '{', ',']) } else { line };
        ["openapi", "swagger"].iter().any(|word| {
            let bare = key.strip_prefix('"').or(key.strip_prefix('\'')).unwrap_or(key);
            let Some(rest) = bare.strip_prefix(word) else { return false };
            let rest = rest.trim_start_matches(['"', '\'']).trim_start();
            rest.starts_with(':') && (!json || rest[1..].trim_start().starts_with('"'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_versions_are_read_as_the_nearest_known_one() {
        for (text, version) in [
            ("3.0", Version::V3_0),
            ("3.0.0-RC1", Version::V3_0),
            ("3.0.8-lLFl:h", Version::V3_0),
            ("3.1.1", Version::V3_1),
            ("3.2.0", Version::V3_2),
            ("3.9.0", Version::V3_2),
            ("4.0", Version::V3_2),
            ("", Version::V3_0),
        ] {
            assert_eq!(Version::of_openapi(text), version, "{text}");
        }
    }

    #[test]
    fn a_broken_document_is_still_seen_to_be_one() {
        assert!(looks_like_openapi("# x\nopenapi: 3.0.0\n  : ["));
        assert!(looks_like_openapi("{\n  \"openapi\": \"3.0.0\","));
        assert!(looks_like_openapi("{\"swagger\":\"2.0\",]"));
        assert!(!looks_like_openapi("kind: x\nspec:\n  openapi: 3.0.0\n{{ helm }}"));
        assert!(!looks_like_openapi("openapi-generator:\n - x"));
    }
}
