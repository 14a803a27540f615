//! The notebooks' Jupyter kernel: evcxr's, pinned by this workspace's `Cargo.lock`, at a
//! workbench of this project.

use std::env;
use std::path::Path;

use anyhow::{Context, Result};
use mutinfo_lab::engine::cells::{self, FLUSH_VARIABLE};
use mutinfo_lab::engine::owner::{Kernel, OWNER_VARIABLE};
use mutinfo_lab::project::Project;
use mutinfo_lab::workbench::Workbench;
use mutinfo_lab::{lifeline, recompile};

fn main() -> Result<()> {
    recompile::take_over()?;
    // evcxr starts this same program again to run the cells and to wrap the compiler: only
    // the process that Jupyter starts takes a workbench.
    let _workbench = match env::args().collect::<Vec<_>>().as_slice() {
        [_, option, connection] if option == "--control_file" => Some(take_workbench(connection)?),
        _ => None,
    };
    if env::var_os("EVCXR_IS_RUNTIME").is_some() {
        serve_front()?;
    }
    evcxr_jupyter::main()
}

fn take_workbench(connection: &str) -> Result<Workbench> {
    let project = Project::around(&env::current_exe()?)
        .context("The kernel is no longer in its project. Run `cargo lab setup` there.")?;
    let kernel = Kernel::listen(Path::new(connection))?;
    let workbench = Workbench::take(&project)?;
    for (name, value) in workbench.environment()? {
        set_variable(name, value);
    }
    // evcxr replaces any kernelspec of its own name that it finds: here it finds none.
    set_variable("JUPYTER_PATH", project.lab().join("no-kernelspecs"));
    if let Some(kernel) = kernel {
        set_variable(OWNER_VARIABLE, kernel.address()?);
        kernel.serve(workbench.cells());
    }
    lifeline::hold();
    Ok(workbench)
}

fn serve_front() -> Result<()> {
    let flushing = cells::flushing()?;
    set_variable(FLUSH_VARIABLE, &flushing.path);
    cells::serve(flushing)
}

#[expect(
    unsafe_code,
    reason = "evcxr takes its folders from the environment alone"
)]
fn set_variable(name: &str, value: impl AsRef<std::ffi::OsStr>) {
    // SAFETY: called from `main` before any other thread is started that reads them.
    unsafe { env::set_var(name, value) };
}
