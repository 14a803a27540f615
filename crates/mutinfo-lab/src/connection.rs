//! Connection files: the ports at which a kernel listens, and the key of its messages.

use std::array;
use std::io;
use std::net::{Ipv4Addr, TcpListener};

use jupyter_protocol::{ConnectionInfo, Transport};
use uuid::Uuid;

use crate::kernelspec::KERNEL_NAME;

/// Ports of this machine that nobody has, nor gets while the listeners are kept.
pub fn free_ports<const N: usize>() -> io::Result<([u16; N], Vec<TcpListener>)> {
    let listeners = (0..N)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<io::Result<Vec<_>>>()?;
    let ports = listeners
        .iter()
        .map(|listener| Ok(listener.local_addr()?.port()))
        .collect::<io::Result<Vec<_>>>()?;
    Ok((array::from_fn(|i| ports[i]), listeners))
}

/// What a connection file says of a kernel with these five sockets and a new key.
pub fn connection([shell, iopub, stdin, control, heartbeat]: [u16; 5]) -> ConnectionInfo {
    ConnectionInfo {
        ip: Ipv4Addr::LOCALHOST.to_string(),
        transport: Transport::TCP,
        shell_port: shell,
        iopub_port: iopub,
        stdin_port: stdin,
        control_port: control,
        hb_port: heartbeat,
        key: Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".to_owned(),
        kernel_name: Some(KERNEL_NAME.to_owned()),
    }
}
