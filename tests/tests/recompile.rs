//! What evcxr runs in place of cargo: the compiler at once where no dependency changed, cargo where
//! one did. Tried on a cell's crate with a dependency in a folder, and a cargo that is counted.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::Result;
use mutinfo_lab::project::Project;
use mutinfo_lab::recompile::STAND_IN;
use mutinfo_lab::{setup, variables};

struct Crate {
    folder: PathBuf,
    target: String,
}

impl Crate {
    fn write(&self, file: &str, text: &str) {
        let file = self.folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn set_cell(&self, code: &str) {
        self.write(
            "cell/src/lib.rs",
            &format!("#[unsafe(no_mangle)] pub fn f() -> u8 {{ {code} }}"),
        );
    }

    /// As evcxr has a dependency judged.
    fn validate(&self) -> Output {
        Command::new(self.folder.join("bin").join(STAND_IN))
            .arg("-run")
            .arg(self.folder.join("bin/cargo"))
            .args(["metadata", "--format-version=1"])
            .current_dir(self.folder.join("cell"))
            .output()
            .unwrap()
    }

    /// As evcxr calls it.
    fn build(&self, variables: &[(&str, &str)]) -> Output {
        let library_path = self.library_path();
        if library_path.exists() {
            fs::remove_file(&library_path).unwrap();
        }
        Command::new(self.folder.join("bin").join(STAND_IN))
            .arg("-run")
            .arg(self.folder.join("bin/cargo"))
            .args(["build", "--target", &self.target, "--message-format=json"])
            .current_dir(self.folder.join("cell"))
            .env("CARGO_TARGET_DIR", "target")
            .env("RUSTFLAGS", "-Cprefer-dynamic")
            .env("EVCXR_EXECUTION_SO_PATH", library_path)
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn library_path(&self) -> PathBuf {
        self.folder.join("library-path")
    }

    /// How often cargo was called.
    fn cargos(&self) -> usize {
        let calls = fs::read_to_string(self.folder.join("calls")).unwrap();
        calls.lines().count()
    }

    fn assert_built(&self, output: &Output, cargos: usize) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert_eq!(self.cargos(), cargos, "calls of cargo");
        let library = fs::read_to_string(self.library_path()).unwrap();
        assert_eq!(
            Path::new(&library).parent().unwrap().file_name().unwrap(),
            "deps"
        );
        // As evcxr does.
        fs::rename(&library, Path::new(&library).with_file_name("code")).unwrap();
    }
}

#[test]
fn cargo_is_called_only_where_a_dependency_changed() -> Result<()> {
    let project = Project::find()?;
    setup::kernel(&project)?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recompile");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let rustc = Command::new("rustc").arg("-vV").output()?;
    let version = String::from_utf8(rustc.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let target = host.unwrap().to_owned();
    let it = Crate { folder, target };
    let manifest = "[package]\nname = \"ctx\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n\
                    [dependencies]\nmine = { path = \"../mine\" }\n[workspace]\n";
    it.write("cell/Cargo.toml", manifest);
    it.write("cell/.cargo/config.toml", "[net]\noffline = true\n");
    it.write(
        "mine/Cargo.toml",
        "[package]\nname = \"mine\"\nedition = \"2024\"\n",
    );
    it.write("mine/src/lib.rs", "pub const ONE: u8 = 1;");
    let cargo = format!(
        "#!/bin/sh\necho $1 >> '{}'\nexec '{}' \"$@\"\n",
        it.folder.join("calls").display(),
        env!("CARGO")
    );
    it.write("bin/cargo", &cargo);
    fs::set_permissions(
        it.folder.join("bin/cargo"),
        fs::Permissions::from_mode(0o755),
    )?;
    symlink(project.kernel(), it.folder.join("bin").join(STAND_IN))?;

    it.set_cell("mine::ONE");
    it.assert_built(&it.build(&[]), 1);
    it.set_cell("mine::ONE + 1");
    it.assert_built(&it.build(&[]), 1);

    it.set_cell("mine::TWO");
    let refused = it.build(&[]);
    assert!(!refused.status.success());
    let messages = String::from_utf8(refused.stderr)?;
    let message: serde_json::Value = serde_json::from_str(messages.lines().next().unwrap())?;
    assert_eq!(message["code"]["code"], "E0425", "{messages}");
    assert_eq!(it.cargos(), 1);

    // The cell stays as it was, and its dependency is another.
    it.write("mine/src/lib.rs", "pub const TWO: u8 = 2;");
    it.assert_built(&it.build(&[]), 2);
    it.set_cell("mine::TWO + 1");
    it.assert_built(&it.build(&[]), 2);

    it.write("cell/Cargo.toml", &format!("{manifest}# changed\n"));
    it.assert_built(&it.build(&[]), 3);
    it.set_cell("env!(\"LETTER\").as_bytes()[0]");
    it.assert_built(&it.build(&[("LETTER", "a")]), 4);
    it.set_cell("env!(\"LETTER\").as_bytes()[0] + mine::TWO");
    it.assert_built(&it.build(&[("LETTER", "a")]), 4);
    // A cell takes the library in place of evcxr's module.
    let cell = "#[unsafe(no_mangle)] pub fn f() {}\nmod evcxr_internal_runtime {\nmod not_there;\n}\n\
                pub fn g() { evcxr_internal_runtime::create_variable_store(); }";
    it.write("cell/src/lib.rs", cell);
    assert!(!it.build(&[("LETTER", "a")]).status.success());
    variables::build(&it.folder.join("cell/target"))?;
    it.assert_built(&it.build(&[("LETTER", "a")]), 4);
    // Whoever has the compiler wrapped gets cargo.
    it.set_cell("mine::TWO");
    let wrapped = it.build(&[("LETTER", "a"), ("RUSTC_WRAPPER", "/usr/bin/env")]);
    assert!(wrapped.status.success());
    assert_eq!(it.cargos(), 5);

    assert!(it.validate().status.success());
    assert_eq!(it.cargos(), 6);
    assert!(it.validate().status.success());
    assert_eq!(it.cargos(), 6);
    it.write("cell/Cargo.toml", &manifest.replace("../mine", "../yours"));
    for cargos in [7, 8] {
        let refused = it.validate();
        assert!(!refused.status.success());
        let why = String::from_utf8(refused.stderr)?;
        assert!(why.contains("yours"), "{why}");
        assert_eq!(it.cargos(), cargos);
    }
    Ok(())
}
