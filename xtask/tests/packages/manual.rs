//! Pages of the manual: one for each command, with all its options, set without a warning.

use crate::*;

#[test]
fn every_command_has_a_page_and_every_option_stands_on_it() {
    let pages = dist::manual();
    let mut left = vec![(oasguard::cli::command(), "oasguard".to_owned())];
    let mut seen = 0;
    while let Some((command, name)) = left.pop() {
        let page = &pages[&format!("{name}.1")];
        let page = text(page).replace("\\-", "-");
        for argument in command.get_arguments() {
            if let Some(long) = argument.get_long() {
                assert!(page.contains(&format!("\\fB--{long}\\fR")), "{name}: `--{long}`");
            }
            if let Some(short) = argument.get_short() {
                assert!(page.contains(&format!("\\fB-{short}\\fR")), "{name}: `-{short}`");
            }
        }
        for below in command.get_subcommands() {
            assert!(
                page.contains(&format!("{name}-{}(1)", below.get_name())),
                "{name}: {}",
                below.get_name()
            );
            left.push((below.clone(), format!("{name}-{}", below.get_name())));
        }
        seen += 1;
    }
    assert_eq!(seen, pages.len(), "a page belongs to no command");
}

#[test]
fn the_manual_is_set_without_a_warning() {
    let folder = folder("man");
    dist::write_manual(&folder).expect("the pages are written");
    let names = dist::manual().into_keys().collect::<Vec<_>>();
    if is_there("groff") {
        for name in &names {
            let mut groff = Command::new("groff");
            groff.args(["-k", "-ww", "-man", "-Tutf8", "-P-cbou", name]).current_dir(&folder);
            let output = groff.output().expect("groff runs");
            assert!(output.status.success() && output.stderr.is_empty(), "{name}: {}", text(&output.stderr));
            assert!(text(&output.stdout).contains("SYNOPSIS"), "{name}");
        }
    }
    // It knows no `--version`; without arguments it reads an empty page.
    if Command::new("mandoc").stdin(Stdio::null()).output().is_ok() {
        let output =
            Command::new("mandoc").args(["-Tlint", "-Wwarning"]).args(&names).current_dir(&folder).output();
        let said = text(&output.expect("mandoc runs").stdout);
        // Pages change with the program, not from one day to the next.
        let wrong: Vec<&str> = said.lines().filter(|line| !line.contains("missing date")).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(said.lines().count(), names.len(), "it looked at every page");
    } else {
        println!("skipped: there is no `mandoc`");
    }
}
