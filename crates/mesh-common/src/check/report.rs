//! What a list of checks comes to, and the ways in which it is printed: the same for every plugin that has one.

use serde::Serialize;
use serde_json::Value;

use crate::{
    Outcome, Result,
    output::{Doc, Format, OutputArgs, Printer, Report, verdict},
};

/// What makes the exit code 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FailOn {
    /// A warning or an error
    Warning,
    /// An error
    #[default]
    Error,
    /// An error, or something that is not known
    Unknown,
}

/// A result of checks.
pub trait Checked: Serialize {
    /// The kind of its document, `Precheck`.
    const KIND: &'static str;

    /// What the command comes to.
    fn outcome(&self) -> Outcome;

    /// All of it, for a person.
    fn table(&self, full: bool) -> Doc;

    /// Only what is not OK; empty when all is.
    fn brief(&self) -> Doc;

    /// As `JUnit` XML.
    fn junit(&self) -> String;

    /// The code of each check that warns or fails.
    fn failing(&self) -> Vec<String>;
}

/// How a result of checks is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As every other result.
    As(Format),
    /// Only what is not OK.
    Short,
    /// `JUnit` XML.
    Junit,
}

/// Prints a result of checks.
///
/// # Errors
/// The reader went away.
pub fn print(printer: &Printer, how: Written, full: bool, result: &impl Checked) -> Result<()> {
    let output = match how {
        Written::As(format) => format,
        Written::Junit => return printer.raw(&result.junit()),
        Written::Short => {
            let doc = result.brief();
            return if doc.is_empty() {
                Ok(())
            } else {
                printer.out(&doc, full)
            };
        }
    };
    printer.print(&OutputArgs { output, full }, &Shown { result, full })
}

/// What refuses counts more than what is not known.
pub fn outcome<R>(
    rows: &[R],
    fails: impl Fn(&R) -> bool,
    is_unknown: impl Fn(&R) -> bool,
) -> Outcome {
    if rows.iter().any(fails) {
        Outcome::Refused
    } else if rows.iter().any(is_unknown) {
        Outcome::Unknown
    } else {
        Outcome::Done
    }
}

/// A result, and how much of it was asked for.
struct Shown<'a, T> {
    result: &'a T,
    full: bool,
}

impl<T: Checked> Report for Shown<'_, T> {
    fn doc(&self, wide: bool) -> Doc {
        self.result.table(wide || self.full)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict(T::KIND, self.result.outcome(), self.result)
    }

    fn names(&self) -> Vec<String> {
        self.result.failing()
    }
}
