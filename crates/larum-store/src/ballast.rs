//! Space kept back, so that a full disk can still be told about.

use std::path::{Path, PathBuf};

/// A file that is given up when the disk is full.
#[derive(Debug)]
pub struct Ballast(PathBuf);

/// How much is kept back, in bytes: room for some thousand deliveries.
const BYTES: usize = 8 << 20;

impl Ballast {
    pub(crate) fn new(dir: &Path) -> Self {
        Self(dir.join("ballast"))
    }

    /// Takes the space, if it is not taken. Answers whether it is now.
    pub fn take(&self) -> bool {
        if std::fs::metadata(&self.0).is_ok_and(|file| file.len() >= BYTES as u64) {
            return true;
        }
        let taken = std::fs::write(&self.0, vec![0_u8; BYTES]).is_ok();
        if !taken {
            self.give_up();
        }
        taken
    }

    /// Gives the space up. Answers whether there was any.
    pub fn give_up(&self) -> bool {
        std::fs::remove_file(&self.0).is_ok()
    }
}
