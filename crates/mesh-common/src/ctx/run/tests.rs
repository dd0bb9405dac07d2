use std::future::{pending, ready};
use std::io;

use clap::Subcommand;

use super::*;
use crate::prompt;

/// A tag tool
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List tags
    List {
        #[command(flatten)]
        output: crate::output::OutputArgs,
    },
}

const NAME: &str = "kubectl mesh-tag";
const LINKS: [&str; 3] = [
    "kubectl-mesh_tag",
    "/krew/bin/kubectl-mesh-tag",
    "whatever.exe",
];

fn parse(typed: &[&str]) -> Result<(GlobalArgs, Cli), clap::Error> {
    let matches = command::<Cli>(NAME).try_get_matches_from(typed)?;
    Ok((
        GlobalArgs::from_arg_matches(&matches)?,
        Cli::from_arg_matches(&matches)?,
    ))
}

#[test]
fn the_command_line_is_sound() {
    command::<Cli>(NAME).debug_assert();
}

#[test]
fn it_has_one_name_whatever_link_it_is_called_through() {
    for link in LINKS {
        for (typed, want) in [
            (
                &["--help"][..],
                "Usage: kubectl mesh-tag [OPTIONS] <COMMAND>",
            ),
            (
                &["list", "--help"],
                "Usage: kubectl mesh-tag list [OPTIONS]",
            ),
            (
                &["list", "--bogus"],
                "Usage: kubectl mesh-tag list [OPTIONS]",
            ),
            (&[], "Usage: kubectl mesh-tag [OPTIONS] <COMMAND>"),
        ] {
            let typed: Vec<&str> = [link].into_iter().chain(typed.iter().copied()).collect();
            let text = parse(&typed).unwrap_err().to_string();
            assert!(text.contains(want), "{typed:?}:\n{text}");
            assert!(
                !text.contains("mesh_tag") && !text.contains("whatever"),
                "{text}"
            );
        }
    }
}

#[test]
fn help_says_what_the_plugin_says_of_itself() {
    for flag in ["-h", "--help"] {
        let text = parse(&["x", flag]).unwrap_err().to_string();
        assert!(text.starts_with("A tag tool\n"), "{text}");
        let text = parse(&["x", "list", flag]).unwrap_err().to_string();
        assert!(text.starts_with("List tags\n"), "{text}");
    }
}

#[test]
fn the_version_is_the_suite_and_its_commit() {
    let text = parse(&["x", "--version"]).unwrap_err().to_string();
    assert_eq!(text, format!("kubectl mesh-tag {VERSION}\n"));
    assert!(VERSION.starts_with(env!("CARGO_PKG_VERSION")), "{VERSION}");
}

#[test]
fn flags_of_the_suite_stand_before_or_after_the_verb() {
    for typed in [
        ["x", "-y", "-q", "--color=never", "--from", "a.tar", "list"],
        [
            "x",
            "list",
            "--yes",
            "--quiet",
            "--color=never",
            "--from",
            "a.tar",
        ],
    ] {
        let (args, _) = parse(&typed).unwrap();
        assert!(args.prompt.yes && args.output.quiet, "{typed:?}");
        assert_eq!(args.output.color, Color::Never);
        assert_eq!(args.source.from.as_deref(), Some("a.tar".as_ref()));
    }
}

#[test]
fn output_formats_are_kubectls() {
    use crate::output::Format;
    for (typed, want) in [
        (&["x", "list"][..], Format::Table),
        (&["x", "list", "-ojson"], Format::Json),
        (&["x", "list", "-o", "wide"], Format::Wide),
        (&["x", "list", "--output=yaml"], Format::Yaml),
        (&["x", "list", "-o=name"], Format::Name),
    ] {
        let Verb::List { output } = parse(typed).unwrap().1.verb;
        assert_eq!(output.output, want, "{typed:?}");
    }
    assert!(parse(&["x", "list", "-o", "xml"]).unwrap_err().use_stderr());
}

#[test]
fn colour_is_known_before_parsing() {
    for (typed, want) in [
        (&["x"][..], ColorChoice::Auto),
        (&["x", "--color", "never"], ColorChoice::Never),
        (&["x", "--bogus", "--color=always"], ColorChoice::Always),
        (&["x", "--", "--color=always"], ColorChoice::Auto),
        (&["x", "--color", "blue"], ColorChoice::Auto),
        (&["x", "--color"], ColorChoice::Auto),
    ] {
        let typed: Vec<OsString> = typed.iter().map(Into::into).collect();
        assert_eq!(color_typed(&typed), want, "{typed:?}");
    }
}

#[test]
fn a_broken_pipe_is_quiet_and_other_failures_are_not() {
    for (kind, want) in [(Kind::BrokenPipe, ""), (Kind::User, "error: gone\n")] {
        let p = Printer::for_test(None, false, false);
        let code = finish(&p, Err(Error::new(kind, "gone")));
        assert_eq!(p.captured().1, want);
        assert_eq!(code == ExitCode::SUCCESS, kind == Kind::BrokenPipe);
    }
}

fn run_interrupted(
    interrupt: &Interrupt,
    times: usize,
    run: impl Future<Output = Result<Outcome>>,
) -> (Result<Outcome>, String) {
    let p = Printer::for_test(None, false, false);
    let left = std::cell::Cell::new(times);
    let signal = || {
        let pressed = left.get() > 0;
        left.set(left.get().saturating_sub(1));
        async move {
            if pressed {
                // Once round the scheduler, so that the command gets its turn first.
                tokio::task::yield_now().await;
                Ok(())
            } else {
                pending().await
            }
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let result = runtime.block_on(until_interrupted(&p, interrupt, signal, run));
    (result, p.captured().1)
}

#[test]
fn ctrl_c_ends_a_command_that_reads() {
    let (result, err) = run_interrupted(&Interrupt::default(), 1, pending());
    let e = result.unwrap_err();
    assert_eq!(
        (e.kind(), e.to_string().as_str()),
        (Kind::Interrupted, "interrupted; nothing was changed")
    );
    assert_eq!(err, "");
}

#[test]
fn ctrl_c_is_told_to_a_command_that_writes() {
    let interrupt = Interrupt::default();
    let shared = interrupt.clone();
    let (result, err) = run_interrupted(&interrupt, 2, async move {
        let hold = shared.hold();
        shared.wait().await;
        assert!(shared.requested());
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        drop(hold);
        Ok(Outcome::Interrupted)
    });
    assert_eq!(result.unwrap(), Outcome::Interrupted);
    assert!(
        err.starts_with("interrupted: stopping at the next safe point\n"),
        "{err}"
    );
}

#[test]
fn after_a_write_nobody_claims_that_nothing_was_changed() {
    let interrupt = Interrupt::default();
    drop(interrupt.hold());
    let (result, _) = run_interrupted(&interrupt, 1, pending());
    assert_eq!(result.unwrap_err().to_string(), "interrupted");
}

#[test]
fn without_signals_the_command_runs_to_its_end() {
    let p = Printer::for_test(None, false, false);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let signal = || ready(Err(io::Error::other("no signals")));
    let run = async { Ok(Outcome::Done) };
    let result = runtime.block_on(until_interrupted(&p, &Interrupt::default(), signal, run));
    assert_eq!(result.unwrap(), Outcome::Done);
}

/// The far end of the tests below: run by them in a pseudo-terminal, never by itself.
#[test]
#[ignore = "asks questions; the tests below run it in a pseudo-terminal"]
fn asks() {
    let args = GlobalArgs::default();
    let ctx = Ctx::new(NAME, args);
    let result = block_on(&ctx, async {
        let p = &ctx.printer;
        match std::env::var("MESH_TEST_ASK").unwrap_or_default().as_str() {
            "confirm" => p.urgent(format!(
                "got {}",
                prompt::confirm(p, &ctx.prompt, "Move it?")?
            )),
            "reason" => p.urgent(format!("got {:?}", prompt::reason(p, "Why?")?)),
            _ => {
                let items = ["1-28-3 \x1b[2Jready".to_owned(), "1-26-2".to_owned()];
                p.urgent(format!("got {}", prompt::choose(p, "To which?", &items)?));
            }
        }
        Ok(Outcome::Done)
    });
    if let Err(e) = result {
        ctx.printer.urgent(format!("kind {:?}", e.kind()));
        ctx.printer.error(&e);
    }
}

#[cfg(unix)]
mod at_a_terminal {
    use std::process::Command;

    use rexpect::session::{PtySession, spawn_command};

    fn ask(what: &str) -> PtySession {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--ignored",
                "--exact",
                "ctx::run::tests::asks",
                "--nocapture",
            ])
            .env("MESH_TEST_ASK", what)
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .env("LC_ALL", "C.UTF-8");
        spawn_command(command, Some(20_000)).unwrap()
    }

    #[test]
    fn confirm_takes_y_and_enter_and_means_no_by_default() {
        for (keys, want) in [
            ("y\n", "got true"),
            ("\n", "got false"),
            ("n\n", "got false"),
            ("yn\n", "got false"),
        ] {
            let mut session = ask("confirm");
            session.exp_string("Move it? [y/N]").unwrap();
            session.send(keys).unwrap();
            session.flush().unwrap();
            session.exp_string(want).unwrap();
            session.exp_eof().unwrap();
        }
    }

    #[test]
    fn ctrl_c_at_any_prompt_changes_nothing_and_shows_the_cursor() {
        for (what, question) in [
            ("confirm", "Move it?"),
            ("reason", "Why?"),
            ("choose", "To which?"),
        ] {
            let mut session = ask(what);
            session.exp_string(question).unwrap();
            session.send_control('c').unwrap();
            session.exp_string("\x1b[?25h").unwrap();
            session.exp_string("kind Interrupted").unwrap();
            session
                .exp_string("interrupted at the prompt; nothing was changed")
                .unwrap();
            session.exp_eof().unwrap();
        }
    }

    #[test]
    fn choices_are_cleaned_and_picked_by_arrow() {
        let mut session = ask("choose");
        let before = session.exp_string("1-28-3 ready").unwrap();
        assert!(!before.contains("[2J"), "{before:?}");
        session.exp_string("1-26-2").unwrap();
        session.send("\x1b[B\r").unwrap();
        session.flush().unwrap();
        session.exp_string("got 1").unwrap();
        session.exp_eof().unwrap();
    }

    #[test]
    fn a_reason_is_text_or_nothing() {
        for (typed, want) in [
            ("CVE-2026-1", "got Some(\"CVE-2026-1\")"),
            ("  ", "got None"),
            ("", "got None"),
        ] {
            let mut session = ask("reason");
            session.exp_string("Why?").unwrap();
            session.send_line(typed).unwrap();
            session.exp_string(want).unwrap();
            session.exp_eof().unwrap();
        }
    }
}
