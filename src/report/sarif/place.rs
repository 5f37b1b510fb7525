//! Places in files as SARIF writes them.

use serde::Serialize;

use super::{Text, prose};
use crate::lint;
use crate::report::Setting;

/// A `location`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: std::borrow::Cow<'a, str>,
    kind: &'static str,
}

impl<'a> Location<'a> {
    /// With a number by which it is referred to.
    pub(super) fn numbered(self, id: usize) -> Location<'a> {
        Location { id: Some(id), ..self }
    }

    /// With a sentence about it, unless that is empty.
    pub(super) fn with_message(self, message: &'a str) -> Location<'a> {
        let message = (!message.is_empty()).then(|| Text::of(prose(message)));
        Location { message, ..self }
    }

    /// With the value that stands there and the operation that it belongs to.
    pub(super) fn with_names(
        mut self,
        location: &'a lint::Location,
        operation: Option<&lint::OperationName>,
    ) -> Location<'a> {
        if !location.pointer.is_empty() {
            let kind = match location.part {
                lint::Part::Key => "property",
                lint::Part::Value => "value",
            };
            let name = location.pointer.as_str().into();
            self.logical_locations.push(LogicalLocation { fully_qualified_name: name, kind });
        }
        self.logical_locations.extend(operation.map(|operation| LogicalLocation {
            fully_qualified_name: operation.to_string().into(),
            kind: "function",
        }));
        self
    }
}

/// A place without its names.
pub(super) fn location_of<'a>(location: &lint::Location, setting: &Setting<'_>) -> Location<'a> {
    let region = Region {
        start_line: location.start.line,
        start_column: location.columns.start.utf16,
        end_line: location.end.line,
        end_column: location.columns.end.utf16,
    };
    in_file(&location.path, Some(region), setting)
}

/// A file.
pub(super) fn whole_file<'a>(path: &str, setting: &Setting<'_>) -> Location<'a> {
    in_file(path, None, setting)
}

fn in_file<'a>(path: &str, region: Option<Region>, setting: &Setting<'_>) -> Location<'a> {
    let uri = setting.uri(path);
    let uri_base_id = uri.is_relative.then_some("%SRCROOT%");
    let artifact_location = ArtifactLocation { uri: uri.text, uri_base_id };
    Location {
        id: None,
        physical_location: PhysicalLocation { artifact_location, region },
        logical_locations: Vec::new(),
        message: None,
    }
}
