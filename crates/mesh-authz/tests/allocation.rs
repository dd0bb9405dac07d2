//! Judging a request allocates nothing.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../kubectl-mesh-audit-policy/examples/corpus/format.rs"]
#[allow(dead_code, reason = "only cases are read here")]
mod format;

use format::Case;
use mesh_authz::compile;

#[test]
fn judging_allocates_nothing() {
    let packed = include_bytes!("../../../tests/data/authz-corpus/cases.jsonl.zst");
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let counts = allocation_counter::measure(|| drop(std::hint::black_box(vec![0_u8; 64])));
    assert_eq!(counts.count_total, 1, "the counter counts");
    let mut judged = 0;
    for line in text.lines() {
        let case = Case::read(line).unwrap();
        let compiled = compile(&case.policies, &case.context);
        for prepared in case.prepare().unwrap() {
            let request = prepared.request();
            let counted = allocation_counter::measure(|| {
                std::hint::black_box(compiled.evaluate(&request));
            });
            assert_eq!(counted.count_total, 0, "{}", case.id);
            judged += 1;
        }
    }
    assert_eq!(judged, 15_558);
}
