//! Passing a gate for a reason, which the journal keeps.

use super::id;
use crate::{
    error::{Error, Kind, Result},
    output::clean,
};

/// Longest reason that is kept, in characters.
const REASON_MAX: usize = 400;
/// Longest id of a security fix, in characters.
const CVE_MAX: usize = 64;

/// `--waive GATE=REASON`, or a reason typed at a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Id of the gate.
    pub gate: &'static str,
    /// Why it is passed: one line.
    pub reason: String,
}

impl Waiver {
    /// Reads `GATE=REASON`.
    ///
    /// # Errors
    /// [`Kind::Usage`] for an unknown gate, which lists the ids, and for an empty reason.
    pub fn parse(text: &str) -> Result<Self> {
        let (gate, reason) = pair("--waive", "GATE", text)?;
        Self::new(gate, reason)
    }

    /// Passes the gate of this id for this reason.
    ///
    /// # Errors
    /// As [`Waiver::parse`].
    pub fn new(gate: &str, reason: &str) -> Result<Self> {
        let gate = gate.trim();
        let Some(gate) = id::all().find(|known| *known == gate) else {
            let message = format!("there is no gate {:?}", clean(gate, 40));
            let hint = format!("gates: {}", id::all().collect::<Vec<_>>().join(", "));
            return Err(Error::new(Kind::Usage, message).hint(hint));
        };
        let reason = reason_of(reason, &format!("--waive {gate}=REASON"))?;
        Ok(Self { gate, reason })
    }
}

/// `--cve ID=REASON`: a security fix, for which the canary bakes shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cve {
    /// `CVE-2026-26308`, or whatever names the fix.
    pub id: String,
    /// The trade-off, in one line.
    pub reason: String,
}

impl Cve {
    /// Reads `ID=REASON`.
    ///
    /// # Errors
    /// [`Kind::Usage`] when either is missing, or the id is not one word of letters, digits, `-`, `.` and `_`.
    pub fn parse(text: &str) -> Result<Self> {
        let (id, reason) = pair("--cve", "ID", text)?;
        let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if id.is_empty() || id.len() > CVE_MAX || !id.chars().all(is_id) {
            let message = format!("{:?} does not name a security fix", clean(id, CVE_MAX));
            return Err(Error::new(Kind::Usage, message).hint("--cve CVE-2026-26308=REASON"));
        }
        let reason = reason_of(reason, &format!("--cve {id}=REASON"))?;
        Ok(Self {
            id: id.to_owned(),
            reason,
        })
    }
}

fn pair<'a>(flag: &str, what: &str, text: &'a str) -> Result<(&'a str, &'a str)> {
    text.split_once('=')
        .map(|(name, reason)| (name.trim(), reason))
        .ok_or_else(|| {
            let message = format!("{flag} takes {what}=REASON, not {:?}", clean(text, 80));
            Error::new(Kind::Usage, message).hint(format!("{flag} {what}=REASON"))
        })
}

/// A reason as it is kept: one line, bounded, and saying something.
fn reason_of(text: &str, usage: &str) -> Result<String> {
    let reason = clean(text.trim(), REASON_MAX);
    if reason.chars().any(char::is_alphanumeric) {
        return Ok(reason);
    }
    Err(Error::new(Kind::Usage, "a reason is missing: the journal keeps it").hint(usage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waivers_name_a_gate_and_a_reason() {
        let cases = [
            (
                "bake=hotfix of INC-1, agreed with J.",
                Some(("bake", "hotfix of INC-1, agreed with J.")),
            ),
            (" same-mesh = a = b ", Some(("same-mesh", "a = b"))),
            ("way-back=red\u{1b}[31m", Some(("way-back", "red"))),
            ("bake=", None),
            ("bake=  -- ", None),
            ("bake", None),
            ("=because", None),
            ("baking=because", None),
            ("Bake=because", None),
        ];
        for (text, want) in cases {
            let got = Waiver::parse(text).ok();
            let got = got.as_ref().map(|w| (w.gate, w.reason.trim_end()));
            match want {
                Some((gate, reason)) => {
                    let (g, r) = got.unwrap_or_else(|| panic!("{text:?} is refused"));
                    assert_eq!(g, gate, "{text:?}");
                    assert!(r.starts_with(reason), "{text:?}: {r:?}");
                    assert!(!r.contains('\u{1b}'), "{text:?}");
                }
                None => assert_eq!(got, None, "{text:?}"),
            }
        }
    }

    #[test]
    fn an_unknown_gate_lists_the_ids() {
        let error = Waiver::parse("baking=because").unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.hints()[0].contains("way-back, bake, drift"));
        let long = Waiver::new("bake", &"x".repeat(5_000)).unwrap();
        assert!(long.reason.chars().count() <= REASON_MAX + 1);
    }

    #[test]
    fn security_fixes_have_an_id_and_a_reason() {
        let fix = Cve::parse("CVE-2026-26308=exposed since Monday").unwrap();
        assert_eq!(fix.id, "CVE-2026-26308");
        assert_eq!(fix.reason, "exposed since Monday");
        for text in ["CVE-2026-26308", "CVE-2026-26308=", "=x", "a b=x", "é=x"] {
            let error = Cve::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{text}");
        }
    }
}
