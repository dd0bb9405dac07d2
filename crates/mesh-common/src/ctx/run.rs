//! The `main` that all plugins share: parse, run, print what went wrong, exit.

use std::ffi::{OsStr, OsString};
use std::pin::pin;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{Args as _, ColorChoice, Command, FromArgMatches as _, Parser, ValueEnum as _};

use super::{Ctx, GlobalArgs, Interrupt};
use crate::complete::{self, verb};
use crate::error::{Error, Kind, Result};
use crate::exit::Outcome;
use crate::output::{Color, Printer};
use crate::version::{self, VersionArgs};

/// The suite's version and the commit it was built from.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("MESH_COMMIT"), ")");

/// The commit it was built from; `unknown` where the source had none.
pub const COMMIT: &str = env!("MESH_COMMIT");

/// The command line of a plugin: its own, the flags of the suite, and one name whatever link it is
/// called through.
///
/// `name` is what a user types, `kubectl mesh-tag`, not the file's `kubectl-mesh_tag`.
pub fn command<C: Parser>(name: &'static str) -> Command {
    let own = C::command();
    // What is said of the group must not become what is said of the plugin.
    let (about, long_about) = (own.get_about().cloned(), own.get_long_about().cloned());
    GlobalArgs::augment_args(own)
        .subcommand(verb::command(name))
        .subcommand(version::command(name))
        .about(Resettable::from(about))
        .long_about(Resettable::from(long_about))
        .name(name)
        .bin_name(name)
        .display_name(name)
        // Off a terminal clap takes 100 columns: help must look the same in a pager and in a document.
        .max_term_width(80)
        .version(VERSION)
}

/// Runs a plugin: `run` is given the context and what was typed.
///
/// Usage errors exit 64, `--help` and `--version` 0; any other code is that of the [`Outcome`], or of
/// the error's [`Kind`]. Ctrl-C ends `run` at once unless it [holds](Interrupt::hold) it off.
pub fn main<C: Parser>(
    name: &'static str,
    run: impl AsyncFnOnce(&Ctx, C) -> Result<Outcome>,
) -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    if let Some(asked) = complete::asked(&typed, complete::variable().as_deref()) {
        return complete::reply(asked, name, || command::<C>(name));
    }
    let mut command = command::<C>(name).color(color_typed(&typed));
    let parsed = command.try_get_matches_from_mut(typed).and_then(|matches| {
        let args = GlobalArgs::from_arg_matches(&matches)?;
        let typed = match matches.subcommand() {
            Some((verb::NAME, completion)) => Typed::Completion(completion.clone()),
            Some((version::NAME, typed)) => Typed::Version(VersionArgs::from_arg_matches(typed)?),
            _ => Typed::Own(C::from_arg_matches(&matches)?),
        };
        Ok((args, typed))
    });
    let (args, cli) = match parsed {
        Ok(parsed) => parsed,
        Err(e) => {
            let e = e.format(&mut command);
            let outcome = if e.use_stderr() {
                Outcome::Usage
            } else {
                Outcome::Done
            };
            // A reader that went away, as in `--help | head`, is no failure.
            let _ = e.print();
            return outcome.into();
        }
    };
    args.cluster.init_logging();
    let ctx = Ctx::new(name, args);
    let result = match cli {
        Typed::Completion(matches) => verb::run(&ctx, &matches),
        Typed::Version(args) => block_on(&ctx, version::run(&ctx, &args)),
        Typed::Own(cli) => block_on(&ctx, run(&ctx, cli)),
    };
    finish(&ctx.printer, result)
}

/// What was typed: a verb of the plugin, or one that all of them have.
enum Typed<C> {
    Own(C),
    Completion(clap::ArgMatches),
    Version(VersionArgs),
}

/// Prints a failure and picks the exit code.
fn finish(printer: &Printer, result: Result<Outcome>) -> ExitCode {
    match result {
        Ok(outcome) => outcome.into(),
        Err(e) => {
            if e.kind() != Kind::BrokenPipe {
                printer.error(&e);
            }
            Outcome::from(e.kind()).into()
        }
    }
}

fn block_on(ctx: &Ctx, run: impl Future<Output = Result<Outcome>>) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::internal("cannot start the runtime").caused_by(e))?;
    let result = runtime.block_on(until_interrupted(
        &ctx.printer,
        &ctx.interrupt,
        tokio::signal::ctrl_c,
        run,
    ));
    // A name lookup that hangs on a thread of its own must not keep the command from ending.
    runtime.shutdown_background();
    result
}

/// Runs to the end, or to Ctrl-C where nothing holds it off.
///
/// The signal is polled first, so that its handler is in place before `run` can ask a question: a
/// prompt turns Ctrl-C into an error only when SIGINT does not kill the process.
async fn until_interrupted<S: Future<Output = std::io::Result<()>>>(
    printer: &Printer,
    interrupt: &Interrupt,
    signal: impl Fn() -> S,
    run: impl Future<Output = Result<Outcome>>,
) -> Result<Outcome> {
    let mut run = pin!(run);
    let mut pressed = pin!(signal());
    loop {
        tokio::select! {
            biased;
            heard = &mut pressed => {
                if heard.is_err() {
                    // No signals here: Ctrl-C kills the process, as it does without a handler.
                    return run.await;
                }
                interrupt.request();
                if !interrupt.is_held() {
                    return Err(interrupted(interrupt));
                }
                printer.urgent("interrupted: stopping at the next safe point");
                pressed.set(signal());
            }
            result = &mut run => return result,
        }
    }
}

fn interrupted(interrupt: &Interrupt) -> Error {
    let message = if interrupt.was_held() {
        "interrupted"
    } else {
        "interrupted; nothing was changed"
    };
    Error::new(Kind::Interrupted, message)
}

/// The `--color` that was typed, looked for before parsing because a usage error needs it.
fn color_typed(typed: &[OsString]) -> ColorChoice {
    let mut values = typed.iter().skip(1).take_while(|a| *a != "--").peekable();
    let mut choice = Color::Auto;
    while let Some(arg) = values.next() {
        let value = match arg.to_str() {
            Some("--color") => values.peek().and_then(|next| OsStr::to_str(next)),
            Some(arg) => arg.strip_prefix("--color="),
            None => None,
        };
        if let Some(typed) = value.and_then(|v| Color::from_str(v, false).ok()) {
            choice = typed;
        }
    }
    choice.into()
}

#[cfg(test)]
mod tests;
