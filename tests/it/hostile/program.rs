//! Runs the program on what is hostile and watches it: who takes more memory than allowed, or hangs, is ended.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::cli::command;

/// What became of a run.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
    /// Seconds of all processors; nothing where the system does not tell.
    pub(super) seconds: Option<f64>,
}

impl Ended {
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.stdout.split_inclusive(|byte| *byte == b'\n')
    }
}

/// Only a hang takes so long.
const HANG: Duration = Duration::from_secs(300);

/// Runs the program to its end. `bytes` is the most memory that it may ever have in use; where the system does not say
/// how much that is, the test says so.
pub(super) fn bounded(folder: &Path, arguments: &[&str], bytes: u64) -> Ended {
    let what = arguments.join(" ");
    let mut child = command(folder, arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdout = collected(child.stdout.take().expect("standard output is a pipe"));
    let stderr = collected(child.stderr.take().expect("standard error is a pipe"));
    let started = Instant::now();
    let mut seen = Seen::default();
    let code = loop {
        // While it was not waited for, an ended process still tells its time.
        seen.update(&child);
        if seen.bytes.is_some_and(|seen| seen > bytes) || started.elapsed() > HANG {
            child.kill().expect("a process of our own can be ended");
            child.wait().expect("it has ended");
            panic!("{what}: more than {bytes} bytes or {HANG:?}: {seen:?}");
        }
        if let Some(status) = child.try_wait().expect("the process is ours") {
            break status.code();
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    match seen.bytes {
        Some(most) => println!("{what}: {:.2?} s, {} MB of {}", seen.seconds, most >> 20, bytes >> 20),
        None => println!("{what}: the bound on memory is not tested on this system"),
    }
    let stderr = String::from_utf8(stderr.join().expect("a reader")).expect("it is text");
    Ended { code, stdout: stdout.join().expect("a reader"), stderr, seconds: seen.seconds }
}

/// Reads to the end beside everything else, so that the program never waits for us.
fn collected(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

/// What the system says of a process so far.
#[derive(Debug, Default)]
struct Seen {
    /// The most memory that it ever had in use.
    bytes: Option<u64>,
    seconds: Option<f64>,
}

impl Seen {
    #[cfg(target_os = "linux")]
    fn update(&mut self, child: &Child) {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", child.id())).ok();
        let number = |text: &str| text.parse::<u64>().ok();
        // proc(5): `VmHWM:    1234 kB`. What has ended has no such line.
        let peak = read("status").and_then(|status| {
            // Until the program has taken its place, the process has our own memory.
            status.lines().find(|line| *line == "Name:\toasguard")?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            number(line.trim().strip_suffix(" kB")?)
        });
        self.bytes = peak.map(|kilobytes| kilobytes << 10).max(self.bytes);
        // proc(5): fields 14 and 15 are hundredths of seconds; before them a name in parentheses may hold anything.
        let ticks = read("stat").and_then(|stat| {
            let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
            Some(number(fields.next()?)? + number(fields.next()?)?)
        });
        self.seconds = ticks.map(|ticks| ticks as f64 / 100.0).or(self.seconds);
    }

    #[cfg(not(target_os = "linux"))]
    fn update(&mut self, _: &Child) {}
}
