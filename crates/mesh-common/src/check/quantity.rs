//! CPU and memory as Kubernetes writes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// CPU in millicores: `500m`, `2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cpu(pub u64);

/// Memory in bytes: `2Gi`, `512Mi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory(pub u64);

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1_000) {
            write!(f, "{}", self.0 / 1_000)
        } else {
            write!(f, "{}m", self.0)
        }
    }
}

impl fmt::Display for Memory {
    /// The largest binary unit that divides it; else, from a mebibyte on, mebibytes rounded down.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [
            (1 << 40, "Ti"),
            (1 << 30, "Gi"),
            (1 << 20, "Mi"),
            (1 << 10, "Ki"),
        ];
        let exact = UNITS
            .iter()
            .find(|(size, _)| self.0 >= *size && self.0.is_multiple_of(*size));
        match exact {
            Some((size, unit)) if *unit != "Ki" || self.0 < 1 << 20 => {
                write!(f, "{}{unit}", self.0 / size)
            }
            _ if self.0 >= 1 << 20 => write!(f, "{}Mi", self.0 >> 20),
            _ => write!(f, "{}", self.0),
        }
    }
}

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAQuantity;

impl fmt::Display for NotAQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a quantity: 500m, 2, 512Mi and 2Gi are")
    }
}

impl std::error::Error for NotAQuantity {}

impl FromStr for Cpu {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        milli(text)
            .and_then(|m| u64::try_from(m).ok())
            .map(Self)
            .ok_or(NotAQuantity)
    }
}

impl FromStr for Memory {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        let bytes = milli(text).map(|m| m.div_ceil(1_000));
        bytes
            .and_then(|b| u64::try_from(b).ok())
            .map(Self)
            .ok_or(NotAQuantity)
    }
}

/// A quantity in thousandths (`apimachinery/pkg/api/resource/suffix.go`; exponents left out).
fn milli(text: &str) -> Option<u128> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let scale: u128 = match suffix {
        "m" => 1,
        "" => 1_000,
        "k" => 1_000_000,
        "M" => 1_000_000_000,
        "G" => 1_000_000_000_000,
        "T" => 1_000_000_000_000_000,
        "Ki" => 1_000 << 10,
        "Mi" => 1_000 << 20,
        "Gi" => 1_000 << 30,
        "Ti" => 1_000 << 40,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() > 15 || fraction.len() > 9 || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
    let places = 10u128.pow(u32::try_from(fraction.len()).ok()?);
    Some((digits * scale).div_ceil(places))
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(|e| D::Error::custom(format!("{text:?} is {e}")))
            }
        }
    )*};
}
as_text!(Cpu, Memory);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_and_write() {
        for (text, want) in [
            ("500m", "500m"),
            ("2", "2"),
            ("0.5", "500m"),
            ("1.25", "1250m"),
            ("2000m", "2"),
        ] {
            assert_eq!(text.parse::<Cpu>().unwrap().to_string(), want, "{text}");
        }
        for (text, want) in [
            ("2Gi", "2Gi"),
            ("2048Mi", "2Gi"),
            ("512Mi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("1G", "953Mi"),
            ("64Ki", "64Ki"),
            ("100", "100"),
            ("1000m", "1"),
            ("0", "0"),
        ] {
            assert_eq!(text.parse::<Memory>().unwrap().to_string(), want, "{text}");
        }
        for text in [
            "",
            "m",
            "-1",
            "1e3",
            "2gi",
            "two",
            "1.2.3",
            ".",
            "9999999999999999999",
        ] {
            assert_eq!(text.parse::<Memory>(), Err(NotAQuantity), "{text}");
        }
    }
}
