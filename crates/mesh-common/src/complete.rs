//! Completion: what TAB offers, whoever asks.
//!
//! kubectl asks through a link `kubectl_complete-mesh_tag`, by cobra's contract: the words typed so far, the last one
//! unfinished; one candidate per line, `value<TAB>description`, and last `:<directive>`. The scripts for the program under its
//! own name ([`Shell`]) ask the same by `COMPLETE=bash kubectl-mesh_tag -- WORD…` and read the same lines. One answer for
//! all: clap's engine says which argument is meant, [`Values`] says what may stand there.
//!
//! An answer takes a second at most, and is silent: no errors, no questions, no credential plugin that wants a person.

use std::{
    ffi::{OsStr, OsString},
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use crate::output::clean;

pub mod install;
mod live;
mod local;
mod request;
mod script;
mod seen;
mod values;
pub mod verb;

#[cfg(test)]
mod tests;

pub use script::Shell;
pub use values::Values;

use request::Request;

/// How long an answer may take. Past it there is none: a shell that hangs is worse than one that offers nothing.
const LIMIT: Duration = Duration::from_secs(1);
/// Candidates in one answer. More than this nobody reads.
const MOST: usize = 500;
/// Characters of a description: it shares a line with its value.
const ABOUT: usize = 80;
/// The variable by which a script asks.
const ASK: &str = "COMPLETE";
/// How the link that kubectl asks begins (kubectl `pkg/cmd/plugin/plugin_completion.go`).
const HELPER: &str = "kubectl_complete-";

/// Cobra's `ShellCompDirective`, the bits that are used here.
mod directive {
    pub(super) const NO_SPACE: u8 = 2;
    pub(super) const NO_FILES: u8 = 4;
    pub(super) const ONLY_DIRECTORIES: u8 = 16;
    pub(super) const KEEP_ORDER: u8 = 32;
}

/// What a process was started for, when not for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The script that asks.
    Script(Shell),
    /// What may follow these words; the last one is unfinished.
    Words(Vec<OsString>),
    /// The same, asked by kubectl: of `--to=1-28` its scripts complete what stands after the `=`.
    Kubectl(Vec<OsString>),
}

/// Whether this start is a question. Looks at the first word and at one variable only: every command goes through here.
pub(crate) fn asked(typed: &[OsString], variable: Option<&OsStr>) -> Option<Asked> {
    let name = Path::new(typed.first()?).file_name()?;
    if name.as_encoded_bytes().starts_with(HELPER.as_bytes()) {
        return Some(Asked::Kubectl(typed[1..].to_vec()));
    }
    let variable = variable?.to_str()?;
    // The helper of Windows, which has no links to speak of.
    if variable == "kubectl" && typed.get(1).is_some_and(|mark| mark == "--") {
        return Some(Asked::Kubectl(typed[2..].to_vec()));
    }
    let shell = Shell::named(variable)?;
    match typed.get(1) {
        None => Some(Asked::Script(shell)),
        Some(mark) if mark == "--" => {
            let mut words = typed[2..].to_vec();
            if shell == Shell::Powershell {
                script::unmark(&mut words);
            }
            Some(Asked::Words(words))
        }
        // Whoever has such a variable of their own set still gets what they type.
        Some(_) => None,
    }
}

/// The variable that [`asked`] looks at.
pub(crate) fn variable() -> Option<OsString> {
    std::env::var_os(ASK)
}

/// Answers on standard output. Nothing that goes wrong is told: it would be written across what is being typed.
pub(crate) fn reply(asked: Asked, name: &str, command: impl FnOnce() -> Command) -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    let text = match asked {
        Asked::Script(shell) => script::text(shell, name),
        Asked::Words(words) => answer(command(), words, LIMIT).lines(),
        Asked::Kubectl(words) => {
            let flag = flag_of(words.last());
            let answer = answer(command(), words, LIMIT);
            answer.without(flag.as_deref()).lines()
        }
    };
    let mut out = std::io::stdout().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// The `--to=` of an unfinished `--to=1-28`.
fn flag_of(word: Option<&OsString>) -> Option<String> {
    let (flag, _) = word?.to_str()?.split_once('=')?;
    flag.starts_with('-').then(|| format!("{flag}="))
}

/// What may stand where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    offers: Vec<Offer>,
    directive: u8,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What is put on the line.
    pub(crate) value: String,
    /// A few words about it; may be empty.
    pub(crate) about: String,
}

impl Offer {
    pub(crate) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            about: about.into(),
        }
    }
}

impl Answer {
    fn nothing() -> Self {
        Self {
            offers: Vec::new(),
            directive: directive::NO_FILES,
        }
    }

    /// The values without what stands before each of them.
    fn without(mut self, flag: Option<&str>) -> Self {
        for offer in &mut self.offers {
            if let Some(value) = flag.and_then(|flag| offer.value.strip_prefix(flag)) {
                offer.value = value.to_owned();
            }
        }
        self
    }

    /// As cobra writes it.
    fn lines(&self) -> String {
        let mut text = String::new();
        for Offer { value, about } in &self.offers {
            let tab = if about.is_empty() { "" } else { "\t" };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{value}{tab}{about}");
        }
        let _ = writeln!(text, ":{}", self.directive);
        text
    }
}

/// Answers within the limit, or with nothing. What is still under way then ends with the process.
fn answer(command: Command, words: Vec<OsString>, limit: Duration) -> Answer {
    let (send, receive) = mpsc::sync_channel(1);
    let work = thread::Builder::new().spawn(move || {
        let _late = send.send(work_out(command, words, limit));
    });
    match work {
        Ok(_) => receive
            .recv_timeout(limit)
            .unwrap_or_else(|_| Answer::nothing()),
        Err(_) => Answer::nothing(),
    }
}

fn work_out(command: Command, mut words: Vec<OsString>, limit: Duration) -> Answer {
    if words.is_empty() {
        words.push(OsString::new());
    }
    let last = words.len() - 1;
    let unfinished = words[last].clone();
    let is_flag = unfinished.as_encoded_bytes().starts_with(b"-");
    let files = Arc::new(AtomicU8::new(directive::NO_FILES));
    let request = Arc::new(Request::new(&words[..last], limit));
    let mut command = fill(command, &request, &files);

    // The engine gives one name of each flag, and for a single dash the short one, which says nothing.
    if unfinished == "-" {
        words[last] = "--".into();
    }
    let mut line = vec![OsString::from("plugin")];
    line.extend(words);
    let found = complete(&mut command, line, last + 1, None).unwrap_or_default();

    let mut offers: Vec<Offer> = found
        .iter()
        // Flags are offered once a dash is typed, as kubectl does: before it they would bury the values.
        .filter(|c| is_flag || !c.get_id().is_some_and(|id| id.starts_with("arg::")))
        .filter_map(offer)
        .collect();
    offers.truncate(MOST);
    let mut directive = files.load(Ordering::Relaxed);
    if !offers.is_empty() {
        directive |= directive::KEEP_ORDER;
    }
    if offers.iter().any(|o| o.value.ends_with('=')) {
        directive |= directive::NO_SPACE;
    }
    Answer { offers, directive }
}

/// Gives every argument that says what may stand there the means to find it.
fn fill(command: Command, request: &Arc<Request>, files: &Arc<AtomicU8>) -> Command {
    command
        .mut_args(|arg| completed(arg, request, files))
        .mut_subcommands(|sub| fill(sub, request, files))
}

fn completed(arg: Arg, request: &Arc<Request>, files: &Arc<AtomicU8>) -> Arg {
    let paths = match arg.get_value_hint() {
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::ExecutablePath => Some(0),
        ValueHint::DirPath => Some(directive::ONLY_DIRECTORIES),
        _ => None,
    };
    if let Some(directive) = paths {
        let files = Arc::clone(files);
        // The shell knows files best: its quoting, its colours, ~.
        return arg.add(ArgValueCompleter::new(move |_: &OsStr| {
            files.store(directive, Ordering::Relaxed);
            Vec::new()
        }));
    }
    let Some(values) = arg.get::<Values>().copied() else {
        return arg;
    };
    let request = Arc::clone(request);
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let Some(typed) = typed.to_str() else {
            return Vec::new();
        };
        let offers = values.offers(&request);
        // A name that would be taken for a flag is offered to nobody.
        let fitting = offers
            .into_iter()
            .filter(|o| o.value.starts_with(typed) && !o.value.starts_with('-'));
        fitting
            .map(|o| CompletionCandidate::new(o.value).help(Some(o.about.into())))
            .collect()
    }))
}

/// A candidate as a line: only what can be put on a command line as it is, and one clean line about it.
fn offer(candidate: &CompletionCandidate) -> Option<Offer> {
    let value = candidate.get_value().to_str()?;
    let about = candidate.get_help().map(ToString::to_string);
    let about = about.unwrap_or_default();
    is_plain(value).then(|| Offer {
        value: value.to_owned(),
        about: clean(about.lines().next().unwrap_or_default(), ABOUT),
    })
}

/// Whether a text is one word to every shell. Names of contexts and objects are somebody else's text.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= 300
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || "-_./:=,@%+".contains(c))
}
