//! An issuer for tests: its endpoint can be made to do whatever an endpoint does on a bad day.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeySize, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What the endpoint does with a request.
#[derive(Clone)]
pub(super) enum Mood {
    /// Answers this document.
    Keys(Value),
    /// Closes the connection.
    Down,
    /// Sends a byte now and then.
    Slow,
    /// Sends megabytes, without saying how many.
    Huge,
    /// Answers with this status and headers, and an empty body.
    Status(&'static str),
    /// Answers 200 and this text.
    Text(&'static str),
}

/// The endpoint of an issuer's keys.
pub(super) struct Endpoint {
    pub(super) uri: String,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<AtomicUsize>,
}

impl Endpoint {
    pub(super) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/keys", listener.local_addr().unwrap());
        let (mood, asked) = (Arc::new(Mutex::new(mood)), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(serve(listener, mood.clone(), asked.clone()));
        Self { uri, mood, asked }
    }

    pub(super) fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn serve(listener: TcpListener, mood: Arc<Mutex<Mood>>, asked: Arc<AtomicUsize>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let (mood, asked) = (mood.clone(), asked.clone());
        tokio::spawn(async move {
            let mut request = [0; 4096];
            if stream.read(&mut request).await.unwrap_or(0) > 0 {
                asked.fetch_add(1, Ordering::SeqCst);
                let mood = mood.lock().unwrap().clone();
                answer(&mut stream, mood).await;
            }
        });
    }
}

/// Whether the other side is still there is not our concern.
async fn answer(stream: &mut TcpStream, mood: Mood) {
    let whole = |status: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
    };
    match mood {
        Mood::Keys(keys) => {
            let _ = stream
                .write_all(whole("200 OK", &keys.to_string()).as_bytes())
                .await;
        }
        Mood::Text(text) => {
            let _ = stream.write_all(whole("200 OK", text).as_bytes()).await;
        }
        Mood::Status(status) => {
            let _ = stream.write_all(whole(status, "").as_bytes()).await;
        }
        Mood::Down => {}
        Mood::Slow => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
                .await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Mood::Huge => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"keys\":[")
                .await;
            let spaces = vec![b' '; 1 << 20];
            while stream.write_all(&spaces).await.is_ok() {}
        }
    }
}

/// A signing key of an issuer.
pub(super) enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

impl Pair {
    pub(super) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    pub(super) fn ec() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self::Ec(Box::new(pair.unwrap()))
    }

    /// As a key set shows it.
    pub(super) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
                json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
                    "n": BASE64URL.encode(public.n), "e": BASE64URL.encode(public.e) })
            }
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "kid": kid,
                    "x": BASE64URL.encode(&point[1..33]), "y": BASE64URL.encode(&point[33..]) })
            }
        }
    }

    /// The public key as a certificate would hold it: what an HMAC is forged with.
    pub(super) fn public_der(&self) -> Vec<u8> {
        let Self::Rsa(pair) = self else {
            panic!("for RSA only")
        };
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    }

    /// A token of this header and these claims.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let signature = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
                    .unwrap();
                signature
            }
            Self::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
                signature.as_ref().to_vec()
            }
        };
        format!("{text}.{}", BASE64URL.encode(signature))
    }
}

pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}
