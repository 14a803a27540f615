//! Each notebook that students open is what its source gives, cell by cell, in the real
//! kernel, started as Jupyter starts it.

use anyhow::Result;
use libtest_mimic::{Arguments, Trial, run};
use mutinfo_lab::project::Project;
use mutinfo_lab::{make, setup};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let project = Project::find()?;
    let pairs = make::pairs(&project)?;
    if !arguments.list {
        setup::kernel(&project)?;
    }
    let trials = pairs
        .into_iter()
        .map(|pair| {
            let project = project.clone();
            Trial::test(pair.name(), move || {
                pair.check(&project)
                    .map_err(|error| format!("{error:#}").into())
            })
        })
        .collect();
    run(&arguments, trials).exit()
}
