//! JupyterLab on the lecture.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::kernelspec::KERNEL_NAME;
use crate::project::Project;
use crate::{files, python};

/// How JupyterLab's page looks, where that is not as it comes.
const CUSTOM_CSS: &str = include_str!("jupyter/custom.css");

/// The notebook that JupyterLab opens.
const FIRST_NOTEBOOK: &str = "notebooks/01-mutual-information.ipynb";

/// Becomes JupyterLab: on this machine only, with its token on, and with its settings and
/// notes in the project's folder; on `port`, else the first free one from 8888 on. Comes back
/// only with an error.
pub fn open(project: &Project, port: Option<u16>, browser: bool) -> Result<()> {
    let home = project.lab().join("jupyter");
    let config = home.join("config");
    files::write_if_changed(&config.join("custom/custom.css"), CUSTOM_CSS)?;
    // Jupyter looks there first, and the user may have another kernel of the same name there.
    let own = project.python_environment().join("share/jupyter");
    let path = env::var_os("JUPYTER_PATH");
    let others = path.iter().flat_map(env::split_paths);
    let path = env::join_paths([own].into_iter().chain(others))?;
    let mut server = Command::new(python::interpreter(project));
    server
        .args(["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"])
        .arg(format!("--ServerApp.root_dir={}", project.root().display()))
        .arg(format!("--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}"))
        .arg(format!(
            "--ServerApp.open_browser={}",
            if browser { "True" } else { "False" }
        ))
        .arg("--LabApp.custom_css=True")
        // Its address is shown in any case; its warnings mean nothing to a student.
        .arg("--Application.log_level=ERROR")
        // Containers have no other user; only this machine can reach it, with the token.
        .arg("--ServerApp.allow_root=True")
        // Ctrl-C stops it, and the kernels, without a question.
        .arg("--ServerApp.answer_yes=True")
        // A kernel on a busy machine gets more than a minute to start.
        .arg("--MappingKernelManager.kernel_info_timeout=300")
        // A kernel that dies is noticed, and replaced, within a second.
        .arg("--KernelRestarter.time_to_dead=1")
        // New notebooks offer the kernel of this project.
        .arg(format!(
            "--MultiKernelManager.default_kernel_name={KERNEL_NAME}"
        ))
        .env("JUPYTER_PATH", path)
        .env("JUPYTER_CONFIG_DIR", config)
        .env("JUPYTER_DATA_DIR", home.join("data"))
        .env("JUPYTER_RUNTIME_DIR", home.join("runtime"))
        .env("IPYTHONDIR", home.join("ipython"))
        .current_dir(project.root());
    if let Some(port) = port {
        server
            .arg(format!("--ServerApp.port={port}"))
            .arg("--ServerApp.port_retries=0");
    }
    eprintln!("Starting JupyterLab. Ctrl-C stops it.");
    Err(server.exec()).context("JupyterLab cannot be started. Run `cargo lab doctor`.")
}
