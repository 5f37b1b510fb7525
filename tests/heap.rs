//! The heap on huge pages: bytes stay as they were written. A program of its own, without the usual harness, since the
//! advice is to be given before there are threads.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[cfg(feature = "cli")]
#[path = "../src/cli/heap.rs"]
mod advice;

#[path = "../fuzz/src/heap.rs"]
#[allow(unreachable_pub, reason = "`cargo fuzz` uses it as well")]
mod heap;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn main() {
    #[cfg(feature = "cli")]
    advice::prefer_huge_pages();
    #[cfg(all(feature = "cli", target_os = "linux", target_env = "gnu"))]
    {
        let block = vec![1_u8; 1 << 20];
        let is_advised = is_advised(block.as_ptr().addr());
        if std::env::args().any(|argument| argument == LIMITED) {
            assert!(!is_advised, "the heap takes addresses where they are few");
            return;
        }
        // Linux without support for huge pages refuses the advice, and other systems are not asked.
        if std::path::Path::new("/sys/kernel/mm/transparent_hugepage").exists() {
            assert!(is_advised, "a block of 1 MiB is not where huge pages are");
        }
        // A gigabyte of addresses, in KiB.
        let mut limited = std::process::Command::new("sh");
        limited.args(["-c", "ulimit -v 1000000; exec \"$0\" \"$1\""]);
        limited.arg(std::env::current_exe().unwrap()).arg(LIMITED);
        assert!(limited.status().unwrap().success());
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let done = runner.run(&vec(any::<u8>(), 0..90), |steps| {
        heap::keeps_what_is_written(&steps);
        Ok(())
    });
    done.unwrap();
}

/// What this program is told where addresses are limited.
#[cfg(all(feature = "cli", target_os = "linux", target_env = "gnu"))]
const LIMITED: &str = "limited";

/// Whether the mapping with this address has the flag `hg` (`proc_pid_smaps(5)`).
#[cfg(all(feature = "cli", target_os = "linux", target_env = "gnu"))]
fn is_advised(address: usize) -> bool {
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let mut is_inside = false;
    for line in maps.lines() {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let ends = range.and_then(|(from, to)| {
            Some((usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?))
        });
        if let Some((from, to)) = ends {
            is_inside = (from..to).contains(&address);
        } else if is_inside && let Some(flags) = line.strip_prefix("VmFlags:") {
            return flags.split(' ').any(|flag| flag == "hg");
        }
    }
    false
}
