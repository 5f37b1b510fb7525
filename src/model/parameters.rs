//! The parameters of all operations, those of their path items among them. A document has few locations and names for
//! its many parameters, so that rules ask once for each what they say.

use rustc_hash::FxHashMap;

use super::api::Api;
use super::objects::{Member, Object, Parameter, PathItem};
use super::operation::{Body, Operation, OperationId};
use super::version::Version;
use crate::source::FileId;
use crate::syntax::{Atom, Node, NodeId};

/// The parameters of each operation, as far as their references lead somewhere.
#[derive(Debug)]
pub struct Parameters<'a> {
    names: Vec<ParameterName<'a>>,
    parameters: Vec<OperationParameter<'a>>,
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
pub struct OperationParameter<'a> {
    /// The Parameter Object.
    pub object: Parameter<'a>,
    /// The position of its location and name, if it has both.
    name: Option<u32>,
}

/// What was asked of each location and name; see [`Parameters::judge`].
#[derive(Debug)]
pub struct Answers<T>(Vec<T>);

impl<T> Answers<T> {
    /// The answer for a parameter; nothing for one without a location or a name.
    pub fn of(&self, parameter: &OperationParameter<'_>) -> Option<&T> {
        parameter.name.map(|name| &self.0[name as usize])
    }
}

impl<'a> Parameters<'a> {
    pub(super) fn of(api: &Api<'a>) -> Parameters<'a> {
        let mut reader = Reader::default();
        let mut parameters = Vec::new();
        let mut ends = Vec::with_capacity(api.operations.len());
        // Operations of a path item stand side by side.
        let mut inherited: Vec<OperationParameter<'a>> = Vec::new();
        let mut path_node = None;
        // By name: the last operation that has it, and one more.
        let mut owners: Vec<u32> = Vec::new();
        for operation in &api.operations {
            if path_node != Some(operation.path_node) {
                path_node = Some(operation.path_node);
                inherited.clear();
                inherited.extend(
                    operation.items().flat_map(PathItem::parameters).filter_map(|one| reader.read(one)),
                );
            }
            let start = parameters.len();
            let document = operation.object.document();
            let own = operation.field(Atom::PARAMETERS).into_iter().flat_map(Node::items);
            parameters.extend(own.filter_map(|written| reader.read(Member::of(document, written))));
            owners.resize(reader.names.len(), 0);
            let owner = operation.id.0 + 1;
            for name in parameters[start..].iter().filter_map(|own: &OperationParameter<'a>| own.name) {
                owners[name as usize] = owner;
            }
            let is_new = |one: &&OperationParameter<'a>| {
                one.name.is_none_or(|name| std::mem::replace(&mut owners[name as usize], owner) != owner)
            };
            parameters.extend(inherited.iter().filter(is_new));
            ends.push(parameters.len() as u32);
        }
        Parameters { names: reader.names, parameters, ends }
    }

    /// The parameters of an operation: its own, then those of its path item that it does not override.
    pub fn of_operation(&self, operation: OperationId) -> &[OperationParameter<'a>] {
        let number = operation.0 as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parameters[start as usize..self.ends[number] as usize]
    }

    /// What `ask` says of each location and name.
    pub fn judge<T>(&self, ask: impl FnMut(&ParameterName<'a>) -> T) -> Answers<T> {
        Answers(self.names.iter().map(ask).collect())
    }
}

impl<'a> Api<'a> {
    /// The parameters of all operations.
    pub fn parameters(&self) -> &Parameters<'a> {
        self.parameters.get_or_init(|| Parameters::of(self))
    }

    /// The parameters of an operation: its own, then those of its path item that it does not override; a parameter is its
    /// location and its name (3.2 §4.12).
    pub fn parameters_of(&self, operation: &Operation<'a>) -> impl Iterator<Item = Parameter<'a>> {
        self.parameters().of_operation(operation.id).iter().map(|parameter| parameter.object)
    }

    /// What the request of an operation carries in its body.
    pub fn body_of(&self, operation: &Operation<'a>) -> Option<Body<'a>> {
        if let Some(body) = operation.request_body() {
            return Some(Body::Object(body));
        }
        if self.document.version() != Version::V2 {
            return None;
        }
        let is_body = |p: &Parameter<'a>| matches!(p.location().map_or("", Node::text), "body" | "formData");
        let parameters: Vec<_> = self.parameters_of(operation).filter(is_body).collect();
        (!parameters.is_empty()).then_some(Body::Swagger2(parameters))
    }
}

/// Numbers the locations and names.
#[derive(Default)]
struct Reader<'a> {
    names: Vec<ParameterName<'a>>,
    numbers: FxHashMap<ParameterName<'a>, u32>,
    /// What many operations refer to is looked at once.
    shared: FxHashMap<(FileId, NodeId), Option<u32>>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, member: Member<'a, Parameter<'a>>) -> Option<OperationParameter<'a>> {
        let object = member.object?;
        let identity = object.node().identity();
        let name = match identity == member.written.dealiased().identity() {
            true => self.number(object),
            false => match self.shared.get(&identity) {
                Some(&known) => known,
                None => {
                    let name = self.number(object);
                    self.shared.insert(identity, name);
                    name
                }
            },
        };
        Some(OperationParameter { object, name })
    }

    fn number(&mut self, object: Parameter<'a>) -> Option<u32> {
        let name = ParameterName { location: object.location()?.text(), name: object.name()?.text() };
        let names = &mut self.names;
        Some(*self.numbers.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() as u32 - 1
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Document;

    #[test]
    fn an_operation_has_its_own_parameters_and_those_of_its_path_item_that_it_does_not_override() {
        let text = "
openapi: 3.1.0
paths:
  /a/{id}:
    parameters:
      - { name: id, in: path, description: item }
      - { name: page, in: query, description: item }
      - { in: query, description: nameless }
      - { $ref: '#/components/parameters/missing' }
    get:
      parameters:
        - { name: page, in: query, description: own }
        - { name: id, in: query, description: own }
        - { $ref: '#/components/parameters/shared' }
    post: {}
  /b:
    get: { parameters: [{ name: id, in: path, description: own }] }
components:
  parameters:
    shared: { name: trace, in: header, description: shared }
";
        let document = Document::of_text("a.yaml", text);
        let api = Api::of(&document);
        let parameters = api.parameters();
        let names = parameters.judge(|one| format!("{} {}", one.location, one.name));
        let all = api.operations.iter().map(|operation| {
            let said = |one: &OperationParameter<'_>| {
                let prose = one.object.description().map_or("", Node::text);
                format!("{} {prose}", names.of(one).map_or("?", String::as_str))
            };
            parameters.of_operation(operation.id).iter().map(said).collect::<Vec<_>>().join(", ")
        });
        let expected = [
            "query page own, query id own, header trace shared, path id item, ? nameless",
            "path id item, query page item, ? nameless",
            "path id own",
        ];
        assert_eq!(all.collect::<Vec<_>>(), expected);
    }
}
