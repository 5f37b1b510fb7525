//! Which parts of which documents something is about: one grammar for suppressions, overrides and public operations.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::model::{Operation, OperationKind};
use crate::source::display_path;

/// Parts of documents. A list that is empty restricts nothing; a list that is not is satisfied by any of its members;
/// all lists together must be satisfied.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The folder that `files` are relative to, absolute.
    pub folder: PathBuf,
    /// Files, relative to the folder.
    pub files: Vec<Pattern>,
    /// Path templates: `/users/{id}`, `/internal/**`.
    pub paths: Vec<Pattern>,
    /// Methods, in any case.
    pub methods: Vec<String>,
    /// Tags, as the document writes them.
    pub tags: Vec<String>,
    /// Operation ids.
    pub operation_ids: Vec<Pattern>,
    /// JSON Pointers (RFC 6901) of values; each stands for the value and everything in it.
    pub pointers: Vec<String>,
    /// Fingerprints of findings, or their beginnings.
    pub fingerprints: Vec<String>,
}

impl Selector {
    /// Whether it restricts to certain operations.
    pub fn is_about_operations(&self) -> bool {
        !(self.paths.is_empty()
            && self.methods.is_empty()
            && self.tags.is_empty()
            && self.operation_ids.is_empty())
    }

    /// Whether a file, given by its absolute path, is among its files.
    pub fn has_file(&self, path: &Path) -> bool {
        any(&self.files, |pattern| pattern.matches(&display_path(path, &self.folder)))
    }

    /// Whether an operation is among its operations. A webhook is named where a path is.
    pub fn has_operation(&self, operation: &Operation<'_>) -> bool {
        let path = match operation.kind {
            OperationKind::Webhook => operation.name.unwrap_or_default(),
            _ => operation.path,
        };
        let has_tag = |tag: &String| {
            let tags = operation.tags();
            tags.into_iter().any(|item| item.text() == tag)
        };
        any(&self.paths, |pattern| pattern.matches(path))
            && any(&self.methods, |method| operation.method.text().eq_ignore_ascii_case(method))
            && any(&self.tags, has_tag)
            && any(&self.operation_ids, |pattern| pattern.matches(operation.operation_id()))
    }
}

fn any<T>(list: &[T], test: impl Fn(&T) -> bool) -> bool {
    list.is_empty() || list.iter().any(test)
}

/// A glob that remembers how it was written.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    matcher: GlobSet,
}

impl Pattern {
    /// A glob over the paths of files: `*`, `**`, `?`, `[…]`, `{…}`.
    pub fn of_files(text: &str) -> Result<Pattern, String> {
        let relative = text.strip_prefix("./").unwrap_or(text);
        Pattern::of_glob(text, relative)
    }

    /// A glob over path templates or names: `*` within a segment, `**` over any number, `?`. Braces are what they are in
    /// a template, so that `/users/{id}` means just this path.
    pub fn of_template(text: &str) -> Result<Pattern, String> {
        let mut glob = String::new();
        for character in text.chars() {
            if matches!(character, '{' | '}' | '[' | ']' | '\\' | '!') {
                glob.push('\\');
            }
            glob.push(character);
        }
        Pattern::of_glob(text, &glob)
    }

    fn of_glob(text: &str, glob: &str) -> Result<Pattern, String> {
        let glob = GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build();
        let glob = glob.map_err(|error| error.kind().to_string())?;
        // A set of one: where a matcher of its own would panic, a set says that the pattern is too much.
        let matcher = GlobSetBuilder::new().add(glob).build().map_err(|error| error.kind().to_string())?;
        Ok(Pattern { text: text.to_owned(), matcher })
    }

    /// The glob as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole of a text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_matches_itself_and_stars_stand_for_segments() {
        for (pattern, path, matches) in [
            ("/users/{id}", "/users/{id}", true),
            ("/users/{id}", "/users/id", false),
            ("/users/*", "/users/{id}", true),
            ("/users/*", "/users/{id}/keys", false),
            ("/internal/**", "/internal/a/b", true),
            ("/internal/**", "/internals", false),
            ("/a[b]", "/a[b]", true),
            ("get*", "getUser", true),
            ("/{a,b}", "/a", false),
        ] {
            assert_eq!(Pattern::of_template(pattern).unwrap().matches(path), matches, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_that_is_too_much_is_an_error() {
        for pattern in ["[", "{a", &format!("{}{}", "{a,".repeat(300), "}".repeat(300))] {
            assert!(Pattern::of_files(pattern).is_err(), "{pattern}");
        }
        assert!(Pattern::of_template(&"{a}/*".repeat(150)).is_ok());
    }

    #[test]
    fn files_are_relative_to_the_folder() {
        let files = ["specs/**/*.yaml", "./v{1,2}.json"].map(|glob| Pattern::of_files(glob).unwrap());
        let selector =
            Selector { folder: PathBuf::from("/team"), files: files.to_vec(), ..Selector::default() };
        for (path, has) in [
            ("/team/specs/a/b.yaml", true),
            ("/team/specs/b.yaml", true),
            ("/team/v2.json", true),
            ("/team/v3.json", false),
            ("/other/specs/b.yaml", false),
        ] {
            assert_eq!(selector.has_file(Path::new(path)), has, "{path}");
        }
        assert!(Selector::default().has_file(Path::new("/a")) && !selector.is_about_operations());
    }
}
