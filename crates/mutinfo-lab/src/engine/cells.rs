//! The cells' process: from the moment a front takes the kernel, what cells print goes to the
//! front, which passes on to evcxr what is for evcxr.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, PipeWriter, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::{env, process, thread};

use anyhow::{Context, Result};
use rustix::stdio::{dup2_stderr, dup2_stdout};

use super::FLUSH;
use super::owner::{OWNER_VARIABLE, first_line};

/// Tells the prelude where to wait for wishes to flush: only code that is loaded like a cell
/// can, as this program has a standard library, and with it a buffer, of its own.
pub const FLUSH_VARIABLE: &str = "MUTINFO_FLUSH";

/// What this process needs for as long as it lives.
pub struct Flushing {
    wishes: PipeWriter,
    /// The value of [`FLUSH_VARIABLE`].
    pub path: OsString,
}

/// A way for this process to ask the prelude's thread to flush.
pub fn flushing() -> Result<Flushing> {
    let (reader, wishes) = io::pipe()?;
    let path = OsString::from(format!("/dev/fd/{}", reader.as_raw_fd()));
    // It stays open for the prelude to open again.
    std::mem::forget(reader);
    Ok(Flushing { wishes, path })
}

/// Asks the kernel which front it works for, and serves that one, now or as soon as there is
/// one. From now on this process ends when the kernel does.
pub fn serve(flushing: Flushing) -> Result<()> {
    let Ok(address) = env::var(OWNER_VARIABLE) else {
        return Ok(());
    };
    let (port, key) = address
        .split_once(' ')
        .context("an address has two parts")?;
    let mut kernel = TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse()?))?;
    writeln!(kernel, "cells {key} {}", process::id())?;
    let key = key.to_owned();
    let front = first_line(&mut kernel)?;
    if front.is_empty() {
        thread::spawn(move || {
            if let Ok(front) = first_line(&mut kernel)
                && !front.is_empty()
                && turn_to(&front, &key, flushing.wishes).is_ok()
            {
                end_with(kernel);
            }
            process::exit(1);
        });
    } else {
        turn_to(&front, &key, flushing.wishes)?;
        thread::spawn(move || end_with(kernel));
    }
    Ok(())
}

/// Returns when the other side is gone, and with it all reason to go on.
fn end_with(mut kernel: TcpStream) -> ! {
    let _ = kernel.read(&mut [0]);
    process::exit(1)
}

/// Works in the front's folder, prints to the front, and passes on what it sends.
fn turn_to(front: &str, key: &str, mut wishes: PipeWriter) -> Result<()> {
    let (port, folder) = front.split_once(' ').context("a port and a folder")?;
    let port: u16 = port.parse()?;
    env::set_current_dir(folder)?;
    let stream = |name: &str| -> Result<TcpStream> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        writeln!(stream, "{name} {key}")?;
        Ok(stream)
    };
    let (out, err) = (stream("out")?, stream("err")?);
    let mut evcxr = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    dup2_stdout(&out)?;
    dup2_stderr(&err)?;
    thread::spawn(move || {
        let lines = BufReader::new(out).lines();
        for line in lines.map_while(io::Result::ok) {
            let passed_on = if line == FLUSH {
                wishes.write_all(&[0])
            } else {
                writeln!(evcxr, "{line}")
            };
            if passed_on.is_err() {
                break;
            }
        }
        process::exit(1);
    });
    Ok(())
}
