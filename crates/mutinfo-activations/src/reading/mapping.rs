//! A file's bytes without a copy of them: the one place with `unsafe`, and its reason.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

/// The bytes of a file, mapped into memory, or of a buffer. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Mapping(Arc<Bytes>);

#[derive(Debug)]
enum Bytes {
    Mapped(Mmap),
    Held(Vec<u8>),
}

impl Mapping {
    /// Maps a file for reading.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        if metadata.len() == 0 {
            return Ok(Self::held(Vec::new()));
        }
        // SAFETY: mapping is unsafe because another process may write to the file or shorten it
        // meanwhile. The map is read-only and private, and bytes are only ever copied out of it
        // and then converted, so that a file written to meanwhile gives wrong numbers and no
        // broken invariant. A file shortened meanwhile ends the process, which
        // `Activations::open` says. The safe way, to read the whole file, holds it in memory.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self(Arc::new(Bytes::Mapped(map))))
    }

    /// Keeps a buffer.
    pub(super) fn held(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Bytes::Held(bytes)))
    }
}

impl AsRef<[u8]> for Mapping {
    fn as_ref(&self) -> &[u8] {
        match &*self.0 {
            Bytes::Mapped(map) => map,
            Bytes::Held(bytes) => bytes,
        }
    }
}
