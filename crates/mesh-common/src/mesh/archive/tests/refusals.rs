//! Archives that are cut, changed or made by somebody else are refused.

use super::*;

mod objects;

pub(super) fn manifest_json() -> Vec<u8> {
    serde_json::to_vec(&manifest()).unwrap()
}

fn header(path: &str, size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    // Written by hand: `set_path` refuses what these tests are about.
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// A tar of these entries, and of an index that fits them but for what `index` says instead.
fn tar_of(entries: &[(&str, Vec<u8>)], index: Option<&Index>) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut made = index.cloned().unwrap_or_default();
    for (path, content) in entries {
        let header = header(path, content.len() as u64, tar::EntryType::Regular);
        tar.append(&header, content.as_slice()).unwrap();
        if made.files.iter().all(|f| f.path != *path) {
            made.files.push(File {
                path: (*path).into(),
                size: content.len() as u64,
                sha256: hex(&Sha256::digest(content)),
            });
        }
    }
    if index.is_some() {
        let json = serde_json::to_vec(&made).unwrap();
        let header = header("index.json", json.len() as u64, tar::EntryType::Regular);
        tar.append(&header, json.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

fn zstd_file(path: &Path, tar: &[u8]) {
    fs::write(path, zstd::encode_all(tar, 3).unwrap()).unwrap();
}

pub(super) fn pack(path: &Path, entries: &[(&str, Vec<u8>)], index: Option<&Index>) {
    zstd_file(path, &tar_of(entries, index));
}

fn refusal(path: &Path) -> String {
    let limits = Limits::default();
    let by_mesh = reader::mesh(path, &limits, None).unwrap_err().to_string();
    let by_summary = reader::summary(path, &limits, &Plain)
        .unwrap_err()
        .to_string();
    if !by_mesh.contains("not JSON") {
        assert_eq!(by_mesh, by_summary);
    }
    assert_eq!(by_mesh.lines().count(), 1);
    by_mesh
}

struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("x.tar.zst")
    }

    #[track_caller]
    fn refuses(&self, want: &str) {
        let said = refusal(&self.path());
        assert!(said.ends_with(want), "{said}\nwanted: {want}");
    }
}

const POD: &str = "objects/core/pods/a/b.json";
const SECOND: &str = "objects/core/pods/a/c.json";
/// What is said of the first, before what it holds.
const OTHER: &str = "objects/core/pods/a/b.json holds another object: ";

fn pod() -> Vec<u8> {
    br#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b","namespace":"a"}}"#.to_vec()
}

#[test]
fn refused_for_what_is_missing_or_changed() {
    let bench = Bench::new();
    let path = bench.path();
    let entries = [("manifest.json", manifest_json()), (POD, pod())];

    fs::write(&path, b"").unwrap();
    bench.refuses("it is empty");
    fs::write(&path, b"PK\x03\x04 nothing of ours").unwrap();
    bench.refuses("it is no archive of kubectl mesh-backup");
    fs::write(&path, [0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff]).unwrap();
    assert!(refusal(&path).contains("it is "));

    pack(&path, &entries, None);
    bench.refuses("it is truncated: it has no index");
    zstd_file(&path, &[]);
    bench.refuses("it is empty");
    pack(&path, &entries[1..], Some(&Index::default()));
    bench.refuses("it does not begin with a manifest");

    let whole = zstd::encode_all(tar_of(&entries, Some(&Index::default())).as_slice(), 3).unwrap();
    for cut in [whole.len() / 2, whole.len() - 5] {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(refusal(&path).contains("truncated"), "{}", refusal(&path));
    }
    let mut longer = whole.clone();
    longer.extend_from_slice(b"and more");
    fs::write(&path, longer).unwrap();
    assert!(refusal(&path).contains("damaged"), "{}", refusal(&path));

    let with = |file: File| {
        let mut index = Index::default();
        index.files.push(file);
        index
    };
    let listed = |path: &str, size: usize, sha256: String| File {
        path: path.into(),
        size: size as u64,
        sha256,
    };
    let digest = hex(&Sha256::digest(pod()));
    pack(
        &path,
        &entries,
        Some(&with(listed(POD, pod().len(), "00".into()))),
    );
    bench.refuses("objects/core/pods/a/b.json was changed: its digest is another");
    pack(&path, &entries, Some(&with(listed(POD, 7, digest.clone()))));
    bench.refuses("and its index says 7");
    pack(
        &path,
        &entries,
        Some(&with(listed("objects/gone", 1, digest))),
    );
    bench.refuses("objects/gone is in its index and not in it");

    let mut unlisted = tar_of(&entries[..1], Some(&Index::default()));
    let first = tar_of(&entries[1..], None);
    // manifest and its data are two blocks; the pod goes between them and the index.
    let (at, entry) = (1024, first[..1024].to_vec());
    unlisted.splice(at..at, entry);
    zstd_file(&path, &unlisted);
    bench.refuses("objects/core/pods/a/b.json is not in its index");
}

#[test]
fn refused_for_what_entries_are() {
    let bench = Bench::new();
    let path = bench.path();
    let twice = [
        ("manifest.json", manifest_json()),
        (POD, pod()),
        (POD, pod()),
    ];
    pack(&path, &twice, Some(&Index::default()));
    bench.refuses("objects/core/pods/a/b.json is in it twice");

    for (name, want) in [
        ("../../etc/passwd", "leads out of the archive"),
        ("objects/core/pods/../b.json", "leads out of the archive"),
        ("/etc/passwd", "is an absolute path"),
        ("C:\\windows", "is an absolute path"),
        ("objects//x", "is no path of an archive"),
        ("objects/./x", "is no path of an archive"),
        ("objects/core/pods/b.json", "is no path of an archive"),
        ("readme.txt", "is no path of an archive"),
        (
            "objects/core/pods/a/\u{1b}[2J.json",
            "is no path of an archive",
        ),
    ] {
        let entries = [("manifest.json", manifest_json()), (name, pod())];
        pack(&path, &entries, Some(&Index::default()));
        bench.refuses(want);
        assert!(!refusal(&path).contains('\u{1b}'));
    }

    for (kind, want) in [
        (
            tar::EntryType::Symlink,
            "is a link, and archives hold plain files only",
        ),
        (
            tar::EntryType::Link,
            "is a link, and archives hold plain files only",
        ),
        (
            tar::EntryType::Char,
            "is a device, and archives hold plain files only",
        ),
        (
            tar::EntryType::Fifo,
            "is a pipe, and archives hold plain files only",
        ),
        (
            tar::EntryType::Directory,
            "is a directory, and archives hold plain files only",
        ),
        (
            tar::EntryType::GNULongName,
            "is an extension of the tar format, and archives hold plain files only",
        ),
        (
            tar::EntryType::XHeader,
            "is an extension of the tar format, and archives hold plain files only",
        ),
    ] {
        let mut tar = tar::Builder::new(Vec::new());
        let json = manifest_json();
        let first = header("manifest.json", json.len() as u64, tar::EntryType::Regular);
        tar.append(&first, json.as_slice()).unwrap();
        tar.append(&header(POD, 0, kind), &b""[..]).unwrap();
        zstd_file(&path, &tar.into_inner().unwrap());
        bench.refuses(want);
    }

    let mut after = tar_of(
        &[("manifest.json", manifest_json())],
        Some(&Index::default()),
    );
    after.truncate(after.len() - 1024);
    after.extend(tar_of(&[(POD, pod())], None));
    zstd_file(&path, &after);
    bench.refuses("objects/core/pods/a/b.json comes after the index");
    let mut trailing = tar_of(
        &[("manifest.json", manifest_json())],
        Some(&Index::default()),
    );
    trailing.extend([1; 512]);
    zstd_file(&path, &trailing);
    bench.refuses("there is something after its end");
}

#[test]
fn refused_for_a_manifest_or_an_index_that_comes_twice() {
    let bench = Bench::new();
    let path = bench.path();
    let entries = [
        ("manifest.json", manifest_json()),
        ("manifest.json", manifest_json()),
    ];
    pack(&path, &entries, Some(&Index::default()));
    bench.refuses("manifest.json is in it twice");

    let whole = tar_of(
        &[("manifest.json", manifest_json())],
        Some(&Index::default()),
    );
    // Without the two blocks that end a tar, and with its index once more.
    let body = &whole[..whole.len() - 1024];
    let index = &body[1024..];
    zstd_file(&path, &[body, index, &[0; 1024]].concat());
    bench.refuses("index.json comes after the index");
}

#[test]
fn refused_for_every_bit_that_is_flipped() {
    let bench = Bench::new();
    let path = bench.path();
    let entries = [("manifest.json", manifest_json()), (POD, pod())];
    let tar = tar_of(&entries, Some(&Index::default()));
    // Of the tar: its content is vouched for by the index, its headers by their sums. What may change unseen is padding, and
    // the manifest, whose digest is in the same file: the digest of the whole is what vouches for that.
    let (from, to) = (1024 + 512, 1024 + 512 + pod().len());
    for at in from..to {
        let mut flipped = tar.clone();
        flipped[at] ^= 1;
        zstd_file(&path, &flipped);
        refusal(&path);
    }
    // Of the file: the digest of the whole is another.
    let whole = zstd::encode_all(tar.as_slice(), 3).unwrap();
    fs::write(&path, &whole).unwrap();
    let limits = Limits::default();
    let before = reader::summary(&path, &limits, &Plain).unwrap().sha256;
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        fs::write(&path, &flipped).unwrap();
        if let Ok(summary) = reader::summary(&path, &limits, &Plain) {
            assert_ne!(summary.sha256, before, "byte {at}");
        }
    }
}

#[test]
fn refused_for_how_much_it_is() {
    let bench = Bench::new();
    let path = bench.path();
    let mut long = pod();
    long.resize(1 << 20, b' ');
    let entries = [("manifest.json", manifest_json()), (POD, long)];
    pack(&path, &entries, Some(&Index::default()));
    let with = |limits: Limits| {
        reader::summary(&path, &limits, &Plain)
            .unwrap_err()
            .to_string()
    };
    let base = Limits::default();
    for (limits, want) in [
        (
            Limits {
                entry: 1 << 19,
                ..base.clone()
            },
            "is larger than 524288 bytes",
        ),
        (
            Limits {
                index: 10,
                ..base.clone()
            },
            "index.json is larger than 10 bytes",
        ),
        (
            Limits {
                total: 1 << 19,
                ..base.clone()
            },
            "it unpacks to more than 524288 bytes",
        ),
        (
            Limits {
                entries: 1,
                ..base.clone()
            },
            "it has more than 1 entries",
        ),
        (
            Limits {
                ratio: 100,
                slack: 1 << 16,
                ..base.clone()
            },
            "it unpacks to more than 100 times its size",
        ),
    ] {
        let said = with(limits);
        assert!(said.ends_with(want), "{said}");
    }
    // A header may claim any size; nothing is set aside for it.
    let mut tar = tar::Builder::new(Vec::new());
    let json = manifest_json();
    let first = header("manifest.json", json.len() as u64, tar::EntryType::Regular);
    tar.append(&first, json.as_slice()).unwrap();
    let mut bytes = tar.into_inner().unwrap();
    bytes.truncate(bytes.len() - 1024);
    bytes.extend_from_slice(header(POD, 30 << 20, tar::EntryType::Regular).as_bytes());
    zstd_file(&path, &bytes);
    bench.refuses("it is truncated: in the middle of an entry");
}

#[test]
fn files_that_cannot_be_opened() {
    let dir = TempDir::new().unwrap();
    let said = read(&dir.path().join("none")).unwrap_err().to_string();
    assert!(said.ends_with("there is no such file"), "{said}");
    let said = read(dir.path()).unwrap_err().to_string();
    assert!(said.ends_with("it is a directory"), "{said}");
    let gz = dir.path().join("x");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(&tar_of(
            &[("manifest.json", manifest_json())],
            Some(&Index::default()),
        ))
        .unwrap();
    let whole = encoder.finish().unwrap();
    fs::write(&gz, &whole).unwrap();
    read(&gz).unwrap();
    fs::write(&gz, &whole[..whole.len() - 9]).unwrap();
    assert!(read(&gz).unwrap_err().to_string().contains("truncated"));
}
