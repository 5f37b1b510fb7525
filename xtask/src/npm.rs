//! The packages for npm: one for each platform with its program, and `oasguard`, which depends on all and starts the one
//! that npm chose. Nothing is downloaded or run when they are installed.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::dist::{TARGETS, Target, manifest, read, write};

/// Files of the project that every package has.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Writes the package of a platform into a folder of its name, and gives that.
pub fn platform(root: &Path, target: Target, program: &Path, folder: &Path) -> Result<PathBuf, String> {
    let name = name_of(target);
    let mut package = described(root, &name)?;
    package.insert("os".to_owned(), json!([target.os]));
    package.insert("cpu".to_owned(), json!([target.cpu]));
    if let Some(libc) = target.libc {
        package.insert("libc".to_owned(), json!([libc]));
    }
    package.insert("files".to_owned(), json!([target.program()]));
    // Package managers that leave packages in archives cannot start a program there.
    package.insert("preferUnplugged".to_owned(), json!(true));
    let readme = format!(
        "# {name}\n\nThe program of [oasguard](https://www.npmjs.com/package/oasguard) for {}.\n",
        target.triple
    );
    let folder = written(root, &folder.join(target.npm), package, &readme)?;
    write(&folder.join(target.program()), &read(program)?)?;
    make_executable(&folder.join(target.program()))?;
    Ok(folder)
}

/// Writes the package `oasguard`, and gives its folder.
pub fn launcher(root: &Path, folder: &Path) -> Result<PathBuf, String> {
    let mut package = described(root, "oasguard")?;
    let version = package["version"].clone();
    let platforms = TARGETS.map(|target| (name_of(target), version.clone()));
    package.insert("optionalDependencies".to_owned(), platforms.into_iter().collect());
    package.insert("bin".to_owned(), json!({ "oasguard": "bin/oasguard.js" }));
    package.insert("files".to_owned(), json!(["bin"]));
    package.insert("engines".to_owned(), json!({ "node": ">=18" }));
    let readme = read(&root.join("packaging/README.md"))?;
    let folder = written(root, &folder.join("oasguard"), package, &String::from_utf8_lossy(&readme))?;
    std::fs::create_dir_all(folder.join("bin")).map_err(|error| error.to_string())?;
    write(&folder.join("bin/oasguard.js"), &read(&root.join("packaging/npm/oasguard.js"))?)?;
    make_executable(&folder.join("bin/oasguard.js"))?;
    Ok(folder)
}

fn name_of(target: Target) -> String {
    format!("@oasguard/{}", target.npm)
}

/// What every package says of itself, as `Cargo.toml` says it.
fn described(root: &Path, name: &str) -> Result<Map<String, Value>, String> {
    let manifest = manifest(root)?;
    let repository = manifest["repository"].as_str().expect("the package names its repository");
    let package = json!({
        "name": name,
        "version": manifest["version"],
        "description": manifest["description"],
        "keywords": manifest["keywords"],
        "license": manifest["license"],
        "homepage": repository,
        "repository": { "type": "git", "url": format!("git+{repository}.git") },
    });
    let Value::Object(package) = package else { unreachable!("it is written as an object") };
    Ok(package)
}

fn written(root: &Path, folder: &Path, package: Map<String, Value>, readme: &str) -> Result<PathBuf, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let text = serde_json::to_string_pretty(&package).expect("names and texts are JSON");
    write(&folder.join("package.json"), format!("{text}\n").as_bytes())?;
    write(&folder.join("README.md"), readme.as_bytes())?;
    for license in LICENSES {
        write(&folder.join(license), &read(&root.join(license))?)?;
    }
    Ok(folder.to_owned())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, mode).map_err(|error| format!("{}: {error}", path.display()))
}

/// Elsewhere files have no such mode, and a package for another system cannot be made.
#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<(), String> {
    Ok(())
}
