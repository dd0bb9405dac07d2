use mesh_common::output::{Format, OutputArgs, Printer};

use super::*;
use crate::list::tests::sample;

#[test]
fn look() {
    let mesh = sample();
    for tag in ["stable", "canary"] {
        let status = Status::of(&mesh, tag, History::default(), false).unwrap();
        for (w, c, a) in [(Some(80), false, false), (Some(200), false, true)] {
            let printer = Printer::for_test(w, c, a);
            printer
                .print(
                    &OutputArgs {
                        output: Format::Table,
                        full: false,
                    },
                    &status,
                )
                .unwrap();
            println!("---- {w:?}\n{}", printer.captured().0);
        }
    }
}
