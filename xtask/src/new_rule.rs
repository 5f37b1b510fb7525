//! Writes the two files of a new rule and names it in the list of its category. The rule compiles and finds nothing; its
//! page has an example that fails until it does.

use std::fs;
use std::path::Path;

/// Writes source and page of the rule `id` in an existing category; returns what was done and what to do next.
pub(crate) fn write(root: &Path, category: &str, id: &str) -> Result<String, String> {
    check_name(id)?;
    let module = id.replace('-', "_");
    let folder = root.join("src/rules").join(category.replace('-', "_"));
    let list = folder.join("mod.rs");
    if !is_kebab_case(category) || !list.is_file() {
        return Err(format!(
            "there is no category `{category}`: the folders of src/rules are the categories"
        ));
    }
    if is_taken(root, id)? {
        return Err(format!("there is a rule `{id}` already"));
    }
    let source = folder.join(format!("{module}.rs"));
    let page = root.join("rules").join(category).join(format!("{id}.md"));
    // The list is made first: if it is not as expected, nothing was written.
    let names = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let names = with_rule(&names, &module)
        .ok_or_else(|| format!("{}: no list of rules was found in it", list.display()))?;
    let mut done = String::new();
    for (path, text) in
        [(&source, source_of(category, id, &version(root)?)), (&page, page_of(id)), (&list, names)]
    {
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        done.push_str(&format!("wrote {}\n", path.strip_prefix(root).unwrap_or(path).display()));
    }
    Ok(done + "next: let `check` find what the page shows, then `cargo test --test rules`")
}

/// The version that will bring the rule.
fn version(root: &Path) -> Result<String, String> {
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    let version = text.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| format!("{}: no version was found", manifest.display()))
}

fn check_name(id: &str) -> Result<(), String> {
    if !is_kebab_case(id) {
        return Err(format!("`{id}` is no id: lower-case words joined by `-`, such as `unbounded-array`"));
    }
    if matches!(id, "mod" | "errors") {
        return Err(format!("`{id}` is taken by a file of that name"));
    }
    Ok(())
}

fn is_kebab_case(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// Whether any category, or the errors, have a page of this name.
fn is_taken(root: &Path, id: &str) -> Result<bool, String> {
    let folder = root.join("rules");
    let categories = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = categories.flatten().map(|category| category.path());
    Ok(paths.any(|category| category.join(format!("{id}.md")).exists()))
}

/// The module list of a category with one more rule, at the end.
fn with_rule(list: &str, module: &str) -> Option<String> {
    let (head, tail) = list.rsplit_once("\n];").or_else(|| list.rsplit_once("];"))?;
    let comma = if head.ends_with(',') { "" } else { "," };
    let list = format!("{head}{comma}\n    &{module}::RULE,\n];{tail}");
    let mut lines: Vec<&str> = list.lines().collect();
    // Modules stand in the order of the alphabet, as rustfmt would have them.
    let declaration = format!("mod {module};");
    let is_module = |line: &str| line.starts_with("mod ") && line.ends_with(';');
    let last = lines.iter().rposition(|line| is_module(line))?;
    let at = lines.iter().position(|line| is_module(line) && **line > *declaration).unwrap_or(last + 1);
    lines.insert(at, &declaration);
    Some(lines.join("\n") + "\n")
}

fn source_of(category: &str, id: &str, version: &str) -> String {
    format!(
        r#"//! `{id}`: say in a few words what is wrong.

use crate::lint::{{Check, Confidence, Profile, Rule, Scope, Severity, Sink}};
use crate::model::{{Api, Operation}};

pub(super) static RULE: Rule = Rule {{
    id: "{id}",
    birth_id: "{id}",
    summary: "say in one line what holds where this rule speaks",
    category: "{category}",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Default,
    owasp: &["API8:2023"],
    cwe: &[16],
    since: "{version}",
    scope: Scope::Root,
    subsumed_by: &[],
    options: &[],
    check: Check::Operation(check),
    page: include_str!("../../../rules/{category}/{id}.md"),
}};

fn check<'a>(_api: &'a Api<'a>, _operation: &'a Operation<'a>, _sink: &mut Sink<'a>) {{}}
"#,
    )
}

fn page_of(id: &str) -> String {
    format!(
        r#"# {id}

say in one line what holds where this rule speaks

## Why is this bad?

What an attacker does with it, when it is fine, and what the rule leaves alone.

## Bad

```yaml
openapi: 3.0.3
info: {{ title: Demo, version: 1.0.0 }}
paths:
  /orders:
    trace:
#   ^^^^^ part of the message
      responses:
        '200': {{ description: everything that was sent }}
```

## Good

```yaml
openapi: 3.0.3
info: {{ title: Demo, version: 1.0.0 }}
paths:
  /orders:
    get:
      responses:
        '200': {{ description: the orders }}
```

## How to fix

What to change, step by step.

## Options

This rule has no options.

## References

- OWASP API Security Top 10 2023, API8:2023 Security Misconfiguration
- CWE-16: Configuration
- OpenAPI 3.2 §4.10 (Operation Object)
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for name in ["unbounded-array", "oauth2-flow", "x"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "Unbounded", "a--b", "-a", "a-", "a_b", "../x", "2fa", "mod"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_list_gains_a_module_and_an_item() {
        let one = "//! Doc.\n\nmod b;\n\nuse crate::lint::Rule;\n\nconst RULES: &[&Rule] = &[&b::RULE];\n";
        let two = with_rule(one, "a").unwrap();
        assert!(two.contains("mod a;\nmod b;\n"), "{two}");
        assert!(two.contains("&[&b::RULE,\n    &a::RULE,\n];\n"), "{two}");
        let three = with_rule(&two, "c").unwrap();
        assert!(three.contains("mod b;\nmod c;\n\nuse"), "{three}");
        assert!(three.contains("&a::RULE,\n    &c::RULE,\n];\n"), "{three}");
    }
}
