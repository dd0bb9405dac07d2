use proptest::prelude::*;

use super::*;

fn blocks(bytes: &[u8]) -> (Vec<Vec<u8>>, u64, Option<String>) {
    let mut blocks = Blocks::of(Box::new(std::io::Cursor::new(bytes.to_vec())), 0);
    let mut lines = Vec::new();
    let mut room = Block::default();
    while let Some(block) = blocks.next(room) {
        lines.extend(block.lines(None).map(<[u8]>::to_vec));
        room = block;
    }
    let long = blocks.take_too_long(None);
    (lines, long, blocks.broken)
}

#[test]
fn lines_of_ten_megabytes_are_counted_and_not_held() {
    let mut log = b"one\n".to_vec();
    log.resize(10 << 20, b'x');
    log.extend_from_slice(b"\ntwo\n");
    log.resize(21 << 20, b'y');
    let (lines, long, broken) = blocks(&log);
    assert_eq!(lines, [b"one".to_vec(), b"two".to_vec()]);
    assert_eq!((long, broken), (2, None));
}

#[test]
fn every_line_is_of_exactly_one_shard() {
    let log: Vec<u8> = (0..400_000)
        .flat_map(|n| format!("line {n} {}\n", "x".repeat(n % 90)).into_bytes())
        .collect();
    let mut seen = Vec::new();
    for index in 1..=3 {
        let mut blocks = Blocks::of(Box::new(std::io::Cursor::new(log.clone())), 1);
        let mut room = Block::default();
        while let Some(block) = blocks.next(room) {
            let shard = Shard { index, of: 3 };
            seen.extend(block.lines(Some(shard)).map(<[u8]>::to_vec));
            room = block;
        }
    }
    seen.sort();
    let mut want: Vec<Vec<u8>> = log
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(<[u8]>::to_vec)
        .collect();
    want.sort();
    assert_eq!(seen, want);
}

#[test]
fn compressed_logs_are_read_and_a_cut_one_says_so() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let member = |text: &str| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text.as_bytes()).unwrap();
        gz.finish().unwrap()
    };
    let two = [member("one\n"), member("two\nthree")].concat();
    let zst = [
        zstd::encode_all(&b"one\n"[..], 1).unwrap(),
        zstd::encode_all(&b"two\nthree"[..], 1).unwrap(),
    ]
    .concat();
    for (name, bytes, whole) in [
        ("plain", b"one\ntwo\nthree".to_vec(), true),
        ("gz", two.clone(), true),
        ("zst", zst, true),
        ("cut", two.get(..two.len() - 4).unwrap().to_vec(), false),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut blocks = Blocks::open(&Source::File(path), 0).unwrap();
        let mut lines = Vec::new();
        while let Some(block) = blocks.next(Block::default()) {
            lines.extend(block.lines(None).map(<[u8]>::to_vec));
        }
        assert_eq!(lines.concat(), b"onetwothree", "{name}");
        assert_eq!(
            blocks.broken.is_none(),
            whole,
            "{name}: {:?}",
            blocks.broken
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (lines, ..) = blocks(&bytes);
        let want = bytes.split(|b| *b == b'\n').count() - usize::from(bytes.is_empty() || bytes.ends_with(b"\n"));
        prop_assert_eq!(lines.len(), want);
    }
}
