//! Whatever bytes come, the reader says one line or reads them: it does not panic, hang or take more than it may. The same
//! is fuzzed with coverage by the targets in `fuzz/`, whose seeds these are.

use proptest::{collection::vec, prelude::*, sample::Index as At};

use super::*;

/// A little: what is mutated is small, and what it unpacks to must be.
fn limits() -> Limits {
    Limits {
        entry: 1 << 20,
        index: 1 << 20,
        total: 4 << 20,
        entries: 1000,
        ratio: 100,
        slack: 1 << 20,
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut paths: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn read_it(bytes: Vec<u8>) {
    if let Err(why) = check(bytes, &limits()) {
        assert_eq!(why.lines().count(), 1, "{why:?}");
        assert!(!why.chars().any(char::is_control), "{why:?}");
        assert!(why.len() < 2000, "{}", why.len());
    }
}

/// The tar in an archive; what is none stays as it is.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    zstd::decode_all(bytes).unwrap_or_else(|_| bytes.to_vec())
}

/// One way to spoil bytes.
#[derive(Debug, Clone)]
enum Spoil {
    Flip(At, u8),
    Cut(At),
    Take(At, usize),
    Put(At, Vec<u8>),
    Repeat(At, usize),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        4 => (any::<At>(), 1..=255_u8).prop_map(|(at, by)| Spoil::Flip(at, by)),
        1 => any::<At>().prop_map(Spoil::Cut),
        1 => (any::<At>(), 1..600_usize).prop_map(|(at, n)| Spoil::Take(at, n)),
        1 => (any::<At>(), vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Spoil::Put(at, bytes)),
        1 => (any::<At>(), 1..1100_usize).prop_map(|(at, n)| Spoil::Repeat(at, n)),
    ]
}

fn spoiled(mut bytes: Vec<u8>, how: &[Spoil]) -> Vec<u8> {
    for one in how {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match one {
            Spoil::Flip(at, by) => bytes[at.index(length)] ^= by,
            Spoil::Cut(at) => bytes.truncate(at.index(length)),
            Spoil::Take(at, n) => {
                let from = at.index(length);
                bytes.drain(from..length.min(from + n));
            }
            Spoil::Put(at, new) => {
                let at = at.index(length);
                bytes.splice(at..at, new.iter().copied());
            }
            Spoil::Repeat(at, n) => {
                let from = at.index(length);
                let part = bytes[from..length.min(from + n)].to_vec();
                bytes.splice(from..from, part);
            }
        }
    }
    bytes
}

#[test]
fn every_seed_is_read_or_refused() {
    for seed in seeds("reader") {
        read_it(seed.clone());
        read_it(zstd::encode_all(seed.as_slice(), 1).unwrap());
    }
    for seed in seeds("manifest") {
        let _ = super::manifest_said(&seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_that_are_spoiled(seed in any::<At>(), how in vec(spoil(), 1..6)) {
        let seeds = seeds("reader");
        let seed: &Vec<u8> = seed.get(&seeds);
        read_it(spoiled(seed.clone(), &how));
    }

    /// Past the compression, where most spoiled files end.
    #[test]
    fn archives_that_are_spoiled_inside(seed in any::<At>(), how in vec(spoil(), 1..6)) {
        let seeds = seeds("reader");
        let seed: &Vec<u8> = seed.get(&seeds);
        let tar = spoiled(unpacked(seed), &how);
        read_it(zstd::encode_all(tar.as_slice(), 1).unwrap());
    }

    #[test]
    fn manifests_that_are_spoiled(seed in any::<At>(), how in vec(spoil(), 1..6)) {
        let seeds = seeds("manifest");
        let seed: &Vec<u8> = seed.get(&seeds);
        let _ = super::manifest_said(&spoiled(seed.clone(), &how));
    }

    #[test]
    fn bytes_that_are_anything(bytes in vec(any::<u8>(), 0..2000)) {
        read_it(bytes.clone());
        read_it(zstd::encode_all(bytes.as_slice(), 1).unwrap());
    }
}

/// How the seeds were made: run it once more when the format changes, with `--ignored`.
#[test]
#[ignore = "it writes the seeds of the others"]
fn make() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let reader = dir.join("reader");
    let manifests = dir.join("manifest");
    for dir in [&reader, &manifests] {
        fs::create_dir_all(dir).unwrap();
    }
    let whole = fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/archives/format-1.tar.zst"),
    )
    .unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(reader.join(name), bytes).unwrap();
    write("whole.tar.zst", &whole);
    write("cut.tar.zst", &whole[..whole.len() / 2]);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(&unpacked(&whole)).unwrap();
    write("whole.tar.gz", &gz.finish().unwrap());
    write("encrypted", b"age-encryption.org/v1\n-> scrypt AAAA 18\n");
    write(
        "bomb.tar.zst",
        &zstd::encode_all(&vec![0; 3 << 20][..], 19).unwrap(),
    );
    pack(
        &reader.join("empty.tar.zst"),
        &[("manifest.json", manifest_json())],
        Some(&Index::default()),
    );
    pack(
        &reader.join("traversal.tar.zst"),
        &[
            ("manifest.json", manifest_json()),
            ("../../etc/passwd", b"x".to_vec()),
        ],
        Some(&Index::default()),
    );
    fs::write(manifests.join("whole.json"), manifest_json()).unwrap();
    fs::write(manifests.join("future.json"), br#"{"formatVersion": 2}"#).unwrap();
    fs::write(
        manifests.join("odd.json"),
        br#"{"formatVersion": -1, "captureTime": "yesterday", "notes": {}}"#,
    )
    .unwrap();
}
