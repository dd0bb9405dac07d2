//! From a plan to a decision: shown, refused, asked.

use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    check::{Gates, Waiver},
    output::{Doc, Format, OutputArgs, Printer, Report, count},
    prompt,
};

use super::{DryRun, WriteArgs};

/// Lines of evidence in a refusal.
const EVIDENCE: usize = 5;

/// What is to happen after the plan was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Carry it out.
    Go,
    /// Stop here with this outcome.
    Stop(Outcome),
    /// Try every object on the API server, and stop.
    TryOnServer,
}

/// Waivers as typed.
///
/// # Errors
/// One that is none.
pub(crate) fn waivers(write: &WriteArgs) -> Result<Vec<Waiver>> {
    write.waive.iter().map(|w| Waiver::parse(w)).collect()
}

/// Shows a plan and asks what has to be asked; each question is a step of its own.
///
/// # Errors
/// A required gate stays shut, or nobody confirms.
pub(crate) fn decide(
    ctx: &Ctx,
    plan: &dyn Report,
    gates: &mut Gates,
    write: &WriteArgs,
    output: &OutputArgs,
    questions: &[String],
) -> Result<Next> {
    let p = &ctx.printer;
    let machine = matches!(output.output, Format::Json | Format::Yaml | Format::Name);
    if write.dry_run == Some(DryRun::Client) {
        p.print(output, plan)?;
        let outcome = gates.outcome();
        let names: Vec<&str> = gates.blocking().map(|g| g.id).collect();
        p.note(if names.is_empty() {
            "dry-run: no gate stops this. Nothing was changed.".to_owned()
        } else {
            format!(
                "dry-run: this would be refused by {}. Nothing was changed.",
                names.join(", ")
            )
        });
        return Ok(Next::Stop(outcome));
    }
    let can_ask = p.stdin_is_terminal() && p.stderr_is_terminal() && !machine;
    if !machine {
        p.print(output, plan)?;
    }
    if machine || (can_ask && !p.stdout_is_terminal()) {
        p.err_doc_with(&plan.doc(false), output.full);
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
    if write.dry_run == Some(DryRun::Server) {
        return Ok(Next::TryOnServer);
    }
    if machine && !ctx.prompt.yes {
        return Err(Error::refused(
            "cannot ask for confirmation while the output is for a program",
        )
        .hint("add --yes, or --dry-run to see the plan only"));
    }
    if can_ask
        && !ctx.prompt.yes
        && let Some(summary) = plan.summary()
    {
        let mut doc = Doc::new();
        doc.text(summary);
        p.urgent("");
        p.err_doc(&doc);
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
    p.urgent(format!(
        "{} not open. A reason passes each; Enter stops here.",
        count(blocking.len(), "required gate")
    ));
    let mut waivers = Vec::new();
    for gate in blocking {
        let question = format!(
            "{} is {}: {}. Reason to pass it",
            gate.title,
            gate.verdict.word(),
            gate.summary
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
        let mut said = format!("{}: {}", gate.id, gate.summary);
        for line in gate.evidence.iter().take(EVIDENCE) {
            said.push('\n');
            said.push_str(line);
        }
        error = error.hint(said);
        if let Some(hint) = &gate.hint {
            for line in hint.lines() {
                error = error.hint(line);
            }
        }
    }
    let reasons: Vec<&str> = gates.blocking().filter_map(|g| g.pass.as_deref()).collect();
    error.hint(format!(
        "To pass anyway, say why; it goes into the record: {}",
        reasons.join(" ")
    ))
}

/// Prints what a change came to, on stdout for a person.
pub(crate) fn print_done(ctx: &Ctx, output: &OutputArgs, screen: &Doc) -> Result<()> {
    if matches!(output.output, Format::Json | Format::Yaml | Format::Name) {
        ctx.printer.err_doc(screen);
        Ok(())
    } else {
        ctx.printer.out(screen, output.full)
    }
}
