//! `--diff-base`: only what a change brought.

use std::sync::Arc;

use super::Refusal;
use super::output::to_stderr;
use crate::report::visible_line;
use crate::session::{Before, Input, Session};
use crate::source::Revision;

/// Makes the session report only what is new since a revision.
pub(super) fn with(session: &mut Session, name: &str, inputs: &[Input]) -> Result<Before, Refusal> {
    let refused = |error| Refusal::failed(format!("`--diff-base`: {error}"));
    let revision = Revision::open(&session.working_directory, name).map_err(refused)?;
    let mut before = session.before(Arc::new(revision), inputs).map_err(refused)?;
    say(name, &before);
    let then = std::mem::take(&mut before.known);
    session.known = Some(match session.known.take() {
        Some(accepted) => accepted.and(then),
        None => then,
    });
    Ok(before)
}

/// Says what the documents are compared with, as far as that is not what one expects.
fn say(name: &str, before: &Before) {
    let commit = &before.revision.commit()[..10];
    to_stderr(|out| {
        if before.revision.is_tip {
            let why =
                "its history is not in this shallow clone, so what others changed there counts as yours";
            writeln!(out, "compared with the tip of `{}` ({commit}): {why}", visible_line(name))?;
        }
        for failure in &before.report.errors {
            let (path, message) = (visible_line(&failure.path), visible_line(&failure.message));
            writeln!(out, "{path}: not compared, all of it counts as new: at {commit} {message}")?;
        }
        Ok(())
    });
}
