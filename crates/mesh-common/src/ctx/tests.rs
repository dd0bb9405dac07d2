use super::*;
use crate::error::Kind;

#[test]
fn a_rehearsal_reaches_no_cluster() {
    let args = GlobalArgs {
        source: SourceArgs {
            from: Some("shop.tar.zst".into()),
        },
        ..GlobalArgs::default()
    };
    let ctx = Ctx::with_printer(
        "kubectl mesh-tag",
        args,
        Printer::for_test(None, false, false),
    );
    let e = ctx.connection().err().unwrap();
    assert_eq!(e.kind(), Kind::Refused);
    assert_eq!(
        e.to_string(),
        "cannot reach a cluster in a rehearsal: the mesh is read from shop.tar.zst"
    );
    assert!(ctx.client().is_err());
    assert_eq!(ctx.rehearsal(), Some(Path::new("shop.tar.zst")));
}
