//! Whether the file is the one that was made: by a digest from elsewhere. What is inside it can vouch for its parts only.

use std::path::Path;

use mesh_common::{Error, Kind, Result, journal::local::Notes, output::clean};

use super::row::{DIGEST, Row, Status};

/// `sha256:HEX`, as it was typed.
pub(super) fn typed(text: &str) -> Result<String> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(hex.to_ascii_lowercase());
    }
    Err(
        Error::new(Kind::Usage, format!("{} is no digest", clean(text, 100)))
            .hint("--expect-digest sha256: and 64 hexadecimal digits, as create says them"),
    )
}

/// The digest that this machine's journal has for the file.
pub(super) fn noted(file: &Path) -> Option<String> {
    Notes::of_this_process().ok()?.digest_of(file)
}

/// Judges.
pub(super) fn judge(have: &str, typed: Option<&str>, noted: Option<&str>) -> Row {
    let (want, by) = match (typed, noted) {
        (Some(want), _) => (want, "--expect-digest"),
        (None, Some(want)) => (want, "the journal of this machine"),
        (None, None) => {
            return Row::new(
                DIGEST,
                Status::Unknown,
                format!("sha256:{have}, and nobody here knows which it had when it was made"),
            )
            .hint("add --expect-digest with the one that create printed");
        }
    };
    if want == have {
        Row::new(DIGEST, Status::Ok, format!("sha256:{have}, as {by} says"))
    } else {
        Row::new(
            DIGEST,
            Status::Failed,
            format!("sha256:{have}, and {by} says sha256:{want}: it is another file"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed() {
        let hex = "0dbd873383885271988ffcab6719bf8bb3f8defab93ea6e54d54c30dc9ebee86";
        assert_eq!(
            typed(&format!("sha256:{}", hex.to_uppercase())).unwrap(),
            hex
        );
        assert_eq!(typed(hex).unwrap(), hex);
        for wrong in [
            "",
            "sha256:",
            "sha1:00",
            &hex[1..],
            &format!("{}g", &hex[1..]),
        ] {
            assert_eq!(typed(wrong).unwrap_err().kind(), Kind::Usage, "{wrong}");
        }
    }

    #[test]
    fn what_was_typed_counts_before_the_journal() {
        let status = |typed, noted| judge("aa", typed, noted).status;
        assert_eq!(status(Some("aa"), Some("bb")), Status::Ok);
        assert_eq!(status(Some("bb"), Some("aa")), Status::Failed);
        assert_eq!(status(None, Some("aa")), Status::Ok);
        assert_eq!(status(None, Some("bb")), Status::Failed);
        assert_eq!(status(None, None), Status::Unknown);
    }
}
