//! What happens while a policy is watched: a line of JSON each where output is piped, nothing on a terminal.

use jiff::Timestamp;
use mesh_common::{
    error::{Error, Result},
    output::Printer,
};
use serde_json::{Value, json};

/// Where events go.
pub(super) struct Events<'a> {
    printer: &'a Printer,
    piped: bool,
}

impl<'a> Events<'a> {
    pub(super) fn of(printer: &'a Printer) -> Self {
        Self {
            printer,
            piped: !printer.stdout_is_terminal(),
        }
    }

    /// Whether events are printed at all.
    pub(super) fn piped(&self) -> bool {
        self.piped
    }

    /// Something happened.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn say(&self, event: &str, rest: &Value) -> Result<()> {
        if !self.piped {
            return Ok(());
        }
        self.printer.raw(&line(event, Timestamp::now(), rest)?)
    }
}

/// One line of JSON.
fn line(event: &str, at: Timestamp, rest: &Value) -> Result<String> {
    let mut line = json!({
        "apiVersion": "kubectl-mesh/v1alpha1",
        "kind": "PolicyWatchEvent",
        "event": event,
        "at": at.to_string(),
    });
    for (key, value) in rest.as_object().into_iter().flatten() {
        line[key.as_str()] = value.clone();
    }
    let text = serde_json::to_string(&line)
        .map_err(|e| Error::internal("cannot encode an event").caused_by(e))?;
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_that_says_what_and_when() {
        let at = "2026-11-21T06:00:00Z".parse().unwrap();
        let said = line("unread", at, &json!({ "pod": "a/b\nc" })).unwrap();
        assert_eq!(said.lines().count(), 1);
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["event"], "unread");
        assert_eq!(said["at"], "2026-11-21T06:00:00Z");
        assert_eq!(said["pod"], "a/b\nc");
    }
}
