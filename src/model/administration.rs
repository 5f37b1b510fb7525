//! Operations that are for administrators or for the API's own machinery, by what the document calls them.

use super::api::Api;
use super::objects::PathItem;
use super::operation::Operation;
use super::versioning::is_version_variable;
use super::words::{is_one_of, is_spelled};
use crate::syntax::{Entry, Node};

/// What makes an operation one for administrators.
#[derive(Clone, Copy, Debug)]
pub enum AdminSign<'a> {
    /// One of the first segments of the path.
    Segment(&'a str),
    /// A tag: the item of the operation's `tags`.
    Tag(Node<'a>),
    /// `x-internal: true`, on the operation or its path item.
    Internal(Node<'a>),
}

/// Further down, `admin` is a part of what the path names: the admins of a group.
const SEGMENTS: usize = 3;

const NAMES: &[&str] = &[
    "admin", "administrator", "administrators", "administration", "backoffice", "internal", "management",
    "superuser", "root", "sudo", "console", "debug", "actuator", "heapdump", "threaddump", "jolokia",
    "impersonate", "impersonation",
];

const TAGS: &[&str] = &["admin", "administrator", "administration", "backoffice", "internal", "debug"];

impl<'a> Api<'a> {
    /// What makes an operation one for administrators, if anything does.
    pub fn admin_sign(&self, operation: &Operation<'a>) -> Option<AdminSign<'a>> {
        let is_internal = |entry: &Entry<'a>| {
            entry.key.text().eq_ignore_ascii_case("x-internal") && entry.value.as_bool() == Some(true)
        };
        let extensions = operation.object.extensions();
        admin_segment(operation.path)
            .map(AdminSign::Segment)
            .or_else(|| operation.tags().find(|tag| is_one_of(tag.text(), TAGS)).map(AdminSign::Tag))
            .or_else(|| {
                let mut all = extensions.chain(operation.items().flat_map(PathItem::extensions));
                all.find(is_internal).map(|entry| AdminSign::Internal(entry.value))
            })
    }
}

/// A segment that says that what is below it is for administrators. What comes after a variable belongs to the item
/// that the variable names: `/groups/{id}/admin`.
fn admin_segment(path: &str) -> Option<&str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).take(SEGMENTS);
    let is_item = |segment: &&str| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => !is_version_variable(name),
        None => segment.contains('{'),
    };
    let mut literals = segments.take_while(|segment| !is_item(segment));
    literals.find(|segment| NAMES.iter().any(|name| is_spelled(segment, name)))
}

#[cfg(test)]
mod tests {
    use super::admin_segment;

    #[test]
    fn one_of_the_first_segments_makes_a_path_one_for_administrators() {
        for (path, expected) in [
            ("/admin/users", Some("admin")),
            ("/api/v1/Admin", Some("Admin")),
            ("/{version}/admin/users", Some("admin")),
            ("/users/v1/_debug", Some("_debug")),
            ("/back-office/orders", Some("back-office")),
            ("/actuator/env", Some("actuator")),
            ("/administration-fees", None),
            ("/groups/{groupId}/admin", None),
            ("/files/{name}.admin/debug", None),
            ("/a/b/c/admin", None),
            ("/admins", None),
            ("/", None),
        ] {
            assert_eq!(admin_segment(path), expected, "{path}");
        }
    }
}
