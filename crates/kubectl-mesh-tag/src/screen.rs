//! The parts of a plan's screen that every writing verb shows: what is written, what that does, the way
//! back.

use mesh_common::{
    journal::Image,
    output::{Doc, Table},
};

use crate::objects;

mod gates;
mod step;

pub(crate) use gates::{findings, gates};
pub(crate) use mesh_common::output::count;
pub(crate) use step::{Step, steps};

/// Lines of evidence of a gate that stops the command.
pub(crate) use mesh_common::decide::EVIDENCE;

/// Rows of a long list that are shown without `--full`.
pub(crate) const ROWS: usize = 10;

/// The objects of a plan.
pub(crate) fn objects(doc: &mut Doc, images: &[Image]) {
    let changing: Vec<&Image> = images.iter().filter(|i| i.changes()).collect();
    doc.heading(format!("Writes {}", count(changing.len(), "object")));
    let mut table = Table::new(&["DOES", "OBJECT", "TO"]).limit(ROWS);
    for image in changing {
        table.row([
            image.verb().to_owned(),
            image.key.to_string(),
            objects::goal(image),
        ]);
    }
    doc.table(table);
}
