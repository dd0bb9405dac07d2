//! From a plan to a decision: shown, rehearsed, refused, asked, and only then carried out.

use mesh_common::{
    Ctx, Outcome,
    check::{Gates, Waiver, id},
    complete::Values,
    error::{Error, Kind, Result},
    output::{Doc, Format, OutputArgs, Printer, Report, count},
    prompt, shell,
};

/// How far a write goes without writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DryRun {
    /// Print the plan and stop
    Client,
    /// Send every object to the API server as a dry-run, and stop
    Server,
}

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

/// What is to happen after the plan was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Carry it out.
    Go,
    /// Stop here with this outcome: a rehearsal, a dry-run.
    Stop(Outcome),
    /// Try every object on the API server, and stop.
    TryOnServer,
}

/// Whether the output is for a program.
pub(crate) fn machine(output: &OutputArgs) -> bool {
    matches!(output.output, Format::Json | Format::Yaml | Format::Name)
}

/// Shows a plan and asks what has to be asked; `questions` are asked one after the other.
///
/// # Errors
/// [`Kind::Refused`] or [`Kind::Unknown`] when a required gate stays shut, or nobody confirms.
pub(crate) fn decide(
    ctx: &Ctx,
    plan: &dyn Report,
    gates: &mut Gates,
    dry: Option<DryRun>,
    output: &OutputArgs,
    questions: &[String],
) -> Result<Next> {
    let p = &ctx.printer;
    let rehearsal = ctx.rehearsal().is_some();
    let machine = machine(output);
    if rehearsal || dry == Some(DryRun::Client) {
        p.print(output, plan)?;
        let outcome = gates.outcome();
        explain(p, gates, rehearsal);
        return Ok(Next::Stop(outcome));
    }
    let can_ask = p.stdin_is_terminal() && p.stderr_is_terminal() && !machine;
    if machine {
        p.err_doc_with(&plan.doc(false), output.full);
    } else {
        p.print(output, plan)?;
        // Nobody answers for a plan that went into a file: it is shown where the question is, too.
        if can_ask && !p.stdout_is_terminal() {
            p.err_doc_with(&plan.doc(false), output.full);
        }
    }
    if !gates.pass() && can_ask {
        ask_reasons(p, gates)?;
    }
    if !gates.pass() {
        if machine {
            p.print(output, plan)?;
        }
        return Err(shut(gates));
    }
    if dry == Some(DryRun::Server) {
        return Ok(Next::TryOnServer);
    }
    if machine && !ctx.prompt.yes {
        return Err(Error::refused(
            "cannot ask for confirmation while the output is for a program; nothing was changed",
        )
        .hint("add --yes, or --dry-run to see the plan only"));
    }
    for question in questions {
        if !prompt::confirm(p, &ctx.prompt, question)? {
            return Err(Error::refused("not confirmed; nothing was changed"));
        }
    }
    Ok(Next::Go)
}

fn ask_reasons(p: &Printer, gates: &mut Gates) -> Result<()> {
    let blocking: Vec<_> = gates.blocking().cloned().collect();
    if blocking.iter().any(|g| !g.passes_by_reason()) {
        // Reasons for the others would be typed in vain.
        return Err(shut(gates));
    }
    p.urgent(match blocking.len() {
        1 => "1 required gate is not open. A reason passes it; Enter stops here.".to_owned(),
        n => format!("{n} required gates are not open. A reason passes each; Enter stops here."),
    });
    let mut waivers = Vec::new();
    for gate in blocking {
        let word = gate.verdict.word();
        let question = format!(
            "{} is {word}: {}. Reason to pass it",
            gate.title, gate.summary
        );
        match prompt::reason(p, &question)? {
            Some(reason) => waivers.push(Waiver::new(gate.id, &reason)?),
            None => return Err(shut(gates)),
        }
    }
    gates.waive(&waivers)
}

/// The refusal that names every gate that is shut, and how each is passed.
fn shut(gates: &Gates) -> Error {
    let kind = match gates.outcome() {
        Outcome::Refused => Kind::Refused,
        _ => Kind::Unknown,
    };
    let names: Vec<&str> = gates.blocking().map(|g| g.id).collect();
    let mut error = Error::new(
        kind,
        format!(
            "{} not open: {}; nothing was changed",
            count(names.len(), "required gate"),
            names.join(", ")
        ),
    );
    for gate in gates.blocking() {
        if let Some(hint) = &gate.hint {
            error = error.hint(format!("{}: {hint}", gate.id));
        }
    }
    let reasons: Vec<&str> = gates.blocking().filter_map(|g| g.pass.as_deref()).collect();
    if reasons.is_empty() {
        return error;
    }
    error.hint(format!(
        "To pass anyway, say why; it goes into the record: {}",
        reasons.join(" ")
    ))
}

/// A line on stderr below a plan that goes no further.
fn explain(p: &Printer, gates: &Gates, rehearsal: bool) {
    let what = if rehearsal { "rehearsal" } else { "dry-run" };
    let names: Vec<&str> = gates.blocking().map(|g| g.id).collect();
    if names.is_empty() {
        p.note(format!("{what}: nothing was changed."));
    } else {
        p.note(format!(
            "{what}: this would be refused by {}. Nothing was changed.",
            names.join(", ")
        ));
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
