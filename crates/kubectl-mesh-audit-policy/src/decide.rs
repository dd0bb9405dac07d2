//! What every verb that writes takes, and its gates on a screen.

use mesh_common::{
    check::{Gates, Waiver, id},
    complete::Values,
    decide::DryRun,
    error::Result,
    output::Doc,
    shell,
};

/// What every verb that writes takes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Safety options")]
pub(crate) struct WriteArgs {
    /// Stop before the first write: after the plan, or after a dry-run on the API server
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "client")]
    pub(crate) dry_run: Option<DryRun>,
}

/// What a verb with gates takes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Safety options")]
pub(crate) struct WaiveArgs {
    /// Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable
    #[arg(long, value_name = "GATE=REASON", add = Values::Gate(id::POLICY))]
    pub(crate) waive: Vec<String>,
}

impl WaiveArgs {
    /// What was typed.
    ///
    /// # Errors
    /// [`Kind::Usage`] for an unknown gate or no reason.
    pub(crate) fn waivers(&self) -> Result<Vec<Waiver>> {
        self.waive.iter().map(|text| Waiver::parse(text)).collect()
    }

    /// Passes gates. Where nothing is left to be judged there are none, and the same command line still works.
    ///
    /// # Errors
    /// As [`waivers`](Self::waivers), and a gate that the command does not have.
    pub(crate) fn pass(&self, gates: &mut Gates) -> Result<()> {
        let waivers = self.waivers()?;
        if gates.gates.is_empty() {
            return Ok(());
        }
        gates.waive(&waivers)
    }
}

/// The gates on a screen, and below them what was seen and what to do where one stops the command.
pub(crate) fn show_gates(doc: &mut Doc, gates: &Gates) {
    if gates.gates.is_empty() {
        return;
    }
    doc.heading("Gates");
    doc.marked(gates.marked());
    for gate in gates.blocking() {
        if !gate.evidence.is_empty() {
            doc.text(format!("{}, seen:", gate.title));
            doc.list(gate.evidence.iter().take(10));
            if gate.evidence.len() > 10 {
                doc.text(format!(
                    "and {} more: -o json shows all",
                    gate.evidence.len() - 10
                ));
            }
        }
        let Some(hint) = &gate.hint else { continue };
        let (words, command) = if shell::is_command(hint) {
            (format!("for {}:", gate.title), Some(hint.as_str()))
        } else {
            (format!("{}: {hint}", gate.title), None)
        };
        doc.steps([(words, command)]);
    }
}
