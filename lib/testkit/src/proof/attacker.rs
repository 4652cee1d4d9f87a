//! An attacker's key server: whoever follows what a token says of its key is seen.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::Result;

/// Listens, answers with the attacker's key, and counts who asks.
#[derive(Debug)]
pub struct Attacker {
    /// Where it listens.
    pub url: String,
    asked: Arc<AtomicUsize>,
}

impl Attacker {
    /// One that shows this set of keys, as long as the process lives.
    pub fn listen(jwks: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                // Whoever hangs up first has asked all the same.
                let _ = answer(connection, &jwks);
            }
        });
        Ok(Self { url, asked })
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(mut connection: TcpStream, jwks: &str) -> std::io::Result<()> {
    connection.set_read_timeout(Some(Duration::from_secs(1)))?;
    let _ = connection.read(&mut [0; 4096])?;
    let length = jwks.len();
    write!(
        connection,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{jwks}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_is_counted_and_answered() {
        let attacker = Attacker::listen("{\"keys\":[]}".to_owned()).unwrap();
        assert_eq!(attacker.asked(), 0);
        let address = attacker.url.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let mut text = String::new();
        connection.read_to_string(&mut text).unwrap();
        assert!(text.ends_with("{\"keys\":[]}"), "{text}");
        assert_eq!(attacker.asked(), 1);
    }
}
