//! Values of options: read, checked, and refused with what was probably meant.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::args::ReportFormat;
use crate::config::Exclude;
pub(super) use crate::config::bytes;
use crate::explain::Subject;
use crate::rules;
use crate::source::Root;

/// A rule id or a category. The library checks it again; here it becomes a usage error that names the option.
pub(super) fn rule(name: &str) -> Result<String, String> {
    let name = name.trim();
    if rules::errors().iter().any(|error| error.id == name) {
        return Err("it is an error, not a rule: errors cannot be selected or ignored".to_owned());
    }
    match rules::by_id(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(unknown) => {
            // An error cannot be named here, so it is no help to suggest one.
            let suggestion = unknown.suggestion.filter(|id| rules::by_id(id).is_ok());
            Err(refusal("there is no such rule or category", suggestion))
        }
    }
}

/// A rule or error by its id.
pub(super) fn page(name: &str) -> Result<Subject, String> {
    Subject::find(name).map_err(|unknown| {
        if rules::categories().contains(&name) {
            return "it is a category; `oasguard rules` lists the rules of each".to_owned();
        }
        refusal("there is no such rule", unknown.suggestion)
    })
}

fn refusal(reason: &str, suggestion: Option<&str>) -> String {
    match suggestion {
        Some(id) => format!("{reason}; did you mean `{id}`?"),
        None => format!("{reason}; `oasguard rules` lists them"),
    }
}

/// A glob of `--exclude`.
pub(super) fn glob(text: &str) -> Result<String, String> {
    Exclude::new(text, Path::new("")).map(|_| text.to_owned())
}

/// A further report: `FORMAT=FILE`.
pub(super) fn report(text: &str) -> Result<(ReportFormat, PathBuf), String> {
    let Some((name, file)) = text.split_once('=') else {
        return Err("write FORMAT=FILE, such as sarif=oasguard.sarif".to_owned());
    };
    if file.is_empty() {
        return Err(format!("there is no file after `{name}=`"));
    }
    let names: Vec<String> = ReportFormat::value_variants()
        .iter()
        .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
        .collect();
    let format = ReportFormat::from_str(name, false)
        .map_err(|_| format!("there is no format `{name}`; the formats are {}", names.join(", ")))?;
    Ok((format, PathBuf::from(file)))
}

/// An existing folder.
pub(super) fn root(text: &str) -> Result<Root, String> {
    let path = std::path::Path::new(text);
    match Root::at(path) {
        Ok(root) if root.folder().is_dir() => Ok(root),
        Ok(_) => Err("it is not a folder".to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err("there is no such folder".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A number of threads.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    const MOST: usize = 1024;
    let number = text.parse::<NonZeroUsize>().ok().filter(|number| number.get() <= MOST);
    number.ok_or_else(|| format!("write a number from 1 to {MOST}"))
}

/// A number of days, such as `30d`.
pub(super) fn days(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('d').and_then(|digits| digits.parse::<u32>().ok());
    number.filter(|days| *days <= 36_500).ok_or_else(|| "write a number of days, such as 30d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_format_and_a_file() {
        assert_eq!(report("sarif=a=b.sarif"), Ok((ReportFormat::Sarif, PathBuf::from("a=b.sarif"))));
        assert_eq!(report("json-lines=-"), Ok((ReportFormat::JsonLines, PathBuf::from("-"))));
        for wrong in ["", "sarif", "sarif=", "=a", "Sarif=a", "sarif a"] {
            assert!(report(wrong).is_err(), "{wrong}");
        }
        assert!(report("junti=a").is_err_and(|reason| reason.contains("json, json-lines, sarif")));
    }

    #[test]
    fn what_is_no_rule_is_refused_with_a_suggestion() {
        assert_eq!(rule(" transport ").as_deref(), Ok("transport"));
        assert!(rule("syntax-error").is_err_and(|reason| reason.contains("cannot be selected")));
        assert!(rule("unauthenticated-wite").is_err_and(|reason| reason.contains("`unauthenticated-write`")));
        assert!(rule("syntax-eror").is_err_and(|reason| !reason.contains("did you mean")));
        assert!(page("syntax-eror").is_err_and(|reason| reason.contains("`syntax-error`")));
        assert!(page("transport").is_err(), "a category has no page");
        assert!(page("inventory").is_err(), "also if it has one rule");
    }

    #[test]
    fn a_glob_without_a_slash_matches_at_any_depth() {
        let folder = Path::new("/team");
        let matches =
            |text: &str, path: &str| Exclude::new(text, folder).unwrap().matches(&folder.join(path));
        assert!(matches("node_modules", "a/node_modules") && matches("*.json", "a.json"));
        assert!(matches("./specs/*.yaml", "specs/a.yaml") && !matches("specs/*.yaml", "specs/b/a.yaml"));
        assert!(matches("specs/", "specs") && glob("[").is_err());
    }
}
