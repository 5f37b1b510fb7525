//! The parameters of all operations by location and name. A document has few of these for its many parameters, so that
//! rules ask once for each what they say.

use rustc_hash::FxHashMap;

use super::api::Api;
use super::objects::Parameter;
use super::operation::OperationId;
use crate::source::FileId;
use crate::syntax::NodeId;

/// The parameters of each operation, as far as they have a location and a name.
#[derive(Debug)]
pub struct NamedParameters<'a> {
    names: Vec<ParameterName<'a>>,
    parameters: Vec<NamedParameter<'a>>,
    /// By operation: the position in `parameters` after its last one.
    ends: Vec<u32>,
}

/// What makes parameters the same (3.2 §4.12).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ParameterName<'a> {
    /// Its `in`.
    pub location: &'a str,
    /// Its `name`.
    pub name: &'a str,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct NamedParameter<'a> {
    /// The Parameter Object.
    pub object: Parameter<'a>,
    /// The position of its location and name among the answers of [`NamedParameters::judge`].
    pub name: usize,
}

impl<'a> NamedParameters<'a> {
    pub(super) fn of(api: &Api<'a>) -> NamedParameters<'a> {
        let mut found = NamedParameters { names: Vec::new(), parameters: Vec::new(), ends: Vec::new() };
        let mut known: FxHashMap<ParameterName<'a>, usize> = FxHashMap::default();
        let mut number = |object: Parameter<'a>| {
            let name = ParameterName { location: object.location()?.text(), name: object.name()?.text() };
            Some(*known.entry(name).or_insert_with(|| {
                found.names.push(name);
                found.names.len() - 1
            }))
        };
        // What many operations refer to is looked at once.
        let mut shared: FxHashMap<(FileId, NodeId), Option<usize>> = FxHashMap::default();
        for operation in &api.operations {
            for member in operation.parameters() {
                let Some(object) = member.object else { continue };
                let name = match object.node() == member.written.dealiased() {
                    true => number(object),
                    false => *shared.entry(object.node().identity()).or_insert_with(|| number(object)),
                };
                found.parameters.extend(name.map(|name| NamedParameter { object, name }));
            }
            found.ends.push(found.parameters.len() as u32);
        }
        found
    }

    /// The parameters of an operation.
    pub fn of_operation(&self, operation: OperationId) -> &[NamedParameter<'a>] {
        let number = operation.0 as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parameters[start as usize..self.ends[number] as usize]
    }

    /// What `ask` says of each location and name.
    pub fn judge<T>(&self, ask: impl FnMut(&ParameterName<'a>) -> T) -> Vec<T> {
        self.names.iter().map(ask).collect()
    }
}
