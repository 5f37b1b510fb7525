//! What must hold for the heap whatever backs it.

/// Blocks that live at the same time, and the largest of them: one size that glibc maps apart is among them.
const BLOCKS: usize = 8;
const LARGEST: u8 = 25;

/// How far apart the bytes are that are looked at; in turn they meet every place of a page.
const STRIDE: usize = 61;

/// Bytes stay as they were written, whatever is allocated, grown, cut and freed beside them. Each three bytes of the
/// input are one step: which block, what happens to it, and a size as a power of two.
pub fn keeps_what_is_written(steps: &[u8]) {
    let mut blocks: [(Vec<u8>, u8); BLOCKS] = Default::default();
    for (number, step) in steps.chunks_exact(3).enumerate() {
        let (block, mark) = &mut blocks[usize::from(step[0]) % BLOCKS];
        assert!(all_are(*mark, block), "step {number}: a block was changed by others");
        let size = 1usize << (step[2] % (LARGEST + 1));
        match step[1] % 4 {
            0 => {
                *mark = number as u8 | 1;
                *block = vec![*mark; size];
            }
            1 => {
                block.extend(std::iter::repeat_n(*mark, size.min((2 << LARGEST) - block.len())));
                assert!(all_are(*mark, block), "step {number}: growing lost bytes");
            }
            2 => {
                block.truncate(size);
                block.shrink_to_fit();
            }
            // Memory that comes zeroed must be zero, fresh or used before.
            _ => {
                *mark = 0;
                *block = vec![0; size];
                assert!(all_are(0, block), "step {number}: memory was not zeroed");
            }
        }
    }
}

fn all_are(mark: u8, block: &[u8]) -> bool {
    block.iter().step_by(STRIDE).chain(block.last()).all(|&byte| byte == mark)
}
