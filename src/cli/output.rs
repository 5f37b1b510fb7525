//! Where output goes: standard output, or a file that appears as a whole or not at all; with colors or without.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::args::When;
use crate::report::visible;
use crate::source::{normalize, resolve};

/// The exit code of a program that a user has interrupted, as shells count it: 128 and the number of `SIGINT`.
const INTERRUPTED: i32 = 130;

/// The temporary file that is being written.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Makes an interruption (`SIGINT`, `SIGTERM`, `SIGHUP`, Ctrl-C) end the program without a half-written file. It can
/// only fail where a handler exists already, and then nothing is lost but that.
pub(super) fn leave_nothing_when_interrupted() {
    let _ = ctrlc::set_handler(|| {
        // Held until the end, so that no file is begun any more.
        let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(temporary) = unfinished.take() {
            let _ = fs::remove_file(temporary);
        }
        std::process::exit(INTERRUPTED);
    });
}

/// Writes to standard output. That nobody reads on (`| head`) is no error.
pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = write(&mut out).and_then(|()| out.flush());
    written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Writes to standard error; where that is closed, there is nobody to tell.
pub(super) fn to_stderr(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let _ = write(&mut io::stderr().lock());
}

/// A line on standard error.
pub(super) fn complain(message: &str) {
    to_stderr(|out| writeln!(out, "error: {}", visible(message)));
}

/// Writes a file: into a temporary file beside it, which then takes its name.
pub(super) fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: its target is replaced.
    let path = resolve(path).unwrap_or_else(|_| path.to_owned());
    // A device or a pipe has nothing that could be left half written.
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        return write(&mut OpenOptions::new().write(true).open(&path)?);
    }
    let temporary = temporary_name(&path);
    let mut file = begin(&temporary)?;
    let kept = fs::metadata(&path).map(|metadata| metadata.permissions());
    let written = write(&mut file)
        .and_then(|()| kept.map_or(Ok(()), |permissions| file.set_permissions(permissions)))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = None;
    written
}

/// Whether a file is or would be in a folder (absolute, without symbolic links), wherever links lead. What a file of
/// settings names must be in the folder of that file, so that no repository writes elsewhere.
pub(super) fn is_within(path: &Path, folder: &Path) -> bool {
    let of_parent = || Some(resolve(path.parent()?).ok()?.join(path.file_name()?));
    // In a folder that is not there nothing can be a link.
    let target = resolve(path).ok().or_else(of_parent).unwrap_or_else(|| normalize(path));
    target.starts_with(folder)
}

/// Creates the temporary file, and remembers it in the same step.
fn begin(temporary: &Path) -> io::Result<fs::File> {
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    *unfinished = Some(temporary.to_owned());
    Ok(file)
}

/// A hidden name in the same folder, so that renaming stays within one file system.
fn temporary_name(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

/// Whether the report is colored.
pub(super) fn is_colored(color: When, to_file: bool) -> bool {
    match color {
        When::Always => true,
        When::Never => false,
        When::Auto => by_environment(variable).unwrap_or_else(|| !to_file && io::stdout().is_terminal()),
    }
}

/// Whether the report has links.
pub(super) fn has_links(links: When, to_file: bool) -> bool {
    match links {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let is_dumb = variable("TERM").is_some_and(|value| value == "dumb");
            !to_file && !is_dumb && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
        }
    }
}

/// How many columns the report may have, if it is known: a terminal has a width, a file and a pipe have none.
pub(super) fn width(to_file: bool) -> Option<usize> {
    if to_file || !io::stdout().is_terminal() {
        return None;
    }
    let stated = variable("COLUMNS").and_then(|value| value.to_str()?.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    stated.filter(|width| *width > 0).or_else(measured)
}

/// A variable of the environment, unless it is empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// What the environment says about colors, given its non-empty variables: <https://no-color.org>,
/// <https://force-color.org>, <https://bixense.com/clicolors>. Who forbids wins over who forces.
fn by_environment(variable: impl Fn(&str) -> Option<OsString>) -> Option<bool> {
    let forces = |name: &str| variable(name).is_some_and(|value| value != "0");
    let forbids = |name: &str| variable(name).is_some_and(|value| value == "0");
    if variable("NO_COLOR").is_some() {
        Some(false)
    } else if forces("FORCE_COLOR") || forces("CLICOLOR_FORCE") {
        Some(true)
    } else if variable("TERM").is_some_and(|value| value == "dumb") || forbids("CLICOLOR") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_about_colors() {
        for (set, expected) in [
            (&[][..], None),
            (&[("NO_COLOR", "1")], Some(false)),
            (&[("NO_COLOR", "0"), ("FORCE_COLOR", "1")], Some(false)),
            (&[("FORCE_COLOR", "3")], Some(true)),
            (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], Some(true)),
            (&[("FORCE_COLOR", "0")], None),
            (&[("TERM", "dumb")], Some(false)),
            (&[("CLICOLOR", "0")], Some(false)),
            (&[("CLICOLOR", "1")], None),
            (&[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], Some(true)),
            (&[("CLICOLOR_FORCE", "0")], None),
            (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], Some(false)),
        ] {
            let variable =
                |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).into());
            assert_eq!(by_environment(variable), expected, "{set:?}");
        }
    }

    #[test]
    fn a_file_is_written_as_a_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("oasguard-output-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("report.json");
        to_file(&path, |out| out.write_all(b"old")).unwrap();
        let fails = |out: &mut dyn Write| {
            out.write_all(b"ne")?;
            Err(io::Error::other("full"))
        };
        assert!(to_file(&path, fails).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        to_file(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary file is left");
        fs::remove_dir_all(&folder).unwrap();
    }
}
