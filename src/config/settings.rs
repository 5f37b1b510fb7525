//! The table of settings: every key of `oasguard.yaml`, what it takes, what it means. The reader, the suggestions, the
//! JSON Schema and the documentation all follow from it.

use crate::source::Limits;

/// One key.
#[derive(Debug)]
pub struct Setting {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds if nothing is said, as the documentation shows it; empty where the question makes no sense.
    pub default: &'static str,
    /// What becomes of the settings of several files.
    pub merge: Merge,
    /// Whether a file above may lock it, and what is then looser than before.
    pub lock: Lock,
    /// What it means, in one sentence or a few.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number within bounds.
    Integer {
        /// The least.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// A number of bytes, with K, M or G for powers of 1024.
    Size,
    /// Any text that is not empty.
    Text,
    /// A path, relative to the folder of the file.
    Path,
    /// A day, `2027-03-31`.
    Date,
    /// A list.
    List(Item),
    /// Rules or categories, each with a severity and the rule's options.
    Rules,
    /// An object with these keys.
    Object(&'static [Setting]),
    /// A list of objects with these keys.
    Entries(&'static [Setting]),
}

/// What a list holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// The id of a rule, or a category.
    Rule,
    /// The id of a rule, a category, or a key that can be locked.
    Lock,
    /// A glob over the paths of files.
    Files,
    /// A glob over path templates or names.
    Template,
    /// A method, in any case.
    Method,
    /// Any text that is not empty.
    Text,
    /// A JSON Pointer.
    Pointer,
    /// The fingerprint of a finding, or its beginning.
    Fingerprint,
    /// A path of a file.
    Path,
}

/// What becomes of the settings of several files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merge {
    /// The nearest file's holds.
    Nearest,
    /// All hold together.
    Add,
    /// Each key in it for itself.
    Keys,
    /// It is about the file in which it stands.
    Own,
}

/// What a file below must not do once a file above has locked the key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lock {
    /// It cannot be locked.
    Never,
    /// Choose a word that stands before the locked one in the list of choices.
    Earlier,
    /// Set a greater number.
    Greater,
    /// Say anything about it.
    Any,
    /// Leave out a rule.
    Drop,
    /// Lower a severity or change an option.
    Rules,
}

/// The profiles, the least strict first.
pub(super) const PROFILES: &[&str] = &["default", "pedantic", "auditor"];
/// What can fail a run, the least strict first.
pub(super) const FAIL_ON: &[&str] = &["never", "high", "medium", "low", "info"];
/// The formats of reports.
pub(super) const FORMATS: &[&str] = &[
    "full", "concise", "gcc", "json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle",
    "rdjson", "markdown", "csv",
];
/// The severities, the mildest first.
pub(super) const SEVERITIES: &[&str] = &["info", "low", "medium", "high"];

const fn setting(name: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { name, kind, default: "", merge: Merge::Nearest, lock: Lock::Never, doc }
}

impl Setting {
    const fn default(self, default: &'static str) -> Setting {
        Setting { default, ..self }
    }

    const fn merge(self, merge: Merge) -> Setting {
        Setting { merge, ..self }
    }

    const fn lock(self, lock: Lock) -> Setting {
        Setting { lock, ..self }
    }
}

const PROFILE: Setting = setting(
    "profile",
    Kind::Choice(PROFILES),
    "For whom the rules speak: each profile contains the one before it.",
)
.default("default")
.lock(Lock::Earlier);
const SELECT: Setting = setting(
    "select",
    Kind::List(Item::Rule),
    "Run these rules instead of the profile's. An empty list means the profile's.",
)
.default("[]")
.lock(Lock::Drop);
const EXTEND_SELECT: Setting = setting(
    "extend-select",
    Kind::List(Item::Rule),
    "Run these rules as well, and let them say all they know.",
)
.default("[]")
.merge(Merge::Add);
const IGNORE: Setting =
    setting("ignore", Kind::List(Item::Rule), "Do not run these rules, whatever else is said.")
        .default("[]")
        .merge(Merge::Add)
        .lock(Lock::Any);
const RULES: Setting = setting(
    "rules",
    Kind::Rules,
    "What holds for single rules or categories: `severity` replaces the severity of everything that the rule says, and \
     each rule has the options of its page (`oasguard explain RULE`).",
)
.default("{}")
.merge(Merge::Keys)
.lock(Lock::Rules);
const FILES: Setting = setting(
    "files",
    Kind::List(Item::Files),
    "Globs over paths, relative to the folder of this file: `*`, `**`, `?`, `[…]`, `{…}`.",
);
const PATHS: Setting = setting(
    "paths",
    Kind::List(Item::Template),
    "Path templates as the document writes them; `*` stands for a part of a segment, `**` for any number of segments.",
);
const METHODS: Setting = setting("methods", Kind::List(Item::Method), "Methods, in any case.");
const TAGS: Setting = setting("tags", Kind::List(Item::Text), "Tags, as the document writes them.");
const OPERATION_IDS: Setting =
    setting("operation-ids", Kind::List(Item::Template), "Operation ids; `*` stands for any part.");
const REASON: Setting = setting("reason", Kind::Text, "Why.");

const LEAST: u64 = 1;
const MOST: u64 = u32::MAX as u64;

const fn limit(name: &'static str, most: u64, default: &'static str, doc: &'static str) -> Setting {
    setting(name, Kind::Integer { least: LEAST, most }, doc).default(default)
}

/// The largest whole number that every reader of JSON keeps.
const EXACT: u64 = 1 << 53;

static LIMITS: &[Setting] = &[
    setting("file-size", Kind::Size, "Bytes of one file; K, M and G are powers of 1024.").default("256M"),
    limit("depth", 100_000, "256", "Depth of nested objects and arrays."),
    limit("nodes", (1 << 27) - 2048, "134215680", "Values of one file."),
    limit("key-size", MOST, "65536", "Bytes of one key."),
    limit("merge-copies", MOST, "1000000", "Entries that the YAML merge keys of one file may contribute."),
    limit("references", MOST, "10000", "References followed one after the other to reach a target."),
    limit("files", MOST, "100000", "Files that one document may pull in through `$ref`."),
    limit(
        "operations",
        MOST,
        "1000000",
        "Operations of one document, those of shared path items counted at each reference.",
    ),
    limit(
        "usage-steps",
        EXACT,
        "50000000",
        "Steps taken to find the operations behind the schemas with findings.",
    ),
];

static OUTPUT: &[Setting] = &[
    setting("format", Kind::Choice(FORMATS), "How the report is written.").default("full"),
    setting("file", Kind::Path, "Write the report to this file instead of standard output."),
    setting("color", Kind::Choice(&["auto", "always", "never"]), "When to use colors.").default("auto"),
];

static OVERRIDES: &[Setting] =
    &[FILES, PATHS, METHODS, TAGS, OPERATION_IDS, REASON, PROFILE, SELECT, EXTEND_SELECT, IGNORE, RULES];

static PUBLIC: &[Setting] = &[FILES, PATHS, METHODS, TAGS, OPERATION_IDS, REASON];

static SUPPRESSIONS: &[Setting] = &[
    setting("rules", Kind::List(Item::Rule), "The rules whose findings are accepted."),
    FILES,
    PATHS,
    METHODS,
    TAGS,
    OPERATION_IDS,
    setting(
        "pointers",
        Kind::List(Item::Pointer),
        "JSON Pointers of values; each stands for the value and everything in it.",
    ),
    setting("fingerprints", Kind::List(Item::Fingerprint), "Fingerprints of findings, or their beginnings."),
    setting("reason", Kind::Text, "Why the findings are accepted. Required."),
    setting("until", Kind::Date, "The last day on which they are."),
];

/// Every key of the file.
pub static SETTINGS: &[Setting] = &[
    setting("root", Kind::Boolean, "Look at no file above this one.").default("false").merge(Merge::Own),
    setting(
        "extends",
        Kind::List(Item::Path),
        "Files that lie beneath this one, relative to it: what they say holds unless this file, or a later one of the \
         list, says otherwise. They must be in the same repository.",
    )
    .default("[]")
    .merge(Merge::Own),
    PROFILE,
    SELECT,
    EXTEND_SELECT,
    IGNORE,
    RULES,
    setting(
        "overrides",
        Kind::Entries(OVERRIDES),
        "Settings for some documents or operations. What names documents only (`files`) may set everything about rules; \
         what names operations may `ignore` rules and set their `severity`, and holds for findings that are about no other \
         operation.",
    )
    .default("[]")
    .merge(Merge::Add)
    .lock(Lock::Any),
    setting("public", Kind::Entries(PUBLIC), "Operations that anyone may call on purpose.")
        .default("[]")
        .merge(Merge::Add)
        .lock(Lock::Any),
    setting("suppressions", Kind::Entries(SUPPRESSIONS), "Findings that are accepted, with a reason.")
        .default("[]")
        .merge(Merge::Add)
        .lock(Lock::Any),
    setting(
        "documents",
        Kind::List(Item::Files),
        "The documents, relative to this file. They are checked instead of searching folders when `oasguard lint` gets no \
         path, or a folder that contains this file. What matches nothing is an error.",
    )
    .default("[]")
    .lock(Lock::Any),
    setting(
        "exclude",
        Kind::List(Item::Files),
        "What a search leaves out. Without a `/` the glob is compared with the name of every file and folder, with a `/` \
         with the path relative to this file.",
    )
    .default("[]")
    .merge(Merge::Add)
    .lock(Lock::Any),
    setting("baseline", Kind::Path, "The file with the findings that are known, in the folder of this file or below it.").lock(Lock::Any),
    setting("limits", Kind::Object(LIMITS), "Budgets; what exceeds one is an error and never silence.")
        .merge(Merge::Keys)
        .lock(Lock::Greater),
    setting("fail-on", Kind::Choice(FAIL_ON), "Exit with 1 if a finding is at least this severe.")
        .default("low")
        .lock(Lock::Earlier),
    setting("output", Kind::Object(OUTPUT), "The report.").merge(Merge::Keys),
    setting("threads", Kind::Integer { least: 1, most: 1024 }, "How many threads lint; by default one per processor, and one for a single document below 8 MiB."),
    setting(
        "locked",
        Kind::List(Item::Lock),
        "Keys, rules or categories that files below, and documents, cannot loosen.",
    )
    .default("[]")
    .merge(Merge::Add),
];

/// The setting with a name among some.
pub(super) fn find(table: &'static [Setting], name: &str) -> Option<&'static Setting> {
    table.iter().find(|setting| setting.name == name)
}

/// The setting of a dotted key such as `limits.depth`. What stands below `rules` belongs to `rules`.
pub(super) fn at(key: &str) -> Option<&'static Setting> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let setting = find(SETTINGS, first)?;
    match (setting.kind, rest) {
        (Kind::Object(table), Some(rest)) => find(table, rest),
        _ => Some(setting),
    }
}

/// What the default of a limit is, so that the table and the library agree.
pub(super) fn limits(integer: impl Fn(&str) -> Option<u64>) -> Limits {
    let default = Limits::default();
    let small =
        |key: &str, default: u32| integer(key).map_or(default, |set| u32::try_from(set).unwrap_or(u32::MAX));
    Limits {
        file_bytes: integer("limits.file-size").unwrap_or(default.file_bytes),
        depth: small("limits.depth", default.depth),
        nodes: small("limits.nodes", default.nodes),
        key_bytes: small("limits.key-size", default.key_bytes),
        merge_copies: small("limits.merge-copies", default.merge_copies),
        reference_chain: small("limits.references", default.reference_chain),
        files: small("limits.files", default.files),
        operations: small("limits.operations", default.operations),
        usage_steps: integer("limits.usage-steps").unwrap_or(default.usage_steps),
    }
}

/// A number of bytes, such as `65536` or `64K`: at least 1 and less than 4G.
pub fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| "write a number, such as 65536, 64K or 256M".to_owned())?;
    let bytes = number.checked_mul(1 << shift).filter(|bytes| (1..u64::from(u32::MAX)).contains(bytes));
    bytes.ok_or_else(|| "it must be at least 1 and less than 4G".to_owned())
}

impl Kind {
    /// What a value must be: "must be …".
    pub(super) fn expected(self) -> String {
        match self {
            Kind::Boolean => "`true` or `false`".to_owned(),
            Kind::Choice(choices) => format!("one of `{}`", choices.join("`, `")),
            Kind::Integer { least, most } => format!("a number from {least} to {most}"),
            Kind::Size => "a number of bytes, such as 65536, 64K or 256M".to_owned(),
            Kind::Text => "a text".to_owned(),
            Kind::Path => "a path".to_owned(),
            Kind::Date => "a day, such as 2027-03-31".to_owned(),
            Kind::List(item) => format!("a list of {}", item.plural()),
            Kind::Rules => "an object with rules or categories as keys".to_owned(),
            Kind::Object(_) => "an object".to_owned(),
            Kind::Entries(_) => "a list of objects".to_owned(),
        }
    }
}

impl Item {
    /// What a list holds: "a list of …".
    pub(super) fn plural(self) -> &'static str {
        match self {
            Item::Rule => "rules or categories",
            Item::Lock => "keys, rules or categories",
            Item::Files => "globs",
            Item::Template => "patterns",
            Item::Method => "methods",
            Item::Text => "texts",
            Item::Pointer => "JSON Pointers",
            Item::Fingerprint => "fingerprints",
            Item::Path => "paths",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Profile, Severity};

    #[test]
    fn the_words_are_those_of_the_scales() {
        assert!(Profile::ALL.iter().map(|profile| profile.name()).eq(PROFILES.iter().copied()));
        assert!(Severity::ALL.iter().map(|severity| severity.name()).eq(SEVERITIES.iter().copied()));
        let fail_on: Vec<_> = std::iter::once("never").chain(SEVERITIES.iter().rev().copied()).collect();
        assert_eq!(fail_on, FAIL_ON);
    }

    #[test]
    fn the_defaults_of_the_table_are_those_of_the_library() {
        let shown = limits(|key| bytes(at(key)?.default).ok());
        assert_eq!(shown, Limits::default());
    }

    #[test]
    fn each_setting_is_explained_and_found_by_its_key() {
        for setting in SETTINGS {
            assert!(setting.doc.ends_with('.'), "{}", setting.name);
            assert_eq!(at(setting.name).map(|found| found.name), Some(setting.name));
        }
        assert_eq!(at("limits.depth").map(|found| found.name), Some("depth"));
        assert_eq!(at("rules.unbounded-string.severity").map(|found| found.name), Some("rules"));
        assert!(at("limit").is_none() && at("limits.dept").is_none());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("65536"), Ok(65536));
        assert_eq!(bytes("64K"), Ok(65536));
        assert_eq!(bytes("2g"), Ok(2 << 30));
        for wrong in ["", "K", "-1", "1.5M", "4G", "0", "64KB", "99999999999G", "1é"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
