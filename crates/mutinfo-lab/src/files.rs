//! Files that are whole or not there at all, however the lab is stopped.

use std::fs::{self, DirBuilder, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

/// Writes a file and the folders around it, in one step.
pub fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().context("A file needs a folder.")?;
    let part = file.with_extension("part");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&part, text))
        .and_then(|()| fs::rename(&part, file))
        .with_context(|| format!("{} cannot be written.", file.display()))
}

/// Writes a new file that no other user of the machine can read, and the folders around it.
pub fn write_private(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().context("A file needs a folder.")?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            options.open(file)?.write_all(text.as_bytes())
        })
        .with_context(|| format!("{} cannot be written.", file.display()))
}

/// Copies a file, in one step, unless the copy is as new.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let changed = |file| fs::metadata(file).and_then(|file| file.modified());
    if let (Ok(original), Ok(copy)) = (changed(from), changed(to))
        && copy >= original
    {
        return Ok(());
    }
    let part = to.with_extension("part");
    fs::create_dir_all(to.parent().context("A file needs a folder.")?)
        .and_then(|()| fs::copy(from, &part))
        .and_then(|_| fs::rename(&part, to))
        .with_context(|| format!("{} cannot be written.", to.display()))
}

/// Writes a file unless it has this text already.
pub fn write_if_changed(file: &Path, text: &str) -> Result<()> {
    match fs::read_to_string(file) {
        Ok(present) if present == text => Ok(()),
        _ => write(file, text),
    }
}

/// Removes a folder with all that is in it, if it is there.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed.", folder.display()))
        }
        _ => Ok(()),
    }
}

/// What files hold, and since when.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// A number that tells whether any name or text changed.
    pub fingerprint: String,
    /// When any of the files was last written.
    pub last_change: SystemTime,
}

impl Snapshot {
    /// Of these files, and of all files in these folders.
    pub fn of(paths: &[impl AsRef<Path>]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        let mut last_change = SystemTime::UNIX_EPOCH;
        for path in paths {
            let change = read_tree(path.as_ref(), &mut hasher)
                .with_context(|| format!("{} cannot be read.", path.as_ref().display()))?;
            last_change = last_change.max(change);
        }
        Ok(Self {
            fingerprint: format!("{:016x}", hasher.finish()),
            last_change,
        })
    }
}

/// Hashes all names and texts, and finds when the last was written.
fn read_tree(path: &Path, hasher: &mut DefaultHasher) -> io::Result<SystemTime> {
    path.file_name().hash(hasher);
    if !path.is_dir() {
        fs::read(path)?.hash(hasher);
        return fs::metadata(path)?.modified();
    }
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut last = SystemTime::UNIX_EPOCH;
    for entry in entries {
        last = last.max(read_tree(&entry.path(), hasher)?);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_that_was_written_again_is_noticed_by_time_and_not_by_text() {
        let folder = tempfile::tempdir().unwrap();
        let sources = [folder.path().join("src")];
        let file = sources[0].join("deep/lib.rs");
        write(&file, "fn one() {}").unwrap();
        let before = Snapshot::of(&sources).unwrap();
        let later = before.last_change + Duration::from_secs(1);
        let written = File::options().write(true).open(&file).unwrap();
        written.set_modified(later).unwrap();
        let after = Snapshot::of(&sources).unwrap();
        assert_eq!(after.fingerprint, before.fingerprint);
        assert_eq!(after.last_change, later);
    }

    #[test]
    fn a_copy_follows_the_original() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b/c"));
        fs::write(&from, "1").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "1");
        fs::write(&from, "2").unwrap();
        let later = SystemTime::now() + Duration::from_secs(1);
        File::options()
            .write(true)
            .open(&from)
            .unwrap()
            .set_modified(later)
            .unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "2");
    }

    #[test]
    fn a_private_file_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/key.json");
        write_private(&file, "secret").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "secret");
        let of_others = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
        assert_eq!(of_others(&file), 0);
        assert_eq!(of_others(file.parent().unwrap()), 0);
        assert!(
            write_private(&file, "again").is_err(),
            "someone else's may be there"
        );
    }
}
