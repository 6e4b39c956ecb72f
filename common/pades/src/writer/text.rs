//! Names, strings and dates as PDF source.

/// A name with its slash; anything but regular characters escaped (7.3.5).
pub fn name(decoded: &[u8]) -> Vec<u8> {
    let mut source = vec![b'/'];
    for byte in decoded {
        if byte.is_ascii_graphic() && *byte != b'#' && !crate::reader::syntax::is_delimiter(*byte) {
            source.push(*byte);
        } else {
            source.extend_from_slice(format!("#{byte:02x}").as_bytes());
        }
    }
    source
}

/// A text string: ASCII as a literal string, anything else as UTF-16BE in hexadecimal (7.9.2.2).
pub fn string(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        let mut source = vec![b'('];
        for byte in text.bytes() {
            if matches!(byte, b'(' | b')' | b'\\') {
                source.push(b'\\');
            }
            source.push(byte);
        }
        source.push(b')');
        return source;
    }
    utf16(text).into_bytes()
}

/// A text string in UTF-16BE, hexadecimal.
pub fn utf16(text: &str) -> String {
    let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{units}>")
}

/// `D:YYYYMMDDHHmmSSZ` of unix seconds (7.9.4).
pub fn date(unix_seconds: i64) -> String {
    let seconds = u64::try_from(unix_seconds).unwrap_or(0);
    let at = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds));
    let at = at.unwrap_or(der::DateTime::INFINITY);
    format!("D:{:04}{:02}{:02}{:02}{:02}{:02}Z", at.year(), at.month(), at.day(), at.hour(), at.minutes(), at.seconds())
}

/// A number of points, to a thousandth, without exponent.
pub fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
