//! HTTP as no client writes it: bytes on a socket.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use outlay_testkit::{Answer, Stack};

const PATIENCE: Duration = Duration::from_secs(40);

/// A connection on which these bytes were sent.
pub(crate) fn sent(stack: &Stack, bytes: &[u8]) -> TcpStream {
    let address = stack.api_url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    connection.write_all(bytes).unwrap();
    connection
}

/// The head of a request; the connection is closed after its answer.
pub(crate) fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let lines = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    format!("{method} {path} HTTP/1.1\r\nhost: outlay\r\nconnection: close\r\n{lines}\r\n")
}

/// What comes back for these bytes.
pub(crate) fn ask(stack: &Stack, bytes: &[u8]) -> Answer {
    let mut connection = sent(stack, bytes);
    let mut raw = Vec::new();
    connection.read_to_end(&mut raw).unwrap();
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&raw)));
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.unwrap().parse().unwrap(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: raw[end + 4..].to_vec(),
    }
}
