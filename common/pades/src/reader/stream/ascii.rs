//! The filters that write bytes as ASCII (ISO 32000-2, 7.4.2 and 7.4.3).

use crate::reader::syntax::is_space;

/// ASCII85Decode, up to `~>`.
pub fn decode_85(data: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = Vec::with_capacity(5);
    for byte in data.iter().copied().filter(|byte| !is_space(*byte)) {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => decoded.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    decoded.extend(number(&group)?.to_be_bytes());
                    group.clear();
                }
            }
            _ => return None,
        }
    }
    match group.len() {
        0 => {}
        1 => return None,
        length => {
            group.resize(5, 84);
            decoded.extend(number(&group)?.to_be_bytes().into_iter().take(length - 1));
        }
    }
    Some(decoded)
}

fn number(group: &[u8]) -> Option<u32> {
    group.iter().try_fold(0u32, |number, digit| number.checked_mul(85)?.checked_add(u32::from(*digit)))
}

/// ASCIIHexDecode, up to `>`.
pub fn decode_hex(data: &[u8]) -> Option<Vec<u8>> {
    let digits = data.iter().copied().take_while(|byte| *byte != b'>').filter(|byte| !is_space(*byte));
    let digits: Vec<u8> =
        digits.map(|byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_ascii() {
        assert_eq!(decode_85(b"87cUR D]i,\"Ebo80~>").unwrap(), b"Hello World!");
        assert_eq!(decode_85(b"z5sb~>").unwrap(), [0, 0, 0, 0, b'A', b'B']);
        assert_eq!(decode_85(b"5~>"), None);
        assert_eq!(decode_85(b"uuuuu~>"), None);
        assert_eq!(decode_hex(b"48 65 6C6c 7>").unwrap(), b"Hellp");
    }
}
