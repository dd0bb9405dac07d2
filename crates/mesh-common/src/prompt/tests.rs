use super::*;

#[test]
fn without_a_terminal_the_refusal_names_the_flag() {
    let p = Printer::for_test(None, false, false);
    let e = confirm(&p, &PromptArgs { yes: false }, "Move \x1b[2Jtag stable?").unwrap_err();
    assert_eq!(e.kind(), Kind::Refused);
    assert_eq!(
        e.to_string(),
        "cannot ask \"Move tag stable?\" without a terminal; nothing was changed"
    );
    assert!(e.hints()[0].contains("--yes"), "{:?}", e.hints());
    assert!(confirm(&p, &PromptArgs { yes: true }, "Move tag stable?").unwrap());
}

#[test]
fn a_terminal_on_stderr_alone_cannot_answer() {
    let p = Printer::for_test(Some(80), false, false);
    assert_eq!(
        choose(&p, "Which?", &["a".into()]).unwrap_err().kind(),
        Kind::Refused
    );
    assert_eq!(reason(&p, "Why?").unwrap_err().kind(), Kind::Refused);
    assert_eq!(
        choose(&p, "Which?", &[]).unwrap_err().kind(),
        Kind::Internal
    );
}
