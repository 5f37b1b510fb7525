//! Settings from the environment and from `--config key=value`.

use std::path::{Path, PathBuf};

use super::layer::{Layer, Origin, Statement, Value};
use super::read;
use super::settings::{self, Kind};
use crate::rules::nearest;

/// The variables with the keys that they set; `OASGUARD_CONFIG` names a file instead.
const VARIABLES: &[(&str, &str)] = &[
    ("OASGUARD_PROFILE", "profile"),
    ("OASGUARD_FAIL_ON", "fail-on"),
    ("OASGUARD_OUTPUT_FORMAT", "output.format"),
    ("OASGUARD_OUTPUT_FILE", "output.file"),
    ("OASGUARD_THREADS", "threads"),
];

/// The variable that names the file of settings.
const CONFIG: &str = "OASGUARD_CONFIG";

/// What the environment says.
#[derive(Debug, Default)]
pub struct Environment {
    /// The settings.
    pub layer: Layer,
    /// The file of settings.
    pub file: Option<PathBuf>,
    /// What is wrong: a variable with a value that it cannot have.
    pub errors: Vec<String>,
    /// Variables that look like ours and are not.
    pub notes: Vec<String>,
}

/// Reads the variables of the environment, given by name and value. Empty ones say nothing.
pub fn environment(
    variables: impl IntoIterator<Item = (String, String)>,
    working_directory: &Path,
) -> Environment {
    let mut found = Environment::default();
    let mut ours: Vec<_> = variables
        .into_iter()
        .filter(|(name, value)| name.starts_with("OASGUARD_") && !value.is_empty())
        .collect();
    ours.sort();
    for (name, value) in ours {
        if name == CONFIG {
            found.file = Some(working_directory.join(value));
            continue;
        }
        let Some(&(variable, key)) = VARIABLES.iter().find(|(known, _)| *known == name) else {
            let known = VARIABLES.iter().map(|(known, _)| *known).chain([CONFIG]);
            let hint = nearest(&name, known.clone()).map(|name| format!("; did you mean `{name}`?"));
            let hint = hint.unwrap_or_else(|| format!("; there are {}", read::quoted(known)));
            found.notes.push(format!("the variable `{name}` means nothing{hint}"));
            continue;
        };
        let setting = settings::at(key).expect("each variable sets a key of the table");
        match value_of(setting.kind, &value) {
            Ok(value) => found.layer.statements.push(Statement {
                setting,
                key: key.to_owned(),
                value,
                origin: Origin::Environment(variable),
                folder: working_directory.into(),
            }),
            Err(()) => found.errors.push(format!("`{name}={value}`: it must be {}", setting.kind.expected())),
        }
    }
    found
}

fn value_of(kind: Kind, text: &str) -> Result<Value, ()> {
    match kind {
        Kind::Choice(choices) if choices.contains(&text) => Ok(Value::Text(text.to_owned())),
        Kind::Path | Kind::Text => Ok(Value::Text(text.to_owned())),
        Kind::Integer { least, most } => {
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number.map(Value::Integer).ok_or(())
        }
        _ => Err(()),
    }
}

/// Reads `key=value` as a file would say it: a dotted key, and a value in YAML.
pub fn inline(text: &str, working_directory: &Path) -> Result<Layer, String> {
    let Some((key, value)) = text.split_once('=') else {
        return Err("write `key=value`, or the path of a file".to_owned());
    };
    let key = key.trim();
    let is_key =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !key.split('.').all(is_key) {
        return Err(format!("`{key}` is no key"));
    }
    if ["root", "extends", "locked", "public", "suppressions", "overrides"].contains(&key) {
        return Err(format!("`{key}` can only be said in a file"));
    }
    let mut yaml = String::new();
    for (depth, part) in key.split('.').enumerate() {
        let line = if depth == 0 { "" } else { "\n" };
        yaml.push_str(&format!("{line}{}{part}:", "  ".repeat(depth)));
    }
    yaml.push(' ');
    yaml.push_str(value.trim());
    let origin = Origin::Argument(format!("--config {key}"));
    let layer = read::argument(yaml, working_directory.into(), origin);
    match layer.failures.first() {
        Some(failure) => Err(format!("{}; {}", failure.message, failure.help)),
        None => Ok(layer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Environment {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        environment(owned, Path::new("/team"))
    }

    #[test]
    fn variables_set_keys() {
        let found = read(&[("OASGUARD_PROFILE", "pedantic"), ("OASGUARD_THREADS", "3"), ("PATH", "/bin")]);
        let keys: Vec<_> = found.layer.statements.iter().map(|statement| statement.key.as_str()).collect();
        assert_eq!(keys, ["profile", "threads"]);
        assert!(found.errors.is_empty() && found.notes.is_empty() && found.file.is_none());
        assert_eq!(read(&[("OASGUARD_CONFIG", "a.yaml")]).file, Some(PathBuf::from("/team/a.yaml")));
        assert!(read(&[("OASGUARD_PROFILE", "")]).layer.statements.is_empty());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let found =
            read(&[("OASGUARD_FAIL_ON", "error"), ("OASGUARD_THREADS", "0"), ("OASGUARD_PROFIL", "x")]);
        assert_eq!(found.errors.len(), 2);
        assert!(found.errors[0].contains("`OASGUARD_FAIL_ON=error`"), "{:?}", found.errors);
        assert!(found.notes[0].contains("did you mean `OASGUARD_PROFILE`?"), "{:?}", found.notes);
    }

    #[test]
    fn a_key_and_a_value_are_read_as_a_file_would_say_it() {
        let folder = Path::new("/work");
        let layer = inline("rules.unbounded-string.severity=low", folder).expect("a setting");
        assert_eq!(layer.statements[0].key, "rules.unbounded-string.severity");
        assert_eq!(layer.statements[0].origin.to_string(), "--config rules.unbounded-string.severity");
        assert_eq!(inline("ignore=[transport, duplicate-key]", folder).expect("a list").statements.len(), 1);
        assert_eq!(inline("limits.depth = 8", folder).expect("a number").statements[0].key, "limits.depth");
        for (wrong, part) in [
            ("profil=pedantic", "did you mean `profile`?"),
            ("profile=pedantik", "did you mean `pedantic`?"),
            ("rules.unbounded-strin.severity=low", "did you mean `unbounded-string`?"),
            ("rules.unbounded-string.endles=3", "did you mean `endless`?"),
            ("threads=[1", "threads"),
            ("root=true", "only be said in a file"),
            ("a b=c", "no key"),
            ("=x", "no key"),
            ("profile", "write `key=value`"),
        ] {
            let error = inline(wrong, folder).expect_err(wrong);
            assert!(wrong == "threads=[1" || error.contains(part), "{wrong}: {error}");
        }
    }
}
