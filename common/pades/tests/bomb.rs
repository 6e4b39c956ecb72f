//! A few kilobytes that stand for very many are refused in little memory. Alone in its process, so that memory can be
//! measured.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

const ENOUGH: usize = 16 << 20;

fn deflate(write: impl FnOnce(&mut ZlibEncoder<Vec<u8>>)) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    write(&mut encoder);
    encoder.finish().unwrap()
}

fn xref_stream(filters: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("1 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Length {}/Filter[{filters}]>>\nstream\n", data.len());
    [b"%PDF-1.7\n", head.as_bytes(), data, b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"].concat()
}

fn code(pdf: &[u8]) -> &'static str {
    pades::inspect(pdf).unwrap_err().code()
}

/// The most memory that this process has had.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB");
    Some(1_024 * kilobytes.parse::<usize>().ok()?)
}

#[test]
fn a_bomb_within_a_bomb_is_refused_in_little_memory() {
    let block = vec![0; 1 << 20];
    let inner = deflate(|encoder| (0..128).for_each(|_| encoder.write_all(&block).unwrap()));
    let data = deflate(|encoder| encoder.write_all(&inner).unwrap());
    let bomb = xref_stream("/FlateDecode/FlateDecode", &data);
    assert!(bomb.len() < 4 << 10, "{} bytes stand for 128 megabytes", bomb.len());
    let before = peak();
    assert_eq!(code(&bomb), "limit_inflated");
    assert_eq!(code(&xref_stream(&"/FlateDecode".repeat(50), &data)), "xref_damaged");
    if let (Some(before), Some(after)) = (before, peak()) {
        assert!(after - before < ENOUGH, "{} bytes more", after - before);
    }
}
