//! Operations at which passwords and codes are guessed: steps of authentication that take one from whoever calls.

use super::api::Api;
use super::naming::{UrlCredential, url_credential};
use super::objects::{Object, Schema};
use super::operation::{Body, Operation};
use super::schema::Types;
use super::security::SchemeKind;
use super::words::{is_one_of, is_spelled, last_word, starts_with, words};
use crate::syntax::{Atom, Node};

impl<'a> Api<'a> {
    /// The property or parameter with which a caller proves to be somebody, if the operation checks such proofs and
    /// they can be guessed: the password of a login, the code of a second factor or of a reset.
    ///
    /// Long random values cannot be guessed (client secrets, authorization codes, refresh tokens). Whoever registers or
    /// changes a password when signed in proves nothing, and who is signed in with a token has been let in already.
    pub fn guessable_credential(&self, operation: &Operation<'a>) -> Option<Node<'a>> {
        let step = self.authentication_step(operation)?;
        if operation.method.standard() == "put" && !words(step).any_of(&["verify", "confirm", "reset"])
            || is_no_guess(step)
            || is_no_guess(operation.operation_id())
        {
            return None;
        }
        let is_user =
            |kind| matches!(kind, SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect);
        let mut schemes = operation.security.required().filter_map(|required| required.scheme);
        if !operation.access().is_unauthenticated() && schemes.any(|scheme| is_user(scheme.kind())) {
            return None;
        }
        let fields = fields(self, operation);
        // An authorization code is random and good for one exchange.
        let has = |name: &str| fields.iter().any(|(field, _)| is_spelled(field.text(), name));
        let is_exchange = words(operation.path)
            .any_of(&["oauth", "openid", "oidc", "callback", "sso", "saml"])
            || ["granttype", "redirecturi", "clientsecret", "state"].into_iter().any(has);
        // A reset takes the new password, and a password alone belongs to nobody: its strength is asked for.
        let is_password = |name: &str| url_credential(name) == Some(UrlCredential::Password);
        let is_somebodys = fields.iter().any(|(field, _)| !is_password(field.text())) && !resets(step);
        let passwords = fields.iter().filter(|(field, schema)| {
            is_somebodys && is_text(*schema) && is_password(field.text()) && !is_new(field.text())
        });
        let code = || {
            let is_code = |schema, name| !is_exchange && is_text(schema) && is_code(name);
            fields
                .iter()
                .filter(|(field, schema)| is_code(*schema, field.text()))
                .min_by_key(|(f, _)| f.text())
        };
        passwords.min_by_key(|(field, _)| field.text()).or_else(code).map(|(field, _)| *field)
    }
}

fn resets(step: &str) -> bool {
    words(step).any_of(&["reset", "forgot", "forgotten", "recover", "recovery", "lost"])
}

/// Registering, setting and changing.
fn is_no_guess(name: &str) -> bool {
    const GLUED: &[&str] = &["setpassword", "changepassword", "updatepassword", "createpassword"];
    GLUED.iter().any(|known| is_spelled(name, known))
        || words(name).any_of(&[
            "register", "registration", "signup", "create", "change", "set", "update", "new", "admin",
        ])
}

fn is_new(name: &str) -> bool {
    words(name).any_of(&["new", "confirm", "confirmation", "repeat", "repeated", "retype", "re"])
        || starts_with(name, "new")
}

fn is_code(name: &str) -> bool {
    const CODES: &[&str] =
        &["otp", "totp", "pin", "passcode", "onetimepassword", "otpcode", "mfacode", "smscode", "pincode"];
    const KINDS: &[&str] = &["verification", "confirmation", "mfa", "otp", "2fa", "sms", "totp", "passcode"];
    CODES.iter().any(|code| is_spelled(name, code))
        || last_word(name).is_some_and(|last| is_one_of(last, &["code", "otp", "pin"]))
            && (words(name).any_of(KINDS) || is_spelled(name, "code"))
}

fn is_text(schema: Option<Schema<'_>>) -> bool {
    schema.is_none_or(|schema| {
        let types = schema.types();
        types.is_empty() || types.intersects(Types::STRING.union(Types::INTEGER))
    })
}

/// The names of what a request carries at its top level, with their schemas.
fn fields<'a>(api: &Api<'a>, operation: &Operation<'a>) -> Vec<(Node<'a>, Option<Schema<'a>>)> {
    let mut fields = Vec::new();
    let mut of_schema = |schema: Schema<'a>| {
        let alternatives = schema.branches().into_iter().flatten().flat_map(Schema::parts);
        for part in schema.parts().into_iter().chain(alternatives).take(Schema::PARTS) {
            let properties = part.field(Atom::PROPERTIES).into_iter().flat_map(Node::entries);
            fields.extend(properties.map(|entry| (entry.key, Schema::seen(part.document(), entry.value))));
        }
    };
    match api.body_of(operation) {
        Some(Body::Object(body)) => {
            let mut media: Vec<_> = body.content().collect();
            media.sort_by_key(|media| media.written.key_text());
            let schemas = media.into_iter().filter_map(|media| media.object?.schema());
            schemas.take(4).for_each(&mut of_schema);
        }
        Some(Body::Swagger2(parameters)) => {
            for parameter in parameters.iter().filter(|p| p.location().map_or("", Node::text) == "body") {
                parameter.value_schema().into_iter().for_each(&mut of_schema);
            }
        }
        None => {}
    }
    for parameter in api.parameters_of(operation) {
        let in_url_or_form =
            matches!(parameter.location().map_or("", Node::text), "query" | "path" | "formData" | "header");
        fields
            .extend(parameter.name().filter(|_| in_url_or_form).map(|name| (name, parameter.value_schema())));
    }
    fields
}
