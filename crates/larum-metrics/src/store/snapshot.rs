//! The store in a file, so that a restart does not forget the last hours.
//!
//! The file is a header (magic, version, length and CRC-32 of the rest) and then, per series, its labels and its
//! chunks as they are in memory. All numbers are little-endian. It is written beside the old one, flushed to the
//! disk and renamed, so that there is always one whole file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use larum_core::label::LabelSet;
use larum_core::time::Timestamp;

use super::chunk::Chunk;
use super::head::Head;
use super::series::{Part, SeriesState};
use super::{Store, StoreOptions};

const MAGIC: &[u8; 8] = b"LARUMTS\n";
/// The version this program writes, and the only one it reads.
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 8 + 4 + 8 + 4;

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read or written.
    #[error("cannot access the snapshot: {0}")]
    Io(#[from] io::Error),
    /// The file was written by a newer program.
    #[error(
        "the snapshot has version {found}, this program reads {VERSION}: it was written by a newer Larum"
    )]
    Newer {
        /// The version in the file.
        found: u32,
    },
    /// The file is not a snapshot, or not a whole one.
    #[error("the snapshot is broken: {0}")]
    Broken(&'static str),
}

impl Store {
    /// Writes everything to `path`, atomically; readers and the writer go on meanwhile.
    ///
    /// # Errors
    /// [`SnapshotError::Io`]; the file that was there before is still there then.
    pub fn write_snapshot(&self, path: &Path) -> Result<(), SnapshotError> {
        let series: Vec<(LabelSet, Vec<Part>)> =
            self.head.read().series().map(|state| (state.labels.clone(), state.all_parts())).collect();
        let beside = path.with_extension("new");
        let published = write_whole(&beside, &series).and_then(|()| fs::rename(&beside, path));
        if published.is_err() {
            // Where the disk is full, half a file only takes room.
            let _ = fs::remove_file(&beside);
        }
        published?;
        // The rename is on disk only once the folder is.
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// A store with what `path` holds, less what is older than the retention at `now`; an empty one if there is
    /// no such file.
    ///
    /// # Errors
    /// [`SnapshotError`] when the file is there and cannot be used; [`set_aside`] moves it out of the way.
    pub fn read_snapshot(path: &Path, now: Timestamp, options: StoreOptions) -> Result<Self, SnapshotError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::new(options)),
            Err(error) => return Err(error.into()),
        };
        let mut head = decode(body_of(&bytes)?)?;
        head.find_spans(&options);
        head.tidy(now.as_millis(), &options);
        Ok(Self { head: head.into(), options })
    }
}

/// Writes the body as it is encoded, for it is as large as the store, and then the header, which tells of it.
fn write_whole(path: &Path, series: &[(LabelSet, Vec<Part>)]) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&[0; HEADER_BYTES])?;
    let mut body = Body { file, bytes: 0, checksum: crc32fast::Hasher::new() };
    encode(series, &mut body)?;
    let Body { mut file, bytes, checksum } = body;
    file.rewind()?;
    file.write_all(MAGIC)?;
    file.write_all(&VERSION.to_le_bytes())?;
    file.write_all(&bytes.to_le_bytes())?;
    file.write_all(&checksum.finalize().to_le_bytes())?;
    file.into_inner()?.sync_all()
}

/// What follows the header, counted and summed up while it is written.
struct Body {
    file: BufWriter<File>,
    bytes: u64,
    checksum: crc32fast::Hasher,
}

impl Write for Body {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let written = self.file.write(piece)?;
        self.bytes += written as u64;
        self.checksum.update(&piece[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Renames a snapshot that cannot be used to `….refused`, so that the next can be written and nothing is lost;
/// answers the new path.
///
/// # Errors
/// When the file cannot be renamed.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = path.with_extension("refused");
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// What stands behind the header, if the header tells the truth about it.
fn body_of(bytes: &[u8]) -> Result<&[u8], SnapshotError> {
    let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
        return Err(SnapshotError::Broken("it is shorter than its header"));
    };
    let mut header = Reader(header);
    if header.take(MAGIC.len()).is_none_or(|magic| magic != MAGIC) {
        return Err(SnapshotError::Broken("it does not begin as a snapshot does"));
    }
    let version = header.u32().unwrap_or_default();
    if version > VERSION {
        return Err(SnapshotError::Newer { found: version });
    }
    if version != VERSION {
        return Err(SnapshotError::Broken("its version was never used"));
    }
    if header.u64() != Some(body.len() as u64) {
        return Err(SnapshotError::Broken("it has not the length it should have"));
    }
    if header.u32() != Some(crc32fast::hash(body)) {
        return Err(SnapshotError::Broken("its checksum is wrong"));
    }
    Ok(body)
}

fn encode(series: &[(LabelSet, Vec<Part>)], out: &mut impl Write) -> io::Result<()> {
    put_number(out, series.len())?;
    for (labels, parts) in series {
        put_number(out, labels.len())?;
        for text in labels.iter().flat_map(|(name, value)| [name, value]) {
            put_number(out, text.len())?;
            out.write_all(text.as_bytes())?;
        }
        put_number(out, parts.len())?;
        for chunk in parts.iter().map(Part::to_chunk) {
            out.write_all(&chunk.first.to_le_bytes())?;
            out.write_all(&chunk.last.to_le_bytes())?;
            put_number(out, usize::from(chunk.count))?;
            put_number(out, chunk.bytes.len())?;
            out.write_all(&chunk.bytes)?;
        }
    }
    Ok(())
}

fn put_number(out: &mut impl Write, number: usize) -> io::Result<()> {
    out.write_all(&(number as u32).to_le_bytes())
}

fn decode(body: &[u8]) -> Result<Head, SnapshotError> {
    const ENDS: SnapshotError = SnapshotError::Broken("it ends in the middle of a series");
    let mut reader = Reader(body);
    let mut head = Head::default();
    for _ in 0..reader.u32().ok_or(ENDS)? {
        let state = reader.series().ok_or(SnapshotError::Broken("one of its series cannot be read"))?;
        if head.contains(&state.labels) {
            return Err(SnapshotError::Broken("it has a series twice"));
        }
        head.insert(state);
    }
    if reader.0.is_empty() {
        Ok(head)
    } else {
        Err(SnapshotError::Broken("there is something behind its end"))
    }
}

/// Takes numbers and texts off the front; none where the bytes end.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        str::from_utf8(self.take(length)?).ok()
    }

    fn series(&mut self) -> Option<SeriesState> {
        let labels =
            (0..self.u32()?).map(|_| Some((self.text()?, self.text()?))).collect::<Option<Vec<_>>>()?;
        let chunks = (0..self.u32()?).map(|_| self.chunk()).collect::<Option<Vec<_>>>()?;
        SeriesState::restored(LabelSet::from_pairs(labels), chunks)
    }

    fn chunk(&mut self) -> Option<Chunk> {
        let first = self.u64()?.cast_signed();
        let last = self.u64()?.cast_signed();
        let count = u16::try_from(self.u32()?).ok()?;
        let length = self.u32()? as usize;
        Some(Chunk { first, last, count, bytes: self.take(length)?.into() })
    }
}
