//! `cargo lab`: sets up what the lecture needs, and opens it.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use mutinfo_lab::project::Project;
use mutinfo_lab::{doctor, front, grade, jupyter, lifeline, make, restore, run, setup, spare};

/// Sets up what the lecture needs, once, and opens it in JupyterLab.
#[derive(Parser)]
#[command(bin_name = "cargo lab")]
struct Arguments {
    /// Print the address instead of opening the browser.
    #[arg(long)]
    no_browser: bool,
    /// The port to listen on [default: the first free one from 8888 on].
    #[arg(long)]
    port: Option<u16>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Set everything up without opening anything.
    Setup {
        /// End with this process, which shows the notebooks meanwhile.
        #[arg(long, hide = true)]
        for_editor: Option<u32>,
    },
    /// Execute notebooks without a browser, and show what each cell does.
    Run {
        /// The notebooks; all, if none is named.
        notebooks: Vec<PathBuf>,
    },
    /// Say what is there, what is missing, and the mend.
    Doctor,
    /// Give notebooks back as they were delivered, and keep yours under another name.
    Restore {
        /// Their paths, names or numbers.
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// What Jupyter starts as the kernel.
    #[command(hide = true)]
    Front {
        /// Jupyter's connection file.
        connection: PathBuf,
    },
    /// For authors: execute the sources in notebooks/source and write the notebooks.
    Make {
        /// Only compare the notebooks with a fresh run.
        #[arg(long)]
        check: bool,
        /// The notebooks' names or numbers; all, if none is named.
        names: Vec<String>,
    },
    /// For teachers: run the exercises that students handed in, and say who solved what.
    ///
    /// It executes what the students wrote, with your rights on this machine.
    Grade {
        /// The folder of their notebooks; the table is written there too, as grades.csv.
        folder: PathBuf,
        /// How many seconds a cell may take.
        #[arg(long, default_value_t = 30)]
        limit: u64,
    },
}

fn main() -> ExitCode {
    match obey(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(arguments: Arguments) -> Result<ExitCode> {
    let project = match &arguments.task {
        // Jupyter starts it in the notebook's folder, wherever that is.
        Some(Task::Front { .. }) => Project::around(&std::env::current_exe()?)
            .context("This program is no longer in its project. Run `cargo lab setup` there.")?,
        _ => Project::find()?,
    };
    match arguments.task {
        None => {
            setup::until_notebooks_can_be_read(&project)?;
            jupyter::open(&project, arguments.port, !arguments.no_browser)?;
        }
        Some(Task::Setup {
            for_editor: Some(editor),
        }) => {
            setup::end_with(editor);
            setup::everything(&project)?;
            // It gets warm while the browser opens.
            spare::keep_one(&project, editor)?;
        }
        Some(Task::Setup { for_editor: None }) => {
            setup::everything(&project)?;
            println!("Everything is ready. `cargo lab` opens the lecture.");
        }
        Some(Task::Run { notebooks }) => {
            setup::kernel(&project)?;
            run::run(&project, &notebooks)?;
        }
        Some(Task::Doctor) => {
            if !doctor::examine(&project) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Some(Task::Restore { names }) => restore::restore(&project, &names)?,
        Some(Task::Front { connection }) => {
            lifeline::hold();
            front::serve(&project, &connection)?;
        }
        Some(Task::Make { check, names }) => {
            setup::kernel(&project)?;
            make::make(&project, &names, check)?;
        }
        Some(Task::Grade { folder, limit }) => {
            setup::kernel(&project)?;
            grade::grade(&project, &folder, Duration::from_secs(limit))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
