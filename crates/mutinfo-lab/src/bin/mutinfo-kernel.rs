//! The notebooks' Jupyter kernel: evcxr's, pinned by this workspace's `Cargo.lock`, at a
//! workbench of this project.

use std::env;

use anyhow::{Context, Result};
use mutinfo_lab::project::Project;
use mutinfo_lab::workbench::Workbench;
use mutinfo_lab::{lifeline, recompile};

fn main() -> Result<()> {
    recompile::take_over()?;
    // evcxr starts this same program again to run the cells and to wrap the compiler: only
    // the process that Jupyter starts takes a workbench.
    let is_kernel = env::args().nth(1).as_deref() == Some("--control_file");
    let _workbench = is_kernel.then(take_workbench).transpose()?;
    evcxr_jupyter::main()
}

fn take_workbench() -> Result<Workbench> {
    let project = Project::around(&env::current_exe()?)
        .context("The kernel is no longer in its project. Run `cargo lab setup` there.")?;
    let workbench = Workbench::take(&project)?;
    for (name, value) in workbench.environment()? {
        set_variable(name, value);
    }
    lifeline::hold();
    Ok(workbench)
}

#[expect(
    unsafe_code,
    reason = "evcxr takes its folders from the environment alone"
)]
fn set_variable(name: &str, value: impl AsRef<std::ffi::OsStr>) {
    // SAFETY: called from `main` before any other thread is started.
    unsafe { env::set_var(name, value) };
}
