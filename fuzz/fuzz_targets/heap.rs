#![no_main]

#[path = "../../src/cli/heap.rs"]
mod advice;
#[path = "../src/heap.rs"]
mod heap;

libfuzzer_sys::fuzz_target!(
    init: advice::prefer_huge_pages(),
    |steps: &[u8]| heap::keeps_what_is_written(steps)
);
