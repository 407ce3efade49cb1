//! Space kept back, so that a full disk can still be told about.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is given up when the disk is full.
#[derive(Debug)]
pub struct Ballast(PathBuf);

/// How much is kept back, in bytes: room for some thousand deliveries.
const BYTES: u64 = 8 << 20;
/// How much there must be besides before it is taken: it would be given up again at once.
const BESIDES: u64 = 4 << 20;
/// How much is written at a time, in bytes.
const BLOCK: usize = 64 << 10;

impl Ballast {
    pub(crate) fn new(dir: &Path) -> Self {
        Self(dir.join("ballast"))
    }

    /// Takes the space, if it is not taken. Answers whether it is now.
    pub fn take(&self) -> bool {
        if std::fs::metadata(&self.0).is_ok_and(|file| file.len() >= BYTES) {
            return true;
        }
        // Where nobody says how much there is, only trying shows it.
        let taken = self.available().is_none_or(|bytes| bytes >= BYTES + BESIDES) && self.write().is_ok();
        if !taken {
            self.give_up();
        }
        taken
    }

    fn available(&self) -> Option<u64> {
        room(self.0.parent()?).map(|(available, _)| available)
    }

    /// Writes what no file system can make smaller, and on to the disk: some find room only then.
    fn write(&self) -> io::Result<()> {
        let mut file = File::create(&self.0)?;
        let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
        for _ in 0..BYTES / BLOCK as u64 {
            let block: Vec<u8> = (0..BLOCK / 8).flat_map(|_| noise.next().to_le_bytes()).collect();
            file.write_all(&block)?;
        }
        file.sync_all()
    }

    /// Gives the space up. Answers whether there was any.
    pub fn give_up(&self) -> bool {
        std::fs::remove_file(&self.0).is_ok()
    }
}

/// How many bytes can still be written to the file system of a folder, and how many it has, if that is known.
pub(crate) fn room(folder: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some((disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)))
}

/// Numbers that do not repeat (G. Marsaglia, "Xorshift RNGs", 2003). They need not be secret.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_kept_back_takes_its_room_on_any_file_system() {
        let dir = tempfile::tempdir().unwrap();
        let ballast = Ballast::new(dir.path());
        assert!(ballast.take() && ballast.take());
        let bytes = std::fs::read(dir.path().join("ballast")).unwrap();
        assert_eq!(bytes.len() as u64, BYTES);
        let words: HashSet<&[u8]> = bytes.chunks_exact(8).collect();
        assert_eq!(words.len(), bytes.len() / 8, "what repeats can be made smaller");
        assert!(ballast.give_up() && !ballast.give_up());
    }
}
