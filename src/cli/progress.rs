//! How far a long run has come, on the terminal of whoever waits for it.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::output::to_stderr;
use crate::session::Progress;

/// A line on standard error that goes when this is dropped.
pub(super) struct Display {
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Nobody waits for a run that takes less.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a number stands.
const PERIOD: Duration = Duration::from_millis(200);

/// Shows the progress after a while if standard error is a terminal on which a line can be replaced.
pub(super) fn show(progress: Arc<Progress>) -> Display {
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    if is_dumb || !io::stderr().is_terminal() {
        return Display { stop: None, thread: None };
    }
    let (stop, stopped) = mpsc::channel::<()>();
    let run = move || {
        let mut wait = PATIENCE;
        let mut is_shown = false;
        while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            let (done, total) = progress.counts();
            to_stderr(|out| {
                write!(out, "{CLEAR}checking: {done} of {total} files")?;
                out.flush()
            });
            is_shown = true;
            wait = PERIOD;
        }
        if is_shown {
            to_stderr(|out| {
                out.write_all(CLEAR.as_bytes())?;
                out.flush()
            });
        }
    };
    let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(run);
    Display { stop: Some(stop), thread: thread.ok() }
}

/// Back to the start of the line, which is then empty.
const CLEAR: &str = "\r\u{1b}[K";

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The line is gone before anything else is written. If the thread failed, there is none.
            let _ = thread.join();
        }
    }
}
