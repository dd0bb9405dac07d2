use super::*;
use crate::error::Kind;

#[test]
fn the_locale_decides_about_ascii() {
    for (all, ctype, lang, want) in [
        (None, None, Some("en_GB.UTF-8"), true),
        (None, None, Some("C.utf8"), true),
        (None, Some("C"), Some("en_GB.UTF-8"), false),
        (Some("C"), Some("en_GB.UTF-8"), None, false),
        (Some(""), None, Some("en_GB.UTF-8"), true),
        (None, None, Some("de_DE.ISO-8859-1"), false),
        (None, None, None, cfg!(windows)),
    ] {
        let env = |name: &str| {
            let value = match name {
                "LC_ALL" => all,
                "LC_CTYPE" => ctype,
                _ => lang,
            };
            value.map(str::to_owned)
        };
        assert_eq!(
            utf8(env),
            want,
            "LC_ALL={all:?} LC_CTYPE={ctype:?} LANG={lang:?}"
        );
    }
}

#[test]
fn a_terminal_that_does_not_tell_has_80_columns() {
    use terminal_size::{Height, Width};
    for (size, want) in [
        (None, 80),
        (Some((Width(0), Height(0))), 80),
        (Some((Width(132), Height(40))), 132),
    ] {
        assert_eq!(columns(size), want, "{size:?}");
    }
}

#[test]
fn failures_say_why_and_what_next() {
    let cause =
        Error::cluster("connect to 10.0.0.1:6443: refused").caused_by(io::Error::other("refused"));
    let error = Error::new(
        Kind::Istioctl,
        "no istioctl of version 1.28.3\x1b[2J was found",
    )
    .caused_by(cause)
    .hint("kubectl mesh-istioctl install 1.28.3")
    .hint("or name one with --istioctl")
    .hint("look at what is there:\nkubectl mesh-istioctl list")
    .hint("which one is used:")
    .hint("kubectl mesh-istioctl which");
    let p = Printer::for_test(Some(80), false, false).quiet(true);
    p.error(&error);
    let want = "\
error: no istioctl of version 1.28.3 was found
Caused by: connect to 10.0.0.1:6443: refused
hint:
    kubectl mesh-istioctl install 1.28.3
hint: or name one with --istioctl
hint: look at what is there:
    kubectl mesh-istioctl list
hint: which one is used:
    kubectl mesh-istioctl which
";
    assert_eq!(p.captured(), (String::new(), want.to_owned()));
}

#[test]
fn a_command_to_paste_goes_to_the_context_that_was_typed() {
    let reach = Reach::new([("--context", "prod eu")], []);
    let p = Printer::for_test(Some(40), false, true).reaching(reach);
    p.error(
        &Error::user("it was never finished")
            .hint("Finish it:")
            .hint("kubectl mesh-tag resume")
            .hint("kubectl mesh-tag is what to type."),
    );
    let mut doc = Doc::new();
    doc.command("kubectl get pods -A").steps([(
        "watch the gateway that rolls, for as long as it does:",
        Some("kubectl mesh-tag status stable"),
    )]);
    p.out(&doc, false).unwrap();
    let (out, err) = p.captured();
    assert_eq!(
        err,
        "error: it was never finished\nhint: Finish it:\n    kubectl mesh-tag resume --context 'prod eu'\n\
         hint: kubectl mesh-tag is what to type.\n"
    );
    assert_eq!(
        out,
        "    kubectl --context 'prod eu' get pods -A\n\n\
         - watch the gateway that rolls, for as\n  long as it does:\n    \
         kubectl mesh-tag status stable --context 'prod eu'\n"
    );
}

#[test]
fn failures_are_coloured_by_the_stderr_decision() {
    let p = Printer::for_test(Some(80), true, false);
    p.error(&Error::user("no tag stable").hint("kubectl mesh-tag list"));
    assert_eq!(
        p.captured().1,
        "\x1b[1m\x1b[31merror:\x1b[0m no tag stable\n\x1b[1mhint:\x1b[0m\n    kubectl mesh-tag list\n"
    );
}

#[test]
fn quiet_silences_notes_and_nothing_else() {
    for (quiet, want) in [(false, "1-26-2 → 1-28-3\nstopping\n"), (true, "stopping\n")] {
        let p = Printer::for_test(None, false, false).quiet(quiet);
        p.note("1-26-2 → 1-28-3\x1b[0m");
        p.urgent("stopping");
        assert_eq!(p.captured(), (String::new(), want.to_owned()));
    }
}

#[test]
fn a_prompt_fits_its_line() {
    let p = Printer::for_test(Some(40), false, true);
    assert_eq!(
        p.prompt_line("1-28-3\x1b]0;x\x07 → ready", 4),
        "1-28-3 -> ready"
    );
    let long = p.prompt_line(&"x".repeat(100), 4);
    assert!(long.len() <= 38 && long.ends_with("..."), "{long}");
}

#[test]
fn progress_is_one_line_of_a_terminal_and_nothing_elsewhere() {
    let said = |printer: Printer| {
        printer.progress("2 of 20 \u{1b}[2JMiB and more than fits");
        printer.progress("");
        printer.captured().1
    };
    let terminal = said(Printer::for_test(Some(24), false, false));
    let lines: Vec<&str> = terminal.split('\r').collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[1].starts_with("2 of 20 "), "{lines:?}");
    for line in &lines[1..3] {
        assert_eq!(line.chars().count(), 23, "{lines:?}");
    }
    assert!(lines[2].trim().is_empty() && !terminal.contains('\u{1b}'));
    assert_eq!(said(Printer::for_test(None, false, false)), "");
    assert_eq!(
        said(Printer::for_test(Some(24), false, false).quiet(true)),
        ""
    );
}
