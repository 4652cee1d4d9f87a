//! The file of evidence: magic, format version, then JSON packed with zstd.

use std::io::Read;

use super::Evidence;

const MAGIC: &[u8; 6] = b"outevi";
const FORMAT: u16 = 1;
const LEVEL: i32 = 3;
/// What a file may unpack to: all families at their cap take less.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;

/// Why evidence cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not readable evidence: {0}")]
pub struct EvidenceError(&'static str);

impl Evidence {
    /// The bytes of its file: the same for equal evidence.
    pub fn encode(&self) -> Result<Vec<u8>, EvidenceError> {
        let mut packed = MAGIC.to_vec();
        packed.extend(FORMAT.to_le_bytes());
        let mut body = zstd::Encoder::new(packed, LEVEL).map_err(|_| UNPACKABLE)?;
        serde_json::to_writer(&mut body, self).map_err(|_| UNPACKABLE)?;
        body.finish().map_err(|_| UNPACKABLE)
    }

    /// Reads its file. Anything else is refused, and so is more than the caps allow.
    pub fn decode(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let body = bytes
            .strip_prefix(MAGIC)
            .ok_or(EvidenceError("not an evidence file"))?;
        let body = body
            .strip_prefix(&FORMAT.to_le_bytes())
            .ok_or(EvidenceError("unknown format version"))?;
        let unpacked = zstd::Decoder::with_buffer(body).map_err(|_| EvidenceError("not zstd"))?;
        let reader = std::io::BufReader::new(unpacked.take(MAX_UNPACKED));
        let evidence: Self = serde_json::from_reader(reader).map_err(|_| DAMAGED)?;
        if evidence.is_within_caps() {
            Ok(evidence)
        } else {
            Err(EvidenceError("beyond its caps"))
        }
    }
}

const DAMAGED: EvidenceError = EvidenceError("cut short or corrupt");
const UNPACKABLE: EvidenceError = EvidenceError("cannot compress");
