//! The keywords of OpenAPI and JSON Schema as small integers, so that looking a keyword up compares integers.

/// A keyword. Keys of the tree carry theirs; see [`Atom::of`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Atom(u8);

impl Atom {
    /// The number of the atom; 0 is no atom.
    pub(super) fn number(self) -> u32 {
        u32::from(self.0)
    }

    /// The position among all keywords, below [`Atom::COUNT`].
    pub(crate) const fn index(self) -> usize {
        self.0 as usize - 1
    }

    /// How many keywords there are.
    pub(crate) const COUNT: usize = KEYWORDS.len();

    #[inline]
    pub(super) fn from_number(number: u32) -> Option<Atom> {
        (1..=KEYWORDS.len() as u32).contains(&number).then_some(Atom(number as u8))
    }

    /// The atom of a keyword, if `text`, whose hash is given, is one.
    #[inline]
    pub(super) fn hashed(text: &str, hash: u32) -> Option<Atom> {
        Atom::find(hash, |atom| atom.text() == text)
    }

    /// The atom of a keyword among those with a hash.
    #[inline]
    fn find(hash: u32, is_it: impl Fn(Atom) -> bool) -> Option<Atom> {
        let mut slot = slot_of(hash);
        // Some slot is empty.
        while TABLE[slot] != 0 {
            let atom = Atom(TABLE[slot]);
            if is_it(atom) {
                return Some(atom);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// The keyword itself.
    pub fn text(self) -> &'static str {
        KEYWORDS[self.index()]
    }
}

impl std::fmt::Debug for Atom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

/// A text of up to 16 bytes, none of which is NUL, as two numbers: most keys are so short, and are hashed and compared
/// without a look at single bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Short {
    /// The first eight bytes; those behind the end are 0.
    pub(super) first: u64,
    /// The other bytes.
    pub(super) last: u64,
}

impl Short {
    /// What [`hash`] gives for the text.
    #[inline]
    pub(super) const fn hash(self) -> u32 {
        finished(self.state(), self.first)
    }

    #[inline]
    const fn state(self) -> u64 {
        mixed(self.first ^ FACTORS[0], self.last ^ FACTORS[1])
    }

    /// The atom of a keyword, if the text, whose hash is given, is one.
    #[inline]
    pub(super) fn atom(self, hash: u32) -> Option<Atom> {
        Atom::find(hash, |atom| SHORT[usize::from(atom.0)] == self)
    }

    /// What stands in up to 16 bytes, at most one NUL at the end.
    #[inline]
    const fn of(bytes: &[u8]) -> Short {
        let count = bytes.len();
        // Two numbers that overlap hold all of a text.
        if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let last = if count > 8 { u64::from_le_bytes(*last) >> (8 * (16 - count)) } else { 0 };
            return Short { first: u64::from_le_bytes(*first), last };
        }
        let first = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            u32::from_le_bytes(*first) as u64 | (u32::from_le_bytes(*last) as u64) << (8 * (count - 4))
        } else if count > 0 {
            let (middle, last) = (count / 2, count - 1);
            bytes[0] as u64 | (bytes[middle] as u64) << (8 * middle) | (bytes[last] as u64) << (8 * last)
        } else {
            0
        };
        Short { first, last: 0 }
    }
}

/// A hash of the text of a key: different hashes mean different texts. The lowest byte is the text's first, or 0. It is not
/// made to withstand whoever wants equal ones; what takes two for the same compares the texts.
#[inline]
pub(crate) const fn hash(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let Some((start, mut rest)) = bytes.split_at_checked(16) else { return Short::of(bytes).hash() };
    let start = Short::of(start);
    let mut state = start.state();
    while let Some((word, behind)) = rest.split_first_chunk() {
        state = mixed(state ^ u64::from_le_bytes(*word), FACTORS[0]);
        rest = behind;
    }
    if let (false, Some(last)) = (rest.is_empty(), bytes.last_chunk()) {
        state = mixed(state ^ u64::from_le_bytes(*last), FACTORS[1]);
    }
    finished(state, start.first)
}

/// Odd numbers without a pattern. Of thousands that were tried on real documents these are among the best: keys that
/// stand together seldom share a bit of [`Keys`](super::keys::Keys).
const FACTORS: [u64; 2] = [0xc210_f083_ad0e_937b, 0xe434_1e17_8c09_4d1d];

const fn mixed(word: u64, factor: u64) -> u64 {
    let product = word as u128 * factor as u128;
    product as u64 ^ (product >> 64) as u64
}

/// The hash of a text whose first bytes are given.
const fn finished(state: u64, first: u64) -> u32 {
    state as u32 & !0xff | first as u32 & 0xff
}

/// How many slots [`TABLE`] has: so many that a text that is no keyword mostly meets an empty one.
const SLOTS: usize = 1024;

const fn slot_of(hash: u32) -> usize {
    (hash >> 8) as usize % SLOTS
}

/// The hashes of the keywords.
pub(super) const HASHES: [u32; Atom::COUNT] = {
    let mut hashes = [0; Atom::COUNT];
    let mut at = 0;
    while at < Atom::COUNT {
        hashes[at] = hash(KEYWORDS[at]);
        at += 1;
    }
    hashes
};

/// The numbers of the keywords by hash, each in its slot or the next that was empty; 0 is an empty one. A look here takes
/// half the time of comparisons by length and letter.
static TABLE: [u8; SLOTS] = {
    let mut table = [0; SLOTS];
    let mut at = 0;
    while at < Atom::COUNT {
        let mut slot = slot_of(HASHES[at]);
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        at += 1;
        table[slot] = at as u8;
    }
    table
};

/// The keywords of up to 16 bytes by their numbers; so many that any number is one of them. In place of others stands
/// what no text is.
static SHORT: [Short; 256] = {
    let mut short = [Short { first: u64::MAX, last: u64::MAX }; 256];
    let mut at = 0;
    while at < Atom::COUNT {
        let keyword = KEYWORDS[at].as_bytes();
        at += 1;
        if keyword.len() <= 16 {
            short[at] = Short::of(keyword);
        }
    }
    short
};

/// A set of keywords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Atoms([u64; 4]);

impl Atoms {
    /// Adds a keyword; whether it was not there before.
    #[inline]
    pub fn insert(&mut self, keyword: Atom) -> bool {
        let (word, bit) = Atoms::place(keyword);
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    /// Whether a keyword is in the set.
    #[inline]
    pub fn contains(&self, keyword: Atom) -> bool {
        let (word, bit) = Atoms::place(keyword);
        self.0[word] & bit != 0
    }

    fn place(keyword: Atom) -> (usize, u64) {
        (usize::from(keyword.0 / 64), 1 << (keyword.0 % 64))
    }
}

macro_rules! atoms {
    ($($name:ident = $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers the keywords, never named elsewhere")]
        #[repr(u8)]
        enum Number { $($name),* }

        /// Every keyword, in the order of the atoms' numbers.
        const KEYWORDS: &[&str] = &[$($text),*];

        #[allow(missing_docs, reason = "each constant is the keyword that it is named after")]
        impl Atom {
            $(pub const $name: Atom = Atom(Number::$name as u8 + 1);)*

            /// The atom of a keyword, if `text` is one. Comparison is exact: keywords are case-sensitive.
            pub fn of(text: &str) -> Option<Atom> {
                Atom::hashed(text, hash(text))
            }
        }
    };
}

atoms! {
    MERGE = "<<",
    DOLLAR_REF = "$ref",
    DOLLAR_ID = "$id",
    DOLLAR_SCHEMA = "$schema",
    DOLLAR_ANCHOR = "$anchor",
    DOLLAR_DYNAMIC_REF = "$dynamicRef",
    DOLLAR_DYNAMIC_ANCHOR = "$dynamicAnchor",
    DOLLAR_DEFS = "$defs",
    DOLLAR_SELF = "$self",
    DOLLAR_COMMENT = "$comment",
    OPENAPI = "openapi",
    SWAGGER = "swagger",
    INFO = "info",
    TITLE = "title",
    VERSION = "version",
    DESCRIPTION = "description",
    SUMMARY = "summary",
    TERMS_OF_SERVICE = "termsOfService",
    CONTACT = "contact",
    LICENSE = "license",
    NAME = "name",
    URL = "url",
    EMAIL = "email",
    IDENTIFIER = "identifier",
    SERVERS = "servers",
    SERVER = "server",
    VARIABLES = "variables",
    HOST = "host",
    BASE_PATH = "basePath",
    SCHEMES = "schemes",
    CONSUMES = "consumes",
    PRODUCES = "produces",
    PATHS = "paths",
    WEBHOOKS = "webhooks",
    GET = "get",
    PUT = "put",
    POST = "post",
    DELETE = "delete",
    OPTIONS = "options",
    HEAD = "head",
    PATCH = "patch",
    TRACE = "trace",
    QUERY = "query",
    ADDITIONAL_OPERATIONS = "additionalOperations",
    OPERATION_ID = "operationId",
    TAGS = "tags",
    EXTERNAL_DOCS = "externalDocs",
    EXTERNAL_VALUE = "externalValue",
    DATA_VALUE = "dataValue",
    SERIALIZED_VALUE = "serializedValue",
    PARAMETERS = "parameters",
    REQUEST_BODY = "requestBody",
    RESPONSES = "responses",
    CALLBACKS = "callbacks",
    DEPRECATED = "deprecated",
    SECURITY = "security",
    IN = "in",
    REQUIRED = "required",
    SCHEMA = "schema",
    CONTENT = "content",
    STYLE = "style",
    EXPLODE = "explode",
    ALLOW_RESERVED = "allowReserved",
    ALLOW_EMPTY_VALUE = "allowEmptyValue",
    COLLECTION_FORMAT = "collectionFormat",
    EXAMPLE = "example",
    EXAMPLES = "examples",
    VALUE = "value",
    HEADERS = "headers",
    LINKS = "links",
    ENCODING = "encoding",
    CONTENT_TYPE = "contentType",
    ITEM_SCHEMA = "itemSchema",
    PREFIX_ENCODING = "prefixEncoding",
    ITEM_ENCODING = "itemEncoding",
    OPERATION_REF = "operationRef",
    PARAMETER = "parameter",
    COMPONENTS = "components",
    SCHEMAS = "schemas",
    SECURITY_SCHEMES = "securitySchemes",
    SECURITY_DEFINITIONS = "securityDefinitions",
    DEFINITIONS = "definitions",
    REQUEST_BODIES = "requestBodies",
    MEDIA_TYPES = "mediaTypes",
    PATH_ITEMS = "pathItems",
    TYPE = "type",
    FORMAT = "format",
    ITEMS = "items",
    PROPERTIES = "properties",
    ADDITIONAL_PROPERTIES = "additionalProperties",
    PATTERN_PROPERTIES = "patternProperties",
    PROPERTY_NAMES = "propertyNames",
    PREFIX_ITEMS = "prefixItems",
    UNEVALUATED_PROPERTIES = "unevaluatedProperties",
    UNEVALUATED_ITEMS = "unevaluatedItems",
    CONTAINS = "contains",
    ALL_OF = "allOf",
    ONE_OF = "oneOf",
    ANY_OF = "anyOf",
    NOT = "not",
    IF = "if",
    THEN = "then",
    ELSE = "else",
    DEPENDENT_SCHEMAS = "dependentSchemas",
    DEPENDENT_REQUIRED = "dependentRequired",
    ENUM = "enum",
    CONST = "const",
    DEFAULT = "default",
    NULLABLE = "nullable",
    READ_ONLY = "readOnly",
    WRITE_ONLY = "writeOnly",
    DISCRIMINATOR = "discriminator",
    PROPERTY_NAME = "propertyName",
    MAPPING = "mapping",
    DEFAULT_MAPPING = "defaultMapping",
    XML = "xml",
    MAXIMUM = "maximum",
    MINIMUM = "minimum",
    EXCLUSIVE_MAXIMUM = "exclusiveMaximum",
    EXCLUSIVE_MINIMUM = "exclusiveMinimum",
    MULTIPLE_OF = "multipleOf",
    MAX_LENGTH = "maxLength",
    MIN_LENGTH = "minLength",
    PATTERN = "pattern",
    MAX_ITEMS = "maxItems",
    MIN_ITEMS = "minItems",
    UNIQUE_ITEMS = "uniqueItems",
    MAX_PROPERTIES = "maxProperties",
    MIN_PROPERTIES = "minProperties",
    MIN_CONTAINS = "minContains",
    MAX_CONTAINS = "maxContains",
    CONTENT_ENCODING = "contentEncoding",
    CONTENT_MEDIA_TYPE = "contentMediaType",
    CONTENT_SCHEMA = "contentSchema",
    SCHEME = "scheme",
    BEARER_FORMAT = "bearerFormat",
    FLOWS = "flows",
    FLOW = "flow",
    IMPLICIT = "implicit",
    PASSWORD = "password",
    CLIENT_CREDENTIALS = "clientCredentials",
    AUTHORIZATION_CODE = "authorizationCode",
    APPLICATION = "application",
    ACCESS_CODE = "accessCode",
    DEVICE_AUTHORIZATION = "deviceAuthorization",
    AUTHORIZATION_URL = "authorizationUrl",
    TOKEN_URL = "tokenUrl",
    REFRESH_URL = "refreshUrl",
    DEVICE_AUTHORIZATION_URL = "deviceAuthorizationUrl",
    OPEN_ID_CONNECT_URL = "openIdConnectUrl",
    OAUTH2_METADATA_URL = "oauth2MetadataUrl",
    SCOPES = "scopes",
    JSON_SCHEMA_DIALECT = "jsonSchemaDialect",
    PARENT = "parent",
    KIND = "kind",
    NAMESPACE = "namespace",
    PREFIX = "prefix",
    ATTRIBUTE = "attribute",
    WRAPPED = "wrapped",
    NODE_TYPE = "nodeType",
    X_OASGUARD_IGNORE = "x-oasguard-ignore",
    X_OASGUARD_PUBLIC = "x-oasguard-public",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_added() {
        let mut atoms = Atoms::default();
        for index in [0, 63, 64, KEYWORDS.len() - 1] {
            let atom = Atom::from_number(index as u32 + 1).expect("a keyword");
            assert!(
                !atoms.contains(atom) && atoms.insert(atom) && atoms.contains(atom) && !atoms.insert(atom)
            );
        }
        assert!(!atoms.contains(Atom::OPENAPI));
    }

    #[test]
    fn every_byte_of_a_text_counts_for_its_hash() {
        let text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
        for length in 1..text.len() {
            let text = &text[..length];
            assert_ne!(hash(text), hash(&text[1..]));
            assert_eq!(hash(text) as u8, b'a');
            for at in 0..length {
                let other = [&text[..at], "!", &text[at + 1..]].concat();
                assert_ne!(hash(text), hash(&other), "{text} {other}");
            }
        }
    }

    #[test]
    fn every_keyword_is_its_own_atom() {
        for (index, keyword) in KEYWORDS.iter().enumerate() {
            let atom = Atom::of(keyword).expect("listed");
            assert_eq!((atom.number() as usize, atom.text()), (index + 1, *keyword));
            assert_eq!(Atom::from_number(atom.number()), Some(atom));
            assert!(!keyword.contains(['~', '/']), "{keyword} is written into pointers as it is");
        }
        assert_eq!(Atom::of("Get"), None);
        assert_eq!(Atom::of(""), None);
        assert_eq!(Atom::from_number(0), None);
    }
}
