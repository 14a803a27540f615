//! Compiles a cell without cargo, where cargo would only find that nothing else changed.
//!
//! evcxr runs `cargo build` for each cell. Cargo looks at every dependency, finds them all as
//! they were, and runs the compiler with the arguments of the cell before. So this command is
//! kept, and as long as all that it depends on is the same, it is run at once.
//!
//! evcxr knows one program that may stand before cargo: that of the linker mold, which runs it
//! as `mold -run cargo build`. A [`Workbench`](crate::workbench::Workbench) has a program of this
//! name, which is the kernel's own, and puts it first on the path.
//!
//! ```text
//! mold -run cargo build         something changed: becomes cargo
//!   kernel rustc --crate-name ctx ...    as its wrapper: keeps this command, becomes the compiler
//! mold -run cargo build         nothing changed: becomes the compiler, by the command kept
//! ```
//!
//! evcxr understands the compiler's own messages as well as cargo's. It is told where the compiler
//! leaves the cell's library, since cargo's own copy of it, a folder higher up, is one from which
//! the relative path to the standard library leads astray.

use std::convert::Infallible;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::variables;

/// The name under which evcxr runs this program in place of cargo.
pub const STAND_IN: &str = "mold";

/// evcxr's name for the crate of a cell.
const CELL: &str = "ctx";

/// In the folder of that crate: the command that compiled the last cell.
const RECORD: &str = "last-compilation";

/// In the same folder: the states in which cargo found a dependency valid.
const VALID: &str = "valid-dependencies";

/// Set for the compiler's wrapper: the path of the record.
const RECORD_VARIABLE: &str = "MUTINFO_COMPILATION_RECORD";

/// Set by evcxr: the file in which it looks for the path of the compiled cell.
const LIBRARY_PATH_VARIABLE: &str = "EVCXR_EXECUTION_SO_PATH";

/// Set by whoever has the compiler wrapped already.
const WRAPPER_VARIABLE: &str = "RUSTC_WRAPPER";

/// What cargo tells the compiler that only holds while cargo runs.
const WHILE_CARGO_RUNS: [&str; 5] = [
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "MFLAGS",
    WRAPPER_VARIABLE,
    RECORD_VARIABLE,
];

/// Settings of the user's that would change how the dependencies are built.
const OTHER_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Becomes cargo or the compiler, if this process was started in place of one of them. Comes
/// back if it was not, or with an error.
pub fn take_over() -> Result<()> {
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_default();
    let error = if let Some(record) = env::var_os(RECORD_VARIABLE) {
        wrap_compiler(arguments.collect(), Path::new(&record))?
    } else if Path::new(&name).file_name() == Some(OsStr::new(STAND_IN)) {
        // What follows `-run`: cargo, with its arguments.
        stand_in(&arguments.skip(1).collect::<Vec<_>>())?
    } else {
        return Ok(());
    };
    Err(error).context("The compiler cannot be run.")
}

/// Becomes the compiler, or cargo, in the folder of the cell's crate.
fn stand_in(command: &[OsString]) -> Result<io::Error> {
    let (cargo, arguments) = command.split_first().context("No program is named.")?;
    // evcxr has a cell checked where it cannot find a variable's type. Nothing is there of what
    // cargo needs to check the dependencies, and all that it needs to build the cell.
    let arguments: Vec<_> = arguments
        .iter()
        .map(|argument| match argument.to_str() {
            Some("check") => OsString::from("build"),
            _ => argument.clone(),
        })
        .collect();
    let arguments = arguments.as_slice();
    let mut cargo = Command::new(cargo);
    cargo.args(arguments).env_remove(OTHER_FLAGS);
    if arguments == ["metadata", "--format-version=1"] {
        validate(&mut cargo, state(arguments))?;
    }
    let target = arguments
        .windows(2)
        .find_map(|pair| (pair[0] == "--target").then_some(&pair[1]));
    let is_build = arguments.iter().any(|argument| argument == "build");
    let (true, Some(target), None) = (is_build, target, env::var_os(WRAPPER_VARIABLE)) else {
        return Ok(cargo.exec());
    };

    let folder = env::current_dir()?;
    let record = folder.join(RECORD);
    let sources = Path::new("target")
        .join(target)
        .join("debug")
        .join(format!("{}{CELL}.d", env::consts::DLL_PREFIX));
    let state = state(arguments);
    if let Ok(compilation) = Compilation::read(&record)
        && compilation.state == state
        && are_older(&sources, &folder.join("src/lib.rs"), compilation.started)
    {
        return compilation.exec(&record);
    }
    begin_record(&record, &sources, state)?;
    cargo
        .env(WRAPPER_VARIABLE, env::current_exe()?)
        .env(RECORD_VARIABLE, record);
    Ok(cargo.exec())
}

/// Has cargo judge the manifest that evcxr writes for each `:dep`, and ends this process as cargo
/// does. The kernel loads at its start what notebooks load again in their first cell: a manifest
/// that was valid, without a warning, is not looked at again.
fn validate(cargo: &mut Command, state: u64) -> Result<Infallible> {
    let known = fs::read_to_string(VALID).unwrap_or_default();
    let state = state.to_string();
    if known.lines().any(|line| line == state) {
        process::exit(0);
    }
    let output = cargo.output()?;
    io::stdout().write_all(&output.stdout)?;
    io::stderr().write_all(&output.stderr)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && !said.contains("warning") {
        fs::write(VALID, known + &state + "\n")?;
    }
    process::exit(output.status.code().unwrap_or(1))
}

/// A number for all that cargo's choice of the compiler's command depends on, except for what is
/// in the dependencies' folders.
fn state(arguments: &[OsString]) -> u64 {
    let mut hasher = DefaultHasher::new();
    arguments.hash(&mut hasher);
    for file in ["Cargo.toml", ".cargo/config.toml"] {
        fs::read(file).ok().hash(&mut hasher);
    }
    let mut variables: Vec<_> = env::vars_os().collect();
    variables.sort();
    variables.hash(&mut hasher);
    hasher.finish()
}

/// Whether the sources of the dependencies in folders, which cargo lists in this file, were last
/// changed before this moment. The cell's own is listed among them.
fn are_older(list: &Path, cell: &Path, moment: SystemTime) -> bool {
    let Ok(list) = fs::read(list) else {
        return false;
    };
    let is_older = |file: &Path| {
        let changed = fs::metadata(file).and_then(|file| file.modified());
        changed.is_ok_and(|changed| changed < moment)
    };
    listed(&list)
        .iter()
        .filter(|source| *source != cell)
        .all(|source| {
            // A package's manifest is beside the folder of its sources.
            let package = source
                .ends_with("src/lib.rs")
                .then(|| source.ancestors().nth(2));
            let manifest = package.flatten().map(|folder| folder.join("Cargo.toml"));
            is_older(source) && manifest.is_none_or(|manifest| is_older(&manifest))
        })
}

/// The files on which the first one depends, by a list as `make` reads it.
fn listed(list: &[u8]) -> Vec<PathBuf> {
    let line = list.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut files = vec![Vec::new()];
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        let file = files.last_mut().expect("it is never empty");
        match byte {
            b'\\' => file.extend(bytes.next()),
            b' ' => files.push(Vec::new()),
            byte => file.push(byte),
        }
    }
    files
        .into_iter()
        .skip(1)
        .filter(|file| !file.is_empty())
        .map(|file| PathBuf::from(OsString::from_vec(file)))
        .collect()
}

/// Begins a record, in place of the last one; cargo is to make the list of sources anew too.
fn begin_record(record: &Path, sources: &Path, state: u64) -> io::Result<()> {
    match fs::remove_file(sources) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = now.unwrap_or_default().as_nanos();
    fs::write(record, format!("{state}\0{nanoseconds}\0"))
}

/// Becomes the compiler. Where it compiles a cell, the command is recorded.
fn wrap_compiler(words: Vec<OsString>, record: &Path) -> Result<io::Error> {
    let is_cell = words
        .windows(2)
        .any(|pair| pair[0] == "--crate-name" && pair[1] == CELL);
    if is_cell {
        end_record(&words, record)?;
        return Compilation::read(record)?.exec(record);
    }
    let (program, arguments) = words.split_first().context("No program is named.")?;
    Ok(Command::new(program)
        .args(arguments)
        .env_remove(RECORD_VARIABLE)
        .exec())
}

fn end_record(command: &[OsString], record: &Path) -> io::Result<()> {
    let mut end = env::current_dir()?.into_os_string().into_vec();
    end.push(0);
    write!(end, "{}\0", command.len())?;
    for word in command {
        end.extend(word.as_bytes());
        end.push(0);
    }
    for (name, value) in env::vars_os() {
        if !WHILE_CARGO_RUNS.iter().any(|own| name == *own) {
            end.extend(name.as_bytes());
            end.push(b'=');
            end.extend(value.as_bytes());
            end.push(0);
        }
    }
    File::options().append(true).open(record)?.write_all(&end)
}

/// How the last cell was compiled that cargo took part in.
#[derive(Debug)]
struct Compilation {
    state: u64,
    started: SystemTime,
    folder: PathBuf,
    command: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    /// Where the compiler leaves the cell.
    library: PathBuf,
}

impl Compilation {
    fn read(record: &Path) -> Result<Self> {
        let content = fs::read(record)?;
        let mut fields = content
            .strip_suffix(b"\0")
            .context("It is cut off.")?
            .split(|byte| *byte == 0);
        let mut next = || -> Result<OsString> {
            let field = fields.next().context("It has no end.")?;
            Ok(OsString::from_vec(field.to_vec()))
        };
        let number = |field: OsString| field.into_string().ok().context("It is no number.");
        let state = number(next()?)?.parse()?;
        let started = UNIX_EPOCH + Duration::from_nanos(number(next()?)?.parse()?);
        let folder = PathBuf::from(next()?);
        let words: usize = number(next()?)?.parse()?;
        let command = (0..words).map(|_| next()).collect::<Result<Vec<_>>>()?;
        let variables = fields
            .filter_map(|field| {
                let equals = field.iter().position(|byte| *byte == b'=')?;
                let text = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
                Some((text(&field[..equals]), text(&field[equals + 1..])))
            })
            .collect();
        let out = command
            .windows(2)
            .find_map(|pair| (pair[0] == "--out-dir").then(|| PathBuf::from(&pair[1])))
            .context("It does not say where the cell is left.")?;
        let (prefix, suffix) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
        Ok(Self {
            state,
            started,
            library: folder.join(out).join(format!("{prefix}{CELL}{suffix}")),
            folder,
            command,
            variables,
        })
    }

    /// Becomes the compiler, in the crate of the cell whose record this is, after telling evcxr
    /// where it leaves the cell: evcxr looks there only if the compiler succeeds.
    fn exec(self, record: &Path) -> Result<io::Error> {
        let (program, arguments) = self.command.split_first().context("It is empty.")?;
        if let Some(file) = env::var_os(LIBRARY_PATH_VARIABLE) {
            fs::write(file, self.library.as_os_str().as_bytes())?;
        }
        let cell = record.with_file_name("src").join("lib.rs");
        let library = record.with_file_name("target").join(variables::LIBRARY);
        Ok(Command::new(program)
            .args(arguments)
            .args(variables::link(&cell, &library)?)
            .env_clear()
            .envs(self.variables)
            .current_dir(self.folder)
            .exec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_sources_is_read_as_make_reads_it() {
        let list = b"/t/libctx.so: /a\\ b/lib.rs /c/d.rs\n\n/a\\ b/lib.rs:\n";
        let files = ["/a b/lib.rs", "/c/d.rs"].map(PathBuf::from);
        assert_eq!(listed(list), files);
        assert!(listed(b"").is_empty());
    }

    #[test]
    fn a_record_gives_the_command_back_and_half_of_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (record, list) = (folder.path().join("record"), folder.path().join("list"));
        fs::write(&list, "of the build before").unwrap();
        begin_record(&record, &list, 7).unwrap();
        assert!(!list.exists());
        assert!(Compilation::read(&record).is_err());

        let words = [
            "rustc",
            "--crate-name",
            CELL,
            "--cfg",
            "a\nb",
            "--out-dir",
            "out",
        ];
        let words = words.map(OsString::from).to_vec();
        end_record(&words, &record).unwrap();
        let compilation = Compilation::read(&record).unwrap();
        assert_eq!(compilation.state, 7);
        assert!(compilation.started <= SystemTime::now());
        assert_eq!(compilation.command, words);
        let here = env::current_dir().unwrap();
        assert_eq!(compilation.library.parent(), Some(&*here.join("out")));
        let path = (OsString::from("PATH"), env::var_os("PATH").unwrap());
        assert!(compilation.variables.contains(&path));

        let whole = fs::read(&record).unwrap();
        fs::write(&record, &whole[..whole.len() - 1]).unwrap();
        assert!(Compilation::read(&record).is_err());
    }

    #[test]
    fn a_source_or_a_manifest_that_changed_or_went_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (list, cell) = (path("list"), path("cell/src/lib.rs"));
        let (source, manifest) = (path("mine/src/lib.rs"), path("mine/Cargo.toml"));
        for file in [&cell, &source, &manifest] {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let sources = format!("out: {} {}\n", source.display(), cell.display());
        fs::write(&list, sources).unwrap();
        let set_time = |file: &Path, time| {
            let file = File::options().write(true).open(file).unwrap();
            file.set_modified(time).unwrap();
        };
        let before = SystemTime::now() - Duration::from_secs(60);
        let moment = SystemTime::now() - Duration::from_secs(30);
        set_time(&source, before);
        set_time(&manifest, before);
        assert!(are_older(&list, &cell, moment), "the cell's own may be new");
        set_time(&manifest, SystemTime::now());
        assert!(!are_older(&list, &cell, moment));
        set_time(&manifest, before);
        set_time(&source, SystemTime::now());
        assert!(!are_older(&list, &cell, moment));
        fs::remove_file(&source).unwrap();
        assert!(!are_older(&list, &cell, moment));
        assert!(!are_older(&path("no list"), &cell, moment));
    }
}
