//! How Jupyter starts the kernel: the kernelspec, in the project's Python environment,
//! where JupyterLab and VS Code look first.

use std::path::PathBuf;

use anyhow::Result;
use jupyter_protocol::JupyterKernelspec;
use serde_json::{Value, json};

use crate::files;
use crate::project::Project;

/// The kernel's name in the notebooks' metadata. It is the name of evcxr's own kernel, so
/// that the notebooks open under that one too, where it is what a reader has.
pub const KERNEL_NAME: &str = "rust";

/// What JupyterLab shows.
pub const DISPLAY_NAME: &str = "Rust (mutinfo)";

/// The kernelspec of this project's kernel.
pub fn kernelspec(project: &Project) -> Result<JupyterKernelspec> {
    Ok(serde_json::from_value(json(project))?)
}

fn json(project: &Project) -> Value {
    json!({
        "argv": [project.kernel(), "--control_file", "{connection_file}"],
        "display_name": DISPLAY_NAME,
        "language": "rust",
        "interrupt_mode": "message",
    })
}

/// Where Jupyter finds it.
pub fn file(project: &Project) -> PathBuf {
    let kernels = project.python_environment().join("share/jupyter/kernels");
    kernels.join(KERNEL_NAME).join("kernel.json")
}

/// The kernelspec, as the file holds it.
pub fn text(project: &Project) -> Result<String> {
    Ok(serde_json::to_string_pretty(&json(project))? + "\n")
}

/// Writes the kernelspec, where what is there is not the same already.
pub fn install(project: &Project) -> Result<()> {
    files::write_if_changed(&file(project), &text(project)?)
}
