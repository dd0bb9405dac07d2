use mesh_common::{
    mesh::{Mesh, Source},
    output::{Format, OutputArgs, Printer},
};

use super::*;

pub(crate) fn sample() -> Mesh {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/sample-mesh");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    // The sample's bundles are a stand-in that is no certificate.
    let certificate =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
    let texts: Vec<String> = files
        .iter()
        .map(|p| {
            std::fs::read_to_string(p)
                .unwrap()
                .replace("LS0tLS1CRUdJTi0tLS0t", certificate)
        })
        .collect();
    let source = Source::Live {
        server: "https://127.0.0.1:6443".into(),
        context: Some("shop".into()),
    };
    let now = "2026-11-21T08:00:00Z".parse().unwrap();
    Mesh::from_yaml(
        texts.iter().map(String::as_str),
        "istio-system",
        source,
        now,
    )
    .unwrap()
}

fn shown(
    list: &TagList<'_>,
    width: Option<usize>,
    colour: bool,
    ascii: bool,
    output: Format,
) -> String {
    let printer = Printer::for_test(width, colour, ascii);
    printer
        .print(
            &OutputArgs {
                output,
                full: false,
            },
            list,
        )
        .unwrap();
    printer.captured().0
}

#[test]
fn look() {
    let mesh = sample();
    let list = TagList::of(&mesh, &[], None, false).unwrap();
    for (w, c, a, f) in [
        (Some(80), false, false, Format::Table),
        (Some(80), true, true, Format::Table),
        (Some(200), false, false, Format::Wide),
        (None, false, false, Format::Table),
        (None, false, false, Format::Json),
        (None, false, false, Format::Markdown),
    ] {
        println!("---- {w:?} {c} {a} {f:?}\n{}", shown(&list, w, c, a, f));
    }
}
