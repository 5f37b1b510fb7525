//! What reports for other programs need to know besides the findings: where the run took place, and its rules.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::lint::Rule;
use crate::source::display_path;

/// Where a run took place, and which rules there are.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The folder to which the consumers' paths are relative: that of the repository.
    pub root: &'a Path,
    /// The folder to which the report's paths are relative.
    pub working_directory: &'a Path,
    /// The rules; those that did not run are left out.
    pub rules: &'a [&'static Rule],
}

impl Setting<'_> {
    /// A path of the report relative to the root, with `/`. It starts with `../` outside of the root.
    pub(super) fn in_root(&self, path: &str) -> String {
        display_path(&self.working_directory.join(path), self.root)
    }

    /// A path of the report as a URI: relative to the root, or absolute outside of it.
    pub(super) fn uri(&self, path: &str) -> Uri {
        let relative = self.in_root(path);
        let is_outside =
            relative == ".." || relative.starts_with("../") || Path::new(&relative).is_absolute();
        if !is_outside {
            return Uri { text: encoded(&relative), is_relative: true };
        }
        let absolute = display_path(&self.working_directory.join(path), Path::new(""));
        Uri { text: format!("file:///{}", encoded(absolute.trim_start_matches('/'))), is_relative: false }
    }
}

/// A percent-encoded URI (RFC 3986) of a file.
pub(super) struct Uri {
    pub(super) text: String,
    /// Whether it is relative to the root.
    pub(super) is_relative: bool,
}

/// What a path keeps as it is: the unreserved characters of RFC 3986 §2.3 and the slash.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, KEPT).to_string()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_root_and_encoded() {
        let setting =
            Setting { root: Path::new("/repo"), working_directory: Path::new("/repo/api"), rules: &[] };
        for (path, in_root, uri) in [
            ("a.yaml", "api/a.yaml", "api/a.yaml"),
            ("../a b%#?.yaml", "a b%#?.yaml", "a%20b%25%23%3F.yaml"),
            ("c:d/ö.yaml", "api/c:d/ö.yaml", "api/c%3Ad/%C3%B6.yaml"),
            ("../../x/y z.yaml", "../x/y z.yaml", "file:///x/y%20z.yaml"),
            ("/x/y.yaml", "../x/y.yaml", "file:///x/y.yaml"),
            ("../..x/y.yaml", "..x/y.yaml", "..x/y.yaml"),
            ("<stdin>", "api/<stdin>", "api/%3Cstdin%3E"),
            ("a\n\u{1b}", "api/a\n\u{1b}", "api/a%0A%1B"),
        ] {
            assert_eq!(setting.in_root(path), in_root);
            assert_eq!(setting.uri(path).text, uri);
            assert_eq!(setting.uri(path).is_relative, !uri.starts_with("file:"), "{path}");
        }
    }
}
