//! The completions in the shells themselves: each loads its script and completes with it. A shell that is not installed is
//! named, and its test passes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is typed, and a word that the shell must offer.
const TYPED: [(&str, &str); 5] = [
    ("oasguard mat", "matrix"),
    ("oasguard lint --diff", "--diff-base"),
    ("oasguard lint --output-format sar", "sarif"),
    ("oasguard lint --fail-on m", "medium"),
    ("oasguard baseline pr", "prune"),
];

fn script(shell: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_oasguard")).args(["completions", shell]).output();
    let output = output.expect("oasguard runs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("a script is text")
}

/// Where a shell finds nothing of the user's.
fn folder(shell: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("completions").join(shell);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// What a shell prints that reads `commands`; nothing where it is not installed. Nothing may go to its standard error.
fn said(shell: &str, arguments: &[&str], commands: &str) -> Option<String> {
    let folder = folder(shell);
    let file = folder.join("commands");
    std::fs::write(&file, commands).expect("a file can be written");
    let mut command = Command::new(shell);
    command.args(arguments).arg(&file).current_dir(&folder).stdin(Stdio::null());
    command.env("HOME", &folder).env("XDG_CONFIG_HOME", &folder).env("XDG_DATA_HOME", &folder);
    match command.output() {
        Err(_) => {
            println!("skipped: there is no `{shell}`");
            None
        }
        Ok(output) => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && complaint.is_empty(), "{shell}: {complaint}");
            Some(String::from_utf8(output.stdout).expect("words are text"))
        }
    }
}

/// Each of the `said` lines is `<number of the line that was typed> <offered word>`.
fn check(shell: &str, said: &str) {
    for (number, (typed, wanted)) in TYPED.iter().enumerate() {
        let offered: Vec<&str> =
            said.lines().filter_map(|line| line.strip_prefix(&format!("{number} "))).map(str::trim).collect();
        assert!(offered.contains(wanted), "{shell}: `{typed}` offers {offered:?}");
        let begun = typed.rsplit(' ').next().expect("something was typed");
        assert!(offered.iter().all(|word| word.starts_with(begun)), "{shell}: `{typed}` offers {offered:?}");
    }
}

#[test]
fn bash_completes() {
    let mut commands = script("bash");
    for (number, (typed, _)) in TYPED.iter().enumerate() {
        let words: Vec<&str> = typed.split(' ').collect();
        let (last, previous) = (words[words.len() - 1], words[words.len() - 2]);
        commands += &format!(
            "COMP_WORDS=({typed}); COMP_CWORD={}; COMPREPLY=(); _oasguard oasguard '{last}' '{previous}'\n\
             for word in \"${{COMPREPLY[@]}}\"; do echo {number} \"$word\"; done\n",
            words.len() - 1
        );
    }
    // `compopt` wants a completion that is under way.
    let commands = format!("compopt() {{ :; }}\n{commands}complete -p oasguard >/dev/null\n");
    if let Some(said) = said("bash", &["--norc", "--noprofile"], &commands) {
        check("bash", &said);
    }
}

#[test]
fn fish_completes() {
    let mut commands = script("fish");
    for (number, (typed, _)) in TYPED.iter().enumerate() {
        commands += &format!(
            "for word in (complete --do-complete '{typed}')\necho {number} (string split \\t -- $word)[1]\nend\n"
        );
    }
    if let Some(said) = said("fish", &["--no-config"], &commands) {
        check("fish", &said);
    }
}

/// zsh completes only where somebody types, so that it gets a terminal of its own, in which `oasguard` says its arguments.
const TERMINAL: &str = r#"zmodload zsh/zpty
export TERM=dumb
expect() {
  local part
  repeat 600; do
    [[ $seen == *"$1"* ]] && { seen=${seen#*"$1"}; return }
    if zpty -r -t shell part; then seen+=$part; else sleep 0.05; fi
  done
  print -r -- "no '$1' in '$seen'" >&2
  exit 1
}
zpty shell zsh -f -i
zpty -w shell 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D'
zpty -w shell 'oasguard() { print -r -- sa""id "$*".; }; PS1="rea""dy"'
"#;

#[test]
fn zsh_completes() {
    let folder = folder("zsh");
    std::fs::write(folder.join("_oasguard"), script("zsh")).expect("a file can be written");
    let mut commands = TERMINAL.to_owned();
    for (number, (typed, wanted)) in TYPED.iter().enumerate() {
        let begun = typed.rsplit(' ').next().expect("something was typed");
        let rest = wanted.strip_prefix(begun).expect("the word begins as typed");
        let before = typed.strip_prefix("oasguard ").and_then(|text| text.strip_suffix(begun));
        let before = before.expect("a command line of ours is typed");
        // A tab is only one for who is ready to take it: `2004h` is what zsh says then.
        commands += &format!(
            "expect ready; expect 2004h\n\
             zpty -w -n shell $'{typed}\\t'; expect '{rest}'\n\
             zpty -w -n shell $'\\r'; expect 'said {before}'; expect .\n\
             print {number} '{wanted}'\n"
        );
    }
    if let Some(said) = said("zsh", &["-f"], &commands) {
        check("zsh", &said);
    }
}
