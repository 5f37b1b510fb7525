//! The heap of the program on huge pages, where the operating system gives them to those who ask.
//!
//! A lint touches some 5 bytes of memory for each byte of a document, each for the first time. In pages of 4 KiB that
//! was a third of the time of a document of 2.5 MB: 2,360 faults, 13.8 ms; with huge pages it is 280 faults, 10.4 ms.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
use std::hint::black_box;

/// Asks Linux to back the heap of this process with huge pages (`madvise(2)`, `MADV_HUGEPAGE`).
///
/// To be called once, before there is a second thread. Nothing but time depends on it: where the system or a limit
/// refuses, or the allocator is another one than glibc's, the heap stays as it was.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the allocator and the kernel are advised through functions of C")]
pub(super) fn prefer_huge_pages() {
    /// How much of the heap is advised: enough for a document of 50 MB. It takes addresses, and memory only when used.
    const REACH: usize = 256 << 20;
    const HUGE_PAGE: usize = 2 << 20;
    /// The largest block that glibc agrees to take from the heap; larger ones are mapped each for itself.
    const LARGEST: libc::c_int = 32 << 20;
    /// glibc's own limit of such mappings (`DEFAULT_MMAP_MAX`).
    const MAPPINGS: libc::c_int = 65_536;

    // Where addresses are few (`ulimit -v`), threads need them.
    if black_box(Vec::<u8>::new()).try_reserve_exact(8 * REACH).is_err() {
        return;
    }
    // SAFETY: `mallopt(3)` takes two integers and sets a limit of the allocator, which is unsafe only beside other
    // threads, and there are none yet.
    let limit = |name, value| unsafe { libc::mallopt(name, value) };
    // What is freed stays in the heap for the next document, instead of being faulted in again.
    limit(libc::M_TRIM_THRESHOLD, libc::c_int::MAX);
    limit(libc::M_MMAP_THRESHOLD, LARGEST);
    limit(libc::M_MMAP_MAX, 0);
    let mut block = Vec::<u8>::new();
    if block.try_reserve_exact(REACH).is_ok() {
        let unused = block.spare_capacity_mut();
        let before = unused.as_ptr().align_offset(HUGE_PAGE).min(unused.len());
        let advised = &mut unused[before..];
        // SAFETY: the range is that of a slice that nobody else can reach, and it begins with a page. The advice decides
        // which pages back it, never what they contain.
        unsafe { libc::madvise(advised.as_mut_ptr().cast(), advised.len(), libc::MADV_HUGEPAGE) };
        drop(block);
        // What comes before the first huge page is never used, so that the heap goes on with that page: 256 faults less
        // on average. The 16 bytes are the allocator's own, before each block.
        black_box(Vec::<u8>::with_capacity(before.saturating_sub(16)).leak());
    }
    limit(libc::M_MMAP_MAX, MAPPINGS);
}

/// Elsewhere nobody is asked.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn prefer_huge_pages() {}
