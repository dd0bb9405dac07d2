//! Addresses as Envoy writes them: `10.244.0.9:57287`, `[fd00::9]:57287`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// An address with its port.
pub(super) fn socket(text: &[u8]) -> Option<SocketAddr> {
    if text.first() == Some(&b'[') {
        return std::str::from_utf8(text).ok()?.parse().ok();
    }
    let colon = memchr::memrchr(b':', text)?;
    let (ip, port) = text.split_at_checked(colon)?;
    let port = number(port.get(1..)?, 65_535)?;
    let mut octets = [0_u8; 4];
    let mut parts = ip.split(|byte| *byte == b'.');
    for octet in &mut octets {
        *octet = u8::try_from(number(parts.next()?, 255)?).ok()?;
    }
    if parts.next().is_some() {
        return None;
    }
    let ip = IpAddr::V4(Ipv4Addr::from(octets));
    Some(SocketAddr::new(ip, u16::try_from(port).ok()?))
}

/// A decimal number of one to five digits.
fn number(text: &[u8], most: u32) -> Option<u32> {
    if text.is_empty() || text.len() > 5 {
        return None;
    }
    let mut value = 0_u32;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    (value <= most).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_ports() {
        for text in ["10.244.0.9:57287", "0.0.0.0:0", "255.255.255.255:65535"] {
            assert_eq!(socket(text.as_bytes()), text.parse().ok(), "{text}");
        }
        assert_eq!(socket(b"[fd00::9]:80"), "[fd00::9]:80".parse().ok());
        for text in [
            "-",
            "",
            "10.0.0.1",
            "10.0.0:80",
            "10.0.0.256:80",
            "10.0.0.1.2:80",
            "1.1.1.1:65536",
            ":80",
            "1.1.1.1:",
            "/tmp/sock",
            "1.1.1.1:8x",
            "[::1]",
        ] {
            assert_eq!(socket(text.as_bytes()), None, "{text}");
        }
    }
}
