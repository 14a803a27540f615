//! Ends a kernel when the program that started it is gone, however that ended: the kernel
//! would hold its workbench for ever.

use std::io::{self, Read};
use std::{env, process, thread};

/// Set for a kernel whose stdin is held open by the program that started it. Jupyter ends
/// its kernels itself, and closes their stdin.
pub const LIFELINE_VARIABLE: &str = "MUTINFO_LIFELINE";

/// From now on, this process ends when its stdin does, if it was asked to.
pub fn hold() {
    if env::var_os(LIFELINE_VARIABLE).is_some() {
        thread::spawn(|| {
            // Nothing is ever written there: this returns at the end, or with an error.
            let _ = io::stdin().read(&mut [0]);
            process::exit(1);
        });
    }
}
