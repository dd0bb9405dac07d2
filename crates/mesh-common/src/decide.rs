//! From a plan to a decision: shown, rehearsed, refused, asked, and only then carried out. The same for every verb that
//! writes.

use crate::{
    check::{Gates, Verdict, Waiver},
    ctx::Ctx,
    error::{Error, Kind, Result},
    exit::Outcome,
    output::{Doc, Format, OutputArgs, Printer, Report, count},
    prompt,
};

/// Lines of evidence in a refusal.
pub const EVIDENCE: usize = 5;

/// How far a write goes without writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DryRun {
    /// Print the plan and stop
    Client,
    /// Send every object to the API server as a dry-run, and stop
    Server,
}

/// What is to happen after the plan was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Carry it out.
    Go,
    /// Stop here with this outcome: a rehearsal, a dry-run.
    Stop(Outcome),
    /// Try every object on the API server, and stop.
    TryOnServer,
}

/// What is decided about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The plan.
    pub plan: &'a dyn Report,
    /// `--dry-run`.
    pub dry_run: Option<DryRun>,
    /// How the plan is printed.
    pub output: &'a OutputArgs,
    /// The confirmations, asked one after the other.
    pub questions: &'a [String],
    /// What was inferred rather than typed, in words that a refusal begins with; none where all of it was typed.
    pub inferred: Option<&'a str>,
}

/// Shows a plan and asks what has to be asked.
///
/// # Errors
/// [`Kind::Refused`] or [`Kind::Unknown`] when a required gate stays shut, or nobody confirms.
pub fn decide(ctx: &Ctx, asked: Asked<'_>, gates: &mut Gates) -> Result<Next> {
    let p = &ctx.printer;
    let Asked {
        plan,
        dry_run,
        output,
        questions,
        inferred,
    } = asked;
    let rehearsal = ctx.rehearsal().is_some();
    let machine = for_programs(output);
    // What a program reads is printed once, at the end; a person reads the plan before the question.
    if rehearsal || dry_run == Some(DryRun::Client) {
        p.print(output, plan)?;
        let outcome = gates.outcome();
        explain(p, gates, outcome, rehearsal);
        return Ok(Next::Stop(outcome));
    }
    let can_ask = p.stdin_is_terminal() && p.stderr_is_terminal() && !machine;
    let asks = can_ask && !(gates.pass() && (ctx.prompt.yes || dry_run.is_some()));
    if !machine {
        p.print(output, plan)?;
    }
    // Nobody answers for a plan that went into a file: it is shown where the question is, too.
    if machine || (asks && !p.stdout_is_terminal()) {
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
    if dry_run == Some(DryRun::Server) {
        return Ok(Next::TryOnServer);
    }
    if let Some(inferred) = inferred.filter(|_| !can_ask) {
        return Err(
            Error::refused(format!("{inferred}: that was inferred, not typed")).hint(
                "Without a terminal to confirm it, name it on the command line: --to REVISION",
            ),
        );
    }
    if machine && !ctx.prompt.yes {
        return Err(Error::refused(
            "cannot ask for confirmation while the output is for a program; nothing was changed",
        )
        .hint("add --yes, or --dry-run to see the plan only"));
    }
    if can_ask
        && !ctx.prompt.yes
        && let Some(summary) = plan.summary()
    {
        // The plan may have scrolled away.
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

/// Whether the output is for a program.
pub fn for_programs(output: &OutputArgs) -> bool {
    matches!(output.output, Format::Json | Format::Yaml | Format::Name)
}

/// Prints what a change came to, on stdout for a person.
///
/// # Errors
/// Stdout is closed or broken.
pub fn print_done(ctx: &Ctx, output: &OutputArgs, screen: &Doc) -> Result<()> {
    if for_programs(output) {
        ctx.printer.err_doc(screen);
        Ok(())
    } else {
        ctx.printer.out(screen, output.full)
    }
}

fn ask_reasons(p: &Printer, gates: &mut Gates) -> Result<()> {
    let blocking: Vec<_> = gates.blocking().cloned().collect();
    if blocking.iter().any(|g| !g.passes_by_reason()) {
        // Reasons for the others would be typed in vain.
        return Err(shut(gates));
    }
    // Short enough for one line of a narrow terminal: notes are not wrapped.
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
pub fn shut(gates: &Gates) -> Error {
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
    let mut reasons = Vec::new();
    for gate in gates.blocking() {
        let mut said = format!("{}: {}", gate.id, gate.summary);
        for line in gate.evidence.iter().take(EVIDENCE) {
            said.push('\n');
            said.push_str(line);
        }
        error = error.hint(said);
        // How it is passed is said at the end, for all of them.
        if let Some(hint) = gate.hint.as_ref().filter(|h| !h.starts_with("--waive")) {
            for line in hint.lines() {
                error = error.hint(line);
            }
        }
        match &gate.pass {
            Some(pass) if gate.passes_by_reason() => reasons.push(pass.as_str()),
            Some(pass) => {
                error = error.hint(format!("or use another of those above: {pass}"));
            }
            None => {}
        }
    }
    if reasons.is_empty() {
        return error;
    }
    error.hint(format!(
        "To pass anyway, say why; it goes into the record: {}",
        reasons.join(" ")
    ))
}

/// A line on stderr below a plan that goes no further.
fn explain(p: &Printer, gates: &Gates, outcome: Outcome, rehearsal: bool) {
    let what = if rehearsal { "rehearsal" } else { "dry-run" };
    if outcome != Outcome::Done {
        let names: Vec<&str> = gates.blocking().map(|g| g.id).collect();
        p.note(format!(
            "{what}: this would be refused by {}. Nothing was changed.",
            names.join(", ")
        ));
        return;
    }
    let skipped = gates
        .gates
        .iter()
        .filter(|g| g.verdict == Verdict::NotEvaluated && g.required);
    let rest = match skipped.count() {
        0 => String::new(),
        n => format!("; {} not evaluated", count(n, "required gate")),
    };
    p.note(format!(
        "{what}: no gate stops this{rest}. Nothing was changed."
    ));
}
